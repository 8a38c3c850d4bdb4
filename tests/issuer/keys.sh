#!/bin/sh
# pam-jwt issuer init and key: a rotation that refuses no token, and the steps that are refused because it is too early. Time is
# simulated: a clock in front of libc.
#
#     BUILD=build sh tests/issuer/keys.sh     from the top of the tree, as root
set -u
cd "$(dirname "$0")/../.." || exit 1
AREA='issuer keys'
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh
[ "$(id -u)" -eq 0 ] || { skip 'keys' 'root alone may write issuer.conf' && finish; }
# shellcheck source=tests/lib/issuer.sh
. tests/lib/issuer.sh
issuer_begin || { skip 'keys' 'the clock in front of libc cannot be compiled' && finish; }

# --- beginning -------------------------------------------------------------------------------------------------------

prepare
rm -rf "$store"
want 2 'init without the directory' init
says 'says how to make it' "install -d -m 700 -o tokens $store"
prepare
chown 0:0 "$store"
want 2 'init with a directory of root'\''s' init
says 'says whose it must be' 'must belong to the account of the issuer'
prepare
want 2 'key status before init' key status
says 'says what to do' 'pam-jwt issuer init'
want 0 'init' init
says 'says what it made' '\(ES256\) is published, and active as the first key'
mint "$dir/token"
result $? 'the first key signs' "@$dir/err"
takes "$www/jwks.json" "$dir/token"
result $? 'a host takes its token' "@$dir/verdict"
[ "$(stat -c '%a %U' "$store/keys" "$store/keys/secret" "$store/keys/state.json" "$store/issuer.db" "$store"/keys/*.jwk | sort -u | tr '\n' ' ')" = \
	'600 nobody 700 nobody ' ]
result $? 'nobody else may read what it made'
[ "$(stat -c '%a %U' "$www/jwks.json" "$www/.well-known/openid-configuration" | sort -u)" = '644 nobody' ]
result $? 'everybody may read what it publishes'
! grep -q '"d"' "$www/jwks.json"
result $? 'the private number is not published'
grep -qF '"issuer":"https://tokens.test","jwks_uri":"https://tokens.test/jwks.json","token_endpoint":"https://tokens.test/token"' \
	"$www/.well-known/openid-configuration" &&
	grep -qF '"revocation_endpoint":"https://tokens.test/token/revoke"' "$www/.well-known/openid-configuration"
result $? 'the metadata names the endpoints'
(cd "$store" && find . -type f -exec md5sum {} + | sort) >"$dir/before"
want 0 'init again' init
(cd "$store" && find . -type f -exec md5sum {} + | sort) | cmp -s - "$dir/before"
result $? 'changes nothing'

# --- steps that are refused ------------------------------------------------------------------------------------------

first=$(kids active)
want 0 'a second key' key new
says 'says when it may sign' 'next: pam-jwt issuer key activate, from 20..-..-.. ..:..:.. UTC on \(in (10m|9m59s)\)'
second=$(kids published)
want 1 'too early to activate it' key activate
says 'says from when on it is safe, and how to do it now' 'from 20..-..-.. ..:..:.. UTC on \(in [0-9ms]*\); --force does it now'
want 1 'the active key is not retired' key retire "$(word_of "$first")"
says 'says what retires it' 'activate another key, which retires this one'
want 1 'the active key is not removed' key remove --force "$(word_of "$first")"
want 1 'nor is one that waits' key remove --force "$(word_of "$second")"
want 1 'no key is retired yet' key remove
want 1 'no such key' key activate '~'
want 0 'the active key is active already' key activate "$(word_of "$first")"
[ "$(kids active)" = "$first" ]
result $? 'none of these changed the active key'
ahead=590
want 1 'ten seconds before it is safe' key activate
ahead=601
want 0 'a second after it is safe' key activate
[ "$(kids active)" = "$second" ] && [ "$(kids retired)" = "$first" ]
result $? 'it is active, and the old one is retired'
want 0 'status' key status
says 'says when the old one may go' "next: key remove .*, from 20..-..-.. ..:..:.. UTC on \(in (10m|9m59s|9m58s)\)"
want 0 'status --json' key status --json
python3 - "$dir/out" "$first" "$second" <<'END'
import json, sys
keys = {k['kid']: k for k in json.load(open(sys.argv[1]))['keys']}
old, new = keys[sys.argv[2]], keys[sys.argv[3]]
assert (old['state'], old['next'], old['next_from'] - old['since']) == ('retired', 'remove', 600), old
assert (new['state'], new.get('next')) == ('active', None), new
END
result $? 'has the same for programs'
want 1 'a retired key does not come back' key activate "$(word_of "$first")"
ahead=$((601 + 590))
want 1 'ten seconds before the old key may go' key remove
ahead=$((601 + 605))
want 0 'after the last token and the longest leeway' key remove
[ ! -e "$store/keys/$first.jwk" ] && ! grep -qF -e "$first" "$www/jwks.json"
result $? 'its file and its public key are gone'
want 0 'it is removed already' key remove "$(word_of "$first")"
want 1 'a removed key does not come back' key activate "$(word_of "$first")"
want 0 'a key that is not wanted' key new
third=$(kids published)
want 0 'is retired' key retire
want 0 'and removed at once: it has signed nothing' key remove "$(word_of "$third")"
for words in '' 'new x' 'show' 'status x' 'new --force' 'retire --force' 'activate --json' 'activate a b' 'new --agent /x' \
	'status --socket /x'; do
	# shellcheck disable=SC2086 # words
	want 2 "key $words: not such a command" key $words
done

# --- a rotation refuses nobody ---------------------------------------------------------------------------------------

# Time goes on in steps. A careless administrator tries every command at every step. One host has just fetched the set; another
# has the oldest one that it may have. Both must take each token until its end.
rotate() {
	prepare
	ahead=0
	issuer init || return 1
	rm -f "$dir"/set.* "$dir"/token.*
	rotate_new=0 rotate_active=0 rotate_removed=0 rotate_tries=0 rotate_refused=0
	while [ "$ahead" -le 4800 ]; do
		if [ -z "$(kids published)" ] && issuer key new; then rotate_new=$((rotate_new + 1)); fi
		if issuer key activate; then rotate_active=$((rotate_active + 1)); fi
		if issuer key remove; then rotate_removed=$((rotate_removed + 1)); fi
		cp "$www/jwks.json" "$dir/set.$ahead"
		mint "$dir/token.$ahead" || return 1
		rotate_age=0
		while [ "$rotate_age" -lt 300 ] && [ -e "$dir/token.$((ahead - rotate_age))" ]; do
			for rotate_set in "$dir/set.$ahead" "$dir/set.$((ahead - 600))"; do
				[ -e "$rotate_set" ] || continue
				rotate_tries=$((rotate_tries + 1))
				takes "$rotate_set" "$dir/token.$((ahead - rotate_age))" && continue
				rotate_refused=$((rotate_refused + 1))
				echo "at $ahead a token of $((ahead - rotate_age)) is refused with ${rotate_set##*/}"
			done
			rotate_age=$((rotate_age + 100))
		done
		ahead=$((ahead + 100))
	done
	[ "$rotate_refused" -eq 0 ] && [ "$rotate_active" -ge 3 ] && [ "$rotate_removed" -ge 3 ] && [ "$rotate_tries" -ge 200 ]
}
rotate >"$dir/rotation"
result $? "${rotate_active:-0} rotations: none of ${rotate_tries:-0} logins is refused, by fresh hosts and by late ones" "@$dir/rotation"

# The control: each of the two times has its reason.
prepare
ahead=0
issuer init
cp "$www/jwks.json" "$dir/set.old"
issuer key new
issuer key activate --force
mint "$dir/token"
! takes "$dir/set.old" "$dir/token" && grep -q 'kid' "$dir/verdict"
result $? 'a key that is activated by force too early: a host with the old set refuses' "@$dir/verdict"
takes "$www/jwks.json" "$dir/token"
result $? 'and a host with the new one does not' "@$dir/verdict"
issuer key new
issuer key activate --force
want 1 'two keys are retired: which one' key remove --force
old=$(kids retired | tail -n 1)
want 0 'remove --force' key remove --force "$(word_of "$old")"
! takes "$www/jwks.json" "$dir/token" && grep -q 'kid' "$dir/verdict"
result $? 'a key that is removed by force too early: a fresh host refuses what it signed' "@$dir/verdict"

# The life of tokens became longer while the key was active: it stays for those, too.
prepare
issuer init
sed 's/^access_ttl.*/access_ttl = 1h/' "$conf" >"$dir/longer.conf"
timed "$try" "$dir/longer.conf" ssh://one >"$dir/token" 2>"$dir/err"
issuer key new
issuer key activate --force
issuer key status --json
python3 - "$dir/out" <<'END'
import json, sys
old = [k for k in json.load(open(sys.argv[1]))['keys'] if k['state'] == 'retired'][0]
assert old['next_from'] - old['since'] == 3600 + 300, old
END
result $? 'a longer life of tokens is remembered when the first of them is signed'

# The published set was lost: a key that waits begins to wait again, because hosts could not fetch it.
prepare
ahead=0
issuer init
issuer key new
rm "$www/jwks.json"
ahead=700
want 1 'status finds that the set is not published' key status
says 'and says what to do' 'has other keys or metadata: pam-jwt issuer init publishes them again'
want 1 'a key that was not published for a while does not sign' key activate
says 'but waits from now on' 'is safe from .* \(in (10m|9m59s)\)'
[ -s "$www/jwks.json" ]
result $? 'and the set is published again'
ahead=1400
want 0 'then it signs' key activate
finish
