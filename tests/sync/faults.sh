#!/bin/sh
# Everything under an installation fails, one thing at a time: the old set is there byte for byte, or the new one.
#
#     BUILD=build sh tests/sync/faults.sh [--long]     from the top of the tree; make check-faults runs the long one
set -u

AREA=sync/faults
BUILD=${BUILD:-build}
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh

stride=37
[ "${1:-}" != --long ] || stride=1
try=$BUILD/tests/programs/installtry
work=$(mktemp -d /tmp/pam_jwt.XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
keys=$work/lib/keys	# both folders are made by what is under test

# A set as it is installed, and one as it is published: what is kept, padded, left out, and of each kind.
cat >"$work/old" <<'END'
{"synced":1699999999,"source":"https://id.test/k","keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"a","alg":"ES256"},{"kty":"OKP","crv":"Ed25519","x":"MzqNAUM4W6s76c6fU533QmL_uL6Z_h7-8Z0mHzW4q0Y","kid":"e","alg":"Ed25519"}]}
END
cat >"$work/new" <<'END'
{"keys":[{"kty":"EC","x":"TO1z1BMZTeS0BVS8LIXdC3iqSw5RT8JdPC_L-5f-cL4","y":"tIhYA4RxxQB6vixwMGNn7ZNHp-0UmKdsv-X9P2XmtQ","crv":"P-256","kid":"w"},{"kty":"OKP","crv":"Ed25519","x":"MzqNAUM4W6s76c6fU533QmL_uL6Z_h7-8Z0mHzW4q0Y","kid":"e"},{"kty":"OKP","crv":"Ed448","x":"WbrBcHwIdKrYWqrLT04s2lw830_X_wFXP6KfBI8bVlA0FN1Dg2iTE-FSzF7DQZ1JDCB3mNNwpTMA","kid":"f"},{"kty":"oct","k":"c2VjcmV0"},{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
END

installs() {	# FILE [SECONDS]
	"$try" "$keys" corp.jwks "$@" >"$work/output" 2>&1
}

# A folder with the old set, or none at all.
prepare() {	# old|none
	rm -rf "${work:?}/lib"
	[ "$1" = none ] || installs "$work/old"
}

is() {	# old|new|none
	case $1 in
	none) [ ! -e "$keys/corp.jwks" ] ;;
	*) cmp -s "$keys/corp.jwks" "$work/$1" ;;
	esac
}

# Whether the set is what it was or the new one, and whether the next sync puts all right.
mends() {	# old|none
	is "$1" || is new || { echo "the set is neither $1 nor new"; return 1; }
	installs "$work/new" || { echo "the next sync fails: $(cat "$work/output")"; return 1; }
	is new || { echo 'the next sync does not install'; return 1; }
	mends_left=$(cd "$keys" && find . -type f | sort | tr '\n' ' ')
	[ "$mends_left" = './.lock ./corp.jwks ' ] || { echo "left: $mends_left"; return 1; }
}

# --- each system call ------------------------------------------------------------------------------------------------

traced() {	# STRACE-OPTION...
	ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" strace -qq "$@" "$try" "$keys" corp.jwks "$work/new" \
		>"$work/output" 2>/dev/null
}

# The calls of an installation, as "NAME COUNT"; those of a process that starts and ends are of no interest.
calls() {	# old|none
	prepare "$1"
	traced -o "$work/calls"
	sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' "$work/calls" | grep -vE '^(execve|exit_group|arch_prctl|brk|mmap|mprotect|munmap)$' |
		sort | uniq -c | awk '{ print $2, $1 }'
}

# One row for each call of a kind: killed NAME COUNT old|none
killed() {
	killed_at=1
	while [ "$killed_at" -le "$2" ]; do
		prepare "$3"
		traced -o /dev/null -e trace="$1" -e inject="$1:signal=KILL:when=$killed_at"
		why=$(mends "$3") || { wrong=$((wrong + 1)); echo "#   killed at $1 $killed_at of $2, $3: $why"; }
		tries=$((tries + 1))
		killed_at=$((killed_at + 1))
	done
}

# A call that fails: what is said is true, and nothing half done stays. Only the fsync of the folder comes after the rename.
failed() {	# NAME COUNT ERROR
	failed_at=1
	while [ "$failed_at" -le "$2" ]; do
		prepare old
		traced -o /dev/null -e trace="$1" -e inject="$1:error=$3:when=$failed_at"
		failed_status=$?
		case $failed_status in
		0) is new || { wrong=$((wrong + 1)); echo "#   $1 $failed_at of $2, $3: not installed, and exit 0"; } ;;
		*)
			is old || [ "$1" = fsync ] || { wrong=$((wrong + 1)); echo "#   $1 $failed_at of $2, $3: exit $failed_status, and not the old set"; }
			;;
		esac
		[ "$failed_status" -lt 4 ] || [ ! -s "$work/output" ] || { wrong=$((wrong + 1)); echo "#   $1, $3: exit $failed_status"; }
		why=$(mends old) || { wrong=$((wrong + 1)); echo "#   $1 $failed_at of $2, $3: $why"; }
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
		result $? "killed at each of $tries system calls, with $calls_before set before: it is whole"
	done
	tries=0 wrong=0
	calls old >"$work/list"
	while read -r calls_name calls_count; do
		case $calls_name in
		write | fsync | rename* | openat | fchmod*) calls_errors='EIO ENOSPC EDQUOT EROFS EINTR' ;;
		flock | mkdir* | unlink* | close) calls_errors='EIO EINTR' ;;
		*) continue ;;
		esac
		for calls_error in $calls_errors; do
			failed "$calls_name" "$calls_count" "$calls_error"
		done
	done <"$work/list"
	[ "$wrong" -eq 0 ] && [ "$tries" -gt 20 ]
	result $? "$tries system calls fail: what is said is true, and the set is whole"
}

# --- several, a full disk, no memory ---------------------------------------------------------------------------------

several() {
	prepare old
	several_pids=
	for several_number in 1 2 3 4 5 6 7 8; do
		yes "$several_number" | head -c 60000 >"$work/set$several_number"
		"$try" "$keys" corp.jwks "$work/set$several_number" 60 >"$work/output$several_number" 2>&1 &
		several_pids="$several_pids $!"
	done
	several_status=0
	for several_pid in $several_pids; do
		wait "$several_pid" || several_status=1
	done
	result $several_status 'eight at once wait for each other' "$(cat "$work"/output?)"
	several_found=0
	for several_number in 1 2 3 4 5 6 7 8; do
		cmp -s "$keys/corp.jwks" "$work/set$several_number" && several_found=$((several_found + 1))
	done
	[ "$several_found" -eq 1 ]
	result $? 'eight at once: the set of one of them is there, whole'
}

# Reads while others write: each read is of a whole set.
readers() {
	prepare old
	cp "$work/new" "$work/set"
	(
		readers_left=200
		while [ "$readers_left" -gt 0 ]; do
			installs "$work/old" 60
			installs "$work/new" 60
			readers_left=$((readers_left - 1))
		done
	) &
	readers_pid=$!
	readers_wrong=0 readers_tries=0
	while kill -0 "$readers_pid" 2>/dev/null; do
		cp "$keys/corp.jwks" "$work/read"
		cmp -s "$work/read" "$work/old" || cmp -s "$work/read" "$work/new" || readers_wrong=$((readers_wrong + 1))
		readers_tries=$((readers_tries + 1))
	done
	wait "$readers_pid"
	[ "$readers_wrong" -eq 0 ]
	result $? "$readers_tries reads beside 400 installations: each of a whole set" "$readers_wrong were not"
}

full_disk() {
	if [ "$(id -u)" -ne 0 ] || ! unshare --mount true 2>/dev/null; then
		skip 'a full disk' 'needs root'
		return 0
	fi
	rm -rf "${work:?}/lib" && mkdir "$work/lib"
	unshare --mount --propagation "$(mountpoint -q / && echo private || echo unchanged)" sh -c '
		try=$1 work=$2 keys=$2/lib/keys
		mount -t tmpfs -o mode=755,size=256k keys "$work/lib" || exit 1
		"$try" "$keys" corp.jwks "$work/old" || exit 1
		yes | head -c 100000 >"$work/big"
		dd if=/dev/zero of="$work/lib/fill" bs=4096 count=45 2>/dev/null
		"$try" "$keys" corp.jwks "$work/big" && exit 1
		cmp "$keys/corp.jwks" "$work/old" || exit 1
		[ ! -e "$keys/corp.jwks.new" ] || exit 1
		mount -o remount,ro "$work/lib" || exit 1
		"$try" "$keys" corp.jwks "$work/new" && exit 1
		mount -o remount,rw "$work/lib" || exit 1
		rm "$work/lib/fill"
		"$try" "$keys" corp.jwks "$work/big" && cmp "$keys/corp.jwks" "$work/big"
		' sh "$try" "$work" >"$work/output" 2>&1
	full_status=$?
	grep -q 'corp.jwks: No space left on device' "$work/output" && grep -q 'Read-only file system' "$work/output" && [ "$full_status" -eq 0 ]
	result $? 'a full disk, and one that cannot be written: the old set stays, until there is room' @"$work/output"
}

memory() {
	case ${SANITIZE:-$BUILD} in
	*address* | */asan*) skip 'memory' 'a sanitizer has an allocator of its own'; return 0 ;;
	esac
	"$BUILD/tests/programs/nomemory" "$work/old" "$work/new" "$stride" || FAILED=$((FAILED + 1))
}

installs "$work/old" || { fail 'a set is installed' @"$work/output"; finish; }
system_calls
several
readers
full_disk
memory
finish
