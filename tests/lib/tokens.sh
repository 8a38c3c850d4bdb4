# shellcheck shell=sh
# Makes keys, a configuration and tokens in $D: good ones, and one for each way in which a token can be bad. Part of ns.sh.

jwk_kid() {
	sed -n 's/.*"kid" *: *"\([^"]*\)".*/\1/p' "$1"
}

# Makes three keys: the issuer's, a stranger's, and the stranger's again under the kid of the issuer's.
keys_make() {
	for key_name in test stranger; do
		"$JWT" key generate --alg ES256 --out "$D/$key_name.jwk" --public "$D/$key_name.pub.jwk"
	done
	(umask 077 && sed "s|$(jwk_kid "$D/stranger.jwk")|$(jwk_kid "$D/test.jwk")|" "$D/stranger.jwk" >"$D/forged.jwk")
	conf_write "$@"
}

conf_write() {	# SERVICE...
	cat >"$CONF" <<-END
		[issuer test]
		iss      = $ISS
		keys     = $D/test.pub.jwk
		audience = $AUD
		leeway   = 0s

		[service $*]
		permit   = as claim sub
	END
}

mint() {	# KEY USER AUDIENCE [OPTION...]
	mint_key=$D/$1.jwk mint_sub=$2 mint_aud=$3
	shift 3
	"$JWT" issue --key "$mint_key" --iss "$ISS" --sub "$mint_sub" --aud "$mint_aud" --ttl 10m "$@"
}

# Replaces one character in the middle of the signature. The last one would not do: some of its bits mean nothing.
token_tamper() {
	awk -F. '{
		middle = int(length($3) / 2)
		letter = substr($3, middle, 1) == "A" ? "B" : "A"
		print $1 "." $2 "." substr($3, 1, middle - 1) letter substr($3, middle + 1)
	}'
}

b64url() {
	base64 -w 0 | tr '+/' '-_' | tr -d '='
}

# Replaces the header of a token by one that asks for no signature, and the signature by junk.
token_unsign() {
	IFS=. read -r _ unsign_payload _
	printf '%s.%s.%s\n' "$(printf '{"alg":"none","typ":"JWT"}' | b64url)" "$unsign_payload" \
		"$(printf 'this is nobody-signed-it, written at length' | b64url)"
}

# Puts the claims of another token under this one's signature.
token_swap() {	# OTHER
	IFS=. read -r swap_header _ swap_signature
	IFS=. read -r _ swap_payload _ <"$1"
	printf '%s.%s.%s\n' "$swap_header" "$swap_payload" "$swap_signature"
}

# Writes one file for each token into $D/tok. The expired one is issued in the past, so that no test waits.
tokens_make() {	# USER OTHER
	mint test "$1" "$AUD" >"$D/tok/good"
	mint test "$2" "$AUD" >"$D/tok/other"
	mint test "$1" "$AUD" --now $(($(date +%s) - 3600)) >"$D/tok/expired"
	mint test "$1" urn:elsewhere >"$D/tok/audience"
	mint stranger "$1" "$AUD" >"$D/tok/stranger"
	mint forged "$1" "$AUD" >"$D/tok/forged"
	token_tamper <"$D/tok/good" >"$D/tok/tampered"
	token_swap "$D/tok/good" <"$D/tok/other" >"$D/tok/swapped"
	token_unsign <"$D/tok/good" >"$D/tok/none"
	echo "pjr1_$(head -c 68 /dev/urandom | b64url)" >"$D/tok/refresh"	# by the form of pam-jwt-issuer
	echo >"$D/tok/empty"
	echo 'correct-horse-battery-staple' >"$D/tok/garbage"
}

# Prints every run of 20 bytes in the payload and signature, or the encrypted key, text and tag, of the tokens in the given files. A text that is not a token is printed
# in runs as well: it may be a password.
token_runs() {	# FILE...
	awk -F. '
	function runs(text,  i) { for (i = 1; i <= length(text) - 19; i++) print substr(text, i, 20) }
	NF == 3 { runs($2); runs($3) }
	NF == 5 { runs($2); runs($4); runs($5) }
	NF == 1 { runs($1) }' "$@"
}
