#!/bin/sh
# Runs test programs and scripts one after another, shows what they print, and adds up their results.
#
#     sh tests/run.sh PROGRAM...        a name that ends in .sh is run by sh
#
# It understands cmocka's lines and "ok - NAME", "not ok - NAME", "skip - NAME: WHY". The last line of its
# output is "N passed, N failed" or "N passed, N failed, N skipped"; exit 1 when anything failed or nothing passed.
#
# It is strict, because a test that quietly does nothing looks exactly like one that passes: a program that crashes,
# runs into the time limit (TEST_TIMEOUT seconds), reports fewer tests than it announced, or none, is a failure.
set -u

TEST_TIMEOUT=${TEST_TIMEOUT:-300}
CMOCKA_MESSAGE_OUTPUT=STDOUT	# the form that is read below, whatever the caller prefers
export CMOCKA_MESSAGE_OUTPUT

output=$(mktemp) || exit 1
child=
passed=0
failed=0
skipped=0

leave() {
	[ -z "$child" ] || kill "$child" 2>/dev/null
	rm -f "$output"
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

run_one() {
	execute "$1"
	status=$?
	cat "$output"
	# shellcheck disable=SC2046 # four numbers
	set -- "$1" $(count)
	passed=$((passed + $2))
	failed=$((failed + $3))
	skipped=$((skipped + $4))
	why=$(complaint "$status" "$2" "$3" "$4" "$5")
	if [ -n "$why" ]; then
		failed=$((failed + 1))
		echo "not ok - $1: $why"
	fi
}

for program in "$@"; do
	run_one "$program"
done
if [ "$skipped" -eq 0 ]; then
	echo "$passed passed, $failed failed"
else
	echo "$passed passed, $failed failed, $skipped skipped"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
