#!/bin/sh
# Runs test programs and scripts one after another and adds up their results.
#
#     sh tests/run.sh PROGRAM...        a name that ends in .sh is run by sh, a .case of tests/pam/cases by tests/pam/run.sh
#
# Each has a line with its results and seconds, and what belongs to its failures. All that they print is in $BUILD/check.log;
# VERBOSE=1 shows it instead, as does a single program without VERBOSE. In the end come the names of what was skipped and of
# what failed, and the closing line: "N passed, N failed" or "N passed, N failed, N skipped". Exit 1 when anything failed or
# nothing passed.
#
# It understands cmocka's lines and "ok - NAME", "not ok - NAME", "skip - NAME: WHY".
#
# It is strict, because a test that quietly does nothing looks exactly like one that passes: a program that crashes,
# runs into the time limit (TEST_TIMEOUT seconds), reports fewer tests than it announced, or none, is a failure.
set -u

TEST_TIMEOUT=${TEST_TIMEOUT:-300}
CMOCKA_MESSAGE_OUTPUT=STDOUT	# the form that is read below, whatever the caller prefers
export CMOCKA_MESSAGE_OUTPUT

[ $# -ne 1 ] || VERBOSE=${VERBOSE:-1}
VERBOSE=${VERBOSE:-0}
LOG=${BUILD:-build}/check.log
mkdir -p "${LOG%/*}" && : >"$LOG" || exit 1

work=$(mktemp -d) || exit 1
output=$work/output	# of one program
: >"$work/failed"
: >"$work/skipped"
child=
passed=0
failed=0
skipped=0

leave() {
	[ -z "$child" ] || kill "$child" 2>/dev/null
	rm -rf "$work"
}
trap leave EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Runs one program into $output. In the background and with wait, so that a signal for us is served at once:
# timeout has a process group of its own, which the terminal's Ctrl-C does not reach.
execute() {
	case $1 in
	*.sh) set -- sh "$1" ;;
	*.case) set -- sh "${0%/*}/pam/run.sh" "$1" ;;
	*/*) ;;
	*) set -- "./$1" ;;
	esac
	timeout -k 10 "$TEST_TIMEOUT" "$@" >"$output" 2>&1 </dev/null &
	child=$!
	wait "$child"
	set -- $?
	child=
	return "$1"
}

# Prints "PASSED FAILED SKIPPED LOST" of $output. A cmocka group counts between "Running N test(s)" and its closing
# line, because the summary after that names the failed tests once more. LOST is how many announced tests are missing.
count() {
	awk '
	/^\[==========\].*Running [0-9]+ test/ {
		match($0, /Running [0-9]+/)
		lost += substr($0, RSTART + 8, RLENGTH - 8)
		group = 1
	}
	/^\[==========\].*test\(s\) run/ { group = 0 }
	group && /^\[ +OK \] / { ok++; lost-- }
	group && /^\[ +FAILED +\] / { bad++; lost-- }
	group && /^\[ +ERROR +\] / && !/\] ---/ { bad++; lost-- }	# a set-up that failed
	group && /^\[ +SKIPPED +\] / { skip++; lost-- }
	/^ok - / { ok++ }
	/^not ok - / { bad++ }
	/^skip - / { skip++ }
	END { print ok + 0, bad + 0, skip + 0, lost + 0 }' "$output"
}

# What is wrong with the run as a whole, beyond the tests that it reported itself. Prints nothing when all is well.
complaint() {	# STATUS PASSED FAILED SKIPPED LOST
	if [ "$1" -eq 124 ]; then
		echo "still running after $TEST_TIMEOUT seconds"
	elif [ "$1" -gt 128 ]; then
		echo "killed by signal $(($1 - 128))"
	elif [ "$1" -ne 0 ] && [ "$3" -eq 0 ]; then
		echo "exit status $1"
	elif [ "$3" -ne 0 ] && [ "$1" -eq 0 ]; then
		echo "exit status 0 although a test failed"
	elif [ "$5" -ne 0 ]; then
		echo "the number of tests is not the one announced ($5 missing)"
	elif [ $(($2 + $3 + $4)) -eq 0 ]; then
		echo "no test reported a result"
	fi
}

# Prints "PROGRAM: NAME" for each failure of $output, or each skipped test.
names() {	# PROGRAM failed|skipped
	awk -v program="$1" -v what="$2" '
	/^\[==========\].*Running [0-9]+ test/ { group = 1 }
	/^\[==========\].*test\(s\) run/ { group = 0 }
	group && what == "failed" && (/^\[ +FAILED +\] / || /^\[ +ERROR +\] / && !/\] ---/) { print "  " program ": not ok - " $NF }
	group && what == "skipped" && /^\[ +SKIPPED +\] / { print "  " program ": skip - " $NF }
	what == "failed" && /^not ok - / || what == "skipped" && /^skip - / { print "  " program ": " $0 }' "$output"
}

# Prints what $output says of each failure: of cmocka what a test said since it began, of the others the comment lines around
# it. Some programs print these before the result, and some after it.
failures() {
	awk '
	/^\[ RUN/ { said = "" }
	/^\[ +FAILED +\] / || /^\[ +ERROR +\] / { printf "%s", said; print; said = ""; next }
	/^\[ +OK \]/ { said = "" }
	/^not ok - / { printf "%s%s\n", said, $0; said = ""; open = 1; next }
	open && /^#/ { print; next }
	{ open = 0 }
	/^(ok|skip) - / { said = ""; next }
	{ said = said $0 "\n" }' "$output"
}

# One line for a program, as wide as a terminal.
summary() {	# PROGRAM PASSED FAILED SKIPPED SECONDS
	summary_counts="$2 passed"
	[ "$3" -eq 0 ] || summary_counts="$summary_counts, $3 FAILED"
	[ "$4" -eq 0 ] || summary_counts="$summary_counts, $4 skipped"
	printf '%-32s %5s s   %s\n' "$1" "$5" "$summary_counts"
}

# The program's name as people type it.
short() {	# PROGRAM
	short_name=${1##*/tests/}
	echo "${short_name#tests/}"
}

run_one() {
	name=$(short "$1")
	began=$(date +%s)
	execute "$1"
	status=$?
	seconds=$(($(date +%s) - began))
	# shellcheck disable=SC2046 # four numbers
	set -- "$1" $(count)
	why=$(complaint "$status" "$2" "$3" "$4" "$5")
	names "$name" failed >>"$work/failed"
	names "$name" skipped >>"$work/skipped"
	[ -z "$why" ] || echo "not ok - $name: $why" >>"$output"
	[ -z "$why" ] || echo "  not ok - $name: $why" >>"$work/failed"
	{ echo "# $name" && cat "$output"; } >>"$LOG"
	[ -z "$why" ] || set -- "$1" "$2" $(($3 + 1)) "$4"
	passed=$((passed + $2))
	failed=$((failed + $3))
	skipped=$((skipped + $4))
	[ "$VERBOSE" = 0 ] || cat "$output"
	[ "$VERBOSE" != 0 ] || summary "$name" "$2" "$3" "$4" "$seconds"
	[ "$VERBOSE" != 0 ] || [ "$3" -eq 0 ] || failures | tail -n 60
}

for program in "$@"; do
	run_one "$program"
done
for list in skipped failed; do
	[ ! -s "$work/$list" ] || { echo "$list:" && cat "$work/$list"; }
done
closing="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || closing="$closing, $skipped skipped"
echo "$closing" | tee -a "$LOG"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
