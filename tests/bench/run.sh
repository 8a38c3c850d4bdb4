#!/bin/sh
# Builds and runs the bench: prints what decisions cost, fails above the limits that stand in bench.c.
#
#     sh tests/bench/run.sh
set -u
cd "$(dirname "$0")/../.." || exit 1
AREA=bench
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
out=${BUILD:-build}

# Under a sanitizer the figures would be its own, and so would malloc().
if [ -n "${SANITIZE-}" ]; then
	skip 'what decisions cost' 'it says nothing under a sanitizer'
	finish
fi
# shellcheck disable=SC2046 # a list of files
set -- tests/bench/bench.c tests/bench/heap.c $(find src/core -name '*.c' | sort)
objects=
for source in "$@"; do
	objects="$objects $out/obj/${source%.c}.o"
done
build() {
	# shellcheck disable=SC2086 # a list of objects
	MAKEFLAGS='' BUILD=$out make -s $objects >/dev/null || return 1
	# shellcheck disable=SC2086
	${CC:-cc} ${CFLAGS-} -o "$out/bench" $objects -lcrypto
}

build || {
	fail 'it does not build'
	finish
}
"$out/bench"
