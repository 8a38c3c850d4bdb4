#!/bin/sh
# Each file of conf/examples passes `pam-jwt check`, with fetched keys and before, and asks for at most three changes.
#
#     BUILD=build sh tests/cli/presets.sh            from the top of the tree
set -u

tool=${BUILD:-build}/pam-jwt
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
umask 022
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh

# The first algorithm that the example allows; one key of it is a key set.
first_algorithm() {
	sed -n 's/^algorithms = \([A-Za-z0-9]*\).*/\1/p' "$1"
}

# A copy of the example whose keys are in a file of $dir, freshly made, instead of a set that is fetched.
prepare() {	# FILE NAME
	sed -e "s|^keys = sync$|keys = $dir/$2.jwks|" -e '/^jwks_uri = /d' -e '/^sync_/d' "$1" >"$dir/$2.conf"
	"$tool" key generate --alg "$(first_algorithm "$1")" --out "$dir/$2.private" --public "$dir/$2.jwks" \
	    >"$dir/log" 2>&1
}

passes_check() {	# FILE NAME
	prepare "$1" "$2" && "$tool" check --config "$dir/$2.conf" >"$dir/log" 2>&1
	result $? "$2: pam-jwt check passes" "@$dir/log"
}

# The other side: without its keys it does not pass, so that the run above says something.
fails_without_keys() {	# FILE NAME
	rm -f "$dir/$2.jwks"
	! "$tool" check --config "$dir/$2.conf" >"$dir/log" 2>&1 && grep -q "$2.jwks" "$dir/log"
	result $? "$2: pam-jwt check misses the keys" "@$dir/log"
}

# Just as it stands, on a host that has fetched nothing: no error, but a warning that names the set.
passes_as_it_is() {	# FILE NAME
	{ cat "$1" && printf '[state]\nsync_directory = %s\n' "$dir/none"; } >"$dir/$2.as-is"
	"$tool" check --config "$dir/$2.as-is" >"$dir/log" 2>&1 && grep -q "warning: .*/$2.jwks: pam-jwt sync has fetched none yet" "$dir/log"
	result $? "$2: pam-jwt check passes before the first sync" "@$dir/log"
}

# At most three lines to change, each marked by a comment right before it.
few_changes() {	# FILE NAME
	awk '
	marked && !/^(iss|jwks_uri|audience|permit) = / { print FILENAME ":" FNR ": not a setting that is to change"; bad = 1 }
	{ marked = /^# CHANGE: / }
	marked { n++ }
	/CHANGE/ && !marked && !/^# (after )?CHANGE, and run as root:$/ { print FILENAME ":" FNR ": another form of CHANGE"; bad = 1 }
	END { if (n < 1 || n > 3) print FILENAME ": " n + 0 " lines to change"; exit bad || n < 1 || n > 3 }
	' "$1" >"$dir/log"
	result $? "$2: at most three lines to change" "@$dir/log"
}

# The first lines announce as many changes as there are.
announces_changes() {	# FILE NAME
	case $(grep -c '^# CHANGE: ' "$1") in
	1) word="the line after" ;;
	2) word="the two lines" ;;
	*) word="the three lines" ;;
	esac
	sed -n '1,5p' "$1" | tr '#\n' '  ' | tr -s ' ' >"$dir/log"
	echo >>"$dir/log"
	grep -q "change $word" "$dir/log"
	result $? "$2: says how many lines to change" "@$dir/log"
}

# Keys that are fetched, the command that does it, and the address that it asks first: the one in jwks_uri, or the one that is
# found by iss (OpenID Connect Discovery 1.0, section 4.1).
names_its_keys() {	# FILE NAME
	names_iss=$(sed -n 's/^iss = //p' "$1")
	grep -qx 'keys = sync' "$1" && grep -qx '#   pam-jwt sync && pam-jwt check' "$1" &&
	    { grep -q '^jwks_uri = https://' "$1" || grep -qxF "#   ${names_iss%/}/.well-known/openid-configuration" "$1"; }
	result $? "$2: says where its keys come from"
}

# Its tests pass, before the keys are there; and with the rules taken away that keep others out, they do not.
passes_its_tests() {	# FILE NAME
	{ cat "$1" && printf '[state]\nsync_directory = %s\n' "$dir/none"; } >"$dir/$2.tested"
	"$tool" check --any-account --config "$dir/$2.tested" --tests "conf/examples/$2.tests" >"$dir/log" 2>&1 &&
	    grep -q "^    $(grep -c '^\[test ' "conf/examples/$2.tests") passed$" "$dir/log"
	result $? "$2: its tests pass" "@$dir/log"
	sed -e ':join' -e '/\\$/{N;s/\\\n//;bjoin' -e '}' -e '/^deny/d' -e 's/^\(permit = .*\) if .*/\1/' "$dir/$2.tested" >"$dir/$2.open"
	! "$tool" check --any-account --config "$dir/$2.open" --tests "conf/examples/$2.tests" >"$dir/log" 2>&1 &&
	    grep -q 'and the verdict is accept' "$dir/log"
	result $? "$2: its tests notice rules that let everybody in" "@$dir/log"
	[ "$(grep -c '^expect = accept' "conf/examples/$2.tests")" -ge 1 ] && [ "$(grep -c '^expect = refuse' "conf/examples/$2.tests")" -ge 3 ]
	result $? "$2: its tests have both sides"
}

# Any program without a section of its own would have permit = as claim sub.
closes_the_rest() {	# FILE NAME
	grep -A1 -Fx '[service *]' "$1" | grep -qx 'deny = if iss exists'
	result $? "$2: lets nobody into other programs"
}

# An account that a claim may lead to; where this host has none, a name that everything but the host accepts.
somebody() {
	getent passwd | awk -F: '$3 >= 1000 && $3 < 60000 && $1 ~ /^[a-z][a-z0-9_-]*$/ { print $1, "ok"; found = 1; exit }
	END { if (!found) print "nobody-of-that-name", "account-unknown" }'
}

# verdict GROUP ACCOUNT: the reason for a token as that Keycloak would make it.
verdict() {
	"$tool" issue --key "$dir/mine.private" --typ JWT --ttl 5m --iss https://id.test/realms/mine --sub 5f0c2d3e \
	    --aud shell --claim typ=Bearer --claim azp=shell --claim "preferred_username=$2" \
	    --claim-json "groups=[\"$1\"]" 2>"$dir/log" |
	    "$tool" verify --config "$dir/mine.conf" --service sshd --user "$2" --json 2>>"$dir/log" |
	    tr -d ' ' | grep -o '"reason":"[a-z-]*"' | head -n 1 | cut -d '"' -f 4
}

# What the README promises to a newcomer: copy, change three lines, and a token of that realm logs in.
three_lines() {
	prepare conf/examples/keycloak.conf mine
	cp "$dir/mine.conf" "$dir/before"
	sed -e 's|^iss = .*|iss = https://id.test/realms/mine|' -e 's|^audience = .*|audience = shell|' \
	    -e 's|^permit = .*|permit = as claim preferred_username if azp = "shell" and groups has "/people"|' \
	    "$dir/before" >"$dir/mine.conf"
	[ "$(diff "$dir/before" "$dir/mine.conf" | grep -c '^>')" -eq 3 ]
	result $? "keycloak in three lines: they are three"
	account=$(somebody)
	[ "$(verdict /people "${account% *}")" = "${account#* }" ]
	result $? "keycloak in three lines: a token of the group is ${account#* }" "@$dir/log"
	[ "$(verdict /others "${account% *}")" = not-permitted ]
	result $? "keycloak in three lines: a token of another group is not-permitted" "@$dir/log"
}

# A token that an example refuses as it is, and takes after the change that its comment names.
mended() {	# NAME PRESET REASON SED-SCRIPT ISSUE-OPTION...
	mended_name=$1 mended_file=$2 mended_reason=$3 mended_change=$4
	shift 4
	rm -f "$dir/$mended_file".*
	prepare "conf/examples/$mended_file.conf" "$mended_file"
	[ "$(mended_verdict "$@")" = "$mended_reason" ]
	result $? "$mended_file: $mended_name: $mended_reason" "@$dir/log"
	sed -i "$mended_change" "$dir/$mended_file.conf"
	case $(mended_verdict "$@") in
	ok | account-unknown) result 0 "$mended_file: $mended_name: taken after the change" ;;
	*) result 1 "$mended_file: $mended_name: taken after the change" "@$dir/log" ;;
	esac
}

mended_verdict() {	# ISSUE-OPTION...
	"$tool" issue --key "$dir/$mended_file.private" "$@" >"$dir/token" 2>"$dir/log"
	"$tool" verify --config "$dir/$mended_file.conf" --service sshd --json <"$dir/token" >"$dir/log" 2>&1
	tr -d ' ' <"$dir/log" | grep -o '"reason":"[a-z-]*"' | head -n 1 | cut -d '"' -f 4
}

mended_shapes() {
	entra=https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0
	mended 'a client that announces CAE' entra lifetime-too-long \
		's/^max_lifetime = 2h/max_lifetime = 29h\nmax_age = 2h/' --typ JWT --ttl 28h --iss "$entra" --sub AAAA \
		--aud 66666666-7777-8888-9999-aaaaaaaaaaaa --claim ver=2.0 --claim preferred_username=somebody-new@example.com \
		--claim-json 'groups=["bbbbbbbb-cccc-dddd-eeee-ffffffffffff"]' --claim-json 'xms_cc=["CP1"]'
	mended "an enterprise's own issuer" github-actions issuer-unknown \
		's|^iss = .*|iss = https://token.actions.githubusercontent.com/example|' --typ JWT --ttl 5m \
		--iss https://token.actions.githubusercontent.com/example --sub repo:example/app --aud "ssh://$(uname -n | cut -d. -f1)" \
		--claim event_name=push --claim repository_id=123456789 --claim repository_owner_id=987654 --claim ref=refs/heads/main
	mended 'the issuer without a scheme' google issuer-unknown 's|^iss = .*|iss = accounts.google.com|' --typ JWT --ttl 1h \
		--iss accounts.google.com --sub 11016 --aud 123456789012-example.apps.googleusercontent.com --claim hd=example.com \
		--claim email=somebody-new@example.com --claim-json email_verified=true
	role='urn:zitadel:iam:org:project:roles={"linux-login":{"298765432109876543":"example.com"}}'
	mended 'a client id of an older instance' zitadel audience-mismatch 's/312345678901234567/&@project/' --typ JWT --ttl 1h \
		--iss https://example.zitadel.cloud --sub 3000 --aud 312345678901234567@project --claim azp=312345678901234567@project \
		--claim-json "$role" --claim-json "auth_time=$(date +%s)" --claim preferred_username=somebody-new@example.com
}

if [ ! -x "$tool" ]; then
	fail "presets: $tool is not built"
	finish
fi
# The bastion takes a token only together with its key.
bastion() {
	command -v ssh-keygen >/dev/null || { skip 'bastion: with its key' 'ssh-keygen is not installed' && return 0; }
	ssh-keygen -q -t ed25519 -N '' -f "$dir/mine.ssh"
	ssh-keygen -q -t ed25519 -N '' -f "$dir/other.ssh"
	prepare conf/examples/bastion.conf bound
	# shellcheck disable=SC2046 # two words
	set -- $(somebody)
	bastion_user=$1
	bastion_is "$2" 'with its key' mine bastion-users sshd --cnf-ssh-key "$dir/mine.ssh.pub"
	bastion_is proof-mismatch 'with another key' other bastion-users sshd --cnf-ssh-key "$dir/mine.ssh.pub"
	bastion_is proof-missing 'a token that is not bound' mine bastion-users sshd
	bastion_is not-permitted 'sudo for all' mine bastion-users sudo --cnf-ssh-key "$dir/mine.ssh.pub"
	bastion_is proof-missing 'sudo with a token that is not bound' mine bastion-admins sudo-i
}

bastion_is() {	# REASON NAME KEY GROUP SERVICE OPTION...
	bastion_want=$1 bastion_name=$2 bastion_service=$5
	bastion_info="publickey $(cut -d' ' -f1,2 "$dir/$3.ssh.pub")"
	bastion_group=$4
	shift 5
	"$tool" issue --key "$dir/bound.private" --typ at+jwt --ttl 5m --iss https://login.example.com --sub 5f0c \
	    --aud "ssh://$(uname -n | cut -d. -f1)" --claim "preferred_username=$bastion_user" \
	    --claim-json "groups=[\"$bastion_group\"]" "$@" 2>"$dir/log" |
	    "$tool" verify --config "$dir/bound.conf" --service "$bastion_service" --user "$bastion_user" \
	    --ssh-auth-info "$bastion_info" --json >"$dir/log" 2>&1
	tr -d ' ' <"$dir/log" | grep -qF "\"reason\":\"$bastion_want\""
	result $? "bastion: $bastion_name: $bastion_want" "@$dir/log"
}

for file in conf/examples/*.conf; do
	name=$(basename "$file" .conf)
	passes_check "$file" "$name"
	fails_without_keys "$file" "$name"
	passes_as_it_is "$file" "$name"
	few_changes "$file" "$name"
	announces_changes "$file" "$name"
	names_its_keys "$file" "$name"
	closes_the_rest "$file" "$name"
	passes_its_tests "$file" "$name"
	grep -qF "($name.conf)" conf/examples/README.md
	result $? "$name: is in conf/examples/README.md"
done
three_lines
bastion
mended_shapes
finish
