# shellcheck shell=sh
# Makes tokens of an exact length, and their parts. Sourced after ns.sh by scripts that try how long an answer may be:
#
#     sized_make SERVICE...      key and configuration: an issuer of its own, with an HMAC secret, whose claims are short
#     sized_token N USER FILE    a good token of exactly N bytes, 150 at least, for one hour
#     sized_parts FILE SIZE      its parts, one on each line
#     SIZES                      the lengths that the tests try

# shellcheck disable=SC2034 # for the script that sources this
SIZES='150 510 511 512 1023 1024 2000 4095 4096 15000'

# shellcheck disable=SC2154 # D, CONF and b64url are those of ns.sh
sized_make() {
	sized_secret=$(openssl rand -hex 16)	# 32 characters, each a byte of the secret
	SIZED_KEY=$(printf '%s' "$sized_secret" | od -An -v -tx1 | tr -d ' \n')
	(umask 077 && printf '{"kty":"oct","k":"%s"}' "$(printf '%s' "$sized_secret" | b64url)" >"$D/sized.jwk")
	cat >"$CONF" <<-END
		[issuer sized]
		iss        = i
		keys       = $D/sized.jwk
		algorithms = HS256
		audience   = a

		[service $*]
		permit     = as claim sub
	END
}

# Spaces in the header change the length of the rest to one that base64url can have.
sized_token() {
	for sized_blank in '' ' ' '  '; do
		sized_header=$(printf '{"alg":"HS256"%s}' "$sized_blank" | b64url)
		sized_rest=$(($1 - 45 - ${#sized_header}))	# dots and signature: 45
		[ $((sized_rest % 4)) -ne 1 ] || continue
		sized_claims="{\"iss\":\"i\",\"sub\":\"$2\",\"aud\":\"a\",\"exp\":$(($(date +%s) + 3600))"
		sized_pad=$((sized_rest * 3 / 4 - ${#sized_claims} - 8))
		sized_input=$sized_header.$(printf '%s,"p":"%s"}' "$sized_claims" "$(printf "%${sized_pad}s" '' | tr ' ' x)" | b64url)
		sized_mac=$(printf '%s' "$sized_input" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$SIZED_KEY" -binary | b64url)
		printf '%s.%s' "$sized_input" "$sized_mac" >"$3"
		break
	done
	[ "$(wc -c <"$3")" -eq "$1" ] || fail "a token of $1 bytes has $(wc -c <"$3")"
}

sized_parts() {
	fold -b -w "$2" "$1"
	echo
}
