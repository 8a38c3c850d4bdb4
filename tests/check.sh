#!/bin/sh
# The test command: installs what is missing, builds, runs every test (make check), and looks whether the machine is as
# it was. The very last line says "N passed, N failed" or "N passed, N failed, N skipped".
#
#     sh tests/check.sh                the names of the test programs as they end, details of failures, and all names of failures
#                                      in the end
#     VERBOSE=1 sh tests/check.sh      everything that they print, which is in build/check.log in any case
set -eu
P=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/deps.sh
. "$P/tests/deps.sh"
# shellcheck source=tests/lib/machine.sh
. "$P/tests/lib/machine.sh"
# shellcheck source=tests/lib/results.sh
. "$P/tests/lib/results.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL	# of a make that may have called us

# The time of all tests on two processors that have nothing else to do. README and tests/README.md say the same.
USUAL='ten minutes'
BUILDING='^  (CC|LINK|AR) '
CLOSING='^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Without the lines of the build, and without the closing lines, which are kept for the end: make adds a line of its own after a
# failure.
shown() {
	if [ "${VERBOSE:-0}" = 0 ]; then
		grep --line-buffered -Ev "$BUILDING|$CLOSING"
	else
		grep --line-buffered -Ev "$CLOSING"
	fi
}

run_tests() {
	status=0
	make -s -C "$P" check 2>&1 || status=$?
	echo "$status" >"$work/status"
}

# Adds up the closing lines, with the verdict of this script, and prints the last line. A make that fails without a failed
# test, be it because it did not come to the tests, is a failure of its own.
closing_line() {	# STATUS MACHINE
	awk -v status="$1" -v machine="$2" '
	/^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ { passed += $1; failed += $3; skipped += $5 }
	END {
		if (machine == "same") passed++; else failed++
		if (status != 0 && failed == 0) failed++
		printf "%d passed, %d failed", passed, failed
		if (skipped > 0) printf ", %d skipped", skipped
		print ""
	}' "$work/output"
}

began=$(date +%s)
deps_say "To build and to run all tests takes about $USUAL on two processors. What they print is in build/check.log."
deps_get check || deps_say 'The tests that need sshd will be skipped.'
before=$(machine_state)
deps_say 'Building.'
run_tests | tee "$work/output" | shown || :
status=$(cat "$work/status")
grep -Eq "$CLOSING" "$work/output" || fail 'make check: it ended before the tests were run'

machine=same
[ "$before" = "$(machine_state)" ] || machine=changed
[ "$machine" = same ] || [ "$status" -ne 0 ] || status=1
check 'check.sh: /etc/pam.d and the rest of the machine are as before' [ "$machine" = same ]
seconds=$(($(date +%s) - began))
deps_say "It took $((seconds / 60)) minutes and $((seconds % 60)) seconds; it usually takes about $USUAL on two processors."
closing_line "$status" "$machine"
exit "$status"
