#!/bin/sh
# Runs test programs and scripts and adds up their results. What touches nothing but folders and namespaces of its own runs
# beside others, as many as there are processors (TEST_JOBS); the results come in the order of the names.
#
#     sh tests/run.sh PROGRAM...        a name that ends in .sh is run by sh, a .case of tests/pam/cases by tests/pam/run.sh
#
# Each folder has a paragraph: the programs by name as they end, with their seconds if they took long, and the sum of their
# results. What belongs to a failure comes at once. All that they print is in $BUILD/check.log; VERBOSE=1 shows it instead, as
# does a single program without VERBOSE. In the end come the names of what was skipped and of what failed, and the closing line:
# "N passed, N failed" or "N passed, N failed, N skipped". Exit 1 when anything failed or nothing passed.
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
output=	# of one program
workers=
: >"$work/failed"
: >"$work/skipped"
child=
passed=0
failed=0
skipped=0

leave() {
	# shellcheck disable=SC2086 # several numbers
	[ -z "$workers" ] || kill $workers 2>/dev/null || :
	wait
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

# --- progress --------------------------------------------------------------------------------------------------------------

WIDTH=78	# of a line of names, for a terminal of 80
LONG=${TEST_LONG:-10}	# seconds from which on a program has them after its name
folder=		# the one whose paragraph is being written
column=0	# 0: a new line

# Words go behind each other, and into a new line where the old one is full.
put() {	# WORDS
	if [ "$column" -gt 0 ] && [ $((column + 1 + ${#1})) -gt "$WIDTH" ]; then
		echo
		column=0
	fi
	if [ "$column" -eq 0 ]; then printf '  %s' "$1"; else printf ' %s' "$1"; fi
	column=$((column + 2 + ${#1}))
}

end_line() {
	[ "$column" -eq 0 ] || echo
	column=0
}

# "N passed", and what else there is.
counts() {	# PASSED FAILED SKIPPED
	counts_text="$1 passed"
	[ "$2" -eq 0 ] || counts_text="$counts_text, $2 failed"
	[ "$3" -eq 0 ] || counts_text="$counts_text, $3 skipped"
	echo "$counts_text"
}

# The sums of a folder are those of all at its start, taken from those of all at its end.
end_folder() {
	[ -n "$folder" ] || return 0
	put "= $(counts $((passed - folder_passed)) $((failed - folder_failed)) $((skipped - folder_skipped)))"
	end_line
}

begin_folder() {	# FOLDER
	end_folder
	folder=$1
	folder_passed=$passed folder_failed=$failed folder_skipped=$skipped
	echo "$folder:"
}

# A program that ended; the sums of its folder do not have it yet.
progress() {	# PROGRAM FAILED SECONDS
	progress_folder=${1%/*} progress_text=${1##*/}
	case $1 in
	test_*) progress_folder=unit progress_text=${1#test_} ;;
	*/*) ;;
	*) progress_folder=tests ;;
	esac
	progress_text=${progress_text%.sh}
	[ "$progress_folder" = "$folder" ] || begin_folder "$progress_folder"
	[ "$3" -lt "$LONG" ] || progress_text="$progress_text ($3 s)"
	[ "$2" -eq 0 ] || progress_text="$progress_text: $2 FAILED"
	put "$progress_text"
}

# The program's name as people type it.
short() {	# PROGRAM
	short_name=${1##*/tests/}
	echo "${short_name#tests/}"
}

# --- workers ---------------------------------------------------------------------------------------------------------------

# Whether others may run at the same time: not beside those that build, or that measure.
is_shared() {	# PROGRAM
	case $1 in
	*tests/test_* | *tests/cli/*.sh | *tests/e2e/*.sh | *tests/issuer/*.sh | *tests/login/*.sh | *tests/sync/*.sh | *tests/bench/callgrind.sh) return 0 ;;
	esac
	return 1
}

stop_worker() {
	[ -z "$child" ] || kill "$child" 2>/dev/null
	exit 143
}

# Takes the programs that nobody has taken yet, one after the other. Each has a number, and leaves NUMBER.out and NUMBER.done,
# which holds its status and its seconds.
work_on() {	# shared|alone PROGRAM...
	work_kind=$1 work_number=0
	shift
	trap - EXIT
	trap stop_worker HUP INT TERM
	for work_program in "$@"; do
		work_number=$((work_number + 1))
		if is_shared "$work_program"; then work_is=shared; else work_is=alone; fi
		[ "$work_is" = "$work_kind" ] && mkdir "$work/$work_number.taken" 2>/dev/null || continue
		output=$work/$work_number.out
		work_began=$(date +%s)
		execute "$work_program"
		echo "$? $(($(date +%s) - work_began))" >"$work/$work_number.new"
		mv "$work/$work_number.new" "$work/$work_number.done"
	done
}

# All that must be alone comes first.
work_all() {	# JOBS PROGRAM...
	work_jobs=$1
	shift
	trap - EXIT
	trap 'kill $work_pids 2>/dev/null; wait; exit 143' HUP INT TERM
	work_pids=
	work_on alone "$@" &
	work_pids=$!
	wait "$work_pids"
	work_pids=
	while [ "$work_jobs" -gt 0 ]; do
		work_on shared "$@" &
		work_pids="$work_pids $!"
		work_jobs=$((work_jobs - 1))
	done
	wait
}

# Waits for a program; false when its worker has died.
await() {	# NUMBER
	until [ -e "$work/$1.done" ]; do
		kill -0 "$workers" 2>/dev/null || [ -e "$work/$1.done" ] || return 1
		sleep 0.1
	done
}

show() {	# PROGRAM FAILED
	progress "$1" "$2" "$seconds"
	[ "$2" -gt 0 ] || return 0
	end_line
	failures | tail -n 60
}

run_one() {	# NUMBER PROGRAM
	name=$(short "$2")
	output=$work/$1.out
	status=137 seconds=0
	if await "$1"; then read -r status seconds <"$work/$1.done"; else : >>"$output"; fi
	shift
	# shellcheck disable=SC2046 # four numbers
	set -- "$1" $(count)
	why=$(complaint "$status" "$2" "$3" "$4" "$5")
	names "$name" failed >>"$work/failed"
	names "$name" skipped >>"$work/skipped"
	[ -z "$why" ] || echo "not ok - $name: $why" >>"$output"
	[ -z "$why" ] || echo "  not ok - $name: $why" >>"$work/failed"
	{ echo "# $name" && cat "$output"; } >>"$LOG"
	[ -z "$why" ] || set -- "$1" "$2" $(($3 + 1)) "$4"
	if [ "$VERBOSE" = 0 ]; then show "$name" "$3"; else cat "$output"; fi
	passed=$((passed + $2))
	failed=$((failed + $3))
	skipped=$((skipped + $4))
}

jobs=${TEST_JOBS:-$(nproc 2>/dev/null || echo 1)}
work_all "$jobs" "$@" &
workers=$!
number=0
for program in "$@"; do
	number=$((number + 1))
	run_one "$number" "$program"
done
wait "$workers"
workers=
end_folder
for list in skipped failed; do
	[ ! -s "$work/$list" ] || { echo "$list:" && cat "$work/$list"; }
done
closing="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || closing="$closing, $skipped skipped"
echo "$closing" | tee -a "$LOG"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
