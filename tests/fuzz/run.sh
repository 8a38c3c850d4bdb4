#!/bin/sh
# Fuzzes each target for a set time, with ASan and UBSan.
#
#     sh tests/fuzz/run.sh [NAME...]        all targets without a name: b64url json jwk spki jws conf rule ...
#
#     FUZZ_SECONDS=60     for each target
#     FUZZ_ENGINE=afl     AFL++ instead of libFuzzer (needs afl-clang-fast and afl-fuzz)
#     FUZZ_OUT=$BUILD/fuzz corpora are kept there and used again; what makes a target fail is put there too
#
# Prints a line for each target with the executions that it had; exit 1 when one failed.
set -u
cd "$(dirname "$0")/../.." || exit 1
[ $# -eq 0 ] || FUZZ_TARGETS=$*
# shellcheck source=tests/fuzz/build.sh
. tests/fuzz/build.sh

seconds=${FUZZ_SECONDS:-60}
engine=${FUZZ_ENGINE:-libfuzzer}
out=${FUZZ_OUT:-${BUILD:-build}/fuzz}
export UBSAN_OPTIONS=print_stacktrace=1
AREA=fuzz
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh

need() {
	command -v "$1" >/dev/null 2>&1 && return 0
	skip "$1" 'it is not installed'
	finish
}

# Longer inputs than a token or a key set can be only make the fuzzer slow.
max_len() {
	case $1 in
	jwk | conf | keyset) echo 16384 ;;
	jws | jwe | verdict) echo 16384 ;;
	b64url | logline) echo 1024 ;;
	*) echo 4096 ;;
	esac
}

build_libfuzzer() {
	need clang
	CC=clang SANITIZE=fuzzer-no-link,address,undefined CFLAGS='-O1 -g' fuzz_build "$out/libfuzzer" -fsanitize=fuzzer
}

run_libfuzzer() {	# NAME
	mkdir -p "$out/corpus/$1" "$out/found"
	"$out/libfuzzer/fuzz_$1" -max_total_time="$seconds" -max_len="$(max_len "$1")" -timeout=10 -rss_limit_mb=2048 \
		-dict=tests/fuzz/jwt.dict -print_final_stats=1 -artifact_prefix="$out/found/$1-" \
		"$out/corpus/$1" "tests/fuzz/seeds/$1" >"$out/$1.log" 2>&1
}

libfuzzer_executions() {	# NAME
	sed -n 's/^stat::number_of_executed_units: *//p' "$out/$1.log"
}

# AFL++ takes the same targets: its driver is what -fsanitize=fuzzer means to its compiler.
build_afl() {
	need afl-clang-fast
	need afl-fuzz
	AFL_USE_ASAN=1 AFL_USE_UBSAN=1 AFL_QUIET=1
	export AFL_USE_ASAN AFL_USE_UBSAN AFL_QUIET
	CC=afl-clang-fast SANITIZE='' CPPFLAGS='-U_FORTIFY_SOURCE' CFLAGS='-O1 -g' \
		fuzz_build "$out/afl" -fsanitize=fuzzer
}

run_afl() {	# NAME
	mkdir -p "$out/afl-out"
	AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_AUTORESUME=1 \
		afl-fuzz -V "$seconds" -m none -G "$(max_len "$1")" -x tests/fuzz/jwt.dict -i "tests/fuzz/seeds/$1" -o "$out/afl-out/$1" \
		-- "$out/afl/fuzz_$1" >"$out/$1.log" 2>&1 || return 1
	[ -z "$(find "$out/afl-out/$1" -path '*crashes/id*' -o -path '*hangs/id*')" ]
}

afl_executions() {	# NAME
	sed -n 's/^execs_done *: //p' "$out/afl-out/$1/default/fuzzer_stats"
}

build() {
	case $engine in
	libfuzzer) build_libfuzzer ;;
	afl) build_afl ;;
	*) echo "FUZZ_ENGINE is libfuzzer or afl, not $engine" && false ;;
	esac
}

run() {	# NAME
	case $engine in
	libfuzzer) run_libfuzzer "$1" ;;
	afl) run_afl "$1" ;;
	esac
}

executions() {	# NAME
	case $engine in
	libfuzzer) libfuzzer_executions "$1" ;;
	afl) afl_executions "$1" ;;
	esac
}

mkdir -p "$out"
build || {
	fail 'the targets do not build'
	finish
}
for name in $FUZZ_TARGETS; do
	if run "$name"; then
		pass "$name: $(executions "$name") executions in $seconds s, nothing found"
	else
		fail "$name: see $out/$name.log and $out/found" "$(tail -n 40 "$out/$name.log")"
	fi
done
finish
