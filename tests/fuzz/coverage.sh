#!/bin/sh
# How much of src/core fuzzing alone reaches: every target over its seeds and whatever run.sh found before, then for a
# while on its own. Prints a table; fails below 90 % of the lines.
#
#     FUZZ_SECONDS=10 sh tests/fuzz/coverage.sh
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/fuzz/build.sh
. tests/fuzz/build.sh

LEAST=90	# per cent
AREA='fuzz coverage'
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
seconds=${FUZZ_SECONDS:-10}
out=${FUZZ_OUT:-${BUILD:-build}/fuzz}
cov=$out/coverage

for tool in clang llvm-profdata llvm-cov; do
	command -v "$tool" >/dev/null 2>&1 || {
		skip "$tool" 'it is not installed'
		finish
	}
done
CC=clang SANITIZE=fuzzer-no-link CFLAGS='-O1 -g -fprofile-instr-generate -fcoverage-mapping' \
	fuzz_build "$cov" -fsanitize=fuzzer || exit 1
rm -f "$cov"/*.profraw
set --
for name in $FUZZ_TARGETS; do
	mkdir -p "$out/corpus/$name"
	LLVM_PROFILE_FILE=$cov/$name.profraw "$cov/fuzz_$name" -max_total_time="$seconds" -dict=tests/fuzz/jwt.dict \
		-max_len=16384 -artifact_prefix="$cov/$name-" "$out/corpus/$name" "tests/fuzz/seeds/$name" >"$cov/$name.log" 2>&1 || {
		fail "$name fails" "$(tail -n 20 "$cov/$name.log")"
		finish
	}
	set -- "$@" -object "$cov/fuzz_$name"
done
llvm-profdata merge -sparse -o "$cov/all.profdata" "$cov"/*.profraw || exit 1
shift	# the first object stands without the option
llvm-cov report "$@" -instr-profile="$cov/all.profdata" -ignore-filename-regex='tests/|src/host/' >"$cov/report" || exit 1
# Of its columns (regions, functions, lines, branches; each: all, missed, covered) those of the lines.
awk 'NF == 13 && $10 ~ /%$/ { printf "%-20s %6s lines, %5s missed, %8s\n", $1, $8, $9, $10 }' "$cov/report"
lines=$(awk '$1 == "TOTAL" { sub(/%/, "", $10); print $10 }' "$cov/report")
awk -v have="$lines" -v least="$LEAST" 'BEGIN { exit !(have >= least) }'
result $? "$lines % of the lines of src/core, $LEAST % are asked for"
finish
