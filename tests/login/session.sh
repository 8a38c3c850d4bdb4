#!/bin/sh
# A process that writes a session is killed, or fails, at each of its system calls: the file is the old one byte for
# byte, or the new one, and the next process can go on. Many at once lose nothing.
#
#     BUILD=build sh tests/login/session.sh     from the top of the tree
set -u

AREA=login/session
BUILD=${BUILD:-build}
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh

try=$BUILD/tests/programs/sessiontry
work=$(mktemp -d /tmp/pam_jwt.XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
run=$work/run
folder=$run/pam-jwt/session

# A folder with the old session, or none at all.
prepare() {	# old|none
	rm -rf "$run"
	mkdir -m 700 "$run"
	[ "$1" = none ] || "$try" "$run" write old
}

# What is there, as a reader sees it: old, new, none, or what is wrong.
seen() {
	seen_text=$("$try" "$run" read 2>"$work/complaint")
	seen_status=$?
	[ ! -s "$work/complaint" ] || { cat "$work/complaint"; return; }
	case $seen_status in
	0) echo "$seen_text" ;;
	1) echo none ;;
	*) echo "exit $seen_status" ;;
	esac
}

# Whether the session is what it was or the new one, and whether the next process puts all right.
mends() {	# old|none
	mends_seen=$(seen)
	[ "$mends_seen" = "$1" ] || [ "$mends_seen" = new ] || { echo "the session is $mends_seen"; return 1; }
	"$try" "$run" write next 2>"$work/complaint" || { echo "the next one fails: $(cat "$work/complaint")"; return 1; }
	[ "$(seen)" = next ] || { echo "the next one wrote $(seen)"; return 1; }
	mends_left=$(cd "$folder" && find . -type f | sort | tr '\n' ' ')
	[ "$mends_left" = './corp ./corp.lock ' ] || { echo "left: $mends_left"; return 1; }
}

traced() {	# STRACE-OPTION...
	ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" strace -qq "$@" "$try" "$run" write new \
		>"$work/output" 2>"$work/error"
}

# The calls of a write, as "NAME COUNT"; those of a process that starts and ends are of no interest.
calls() {	# old|none
	prepare "$1"
	traced -o "$work/calls"
	sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' "$work/calls" | grep -vE '^(execve|exit_group|arch_prctl|brk|mmap|mprotect|munmap)$' |
		sort | uniq -c | awk '{ print $2, $1 }'
}

wrong() {	# WHAT
	wrong=$((wrong + 1))
	echo "#   $1"
}

killed() {	# NAME COUNT old|none
	killed_at=1
	while [ "$killed_at" -le "$2" ]; do
		prepare "$3"
		traced -o /dev/null -e trace="$1" -e inject="$1:signal=KILL:when=$killed_at"
		why=$(mends "$3") || wrong "killed at $1 $killed_at of $2, $3: $why"
		tries=$((tries + 1))
		killed_at=$((killed_at + 1))
	done
}

# A call that fails: what is said is true. Only the fsync of the folder comes after the rename.
failed() {	# NAME COUNT ERROR
	failed_at=1
	while [ "$failed_at" -le "$2" ]; do
		prepare old
		traced -o /dev/null -e trace="$1" -e inject="$1:error=$3:when=$failed_at"
		failed_status=$?
		failed_seen=$(seen)
		if [ "$failed_status" -eq 0 ] && [ "$failed_seen" != new ]; then
			wrong "$1 $failed_at of $2, $3: exit 0, and the session is $failed_seen"
		elif [ "$failed_status" -ne 0 ] && [ "$failed_seen" != old ] && [ "$1" != fsync ]; then
			wrong "$1 $failed_at of $2, $3: exit $failed_status, and the session is $failed_seen"
		elif [ "$failed_status" -eq 2 ] && [ ! -s "$work/error" ]; then
			wrong "$1 $failed_at of $2, $3: exit 2 without a message"
		fi
		why=$(mends old) || wrong "$1 $failed_at of $2, $3: $why"
		tries=$((tries + 1))
		failed_at=$((failed_at + 1))
	done
}

system_calls() {
	if ! command -v strace >/dev/null || ! strace -qq -o /dev/null true 2>/dev/null; then
		skip 'system calls' 'strace is not installed, or not allowed'
		return 0
	fi
	for calls_before in old none; do
		tries=0 wrong=0
		calls "$calls_before" >"$work/list"
		while read -r calls_name calls_count; do
			killed "$calls_name" "$calls_count" "$calls_before"
		done <"$work/list"
		[ "$wrong" -eq 0 ] && [ "$tries" -gt 20 ]
		result $? "killed at each of $tries system calls, with $calls_before before: the session is whole"
	done
	tries=0 wrong=0
	calls old >"$work/list"
	while read -r calls_name calls_count; do
		case $calls_name in
		write | fsync | rename* | openat | fchmod* | *fstat*) calls_errors='EIO ENOSPC' ;;
		flock | mkdir* | unlink*) calls_errors='EIO EINTR' ;;
		*) continue ;;
		esac
		for calls_error in $calls_errors; do
			failed "$calls_name" "$calls_count" "$calls_error"
		done
	done <"$work/list"
	[ "$wrong" -eq 0 ] && [ "$tries" -gt 20 ]
	result $? "$tries system calls fail: what is said is true, and the session is whole"
}

# Twenty that read, add one and write: without the lock some would be lost. A reader beside them never sees half a file.
several() {
	prepare none
	several_pids=
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		"$try" "$run" add 2>>"$work/several" &
		several_pids="$several_pids $!"
	done
	several_bad=0
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		case $(seen) in
		none | [0-9] | [0-9][0-9]) ;;
		*) several_bad=1 ;;
		esac
	done
	# shellcheck disable=SC2086 # a list
	wait $several_pids
	[ "$(seen)" = 20 ] && [ "$several_bad" -eq 0 ] && [ ! -s "$work/several" ]
	result $? 'twenty at once, and no change is lost' "seen: $(seen)" "@$work/several"
}

# A full disk leaves the old session, and says so.
full_disk() {
	prepare old
	full_error=$(ulimit -f 0 && trap '' XFSZ && "$try" "$run" write new 2>&1)
	full_status=$?
	[ "$full_status" -eq 2 ] && [ -n "$full_error" ] && [ "$(seen)" = old ] && mends old >/dev/null
	result $? 'a file that cannot grow leaves the old session, and says so' "exit $full_status, $(seen): $full_error"
}

system_calls
several
full_disk
finish
