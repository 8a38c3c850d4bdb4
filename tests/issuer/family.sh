#!/bin/sh
# Families of refresh tokens: many processes at once, processes that are killed, disks that are full or read-only, a database that
# is locked or damaged; and list, revoke, restore, purge and stats. tests/unit/test_family*.c has what one process can see.
#
#     BUILD=build sh tests/issuer/family.sh [--long]     from the top of the tree; --long kills 1,000 refreshes at every
#                                                        system call, and measures against bare SQLite
set -u
if [ "$(id -u)" -eq 0 ] && [ -z "${FAMILY_NS-}" ] && unshare --mount true 2>/dev/null; then
	FAMILY_NS=1 exec unshare --mount sh "$0" "$@"
fi
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
# shellcheck disable=SC2034 # results.sh reads it
AREA='issuer family'
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
case $BUILD in
/*) B=$BUILD ;;
*) B=$PWD/$BUILD ;;
esac
try=$B/tests/programs/familytry
tool=$B/pam-jwt-issuer
sweeps=1 rounds=3 stride=11
[ "${1:-}" != --long ] || sweeps=1000 rounds=50 stride=1

# Not on a tmpfs, if the build folder is one that nobody else may write: what is synced must be so.
dir=$(mktemp -d "$B/family.XXXXXX") || exit 1
mkdir -m 700 "$dir/try" && "$try" "$dir/try" create 2>/dev/null || { rm -rf "$dir" && dir=$(mktemp -d); }
trap 'umount "$dir/disk" 2>/dev/null; rm -rf "$dir"' EXIT
# shellcheck disable=SC2034 # results.sh reads it
DETAILS=@$dir/out
START=1000000000	# seconds: the programs take the time that they are told

store() {	# NAME: makes a database, and sets $s
	s=$dir/$1
	mkdir -m 700 "$s" && "$try" "$s" create
}

program() {	# NAME ARGUMENT...
	program_name=$1
	shift
	"$try" "$@" >"$dir/out" 2>&1
	result $? "$program_name"
}

gets() {	# NAME WANTED WORD TOKEN NOW
	gets_name=$1 gets_wanted=$2
	shift 2
	"$try" "$s" "$@" >"$dir/out" 2>"$dir/err"
	[ "$(tail -n 1 "$dir/out")" = "$gets_wanted" ]
	result $? "$gets_name" "@$dir/out" "@$dir/err"
}

says() {	# NAME TEXT: the last trouble has that text
	grep -qF -e "$2" "$dir/err"
	result $? "$1" "@$dir/err"
}

# ---- many at once, and killed ----

store race
program "64 processes at once: each of its own family, all of one, all with an old token" "$s" race 64 "$rounds"
# What a kill leaves is the same on any file system; a thousand sweeps take minutes on a tmpfs, and an hour on a disk.
mkdir -m 700 "$dir/disk"
[ -z "${FAMILY_NS-}" ] || mount -t tmpfs -o mode=700 family "$dir/disk"
store disk/kill
program 'a refresh that is killed at any system call loses nothing, and leaves one usable token' "$s" kill "$sweeps"
sed 's/^/# /' "$dir/out"
[ -z "${FAMILY_NS-}" ] || umount "$dir/disk"

store bench
if [ "${1:-}" = --long ]; then
	"$B/tests/programs/familybench" "$s" 64 2 10 >"$dir/out" 2>&1 && awk '{ exit $NF < 0.8 }' "$dir/out"
	result $? '64 clients get 0.8 of what bare SQLite commits, and nothing is lost'
else
	"$B/tests/programs/familybench" "$s" 64 1 1 >"$dir/out" 2>&1
	result $? 'of 64 clients at once nothing is lost'
fi
sed 's/^/# /' "$dir/out"

# ---- locked ----

store locked
token=$("$try" "$s" login alice $START)
"$try" "$s" hold 9 >"$dir/held" &
holder=$!
until [ -s "$dir/held" ]; do sleep 0.1; done
before=$(date +%s)
gets 'a database that is locked gives nothing' TROUBLE refresh "$token" $((START + 1))
says 'and the message says so' 'kept it locked'
after=$(date +%s)
[ $((after - before)) -ge 4 ] && [ $((after - before)) -le 8 ]
result $? 'after five seconds' "$((after - before)) s"
kill "$holder" 2>/dev/null
wait "$holder" 2>/dev/null
gets 'afterwards the token is as good as before' OK refresh "$token" $((START + 2))

# ---- damaged ----

store flipped
token=$("$try" "$s" login alice $START)
"$try" "$s" refresh "$token" $((START + 1)) >"$dir/out"
current=$(cut -d ' ' -f 1 "$dir/out" | head -n 1)
gets 'a token that was used ends the family' REUSED look "$token" $((START + 100))
program 'with any bit flipped an ended family does not live' "$s" flip "$current" "$stride"
sed 's/^/# /' "$dir/out"

# ---- disks ----

# In a namespace of our own: file systems that are full or read-only.
if [ -n "${FAMILY_NS-}" ]; then
	mount -t tmpfs -o size=256k,mode=700 family "$dir/disk"
	s=$dir/disk
	"$try" "$s" create
	token=$("$try" "$s" login alice $START)
	mount -o remount,ro "$dir/disk"
	gets 'a read-only disk gives nothing' TROUBLE refresh "$token" $((START + 1))
	says 'and the message says so' 'it is read-only'
	mount -o remount,rw "$dir/disk"
	rm -f "$s/issuer.db-journal"
	dd if=/dev/zero of="$s/filler" bs=1024 2>/dev/null
	gets 'a full disk gives nothing' TROUBLE refresh "$token" $((START + 1))
	says 'and the message says so' 'the disk is full'
	"$try" "$s" login bob $START >/dev/null 2>"$dir/err"
	[ $? -eq 2 ]
	result $? 'nor a login' "@$dir/err"
	gets 'reading goes on' OK look "$token" $((START + 1))
	rm "$s/filler"
	gets 'with space the token is as good as before' OK refresh "$token" $((START + 2))
	umount "$dir/disk"
else
	skip 'full and read-only disks' 'needs root'
fi

# ---- the commands ----

[ "$(id -u)" -eq 0 ] || { skip 'the commands' 'root alone may write issuer.conf' && finish; }
place=$(mktemp -d) && chmod 755 "$place"
trap 'umount "$dir/disk" 2>/dev/null; rm -rf "$dir" "$place"' EXIT
s=$place/store
install -d -o nobody -m 700 "$s"
install -d -o nobody -m 755 "$place/www"
cat >"$place/issuer.conf" <<END
[issuer]
iss       = https://tokens.test
publish   = $place/www
directory = $s
[grant ssh]
people    = alice bob
audience  = ssh://**
END
cp "$try" "$place/try" && chmod 755 "$place/try"
try=$place/nobody
printf '#!/bin/sh\nexec setpriv --reuid=nobody --clear-groups %s "$@"\n' "$place/try" >"$try"
chmod 755 "$try"

issuer() {	# STATUS NAME ARGUMENT...
	issuer_want=$1 issuer_name=$2 issuer_got=0
	shift 2
	"$tool" "$@" --config "$place/issuer.conf" >"$dir/out" 2>&1 || issuer_got=$?
	[ "$issuer_got" -eq "$issuer_want" ]
	result $? "$issuer_name"
}

lines() {	# NAME NUMBER PATTERN: the output has so many lines that match
	[ "$(grep -c -e "$3" "$dir/out")" -eq "$2" ]
	result $? "$1"
}

issuer 2 'without init there is nothing to list' list
lines 'and the message says so' 1 'keys/secret'
issuer 0 'init makes the database' init
[ "$(stat -c %a:%U "$s/issuer.db")" = 600:nobody ]
result $? 'which is of the account of the issuer alone'
issuer 0 'a second init leaves it as it is' init
now=$(date +%s)
one=$("$try" "$s" login alice "$now")
two=$("$try" "$s" login alice "$now")
bob=$("$try" "$s" login bob "$now")
old=$("$try" "$s" login carol $((now - 10000001)))
[ -n "$one" ] && [ -n "$two" ] && [ -n "$bob" ] && [ -n "$old" ]
result $? 'four logins'
issuer 0 'list shows those that live' list
lines 'three' 3 '  live  '
lines 'and no other' 0 carol
issuer 0 'list --all shows the others' list --all
lines 'with the reason' 1 '  time  .*carol'
issuer 0 'list --person shows those of one person' list --person alice
lines 'two' 2 alice
lines 'and nobody else' 0 bob
issuer 0 'list --json is for programs' list --json
if command -v python3 >/dev/null; then
	python3 -c 'import json, sys
a = json.load(open(sys.argv[1]))
assert len(a) == 3 and {x["person"] for x in a} == {"alice", "bob"} and all(x["state"] == "live" for x in a)
assert a[0]["audience"] == ["ssh://a.example.com"] and a[0]["bearer"] is False' "$dir/out"
	result $? 'it is JSON, with all of them'
fi
issuer 0 'list --json prints nothing that could be used' list --json --all
lines 'no token and no hash' 0 pjr1_
issuer 2 'revoke needs to know whose' revoke
issuer 2 'and not twice' revoke --person alice --family x
issuer 1 'a name with a typing error is refused' revoke --person alicia
issuer 1 'an unknown family, too' revoke --family AAAAAAAAAAAAAAAAAAAAAA
gets 'and nothing has ended' OK look "$one" "$now"
sid=$("$tool" list --person bob --config "$place/issuer.conf" | awk '$2 == "live" { print $1 }')
issuer 0 'revoke --family ends one' revoke --family "$sid"
lines 'and says so' 1 '^ended 1 of 1$'
gets 'that one' OVER look "$bob" "$now"
gets 'and no other' OK look "$one" "$now"
issuer 0 'the hosts can be told again' revoke --family "$sid"
lines 'although it ended before' 1 '^ended 0 of 1$'
issuer 0 'revoke --person ends all of a person' revoke --person alice
gets 'the first' OVER look "$one" "$now"
gets 'and the second' OVER look "$two" "$now"
issuer 0 'stats counts them' stats
lines 'by reason' 1 '^ended: revoked.3$'
issuer 0 'stats --json is for programs' stats --json
lines 'with the same numbers' 1 '"live":0,"people":0,"ended":{"logout":0,"reuse":0,"revoked":3,"too-many":0,"time":1,"restored":0}'
issuer 0 'purge drops those whose time is over' purge
lines 'one' 1 '^dropped 1$'
issuer 0 'those that were revoked stay: their reuse must be seen' list --all
lines 'three of them' 3 '  revoked  '

# A backup: bob's login ends, and lives again in the copy.
bob=$("$try" "$s" login bob "$now")
cp -p "$s/issuer.db" "$place/backup"
issuer 0 'bob is out' revoke --person bob
cp -p "$place/backup" "$s/issuer.db"
gets 'an old copy of the database knows nothing of it' OK look "$bob" "$now"
issuer 0 'so restore ends all logins' restore
gets 'and bob is out again' OVER look "$bob" "$now"
issuer 0 'as list says' list --all --person bob
lines 'with the reason' 1 '  restored  .*bob'

# A row that somebody changed.
if command -v sqlite3 >/dev/null; then
	carol=$("$try" "$s" login carol "$now")
	bob=$("$try" "$s" login bob "$now")
	sqlite3 "$s/issuer.db" "UPDATE family SET person='root' WHERE person='carol'"
	gets 'a row that was changed gives nothing' TROUBLE look "$carol" "$now"
	says 'and the message says so' 'a row or keys/secret was changed or damaged'
	gets 'the others are as they were' OK look "$bob" "$now"
	dave=$("$try" "$s" login dave "$now")
	issuer 2 'revoke says so' revoke --person dave
	lines 'and ends what it can' 1 '^ended 1 of 1$'
	gets 'which is out' OVER look "$dave" "$now"
	issuer 2 'list names it' list
	lines 'and what helps' 1 'issuer restore'
	issuer 2 'check finds it' check --people "$place/people"
	lines 'by name' 1 'a row or keys/secret was changed or damaged'
	issuer 0 'restore drops it' restore
	lines 'and says so' 1 '^dropped 1 that were damaged$'
	issuer 0 'then check is content' check --people "$place/people"
	gets 'and the token is unknown' UNKNOWN look "$carol" "$now"
else
	skip 'a row that was changed' 'there is no sqlite3'
fi
finish
