#!/bin/sh
# The store of links under races, kills and faults. The programs are beside this script; they want a file system that keeps
# what it is told, so they work in the build folder.
#
#     BUILD=build sh tests/state/run.sh              from the top of the tree
set -u
P=$(cd "$(dirname "$0")/../.." && pwd)
case ${BUILD:-build} in
/*) B=$BUILD ;;
*) B=$P/${BUILD:-build} ;;
esac
failed=0

dir=$(mktemp -d "$B/state.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT

# The path must be one that the module trusts: no folder on the way that others may write. A checkout in such a place is
# the developer's business; the temporary folder then serves.
"$B/tests/state/faults" prepare "$dir" >/dev/null 2>&1 || {
	rm -rf "$dir"
	dir=$(mktemp -d) || exit 1
}

"$B/tests/state/race" "$dir" 60 || failed=1
"$B/tests/state/kill" "$dir" 1000 || failed=1
"$B/tests/state/faults" "$dir" || failed=1

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
	file_systems || { failed=1 && echo 'not ok - state: file systems that are full or read-only'; }
	rm -rf "$dir/fs"
else
	echo 'skip - state: full and read-only file systems: needs root'
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

if [ "$(id -u)" -eq 0 ] && command -v mkfs.ext4 >/dev/null && losetup -f >/dev/null 2>&1; then
	full_disk || { failed=1 && echo 'not ok - state: a full disk'; }
else
	echo 'skip - state: a full disk: needs root, mkfs.ext4 and a loop device'
fi
exit "$failed"
