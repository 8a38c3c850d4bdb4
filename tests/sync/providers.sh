#!/bin/sh
# keys = sync with real identity providers, npm's oidc-provider and Debian's glewlwyd: each is known by its address alone, and
# changes its keys while people log in. Each has TLS and a name, in a network namespace of its own.
# shellcheck disable=SC2034 # variables for what is sourced
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sync.sh
. "$P/tests/lib/sync.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck source=tests/lib/glewlwyd.sh
. "$P/tests/lib/glewlwyd.sh"
command -v pamtester >/dev/null || { skip providers 'pamtester is not installed (sh tests/check.sh does that)' && exit 0; }
command -v python3 >/dev/null || { skip providers 'python3 is not here' && exit 0; }
[ -x "$B/pam-jwt-net" ] || { skip providers 'there was no libcurl for pam-jwt-net' && exit 0; }
provider_enter "$0" "$@"
why=$(provider_missing)
[ -z "$why" ] || { skip providers "$why" && exit 0; }
ns_enter "$0" "$@"

SERVICE=pamtester
RHOST=192.0.2.7
WANT='pamtester: successfully authenticated'
WANTED=/run/pam_jwt/wanted
RESOURCE=https://host.test

login() {	# USER
	timeout -k 5 "$LIMIT" setsid pamtester -I rhost="$RHOST" -I tty=tty7 pamtester "$1" authenticate
}

configure() {	# CLAIM
	cat >"$CONF" <<-END
		[issuer corp]
		iss      = $ISSUER
		keys     = sync
		audience = $RESOURCE
		sync_ca_file = $D/ca.pem

		[service pamtester]
		permit   = as claim $1

		[state]
		directory = $D/state
		sync_directory = $KEYS
	END
}

# A token as an application gets it.
token() {	# NAME
	"${PROVIDER}_login" alice "$RESOURCE" | json_member access_token >"$D/tok/$1"
}

# What sync --due does for a login that left a word, half a minute after it asked last.
due() {	# NAME LINE
	check "$1: the login left a word" test -e "$WANTED/corp"
	age 30
	want "$1: what is due" 0 "$2" --due
	check "$1: the word is taken away" test ! -e "$WANTED/corp"
}

first_keys() {
	token first
	attempt 'before the first sync' first alice keys-stale
	want 'the first sync' 0 'corp: installed, +.*'
	attempt 'the first key' first alice ok
	attempt 'for somebody else' first bob account-mismatch
	want 'another sync' 0 'corp: unchanged.*'
}

# What most providers do: the old key goes when the new one comes.
without_overlap() {
	"${PROVIDER}_keys" drop
	token second
	attempt 'without overlap: the old key, before sync knows' first alice ok
	attempt 'without overlap: the new key, before sync knows' second alice key-unknown
	due 'without overlap' 'corp: installed, +.* -.*'
	attempt 'without overlap: the new key' second alice ok
	attempt 'without overlap: the old key' first alice key-unknown
	rm -f "$WANTED/corp"
}

with_overlap() {
	"${PROVIDER}_keys" keep
	token third
	attempt 'with overlap: the old key, before sync knows' second alice ok
	attempt 'with overlap: the new key, before sync knows' third alice key-unknown
	due 'with overlap' 'corp: installed,\( +[^ ]*\)*\( (.*)\)\{0,1\}'
	attempt 'with overlap: the old key' second alice ok
	attempt 'with overlap: the new key' third alice ok
}

outage() {	# LINE
	"${PROVIDER}_stop"
	cp "$KEYS/corp.jwks" "$D/before"
	want 'the provider is down' 1 'corp: kept (.*)'
	check 'down: the set stays, byte for byte' cmp -s "$KEYS/corp.jwks" "$D/before"
	attempt 'down: logins go on' third alice ok
	"${PROVIDER}_again" || fail 'it starts again'
	token fourth
	want 'it is back' 0 "$1"
	attempt 'back: a token of now' fourth alice ok
}

one_provider() {	# PREFIX NAME CLAIM LINE
	PROVIDER=$1
	AREA=$2
	why=$("$1_missing")
	[ -z "$why" ] || { skip 'keys = sync' "$why" && return 0; }
	"$1_start" "$2" || { fail 'it starts' && return 0; }
	rm -rf "$KEYS"
	configure "$3"
	first_keys
	without_overlap
	with_overlap
	outage "$4"
	"$1_stop"
	cp "$D/tok/fourth" "$D/tok/good"
	log_clean
}

pam_service pamtester
sync_prepare
provider_names oidc-provider.test glewlwyd.test
ISSUER=https://none.test
configure sub
"$JWT" state init --config "$CONF" >"$D/out"
# The first has other keys whenever it starts, the second keeps them in its database.
one_provider op oidc-provider.test sub 'corp: installed, +.* -.*'
one_provider glw glewlwyd.test username 'corp: unchanged.*'
finish
