#!/bin/sh
# Each file of conf/examples passes `pam-jwt check`, once its keys are there, and asks for at most three changes.
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

# A copy of the example whose keys are in $dir, freshly made.
prepare() {	# FILE NAME
	sed "s|/etc/pam_jwt/keys/|$dir/|" "$1" >"$dir/$2.conf"
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

# At most three lines to change, each marked by a comment right before it.
few_changes() {	# FILE NAME
	awk '
	marked && !/^(iss|keys|audience|permit) = / { print FILENAME ":" FNR ": not a setting that is to change"; bad = 1 }
	{ marked = /^# CHANGE: / }
	marked { n++ }
	/CHANGE/ && !marked && !/^# (behind )?CHANGE, get / { print FILENAME ":" FNR ": another form of CHANGE"; bad = 1 }
	END { if (n < 1 || n > 3) print FILENAME ": " n + 0 " lines to change"; exit bad || n < 1 || n > 3 }
	' "$1" >"$dir/log"
	result $? "$2: at most three lines to change" "@$dir/log"
}

# The first lines announce as many changes as there are.
announces_changes() {	# FILE NAME
	case $(grep -c '^# CHANGE: ' "$1") in
	1) word="the line behind" ;;
	2) word="the two lines" ;;
	*) word="the three lines" ;;
	esac
	sed -n '1,5p' "$1" | tr '#\n' '  ' | tr -s ' ' >"$dir/log"
	echo >>"$dir/log"
	grep -q "change $word" "$dir/log"
	result $? "$2: says how many lines to change" "@$dir/log"
}

# Keys where the README says, and the command that fetches them named.
names_its_keys() {	# FILE NAME
	grep -qx "keys = /etc/pam_jwt/keys/$2.jwks" "$1" && grep -q "^#   cd /etc/pam_jwt/keys && .*$2.new" "$1" &&
	    grep -qx "#   chmod 644 $2.new && mv -f $2.new $2.jwks" "$1"
	result $? "$2: says where its keys come from"
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
	sed -i "s|$dir/keycloak.jwks|$dir/mine.jwks|" "$dir/mine.conf" "$dir/before"
	[ "$(diff "$dir/before" "$dir/mine.conf" | grep -c '^>')" -eq 3 ]
	result $? "keycloak in three lines: they are three"
	account=$(somebody)
	[ "$(verdict /people "${account% *}")" = "${account#* }" ]
	result $? "keycloak in three lines: a token of the group is ${account#* }" "@$dir/log"
	[ "$(verdict /others "${account% *}")" = not-permitted ]
	result $? "keycloak in three lines: a token of another group is not-permitted" "@$dir/log"
}

if [ ! -x "$tool" ]; then
	fail "presets: $tool is not built"
	finish
fi
for file in conf/examples/*.conf; do
	name=$(basename "$file" .conf)
	passes_check "$file" "$name"
	fails_without_keys "$file" "$name"
	few_changes "$file" "$name"
	announces_changes "$file" "$name"
	names_its_keys "$file" "$name"
	closes_the_rest "$file" "$name"
	grep -qF "($name.conf)" conf/examples/README.md
	result $? "$name: is in conf/examples/README.md"
done
three_lines
finish
