#!/bin/sh
# The blocks of README.md that can run anywhere are run as they stand, with the paths of this test: the set-up for ssh, the
# step-up for sudo, revocation; each configuration that it shows passes `pam-jwt check`, and a token logs in through each stack.
# What is not run here: installing (tests/package), sshd's configuration and the reload (tests/package/life.sh, from the manual),
# ssh and sudo themselves (tests/e2e), demo.sh and check.sh (they are the whole of the tests), the recipe for a fleet
# (tests/e2e/redis.sh), the example for Keycloak (tests/cli/presets.sh) and its keys (tests/sync/sync.sh), what visudo edits.
#
#     BUILD=build sh tests/cli/readme.sh             from the top of the tree
set -u

# shellcheck disable=SC2034 # for shown.sh
AREA=README
# shellcheck source=tests/lib/shown.sh
. tests/lib/shown.sh
USER=$(id -un)
export USER

# Prints the indented blocks below a heading, up to the next one; two spaces of a list do not count.
blocks() {	# HEADING
	awk -v heading="$1" '
		/^##+ / { inside = ($0 == heading); next }
		inside && /^    / { sub(/^ +/, ""); print; next }
		inside { print "" }' README.md
}

# The lines of a configuration among the blocks, from a section on.
configuration() {	# HEADING SECTION
	blocks "$1" | awk -v section="[$2]" '$0 == section { on = 1 } on && /^(\$|sudo|pam-jwt|#|[a-z]+ +(required|optional))/ { exit } on' | local_paths
}

# The commands among the blocks that PATTERN names, with the lines that continue them.
commands() {	# HEADING PATTERN
	blocks "$1" | awk -v pattern="$2" '
		on || $0 ~ pattern { print; on = (substr($0, length($0)) == "\\") }' | local_paths
}

# The lines of a stack among the blocks.
stack() {	# HEADING
	blocks "$1" | grep -E '^((auth|account|session) |@include )'
}

# A block that is new must find its place in this test, or above among those that are not run.
[ "$(awk '/^    / { if (!on) n++; on = 1; next } { on = 0 } END { print n }' README.md)" -eq 33 ]
result $? 'it has the blocks that are known here'

SSH='## Set it up for ssh, in five minutes'
commands "$SSH" '^(pam-jwt key|sudo install)' >"$dir/commands"
run 'ssh: a key pair'
configuration "$SSH" 'issuer home' >"$conf"
# The subject is the user of this test, who is perhaps root: a rule that names him.
sed -i "s/^permit   = as claim sub/permit   = as $USER if sub = \"$USER\"/" "$conf"
[ "$(grep -c '^\[' "$conf")" -eq 3 ]
result $? 'ssh: the configuration has its three sections'
commands "$SSH" '^(sudo pam-jwt check|.umask 077; pam-jwt issue|pam-jwt verify)' |
	sed "s|pam-jwt check|pam-jwt check --config $conf|; s|pam-jwt verify|pam-jwt verify --config $conf|" >"$dir/commands"
[ "$(grep -c pam-jwt "$dir/commands")" -eq 3 ]
result $? 'ssh: the first test has its three commands'
run 'ssh: the first test'
grep -q '^accepted: ' "$dir/out"
result $? 'ssh: it ends with the account'
private "$dir/issuer.jwk" "$dir/token"
result $? 'ssh: nobody else can read the key and the token'
# Each line before what the file includes of its type.
stack "$SSH" | sed 's/^\([a-z]*\) .*/&\n@include common-\1/' >"$dir/stack"
[ "$(wc -l <"$dir/stack")" -eq 6 ] && play sshd "$conf" "$dir/token" "$USER" <"$dir/stack"
result $? 'ssh: a token logs in through the stack'

printf '\n' >>"$conf"
configuration '### And for sudo' 'service sudo sudo-i' | sed "s/as claim sub/as $USER/" >>"$conf"
commands '### And for sudo' '^(.umask 077; pam-jwt issue|pam-jwt verify)' |
	sed "s|pam-jwt verify|pam-jwt verify --config $conf|" >"$dir/commands"
run 'sudo: a fresh token'
grep -q '^accepted: ' "$dir/out"
result $? 'sudo: it is accepted'
stack '### And for sudo' | sed 's/^account .*/&\n@include common-account/' >"$dir/stack"
echo '@include common-session-noninteractive' >>"$dir/stack"
[ "$(wc -l <"$dir/stack")" -eq 4 ] && play sudo "$conf" "$dir/token" "$USER" <"$dir/stack"
result $? 'sudo: a token logs in through the stack'

# The settings are read; nobody is logged in.
mkdir -p "$dir/home/.config/pam-jwt"
configuration '### Log in once a day' 'login corp' >"$dir/home/.config/pam-jwt/login.conf"
HOME=$dir/home XDG_RUNTIME_DIR=$dir/home env -u XDG_CONFIG_HOME "$BUILD/pam-jwt" login --status >"$dir/out" 2>&1
[ $? -eq 1 ] && grep -q '^corp: .*pam-jwt login corp$' "$dir/out"
result $? 'one login a day: its login.conf is read' "$(cat "$dir/out")"

for name in bastion:'### For a bastion':'service sshd' kiosk:'### For a kiosk':'service greetd'; do
	heading=${name#*:}
	sed '/^\[service/,$d' "$conf" >"$dir/etc/${name%%:*}.conf"
	configuration "${heading%:*}" "${heading##*:}" >>"$dir/etc/${name%%:*}.conf"
	"$tool" check --config "$dir/etc/${name%%:*}.conf" >"$dir/out" 2>&1 && grep -q '^service' "$dir/out"
	result $? "${name%%:*}: the configuration is sound"
done

# The kiosk: a state, a token, and no name.
kiosk=$dir/etc/kiosk.conf
printf '[state]\ndirectory = %s/kiosk\n' "$dir" >>"$kiosk"
commands '### For a kiosk' '^sudo pam-jwt' | sed "s|state init|& --config $kiosk|" >"$dir/commands"
run 'kiosk: the state'
pam-jwt issue --key "$dir/issuer.jwk" --iss https://id.example.com --sub 4711 --aud "ssh://$(uname -n | cut -d. -f1)" --ttl 1m \
	--claim-json 'groups=["staff"]' >"$dir/card"
stack '### For a kiosk' >"$dir/stack"
[ "$(wc -l <"$dir/stack")" -eq 6 ] && play greetd "$kiosk" "$dir/card" <"$dir/stack" && grep -q '^user "kiosk"$' "$dir/out" &&
	grep -q '^prompt "Card: "$' "$dir/out"
result $? 'kiosk: a token logs in through the stack, and says who it is'
! play greetd "$kiosk" "$dir/card" <"$dir/stack" && grep -q 'reason=replayed' "$dir/out"
result $? 'kiosk: once'

REVOKE='## Revoke, and use once'
configuration "$REVOKE" state >>"$conf"
# What ends sessions, and lists them, is root's: tests/booted/sessions.sh.
[ "$(commands "$REVOKE" '^sudo pam-jwt (revoke .*--end-sessions|sessions list)$' | wc -l)" -eq 2 ]
result $? 'revoke: it has two commands for sessions'
commands "$REVOKE" '^sudo pam-jwt' | grep -v sessions | sed "s|\(pam-jwt [a-z]*\( init\)*\)|\1 --config $conf|; s|FILE|$dir/token|" >"$dir/commands"
[ "$(grep -c pam-jwt "$dir/commands")" -eq 5 ]
result $? 'revoke: it has its five commands'
run 'revoke: each of them'
! "$tool" verify --config "$conf" --service sshd --user "$USER" <"$dir/token" >"$dir/out" 2>&1 && grep -q 'refused: revoked' "$dir/out"
result $? 'revoke: the token is refused'
finish
