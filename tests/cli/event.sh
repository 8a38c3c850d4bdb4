#!/bin/sh
# pam-jwt revoke --event: security event tokens (SETs), good and bad, what each notes, and what `verify` makes of it. Needs no
# root.
#
#     BUILD=build sh tests/cli/event.sh              from the top of the tree
set -u

# shellcheck disable=SC2034 # for cli.sh
AREA=event
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh
conf=$dir/pam_jwt.conf
me=$(id -un)
iss=https://one.test
now=$(date +%s)
caep=https://schemas.openid.net/secevent/caep/event-type
risc=https://schemas.openid.net/secevent/risc/event-type
logout=http://schemas.openid.net/event/backchannel-logout

cat >"$conf" <<-END
	[issuer one]
	iss            = $iss
	keys           = $dir/one.pub.jwk
	audience       = urn:h
	event_audience = urn:events "a stream"
	max_age        = 1h

	[issuer two]
	iss      = https://two.test
	keys     = $dir/two.pub.jwk
	audience = urn:h

	[issuer mac]
	iss        = https://mac.test
	keys       = $dir/mac.jwk
	algorithms = HS256
	audience   = urn:h

	[service login]
	permit     = as $me

	[state]
	directory = $dir/state
END
for name in one two; do
	"$tool" key generate --alg ES256 --out "$dir/$name.jwk" --public "$dir/$name.pub.jwk" >/dev/null
done
"$tool" key generate --alg HS256 --out "$dir/mac.jwk" >/dev/null

# --- tokens -------------------------------------------------------------------------------------------------------------

# A token of a person, issued that many seconds ago.
person() {	# ISSUER SUBJECT SID AGE
	"$tool" issue --key "$dir/$1.jwk" --iss "https://$1.test" --sub "$2" --aud urn:h --claim "sid=$3" --now $((now - $4)) \
		--ttl 30m >"$dir/login"
}

# A SET of issuer one, with what every one of our tokens has: exp, and a sub that does not count.
mint() {	# OPTION...
	case " $* " in *' --typ '*) ;; *) set -- --typ secevent+jwt "$@" ;; esac
	case " $* " in *' --ttl '*) ;; *) set -- --ttl 10m "$@" ;; esac
	"$tool" issue --key "$dir/one.jwk" --iss "$iss" --sub stream "$@" >"$dir/set"
}

user() {	# SUBJECT [ISSUER]
	printf '{"format":"iss_sub","iss":"%s","sub":"%s"}' "${2:-$iss}" "$1"
}

session() {	# SUBJECT SID [MORE-MEMBERS]
	printf '{"format":"complex","user":%s,"session":{"format":"opaque","id":"%s"}%s}' "$(user "$1")" "$2" "${3:-}"
}

reason() {
	"$tool" verify --config "$conf" --service login --json <"$dir/login" 2>/dev/null |
		sed -n 's/.*"reason": *"\([a-z-]*\)".*/\1/p'
}

is() {	# NAME REASON ISSUER SUBJECT SID AGE
	is_name=$1 is_want=$2
	shift 2
	person "$@"
	is_got=$(reason)
	echo "reason $is_got" >>"$dir/out"
	[ "$is_got" = "$is_want" ]
	result $? "$is_name: $is_want"
}

# All that is noted; the order of a directory may change.
facts() {	# OUTPUT
	"$tool" state list --directory "$dir/state" | sort >"$dir/$1"
}

# Whether nothing has changed since the facts were taken.
changes_nothing() {
	facts again
	cmp -s "$dir/first" "$dir/again"
	result $? 'which changes nothing'
}

# Gives the last SET to the command; its output must have that line, and the state must be as before after a refusal.
gives() {	# NAME STATUS PATTERN [OPTION...]
	gives_name=$1 gives_want=$2 gives_line=$3
	shift 3
	facts before
	gives_got=0
	"$tool" revoke --config "$conf" --event "$dir/set" "$@" >"$dir/out" 2>&1 </dev/null || gives_got=$?
	facts after
	[ "$gives_got" -eq "$gives_want" ] && grep -qE -e "$gives_line" "$dir/out" &&
		{ [ "$gives_want" -eq 0 ] || cmp -s "$dir/before" "$dir/after"; }
	result $? "$gives_name: $gives_want"
}

takes() {	# NAME PATTERN SUBJECT-IDENTIFIER EVENTS [OPTION...]
	takes_name=$1 takes_line=$2 takes_subject=$3 takes_events=$4
	shift 4
	mint --aud urn:events --claim-json "sub_id=$takes_subject" --claim-json "events=$takes_events" "$@"
	gives "$takes_name" 0 "$takes_line"
}

refuses() {	# NAME PATTERN SUBJECT-IDENTIFIER EVENTS [OPTION...]
	refuses_name=$1 refuses_line=$2 refuses_subject=$3 refuses_events=$4
	shift 4
	mint --aud urn:events --claim-json "sub_id=$refuses_subject" --claim-json "events=$refuses_events" "$@"
	gives "$refuses_name" 1 "$refuses_line"
}

revoked="{\"$caep/session-revoked\":{}}"

# --- before there is a state --------------------------------------------------------------------------------------------

mint --aud urn:events --claim-json "sub_id=$(user alice)" --claim-json "events=$revoked"
run 2 'an event, and no state' revoke --config "$conf" --event "$dir/set"
run 0 'init' state init --config "$conf"
run 2 'an event from no file' revoke --config "$conf" --event "$dir/nothing"
run 2 'an event, taken back' revoke --config "$conf" --event "$dir/set" --undo
run 2 'an event with an issuer' revoke --config "$conf" --event "$dir/set" --iss one
run 2 'an event and an account' revoke --config "$conf" --event "$dir/set" --account "$me"
run 2 'an event until a time' revoke --config "$conf" --event "$dir/set" --until $((now + 60))
run 2 'credential-change without an event' revoke --config "$conf" --sid s --credential-change

# --- a subject ----------------------------------------------------------------------------------------------------------

is 'alice' ok one alice s1 60
takes 'session-revoked of a subject' "^session-revoked: revoked: subject \"alice\" of $iss, issued up to 20" "$(user alice)" "$revoked" \
	--now $((now - 30))
is 'a token from before it' superseded one alice s1 31
is 'a token of that second' superseded one alice s1 30
is 'a token from after it' ok one alice s1 29
is 'a token of another subject' ok one bob s1 31
is 'a token of another issuer' ok two alice s1 31
facts first
takes 'the same event again' '^session-revoked: revoked: ' "$(user alice)" "$revoked" --now $((now - 30))
changes_nothing
takes 'an older event' 'as was noted before' "$(user alice)" "$revoked" --now $((now - 300))
changes_nothing
takes 'application/ in front of the typ' '^account-disabled: revoked: subject "dora"' "$(user dora)" "{\"$risc/account-disabled\":{}}" \
	--typ application/secevent+jwt
takes 'account-purged' '^account-purged: revoked: subject "emil"' "$(user emil)" "{\"$risc/account-purged\":{\"reason\":\"x\"}}"
is 'a purged account' superseded one emil s1 5
takes 'the time of the event' '^session-revoked: revoked: ' "$(user fred)" "{\"$caep/session-revoked\":{\"event_timestamp\":$((now - 100))}}"
is 'before the time of the event' superseded one fred s1 100
is 'after the time of the event' ok one fred s1 99
takes 'toe' '^session-revoked: revoked: ' "$(user gina)" "$revoked" --claim-json "toe=$((now - 100))"
is 'before toe' superseded one gina s1 100
is 'after toe' ok one gina s1 99
takes 'a time to come' '^session-revoked: revoked: ' "$(user hans)" "{\"$caep/session-revoked\":{\"event_timestamp\":$((now + 9999))}}" \
	--now $((now - 10))
is 'before it was said' superseded one hans s1 10
is 'after it was said' ok one hans s1 9
facts first
takes 'a time to come, again' '^session-revoked: revoked: ' "$(user hans)" "{\"$caep/session-revoked\":{\"event_timestamp\":$((now + 9999))}}" \
	--now $((now - 10))
changes_nothing
takes 'an event that is older than max_age' '^session-revoked: revoked: ' "$(user iris)" "$revoked" --now $((now - 7200)) --ttl 3h
mint --aud urn:events --claim-json "events={\"$caep/session-revoked\":{\"subject\":$(user jane)}}"
gives 'a subject in the event' 0 '^session-revoked: revoked: subject "jane"'
mint --aud 'a stream' --aud urn:else --claim-json "sub_id=$(user kurt)" \
	--claim-json "events={\"$caep/session-revoked\":{\"subject\":$(user kurt)}}"
gives 'one subject in two places, and the other word of two' 0 '^session-revoked: revoked: subject "kurt"'
"$tool" revoke --config "$conf" --event - <"$dir/set" >"$dir/out" 2>&1
result $? 'from standard input'

# --- a session ----------------------------------------------------------------------------------------------------------

takes 'a session of a user' "^session-revoked: revoked: session \"s7\" of subject \"lena\" of $iss, until 20" "$(session lena s7)" "$revoked"
is 'that session' revoked one lena s7 5
is 'another session of the user' ok one lena s8 5
is 'the session of that name that another user has' ok one mary s7 5
is 'the session of that name at another issuer' ok two lena s7 5
run 0 'taken back for another user' revoke --config "$conf" --sid s7 --of mary --iss one --undo
is 'that session, still' revoked one lena s7 5
run 0 'taken back' revoke --config "$conf" --sid s7 --of lena --iss one --undo
grep -q '^taken back: session "s7" of subject "lena" of ' "$dir/out"
result $? 'which says so'
is 'that session, taken back' ok one lena s7 5
run 0 'a session of a user, by hand' revoke --config "$conf" --sid s9 --of lena --iss one
is 'that session by hand' revoked one lena s9 5
is 'by hand, not of another user' ok one mary s9 5
run 2 'a session of a user, with a time' revoke --config "$conf" --sid s9 --of lena --before "$now"
run 2 'a session of nobody' revoke --config "$conf" --sid s9 --of ''
run 2 'a subject of a token' revoke --config "$conf" --iss one --jti j --of lena

# --- several events, unknown ones ---------------------------------------------------------------------------------------

takes 'two events and an unknown one' '^ignored: event "https://x\.test/new"$' "$(user nora)" \
	"{\"$risc/account-disabled\":{\"event_timestamp\":$((now - 50))},\"https://x.test/new\":{},\"$risc/account-purged\":{\"event_timestamp\":$((now - 40))}}"
[ "$(grep -c '' "$dir/out")" -eq 3 ] && grep -q '^account-disabled: revoked' "$dir/out" && grep -q '^account-purged: revoked' "$dir/out"
result $? 'with a line for each'
is 'up to the later one' superseded one nora s1 40
refuses 'an unknown event alone' '^nothing was noted: ' "$(user olga)" '{"https://schemas.openid.net/secevent/ssf/event-type/verification":{}}'
refuses 'a logout event in a SET' '^ignored: event ' "$(user olga)" "{\"$logout\":{}}"
refuses 'credential-change' ', without --credential-change$' "$(user olga)" "{\"$caep/credential-change\":{\"change_type\":\"update\"}}"
gives 'credential-change that counts' 0 '^credential-change: revoked: subject "olga"' --credential-change
refuses 'an event that is bad after a good one' '^refused: claim-invalid - ' "$(user paul)" \
	"{\"$risc/account-purged\":{},\"$caep/session-revoked\":{\"event_timestamp\":\"x\"}}"
is 'of which nothing counts' ok one paul s1 5
refuses 'a name that would change a terminal' '^ignored: event "\\x1b\[2J"' "$(user paul)" '{"\u001b[2J":{}}'

# --- refusals -----------------------------------------------------------------------------------------------------------

bad='^refused: claim-invalid - '
refuses 'a subject of another issuer' "$bad.*iss of the subject" "$(user alice https://two.test)" "$revoked"
refuses 'an email' "$bad" '{"format":"email","email":"alice@example.com"}' "$revoked"
refuses 'a phone' "$bad" '{"format":"phone_number","phone_number":"+1"}' "$revoked"
refuses 'an opaque subject' "$bad" '{"format":"opaque","id":"alice"}' "$revoked"
refuses 'a tenant beside the user' "$bad" "$(session alice s1 ',"tenant":{"format":"opaque","id":"t"}')" "$revoked"
refuses 'a device beside the user' "$bad" "$(session alice s1 ',"device":{"format":"opaque","id":"d"}')" "$revoked"
refuses 'an application beside the user' "$bad" "$(session alice s1 ',"application":{"format":"opaque","id":"a"}')" "$revoked"
refuses 'a user alone in a complex subject' "$bad" "{\"format\":\"complex\",\"user\":$(user alice)}" "$revoked"
refuses 'a session alone in a complex subject' "$bad" '{"format":"complex","session":{"format":"opaque","id":"s"}}' "$revoked"
refuses 'an email as the user' "$bad" '{"format":"complex","user":{"format":"email","email":"a@b.c"},"session":{"format":"opaque","id":"s"}}' "$revoked"
refuses 'an unknown member of a user' "$bad" "{\"format\":\"iss_sub\",\"iss\":\"$iss\",\"sub\":\"alice\",\"x\":1}" "$revoked"
refuses 'an account that is a session' "$bad.*only session-revoked" "$(session alice s1)" "{\"$risc/account-disabled\":{}}"
refuses 'two subjects that differ' "$bad.*not equal" "$(user alice)" "{\"$caep/session-revoked\":{\"subject\":$(user bob)}}"
refuses 'milliseconds' "$bad.*milliseconds" "$(user alice)" "{\"$caep/session-revoked\":{\"event_timestamp\":${now}000}}"
refuses 'a time that is text' "$bad" "$(user alice)" "{\"$caep/session-revoked\":{\"event_timestamp\":\"$now\"}}"
refuses 'no event' "$bad" "$(user alice)" '{}'
refuses 'an array of events' '^refused: type-not-accepted' "$(user alice)" "[\"$caep/session-revoked\"]"
refuses 'an event that is no object' "$bad" "$(user alice)" "{\"$caep/session-revoked\":true}"
refuses 'no jti' "$bad" "$(user alice)" "$revoked" --no-jti
refuses 'a SET of the future' '^refused: issued-in-future' "$(user alice)" "$revoked" --now $((now + 3600))
refuses 'a SET that has expired' '^refused: expired' "$(user alice)" "$revoked" --now $((now - 3600))
mint --aud urn:events --claim-json "events=$revoked"
gives 'nobody' 1 '^refused: subject-missing'
mint --aud urn:h --claim-json "sub_id=$(user alice)" --claim-json "events=$revoked"
gives 'a SET for the audience of logins' 1 '^refused: audience-mismatch'
sed 's/.\{8\}$/AAAAAAAA/' "$dir/set" >"$dir/forged"
mv "$dir/forged" "$dir/set"
gives 'a SET with a wrong signature' 1 '^refused: signature-invalid'
"$tool" issue --key "$dir/two.jwk" --iss "$iss" --sub stream --ttl 10m --typ secevent+jwt --aud urn:events \
	--claim-json "sub_id=$(user alice)" --claim-json "events=$revoked" >"$dir/set"
gives "a SET by another issuer's key" 1 '^refused: (key-unknown|signature-invalid)'
"$tool" issue --key "$dir/two.jwk" --iss https://three.test --sub stream --ttl 10m --typ secevent+jwt --aud urn:events \
	--claim-json "sub_id=$(user alice https://three.test)" --claim-json "events=$revoked" >"$dir/set"
gives 'a SET by nobody that we know' 1 '^refused: issuer-unknown'
"$tool" issue --key "$dir/two.jwk" --iss https://two.test --sub stream --ttl 10m --typ secevent+jwt --aud urn:h \
	--claim-json "sub_id=$(user alice)" --claim-json "events=$revoked" >"$dir/set"
gives 'an issuer that ends the tokens of another' 1 "$bad.*iss of the subject"
"$tool" issue --key "$dir/two.jwk" --iss https://two.test --sub stream --ttl 10m --typ secevent+jwt --aud urn:h \
	--claim-json "sub_id=$(user alice https://two.test)" --claim-json "events=$revoked" >"$dir/set"
gives 'an issuer without event_audience, for its audience' 0 '^session-revoked: revoked: '

# --- logins, logouts and events are not taken for each other ------------------------------------------------------------

mint --aud urn:events --aud urn:h --claim-json "sub_id=$(user rosa)" --claim-json "events={\"$caep/session-revoked\":{},\"$logout\":{}}"
cp "$dir/set" "$dir/login"
[ "$(reason)" = type-not-accepted ]
result $? 'a SET never logs in'
run 1 'a SET is no logout token' revoke --config "$conf" --logout-token "$dir/set"
grep -q '^refused: type-not-accepted' "$dir/out"
result $? 'which says why'
for typ in JWT logout+jwt at+jwt; do
	refuses "session-revoked with typ $typ" '^refused: type-not-accepted' "$(user rosa)" "$revoked" --typ $typ
done
is 'which did nothing' ok one rosa s1 5
cp "$dir/login" "$dir/set"
gives 'a login token is no event' 1 '^refused: type-not-accepted'
mint --typ logout+jwt --aud urn:events --claim sid=s3 --claim-json "events={\"$logout\":{}}"
gives 'a logout token' 0 "^backchannel-logout: revoked: session \"s3\" of $iss, until 20"
is 'the session of it' revoked one rosa s3 5
run 1 'a logout token for events, as one for logins' revoke --config "$conf" --logout-token "$dir/set"
mint --typ logout+jwt --aud urn:h --claim sid=s4 --claim-json "events={\"$logout\":{}}"
gives 'a logout token for logins' 1 '^refused: audience-mismatch'
run 0 'which is one for --logout-token' revoke --config "$conf" --logout-token "$dir/set"

# --- a SET as providers send it: no exp, no sub -------------------------------------------------------------------------

b64url() {
	openssl base64 -A | tr '+/' '-_' | tr -d '='
}

if command -v openssl >/dev/null; then
	secret=$(sed -n 's/.*"k": *"\([^"]*\)".*/\1/p' "$dir/mac.jwk" | tr -- '-_' '+/')
	while [ $((${#secret} % 4)) -ne 0 ]; do
		secret=$secret=
	done
	secret=$(printf %s "$secret" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
	kid=$(sed -n 's/.*"kid": *"\([^"]*\)".*/\1/p' "$dir/mac.jwk")
	head=$(printf '{"alg":"HS256","kid":"%s","typ":"secevent+jwt"}' "$kid" | b64url)
	body=$(printf '{"iss":"https://mac.test","aud":"urn:h","jti":"p1","iat":%s,"txn":"8","sub_id":%s,"events":%s}' $((now - 86400)) \
		"$(user alice https://mac.test)" "$revoked" | b64url)
	sign=$(printf %s "$head.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$secret" -binary | b64url)
	echo "$head.$body.$sign" >"$dir/set"
	gives 'a SET without exp and sub, a day old' 0 '^session-revoked: revoked: subject "alice" of https://mac\.test, issued up to 20'
else
	skip 'a SET without exp and sub' 'openssl is not installed'
fi
finish
