#!/bin/sh
# Runs every seed through its fuzz target, without a fuzzer: a part of make check. Files that once made a target fail
# are kept among the seeds.
#
#     sh tests/fuzz/replay.sh [FILE-OR-FOLDER...]     only these, through every target of FUZZ_TARGETS
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/fuzz/build.sh
. tests/fuzz/build.sh

AREA='fuzz replay'
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
out=${BUILD:-build}
fuzz_build "$out" "" tests/fuzz/replay_main.c || {
	fail 'the targets do not build'
	finish
}
for name in $FUZZ_TARGETS; do
	if [ $# -eq 0 ]; then
		"$out/fuzz_$name" "tests/fuzz/seeds/$name"
	else
		"$out/fuzz_$name" "$@"
	fi || fail "fuzz_$name: a seed fails"
done
finish
