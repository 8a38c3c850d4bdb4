#!/bin/sh
# What is there after an issuer's command was killed at a system call, or after one failed: the old keys or the new ones, and a
# published set with the active key. Then disks, owners, modes and files that are not as they must be: each is refused by name.
#
#     BUILD=build sh tests/issuer/keys_faults.sh [--long]     from the top of the tree, as root; --long: each system call
set -u
cd "$(dirname "$0")/../.." || exit 1
AREA='issuer keys faults'
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh
[ "$(id -u)" -eq 0 ] || { skip 'faults' 'root alone may write issuer.conf' && finish; }
# shellcheck source=tests/lib/issuer.sh
. tests/lib/issuer.sh
issuer_begin || { skip 'faults' 'the clock in front of libc cannot be compiled' && finish; }
# Between these the files differ.
calls='^(rename.*|unlink.*|fsync|fchmod.*|mkdir.*|link.*)$'
[ "${1:-}" != --long ] || calls='^(?!x)|.'

# --- the states in which a command begins ----------------------------------------------------------------------------

keep() {	# NAME
	mkdir "$dir/$1" && cp -a "$store" "$www" "$dir/$1"
}

back() {	# NAME
	rm -rf "$store" "$www"
	cp -a "$dir/$1/store" "$dir/$1/www" "$dir"
}

prepare
keep empty
issuer init && keep one
issuer key new && keep two
issuer key activate --force && keep retired
issuer key remove --force && keep removed
[ -d "$dir/removed" ]
result $? 'a state to begin each command in'

# What a state is, without times and names.
shape() {
	sed 's/},{/}\n{/g' "$store/keys/state.json" 2>/dev/null | sed -n 's/.*"state":"\([a-z]*\)".*/\1/p' | sort | tr '\n' ' '
}

# Whether all is well: the state is one of the two, the set has the active key, a token is taken, and the next command mends all.
is_well() {	# COMMAND SHAPE-BEFORE SHAPE-AFTER
	well_now=$(shape)
	case $well_now in "$2" | "$3") ;; *) echo "the keys are $well_now" && return 1 ;; esac
	if [ -n "$well_now" ]; then
		grep -qF -e "$(kids active)" "$www/jwks.json" || { echo 'the set does not have the active key' && return 1; }
		mint "$dir/token" || { cat "$dir/err" && return 1; }
		takes "$www/jwks.json" "$dir/token" || { tail -n 1 "$dir/verdict" && return 1; }
	fi
	issuer init || { cat "$dir/out" && return 1; }
	issuer key status
	well_left=$(grep -v 'is not a key of the issuer: an interrupted command left it' "$dir/out" | grep '^pam-jwt-issuer:')
	[ -z "$well_left" ] || { echo "$well_left" && return 1; }
	case $1 in
	init*) ;;
	*)
		# shellcheck disable=SC2086 # words
		issuer $1
		case $? in 0 | 1) ;; *) cat "$dir/out" && return 1 ;; esac
		;;
	esac
	mint "$dir/token" && takes "$www/jwks.json" "$dir/token" || { echo 'no token afterwards' && return 1; }
}

# --- killed, and failed ----------------------------------------------------------------------------------------------

traced() {	# COMMAND STRACE-OPTION...
	traced_words=$1
	shift
	# shellcheck disable=SC2046,SC2086 # words
	ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" strace -qq "$@" "$tool" ${traced_words%% *} --config "$conf" \
		$(echo "$traced_words " | cut -d ' ' -f 2-) >"$dir/out" 2>&1
}

# The calls of a command, as "NAME COUNT"; those of a process that starts and ends are of no interest.
counts() {	# COMMAND
	traced "$1" -o "$dir/calls"
	sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' "$dir/calls" | grep -vE '^(execve|exit_group|arch_prctl|brk|mmap|mprotect|munmap)$' |
		grep -P "$calls" | sort | uniq -c | awk '{ print $2, $1 }'
}

struck() {	# STATE COMMAND NAME-OF-CALL COUNT INJECTION
	struck_at=1
	while [ "$struck_at" -le "$4" ]; do
		back "$1"
		traced "$2" -o /dev/null -e trace="$3" -e inject="$3:$5:when=$struck_at"
		struck_status=$?
		[ "$struck_status" -ne 0 ] || [ "$5" != error=ENOSPC ] || [ "$(shape)" = "$after" ] || {
			wrong=$((wrong + 1))
			echo "$2: $3 $struck_at of $4, $5: exit 0, and nothing was done"
		}
		struck_why=$(is_well "$2" "$before" "$after") || {
			wrong=$((wrong + 1))
			echo "$2: $3 $struck_at of $4, $5: $struck_why"
		}
		tries=$((tries + 1))
		struck_at=$((struck_at + 1))
	done
}

strikes() {	# STATE COMMAND
	tries=0 wrong=0
	back "$1"
	before=$(shape)
	counts "$2" >"$dir/list"
	after=$(shape)
	while read -r strikes_call strikes_count; do
		struck "$1" "$2" "$strikes_call" "$strikes_count" signal=KILL
		case $strikes_call in
		rename* | fsync | write | fchmod* | mkdir*) struck "$1" "$2" "$strikes_call" "$strikes_count" error=ENOSPC ;;
		esac
	done <"$dir/list" >"$dir/wrong"
	[ "$wrong" -eq 0 ] && [ "$tries" -ge 4 ]
	result $? "$2: killed, or without room, at $tries system calls: the old keys or the new ones, and the set has the active one" \
		"@$dir/wrong"
}

if strace -qq -o /dev/null true 2>/dev/null; then
	strikes empty init
	strikes one 'key new'
	strikes two 'key activate --force'
	strikes two 'key retire'
	strikes retired 'key remove --force'
else
	skip 'system calls' 'strace is not installed, or not allowed'
fi

# --- disks -----------------------------------------------------------------------------------------------------------

disks() {
	if ! unshare --mount true 2>/dev/null; then
		skip 'a full disk' 'mounts are not allowed'
		return
	fi
	for disks_folder in "$store" "$www"; do
		back two
		unshare --mount --propagation "$(mountpoint -q / && echo private || echo unchanged)" sh -c '
			folder=$1
			cp -a "$folder" "$folder.copy" && mount -t tmpfs -o mode=0700,uid="$(id -u nobody)",size=128k full "$folder" || exit 1
			[ "$folder" = "$2" ] || chmod 755 "$folder"
			cp -a "$folder.copy/." "$folder" && rm -r "$folder.copy"
			dd if=/dev/zero of="$folder/fill" bs=4096 count=99 2>/dev/null
			"$3" key --config "$4" new
			echo "new: $?"
			rm "$folder/fill"
			mount -o remount,ro "$folder" || exit 1
			"$3" key --config "$4" new
			echo "new: $?"
			mount -o remount,rw "$folder" || exit 1
			"$3" key --config "$4" new >/dev/null
			echo "new: $?"
			"$3" key --config "$4" status >/dev/null
			echo "status: $?"
			' sh "$disks_folder" "$store" "$tool" "$conf" >"$dir/out" 2>&1
		[ "$(grep -cE 'No space left on device$' "$dir/out")" -eq 1 ] && [ "$(grep -cE 'Read-only file system$' "$dir/out")" -eq 1 ] &&
			[ "$(sed -n 's/^\(new\|status\): //p' "$dir/out" | tr '\n' ' ')" = '2 2 0 0 ' ]
		result $? "${disks_folder##*/} is full, and read-only: each is said, and nothing is left" "@$dir/out"
	done
}
disks

# --- owners, modes and files -----------------------------------------------------------------------------------------

# Something is wrong: key status and key new say what, and no token is signed.
refused() {	# NAME PATTERN [token]: token: one is signed all the same
	want 2 "$1: key status" key status
	says "$1: it says so" "$2"
	want 2 "$1: key new" key new
	if mint "$dir/token"; then refused_got=token; else refused_got=; fi
	[ "$refused_got" = "${3:-}" ] && { [ -n "$refused_got" ] || [ ! -s "$dir/token" ]; }
	result $? "$1: ${3:-no token}" "@$dir/err"
}

back two
active=$(kids active)
waiting=$(kids published)
chmod 755 "$store"
refused 'others may enter the directory' 'store: group or others have a right to it: chmod 700'
chmod 700 "$store"
chown 0 "$store/keys"
refused 'keys/ is root'\''s' 'store/keys: Permission denied'
chmod 755 "$store/keys"
refused 'keys/ is root'\''s, who lets everybody read' 'store/keys: belongs to another user \(uid 0\)'
chown nobody "$store/keys"
chmod 750 "$store/keys"
refused 'others may enter keys/' 'store/keys: group or others have a right to it: chmod 700'
chmod 700 "$store/keys"
chmod 620 "$store/keys/state.json"
refused 'others may write state.json' 'state.json: writable by group or others: chmod go-w'
chmod 600 "$store/keys/state.json"
chown 12345 "$store/keys/state.json"
refused 'state.json is another user'\''s' 'state.json: belongs to another user|state.json: Permission denied'
chown nobody "$store/keys/state.json"
chmod 640 "$store/keys/$active.jwk"
refused 'others may read the private key' "$active.jwk: others may read it: chmod 600"
chmod 600 "$store/keys/$active.jwk"
for text in '' '{' '{"version":1,"keys":[]}x' 'null'; do
	printf '%s' "$text" >"$store/keys/state.json"
	refused "state.json is \"$text\"" 'state.json: damaged: it is not a JSON object'
done
sed 's/"state":"active"/"state":"published"/' "$dir/two/store/keys/state.json" >"$store/keys/state.json"
refused 'state.json has no active key' 'state.json: damaged: the times of a key do not fit its state'
rm "$store/keys/state.json"
refused 'state.json is lost' 'state.json: it is missing: pam-jwt issuer init, or bring it back from a backup'
want 2 'and init does not begin again' init
says 'but says why' "state.json is missing, but .* is there: bring state.json back"
[ ! -e "$store/keys/state.json" ]
result $? 'and makes none'
back two
mv "$store/keys/$active.jwk" "$dir/away"
refused 'the file of the active key is lost' "$active.jwk: No such file or directory"
cp -p "$store/keys/$waiting.jwk" "$store/keys/$active.jwk"
refused 'it is another key' "$active.jwk: it holds another key than its name says"
mv "$dir/away" "$store/keys/$active.jwk"
: >"$store/keys/$waiting.jwk"
refused 'the file of a waiting key is empty' "$waiting.jwk: damaged" token
back two
sed -i 's/"d":"[^"]*",//' "$store/keys/$active.jwk"
refused 'it has only the public key' 'it is not the one private key that state.json says'
back two
chown 0 "$www"
want 0 'the published folder is root'\''s: a command that has nothing to publish works' key activate --force
back two
chown 0 "$www"
want 2 'the published folder is root'\''s: key new' key new
says 'it says so' 'www: belongs to another user'
want 0 'and the keys are as before' key status
chown nobody "$www"
chmod 775 "$www"
want 2 'others may write the published folder' key new
says 'it says so' 'www.*writable by group or others: chmod go-w'
rm -r "$www"
want 2 'the published folder is missing' key new
says 'it says so' 'www: .*No such file or directory'
back two
exec 8<"$store/keys"
flock 8
want 2 'another command holds the keys' key new
says 'it says so' 'store/keys: another command is changing it$'
want 0 'and status does not wait for it' key status
exec 8<&-
touch "$store/keys/$(printf '%043d' 0).jwk"
want 1 'a file that an interrupted command left' key status
says 'is named' '0000.jwk is not a key of the issuer: an interrupted command left it, and you can delete it'
finish
