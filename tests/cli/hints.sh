#!/bin/sh
# The hints of pam-jwt verify and check for mistakes that people make: each hint names the fault, does not contradict what was
# given, and is not shown for one without the fault.
#
#     BUILD=build sh tests/cli/hints.sh              from the top of the tree
set -u
AREA=hints
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh

ISS=https://id.test
NOW=$(date +%s)

b64url() {
	base64 -w 0 | tr '+/' '-_' | tr -d '='
}

# A host with a key of each kind. Rules are added for the cases that need some.
setup() {
	run 0 'an ES256 key' key generate --alg ES256 --kid ec --out "$dir/ec" --public "$dir/ec.pub"
	run 0 'an RS256 key' key generate --alg RS256 --kid rsa --out "$dir/rsa" --public "$dir/rsa.pub"
	(umask 077 && head -c 32 /dev/urandom >"$dir/secret" &&
	    printf '{"kty":"oct","alg":"HS256","kid":"mac","k":"%s"}' "$(b64url <"$dir/secret")" >"$dir/mac")
	SECRET=$(od -An -v -tx1 "$dir/secret" | tr -d ' \n')
	config
	issue good
}

config() {	# [RULE]
	cat >"$dir/conf" <<-END
		[issuer one]
		iss      = $ISS
		keys     = $dir/ec.pub $dir/rsa.pub
		audience = urn:h
		[issuer microsoft]
		iss      = https://sts.windows.net/tenant/
		keys     = $dir/rsa.pub
		audience = urn:h
		[issuer mac]
		iss        = https://mac.test
		keys       = $dir/mac
		algorithms = HS256
		audience   = urn:h
		[service sshd]
		permit   = ${1:-as $(id -un)}
	END
}

issue() {	# NAME [OPTION...]
	issue_name=$1
	shift
	"$tool" issue --key "$dir/ec" --iss "$ISS" --sub alice --aud urn:h --ttl 10m "$@" >"$dir/$issue_name"
}

# A token of any claims, signed by the issuer "mac" with openssl(1).
mac() {	# NAME CLAIMS [HEADER]
	mac_input=$(printf '%s' "${3:-{\"alg\":\"HS256\"\}}" | b64url).$(printf '{"iss":"https://mac.test","aud":"urn:h",%s}' "$2" | b64url)
	printf '%s.%s' "$mac_input" "$(printf '%s' "$mac_input" | openssl dgst -sha256 -mac HMAC -macopt hexkey:"$SECRET" -binary |
	    b64url)" >"$dir/$1"
}

verify() {	# TOKEN [OPTION...]
	verify_token=$1
	shift
	"$tool" verify --config "$dir/conf" --service sshd "$@" <"$dir/$verify_token" >"$dir/out" 2>&1 || :
}

says() {	# NAME TEXT: in the hint, or an error
	grep -qF -e "$2" "$dir/out"
	result $? "$1"
}

says_not() {	# NAME TEXT
	! grep -qF -e "$2" "$dir/out"
	result $? "$1"
}

# hint NAME REASON TOKEN TEXT: verify refuses the token for this reason, and says this.
hint() {
	verify "$3"
	grep -q "^refused: $2 " "$dir/out" && grep '^hint: ' "$dir/out" | grep -qF -e "$4"
	result $? "$1"
}

# --- an answer that is no token --------------------------------------------------------------------------------------

wrapped() {	# NAME FORMAT TEXT
	# shellcheck disable=SC2059	# the format is the case
	printf "$2" "$(cat "$dir/good")" >"$dir/text"
	hint "$1" token-form text "$3"
	says_not "$1: nothing is said of dots" 'a token has two dots'
}

form() {
	wrapped 'JSON' '{"access_token":"%s","token_type":"Bearer"}' 'only the text of its member access_token is the token'
	wrapped 'JSON over several lines' '{\n "token_type": "Bearer",\n "id_token": "%s"\n}' \
	    'only the text of its member id_token is the token'
	"$tool" inspect <"$dir/text" >"$dir/out" 2>&1
	says 'inspect says so as well' 'hint: it is JSON: only the text of its member id_token is the token'
	printf '{"error":"invalid_grant"}' >"$dir/text"
	hint 'JSON of an error' token-form text 'it is JSON, and no token is in it'
	printf '{"access_token":"mF_9.B5f-4.1JqM","expires_in":5}' >"$dir/text"
	hint 'JSON with an opaque token' token-form text 'only the text of its member access_token'
	wrapped 'the start of a paste that was lost in it' 'x\033[200~%s' 'byte 2 is 1b'
	wrapped 'a zero-width space in front' '\342\200\213%s' 'byte 1 begins an invisible character, U+200B'
	wrapped 'a zero-width space at the end' '%s\342\200\213' 'an invisible character, U+200B'
	wrapped 'a byte order mark' '\357\273\277%s' 'U+FEFF'
	wrapped 'a no-break space' '%s\302\240' 'U+00A0'
	wrapped 'a soft hyphen' '%s\302\255' 'U+00AD'
	wrapped 'a typographic quote' '\342\200\234%s\342\200\235' 'byte 1 begins U+201C'
	wrapped 'token=' 'token=%s' 'it starts with "token=": only what follows is the token'
	wrapped 'a header of HTTP' 'Authorization: Bearer %s' 'it starts with "Authorization: Bearer ": only what follows'
	wrapped 'bearer' 'bearer %s' 'it starts with "bearer ": only what follows'
	wrapped 'a quote' '"%s"' 'it is in quotes'
	wrapped 'another quote' "'%s'" 'it is in quotes'
	wrapped 'the prompt of a shell' '%s%%' 'is "%", which no token has'
	wrapped 'a line break' 'x %s' 'a space or a line break inside'
	sed 's/\./=./; s/\./=./2' "$dir/good" | tr -d '\n' >"$dir/text"
	hint 'padding' token-form text 'padding'
	cut -d. -f1,2 "$dir/good" | tr '\n' . >"$dir/text"
	hint 'a signature that is empty' token-form text 'the third part, the signature, is empty'
	cut -d. -f2- "$dir/good" | sed 's/^/./' | tr -d '\n' >"$dir/text"
	hint 'a header that is empty' token-form text 'the first part, the header, is empty'
	cat "$dir/good" "$dir/good" | tr -d '\n' >"$dir/text"
	hint 'a token twice' token-form text 'it is two tokens in a row'
	printf 'eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.e30.AAAA.AAAA.AAAA' >"$dir/text"
	hint 'an encrypted token' encryption-unsupported text 'an encrypted token (JWE)'
	printf 'a.b.c.d' >"$dir/text"
	hint 'four parts' token-form text '7 bytes with 3 dots; a token has two dots'
}

opaque() {
	printf '7Fjfp0ZBr1KtDRbnfVdmIwQhJ3kd9sLxz0_aBcDeFgH' >"$dir/text"
	hint 'an opaque token' token-form text 'an opaque token'
	says 'an opaque token: what to ask for' 'ask the provider for a JWT'
	printf 'correct horse' >"$dir/text"
	verify text
	says_not 'a password is no opaque token' opaque
	printf 'short' >"$dir/text"
	verify text
	says_not 'nor is a short word' opaque
	cut -c 1-150 "$dir/good" | tr -d '\n' >"$dir/text"
	verify text
	says_not 'nor is the start of a token' opaque
	says 'which is said to be one' 'the end is missing'
}

# What is around a token, and is no part of it, is no fault.
accepted() {	# NAME FORMAT
	# shellcheck disable=SC2059	# the format is the case
	printf "$2" "$(cat "$dir/good")" >"$dir/text"
	verify text
	grep -q '^accepted: ' "$dir/out" && ! grep -q '^hint: ' "$dir/out"
	result $? "$1"
}

harmless() {
	accepted 'a token has no hint' '%s'
	accepted 'nor have spaces and line ends around one' ' %s\r\n'
	accepted 'nor the marks of a paste' '\033[200~%s\033[201~'
}

# --- header and signature --------------------------------------------------------------------------------------------

# A token whose signature is another: the base64url on standard input.
resign() {	# TOKEN
	printf '%s.%s' "$(cut -d. -f1,2 "$dir/$1")" "$(cat)" >"$dir/text"
}

signatures() {
	"$tool" key public <"$dir/ec" >/dev/null 2>&1
	openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null >"$dir/ec.pem"
	cut -d. -f1,2 "$dir/good" | tr -d '\n' >"$dir/input"
	openssl dgst -sha256 -sign "$dir/ec.pem" "$dir/input" | b64url | resign good
	hint 'a signature in DER' signature-invalid text 'the signature is in DER'
	head -c 70 /dev/urandom | sed 's/^./x/' | head -c 70 | b64url | resign good
	hint 'a signature of another length' signature-invalid text 'bytes, and one of ES256 has 64'
	says_not 'is not in DER' DER
	{ printf '0E'; head -c 62 /dev/zero; } | b64url | resign good
	hint 'a signature of the right length' signature-invalid text "the token's kid is"
	says_not 'is not in DER, whatever it starts with' DER
}

# Microsoft signs the hash of the nonce, and sends the nonce itself.
graph() {	# NAME ISS HEADER
	printf '%s.%s.%s' "$(printf '%s' "$3" | b64url)" "$(printf '{"iss":"%s","aud":"urn:h","exp":%s}' "$2" \
	    $((NOW + 600)) | b64url)" "$(head -c 256 /dev/zero | b64url)" >"$dir/$1"
}

nonces() {
	graph text https://sts.windows.net/tenant/ '{"alg":"RS256","kid":"rsa","nonce":"n"}'
	hint 'a token of Microsoft for its own services' signature-invalid text 'which only Microsoft can verify'
	graph text https://sts.windows.net/tenant/ '{"alg":"RS256","kid":"rsa"}'
	hint 'one without a nonce' signature-invalid text "the token's kid is"
	says_not 'is not said to be one' 'only Microsoft'
	graph text "$ISS" '{"alg":"RS256","kid":"rsa","nonce":"n"}'
	hint "somebody else's nonce" signature-invalid text "the token's kid is"
	says_not 'is not of Microsoft' Microsoft
}

headers() {
	graph text "$ISS" '{"alg":"RS256","kid":"rsa","jku":"https://uaa.test/token_keys"}'
	hint 'jku' header-invalid text 'must not have jku'
	says 'jku: who sends it' 'Cloud Foundry UAA and SAP XSUAA always send it'
	graph text "$ISS" '{"alg":"RS256","kid":"rsa","cty":"JWT"}'
	hint 'cty' header-invalid text 'must not have cty'
	says_not 'cty: nothing is said of UAA' UAA
}

# --- claims ----------------------------------------------------------------------------------------------------------

dates() {
	mac text "\"sub\":\"a\",\"iat\":$NOW,\"exp\":$((NOW + 600))000"
	hint 'exp in milliseconds' lifetime-too-long text 'exp is in milliseconds'
	says_not 'exp in milliseconds: no lifetime in days' 'max_lifetime is'
	mac text "\"sub\":\"a\",\"iat\":${NOW}000,\"exp\":$((NOW + 600))000"
	hint 'iat in milliseconds' issued-in-future text 'iat is in milliseconds'
	says_not 'iat in milliseconds: the clocks are not asked' 'do the clocks agree'
	"$tool" inspect <"$dir/text" >"$dir/out" 2>&1
	says 'inspect asks as well' 'in milliseconds? A time is in seconds'
	"$tool" inspect <"$dir/good" >"$dir/out" 2>&1
	says_not 'and not for times in seconds' seconds?
	mac text "\"sub\":\"a\",\"nbf\":${NOW}000,\"exp\":$((NOW + 600))"
	hint 'nbf in milliseconds' not-yet-valid text 'nbf is in milliseconds'
	mac text "\"sub\":\"a\",\"iat\":$((NOW + 900)),\"exp\":$((NOW + 1000))"
	hint 'iat in seconds, to come' issued-in-future text 'do the clocks agree'
	says_not 'is not in milliseconds' milliseconds
	mac text "\"sub\":\"a\",\"iat\":$NOW,\"exp\":4000000000"
	hint 'exp in seconds, far away' lifetime-too-long text 'max_lifetime is 1d'
	says_not 'is not in milliseconds either' milliseconds
	mac text "\"sub\":\"a\",\"iat\":$NOW,\"exp\":$((NOW + 86407))"
	hint 'a lifetime that is a little too long' lifetime-too-long text 'exp is 86407s after iat; max_lifetime is 86400s'
	mac text "\"sub\":\"a\",\"iat\":$NOW,\"exp\":$((NOW + 90000))"
	hint 'a lifetime that is too long' lifetime-too-long text 'exp is 1d1h after iat; max_lifetime is 1d'
	mac text "\"sub\":\"a\",\"iat\":\"$NOW\",\"exp\":$((NOW + 600))"
	hint 'a time that is a string' claim-invalid text 'iat is not a time: "'
}

ages() {
	sed 's/^\(algorithms.*\)/\1\nmax_age = 1h/' "$dir/conf" >"$dir/conf.age" && mv "$dir/conf.age" "$dir/conf"
	mac text "\"sub\":\"a\",\"iat\":$((NOW - 3605)),\"exp\":$((NOW + 600))"
	verify text --now "$NOW"
	says 'an age that is a little too much' '3605s ago; max_age is 3600s'
	verify text --now $((NOW + 600 - 5))
	says 'an age that is more' '1h10m ago; max_age is 1h'
	config
}

step_up() {
	config "as $(id -un) if auth_time within 15m"
	claims="\"sub\":\"a\",\"iat\":$NOW,\"exp\":$((NOW + 600))"
	mac text "$claims,\"auth_time\":\"2026-11-29T08:00:00Z\""
	hint 'auth_time as a date of ISO 8601' not-permitted text \
	    'auth_time is "2026-11-29T08:00:00Z"; a time is a number, of seconds since 1970'
	mac text "$claims,\"auth_time\":\"$NOW\""
	hint 'auth_time as a string of digits' not-permitted text 'a time is a number'
	mac text "$claims,\"auth_time\":${NOW}000"
	hint 'auth_time in milliseconds' not-permitted text 'auth_time is '"$NOW"'000: it is in milliseconds'
	mac text "$claims"
	hint 'auth_time that is absent' not-permitted text \
	    'all that is missing is auth_time within 15m; auth_time is absent'
	mac text "$claims,\"auth_time\":$((NOW - 1000))"
	hint 'auth_time that is too old' not-permitted text 'all that is missing is auth_time within 15m'
	says_not 'is a time' 'a time is a number'
	says_not 'and there' 'auth_time is absent'
	config
}

subjects() {
	claims="\"iat\":$NOW,\"exp\":$((NOW + 600))"
	mac text "$claims"
	hint 'sub that is absent' subject-missing text 'sub is absent'
	says 'sub that is absent: who leaves it out' 'Keycloak'
	says 'sub that is absent: it is needed for more than rules' 'also where no rule looks at it'
	mac text "$claims,\"sub\":\"\",\"common_name\":\"ci\""
	hint 'sub that is empty' subject-missing text 'sub is ""'
	says_not 'sub that is empty is not absent' 'absent'
	mac text "$claims,\"sub\":\"a\""
	verify text
	says 'a token with sub is accepted' accepted
}

# --- state -----------------------------------------------------------------------------------------------------------

revoked() {
	printf '[state]\ndirectory = %s\n' "$dir/state" >>"$dir/conf"
	run 0 'a state' state init --config "$dir/conf"
	run 0 'an account is cut off' revoke --config "$dir/conf" --account "$(id -un)"
	hint 'the cut-off of an account' revoked good "the account $(id -un) is cut off"
	says_not 'the token is not said to be revoked' 'the token is revoked'
	run 0 'the cut-off ends' revoke --config "$dir/conf" --account "$(id -un)" --undo
	verify good
	says 'the token logs in again' accepted
	run 0 'a token is revoked' revoke --config "$dir/conf" --token "$dir/good"
	hint 'a token that is revoked' revoked good 'the token itself'
	says_not 'is not a cut-off' 'cut off'
	issue session --claim sid=s1
	run 0 'a session is revoked' revoke --config "$dir/conf" --iss "$ISS" --sid s1
	hint 'a session that is revoked' revoked session 'the session "s1"'
	issue later --now $((NOW - 5))
	run 0 'a subject is revoked' revoke --config "$dir/conf" --iss "$ISS" --subject alice
	hint 'a subject that is revoked' superseded later "the tokens of the subject"
	run 0 'that ends' revoke --config "$dir/conf" --iss "$ISS" --subject alice --undo
	issue all
	run 0 'an issuer is revoked' revoke --config "$dir/conf" --iss "$ISS" --all --before "$((NOW + 60))"
	hint 'an issuer that is revoked' superseded all 'all tokens of the issuer'
	config
}

# --- key files -------------------------------------------------------------------------------------------------------

# keys NAME TEXT: check --keys refuses $dir/key, and says this.
keys() {
	"$tool" check --keys "$dir/key" >"$dir/out" 2>&1
	[ $? -eq 1 ] && grep -qF -e "$2" "$dir/out"
	result $? "$1"
}

pem_in_json() {	# FILE
	awk '{ printf "%s\\n", $0 }' "$1"
}

key_files() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/tls.key" -subj /CN=x -days 9 >"$dir/tls.crt" 2>/dev/null
	openssl x509 -in "$dir/tls.crt" -pubkey -noout >"$dir/tls.pub"
	cp "$dir/tls.crt" "$dir/key"
	keys 'a certificate' 'a certificate: its key is printed by "openssl x509 -pubkey -noout -in FILE"'
	cp "$dir/tls.key" "$dir/key"
	keys 'a private key' 'a private key, which no host needs: its public key is printed by "openssl pkey -pubout -in FILE"'
	openssl rsa -traditional -in "$dir/tls.key" 2>/dev/null >"$dir/key"
	keys 'an RSA private key' '"openssl pkey -pubout -in FILE"'
	openssl ecparam -name prime256v1 -genkey 2>/dev/null >"$dir/key"
	keys 'an EC private key after its parameters' '"openssl pkey -pubout -in FILE"'
	openssl rsa -in "$dir/tls.key" -RSAPublicKey_out 2>/dev/null >"$dir/key"
	keys 'an RSA public key of PKCS #1' '"openssl rsa -RSAPublicKey_in -pubout -in FILE"'
	cat "$dir/tls.pub" "$dir/tls.pub" >"$dir/key"
	keys 'two PEM blocks' 'more than one PEM block: keys takes one file for each'
	{ echo 'subject=CN = x'; cat "$dir/tls.crt"; } >"$dir/key"
	keys 'a certificate after what openssl prints' 'a certificate: '
	{ echo 'the key:'; cat "$dir/tls.pub"; } >"$dir/key"
	keys 'a key after other text' 'text in front of the PEM block'
	printf '\357\273\277' | cat - "$dir/ec.pub" >"$dir/key"
	keys 'a byte order mark' 'it starts with a byte order mark'
	cp "$dir/good" "$dir/key"
	keys 'a token' 'a token: the key is that of its issuer'
	openssl pkey -pubin -in "$dir/tls.pub" -outform DER >"$dir/key"
	keys 'a key in DER' 'binary: PEM is text'
	printf 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIUR1vrHa9IvkzZwCQOfjbaLRpfrFmuoZKAVwRgWS0y9 a@b\n' >"$dir/key"
	keys 'an OpenSSH public key' 'a public key of OpenSSH'
	printf '<!DOCTYPE html><html></html>' >"$dir/key"
	keys 'a page of HTML' 'a page of HTML'
	printf '{"a1":"%s","b2":"%s"}' "$(pem_in_json "$dir/tls.crt")" "$(pem_in_json "$dir/tls.crt")" >"$dir/key"
	keys 'an object of certificates by kid' "an object of PEM texts by kid: take the provider's JWK Set"
	printf '{"a1":"%s"}' "$(pem_in_json "$dir/tls.pub")" >"$dir/key"
	keys 'an object of keys by kid' "an object of PEM texts by kid"
	printf '{"issuer":"https://id.test","jwks_uri":"https://id.test/jwks"}' >"$dir/key"
	keys 'a discovery document' 'a discovery document: the keys are at its jwks_uri'
	printf '{"kty":"EC","crv":"P-256K"}' >"$dir/key"
	keys 'a key of an unknown curve' 'kty or crv is missing or not supported'
	says_not 'is no object of PEM texts' PEM
	for key in tls.pub ec.pub rsa.pub; do
		cp "$dir/$key" "$dir/key"
		"$tool" check --keys "$dir/key" --algorithms 'RS256 ES256' >"$dir/out" 2>&1 && ! grep -q openssl "$dir/out"
		result $? "$key is a key, and gets no advice"
	done
}

# The commands that the messages name, run as they stand.
remedies() {
	openssl rsa -in "$dir/tls.key" -RSAPublicKey_out 2>/dev/null >"$dir/tls.pkcs1"
	openssl pkey -pubin -in "$dir/tls.pub" -outform DER >"$dir/tls.der"
	for remedy in 'openssl x509 -pubkey -noout -in tls.crt' 'openssl pkey -pubout -in tls.key' \
	    'openssl rsa -RSAPublicKey_in -pubout -in tls.pkcs1' 'openssl pkey -pubin -inform DER -in tls.der'; do
		# shellcheck disable=SC2086	# words of a command
		(cd "$dir" && $remedy) >"$dir/key" 2>/dev/null
		"$tool" check --keys "$dir/key" --algorithms RS256 >"$dir/out" 2>&1
		result $? "$remedy: its output is a key"
	done
	if ! command -v ssh-keygen >/dev/null; then
		skip 'ssh-keygen' 'it is not here'
		return
	fi
	ssh-keygen -q -t ecdsa -N '' -f "$dir/ssh"
	for key in ssh ssh.pub; do
		ssh-keygen -e -m PKCS8 -f "$dir/$key" >"$dir/key" && "$tool" check --keys "$dir/key" >"$dir/out" 2>&1
		result $? "ssh-keygen -e -m PKCS8 -f $key: its output is a key"
	done
}

# A list of accounts, and the forms of "as claim". The clock of the next hour is never in the part of a day that is over.
accounts() {
	issue list --claim-json 'principals=["alice","bob"]' --claim upn='CORP\Zo\u00eb' --claim-json 'mixed="Zo\u00eb"'
	config 'as claim principals'
	hint 'a list, and none asked for' account-invalid list 'the claim is "alice" "bob"; a list gives the account that is asked for'
	verify list --user carol
	says 'a list without the account' 'hint: asked for is "carol", the token is for "alice" "bob"'
	says 'a list is shown' 'alice'
	says 'and the line' 'by line'
	config 'as claim mixed lower'
	hint 'letters that are not ASCII' account-invalid list 'in lowercase, which is for ASCII alone'
	config 'as claim upn without prefix "corp-"'
	hint 'a prefix' account-invalid list ', without prefix "corp-"; a name has'
	config 'as claim sub without "@x"'
	hint 'a suffix' account-invalid list 'the claim is "alice", without "@x"; a name has'
	says_not 'a suffix alone: nothing is said of a prefix' 'without prefix'
	config 'as claim absent'
	hint 'a claim that is absent' account-invalid list 'the claim is absent; a name has'
}

hours() {
	config "as $(id -un) if sub = alice and time 00:00-00:01 mon and time 12:00-12:01 tue"
	hint 'a time that is not now' not-permitted good 'all that is missing is time 00:00-00:01 mon; the clock of the host shows '
	says 'each test says what the clock shows' '00:00-00:01 mon  (the clock of the host shows '
	config "as $(id -un) if sub = bob and time 00:00-00:01 mon and time 12:00-12:01 tue"
	verify good
	says_not 'not if something else is missing, too' 'all that is missing is time'
	config "as $(id -un) if time 00:00-00:01 mon and time 12:00-12:01 tue or sub = bob"
	verify good
	says_not 'not under or' 'all that is missing is time'
	config
}

setup
if ! command -v openssl >/dev/null; then
	skip 'hints' 'openssl(1) is not here'
	finish
fi
for group in form opaque harmless signatures nonces headers dates ages step_up subjects accounts hours revoked key_files remedies; do
	$group
done
finish
