#!/bin/sh
# Tokens that are encrypted for a host: the keys, pam-jwt issue --encrypt-to, and what inspect, verify and check say of them.
#
#     BUILD=build sh tests/cli/encrypt.sh        from the top of the tree
set -u
AREA=encrypt
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh

ALGS='ECDH-ES ECDH-ES+A128KW ECDH-ES+A256KW RSA-OAEP-256 RSA-OAEP'
ENCS='A128GCM A256GCM A128CBC-HS256 A256CBC-HS512'

run 0 'a key that signs' key generate --alg ES256 --out "$dir/signs" --public "$dir/signs.pub"

# Writes a configuration whose issuer has these keys that decrypt.
configure() {	# FILE...
	cat >"$dir/pam_jwt.conf" <<-END
		[issuer test]
		iss = https://id.test
		keys = $dir/signs.pub
		audience = urn:host
		decryption_keys = $*

		[service login]
		permit = as root if sub = "root"
	END
}

issue() {	# OPTION...
	"$tool" issue --key "$dir/signs" --iss https://id.test --sub root --aud urn:host --ttl 10m "$@" >"$dir/token" 2>"$dir/out"
}

verify() {	# STATUS WANT NAME [OPTION...]
	verify_want=$1 verify_text=$2 verify_name=$3
	shift 3
	verify_got=0
	"$tool" verify --config "$dir/pam_jwt.conf" --service login "$@" <"$dir/token" >"$dir/out" 2>&1 || verify_got=$?
	[ "$verify_got" -eq "$verify_want" ] && grep -q -- "$verify_text" "$dir/out"
	result $? "$verify_name"
}

from_b64url() {
	tr '_-' '/+' | awk '{ while (length($0) % 4) $0 = $0 "="; print }' | base64 -d
}

to_b64url() {
	base64 -w 0 | tr '/+' '_-' | tr -d '='
}

header_of() {	# FILE
	cut -d. -f1 "$1" | from_b64url
}

number_of() {	# MEMBER FILE
	sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$2"
}

# ---- each alg with each kind of key and each enc

try_key() {	# ALG [CURVE]
	try_name=$1${2:+-$2}
	run 0 "$try_name: a key" key generate --alg "$1" ${2:+--curve "$2"} --out "$dir/$try_name" --public "$dir/$try_name.pub"
	configure "$dir/$try_name"
	for try_enc in $ENCS; do
		issue --encrypt-to "$dir/$try_name.pub" --enc "$try_enc"
		verify 0 '^accepted: root' "$try_name $try_enc: taken"
		grep -q '^+ *decryption *ok\|decryption *ok' "$dir/out"
		result $? "$try_name $try_enc: ... after the check decryption"
	done
}

for alg in $ALGS; do
	case $alg in
	RSA*) try_key "$alg" ;;
	*) for curve in P-256 P-384 P-521 X25519; do try_key "$alg" "$curve"; done ;;
	esac
done

# ---- the keys

one=$dir/ECDH-ES+A256KW-P-256
[ "$(stat -c %a "$one")" = 600 ] && [ "$(stat -c %a "$one.pub")" = 644 ]
result $? 'the private key has mode 0600'
grep -q '"use":"enc"' "$one" && grep -q '"alg":"ECDH-ES+A256KW"' "$one" && grep -q '"d":' "$one"
result $? 'the private key has alg, use and d'
! grep -q '"d":' "$one.pub" && ! grep -qE '"(d|p|q|dp|dq|qi)":' "$dir/RSA-OAEP.pub"
result $? 'the public keys have no private number'
"$tool" key public <"$one" 2>&1 | cmp -s - "$one.pub" && "$tool" key public <"$dir/RSA-OAEP" 2>&1 | cmp -s - "$dir/RSA-OAEP.pub" &&
	"$tool" key public <"$dir/ECDH-ES-X25519.pub" | cmp -s - "$dir/ECDH-ES-X25519.pub"
result $? 'key public prints the public part'
for file in "$one" "$dir/ECDH-ES-X25519" "$dir/RSA-OAEP-256"; do
	kid=$(sed -n 's/.*"kid":"\([^"]*\)".*/\1/p' "$file")
	[ -n "$kid" ] && [ "$("$tool" key thumbprint <"$file")" = "$kid" ] && [ "$("$tool" key thumbprint --uri <"$file.pub")" = \
		"urn:ietf:params:oauth:jwk-thumbprint:sha-256:$kid" ]
	result $? "the kid of $(basename "$file") is its thumbprint"
done
# RFC 8037 appendix A.3 has no thumbprint of an X25519 key: this one was computed with openssl.
printf '{"crv":"X25519","kty":"OKP","x":"%s"}' "$(sed -n 's/.*"x":"\([^"]*\)".*/\1/p' "$dir/ECDH-ES-X25519")" >"$dir/canonical"
[ "$(openssl dgst -sha256 -binary "$dir/canonical" | base64 | tr '+/' '-_' | tr -d =)" = "$("$tool" key thumbprint <"$dir/ECDH-ES-X25519")" ]
result $? 'the thumbprint of an X25519 key is the hash of crv, kty and x'
{ printf '{"keys":[' && cat "$one" && printf ',' && cat "$dir/RSA-OAEP-256" && printf ']}'; } >"$dir/set"
chmod 600 "$dir/set"
"$tool" key public <"$dir/set" >"$dir/out" 2>&1 && ! grep -qE '"(d|p|q)":' "$dir/out" && [ "$(grep -c '"kid":' "$dir/out")" -eq 2 ]
result $? 'key public prints a set of them'
run 2 'a key is not written over another' key generate --alg ECDH-ES --out "$one"
run 2 'a curve for RSA' key generate --alg RSA-OAEP-256 --curve P-256 --out "$dir/none"
run 2 'a curve for a key that signs' key generate --alg ES256 --curve P-256 --out "$dir/none"
run 2 'a curve that is not known' key generate --alg ECDH-ES --curve P-224 --out "$dir/none"
run 2 'bits for ECDH-ES' key generate --alg ECDH-ES --bits 2048 --out "$dir/none"
run 2 'too few bits' key generate --alg RSA-OAEP --bits 1024 --out "$dir/none"
run 2 'RSA1_5' key generate --alg RSA1_5 --out "$dir/none"
run 2 'dir' key generate --alg dir --out "$dir/none"
run 2 'a private key to standard output' key generate --alg ECDH-ES --out -
[ ! -e "$dir/none" ]
result $? 'none of these made a file'
run 0 'a kid of our own' key generate --alg ECDH-ES+A256KW --kid host-2 --out "$dir/named" --public "$dir/named.pub"
grep -q '"kid":"host-2"' "$dir/named" && grep -q '"kid":"host-2"' "$dir/named.pub"
result $? '... is in both files'
kid257=$(printf '%257s' '' | tr ' ' k)
run 2 'a kid of 257 bytes' key generate --alg ECDH-ES --kid "$kid257" --out "$dir/none"
run 0 'a kid of 256 bytes' key generate --alg ECDH-ES --kid "${kid257%k}" --out "$dir/long" --public "$dir/long.pub"

# A key is refused by the rules of the hosts.
reads() {	# STATUS NAME SED FILE
	sed "$3" "$4" >"$dir/changed"
	reads_got=0
	"$tool" key public <"$dir/changed" >"$dir/out" 2>&1 || reads_got=$?
	[ "$reads_got" -eq "$1" ] && ! cmp -s "$dir/changed" "$4"
	result $? "$2"
}
other_x=$(sed -n 's/.*"x":"\([^"]*\)".*/\1/p' "$dir/named")
reads 0 'without use' 's/"use":"enc",//' "$one.pub"
reads 2 'use sig' 's/"use":"enc"/"use":"sig"/' "$one.pub"
reads 2 'without alg' 's/"alg":"[^"]*",//' "$one.pub"
reads 2 'an alg of RSA for an EC key' 's/"alg":"[^"]*"/"alg":"RSA-OAEP"/' "$one.pub"
reads 2 'a point that is not on the curve' "s/\"x\":\"[^\"]*\"/\"x\":\"$other_x\"/" "$one.pub"
reads 2 'a coordinate that is too short' 's/"x":"[^"]\{4\}/"x":"/' "$one.pub"
reads 2 'an X25519 key that is too short' 's/"x":"[^"]\{4\}/"x":"/' "$dir/ECDH-ES-X25519.pub"
# The same point, cut in another place: x has 33 bytes and y 31.
for name in x y; do number_of "$name" "$one.pub" | from_b64url; done >"$dir/point"
reads 2 'x and y of 33 and 31 bytes' "s/\"x\":\"[^\"]*\"/\"x\":\"$(head -c 33 "$dir/point" | to_b64url)\"/; \
	s/\"y\":\"[^\"]*\"/\"y\":\"$(tail -c 31 "$dir/point" | to_b64url)\"/" "$one.pub"
reads 2 'no x' 's/"x":"[^"]*",//' "$one.pub"
reads 2 'an RSA key of 1,504 bits' 's/"n":"[^"]\{260\}/"n":"/' "$dir/RSA-OAEP.pub"
reads 2 'e is 1' 's/"e":"AQAB"/"e":"AQ"/' "$dir/RSA-OAEP.pub"
other_d=$(sed -n 's/.*"d":"\([^"]*\)".*/\1/p' "$dir/named")
reads 2 'a private half that is another key'\''s' "s/\"d\":\"[^\"]*\"/\"d\":\"$other_d\"/" "$one"
reads 2 'a private RSA key without qi' 's/,"qi":"[^"]*"//' "$dir/RSA-OAEP"

# ---- the token

configure "$one"
issue --encrypt-to "$one.pub"
header_of "$dir/token" >"$dir/header" 2>/dev/null
kid=$(sed -n 's/.*"kid":"\([^"]*\)".*/\1/p' "$one")
grep -q '"alg":"ECDH-ES+A256KW","enc":"A256GCM","cty":"JWT","kid":"'"$kid"'","epk":{"kty":"EC","crv":"P-256","x":' "$dir/header"
result $? 'the header has alg, enc, cty, kid and epk; enc is A256GCM unless asked for' "@$dir/header"
! grep -q '"d"' "$dir/header"
result $? '... and no private number'
[ "$(tr -cd . <"$dir/token" | wc -c)" -eq 4 ]
result $? '... and five parts'
cp "$dir/token" "$dir/first"
issue --encrypt-to "$one.pub"
[ "$(cut -d. -f1 "$dir/token")" != "$(cut -d. -f1 "$dir/first")" ] && [ "$(cut -d. -f3 "$dir/token")" != "$(cut -d. -f3 "$dir/first")" ]
result $? 'a second token has another epk and another IV'
issue --encrypt-to "$one"
verify 0 '^accepted: root' 'the private key does for encrypting, too'
issue --encrypt-to "$dir/RSA-OAEP-256.pub" && header_of "$dir/token" >"$dir/header"
! grep -q epk "$dir/header"
result $? 'RSA needs no epk'
sed 's/,"kid":"[^"]*"//' "$one" >"$dir/nokid" && chmod 600 "$dir/nokid"
configure "$dir/nokid"
issue --encrypt-to "$dir/nokid" && header_of "$dir/token" >"$dir/header" && ! grep -q kid "$dir/header"
result $? 'a key without kid: a header without kid'
verify 0 '^accepted: root' '... which the host takes'

refused() {	# NAME OPTION...
	refused_name=$1
	shift
	refused_got=0
	issue "$@" || refused_got=$?
	[ "$refused_got" -eq 2 ] && [ ! -s "$dir/token" ]
	result $? "issue: $refused_name"
}
refused 'an enc that is not known' --encrypt-to "$one.pub" --enc A192GCM
refused 'an enc without a key' --enc A256GCM
refused 'a file that is not there' --encrypt-to "$dir/nowhere"
refused 'a key that signs' --encrypt-to "$dir/signs.pub"
refused 'a set of two keys' --encrypt-to "$dir/set"
head -c 9100 /dev/zero | tr '\0' x >"$dir/fill"
issue --encrypt-to "$one.pub" --claim "fill=$(head -c 8500 "$dir/fill")"
result $? 'issue: 8,500 bytes of a claim'
refused '... and 9,100, which after encryption no host takes' --encrypt-to "$one.pub" --claim "fill=$(cat "$dir/fill")"
grep -q 'would be refused after it was encrypted' "$dir/out"
result $? '... says so'
# A public X25519 key of small order agrees on nothing.
sed 's/"x":"[^"]*"/"x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"/' "$dir/ECDH-ES-X25519.pub" >"$dir/small"
refused 'an X25519 key of small order' --encrypt-to "$dir/small"

# ---- what is said of it

shows() {	# NAME PATTERN
	grep -q -- "$2" "$dir/out"
	result $? "$1"
}

configure "$one"
issue --encrypt-to "$one.pub" && cp "$dir/token" "$dir/good"
run_inspect() {	# STATUS NAME [OPTION]
	inspect_got=0
	"$tool" inspect ${3:+"$3"} <"$dir/token" >"$dir/out" 2>&1 || inspect_got=$?
	[ "$inspect_got" -eq "$1" ]
	result $? "inspect: $2"
}
run_inspect 0 'an encrypted token'
shows '... shows its header' '"enc": "A256GCM"'
shows '... and for whom it is' "^encrypted for \"$kid\": only that host can read its claims"
shows '... and that it goes in parts through sudo' 'in parts *511  sudo'
! grep -q '^claims' "$dir/out"
result $? '... and no claims'
run_inspect 0 'the same as JSON' --json
shows '... says encrypted' '"encrypted":true'
shows '... and no claims' '"claims":{}'
printf '%s.%s.%s\n' "$(cut -d. -f1 "$dir/good")" "$(printf '{"sub":"root"}' | base64 | tr -d '=')" "$(cut -d. -f3- "$dir/good")" >"$dir/token"
run_inspect 0 'an encrypted key that is an object' --json
shows '... is not shown as claims' '"claims":{}'
run_inspect 0 'the same as text'
! grep -q '"sub"' "$dir/out"
result $? '... does not show it either'
cut -c 1-511 "$dir/good" >"$dir/token"
run_inspect 1 'one that sudo cut'
shows '... is token-cut' '^refused: token-cut'
tr -d '\n' <"$dir/good" | sed 's/\..*/.a.b.c.d.e/' >"$dir/token"
run_inspect 1 'six parts'
issue
run_inspect 0 'one that is only signed'
shows '... has claims' '^claims'
run_inspect 0 'the same as JSON' --json
shows '... is not encrypted' '"encrypted":false'

cp "$dir/good" "$dir/token"
verify 0 "decryption.*ok  kid \"$kid\"" 'verify: names the key'
verify 0 '"claims":{"iss":"https://id.test","sub":"root"' 'verify: shows the claims inside' --json
verify 0 '"checks":\[{"check":"decryption","result":"ok"},{"check":"form"' 'verify: decryption is before form' --json
verify 1 'hint: exp is .*ago' 'verify: an expired token has the usual hint' --now $(($(date +%s) + 7200))

hint() {	# REASON PATTERN NAME
	verify 1 "^refused: $1" "verify: $3 is $1"
	shows '... with a hint' "^hint: .*$2"
}

no_hint() {	# REASON NAME
	verify 1 "^refused: $1" "verify: $2 is $1"
	! grep -q '^hint' "$dir/out"
	result $? '... without a hint'
}
issue
hint encryption-missing 'has decryption_keys without encryption = allowed' 'a token that is only signed'
sed 's/A256KW/A128KW/' "$one.pub" >"$dir/changed" && issue --encrypt-to "$dir/changed"
hint alg-key-mismatch 'alg is "ECDH-ES+A128KW".* its key is .* for ECDH-ES+A256KW on P-256' 'another alg'
issue --encrypt-to "$dir/named.pub"
hint key-unknown 'encrypted for the key "host-2"; the decryption_keys .* old key' 'the key of another host'
sed 's/,"kid":"[^"]*"//' "$dir/RSA-OAEP-256.pub" >"$dir/changed" && issue --encrypt-to "$dir/changed"
hint key-unknown 'alg is "RSA-OAEP-256".* it names no key, and no key fits' 'a key that no key fits'
configure "$dir/RSA-OAEP-256" "$dir/twin"
"$tool" key generate --alg RSA-OAEP-256 --out "$dir/twin" >/dev/null 2>&1
hint key-ambiguous 'it names no key, and more than one fits its alg: "' 'no kid and two keys'
configure "$one"
issue --encrypt-to "$one.pub" && sed 's/......$/AAAAAA/' "$dir/token" >"$dir/changed" && mv "$dir/changed" "$dir/token"
no_hint decrypt-failed 'a changed tag'
sed "s/\"kid\":\"[^\"]*\"/\"kid\":\"$kid\"/" "$dir/named.pub" >"$dir/changed" && issue --encrypt-to "$dir/changed"
no_hint decrypt-failed 'the kid of ours on another key'

# The outer header is not protected against those who make it: any alg, enc and parameter may be there.
header() {	# SED
	{ header_of "$dir/good" | sed "$1" | base64 -w 0 | tr '+/' '-_' | tr -d '=' && printf .; cut -d. -f2- "$dir/good"; } >"$dir/token"
}
header 's/A256GCM/A192GCM/'
hint encryption-unsupported 'enc is "A192GCM"; the key is for .*ECDH-ES+A256KW on P-256, enc may be A128GCM' 'an enc that is not supported'
header 's/,"cty"/,"zip":"DEF","cty"/'
hint encryption-unsupported 'its header has zip' 'zip'
header 's/,"cty"/,"jku":"https:\/\/x","cty"/'
hint header-invalid 'must not have jku in its header' 'jku'
header 's/"enc"/"crit":["b64"],"enc"/'
hint crit-unsupported 'crit is' 'crit'
sed '/^decryption_keys/d' "$dir/pam_jwt.conf" >"$dir/changed" && mv "$dir/changed" "$dir/pam_jwt.conf"
cp "$dir/good" "$dir/token"
hint encryption-unsupported 'no issuer of this service has decryption_keys' 'a host without decryption_keys'

# Two issuers: the key is one's, and the token inside is the other's.
cat >>"$dir/pam_jwt.conf" <<-END
	[issuer other]
	iss = https://other.test
	keys = $dir/signs.pub
	audience = urn:host
	decryption_keys = $dir/named
END
issue --encrypt-to "$dir/named.pub"
hint issuer-unknown 'iss is "https://id.test", and the key that it is encrypted for is not among' 'the key of another issuer'

# ---- pam-jwt revoke --token decrypts with the keys of the host

configure "$one"
printf '[state]\ndirectory = %s\n' "$dir/state" >>"$dir/pam_jwt.conf"
run 0 'a state' state init --config "$dir/pam_jwt.conf"
issue --encrypt-to "$one.pub" --no-jti
verify 0 '^accepted' 'revoke: before'
run 0 'revoke: an encrypted token' revoke --config "$dir/pam_jwt.conf" --token "$dir/token"
verify 1 '^refused: revoked' 'revoke: after'
cp "$dir/token" "$dir/revoked"
issue --encrypt-to "$one.pub"
verify 0 '^accepted' 'revoke: another token'
run 0 'revoke: taken back' revoke --config "$dir/pam_jwt.conf" --token "$dir/revoked" --undo
cp "$dir/revoked" "$dir/token"
verify 0 '^accepted' 'revoke: ... counts again'
sed 's/......$/AAAAAA/' "$dir/revoked" >"$dir/changed"
run 1 'revoke: a changed one' revoke --config "$dir/pam_jwt.conf" --token "$dir/changed"
shows '... is decrypt-failed' '^refused: decrypt-failed'
issue --encrypt-to "$dir/named.pub"
run 1 "revoke: another host's" revoke --config "$dir/pam_jwt.conf" --token "$dir/token"
shows '... is key-unknown' '^refused: key-unknown'
issue
run 0 'revoke: one that is only signed' revoke --config "$dir/pam_jwt.conf" --token "$dir/token"
run 0 "a stranger's key" key generate --alg ES256 --kid "$(sed -n 's/.*"kid":"\([^"]*\)".*/\1/p' "$dir/signs")" --out "$dir/forger"
"$tool" issue --key "$dir/forger" --iss https://id.test --sub root --aud urn:host --ttl 10m --encrypt-to "$one.pub" >"$dir/token"
run 1 "revoke: a stranger's, encrypted for us" revoke --config "$dir/pam_jwt.conf" --token "$dir/token"
shows '... is signature-invalid' '^refused: signature-invalid'
cat >>"$dir/pam_jwt.conf" <<-END
	[issuer other]
	iss = https://other.test
	keys = $dir/signs.pub
	audience = urn:host
	decryption_keys = $dir/named
END
issue --encrypt-to "$dir/named.pub"
run 1 'revoke: the key of another issuer' revoke --config "$dir/pam_jwt.conf" --token "$dir/token"
shows '... is issuer-unknown' '^refused: issuer-unknown'

# Without the right to read the private key, what to do is said.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	cp "$tool" "$dir/pam-jwt" && chmod 755 "$dir" "$dir/pam-jwt"
	(setpriv --reuid=65534 --clear-groups "$dir/pam-jwt" revoke --config "$dir/pam_jwt.conf" --token "$dir/pam_jwt.conf" >"$dir/out" 2>&1)
	[ $? -eq 2 ]
	result $? 'revoke: as another user than root'
	shows '... says what to do' 'the owner of a private key alone can read it: run this as root'
else
	skip 'revoke: as another user than root' 'needs root and setpriv'
fi

# Rotation: the host has both keys until no token for the old one is left.
configure "$one" "$dir/named"
for key in "$one" "$dir/named"; do
	issue --encrypt-to "$key.pub"
	verify 0 '^accepted' "rotation: both keys, a token for $(basename "$key")"
done
configure "$dir/named"
verify 0 '^accepted' 'rotation: the old key is gone, a token for the new one'
issue --encrypt-to "$one.pub"
verify 1 '^refused: key-unknown' '... and one for the old one'

finish
