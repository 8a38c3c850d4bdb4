# shellcheck shell=sh
# Prints the results of a test script, in the lines that tests/run.sh adds up. Every script of tests/ sources it.
#
#     AREA=askpass; . tests/lib/results.sh     each name then starts with "askpass: "; without AREA it stands alone
#
#     pass NAME                                ok - NAME
#     fail NAME [DETAIL...]                    not ok - NAME
#     skip NAME WHY                            skip - NAME: WHY
#     result STATUS NAME [DETAIL...]           pass when STATUS is 0, otherwise fail
#     check NAME COMMAND...                    the same for what the command returns
#     finish                                   ends the script: exit status 1 when something failed
#
# Details are shown with a failure, as comment lines, so that one in CI can be understood without running it again. A detail
# is a text, or @FILE for what is in a file. DETAILS is the detail of the failures that name none.

FAILED=0	# how many
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

# The end of a trap on EXIT, in scripts that end with finish. One that ends in another way, be it by "set -e" half-way, has not
# run all of its tests, and that is a failure.
leave() {	# STATUS
	if [ "$FINISHED" = no ]; then
		echo "not ok - $0: ended before its last test (exit status $1)"
		[ "$1" -ne 0 ] || exit 1
	fi
	exit "$1"
}
