#!/bin/sh
# pam-jwt sync from end to end: a provider of ours that is good, changes its keys, and is bad in every way; the module logs in
# in between. Everything is on the loopback address and in a mount namespace.
# shellcheck disable=SC2034 # variables for what is sourced
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/certificates.sh
. "$P/tests/lib/certificates.sh"
# shellcheck source=tests/lib/sync.sh
. "$P/tests/lib/sync.sh"
command -v pamtester >/dev/null || { skip sync 'pamtester is not installed (sh tests/check.sh does that)' && exit 0; }
command -v python3 >/dev/null || { skip sync 'python3 is not here' && exit 0; }
[ -x "$B/pam-jwt-net" ] || { skip sync 'there was no libcurl for pam-jwt-net' && exit 0; }
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip sync 'only root replaces keys' && exit 0; }

AREA=sync
SERVICE=pamtester
RHOST=192.0.2.7
WANT='pamtester: successfully authenticated'
WANTED=/run/pam_jwt/wanted
WEB=$D/web
SITE=$D/web/site
CERTIFICATES=$WEB

login() {	# USER
	timeout -k 5 "$LIMIT" setsid pamtester -I rhost="$RHOST" -I tty=tty7 pamtester "$1" authenticate
}

# ---- the provider ----

server_start() {
	python3 "$P/tests/sync/badidp.py" "$WEB" >"$D/ports" 2>"$D/server.err" &
	SERVER=$!
	NS_PIDS="$NS_PIDS $SERVER"
	wait_for 10 test -s "$D/ports"
	read -r HTTPS HTTP _ _ MUTUAL _ <"$D/ports"
	BASE=https://localhost:$HTTPS
}

# Puts a text under a path.
serve() {	# PATH TEXT
	mkdir -p "$SITE/$(dirname "$1")"
	printf '%s' "$2" >"$SITE/$1.tmp"
	mv "$SITE/$1.tmp" "$SITE/$1"
}

publish() {	# NAME...
	publish_list=
	for publish_name in "$@"; do
		publish_list="$publish_list${publish_list:+,}$(cat "$D/$publish_name.pub.jwk")"
	done
	serve jwks "{\"keys\":[$publish_list]}"
	cp "$SITE/jwks" "$WEB/keys.json"
}


# ---- the host ----

configure() {	# LINE-OF-THE-ISSUER...
	{
		printf '[issuer corp]\niss = %s/corp\nkeys = sync\naudience = %s\nsync_ca_file = %s\n' "$BASE" "$AUD" "$WEB/ca.pem"
		printf '%s\n' "$@"
		printf '[service pamtester]\npermit = as claim sub\n[state]\ndirectory = %s\nsync_directory = %s\n' "$D/state" "$KEYS"
	} >"$CONF"
}

# A run that does not begin.
trouble() {	# NAME PATTERN OPTION...
	trouble_name=$1 trouble_pattern=$2
	shift 2
	trouble_ok=0
	sync 2 "$@" || trouble_ok=1
	[ ! -s "$D/out" ] && grep -q -- "$trouble_pattern" "$D/err" || trouble_ok=1
	result "$trouble_ok" "$trouble_name" "status $sync_got" @"$D/out" @"$D/err"
}

asked() {
	grep -c '^GET' "$WEB/log" || :
}

# What a login sees: user alice with a token of that key.
enters() {	# LABEL KEY REASON
	"$JWT" issue --key "$D/$2.jwk" --iss "$BASE/corp" --sub alice --aud "$AUD" --ttl 10m >"$D/tok/now"
	attempt_login "$1" now alice "$3"
}

refuses() {	# LABEL PATH RESULT-PATTERN
	cp "$KEYS/corp.jwks" "$D/before"
	configure "jwks_uri = $BASE/$2"
	want "$1" 1 "corp: $3"
	check "$1: the old set stays, byte for byte" cmp -s "$KEYS/corp.jwks" "$D/before"
}

# ---- what must hold ----

first_sync() {
	configure
	serve corp/.well-known/openid-configuration "{\"issuer\":\"$BASE/corp\",\"jwks_uri\":\"$BASE/jwks\"}"
	publish a
	enters 'before the first sync' a keys-stale
	log_mark
	want 'the first one' 0 'corp: installed, +a'
	log_sync
	check 'it is in the log' grep -qE '^<85>.*pam-jwt\[[0-9]+\]: corp: installed, \+a$' "$LOG"
	enters 'a key that was fetched' a ok
	want 'again' 0 'corp: unchanged'
	check 'the modes' test "$(stat -c %a "$KEYS" "$KEYS/corp.jwks" "$KEYS/corp.state" | tr '\n' ' ')" = '755 644 644 '
	check 'the folder for words' test "$(stat -c %a%u "$WANTED")" = 7000
	check 'nothing else is left' test "$(ls "$KEYS")" = "$(printf 'corp.jwks\ncorp.state')"
	check 'source and time are in the set' grep -q "\"source\":\"$BASE/jwks\"" "$KEYS/corp.jwks"
	want 'by name' 0 'corp: unchanged' corp
}

due() {
	: >"$WEB/log"
	quiet 'nothing is due' 0 --due
	age 500
	quiet 'still nothing' 0 --due
	check 'and nobody was asked' test "$(asked)" = 0
	age 100
	want 'after sync_every' 0 'corp: unchanged' --due
	quiet 'and not again' 0 --due
	printf 'Cache-Control: max-age=3000\n' >"$SITE/jwks.head"
	age 600
	want 'a max-age' 0 'corp: unchanged' --due
	age 2900
	quiet 'lengthens it' 0 --due
	age 100
	want 'to what it says' 0 'corp: unchanged' --due
	configure 'keys_max_age = 1h'
	want 'a short keys_max_age' 0 'corp: unchanged'
	age 1100
	quiet 'a third of it is waited for' 0 --due
	age 100
	want 'and no longer' 0 'corp: unchanged' --due
	configure
	printf 'Cache-Control: no-store, no-cache, max-age=0\n' >"$SITE/jwks.head"
	age 3000
	want 'an answer that no cache may keep' 0 'corp: unchanged' --due
	quiet 'is kept for sync_every' 0 --due
	rm "$SITE/jwks.head"
	configure 'sync_every = 24h' 'keys_max_age = 1h'
	want 'a day in between' 0 'corp: unchanged'
	age 3500
	quiet 'is waited for' 0 --due
	age 200
	want 'but not with a set that is too old' 0 'corp: unchanged' --due
	configure
	want 'ten minutes again' 0 'corp: unchanged'
	printf '{"keys":[' >"$KEYS/corp.state"
	want 'a torn memory costs a request' 0 'corp: unchanged' --due
	rm "$KEYS/corp.state"
	want 'so does a lost one' 0 'corp: unchanged' --due
	rm "$KEYS/corp.jwks"
	age 60
	want 'a set that vanished is fetched again' 0 'corp: installed, +a' --due
}

# Without overlap: the old key goes and the new one comes in the same moment.
rotations() {
	publish b
	enters 'the old key, before sync knows' a ok
	enters 'the new key, before sync knows' b key-unknown
	check 'it leaves a word' test -f "$WANTED/corp"
	quiet 'not within 30 seconds' 0 --due
	check 'the word stays' test -f "$WANTED/corp"
	age 30
	want 'then it is asked for' 0 'corp: installed, +b -a' --due
	check 'the word is gone' test ! -e "$WANTED/corp"
	enters 'the new key' b ok
	enters 'the old key' a key-unknown
	rm "$WANTED/corp"
	publish b c
	want 'a rotation with overlap' 0 'corp: installed, +c'
	enters 'overlap: the old key' b ok
	enters 'overlap: the new key' c ok
	publish c
	want 'the end of the overlap' 0 'corp: installed, -b'
	enters 'the end: the old key' b key-unknown
	configure 'keep_old = 1h'
	publish a
	want 'with keep_old' 0 'corp: installed, +a.*'
	enters 'kept: the old key' c ok
	enters 'kept: the new key' a ok
	configure
	want 'without it again' 0 'corp: .*'
	enters 'not kept: the old key' c key-unknown
	rm -f "$WANTED/corp"
}

# A name that looks like the rest of the line, or could end it, stands in quotes; a plain one does not.
odd_names() {
	odd_names_b=$(sed 's/"kid":"b"/"kid":"-a (x) corp: y\\n"/' "$D/b.pub.jwk")
	odd_names_c=$(sed 's/"kid":"c"/"kid":"A-z0.9_~+\/=:@"/' "$D/c.pub.jwk")
	serve jwks "{\"keys\":[$(cat "$D/a.pub.jwk"),$odd_names_b,$odd_names_c]}"
	want 'odd names' 0 'corp: installed, +"-a (x) corp: y\\x0a" +A-z0.9_~+/=:@'
	odd_names_b=$(sed 's/"kid":"b"/"kid":"+b"/' "$D/b.pub.jwk")
	serve jwks "{\"keys\":[$(cat "$D/a.pub.jwk"),$odd_names_b]}"
	want 'odd names that go' 0 'corp: installed, +"+b" -"-a (x) corp: y\\x0a" -A-z0.9_~+/=:@'
	publish a
	want 'and the last one' 0 'corp: installed, -"+b"'
}

# The section gets another provider, which cannot be asked yet: the keys of the old one are not those of the new one.
other_iss() {
	configure "jwks_uri = $BASE/503"
	want 'the provider of before' 1 'corp: kept (HTTP 503)'
	enters 'its key' a ok
	sed -i 's|/corp$|/other|' "$CONF"
	want 'another provider, which cannot be asked' 1 'corp: failed (HTTP 503)'
	"$JWT" issue --key "$D/a.jwk" --iss "$BASE/other" --sub alice --aud "$AUD" --ttl 10m >"$D/tok/now"
	attempt_login 'the key of the old one, in the name of the new one' now alice keys-stale
	checks 'check: the set is of another' 'its fetched keys are not used.*fetched for another iss'
	configure
	rm -f "$WANTED/corp"
	want 'the provider of before again' 0 'corp: unchanged'
}

validators() {
	printf 'ETag: "v1"\n' >"$SITE/jwks.head"
	want 'an answer with an ETag' 0 'corp: unchanged'
	: >"$WEB/log"
	want 'it is sent back' 0 'corp: unchanged'
	check 'to the set alone' test "$(grep -c 'If-None-Match: "v1"' "$WEB/log")" = 1
	want 'a 304 need not repeat it' 0 'corp: unchanged'
	check 'it is sent back again' test "$(grep -c 'If-None-Match: "v1"' "$WEB/log")" = 2
	publish b
	printf 'ETag: "v2"\n' >"$SITE/jwks.head"
	want 'another ETag' 0 'corp: installed, +b -a'
	serve jwks2 "{\"keys\":[$(cat "$D/a.pub.jwk")]}"
	printf 'ETag: "v2"\n' >"$SITE/jwks2.head"
	serve corp/.well-known/openid-configuration "{\"issuer\":\"$BASE/corp\",\"jwks_uri\":\"$BASE/jwks2\"}"
	want 'it is not sent to another address' 0 'corp: installed, +a -b'
	configure "jwks_uri = $BASE/jwks2" 'sync_every = 11m'
	: >"$WEB/log"
	want 'nor with other settings' 0 'corp: unchanged'
	check 'it was not' sh -c "! grep -q If-None-Match '$WEB/log'"
	sed "s/\"kid\":\"a\"/\"kid\":\"x\"/" "$KEYS/corp.jwks" >"$KEYS/corp.new"
	mv "$KEYS/corp.new" "$KEYS/corp.jwks"
	want 'nor for a set that is not ours' 0 'corp: installed, +a -x'
	rm -f "$SITE/jwks.head"
	serve corp/.well-known/openid-configuration "{\"issuer\":\"$BASE/corp\",\"jwks_uri\":\"$BASE/jwks\"}"
	configure
	want 'back' 0 'corp: installed, +b -a'
}

places() {
	rm "$SITE/corp/.well-known/openid-configuration"
	want 'no document' 1 'corp: kept (HTTP 404)'
	check 'by hand the address is named' grep -q "corp: the address was $BASE/corp/.well-known/openid-configuration" "$D/err"
	serve .well-known/oauth-authorization-server/corp "<html></html>"
	printf 'Content-Type: text/html\n' >"$SITE/.well-known/oauth-authorization-server/corp.head"
	want 'a page in the second place' 1 'corp: kept (HTTP 404)'
	rm "$SITE/.well-known/oauth-authorization-server/corp.head"
	serve .well-known/oauth-authorization-server/corp "{\"issuer\":\"$BASE/corp\",\"jwks_uri\":\"$BASE/jwks\"}"
	want 'a document in the second place' 0 'corp: unchanged'
	serve corp/.well-known/openid-configuration '{}'
	printf 410 >"$SITE/corp/.well-known/openid-configuration.status"
	want 'after 410, too' 0 'corp: unchanged'
	printf 500 >"$SITE/corp/.well-known/openid-configuration.status"
	: >"$WEB/log"
	want 'not after 500' 1 'corp: kept (HTTP 500)'
	check 'it was not asked' sh -c "! grep -q oauth-authorization '$WEB/log'"
	printf 404 >"$SITE/corp/.well-known/openid-configuration.status"
	configure "discovery = $BASE/corp/.well-known/openid-configuration"
	want 'not for a place that the settings name' 1 'corp: kept (HTTP 404)'
	rm "$SITE/corp/.well-known/openid-configuration.status"
	serve corp/.well-known/openid-configuration "{\"issuer\":\"$BASE/other\",\"jwks_uri\":\"$BASE/jwks\"}"
	want 'the document of another issuer' 1 'corp: refused (.*issuer.*)'
	serve corp/.well-known/openid-configuration "{\"issuer\":\"$BASE/corp\",\"jwks_uri\":\"http://127.0.0.1:$HTTP/keys\"}"
	want 'a jwks_uri without TLS' 1 'corp: refused (.*)'
	serve corp/.well-known/openid-configuration "{\"issuer\":\"$BASE/corp\",\"jwks_uri\":\"$BASE/jwks\"}"
	configure "discovery = http://127.0.0.1:$HTTP/corp/.well-known/openid-configuration"
	want 'a document by http from this host' 0 'corp: unchanged'
	configure
}

bad_answers() {
	refuses 'a redirect to http' tohttp 'kept (.*)'
	refuses 'a loop' loop 'kept (.*)'
	refuses 'gzip' gzip 'kept (the answer is compressed.*)'
	refuses 'brotli' br 'kept (the answer is compressed.*)'
	refuses 'a bomb of 200 MB' bomb 'kept (the answer is compressed.*)'
	refuses 'a bomb in the transfer encoding' bomb-transfer '\(kept\|refused\) (.*)'
	refuses 'a byte too many' big 'kept (the answer is longer than 512 KiB.*)'
	refuses 'a body without end' endless 'kept (.*)'
	refuses 'a body that was cut' cut 'kept (.*)'
	refuses 'a chunk that was cut' cutchunk 'kept (.*)'
	refuses '503' 503 'kept (HTTP 503)'
	refuses 'a page with 200' html 'refused (.*)'
	serve bad/304 "{\"keys\":[]}" && printf 304 >"$SITE/bad/304.status"
	refuses 'a 304 that nobody asked for' bad/304 'kept (HTTP 304)'
	serve bad/empty '{"keys":[]}'
	refuses 'an empty set' bad/empty 'refused (no key can be used.*)'
	serve bad/bom "$(printf '\357\273\277{"keys":[%s]}' "$(cat "$D/b.pub.jwk")")"
	refuses 'a byte order mark' bad/bom 'refused (.*)'
	serve bad/oct '{"keys":[{"kty":"oct","kid":"s","k":"c2VjcmV0"}]}'
	refuses 'a set of secrets' bad/oct 'refused (.*)'
	serve bad/private "{\"keys\":[$(cat "$D/b.jwk")]}"
	log_mark
	refuses 'a private key' bad/private 'refused (.*PRIVATE.*)'
	log_sync
	check 'it is shouted about' sh -c "grep -q '^<83>.*pam-jwt\[[0-9]*\]: corp: refused' '$LOG'"
	python3 "$P/tests/sync/sets.py" "$D/b.pub.jwk" "$SITE/bad"
	refuses 'more keys than 256' bad/many 'refused (.*)'
	refuses 'one kid for two keys, and nothing else' bad/twokeys 'refused (.*)'
	rm "$KEYS/corp.jwks"
	configure "jwks_uri = $BASE/503"
	want 'no old set' 1 'corp: failed (HTTP 503)'
	configure "jwks_uri = $BASE/html"
	want 'no old set, and a page' 1 'corp: failed (.*)'
	configure
	want 'the good one again' 0 'corp: installed, +b'
}

# What is odd, and yet no reason to refuse.
odd_sets() {
	for odd in "x5c of 60 KB:x5c:+long" "the same key twice:twice:" "a secret beside it:oct:" "a coordinate without its zeros:short:+short" \
		"one kid for two keys:ambiguous:"; do
		odd_path=${odd#*:}
		odd_names=${odd_path#*:}
		odd_path=${odd_path%%:*}
		configure "jwks_uri = $BASE/odd/$odd_path"
		want "${odd%%:*}" 0 "corp: \\(installed, .*\\|unchanged.*\\)"
		check "${odd%%:*}: the names" grep -q -- "$odd_names" "$D/out"
	done
	check 'it says that neither is used' grep -q 'none of them is used' "$D/out"
	configure
	publish b
	want 'the plain one' 0 'corp: \(installed, .*\|unchanged\)'
}

# Since the mark.
warned() {	# TIMES
	log_sync
	[ "$(log_new | grep -c '^<84>.*pam-jwt\[[0-9]*\]: corp: kept (HTTP 503)$')" = "$1" ]
}

failures() {
	serve down/503 '{}'
	printf 503 >"$SITE/down/503.status"
	configure "jwks_uri = $BASE/down/503"
	: >"$WEB/log"
	log_mark
	want 'the first failure' 1 'corp: kept (HTTP 503)' --due
	check 'it is in the log' warned 1
	quiet 'in back-off' 0 --due
	age 500
	quiet 'still in back-off' 0 --due
	age 100
	want 'the second failure' 1 'corp: kept (HTTP 503)' --due
	age 1000
	quiet 'twice as long' 0 --due
	age 200
	want 'the third failure' 1 'corp: kept (HTTP 503)' --due
	check 'one line in the log' warned 1
	age 3600
	want 'the fourth failure' 1 'corp: kept (HTTP 503)' --due
	check 'after an hour another line' warned 2
	: >"$WANTED/corp"
	age 200
	quiet 'for a login not within 5 minutes' 0 --due
	age 100
	want 'and then' 1 'corp: kept (HTTP 503)' --due
	check 'the word was taken away' test ! -e "$WANTED/corp"
	printf 'Retry-After: 3000\n' >"$SITE/down/503.head"
	want 'Retry-After' 1 'corp: kept (HTTP 503)'
	: >"$WANTED/corp"
	age 2900
	quiet 'not against it, not even for a login' 0 --due
	age 100
	want 'and then' 1 'corp: kept (HTTP 503)' --due
	rm "$SITE/down/503.head" "$SITE/down/503.status"
	configure
	want 'it is back' 0 'corp: unchanged'
}

client_certificate() {
	certificate client DNS:host.example
	cp "$WEB/client.key" "$D/client.key"
	chmod 600 "$D/client.key"
	configure "jwks_uri = https://localhost:$MUTUAL/keys" "sync_client_cert = $WEB/client.pem" "sync_client_key = $D/client.key"
	publish b
	want 'a certificate of ours' 0 'corp: unchanged'
	chmod 640 "$D/client.key"
	want 'a key that others may read' 1 'corp: kept (sync_client_key .*chmod 600)'
	cp "$WEB/ca.pem" "$D/loose.pem"
	chmod 666 "$D/loose.pem"
	configure "jwks_uri = $BASE/jwks"
	sed -i "s|^sync_ca_file.*|sync_ca_file = $D/loose.pem|" "$CONF"
	want 'authorities that others may write' 1 'corp: kept (sync_ca_file .*)'
	chmod 644 "$D/loose.pem"
	want 'and not' 0 'corp: unchanged'
	configure
}

# The provider is down for longer than keys_max_age.
long_outage() {
	configure 'keys_max_age = 1h'
	want 'before the outage' 0 'corp: unchanged'
	enters 'before the outage' b ok
	configure 'keys_max_age = 1h' "jwks_uri = https://localhost:1/keys"
	want 'the outage' 1 'corp: kept (.*)'
	set_age 2000
	checks_not 'check: not yet half an hour late' 'last success'
	set_age 2200
	checks 'check: it warns in time' 'warning: .issuer corp.: the last success of pam-jwt sync is 3[67] min ago'
	enters 'while it warns' b ok
	set_age 3500
	checks 'check: it goes on to warn' 'the last success of pam-jwt sync is 5[89] min ago'
	enters 'a set of nearly an hour' b ok
	set_age 3700
	rm -f "$WANTED/corp"
	enters 'a set of more than an hour' b keys-stale
	check 'the login asked for another' test -f "$WANTED/corp"
	want 'the outage goes on' 1 'corp: kept (.*)'
	checks 'check: the set does not count' 'its fetched keys are not used.*keys_max_age'
	configure 'keys_max_age = 1h'
	want 'it ends' 0 'corp: unchanged'
	enters 'after the outage' b ok
	configure "jwks_uri = https://localhost:1/keys"
	want 'another outage, with the default' 1 'corp: kept (.*)'
	set_age $((7 * 86400 - 100))
	checks 'check: it warned for days' 'the last success of pam-jwt sync is 1007[89] min ago'
	enters 'a set of nearly a week' b ok
	set_age $((7 * 86400 + 100))
	enters 'a set of more than a week' b keys-stale
	configure
	want 'the other ends' 0 'corp: unchanged'
	enters 'after the other' b ok
}

# The exit status of check is 0: nothing of this is an error.
checks() {	# NAME PATTERN
	checks_ok=0
	"$JWT" check --config "$CONF" >"$D/out" 2>"$D/err" || checks_ok=1
	grep -q -- "$2" "$D/out" || checks_ok=1
	result "$checks_ok" "$1" @"$D/out" @"$D/err"
}

checks_not() {	# NAME PATTERN
	checks_ok=0
	{ "$JWT" check --config "$CONF" >"$D/out" 2>"$D/err" && ! grep -v 'the clock of this host' "$D/out" | grep -q -- "$2"; } ||
		checks_ok=1
	result "$checks_ok" "$1" @"$D/out"
}

set_age() {	# SECONDS
	sed "s/\"synced\":[0-9]*/\"synced\":$(($(date +%s) - $1))/" "$KEYS/corp.jwks" >"$KEYS/corp.new"
	mv "$KEYS/corp.new" "$KEYS/corp.jwks"
}

checking() {
	configure
	checks 'check: the age of a set' '^    keys fetched [0-9]*s ago$'
	checks_not 'check: no warning of it' warning
	set_age 3500
	checks_not 'check: nearly an hour' 'last success'
	set_age 3700
	checks 'check: more than an hour' 'warning: .issuer corp.: the last success of pam-jwt sync is 6[0-9] min ago'
	configure 'sync_every = 30m'
	set_age 5300
	checks_not 'check: nearly three times sync_every' 'last success'
	set_age 5500
	checks 'check: more than three times sync_every' 'last success of pam-jwt sync is 9[0-9] min ago'
	configure 'sync_every = 2h' 'keys_max_age = 1h'
	checks 'check: a set is too old before the next one' 'sync_every is not shorter than keys_max_age'
	configure 'sync_every = 1h' 'keys_max_age = 1h'
	checks 'check: a set is too old as the next one comes' 'sync_every is not shorter than keys_max_age'
	configure 'sync_every = 59m' 'keys_max_age = 1h'
	checks_not 'check: and not' 'sync_every is not shorter'
	configure
	mv "$KEYS/corp.jwks" "$KEYS/old.jwks"
	checks 'check: no set yet' 'pam-jwt sync has fetched none yet'
	checks 'check: no age either' '^    no fetched keys yet$'
	checks 'check: a set of no issuer' 'old.jwks is of no .issuer. with keys = sync'
	mv "$KEYS/old.jwks" "$KEYS/corp.jwks"
	mv "$D/pam-jwt-net" "$D/pam-jwt-net.away"
	checks 'check: no pam-jwt-net' 'install the package pam-jwt-net'
	mv "$D/pam-jwt-net.away" "$D/pam-jwt-net"
	fetcher_is _other "$SYNC_USER"
	checks 'check: no user for it' 'needs the user _pam-jwt'
	fetcher_is _pam-jwt "$SYNC_USER"
	configure "sync_client_cert = $WEB/client.pem" "sync_client_key = $D/client.key"
	checks 'check: a key that others may read' 'nothing is fetched: others may read it'
	chmod 600 "$D/client.key"
	checks_not 'check: and not' 'nothing is fetched'
	configure
	want 'after all that' 0 'corp: unchanged'
}

# Holds a lock until the test lets it go, however busy the machine is. Sets HOLDER.
hold() {	# LOCK
	(flock 9 && exec sleep 600) 9>>"$1" &
	HOLDER=$!
	NS_PIDS="$NS_PIDS $HOLDER"
	wait_for 10 is_held "$1"
}

is_held() {	# LOCK
	! flock -n "$1" true
}

let_go() {	# HOLDER
	kill "$1"
	wait "$1" 2>/dev/null || :
}

locks() {
	hold "$KEYS/.lock"
	age 600
	quiet 'the timer leaves at once' 0 --due
	timeout 60 "$JWT" sync --config "$CONF" >"$D/first" 2>&1 &
	locks_pid=$!
	sleep 1
	check 'by hand it waits' test ! -s "$D/first"
	let_go "$HOLDER"
	wait "$locks_pid" || :
	check '... until the lock is free' grep -qx 'corp: unchanged' "$D/first"
	chown alice "$D/home/alice"
	check 'no user can take the lock' sh -c "! setpriv --reuid=$ALICE --clear-groups flock -n '$KEYS/.lock' true 2>'$D/err'"
	publish c
	timeout 60 "$JWT" sync --config "$CONF" >"$D/first" 2>&1 &
	locks_pid=$!
	want 'two at once' 0 'corp: .*'
	locks_rc=0
	wait "$locks_pid" || locks_rc=$?
	result "$locks_rc" 'the other one'
	check 'one has installed it' test "$(cat "$D/first" "$D/out" | sort | tr '\n' ' ')" = 'corp: installed, +c -b corp: unchanged '
	publish b
	want 'back again' 0 'corp: installed, +b -c'
}

# Another folder, whose lock somebody holds for longer than a minute. It goes on beside the other tests.
busy_start() {
	mkdir "$D/busy"
	sed "s|^sync_directory.*|sync_directory = $D/busy|" "$CONF" >"$D/busy.conf"
	hold "$D/busy/.lock"
	BUSY_HOLDER=$HOLDER
	(
		busy_start=$(date +%s)
		busy_got=0
		timeout 120 "$JWT" sync --config "$D/busy.conf" >"$D/busy.out" 2>"$D/busy.err" || busy_got=$?
		echo "$busy_got $(($(date +%s) - busy_start))" >"$D/busy.status"
	) &
	BUSY=$!
}

busy_end() {
	busy_rc=0
	wait "$BUSY" || :
	read -r busy_got busy_took <"$D/busy.status"
	{ [ "$busy_got" -eq 1 ] && [ "$busy_took" -ge 59 ] && [ "$busy_took" -le 80 ] && [ ! -s "$D/busy.out" ] &&
		grep -q 'another pam-jwt sync is at work' "$D/busy.err"; } || busy_rc=$?
	result "$busy_rc" 'by hand it waits for a minute at most' "status $busy_got after $busy_took s" @"$D/busy.err"
	let_go "$BUSY_HOLDER"
}

# The first one fails, and the second is asked all the same.
several() {
	{
		printf '[issuer down]\niss = %s/down\nkeys = sync\njwks_uri = %s/503\naudience = %s\nsync_ca_file = %s\n' \
			"$BASE" "$BASE" "$AUD" "$WEB/ca.pem"
		cat "$CONF"
	} >"$D/several.conf"
	publish c
	several_got=0
	"$JWT" sync --config "$D/several.conf" >"$D/out" 2>"$D/err" || several_got=$?
	check 'several: one that fails is enough for 1' test "$several_got" = 1
	check 'several: a line for each' test "$(cat "$D/out")" = "$(printf 'down: failed (HTTP 503)\ncorp: installed, +c -b')"
	several_got=0
	"$JWT" sync --config "$D/several.conf" corp >"$D/out" 2>"$D/err" || several_got=$?
	check 'several: one that is named' test "$several_got $(cat "$D/out")" = '0 corp: unchanged'
	"$JWT" sync --config "$D/several.conf" --json >"$D/out" 2>"$D/err" || :
	check 'several: JSON' python3 - "$D/out" <<-'END'
		import json, sys
		got = [(one['name'], one['result'], one['synced'] > 0, one['keys']) for one in json.load(open(sys.argv[1]))['issuers']]
		assert got == [('down', 'failed', False, 0), ('corp', 'unchanged', True, 1)], got
	END
	several_rc=0
	"$JWT" sync --config "$D/several.conf" --due >"$D/out" 2>"$D/err" || several_rc=$?
	result "$several_rc" 'several: nothing is due, one of them is in back-off' @"$D/out" @"$D/err"
	check 'several: which is no word' test ! -s "$D/out"
	rm -f "$KEYS/down.state"
	publish b
	want 'several: the one of before' 0 'corp: installed, +b -c'
}

# A fetcher in the hands of an attacker says what it likes; the set that is there stays.
taken_over() {
	mkdir "$D/bad"
	cp "$JWT" "$D/bad"
	cp "$KEYS/corp.jwks" "$D/before"
	fetcher_says 'nothing' ':'
	fetcher_says 'junk' 'head -c 100000 /dev/urandom'
	fetcher_says 'more than any answer has' 'head -c 2000000 /dev/zero'
	fetcher_says 'half an answer' "printf 'pam-jwt-answer 1\n1\nerror 0\n\nstatus 3\n2'"
	fetcher_says 'that it is killed' 'kill -9 $$'
	fetcher_says 'an error with another line in it' "printf 'pam-jwt-answer 1\n0\nerror 20\nx)\ncorp: unchanged   \nstatus 0\n\netag 0\n\nlast-modified 0\n\ncontent-type 0\n\neffective-url 0\n\nretry-after 0\n\nmax-age 0\n\ndpop-nonce 0\n\ndate 0\n\nbody 0\n\n'"
	check 'the set stays, byte for byte' cmp -s "$KEYS/corp.jwks" "$D/before"
}

fetcher_says() {	# NAME COMMAND
	printf '#!/bin/sh\n%s\n' "$2" >"$D/bad/pam-jwt-net"
	chmod 755 "$D/bad/pam-jwt-net"
	says_got=0
	"$D/bad/pam-jwt" sync --config "$CONF" >"$D/out" 2>"$D/err" || says_got=$?
	says_ok=0
	[ "$says_got" -eq 1 ] && [ "$(wc -l <"$D/out")" -eq 1 ] && grep -q '^corp: kept (the fetcher .*)$' "$D/out" || says_ok=1
	result "$says_ok" "a fetcher says $1" "status $says_got" @"$D/out" @"$D/err"
}

# Drips for 15 s; meanwhile it is seen who talks to the network, and others are looked at that wait as long.
slow() {
	configure "jwks_uri = $BASE/drip"
	sync 1 --dry-run &
	slow_pid=$!
	wait_for 10 find_fetcher
	check 'the fetcher is not root' test "$(sed -n 's/^Uid:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$FETCHER/status")" = "$SYNC_USER"
	check 'it has no capability' grep -q '^CapEff:[^0-9a-f]*0*$' "/proc/$FETCHER/status"
	check 'it can get none' grep -q '^NoNewPrivs:[^0-9]*1' "/proc/$FETCHER/status"
	check 'it has no environment' test "$(wc -c <"/proc/$FETCHER/environ")" = 0
	slow_got=0
	wait "$slow_pid" || slow_got=$?
	result "$slow_got" 'a server that drips is left'
	check 'the dripping one' grep -q '^corp: kept (.*)$' "$D/out"
	configure
}

find_fetcher() {
	for find_file in /proc/[0-9]*/comm; do
		[ "$(cat "$find_file" 2>/dev/null)" = pam-jwt-net ] || continue
		FETCHER=${find_file%/comm}
		FETCHER=${FETCHER#/proc/}
		[ "$(readlink "/proc/$FETCHER/exe")" = "$D/pam-jwt-net" ] && return 0
	done
	return 1
}

dry_runs() {
	publish c
	cp -a "$KEYS" "$D/keys.before"
	: >"$WANTED/corp"
	log_mark
	want 'a dry run' 0 'corp: would be installed, +c -b' --dry-run
	as_alice=0
	setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups "$JWT" sync --config "$CONF" --dry-run >"$D/out" 2>"$D/err" || as_alice=$?
	[ "$(cat "$D/out")" = 'corp: would be installed, +c -b' ] || as_alice=1
	result "$as_alice" 'a dry run of an ordinary user' @"$D/out" @"$D/err"
	log_sync
	check 'it changes nothing' diff -r "$KEYS" "$D/keys.before"
	check 'it leaves the word' test -f "$WANTED/corp"
	check 'it logs nothing' sh -c "! tail -n +$((LOG_FROM + 1)) '$LOG' | grep -q corp:"
	rm -r "$D/keys.before" "$WANTED/corp"
	publish b
}

# In place, as the file is mounted.
fetcher_is() {	# NAME UID
	sed "s/^[^:]*:x:[0-9]*:$SYNC_USER:/$1:x:$2:$SYNC_USER:/" "$D/etc/passwd" >"$D/passwd.new"
	cat "$D/passwd.new" >"$D/etc/passwd"
}

troubles() {
	trouble 'an unknown name' 'stranger: no \[issuer\]' stranger
	trouble 'an option that there is not' 'not an option' --force
	trouble 'a token is not shown' 'standard input' "$(cat "$D/tok/now")"
	check 'it was not' sh -c "! grep -qF '$(cut -c 1-40 "$D/tok/now")' '$D/err'"
	trouble_root=0
	setpriv --reuid="$ALICE" --clear-groups "$JWT" sync --config "$CONF" >"$D/out" 2>"$D/err" || trouble_root=$?
	trouble_rc=0
	{ [ "$trouble_root" -eq 2 ] && grep -q 'root alone may' "$D/err"; } || trouble_rc=$?
	result "$trouble_rc" 'not root' "status $trouble_root" @"$D/err"
	mv "$D/pam-jwt-net" "$D/pam-jwt-net.away"
	trouble 'no pam-jwt-net' 'install the package pam-jwt-net'
	age 60
	quiet 'which does not matter while nothing is due' 0 --due
	mv "$D/pam-jwt-net.away" "$D/pam-jwt-net"
	fetcher_is _other "$SYNC_USER"
	trouble 'no user for the fetcher' 'no user _pam-jwt'
	fetcher_is _pam-jwt 0
	trouble 'a user who is root' 'no user _pam-jwt'
	fetcher_is _pam-jwt "$SYNC_USER"
	chmod 777 "$KEYS"
	trouble 'a folder that others may write' "$KEYS"
	chmod 755 "$KEYS"
	cp "$CONF" "$D/saved"
	sed -i "s|^keys = sync|keys = $D/b.pub.jwk|; /^sync_/d" "$CONF"
	trouble 'no issuer with keys = sync' 'no \[issuer\] with keys = sync'
	quiet 'of which the timer makes nothing' 0 --due
	echo 'oops' >>"$CONF"
	trouble 'a configuration with an error' ': error: ' --due
	cp "$D/saved" "$CONF"
	check 'after all that' sync 0
}

# Somebody else could have made the folder for words: by hand that is said, and the timer says nothing each minute.
odd_folder() {
	rm -rf /run/pam_jwt
	chmod 1777 /run
	odd_rc=0
	{ sync 0 && grep -q 'cannot ask for it' "$D/err"; } || odd_rc=$?
	result "$odd_rc" 'no folder for words can be made' @"$D/err"
	quiet 'of which the timer says nothing' 0 --due
	chmod 755 /run
	check 'and then it is made' sync 0
	check 'as before' test -d "$WANTED"
}

json() {
	publish c
	sync 0 --json || :
	check 'JSON of an installation' python3 - "$D/out" <<-'END'
		import json, sys, time
		(one,) = json.load(open(sys.argv[1]))['issuers']
		assert abs(one.pop('synced') - time.time()) < 60
		assert one == {'name': 'corp', 'result': 'installed', 'reason': None, 'added': ['c'], 'removed': ['b'], 'keys': 1}, one
	END
	configure "jwks_uri = $BASE/503"
	sync 1 --json || :
	check 'JSON of a failure' python3 - "$D/out" <<-'END'
		import json, sys, time
		(one,) = json.load(open(sys.argv[1]))['issuers']
		assert abs(one.pop('synced') - time.time()) < 60
		assert one == {'name': 'corp', 'result': 'kept', 'reason': 'HTTP 503', 'added': [], 'removed': [], 'keys': 1}, one
	END
	configure
	publish b
	check 'back' sync 0
}

full_disk() {
	KEYS=$D/small
	mkdir "$KEYS"
	ns_mount -t tmpfs -o size=64k,mode=755 small "$KEYS"
	configure
	want 'a small disk' 0 'corp: installed, +b'
	publish c
	cp "$KEYS/corp.jwks" "$D/before"
	dd if=/dev/zero of="$KEYS/filler" bs=4k >"$D/out" 2>&1 || :
	want 'a full one' 1 'corp: kept (.*No space left on device.*)'
	check 'full: the old set stays, byte for byte' cmp -s "$KEYS/corp.jwks" "$D/before"
	enters 'full: the old key' b ok
	rm "$KEYS/filler"
	want 'with room again' 0 'corp: installed, +c -b'
	KEYS=$D/keys
	configure
	publish b
}

# What the shell of an administrator may hand down: a limit on files, a reader that has gone, closed descriptors.
handed_down() {
	publish c
	cp "$KEYS/corp.jwks" "$D/before"
	handed_out=$( (ulimit -f 0 && "$JWT" sync --config "$CONF") 2>"$D/err" | cat)
	check 'a limit on files is said' test "$handed_out" = 'corp: kept (corp.jwks: File too large)'
	check 'and the old set stays, byte for byte' cmp -s "$KEYS/corp.jwks" "$D/before"
	{
		"$JWT" sync --config "$CONF" 2>"$D/err" || echo $? >"$D/status"
	} | true
	check 'a reader that has gone is said' test "$(cat "$D/status")" = 2
	check 'and the set is installed' grep -q '"kid":"c"' "$KEYS/corp.jwks"
	publish b
	"$JWT" sync --config "$CONF" <&- >&- 2>&- || :
	check 'without 0, 1 and 2 too' grep -q '"kid":"b"' "$KEYS/corp.jwks"
	check 'and nothing else is left' test "$(ls "$KEYS")" = "$(printf 'corp.jwks\ncorp.state')"
	want 'and all is well' 0 'corp: unchanged'
}

# Killed at each system call that writes: the set is the old one or the new one, and the next run makes it good.
killed() {
	command -v strace >/dev/null || { skip 'killed' 'strace is not here' && return; }
	killed_names=a
	killed_count=0
	for killed_call in openat write fchmod fsync renameat unlinkat close; do
		killed_at=1
		while [ "$killed_at" -le 40 ]; do
			publish "$killed_names"
			killed_status=0
			strace -qq -o /dev/null -P "$KEYS" -P "$KEYS/corp.jwks" -P "$KEYS/corp.jwks.new" -P "$KEYS/corp.state.new" \
				-e trace="$killed_call" -e inject="$killed_call:signal=KILL:when=$killed_at" \
				"$JWT" sync --config "$CONF" >"$D/out" 2>"$D/err" || killed_status=$?
			grep -qE '"kid":"[ab]"' "$KEYS/corp.jwks" && "$JWT" check --config "$CONF" >"$D/out" 2>&1 ||
				fail "killed at $killed_call $killed_at: the set is whole" @"$KEYS/corp.jwks" @"$D/out"
			[ "$killed_status" -ne 0 ] || break
			killed_count=$((killed_count + 1))
			killed_at=$((killed_at + 1))
			if [ "$killed_names" = a ]; then killed_names=b; else killed_names=a; fi
		done
	done
	check "killed at $killed_count system calls" test "$killed_count" -ge 10
	publish b
	check 'killed: the next one' sync 0
	check 'killed: nothing is left' test "$(ls "$KEYS")" = "$(printf 'corp.jwks\ncorp.state')"
}

memory() {
	python3 "$P/tests/sync/sets.py" "$D/b.pub.jwk" "$SITE/bad"
	configure "jwks_uri = $BASE/largest"
	check 'each process takes less than 32 MiB' python3 - "$JWT" "$CONF" <<-'END'
		import resource, subprocess, sys
		subprocess.run((sys.argv[1], 'sync', '--config', sys.argv[2]), capture_output=True)
		most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
		print('# the largest process took %d KiB' % most)
		sys.exit(most >= 32768)
	END
	configure
	check 'the process of root has no libcurl' sh -c "! ldd '$JWT' | grep -qE 'curl|ssl'"
}

for name in a b c; do
	"$JWT" key generate --alg ES256 --out "$D/$name.jwk" --public "$D/$name.pub.jwk" --kid "$name"
done
mkdir -p "$WEB" "$SITE/bad" "$SITE/odd"
sync_prepare
authority ca
certificate srv DNS:localhost,IP:127.0.0.1
certificate other DNS:other.example
python3 "$P/tests/sync/sets.py" "$D/b.pub.jwk" "$SITE/odd" odd
server_start
configure
"$JWT" state init --config "$CONF" >"$D/out"
pam_service pamtester
first_sync
busy_start
due
rotations
odd_names
other_iss
validators
places
bad_answers
odd_sets
failures
client_certificate
long_outage
checking
locks
several
taken_over
slow
dry_runs
troubles
odd_folder
json
full_disk
handed_down
killed
memory
busy_end
finish
