#!/bin/sh
# Builds and runs the bench: prints what decisions cost, fails above the limits that stand in bench.c.
#
#     sh tests/bench/limits.sh          BENCH_ROUNDS=20000 for the long form of jwe
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
build() {	# PROGRAM SOURCE...
	build_program=$1
	shift
	build_objects=
	for build_source in "$@"; do
		build_objects="$build_objects $out/obj/${build_source%.c}.o"
	done
	# shellcheck disable=SC2086 # a list of objects
	MAKEFLAGS='' BUILD=$out make -s $build_objects >/dev/null || return 1
	# shellcheck disable=SC2086
	${CC:-cc} ${CFLAGS-} -o "$out/$build_program" $build_objects -lcrypto
}

mkdir -p "$out/tests/bench"
core=$(find src/core -name '*.c' | sort)
# shellcheck disable=SC2086 # a list of files
if ! build tests/bench/decisions tests/bench/bench.c tests/bench/heap.c $core ||
	! build tests/bench/jwe tests/bench/jwe.c tests/lib/jwe_make.c tests/lib/world.c src/issuer/keypair.c $core; then
	fail 'it does not build'
	finish
fi
"$out/tests/bench/decisions" || status=1
"$out/tests/bench/jwe" ${BENCH_ROUNDS:+"$BENCH_ROUNDS"} || status=1
exit "${status:-0}"
