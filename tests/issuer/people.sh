#!/bin/sh
# pam-jwt issuer people: the list of people and their keys, changed and read. Root's files alone count, so this needs root;
# what a line may be is tested by tests/unit/test_people.c as well.
set -u
cd "$(dirname "$0")/../.." || exit 1
AREA=people
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh
tool=${BUILD:-build}/pam-jwt-issuer
[ "$(id -u)" -eq 0 ] || { skip 'the list of people' 'only root can have such a file' && finish; }
command -v ssh-keygen >/dev/null || { skip 'the list of people' 'there is no ssh-keygen' && finish; }

list=$dir/issuer.people

people() {	# STATUS NAME ARGUMENT...
	people_status=$1 people_name=$2
	shift 2
	run "$people_status" "$people_name" people --people "$list" "$@"
}

said() {	# NAME TEXT
	grep -qF -e "$2" "$dir/out"
	result $? "$1"
}

holds() {	# NAME TEXT: the file is that text
	printf '%b' "$2" | cmp -s - "$list"
	result $? "$1" "@$list"
}

for key in one two three; do
	ssh-keygen -q -t ed25519 -N '' -C "$key's key" -f "$dir/$key"
done
ssh-keygen -q -t ed25519 -N '' -f "$dir/ca"
ssh-keygen -q -s "$dir/ca" -I x -n alice "$dir/three.pub"
one=$(cut -d ' ' -f 1,2 "$dir/one.pub")
two=$(cut -d ' ' -f 1,2 "$dir/two.pub")

run 2 'a command that there is not' people lst
said 'and which one was meant' 'pam-jwt issuer people: lst is not a command; did you mean list?'
people 0 'without a file nobody is listed' list
[ ! -s "$dir/out" ]
result $? 'and nothing is printed'
people 0 'and sshd gets no key' --authorized-keys
people 0 'the first person makes the file' add alice "$dir/one.pub"
holds 'it has the key and its comment' "alice $one one's key\n"
[ "$(stat -c %a:%u "$list")" = 644:0 ]
result $? 'everybody may read it, and root alone may write it'
[ ! -e "$list.new" ]
result $? 'nothing else is left there'

printf '# who may\n\nalice %s' "$one" >"$list"
"$tool" people --people "$list" add bob <"$dir/two.pub" >"$dir/out" 2>&1
result $? 'a key is read from standard input'
holds 'comments stay, and a last line without its end gets one' "# who may\n\nalice $one\nbob $two two's key\n"
cp "$list" "$dir/before"
same() {
	cmp -s "$list" "$dir/before"
	result $? "$1" "@$list"
}

people 0 'the same key again is done already' add alice "$dir/one.pub"
same 'and changes nothing'
people 1 'the key of another person is refused' add carol "$dir/one.pub"
said 'the message says whose it is' "issuer.people:3: the key already belongs to alice"
people 1 'a certificate is refused' add carol "$dir/three-cert.pub"
said 'the message says so' 'three-cert.pub:1: error: a certificate'
people 1 'a private key is refused' add carol "$dir/three"
grep -q 'PRIVATE\|b3BlbnNzaC' "$dir/out" && shown=1 || shown=0
result $shown 'and not shown'
cat "$dir/two.pub" "$dir/three.pub" >"$dir/both.pub"
people 1 'two keys in one file are refused' add carol "$dir/both.pub"
printf 'carol %s\n' "$(cat "$dir/three.pub")" >"$dir/line.pub"
people 1 'a line that has a name already is refused' add carol "$dir/line.pub"
printf 'restrict %s\n' "$(cat "$dir/three.pub")" >"$dir/line.pub"
people 1 'options in front of the key are refused' add carol "$dir/line.pub"
: >"$dir/empty.pub"
people 1 'an empty file is refused' add carol "$dir/empty.pub"
people 2 'a file that is missing' add carol "$dir/none.pub"
for name in %wheel -x .x 'a b' a/b ''; do
	people 2 "the name \"$name\" is not taken" add "$name" "$dir/three.pub"
done
people 1 'nobody has that name' remove carol
people 1 'the key is another person'\''s' remove alice "$(ssh-keygen -lf "$dir/two.pub" | cut -d ' ' -f 2)"
people 2 'not a fingerprint' remove alice SHA256:x
for words in '' 'list alice' 'add' 'remove' 'remove alice a b' 'add alice a b' 'show' '--authorized-keys list'; do
	# shellcheck disable=SC2086 # words
	people 2 "people $words: not such a command" $words
done
run 2 'an option that it does not have' people --config x list
run 2 'a relative path' people --people issuer.people list
same 'none of them changed the file'

people 0 'a second key of the same person' add alice "$dir/three.pub"
people 0 'the list' list
ssh-keygen -lf "$dir/two.pub" | cut -d ' ' -f 2 >"$dir/print"
grep -qx "bob ssh-ed25519 $(cat "$dir/print") two's key" "$dir/out"
result $? 'has name, type, fingerprint and comment'
people 0 'the keys for sshd' --authorized-keys
printf 'restrict %s\nrestrict %s\nrestrict %s\n' "$one" "$two" "$(cut -d ' ' -f 1,2 "$dir/three.pub")" | cmp -s - "$dir/out"
result $? 'each is there, with nothing but the key' "@$dir/out"
ssh-keygen -lf "$dir/out" >/dev/null 2>&1
result $? 'ssh-keygen reads them'
people 0 'one key is removed' remove alice "$(ssh-keygen -lf "$dir/three.pub" | cut -d ' ' -f 2)"
same 'and everything else is as before'
people 0 'a person is removed' remove alice
holds 'the comment and the others stay' "# who may\n\nbob $two two's key\n"

# A file with an error gives no access at all, and is not touched.
faulty() {	# NAME TEXT
	printf '%b' "$2" >"$list"
	cp "$list" "$dir/before"
	people 2 "$1: no key for sshd" --authorized-keys
	! grep -q '^restrict' "$dir/out"
	result $? "$1: really none" "@$dir/out"
	people 2 "$1: no list" list
	people 2 "$1: nothing is added" add carol "$dir/three.pub"
	people 2 "$1: nothing is removed" remove bob
	same "$1: the file stays"
}

faulty 'one key under two names' "alice $one\nbob $two\ncarol $one\n"
faulty 'a certificate in the file' "bob $two\nalice $(cat "$dir/three-cert.pub")\n"
faulty 'a line that cannot be read' "bob $two\nalice\n"
printf 'bob %s\n' "$two" >"$list"
chmod 666 "$list"
people 2 'a file that others may write' --authorized-keys
chmod 644 "$list"
chown 1234 "$list"
people 2 'a file of another user' --authorized-keys
chown 0 "$list"
mv "$list" "$dir/elsewhere"
ln -s elsewhere "$list"
people 0 'a symbolic link of root is followed' list
people 2 'and not replaced' add alice "$dir/one.pub"
[ -L "$list" ]
result $? 'it is still a link'
rm "$list"
mv "$dir/elsewhere" "$list"

# Ten at once: none is lost.
: >"$list"
for number in 1 2 3 4 5 6 7 8 9 10; do
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$dir/n$number"
done
for number in 1 2 3 4 5 6 7 8 9 10; do
	"$tool" people --people "$list" add "p$number" "$dir/n$number.pub" &
done
wait
[ "$(cut -d ' ' -f 1 "$list" | sort -u | wc -l)" -eq 10 ]
result $? 'ten people who are added at once are all there' "@$list"
"$tool" people --people "$list" list >/dev/full 2>"$dir/out" && full=1 || full=0
result $full 'a full disk is noticed'
finish
