#!/bin/sh
# The store of links under races, kills, purges, power cuts and faults. The programs are beside this script; they want a
# file system that keeps what it is told, so they work in the build folder.
#
#     BUILD=build sh tests/state/run.sh [--long]     from the top of the tree; make check-faults runs the long one
set -u
case ${1:-} in
--long) rounds=600 kills=5000 cuts=150 merges=1500 ;;
*) rounds=60 kills=1000 cuts=8 merges=100 ;;
esac
P=$(cd "$(dirname "$0")/../.." && pwd)
case ${BUILD:-build} in
/*) B=$BUILD ;;
*) B=$P/${BUILD:-build} ;;
esac
AREA=state
# shellcheck source=tests/lib/results.sh
. "$P/tests/lib/results.sh"

# A test program prints its results itself; here it is counted.
program() {	# PROGRAM [ARGUMENT...]
	"$@" || FAILED=$((FAILED + 1))
}

dir=$(mktemp -d "$B/state.XXXXXX") || exit 1
open=	# a folder that everybody can enter
trap 'rm -rf "$dir" "$open"' EXIT

# The path must be one that the module trusts: no folder on the way that others may write. A checkout in such a place is
# the developer's business; the temporary folder then serves.
"$B/tests/state/faults" prepare "$dir" >/dev/null 2>&1 || {
	rm -rf "$dir"
	dir=$(mktemp -d) || exit 1
}

program "$B/tests/state/race" "$dir" "$rounds"
program "$B/tests/state/merge" "$dir" "$merges"
program "$B/tests/state/kill" "$dir" "$kills"
program "$B/tests/state/clock" "$dir"
program "$B/tests/state/faults" "$dir"

# Not in the build folder: all that nobody cannot do must be the store's merit, not the merit of a folder above.
if [ "$(id -u)" -eq 0 ]; then
	open=$(mktemp -d /tmp/pam_jwt.XXXXXX) && chmod 755 "$open"
	program "$B/tests/state/nobody" "$open"
else
	skip 'what nobody can do' 'needs root'
fi

# File systems that have no inode left, or cannot be written: in a namespace of our own.
file_systems() {
	unshare --mount --propagation "$(mountpoint -q / && echo private || echo unchanged)" \
		sh -eu -c '
			B=$1 dir=$2
			mkdir "$dir/fs"
			status=0
			for kind in inodes readonly; do
				mount -t tmpfs -o mode=700,nr_inodes=300 state "$dir/fs"
				store=$("$B/tests/state/faults" prepare "$dir/fs")
				case $kind in
				inodes) i=0; while touch "$dir/fs/fill$i" 2>/dev/null; do i=$((i + 1)); done ;;
				readonly) mount -o remount,ro "$dir/fs" ;;
				esac
				"$B/tests/state/faults" "$kind" "$store" || status=1
				umount "$dir/fs"
			done
			exit $status' sh "$B" "$dir"
}

if [ "$(id -u)" -eq 0 ] && unshare --mount true 2>/dev/null; then
	file_systems || fail 'file systems that are full or read-only'
	rm -rf "$dir/fs"
else
	skip 'full and read-only file systems' 'needs root'
fi

# A store in memory, on this machine and on one that was started a few minutes ago.
in_memory() {	# [UNSHARE-OPTION...]
	mkdir "$dir/memory"
	unshare --mount --propagation "$(mountpoint -q / && echo private || echo unchanged)" "$@" sh -eu -c '
		mount -t tmpfs -o mode=700 state "$2/memory"
		status=0
		"$1/tests/state/clock" memory "$2/memory" || status=1
		umount "$2/memory"
		exit $status' sh "$B" "$dir"
	in_memory_status=$?
	rmdir "$dir/memory"
	return $in_memory_status
}

up=$(cut -d. -f1 /proc/uptime)
if [ "$(id -u)" -ne 0 ] || ! unshare --mount true 2>/dev/null; then
	skip 'a store in memory' 'needs root'
else
	program in_memory
	if unshare --time --boottime 0 true 2>/dev/null; then
		program in_memory --time --boottime $((300 - up)) --fork
		program in_memory --time --boottime $((5000 - up)) --fork
	else
		skip 'a store in memory, soon after the boot' 'there is no time namespace'
	fi
fi

# A full disk, where links take blocks: a small ext4 in a file, when the machine has loop devices.
full_disk() {
	unshare --mount --propagation "$(mountpoint -q / && echo private || echo unchanged)" sh -eu -c '
		B=$1 dir=$2
		mkdir "$dir/ext4"
		head -c 4000000 /dev/zero >"$dir/image"
		mkfs.ext4 -q -F -N 2000 "$dir/image" >/dev/null 2>&1
		mount -o loop "$dir/image" "$dir/ext4"
		chmod 700 "$dir/ext4"
		store=$("$B/tests/state/faults" prepare "$dir/ext4")
		i=0; while mkdir "$dir/ext4/d$i" 2>/dev/null; do i=$((i + 1)); done
		while touch "$dir/ext4/f$i" 2>/dev/null; do i=$((i + 1)); done
		status=0
		"$B/tests/state/faults" "full disk" "$store" || status=1
		umount "$dir/ext4"
		exit $status' sh "$B" "$dir"
}

# The device is let go in each case: it would outlive the namespace.
power_cut() {
	unshare --mount --propagation "$(mountpoint -q / && echo private || echo unchanged)" sh -eu -c '
		mkdir "$2/power"
		head -c 67108864 /dev/zero >"$2/disk"
		mkfs.ext4 -q -F "$2/disk" >/dev/null 2>&1
		loop=$(losetup --find --show "$2/disk")
		trap "losetup --detach $loop" EXIT
		"$1/tests/state/powercut" "$loop" "$2/power" "$3"' sh "$B" "$dir" "$cuts"
}

if [ "$(id -u)" -eq 0 ] && command -v mkfs.ext4 >/dev/null && losetup -f >/dev/null 2>&1; then
	full_disk || fail 'a full disk'
	power_cut || fail 'a power cut'
else
	skip 'a full disk, a power cut' 'needs root, mkfs.ext4 and a loop device'
fi
finish
