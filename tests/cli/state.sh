#!/bin/sh
# pam-jwt state and revoke: what they print, what they note, and what `verify` makes of it. Needs no root.
#
#     BUILD=build sh tests/cli/state.sh              from the top of the tree
set -u

# shellcheck disable=SC2034 # for cli.sh
AREA=state
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh
conf=$dir/pam_jwt.conf
me=$(id -un)

says() {	# NAME PATTERN
	grep -qE -e "$2" "$dir/out"
	result $? "$1"
}

write_conf() {
	cat >"$conf" <<-END
		[issuer one]
		iss      = https://one.test
		keys     = $dir/one.pub.jwk
		audience = urn:h

		[issuer two]
		iss      = https://two.test
		keys     = $dir/two.pub.jwk
		audience = urn:h

		[service login]
		permit     = as $me

		[service once]
		permit     = as $me
		single_use = yes

		[state]
		directory = $dir/state
	END
}

mint() {	# ISSUER NAME OPTION...
	mint_issuer=$1 mint_name=$2
	shift 2
	"$tool" issue --key "$dir/$mint_issuer.jwk" --iss "https://$mint_issuer.test" --sub alice --aud urn:h --ttl 10m "$@" \
		>"$dir/$mint_name"
}

reason() {	# TOKEN [SERVICE [NOW]]
	"$tool" verify --config "$conf" --service "${2:-login}" ${3:+--now "$3"} --json <"$dir/$1" 2>"$dir/out" |
		sed -n 's/.*"reason": *"\([a-z-]*\)".*/\1/p'
}

is() {	# NAME REASON TOKEN [SERVICE [NOW]]
	is_name=$1 is_want=$2
	shift 2
	is_got=$(reason "$@")
	echo "reason $is_got" >>"$dir/out"
	[ "$is_got" = "$is_want" ]
	result $? "$is_name: $is_want"
}

for name in one two; do
	"$tool" key generate --alg ES256 --out "$dir/$name.jwk" --public "$dir/$name.pub.jwk" >/dev/null
done
write_conf
mint one t

# --- init ---------------------------------------------------------------------------------------------------------------

is 'before it is made' state-unavailable t
run 2 'list, before it is made' state list --config "$conf"
says 'which says what to do' 'pam-jwt state init'
run 0 'init' state init --config "$conf"
says 'which says that it made it' "^$dir/state: made$"
run 0 'init again' state init --config "$conf"
says 'which says that it was there' 'was made before'
[ "$(stat -c %a "$dir/state")" = 700 ] && [ "$(find "$dir/state" -mindepth 1 -type d ! -perm 700 | wc -l)" -eq 0 ] &&
	[ "$(find "$dir/state" -mindepth 1 -type d | wc -l)" -eq 256 ]
result $? 'the directory and its 256 shards are 0700'
is 'made' ok t
rmdir "$dir/state/a7"
run 2 'init, when a shard is gone' state init --config "$conf"
says 'which names it' 'folder a7 is missing'
mkdir -m 700 "$dir/state/a7"
run 0 'another directory, without a configuration' state init --directory "$dir/other"
run 2 'both' state init --directory "$dir/other" --config "$conf"
run 2 'a relative directory' state init --directory other
run 2 'no such subcommand' state frobnicate

# --- revoke -------------------------------------------------------------------------------------------------------------

run 0 'a token' revoke --config "$conf" --token "$dir/t"
says 'which says what it did' '^revoked: token "[^"]+" of https://one\.test, until 20'
is 'a token' revoked t
run 0 'a token, again' revoke --config "$conf" --token "$dir/t"
run 0 'a token, taken back' revoke --config "$conf" --token "$dir/t" --undo
says 'which says so' '^taken back: token '
run 0 'a token, taken back again' revoke --config "$conf" --token "$dir/t" --undo
says 'which says that there was nothing' '^was not noted: token '
is 'taken back' ok t
"$tool" revoke --config "$conf" --token - <"$dir/t" >"$dir/out" 2>&1
is 'from standard input' revoked t
run 0 'taken back once more' revoke --config "$conf" --token "$dir/t" --undo

mint one old --now $(($(date +%s) - 7200))
run 0 'a token that is over' revoke --config "$conf" --token "$dir/old"
sed 's/.\{8\}$/AAAAAAAA/' "$dir/t" >"$dir/forged"
run 1 'a token with a wrong signature' revoke --config "$conf" --token "$dir/forged"
says 'which says why' 'refused: signature-invalid'
is 'which did nothing' ok t
echo nonsense >"$dir/junk"
run 1 'no token' revoke --config "$conf" --token "$dir/junk"
# Of an issuer of our own: whoever has one takes it for a token. It ends by a logout, or there.
echo "pjr1_$(head -c 68 /dev/urandom | base64 -w 0 | tr -- '+/' '-_' | tr -d '=')" >"$dir/refresh"
run 1 'a refresh token' revoke --config "$conf" --token "$dir/refresh"
says 'is none of the tokens that a host takes' 'token-form'

jti=$(cut -d . -f 2 "$dir/t" | tr -- '-_' '+/' | base64 -d 2>/dev/null | sed 's/.*"jti":"\([^"]*\)".*/\1/')
run 0 'by its id' revoke --config "$conf" --iss https://one.test --jti "$jti"
is 'by its id' revoked t
run 0 'by its id, taken back' revoke --config "$conf" --iss one --jti "$jti" --undo
run 0 'the same id of another issuer' revoke --config "$conf" --iss two --jti "$jti"
is 'the same id of another issuer' ok t
printf 'a\n\n%s\r\n  b  \n' "$jti" | "$tool" revoke --config "$conf" --iss one --jti - >"$dir/out" 2>&1
[ "$(grep -c '^revoked: ' "$dir/out")" -eq 3 ] && grep -q '"  b  "' "$dir/out"
result $? 'three ids from standard input, whose blanks are theirs'
printf '\n\n' | "$tool" revoke --config "$conf" --iss one --jti - >"$dir/out" 2>&1
[ $? -eq 2 ] && grep -q 'is empty' "$dir/out"
result $? 'blank lines are no list'
run 2 'an option in the place of a value' verify --config "$conf" --service login --user --json
is 'an id from standard input' revoked t

mint one nojti --no-jti
run 0 'a token without an id' revoke --config "$conf" --token "$dir/nojti"
is 'a token without an id' revoked nojti
mint one nojti2 --no-jti --claim x=y
is 'another token without an id' ok nojti2
is 'a one-time token without an id' claim-invalid nojti2 once
"$tool" verify --config "$conf" --service once <"$dir/nojti2" >"$dir/out" 2>&1
says 'which says what it needs' 'jti is absent, and single_use needs it'
mint one looked
is 'a one-time token' ok looked once
is 'which verify has not used up' ok looked once

mint one s --claim sid=s1
mint two s2 --claim sid=s1
run 0 'a session' revoke --config "$conf" --sid s1 --iss one
is 'a session' revoked s
is 'the same session of another issuer' ok s2
run 0 'a session of any issuer' revoke --config "$conf" --sid s1
is 'a session of any issuer' revoked s2

mint one u
mint two u2
mint one earlier --now $(($(date +%s) - 5))
run 0 'a subject, up to a while ago' revoke --config "$conf" --subject alice --before $(($(date +%s) - 5))
is 'issued at that second' superseded earlier
is 'issued later' ok u
run 0 'a subject, up to an earlier time' revoke --config "$conf" --subject alice --before 1000000000
says 'which says that the later one stays' 'issued up to 20.*, as was noted before'
is 'the later cut-off stays' superseded earlier
run 2 'a subject, up to a time in milliseconds' revoke --config "$conf" --subject alice --before "$(date +%s)000"
says 'which says what is wrong' 'more than a year ahead'
run 0 'a subject' revoke --config "$conf" --subject alice
is 'a subject' superseded u
is 'of all issuers' superseded u2
run 0 'a subject, taken back' revoke --config "$conf" --subject alice --undo
is 'a subject, taken back' ok u
run 0 'all of an issuer' revoke --config "$conf" --all --iss two
is 'all of an issuer' superseded u2
is 'not of the other' ok u
run 0 'an account' revoke --config "$conf" --account "$me"
says 'for good' 'until undone$'
is 'an account' revoked u
run 0 'an account, for a shorter time' revoke --config "$conf" --account "$me" --until $(($(date +%s) + 2))
says 'which says that it stays for good' 'until undone, as was noted before'
run 1 'is it cut off?' state show --config "$conf" --account "$me"
[ "$(cat "$dir/out")" = "account \"$me\" is cut off, until undone" ]
result $? 'which says that it is'
run 1 'the same for a script' state show --config "$conf" --account "$me" --json
says 'which has no large number' '"until": *null'
run 0 'what is noted, for a script' state list --config "$conf" --json
says 'which has none either' '"until": *null'
! grep -q 9007199254740991 "$dir/out"
result $? 'not even one'
run 0 'another account' state show --config "$conf" --account "${me}x"
[ "$(cat "$dir/out")" = "account \"${me}x\" is not cut off" ]
result $? 'which says that it is not'
if cc -shared -fPIC -D_GNU_SOURCE -o "$dir/names.so" tests/programs/names_lower.c 2>/dev/null; then
	ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" LD_PRELOAD=$dir/names.so \
		"$tool" state show --config "$conf" --account "$(echo "$me" | tr a-z A-Z)" >"$dir/out" 2>&1
	[ $? -eq 1 ]
	result $? 'the account in capitals, where the name service ignores case'
	says 'which says whose cut-off counts' "^account \"$me\" is cut off, until undone$"
else
	skip 'the account in capitals' 'no compiler'
fi
run 1 'a subject of which nothing is noted, of an issuer that is revoked' state show --config "$conf" --subject nobody
says 'the subject is not' '^subject "nobody" of https://one.test is not revoked$'
says 'the issuer is' '^all tokens of https://two.test: tokens issued up to 20.* are refused$'
run 0 'of the other issuer' state show --config "$conf" --subject nobody --iss one
[ "$(wc -l <"$dir/out")" -eq 1 ]
result $? 'nothing is said of an issuer that is not revoked' "@$dir/out"
run 0 'a subject' revoke --config "$conf" --subject bob --iss one
run 1 'a subject that is revoked' state show --config "$conf" --subject bob --iss one
says 'which says since when' '^subject "bob" of https://one.test: tokens issued up to 20.* are refused$'
run 0 'a token' revoke --config "$conf" --jti j9 --iss one --until $(($(date +%s) + 900))
run 1 'a token that is revoked' state show --config "$conf" --jti j9 --iss https://one.test
says 'which says until when' '^token "j9" of https://one.test is revoked, until 20'
run 0 'one of the other issuer' state show --config "$conf" --jti j9 --iss two
run 0 'an id that begins like an option' revoke --config "$conf" --jti --Ab9 --iss one
run 1 'it is revoked' state show --config "$conf" --iss https://one.test --jti --Ab9
says 'under that id' '^token "--Ab9" of https://one.test is revoked, '
run 2 'an id that was forgotten' state show --config "$conf" --jti --iss https://one.test
says 'which names its option' '--jti needs a value'
run 0 'a session' revoke --config "$conf" --sid s9
run 1 'a session that is revoked' state show --config "$conf" --sid s9
says 'of each issuer' '^session "s9" of https://two.test is revoked, until undone$'
run 0 'a session of one issuer' revoke --config "$conf" --sid s8 --iss one
run 1 'a session that is revoked at the first issuer alone' state show --config "$conf" --sid s8
says 'and not at the second one' '^session "s8" of https://two.test is not revoked$'
for words in '' '--account a --sid s' '--jti j' '--account a --iss one' '--subject s --iss nowhere'; do
	# shellcheck disable=SC2086 # words
	run 2 "state show $words" state show --config "$conf" $words
done
chmod 755 "$dir/state"
run 2 'a store that gives no answer is not "no"' state show --config "$conf" --account "${me}x"
chmod 700 "$dir/state"
run 0 'an account that this host does not have' revoke --config "$conf" --account nosuchuser
says 'which is said' 'this host has no account "nosuchuser"'
run 0 'an account until the end of time' revoke --config "$conf" --account nosuchuser2 --until 9007199254740991
run 0 'which damages nothing' state list --config "$conf"
run 0 'an account, taken back' revoke --config "$conf" --account "$me" --undo
until=$(($(date +%s) + 100))
run 0 'an account for a while' revoke --config "$conf" --account "$me" --until $until
is 'an account for a while' revoked u login $((until - 1))
is 'when it is over' ok u login $until
run 0 'an account, taken back before that' revoke --config "$conf" --account "$me" --undo

# --- logout tokens ------------------------------------------------------------------------------------------------------

event='events={"http://schemas.openid.net/event/backchannel-logout":{}}'
mint one l --typ logout+jwt --claim sid=s3 --claim-json "$event"
mint one s3 --claim sid=s3
run 0 'a logout token' revoke --config "$conf" --logout-token "$dir/l"
says 'which says what it did' '^revoked: session "s3" of https://one\.test'
is 'a session that a logout token ended' revoked s3
is 'a logout token never logs in' type-not-accepted l
mint one l2 --typ logout+jwt --claim-json "$event"
run 0 'a logout token of a subject' revoke --config "$conf" --logout-token "$dir/l2"
is 'a subject that a logout token ended' superseded u
run 0 'taken back' revoke --config "$conf" --subject alice --undo
run 1 'a login token is no logout token' revoke --config "$conf" --logout-token "$dir/u"
says 'which says why' 'refused: type-not-accepted'

# --- usage --------------------------------------------------------------------------------------------------------------

run 2 'nothing to revoke' revoke --config "$conf"
run 2 'two things' revoke --config "$conf" --sid s --subject x
run 2 'an id without an issuer' revoke --config "$conf" --jti j
run 2 'an issuer that is not there' revoke --config "$conf" --iss https://three.test --jti j
run 2 '--before with an id' revoke --config "$conf" --iss one --jti j --before 1
run 2 '--until with a subject' revoke --config "$conf" --subject x --until 1
run 2 '--until in the past' revoke --config "$conf" --account x --until 1
run 2 'an empty list' revoke --config "$conf" --account - </dev/null
run 2 'a token on the command line' revoke --config "$conf" --token "$(cat "$dir/t")"
! grep -q eyJ "$dir/out"
result $? 'which is not shown again'
run 2 'a time that is none' revoke --config "$conf" --subject x --before soon
sed '/^\[state\]/,$d; /single_use/d' "$conf" >"$dir/none.conf"
run 2 'a configuration without state' revoke --config "$dir/none.conf" --subject x
says 'which says what to do' 'add a \[state\] section'

# --- list, stats, purge -------------------------------------------------------------------------------------------------

run 0 'list' state list --config "$conf"
says 'shows a cut-off' '^issuer .*tokens up to 20'
says 'shows a token' '^token +[0-9a-f]{16}  until 20'
! grep -qE 'alice|s1|one\.test' "$dir/out"
result $? 'and no name'
run 0 'list --json' state list --config "$conf" --json
says 'in JSON' '"kind": *"issuer"'
run 0 'stats' state stats --config "$conf"
says 'counts issuers' '^issuer +1$'
run 0 'stats --json' state stats --config "$conf" --json
says 'in JSON' '"session": *[0-9]'
run 2 'init --json' state init --config "$conf" --json
run 0 'purge, of what has been over for less than a week' state purge --config "$conf"
says 'says that it removed nothing' '^removed 0, kept [1-9]'
mint one older --now $(($(date +%s) - 700000))
run 0 'a token that has been over for a week' revoke --config "$conf" --token "$dir/older"
run 0 'purge' state purge --config "$conf"
says 'says what it removed' '^removed 1, kept [1-9]'
is 'what counts is still there' superseded u2
run 0 'the account, which was cut off then' revoke --config "$conf" --account "$me" --undo
"$tool" verify --config "$conf" --service login --now $(($(date +%s) - 699900)) <"$dir/older" >"$dir/out" 2>&1
says 'a token that was purged, when the clock goes back' 'refused: expired'
says 'which says that the state has forgotten' 'in 8m(20|1[0-9])s; but the state has forgotten'
run 0 'purge --json' state purge --config "$conf" --json
says 'in JSON' '"removed": *0.*"kept": *[1-9].*"damaged": *0'

# --- clocks that are ahead -----------------------------------------------------------------------------------------------

# One purge by such a clock does not refuse everybody until the last of the logout tokens is over.
mint one fresh
is 'a fresh token' ok fresh
run 0 'what a logout leaves for a year' revoke --config "$conf" --logout-token "$dir/l"
if cc -shared -fPIC -D_GNU_SOURCE -o "$dir/clock.so" tests/programs/clock_ahead.c 2>/dev/null; then
	CLOCK_AHEAD=34560000 ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" LD_PRELOAD=$dir/clock.so \
		"$tool" state purge --config "$conf" >"$dir/out" 2>&1
	result $? 'purge by a clock that is 400 days ahead'
	says 'which is told that it may be wrong' 'by this clock nothing was noted here for (399|400)d'
	is 'a fresh token after it' ok fresh
	is 'the session is still ended' revoked s3
	# By a clock that was ahead at init one-time tokens would be refused until then.
	CLOCK_AHEAD=34560000 ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" LD_PRELOAD=$dir/clock.so \
		"$tool" state init --directory "$dir/future" >"$dir/out" 2>&1
	result $? 'init by a clock that is ahead'
	run 0 'init by one that is right' state init --directory "$dir/future"
	says 'which mends it' 'made before, by a clock that was ahead: made now$'
	run 0 'and once more' state init --directory "$dir/future"
	says 'where nothing is left to mend' 'was made before$'
else
	skip 'a purge by a clock that is ahead' 'there is no cc'
fi
run 0 'reset, when there is nothing to reset' state purge --reset --config "$conf"
says 'which says so' '^nothing to reset'
rm "$dir/state/purged"
ln -s $(($(date +%s) + 30000000)) "$dir/state/purged"
is 'after a purge that an older version made by such a clock' expired fresh
"$tool" verify --config "$conf" --service login <"$dir/fresh" >"$dir/out" 2>&1
says 'the hint does not contradict the token' 'exp is .*, in .*; but the state has forgotten .*state purge --reset'
run 2 'reset with --json' state purge --reset --json --config "$conf"
run 2 'reset of something else' state stats --reset --config "$conf"
is 'which did nothing' expired fresh
run 0 'reset' state purge --reset --config "$conf"
says 'which says from when' '^reset: "purged" was 20.* and is now 20'
says 'and what else is to be done' 'pam-jwt revoke --all --iss ISSUER'
is 'a fresh token after the reset' ok fresh

# --- what is damaged, and what `check` says of it -----------------------------------------------------------------------

run 0 'check, when all is well' check --config "$conf"
shard=$(find "$dir/state" -type l -path '*/state/??/*' | head -n 1)
shard=${shard%/*}
ln -s rubbish "$shard/t$(printf '%062d' 0)"
run 2 'list, with an entry that is damaged' state list --config "$conf"
says 'which names it' "${shard##*/}/t0+ is damaged"
run 2 'purge, with an entry that is damaged' state purge --config "$conf"
rm "$shard/t$(printf '%062d' 0)"
if [ "$(id -u)" -eq 0 ]; then
	chmod 755 "$dir/state"
	run 2 'check, when others may enter the directory' check --config "$conf"
	says 'which names it' "$dir/state: "
	chmod 700 "$dir/state"
	mv "$dir/state" "$dir/gone"
	run 0 'check, when the directory is still to be made' check --config "$conf"
	says 'which warns' 'warning: .*pam-jwt state init'
	mv "$dir/gone" "$dir/state"
fi

# --- logout -------------------------------------------------------------------------------------------------------------

log_out() {	# STATUS NAME FILE
	run "$1" "$2" logout --config "$conf" --token-file "$3"
}
umask 077
mint one mine
ln -s mine "$dir/link"
log_out 2 'logout by a symbolic link' "$dir/link"
is 'which revoked nothing' ok mine
log_out 0 'logout' "$dir/mine"
[ ! -e "$dir/mine" ] && [ -L "$dir/link" ]
result $? 'which removed the file'
if [ "$(id -u)" -eq 0 ]; then
	mint one theirs
	chown 65534 "$dir/theirs"
	log_out 2 "logout with somebody else's file" "$dir/theirs"
	[ -e "$dir/theirs" ]
	result $? 'which is still there'
fi
finish
