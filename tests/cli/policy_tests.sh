#!/bin/sh
# Tests of a policy: which file pam-jwt check takes, what it demands of it, how a test ends, and that a login never reads it.
#
#     BUILD=build sh tests/cli/policy_tests.sh        from the top of the tree
set -u
AREA='policy tests'
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh

run 0 'a key' key generate --alg RS256 --bits 2048 --out "$dir/private" --public "$dir/public"
mkdir "$dir/etc" "$dir/new"

# What is tried: two issuers, a service that demands a key, one with a state, and the rest.
cat >"$dir/etc/pam_jwt.conf" <<END
[issuer corp]
iss = https://id.test/corp
keys = $dir/public
audience = urn:host
max_lifetime = 10m

[issuer build]
iss = https://id.test/build
keys = $dir/public
audience = urn:host
types = none
max_age = 1m
revocation = require

[service sshd]
issuers = corp
deny = if user = root
deny = if department exists and department = "guests"
permit = as claim sub if groups has "ssh-users" and auth_time within 12h
permit = as deploy if groups has "deployers" and rhost in 192.0.2.0/24

[service sudo]
issuers = corp
proof = session
require_proof = yes
permit = as root if groups has "admins"

[service ci]
issuers = build
single_use = yes
permit = as root if sub = "job"

[service cron]
issuers = corp
permit = as claim sub if time 08:00-18:00 mon-fri

[state]
directory = $dir/none
END
cp "$dir/etc/pam_jwt.conf" "$dir/new/pam_jwt.conf"

# with NAME STATUS TEXT [LINE...]: pam-jwt check, with these lines as the tests.
with() {
	with_name=$1 with_status=$2 with_text=$3
	shift 3
	printf '%s\n' "$@" >"$dir/tests"
	run "$with_status" "$with_name" check --any-account --config "$dir/etc/pam_jwt.conf" --tests "$dir/tests"
	grep -qF -e "$with_text" "$dir/out"
	result $? "$with_name: says so"
}

# --- verdicts ---------------------------------------------------------------------------------------------------------
alice='claims = {"sub":"alice","groups":["ssh-users"],"auth_time":1796112000}'
now='now = 2026-12-01T09:00:00Z'
with 'accepted' 0 '1 passed' '[test a]' 'service = sshd' 'issuer = corp' 'user = alice' "$now" "$alice" 'expect = accept alice'
with 'without a user the token says who' 0 '1 passed' '[test a]' 'service = login' 'issuer = corp' "$now" "$alice" 'expect = accept alice'
with 'refused by a rule' 0 '1 passed' '[test a]' 'service = sshd' 'issuer = corp' 'user = root' "$now" "$alice" 'expect = refuse denied'
with 'refused for the time' 0 '1 passed' '[test a]' 'service = sshd' 'issuer = corp' 'user = alice' 'now = 2026-12-01T21:00:01Z' "$alice" \
	'expect = refuse not-permitted'
with 'accepted a second before' 0 '1 passed' '[test a]' 'service = sshd' 'issuer = corp' 'user = alice' 'now = 2026-12-01T20:00:00Z' "$alice" \
	'expect = accept alice'
with 'a time with a zone' 0 '1 passed' '[test a]' 'service = sshd' 'issuer = corp' 'user = alice' 'now = 2026-12-01T22:00:01+02:00' "$alice" \
	'expect = refuse not-permitted'
# The clock of the host counts, and not that of whoever runs the check.
printf '%s\n' '[test a]' 'service = sshd' 'issuer = corp' 'user = alice' 'now = 2026-12-01T09:00:00' "$alice" 'expect = accept alice' >"$dir/tests"
for zone in '' UTC0 XXX+12 XXX-12; do
	TZ=$zone "$tool" check --any-account --json --config "$dir/etc/pam_jwt.conf" --tests "$dir/tests" | grep -o '"passed":[0-9][0-9]*,'
done >"$dir/out"
[ "$(sort "$dir/out" | uniq -c | awk '{ print $1 }')" = 4 ]
result $? 'a local time does not depend on TZ'
# The rule and the test have the same clock, whatever zone the host is in: the 1st of December 2026 is a Tuesday.
with 'a time of day' 0 '3 passed' '[test in]' 'service = cron' 'issuer = corp' 'now = 2026-12-01T17:59:59' 'claims = {"sub":"alice"}' 'expect = accept alice' \
	'[test out]' 'service = cron' 'issuer = corp' 'now = 2026-12-01T18:00:00' 'claims = {"sub":"alice"}' 'expect = refuse not-permitted' \
	'[test sunday]' 'service = cron' 'issuer = corp' 'now = 2026-12-06T12:00:00' 'claims = {"sub":"alice"}' 'expect = refuse not-permitted'
with 'an address' 0 '2 passed' '[test in]' 'service = sshd' 'issuer = corp' 'user = deploy' 'rhost = 192.0.2.7' \
	'claims = {"sub":"a","groups":["deployers"]}' 'expect = accept deploy' \
	'[test out]' 'service = sshd' 'issuer = corp' 'user = deploy' 'rhost = 192.0.3.7' \
	'claims = {"sub":"a","groups":["deployers"]}' 'expect = refuse not-permitted'
for name in '*' 'ssh*' 'pam.d/sshd' 'SSHD' 'sshd sudo'; do
	with "no name of a service: $name" 2 "$dir/tests:2: error: service is one name" '[test a]' "service = $name" 'issuer = corp' \
		'expect = refuse subject-missing'
done
with 'a service without a section' 0 '1 passed' '[test a]' 'service = login' 'issuer = corp' 'claims = {"sub":"alice"}' 'expect = accept alice'
with 'an issuer that the service does not take' 0 '1 passed' '[test a]' 'service = sshd' 'issuer = build' 'claims = {"sub":"alice"}' \
	'expect = refuse issuer-unknown'
with 'claims on two lines' 0 '1 passed' '[test a]' 'service = login' 'issuer = corp' 'claims = {"sub": \' '"alice"}' 'expect = accept alice'
# The state does not count, and neither do the keys: single_use and revocation = require would refuse without it.
with 'a one-time service whose state is not there' 0 '1 passed' '[test a]' 'service = ci' 'issuer = build' 'claims = {"sub":"job"}' 'expect = accept root'

# --- what is filled in, and what is not -------------------------------------------------------------------------------
with 'an audience of its own' 0 '1 passed' '[test a]' 'service = login' 'issuer = corp' 'claims = {"sub":"alice","aud":"other"}' \
	'expect = refuse audience-mismatch'
with 'an exp of its own' 0 '1 passed' '[test a]' 'service = login' 'issuer = corp' "$now" 'claims = {"sub":"alice","exp":1796115000}' 'expect = refuse expired'
with 'an iat of its own' 0 '1 passed' '[test a]' 'service = login' 'issuer = corp' "$now" 'claims = {"sub":"alice","iat":1796115100}' 'expect = accept alice'
with 'an iat too long ago' 0 '1 passed' '[test a]' 'service = ci' 'issuer = build' "$now" 'claims = {"sub":"job","iat":1796115500}' 'expect = refuse too-old'
with 'an iss of its own' 0 '1 passed' '[test a]' 'service = login' 'issuer = corp' 'claims = {"sub":"alice","iss":"https://other.test"}' \
	'expect = refuse issuer-unknown'
with 'no sub is filled in' 0 '1 passed' '[test a]' 'service = login' 'issuer = corp' 'expect = refuse subject-missing'
with 'a token for a program' 0 '1 passed' '[test a]' 'service = login' 'issuer = corp' 'claims = {"sub":"job","client_id":"job"}' \
	'expect = refuse client-not-accepted'
with 'a refresh token' 0 '1 passed' '[test a]' 'service = login' 'issuer = corp' 'claims = {"sub":"alice","typ":"Refresh"}' \
	'expect = refuse type-not-accepted'

# An issuer whose tokens must be encrypted: those of the tests are not, and that does not count.
"$tool" key generate --alg ES256 --out "$dir/es256" >/dev/null 2>&1
sed -e 's/"alg":"ES256"/"alg":"ECDH-ES+A256KW"/' -e 's/"use":"sig"/"use":"enc"/' "$dir/es256" >"$dir/decrypts" && chmod 600 "$dir/decrypts"
sed "s|^max_lifetime.*|decryption_keys = $dir/decrypts|" "$dir/etc/pam_jwt.conf" >"$dir/etc/encrypted.conf"
printf '%s\n' '[test a]' 'service = login' 'issuer = corp' 'claims = {"sub":"alice"}' 'expect = accept alice' >"$dir/tests"
run 0 'an issuer whose tokens must be encrypted' check --any-account --config "$dir/etc/encrypted.conf" --tests "$dir/tests"
"$tool" issue --key "$dir/private" --iss https://id.test/corp --sub alice --aud urn:host --ttl 5m 2>/dev/null |
	"$tool" verify --config "$dir/etc/encrypted.conf" --service login >"$dir/out" 2>&1
grep -q '^refused: encryption-missing' "$dir/out"
result $? 'a login by such a token is refused'

# --- keys -------------------------------------------------------------------------------------------------------------
key='ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5HmKZ2xGmgCTgYpcYbGSjdfj9lNlNdnmjOx2NbP2Z2'
admin='claims = {"sub":"alice","groups":["admins"]}'
with 'bound to the key that was proved' 0 '1 passed' '[test a]' 'service = sudo' 'issuer = corp' 'user = root' "$admin" "key = $key alice@laptop" \
	'expect = accept root'
with 'no key was proved' 0 '1 passed' '[test a]' 'service = sudo' 'issuer = corp' 'user = root' "$admin" 'expect = refuse proof-missing'
with 'another key was proved' 0 '1 passed' '[test a]' 'service = sudo' 'issuer = corp' 'user = root' \
	'claims = {"sub":"alice","groups":["admins"],"cnf":{"kid":"SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"}}' "key = $key" \
	'expect = refuse proof-mismatch'
with 'not a key' 2 'tests:4: error: not a public key of OpenSSH' '[test a]' 'service = sudo' 'issuer = corp' 'key = ssh-ed25519 AAAA' 'expect = refuse proof-missing'

# --- a test that fails ------------------------------------------------------------------------------------------------
with 'another account' 2 "$dir/tests:7: error: [test a] expects accept bob, and the verdict is accept alice" \
	'[test a]' 'service = sshd' 'issuer = corp' 'user = alice' "$now" "$alice" 'expect = accept bob'
with 'accepted, not refused' 2 'expects refuse denied, and the verdict is accept alice' \
	'[test a]' 'service = sshd' 'issuer = corp' 'user = alice' "$now" "$alice" 'expect = refuse denied'
with 'another refusal' 2 'expects refuse expired, and the verdict is refuse denied' \
	'[test a]' 'service = sshd' 'issuer = corp' 'user = root' "$now" "$alice" 'expect = refuse expired'
with 'one of two' 2 'failed: 1 of 2 tests' '[test good]' 'service = sshd' 'issuer = corp' 'user = alice' "$now" "$alice" 'expect = accept alice' \
	'[test bad]' 'service = sshd' 'issuer = corp' 'user = root' "$now" "$alice" 'expect = accept root'
! grep -q '^OK$' "$dir/out" && grep -qF '    = true: denies' "$dir/out" && grep -qF 'true     user = root' "$dir/out" && ! grep -qF '[test good]' "$dir/out"
result $? 'a failure has the explanation of verify, no OK, and nothing of the tests that pass'
with 'the hint of verify' 2 'hint: aud holds "x", this host accepts "urn:host"' '[test a]' 'service = sshd' 'issuer = corp' \
	'claims = {"sub":"alice","aud":"x"}' 'expect = accept alice'
with 'an issuer that is not there' 2 "tests:3: error: [test a]: there is no [issuer crop] in $dir/etc/pam_jwt.conf" '[test a]' 'service = sshd' 'issuer = crop' \
	'expect = accept alice'
with 'no issuer where there are two' 2 'tests:1: error: [test a] must say which issuer' '[test a]' 'service = sshd' 'expect = accept alice'

# Accounts: those of this host, unless any is taken.
printf '%s\n' '[test a]' 'service = login' 'issuer = corp' 'claims = {"sub":"nobody-of-that-name"}' 'expect = accept nobody-of-that-name' >"$dir/tests"
run 2 'an account that is not here' check --config "$dir/etc/pam_jwt.conf" --tests "$dir/tests"
grep -qF 'verdict is refuse account-unknown' "$dir/out" && grep -qF 'hint: this host has no such account; with --any-account' "$dir/out"
result $? 'an account that is not here: the option is named'
run 0 'the same with --any-account' check --any-account --config "$dir/etc/pam_jwt.conf" --tests "$dir/tests"
with 'root stays protected with --any-account' 0 '1 passed' '[test a]' 'service = login' 'issuer = corp' 'claims = {"sub":"root"}' \
	'expect = refuse account-protected'

# --- the form of the file ---------------------------------------------------------------------------------------------
with 'an unknown key' 2 "$dir/tests:3: error: usr is not a setting of a test: service issuer user" '[test a]' 'service = sshd' 'usr = alice' 'expect = accept alice'
with 'an unknown section' 2 'tests:1: error: [tset a] is not a section: [test NAME]' '[tset a]' 'service = sshd'
with 'a test without a name' 2 'tests:1: error: [test] is not a section' '[test]' 'service = sshd'
with 'a key twice' 2 'tests:3: error: service is set twice' '[test a]' 'service = sshd' 'service = sshd' 'expect = accept alice'
with 'a test twice' 2 'tests:4: error: [test a] is there twice' '[test a]' 'service = sshd' 'expect = accept alice' '[test a]'
with 'no service' 2 'tests:1: error: [test a] has no service' '[test a]' 'expect = accept alice'
with 'no expect' 2 'tests:1: error: [test a] has no expect' '[test a]' 'service = sshd' '[test b]' 'service = sshd' 'expect = accept a'
with 'a setting before a section' 2 'tests:1: error: a setting before the first [test NAME]' 'service = sshd'
with 'no test at all' 2 'tests: error: no [test NAME]: nothing is tested' '# nothing'
with 'a comment after a value' 2 'tests:2: error: a comment must be on a line of its own' '[test a]' 'service = sshd # ours' 'expect = accept a'
with 'another word than accept' 2 'tests:3: error: expect is accept ACCOUNT or refuse REASON' '[test a]' 'service = sshd' 'expect = permit alice'
with 'accept without an account' 2 'tests:3: error: an account is expected after accept' '[test a]' 'service = sshd' 'expect = accept'
with 'a reason that there is not' 2 'tests:3: error: a reason of pam_jwt(8) is expected' '[test a]' 'service = sshd' 'expect = refuse forbidden'
with 'ok is no refusal' 2 'tests:3: error: a reason of pam_jwt(8) is expected' '[test a]' 'service = sshd' 'expect = refuse ok'
with 'claims that are no object' 2 'tests:3: error: claims are not one JSON object' '[test a]' 'service = sshd' 'claims = ["a"]' 'expect = accept a'
with 'a claim twice' 2 'tests:3: error: claims are not one JSON object as a token may have it' '[test a]' 'service = sshd' 'claims = {"a":1,"a":2}' 'expect = accept a'
with 'two objects' 2 'tests:3: error: claims are not one JSON object' '[test a]' 'service = sshd' 'claims = {"a":1},{"b":2}' 'expect = accept a'
with 'a date that there is not' 2 'tests:3: error: there is no such date and time' '[test a]' 'service = sshd' 'now = 2026-02-29T09:00:00Z' 'expect = accept a'
with 'a date without a time' 2 'tests:3: error: a date and time is expected here' '[test a]' 'service = sshd' 'now = 2026-12-01' 'expect = accept a'
with 'a service in capitals' 2 'tests:2: error: service is one name of a PAM service, in lowercase' '[test a]' 'service = SSHD' 'expect = accept a'

# --- which file it is -------------------------------------------------------------------------------------------------
good='[test a]
service = sshd
issuer = corp
user = alice
now = 2026-12-01T09:00:00Z
claims = {"sub":"alice","groups":["ssh-users"],"auth_time":1796112000}
expect = accept alice'
checks() {	# STATUS NAME TEXT ARGUMENT...
	checks_name=$2 checks_text=$3 checks_status=$1
	shift 3
	run "$checks_status" "$checks_name" check --any-account "$@"
	grep -qF -e "$checks_text" "$dir/out"
	result $? "$checks_name: says so"
}
if [ ! -e /etc/pam_jwt/tests.conf ]; then
	run 0 'without a file there is no test' check --config "$dir/etc/pam_jwt.conf"
	! grep -q '^tests ' "$dir/out"
	result $? 'without a file nothing is said of tests'
fi
printf '%s\n' "$good" >"$dir/etc/tests.conf"
checks 0 'the file beside the configuration' "tests $dir/etc/tests.conf:" --config "$dir/etc/pam_jwt.conf"
printf '%s\n' "$good" >"$dir/named"
checks 0 'a file that is named comes before it' "tests $dir/named:" --config "$dir/etc/pam_jwt.conf" --tests "$dir/named"
checks 2 'a file that is named must be there' 'missing: error: there is no such file' --config "$dir/etc/pam_jwt.conf" --tests "$dir/missing"
chmod 666 "$dir/etc/tests.conf"
checks 2 'a file that others may write is not used' 'error: the tests:' --config "$dir/etc/pam_jwt.conf"
chmod 644 "$dir/etc/tests.conf"
: >"$dir/etc/tests.conf"
checks 2 'an empty file beside it is an error, and no other one is taken' 'nothing is tested' --config "$dir/etc/pam_jwt.conf"
echo '[broken' >>"$dir/new/pam_jwt.conf"
checks 2 'with a configuration that has an error no test is run' 'nobody logs in' --config "$dir/new/pam_jwt.conf" --tests "$dir/named"
! grep -q passed "$dir/out"
result $? 'and none is said to have passed'
run 2 '--tests does not go with --keys' check --keys "$dir/public" --tests "$dir/named"

# The default one: the host's, also for a file that is elsewhere. Over an /etc of its own, which vanishes with the namespace.
if [ "$(id -u)" -eq 0 ] && unshare --mount true 2>/dev/null; then
	rm "$dir/etc/tests.conf"
	mkdir "$dir/overlay"
	printf '%s\n' "$good" | sed 's/accept alice/accept bob/' >"$dir/named.bob"
	unshare --mount sh -c 'mount -t tmpfs tmpfs "$1/overlay" && cd "$1/overlay" && mkdir up work && umask 022 &&
	    mount -t overlay overlay -o lowerdir=/etc,upperdir=up,workdir=work /etc || exit 9
	    mkdir -p /etc/pam_jwt && cp "$1/named.bob" /etc/pam_jwt/tests.conf && "$2" check --any-account --config "$1/etc/pam_jwt.conf"' \
	    sh "$dir" "$(realpath "$tool")" >"$dir/out" 2>&1
	host=$?
else
	host=9
fi
if [ "$host" -eq 9 ]; then
	skip 'the tests of the host count for a configuration in another folder' 'no /etc of its own here'
else
	[ "$host" -eq 2 ] && grep -qF '/etc/pam_jwt/tests.conf:7: error: [test a] expects accept bob' "$dir/out"
	result $? 'the tests of the host count for a configuration in another folder'
fi

# --- JSON -------------------------------------------------------------------------------------------------------------
json() {	# STATUS NAME TEXT... in the output without spaces
	json_want=$1 json_name=$2 json_got=0
	shift 2
	"$tool" check --any-account --json --config "$dir/etc/pam_jwt.conf" --tests "$dir/named" >"$dir/json" 2>&1 || json_got=$?
	tr -d ' ' <"$dir/json" >"$dir/out"
	for json_text in "$@"; do
		grep -qF -e "$json_text" "$dir/out" || json_got="without $json_text"
	done
	[ "$json_got" = "$json_want" ] && [ "$(wc -l <"$dir/json")" -eq 1 ]
	result $? "as JSON: $json_name"
}
json 0 'all pass' '"ok":true' '"passed":1,"failed":0' '"test":"a","line":1,"passed":true,"expect":"acceptalice","verdict":"acceptalice"' '"errors":[]'
printf '%s\n' "$good" | sed 's/accept alice/refuse denied/' >"$dir/named"
json 2 'one fails' '"ok":false' '"reason":"ok"' '"passed":0,"failed":1' '"passed":false' '"rule":"permit"' '"check":"rules","result":"ok"'
printf '%s\n' "$good" | sed 's/^issuer.*/issuer = x/' >"$dir/named"
json 2 'one has no issuer' '"error":"[testa]:thereisno[issuerx]'
printf '%s\n' "$good" x >"$dir/named"
json 2 'the file has an error' '"ok":false' '"file":"'"$dir"'/named","line":8' '"tests":null'

# --- a login does not know the file -----------------------------------------------------------------------------------
"$tool" issue --key "$dir/private" --iss https://id.test/corp --sub root --aud urn:host --ttl 5m >"$dir/token" 2>/dev/null
printf '%s\n' '[test a]' 'service = login' 'issuer = corp' 'claims = {"sub":"root"}' 'expect = accept root' >"$dir/etc/tests.conf"
"$tool" verify --config "$dir/etc/pam_jwt.conf" --service login --user root <"$dir/token" >"$dir/out" 2>&1
grep -q '^refused: account-protected' "$dir/out"
result $? 'a test that wants root in changes no verdict'
"$tool" key generate --alg ES256 --out "$dir/other" --public "$dir/other.pub" >/dev/null 2>&1
"$tool" issue --key "$dir/other" --iss https://id.test/corp --sub alice --aud urn:host --ttl 5m >"$dir/token" 2>/dev/null
"$tool" verify --config "$dir/etc/pam_jwt.conf" --service login --user alice <"$dir/token" >"$dir/out" 2>&1
grep -qE '^refused: (key-unknown|alg-not-allowed|signature-invalid)' "$dir/out"
result $? 'and a key that the configuration does not have opens nothing'
finish
