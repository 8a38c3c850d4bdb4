#!/bin/sh
# Static analysis of the sources and scripts. Prints a line for each tool; a tool that is not there is skipped
# and says so. Every finding fails.
#
#     sh tests/lint.sh            from the top of the tree
set -u

# src/port is read with the flags of make client, below.
sources="pam_jwt.c $(find src -name '*.c' ! -path 'src/port/*' | sort | tr '\n' ' ')"
jobs=$(nproc)
AREA=lint
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
log=$(mktemp) || exit 1
trap 'rm -rf "$log" "$log.d"' EXIT
# A finding is output or a bad exit status.
DETAILS=@$log

have() {
	command -v "$1" >/dev/null 2>&1 && return 0
	skip "$1" 'it is not installed'
	return 1
}

# The warnings of the Makefile are errors here, and gcc looks at the paths through each function.
gcc_analyzer() {
	make -s -j"$jobs" BUILD="$log.d/gcc" CC=gcc WERROR=1 CFLAGS="-O2 -g -fanalyzer" all issuer >"$log" 2>&1
	result $? "gcc -fanalyzer, all warnings"
}

clang_warnings() {
	have clang || return 0
	make -s -j"$jobs" BUILD="$log.d/clang" CC=clang WERROR=1 all issuer >"$log" 2>&1
	result $? "clang, all warnings"
	make -s -j"$jobs" BUILD="$log.d/port" CC=clang WERROR=1 PORT=1 client >"$log" 2>&1
	result $? "clang, all warnings, make client"
}

# clang-tidy below runs the same analyzer, with more of its checks; this one has the flags of the build. CI leaves it out.
scan_build() {
	[ -z "${LINT_BRIEF:-}" ] || { skip 'clang scan-build' 'LINT_BRIEF is set; clang-tidy runs the same analyzer' && return 0; }
	have scan-build || return 0
	scan-build --status-bugs -o "$log.d/report" make -s -j"$jobs" BUILD="$log.d/scan" all issuer >"$log" 2>&1
	result $? "clang scan-build"
}

# Left out: checks of taste that the house style decides otherwise, and the Annex K functions, which glibc has not.
tidy() {
	have clang-tidy || return 0
	# shellcheck disable=SC2086
	printf '%s\n' $sources | xargs -P "$jobs" -n 10 sh -c 'clang-tidy "$@" -- -std=c11 -D_GNU_SOURCE -Isrc -I. \
	    "-DSYSCONFDIR=\"/etc\"" "-DLIBEXECDIR=\"/usr/libexec/pam-jwt\""' tidy \
	    --quiet --warnings-as-errors='*' --checks='-*,bugprone-*,cert-*,clang-analyzer-*,misc-*,performance-*,portability-*,-bugprone-easily-swappable-parameters,-clang-analyzer-valist.Uninitialized,-clang-analyzer-optin.performance.Padding,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,-bugprone-suspicious-include,-bugprone-assignment-in-if-condition,-misc-no-recursion,-cert-err33-c,-bugprone-reserved-identifier,-cert-dcl37-c,-cert-dcl51-cpp' >"$log" 2>/dev/null
	result $? "clang-tidy"
}

cpp_check() {
	have cppcheck || return 0
	# shellcheck disable=SC2086
	cppcheck -q --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
	    --suppress=missingIncludeSystem -Isrc $sources >"$log" 2>&1
	result $? "cppcheck"
}

shell_check() {
	have shellcheck || return 0
	find tests .ci -name '*.sh' -print0 | xargs -0 -P "$jobs" -n 20 shellcheck -x -S warning >"$log" 2>&1
	result $? "shellcheck"
}

spelling() {
	have codespell || return 0
	# The tests of "did you mean" misspell words.
	planted=hoever,audiance,audeince,exacty,hass,wihtin,matchs,adn,debgu,verfy,peopel
	codespell -q 3 -L "nd,fo,te,ba,mis,claus,hsa,als,exat,chage,dirctory,keypair,doas,sting,hel,aks,nown,$planted" --skip="build,tests/fuzz/seeds,*.jwks" README.md SECURITY.md \
	    CONTRIBUTING.md NEWS.md pam_jwt.c src conf man tests Makefile >"$log" 2>&1
	result $? "codespell"
}

# The house style's budget: no function over 100 lines, few over 60.
sizes() {
	have ctags || return 0
	# shellcheck disable=SC2086
	ctags -x --_xformat='%{input}:%{line} %{name} %{end}' --kinds-C=f --fields=+ne $sources 2>/dev/null |
	    awk '{ split($1, at, ":"); n = $3 - at[2] + 1; if (n > 100) print n " lines: " $1 " " $2 }' >"$log"
	[ ! -s "$log" ]
	result $? "no function over 100 lines"
}

# CONTRIBUTING's limit for a file.
lengths() {
	# shellcheck disable=SC2086
	awk 'FNR == 501 { print FILENAME ": over 500 lines" }' $sources src/port/*.c >"$log"
	[ ! -s "$log" ]
	result $? "no source over 500 lines"
}

# "?:" and the steps after "if (reason == JWT_OK)", by the limits of CONTRIBUTING.
statements() {
	python3 tests/statements.py >"$log" 2>&1
	result $? "statements: $(tail -n 1 "$log")"
}

# Subjects and bodies of the commits.
commits() {
	sh tests/commits.sh || FAILED=$((FAILED + 1))
}

mkdir -p "$log.d"
gcc_analyzer
clang_warnings
scan_build
tidy
cpp_check
shell_check
spelling
sizes
lengths
statements
commits
finish
