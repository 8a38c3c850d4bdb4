#!/bin/sh
# Logins with the tokens of real identity providers, whose keys change: npm's oidc-provider and Debian's glewlwyd, each with TLS
# in a network namespace of its own. What they publish is fetched by pam-jwt-net.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck source=tests/lib/glewlwyd.sh
. "$P/tests/lib/glewlwyd.sh"
command -v pamtester >/dev/null || { skip providers 'pamtester is not installed (sh tests/check.sh does that)' && exit 0; }
[ -x "$B/pam-jwt-net" ] || { skip providers 'there was no libcurl for pam-jwt-net' && exit 0; }
provider_enter "$0" "$@"
why=$(provider_missing)
[ -z "$why" ] || { skip providers "$why" && exit 0; }
ns_enter "$0" "$@"

SERVICE=pamtester
RHOST=192.0.2.7
WANT='pamtester: successfully authenticated'
RESOURCE=https://host.test
KEYS=$D/keys

login() {	# USER
	timeout -k 5 "$LIMIT" setsid pamtester -I rhost="$RHOST" -I tty=tty7 pamtester "$1" authenticate
}

configure() {	# ISSUER CLAIM
	cat >"$CONF" <<-END
		[issuer corp]
		iss      = $1
		keys     = sync
		audience = $RESOURCE

		[service pamtester]
		permit   = as claim $2

		[state]
		directory = $D/state
		sync_directory = $KEYS
	END
}

token() {	# NAME
	"${PROVIDER}_login" alice "$RESOURCE" | json_member access_token >"$D/tok/$1"
}

fetch() {	# URL
	timeout 60 "$B/tests/programs/fetchtry" -u nobody -c "$D/ca.pem" -b "$D/pam-jwt-net" "$1"
}

# Puts the published set in force, found by the address of the issuer alone.
fetch_set() {
	fetch_uri=$(fetch "$ISSUER/.well-known/openid-configuration" | json_member jwks_uri)
	fetch "$fetch_uri" | sed "s|}\$|,\"synced\":$(date +%s),\"source\":\"$fetch_uri\"}|" >"$KEYS/corp.new"
	mv "$KEYS/corp.new" "$KEYS/corp.jwks"
}

rotations() {
	token first
	attempt 'before the keys are fetched' first alice keys-stale
	fetch_set
	attempt 'the first key' first alice ok
	attempt 'for somebody else' first bob account-mismatch
	"${PROVIDER}_keys" drop
	token second
	attempt 'a new key without overlap, before it is fetched' second alice key-unknown
	attempt 'and the old one' first alice ok
	fetch_set
	attempt 'without overlap: the new key' second alice ok
	attempt 'without overlap: the old key' first alice key-unknown
	"${PROVIDER}_keys" keep
	token third
	attempt 'a new key with overlap, before it is fetched' third alice key-unknown
	fetch_set
	attempt 'with overlap: the old key' second alice ok
	attempt 'with overlap: the new key' third alice ok
	token_tamper <"$D/tok/third" >"$D/tok/tampered"
	attempt 'a tampered token' tampered alice signature-invalid
	cp "$D/tok/third" "$D/tok/good"
	log_clean
}

one_provider() {	# PREFIX NAME CLAIM
	PROVIDER=$1
	AREA=$2
	why=$("$1_missing")
	[ -z "$why" ] || { skip rotations "$why" && return 0; }
	"$1_start" "$2" || { fail 'it starts' && return 0; }
	rm -rf "$KEYS"
	mkdir "$KEYS"
	configure "$ISSUER" "$3"
	rotations
	"$1_stop"
}

pam_service pamtester
mkdir "$KEYS"
cp "$B/pam-jwt-net" "$D"
chmod 755 "$D"
configure https://none.test sub
"$JWT" state init --config "$CONF" >"$D/out"
provider_names oidc-provider.test glewlwyd.test
one_provider op oidc-provider.test sub
one_provider glw glewlwyd.test username
finish
