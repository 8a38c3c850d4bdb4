#!/bin/sh
# The blocks of README.md that can run anywhere are run as they stand, with the paths of this test: the set-up for ssh, the
# step-up for sudo, revocation. What README shows of a configuration or a stack is compared with conf by tests/cli/recipes.sh.
# What is not run here: installing (tests/package), the reload of sshd (tests/package/life.sh, from the manual), ssh and sudo
# themselves (tests/e2e), the login of a day (tests/login/newcomer.sh), demo.sh (tests/first_run.sh).
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
	blocks "$1" | awk -v section="[$2]" '$0 == section { on = 1 } on && /^(\$|\(|sudo|pam-jwt|#|[a-z]+ +(required|optional))/ { exit } on' | local_paths
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
[ "$(awk '/^    / { if (!on) n++; on = 1; next } { on = 0 } END { print n }' README.md)" -eq 21 ]
result $? 'it has the blocks that are known here'

SSH='## ssh, in five minutes'
commands "$SSH" '^(pam-jwt key|sudo install|sudo pam-jwt state)' >"$dir/commands"
[ "$(grep -c pam-jwt "$dir/commands")" -eq 2 ]
result $? 'ssh: a state and a key pair have their commands'
run 'ssh: a state and a key pair'
configuration "$SSH" 'issuer home' >"$conf"
# The subject is the user of this test, who is perhaps root: a rule that names him.
sed -i "s/^permit   = as claim sub/permit   = as $USER if sub = \"$USER\"/" "$conf"
[ "$(grep -c '^\[' "$conf")" -eq 4 ]
result $? 'ssh: the configuration has its four sections'
commands "$SSH" '^(.umask 077; pam-jwt issue|sudo pam-jwt (verify|check))' |
	sed "s|pam-jwt check|pam-jwt check --config $conf|; s|pam-jwt verify|pam-jwt verify --config $conf|" >"$dir/commands"
[ "$(grep -c pam-jwt "$dir/commands")" -eq 4 ]
result $? 'ssh: the first test has its three commands, and there is the check of stack and sshd'
run 'ssh: the first test'
grep -q '^accepted: ' "$dir/out"
result $? 'ssh: it ends with the account'
private "$dir/issuer.jwk" "$dir/token"
result $? 'ssh: nobody else can read the key and the token'
stack "$SSH" >"$dir/stack"
[ "$(wc -l <"$dir/stack")" -eq 8 ] && play sshd "$conf" "$dir/token" "$USER" <"$dir/stack"
result $? 'ssh: a token logs in through the stack'

printf '\n' >>"$conf"
configuration '### And sudo' 'service sudo sudo-i' | sed "s/as claim sub/as $USER/" >>"$conf"
commands '### And sudo' '^(.umask 077; pam-jwt issue|sudo pam-jwt verify)' |
	sed "s|pam-jwt verify|pam-jwt verify --config $conf|" >"$dir/commands"
run 'sudo: a fresh token'
grep -q '^accepted: ' "$dir/out"
result $? 'sudo: it is accepted'
stack '### And sudo' | sed 's/^account .*/&\n@include common-account/' >"$dir/stack"
echo '@include common-session-noninteractive' >>"$dir/stack"
[ "$(wc -l <"$dir/stack")" -eq 4 ] && play sudo "$conf" "$dir/token" "$USER" <"$dir/stack"
result $? 'sudo: a token logs in through the stack'

# The settings are read; nobody is logged in.
mkdir -p "$dir/home/.config/pam-jwt"
configuration '### Log in once a day' 'login corp' >"$dir/home/.config/pam-jwt/login.conf"
HOME=$dir/home XDG_RUNTIME_DIR=$dir/home env -u XDG_CONFIG_HOME "$BUILD/pam-jwt" login --status >"$dir/out" 2>&1
[ $? -eq 1 ] && grep -q '^corp: .*pam-jwt login corp$' "$dir/out"
result $? 'one login a day: its login.conf is read' "$(cat "$dir/out")"

REVOKE='## Revoke tokens and end sessions'
commands "$REVOKE" '^sudo pam-jwt' | sed "s|pam-jwt revoke|& --config $conf|; s|FILE|$dir/token|" >"$dir/commands"
[ "$(grep -c pam-jwt "$dir/commands")" -eq 4 ]
result $? 'revoke: it has its four commands'
run 'revoke: each of them'
! "$tool" verify --config "$conf" --service sshd --user "$USER" <"$dir/token" >"$dir/out" 2>&1 && grep -q 'refused: revoked' "$dir/out"
result $? 'revoke: the token is refused'
# The units and options that the text names beside.
for unit in $(grep -o 'pam-jwt-[a-z]*\.timer' README.md | sort -u); do
	[ -f "conf/systemd/$unit" ]
	result $? "README names $unit, which is there"
done
finish
