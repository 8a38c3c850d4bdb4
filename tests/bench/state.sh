#!/bin/sh
# The cost of state, beside SQLite in the same run: 1,000 and 100,000 entries, and 1,000,000 with --full (inodes, minutes).
#
#     sh tests/bench/state.sh [--full]
set -u
cd "$(dirname "$0")/../.." || exit 1
AREA=bench
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
out=${BUILD:-build}
if ! printf '#include <sqlite3.h>\n' | ${CC:-cc} -E - >/dev/null 2>&1; then
	skip 'state beside SQLite' 'libsqlite3-dev is not installed'
	finish
fi
objects=
for source in tests/bench/state.c $(find src/core src/host -name '*.c' | sort); do
	objects="$objects $out/obj/${source%.c}.o"
done
# shellcheck disable=SC2086 # a list of objects
if ! MAKEFLAGS='' BUILD=$out make -s $objects >/dev/null ||
	! ${CC:-cc} ${CFLAGS-} -o "$out/bench-state" $objects -lcrypto -lsqlite3; then
	fail 'state does not build'
	finish
fi
case $out in /*) ;; *) out=$PWD/$out ;; esac
dir=$(mktemp -d "$out/bench.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
set -- 1000 100000 ${1:+$([ "$1" = --full ] && echo 1000000)}
"$out/bench-state" "$dir" "$@"
result $? 'state beside SQLite'
finish
