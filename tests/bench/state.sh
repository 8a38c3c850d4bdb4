#!/bin/sh
# The cost of state, beside SQLite in the same run: 1,000 and 100,000 entries, and 1,000,000 with --full (inodes, minutes).
#
#     sh tests/bench/state.sh [--full]
set -u
cd "$(dirname "$0")/../.." || exit 1
out=${BUILD:-build}
if ! printf '#include <sqlite3.h>\n' | ${CC:-cc} -E - >/dev/null 2>&1; then
	echo 'skip - bench: state beside SQLite: libsqlite3-dev is not installed'
	exit 0
fi
objects=
for source in tests/bench/state.c src/core/*.c src/host/*.c; do
	objects="$objects $out/obj/${source%.c}.o"
done
# shellcheck disable=SC2086 # a list of objects
if ! MAKEFLAGS='' BUILD=$out make -s $objects >/dev/null ||
	! ${CC:-cc} ${CFLAGS-} -o "$out/bench-state" $objects -lcrypto -lsqlite3; then
	echo 'not ok - bench: state does not build'
	exit 1
fi
case $out in /*) ;; *) out=$PWD/$out ;; esac
dir=$(mktemp -d "$out/bench.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
set -- 1000 100000 ${1:+$([ "$1" = --full ] && echo 1000000)}
"$out/bench-state" "$dir" "$@" && echo 'ok - bench: state beside SQLite'
