#!/bin/sh
# The blocks of README.md that can run anywhere are run as they stand, with the paths of this test: the set-up for ssh, the
# step-up for sudo, revocation; and each configuration that it shows passes `pam-jwt check`. The recipe for a fleet is run by
# tests/e2e/redis.sh, the example for Keycloak by tests/cli/presets.sh.
#
#     BUILD=build sh tests/cli/readme.sh             from the top of the tree
set -u

tool=$(cd "${BUILD:-build}" && pwd)/pam-jwt
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
umask 022
failed=0
mkdir -p "$dir/etc/keys" "$dir/bin"
# The root of the set-up is this folder; "sudo" is not needed for it.
printf '#!/bin/sh\nexec "$@"\n' >"$dir/bin/sudo"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$tool" >"$dir/bin/pam-jwt"
chmod 755 "$dir/bin/sudo" "$dir/bin/pam-jwt"
PATH=$dir/bin:$PATH
USER=$(id -un)
export USER PATH

report() {	# STATUS NAME
	if [ "$1" -eq 0 ]; then
		echo "ok - README: $2"
	else
		sed 's/^/# /' "$dir/out"
		echo "not ok - README: $2"
		failed=1
	fi
}

# Prints the indented blocks below a heading, up to the next one; two spaces of a list do not count.
blocks() {	# HEADING
	awk -v heading="$1" '
		/^##+ / { inside = ($0 == heading); next }
		inside && /^    / { sub(/^ +/, ""); print; next }
		inside { print "" }' README.md
}

local_paths() {
	sed -e "s|/etc/pam_jwt|$dir/etc|g; s|/var/lib/pam_jwt|$dir|g"
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

run() {	# NAME
	(cd "$dir" && sh -eu "$dir/commands") >"$dir/out" 2>&1
	report $? "$1"
}

SSH='## Set it up for ssh, in five minutes'
conf=$dir/etc/pam_jwt.conf

commands "$SSH" '^(pam-jwt key|sudo install)' >"$dir/commands"
run 'ssh: a key pair'
configuration "$SSH" 'issuer home' >"$conf"
# The subject is the user of this test, who is perhaps root: a rule that names him.
sed -i "s/^permit   = as claim sub/permit   = as $USER if sub = \"$USER\"/" "$conf"
[ "$(grep -c '^\[' "$conf")" -eq 3 ]
report $? 'ssh: the configuration has its three sections'
commands "$SSH" '^(sudo pam-jwt check|pam-jwt issue|pam-jwt verify)' |
	sed "s|pam-jwt check|pam-jwt check --config $conf|; s|pam-jwt verify|pam-jwt verify --config $conf|" >"$dir/commands"
[ "$(grep -c pam-jwt "$dir/commands")" -eq 3 ]
report $? 'ssh: the first test has its three commands'
run 'ssh: the first test'
grep -q '^accepted: ' "$dir/out"
report $? 'ssh: it ends with the account'

printf '\n' >>"$conf"
configuration '### And for sudo' 'service sudo sudo-i' | sed "s/as claim sub/as $USER/" >>"$conf"
commands '### And for sudo' '^(pam-jwt issue|pam-jwt verify)' |
	sed "s|pam-jwt verify|pam-jwt verify --config $conf|" >"$dir/commands"
run 'sudo: a fresh token'
grep -q '^accepted: ' "$dir/out"
report $? 'sudo: it is accepted'

for name in bastion:'### For a bastion':'service sshd' kiosk:'### For a kiosk':'service greetd'; do
	heading=${name#*:}
	sed '/^\[service/,$d' "$conf" >"$dir/etc/${name%%:*}.conf"
	configuration "${heading%:*}" "${heading##*:}" >>"$dir/etc/${name%%:*}.conf"
	"$tool" check --config "$dir/etc/${name%%:*}.conf" >"$dir/out" 2>&1 && grep -q '^service' "$dir/out"
	report $? "${name%%:*}: the configuration is sound"
done

REVOKE='## Revoke, and use once'
configuration "$REVOKE" state >>"$conf"
commands "$REVOKE" '^sudo pam-jwt' | sed "s|\(pam-jwt [a-z]*\( init\)*\)|\1 --config $conf|; s|FILE|$dir/token|" >"$dir/commands"
[ "$(grep -c pam-jwt "$dir/commands")" -eq 5 ]
report $? 'revoke: it has its five commands'
run 'revoke: each of them'
! "$tool" verify --config "$conf" --service sshd --user "$USER" <"$dir/token" >"$dir/out" 2>&1 && grep -q 'refused: revoked' "$dir/out"
report $? 'revoke: the token is refused'
exit "$failed"
