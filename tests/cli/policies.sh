#!/bin/sh
# Policies of other systems, and the answers of the manual, said in our words: each with a token that is accepted and one that
# is refused. The tables are in tests/policies, and its README.md says what their lines mean.
#
#     BUILD=build sh tests/cli/policies.sh              from the top of the tree
set -u
AREA=policies
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh
unset TZ		# "at" is the local time of the host, as the module has it

PAGE=man/pam_jwt.conf.5
ISS=https://id.test
NOW=1795996800		# 2026-11-30 00:00 UTC
CANNOT_MAX=3		# of the fifty

b64url() {
	base64 -w 0 | tr '+/' '-_' | tr -d '='
}

setup() {
	(umask 077 && head -c 32 /dev/urandom >"$dir/secret" &&
	    printf '{"kty":"oct","alg":"HS256","k":"%s"}' "$(b64url <"$dir/secret")" >"$dir/key")
	SECRET=$(od -An -v -tx1 "$dir/secret" | tr -d ' \n')
	HEADER=$(printf '{"alg":"HS256"}' | b64url)
	said=0 cannot=0 names=
}

# --- one policy -------------------------------------------------------------------------------------------------------

begin() {	# NAME
	name=$1 source='' says='' lines='' user='' rhost='' now=$NOW accepted=0 refused=0 is_said=1
	: >"$dir/issuer"
	: >"$dir/service"
}

# Writes the configuration of the policy, as often as a token asks for it.
config() {
	printf '[issuer one]\niss = %s\nkeys = %s\nalgorithms = HS256\naudience = urn:h\n' "$ISS" "$dir/key"
	cat "$dir/issuer"
	printf '[service sshd]\n'
	cat "$dir/service"
}

# The claims with those that every token has; a time that is in them is not added.
payload() {	# CLAIMS
	printf '{"iss":"%s","aud":"urn:h"' "$ISS"
	case $1 in *'"sub":'*) ;; *) printf ',"sub":"somebody"' ;; esac
	case $1 in *'"exp":'*) ;; *) printf ',"iat":%s,"exp":%s' "$now" $((now + 600)) ;; esac
	[ "$1" = '{}' ] || printf ',%s' "${1#?}"
	[ "$1" != '{}' ] || printf '}'
}

token() {	# CLAIMS
	token_input=$HEADER.$(payload "$1" | b64url)
	printf '%s.%s' "$token_input" "$(printf '%s' "$token_input" |
	    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$SECRET" -binary | b64url)"
}

verify() {	# CLAIMS
	config >"$dir/conf"
	token "$1" >"$dir/token"
	"$tool" verify --config "$dir/conf" --service sshd --now "$now" ${user:+--user "$user"} ${rhost:+--rhost "$rhost"} \
	    <"$dir/token" >"$dir/out" 2>&1 || :
	echo "# $1" >>"$dir/out"
}

# A host of the test need not have the account: then the rule that gives it is what is looked at.
accept() {	# "ACCOUNT CLAIMS"
	accepted=$((accepted + 1))
	verify "${1#* }"
	grep -q "^accepted: ${1%% *}\$\|^accepted: ${1%% *}[ ,]" "$dir/out" || {
		grep -q '^refused: account-unknown ' "$dir/out" && grep -q "holds; its account is ${1%% *};* *" "$dir/out"
	}
	result $? "$name: a token is accepted as ${1%% *}"
}

refuse() {	# "REASON CLAIMS"
	refused=$((refused + 1))
	verify "${1#* }"
	grep -q "^refused: ${1%% *} " "$dir/out"
	result $? "$name: another is refused, ${1%% *}"
}

# The lines of the manual that answer a question.
answer() {	# QUESTION
	awk -v question=".It $1" '
	/^\.Sh / { inside = $0 == ".Sh HOW DO I SAY" }
	inside && /^\.It / { mine = $0 == question }
	inside && mine && /^\.Bd/ { literal = 1; next }
	/^\.Ed/ { literal = 0 }
	inside && mine && literal' "$PAGE" | sed -e 's/\\&//g' -e 's/\\e/\\/g' >"$dir/service"
	[ -s "$dir/service" ]
	result $? "$name: the manual answers it"
	lines=$(wc -l <"$dir/service")
}

finish_policy() {
	[ -n "${name-}" ] || return 0
	case $names in
	*"|$name|"*) fail "$name: a second policy of this name" ;;
	esac
	names="$names|$name|"
	[ -n "$source" ] && [ -n "$says" ]
	result $? "$name: has a source, and says what it says"
	if [ "$is_said" -eq 0 ]; then
		cannot=$((cannot + 1))
		return 0
	fi
	said=$((said + 1))
	[ "$accepted" -ge 1 ] && [ "$refused" -ge 1 ]
	result $? "$name: has tokens on both sides"
	[ -n "$lines" ] && [ "$(cat "$dir/issuer" "$dir/service" | wc -l)" -le "$lines" ]
	result $? "$name: has no more lines than its source"
}

# --- the tables -------------------------------------------------------------------------------------------------------

line() {	# KEY VALUE
	case $1 in
	source) source=$2 ;;
	says) says=$2 ;;
	lines) lines=$2 ;;
	issuer) printf '%s\n' "$2" >>"$dir/issuer" ;;
	permit | deny) printf '%s = %s\n' "$1" "$2" >>"$dir/service" ;;
	answer) source=$PAGE says=$2 && answer "$2" ;;
	user) user=$2 ;;
	rhost) rhost=$2 ;;
	at) now=$(date -d "$2" +%s) ;;
	accept) accept "$2" ;;
	refuse) refuse "$2" ;;
	cannot) is_said=0 ;;
	*) fail "$name: an unknown line: $1" ;;
	esac
}

table() {	# FILE
	name=
	while read -r table_line; do
		case $table_line in
		'' | '#'*) ;;
		'['*']')
			finish_policy
			table_line=${table_line#?}
			begin "$(basename "$1" .policy): ${table_line%?}"
			;;
		*' = '* | *=*)
			table_value=${table_line#*=}
			line "$(echo "${table_line%%=*}" | tr -d ' ')" "${table_value# }"
			;;
		*) fail "$1: not a line of a policy: $table_line" ;;
		esac
	done <"$1"
	finish_policy
}

others() {
	for file in tests/policies/*.policy; do
		[ "$file" = tests/policies/manual.policy ] || table "$file"
	done
	echo "# $said policies of other systems are said, $cannot are not"
	[ "$((said + cannot))" -ge 50 ]
	result $? 'there are fifty policies of other systems'
	[ "$cannot" -le "$CANNOT_MAX" ]
	result $? 'all but three of them can be said'
}

# The answers of the manual, each of which has a test.
manual() {
	said=0
	table tests/policies/manual.policy
	[ "$said" -eq 20 ]
	result $? 'twenty answers of the manual are tried'
	awk '/^\.Sh / { inside = $0 == ".Sh HOW DO I SAY" } inside && sub(/^\.It /, "")' "$PAGE" | sort >"$dir/page"
	sed -n 's/^answer = //p' tests/policies/manual.policy | sort >"$dir/table"
	cmp -s "$dir/page" "$dir/table"
	result $? 'each answer of the manual has a test'
}

if ! command -v openssl >/dev/null; then
	skip 'policies' 'openssl(1) is not here'
	finish
fi
setup
others
manual
finish
