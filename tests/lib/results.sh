# shellcheck shell=sh
# Prints the results of a test script, in the lines that tests/run.sh adds up. Every script of tests/ sources it.
#
#     AREA=askpass; . tests/lib/results.sh     each name then starts with "askpass: "; without AREA it stands alone
#
#     pass NAME                                ok - NAME
#     fail NAME [DETAIL...]                    not ok - NAME
#     skip NAME WHY                            skip - NAME: WHY
#     result STATUS NAME [DETAIL...]           pass when STATUS is 0, otherwise fail
#     check NAME COMMAND...                    the same for the status of a command
#     finish                                   ends the script: exit status 1 when something failed
#
# A failure shows its details as comment lines, so that a failure in CI can be understood without running it again. A detail is a
# text, or @FILE for the contents of a file. DETAILS is the detail of a failure that names no detail.

FAILED=0	# the number of failures
FINISHED=no
DETAILS=

pass() {
	echo "ok - ${AREA:+$AREA: }$1"
}

fail() {	# NAME [DETAIL...]
	FAILED=$((FAILED + 1))
	echo "not ok - ${AREA:+$AREA: }$1"
	shift
	[ $# -gt 0 ] || set -- "$DETAILS"
	for fail_detail in "$@"; do
		case $fail_detail in
		'') ;;
		@*) [ ! -f "${fail_detail#@}" ] || cut -c 1-2000 "${fail_detail#@}" ;;
		*) printf '%s\n' "$fail_detail" ;;
		esac
	done | sed 's/^/#   /'
}

skip() {	# NAME WHY
	echo "skip - ${AREA:+$AREA: }$1: $2"
}

result() {	# STATUS NAME [DETAIL...]
	result_status=$1
	shift
	if [ "$result_status" -eq 0 ]; then pass "$1"; else fail "$@"; fi
}

check() {	# NAME COMMAND...
	check_name=$1
	shift
	if "$@"; then pass "$check_name"; else fail "$check_name" "failed: $*"; fi
}

finish() {
	FINISHED=yes
	[ "$FAILED" -eq 0 ]
	exit $?
}

# The last command of a trap on EXIT, in scripts that end with finish. A script that ends in any other way, such as by "set -e"
# half-way, has not run all of its tests, which is a failure.
leave() {	# STATUS
	if [ "$FINISHED" = no ]; then
		echo "not ok - $0: ended before its last test (exit status $1)"
		[ "$1" -ne 0 ] || exit 1
	fi
	exit "$1"
}
