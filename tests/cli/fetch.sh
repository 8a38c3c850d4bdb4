#!/bin/sh
# The command that fetches a key file, as pam-jwt(1) shows it for hosts without pam-jwt sync, against a server that answers with
# keys, and with all that is not keys: the good file stays until there is a better one. And pam-jwt check --keys, which decides
# that.
#
#     BUILD=build sh tests/cli/fetch.sh              from the top of the tree
set -u

# shellcheck disable=SC2034 # for shown.sh
AREA=fetch
# shellcheck source=tests/lib/shown.sh
. tests/lib/shown.sh
keys=$dir/etc/keys
web=$dir/web
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$dir"' EXIT
mkdir "$web"

# --- what is tried ----------------------------------------------------------------------------------------------------

# Two keys for signatures, one of them without the name of an algorithm, and what else stands in the sets of providers.
make_sets() {
	for name in one two other; do
		pam-jwt key generate --alg RS256 --bits 2048 --kid "$name" --out "$dir/$name.private" --public "$dir/$name.jwk" >"$dir/out" 2>&1
	done
	encryption=$(sed 's/"alg":"RS256"/"alg":"RSA-OAEP"/; s/"use":"sig"/"use":"enc"/' "$dir/other.jwk")
	printf '{"keys":[%s,%s]}' "$(cat "$dir/one.jwk")" "$encryption" >"$dir/old"
	printf '{"keys":[%s,%s]}' "$(cat "$dir/two.jwk")" "$encryption" >"$dir/new"
	sed 's/"alg":"RS256",*//g' "$dir/new" >"$dir/no-alg"
	printf '{"keys":[]}' >"$dir/none"
	printf '\357\273\277' | cat - "$dir/new" >"$dir/bom"
	gzip -c "$dir/new" >"$dir/gzip"
	printf '<!DOCTYPE html><html><body>Log in</body></html>\n' >"$dir/html"
	head -c 300 "$dir/new" >"$dir/cut-short"
	cat "$dir/two.private" >"$dir/private"
	: >"$dir/empty"
}

# answer NAME STATUS HEADERS [BODY-FILE]: what the server sends for /NAME, byte for byte.
answer() {
	{
		printf 'HTTP/1.0 %s\r\n%b\r\n' "$2" "$3"
		[ $# -lt 4 ] || cat "$4"
	} >"$web/$1"
}

make_answers() {
	json='Content-Type: application/json\r\n'
	answer new '200 OK' "${json}Content-Length: $(wc -c <"$dir/new")\r\n" "$dir/new"
	answer no-alg '200 OK' "$json" "$dir/no-alg"
	answer redirect '302 Found' 'Location: https://127.0.0.1/\r\nContent-Length: 0\r\n'
	answer redirect-with-page '302 Found' 'Location: https://127.0.0.1/\r\nContent-Type: text/html\r\n' "$dir/html"
	answer cut '200 OK' "${json}Content-Length: $(wc -c <"$dir/new")\r\n" "$dir/cut-short"
	answer cut-without-length '200 OK' "$json" "$dir/cut-short"
	answer html '200 OK' 'Content-Type: text/html\r\n' "$dir/html"
	answer missing '404 Not Found' "$json" "$dir/new"
	answer broken '503 Service Unavailable' "$json" "$dir/new"
	answer none '200 OK' "$json" "$dir/none"
	answer bom '200 OK' "$json" "$dir/bom"
	answer gzip '200 OK' "${json}Content-Encoding: gzip\r\n" "$dir/gzip"
	answer private '200 OK' "$json" "$dir/private"
	answer empty '200 OK' "$json" "$dir/empty"
}
BAD='redirect redirect-with-page cut cut-without-length html missing broken none bom gzip private empty'

# A real TLS server with a certificate of an authority that curl is told of; sets PORT.
serve() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 \
		-keyout "$dir/server.key" -out "$dir/server.crt" >"$dir/out" 2>&1 || return 1
	(cd "$web" && exec timeout 250 openssl s_server -HTTP -cert "$dir/server.crt" -key "$dir/server.key" -accept 127.0.0.1:0) \
		>"$dir/server.log" 2>&1 </dev/null &
	server=$!
	serve_tries=0
	PORT=
	while [ -z "$PORT" ] && [ "$serve_tries" -lt 100 ]; do
		sleep 0.1
		PORT=$(sed -n 's/^ACCEPT .*:\([0-9][0-9]*\)$/\1/p' "$dir/server.log")
		serve_tries=$((serve_tries + 1))
	done
	[ -n "$PORT" ]
}

# --- the commands -----------------------------------------------------------------------------------------------------

# The example of pam-jwt(1), without the prompt.
shown_by_manual() {
	awk '/^# cd \/etc\/pam_jwt\/keys/ { on = 1; sub(/^# /, "") }
		on { sub(/\\e$/, "\\"); print }
		on && /mv -f/ { exit }' man/pam-jwt.1
}

# As they stand, with the address of this server and the paths of this test.
fetch() {	# SET ANSWER
	sed -E "s|https://[^ ]*|https://127.0.0.1:$PORT/$2|" "$dir/shown.$1" | local_paths >"$dir/commands"
	printf '%s' "$2" >"$dir/asked"
	fetch_status=0
	(cd "$dir" && CURL_CA_BUNDLE=$dir/server.crt sh "$dir/commands") >"$dir/out" 2>&1 || fetch_status=$?
}

has_changed() {	# SET
	[ "$fetch_status" -eq 0 ] && cmp -s "$keys/$1.jwks" "$dir/new" && [ "$(stat -c %a "$keys/$1.jwks")" = 644 ] &&
		[ ! -e "$keys/$1.new" ]
}

is_untouched() {	# SET
	[ "$fetch_status" -ne 0 ] && cmp -s "$keys/$1.jwks" "$dir/old"
}

try_all() {	# SET ANSWER...
	try_set=$1
	shift
	cp "$dir/old" "$keys/$try_set.jwks"
	for try_answer in "$@"; do
		fetch "$try_set" "$try_answer"
		is_untouched "$try_set"
		result $? "$try_set: the good file stays: $try_answer"
	done
	fetch "$try_set" new
	has_changed "$try_set"
	result $? "$try_set: new keys take its place"
}

try_manual() {
	shown_by_manual >"$dir/shown.corp"
	[ "$(grep -c 'curl -fsS --proto =https' "$dir/shown.corp")" -eq 1 ]
	result $? 'pam-jwt(1) shows one command'
	# shellcheck disable=SC2086 # names
	try_all corp $BAD
	(umask 077 && cp "$dir/old" "$keys/corp.jwks" && fetch corp new && has_changed corp)
	result $? 'corp: everybody may read them, whatever the umask'
	sed -i 's/--proto =https/--proto =http/' "$dir/shown.corp"
	cp "$dir/old" "$keys/corp.jwks"
	fetch corp new
	is_untouched corp
	result $? 'corp: another protocol is not taken'
}

# --- pam-jwt check --keys ---------------------------------------------------------------------------------------------

checks() {	# STATUS NAME PATTERN ARGUMENT...
	checks_want=$1 checks_name=$2 checks_pattern=$3
	shift 3
	checks_got=0
	pam-jwt check "$@" >"$dir/out" 2>&1 || checks_got=$?
	[ "$checks_got" -eq "$checks_want" ] && grep -qE -- "$checks_pattern" "$dir/out"
	result $? "check --keys: $checks_name"
}

check_keys() {
	checks 0 'a key that can be used' '^key: kty RSA, alg RS256, kid "two"$' --keys "$dir/new"
	grep -q 'warning: key 2 of the set is not used: ' "$dir/out" && ! grep -q 'kid "other"' "$dir/out"
	result $? 'check --keys: one that cannot, and why'
	checks 1 'no algorithm' '--algorithms takes the words' --keys "$dir/no-alg"
	checks 0 '... and the one that is allowed' '^key: kty RSA, alg RS512' --keys "$dir/no-alg" --algorithms 'ES256 RS512'
	checks 1 '... or two of them' 'fits several algorithms' --keys "$dir/no-alg" --algorithms 'RS256 RS512'
	checks 1 'an algorithm that no key has' 'no key fits its algorithms' --keys "$dir/new" --algorithms ES256
	for name in none bom gzip html cut-short private empty; do
		checks 1 "$name" '^refused: key-file-invalid ' --keys "$dir/$name"
	done
	checks 2 'a file that is missing' 'No such file' --keys "$dir/nowhere"
	checks 2 'words that are no algorithms' 'none is not an algorithm' --keys "$dir/new" --algorithms none
	checks 2 'no words' 'needs a value' --keys "$dir/new" --algorithms=
	checks 2 'HMAC and others' 'HMAC beside' --keys "$dir/new" --algorithms 'HS256 RS256'
	checks 2 'a configuration as well' '--keys reads one' --keys "$dir/new" --config "$dir/new"
	checks 2 '--algorithms alone' 'goes with --keys' --algorithms RS256
	check_other_files
	check_owners
	check_json
}

check_other_files() {
	pam-jwt key generate --alg HS256 --out "$dir/secret" >"$dir/out" 2>&1
	checks 0 'a secret for HMAC' '^key: kty oct, alg HS256' --keys "$dir/secret" --algorithms HS256
	checks 1 '... but not for others' 'refused: key-file-invalid' --keys "$dir/secret" --algorithms RS256
	cp "$dir/secret" "$dir/open"
	chmod 644 "$dir/open"
	checks 1 '... nor where others may read it' 'refused: key-file-unsafe' --keys "$dir/open" --algorithms HS256
	openssl ecparam -name prime256v1 -genkey -noout 2>"$dir/kill" | openssl pkey -pubout >"$dir/pem" 2>"$dir/kill"
	checks 0 'a public key in PEM' '^key: kty EC, alg ES256$' --keys "$dir/pem"
	(cd "$dir" && checks 0 'a path from here' '^OK$' --keys new)
	# What the module refuses in its place it refuses here.
	cp "$dir/new" "$dir/writable"
	chmod 664 "$dir/writable"
	checks 1 'a file that others may write' 'refused: key-file-unsafe' --keys "$dir/writable"
	checks 1 'a folder' 'refused: key-file-unsafe' --keys "$dir"
}

check_owners() {
	if [ "$(id -u)" -ne 0 ]; then
		skip "a user's own file" 'needs root'
		return
	fi
	mkdir -m 755 "$dir/user"
	chmod 755 "$dir"
	cp "$dir/new" "$dir/user/new"
	cp "$tool" "$dir/user/pam-jwt"
	chown -R 65534:65534 "$dir/user"
	checks 1 "another user's file" 'belongs to another user' --keys "$dir/user/new"
	setpriv --reuid=65534 --clear-groups "$dir/user/pam-jwt" check --keys "$dir/user/new" >"$dir/out" 2>&1 &&
		grep -q 'warning: belongs to uid 65534: chown root' "$dir/out"
	result $? "check --keys: a user's own file, with a note"
	! pam-jwt check --keys "$dir/new" | grep -q chown
	result $? "check --keys: root's own, without"
}

check_json() {
	pam-jwt check --keys "$dir/new" --json >"$dir/out" 2>&1 && tr -d ' ' <"$dir/out" |
		grep -q '"usable":true,"reason":"ok","keys":\[{"kid":"two","kty":"RSA","alg":"RS256"}\],"errors":\[\],"warnings":\[{"text":"key2'
	result $? 'check --keys: as JSON'
	! pam-jwt check --keys "$dir/html" --json >"$dir/out" 2>&1 && tr -d ' ' <"$dir/out" |
		grep -q '"usable":false,"reason":"key-file-invalid","keys":\[\],"errors":\[{"text":"apageofHTML'
	result $? 'check --keys: a refusal as JSON'
}

make_sets
check_keys
if ! command -v curl >"$dir/out"; then
	skip 'the command of pam-jwt(1)' 'there is no curl'
	finish
fi
make_answers
serve
result $? 'the server listens' "@$dir/server.log"
try_manual
finish
