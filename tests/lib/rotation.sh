# shellcheck shell=sh
# keys = sync with a real identity provider that changes its keys while people log in. Sourced after ns.sh, sync.sh and
# provider.sh.
#
#     rotation_prepare NAME...    inside the namespace; the names are those of the providers
#     rotation_of PREFIX NAME USER CLAIM   starts the provider with the functions of that prefix, and configures it as the
#                                 issuer corp; USER logs in, CLAIM names the account
#     configure LINE...           writes the configuration, with more lines for corp
#     first_keys, without_overlap, with_overlap, outage LINE       the results; LINE is what sync says when it is back
#     rotation_end

# shellcheck disable=SC2034 # for attempt.sh
SERVICE=pamtester
RHOST=192.0.2.7
# shellcheck disable=SC2034
WANT='pamtester: successfully authenticated'
WANTED=/run/pam_jwt/wanted
RESOURCE=https://host.test

login() {	# USER
	timeout -k 5 "$LIMIT" setsid pamtester -I rhost="$RHOST" -I tty=tty7 pamtester "$1" authenticate
}

# shellcheck disable=SC2120 # a script may give lines
configure() {	# LINE-OF-THE-ISSUER...
	cat >"$CONF" <<-END
		[issuer corp]
		iss      = $ISSUER
		keys     = sync
		audience = $RESOURCE
		sync_ca_file = $D/ca.pem
		$(printf '%s\n' "$@")

		[service pamtester]
		permit   = as claim $CLAIM

		[state]
		directory = $D/state
		sync_directory = $KEYS
	END
}

# A token as an application gets it.
token() {	# NAME
	"${PROVIDER}_login" "$PERSON" "$RESOURCE" | json_member access_token >"$D/tok/$1"
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
	attempt 'before the first sync' first "$PERSON" keys-stale
	want 'the first sync' 0 'corp: installed, +.*'
	attempt 'the first key' first "$PERSON" ok
	attempt 'for somebody else' first bob account-mismatch
	want 'another sync' 0 'corp: unchanged.*'
}

# What most providers do: the old key goes when the new one comes.
without_overlap() {
	"${PROVIDER}_keys" drop
	token second
	attempt 'without overlap: the old key, before sync knows' first "$PERSON" ok
	attempt 'without overlap: the new key, before sync knows' second "$PERSON" key-unknown
	due 'without overlap' 'corp: installed, +.* -.*'
	attempt 'without overlap: the new key' second "$PERSON" ok
	attempt 'without overlap: the old key' first "$PERSON" key-unknown
	rm -f "$WANTED/corp"
}

with_overlap() {
	"${PROVIDER}_keys" keep
	token third
	attempt 'with overlap: the old key, before sync knows' second "$PERSON" ok
	attempt 'with overlap: the new key, before sync knows' third "$PERSON" key-unknown
	due 'with overlap' 'corp: installed,\( +[^ ]*\)*\( (.*)\)\{0,1\}'
	attempt 'with overlap: the old key' second "$PERSON" ok
	attempt 'with overlap: the new key' third "$PERSON" ok
}

outage() {	# LINE
	"${PROVIDER}_stop"
	cp "$KEYS/corp.jwks" "$D/before"
	want 'the provider is down' 1 'corp: kept (.*)'
	check 'down: the set stays, byte for byte' cmp -s "$KEYS/corp.jwks" "$D/before"
	attempt 'down: logins go on' third "$PERSON" ok
	"${PROVIDER}_again" || fail 'it starts again'
	token fourth
	want 'it is back' 0 "$1"
	attempt 'back: a token of now' fourth "$PERSON" ok
}

rotation_of() {	# PREFIX NAME USER CLAIM
	PROVIDER=$1
	# shellcheck disable=SC2034 # for results.sh
	AREA=$2
	PERSON=$3
	CLAIM=$4
	rotation_why=$("$1_missing")
	[ -z "$rotation_why" ] || { skip 'keys = sync' "$rotation_why" && return 1; }
	"$1_start" "$2" || { fail 'it starts' && return 1; }
	rm -rf "$KEYS"
	configure
}

rotation_end() {
	"${PROVIDER}_stop"
	cp "$D/tok/fourth" "$D/tok/good"
	log_clean
}

rotation_prepare() {	# NAME...
	pam_service pamtester
	sync_prepare
	provider_names "$@"
	ISSUER=https://none.test CLAIM=sub
	configure
	"$JWT" state init --config "$CONF" >"$D/out"
}
