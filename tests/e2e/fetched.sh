#!/bin/sh
# Logins with keys = sync: a set that counts, one that does not, and the word that a login leaves for pam-jwt sync.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
command -v pamtester >/dev/null || { skip fetched 'pamtester is not installed (sh tests/check.sh does that)' && exit 0; }
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip fetched 'only root leaves a word for sync' && exit 0; }

RHOST=192.0.2.7
WANT='pamtester: successfully authenticated'
WANTED=/run/pam_jwt/wanted

login() {	# USER
	timeout -k 5 "$LIMIT" setsid pamtester -I rhost="$RHOST" -I tty=tty7 pamtester "$1" authenticate
}

# Puts a set of one public key in force, as of so many seconds ago.
put_set() {	# PUBLIC-JWK AGE
	printf '{"keys":[%s],"synced":%d,"source":"%s/keys"}' "$(cat "$1")" "$(($(date +%s) - $2))" "$ISS" >"$D/keys/test.jwks.new"
	mv "$D/keys/test.jwks.new" "$D/keys/test.jwks"
}

# Two issuers: one with a fetched set, one with a file.
configure() {
	mkdir "$D/keys"
	cat >"$CONF" <<-END
		[issuer test]
		iss      = $ISS
		keys     = sync
		audience = $AUD

		[issuer file]
		iss      = https://file.test
		keys     = $D/stranger.pub.jwk
		audience = $AUD

		[service pamtester]
		permit   = as claim sub

		[state]
		directory = $D/state
		sync_directory = $D/keys
	END
	"$JWT" state init --config "$CONF" >"$D/out"
	"$JWT" issue --key "$D/stranger.jwk" --iss https://file.test --sub alice --aud "$AUD" --ttl 10m >"$D/tok/file"
	mint test alice "$AUD" >"$D/tok/test"
	mint stranger alice "$AUD" >"$D/tok/newkey"
}

has_word() {
	[ -f "$WANTED/test" ] && [ ! -s "$WANTED/test" ] && [ "$(stat -c %a%u "$WANTED/test")" = 6000 ]
}

has_no_word() {
	[ -z "$(ls -A "$WANTED" 2>/dev/null)" ]
}

# The set decides about its own issuer's tokens and no others.
sets() {
	attempt 'no set is there yet' test alice keys-stale
	attempt 'no set: the other issuer' file alice ok
	put_set "$D/test.pub.jwk" 0
	attempt 'a fresh set' test alice ok
	attempt 'a key that the set does not have' newkey alice key-unknown
	put_set "$D/test.pub.jwk" 604790
	attempt 'a set of nearly 7 days' test alice ok
	put_set "$D/test.pub.jwk" 604810
	attempt 'a set of more than 7 days' test alice keys-stale
	put_set "$D/test.pub.jwk" -120
	attempt 'a set of the future' test alice keys-stale
	put_set "$D/test.pub.jwk" 0
	chmod 666 "$D/keys/test.jwks"
	attempt_login 'a set that anybody may write' test alice key-file-unsafe
	attempt 'an unsafe set: the other issuer' file alice ok
	echo '<html>' >"$D/keys/test.jwks"
	chmod 644 "$D/keys/test.jwks"
	attempt 'a set that is a page' test alice keys-stale
	attempt 'a page: the other issuer' file alice ok
}

refused() {	# LABEL TOKEN REASON
	attempt_login "$1" "$2" alice "$3"
}

words() {
	put_set "$D/test.pub.jwk" 0
	refused 'no folder for words' newkey key-unknown
	check 'a login does not make the folder' test ! -e "$WANTED"
	mkdir -p "$WANTED"
	chmod 700 "$WANTED"
	attempt_login 'a good token' test alice ok
	attempt_login 'an unknown key of the other issuer' newfile alice key-unknown
	check 'neither leaves a word' has_no_word
	refused 'an unknown key' newkey key-unknown
	check 'an unknown key leaves a word' has_word
	refused 'an unknown key again' newkey key-unknown
	check 'the word stands' has_word
	rm "$WANTED/test"
	put_set "$D/test.pub.jwk" 604810
	refused 'a stale set' test keys-stale
	check 'a stale set leaves a word' has_word
	rm "$WANTED/test"
	"$JWT" verify --config "$CONF" --service pamtester --user alice <"$D/tok/test" >"$D/out" || :
	check 'verify leaves none' has_no_word
	odd_folders
}

# What is odd about the folder changes nothing but that there is no word.
odd_folders() {
	chmod 755 "$WANTED"
	refused 'a folder that others may read' test keys-stale
	check 'no word in it' has_no_word
	chmod 700 "$WANTED"
	ln -s "$D/elsewhere" "$WANTED/test"
	refused 'a link in the place of the word' test keys-stale
	check 'the link is not followed' test ! -e "$D/elsewhere"
	rm "$WANTED/test"
	mkfifo -m 600 "$WANTED/test"
	refused 'a pipe in the place of the word' test keys-stale
	rm "$WANTED/test"
	chown "$ALICE" "$WANTED"
	refused 'a folder of somebody else' test keys-stale
	check 'no word in it either' has_no_word
}

SERVICE=pamtester
keys_make pamtester
pam_service pamtester
configure
"$JWT" key generate --alg ES256 --out "$D/other.jwk" --public "$D/other.pub.jwk"
"$JWT" issue --key "$D/other.jwk" --iss https://file.test --sub alice --aud "$AUD" --ttl 10m >"$D/tok/newfile"
sets
words
finish
