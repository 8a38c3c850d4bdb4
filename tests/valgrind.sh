#!/bin/sh
# The unit tests under valgrind: no invalid access, no use of what was never set, no leak.
set -u

command -v valgrind >/dev/null || { echo "skip - valgrind: it is not installed" && exit 0; }
failed=0
for program in "${BUILD:-build}"/tests/test_*; do
	case $program in
	*.d | *signatures | *vectors*) continue ;;	# thousands of signatures: hours under valgrind
	esac
	[ -x "$program" ] || continue
	if valgrind -q --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=99 "$program" \
		>/dev/null 2>"${BUILD:-build}/valgrind.log"; then
		echo "ok - valgrind: $(basename "$program")"
	else
		sed 's/^/# /' "${BUILD:-build}/valgrind.log"
		echo "not ok - valgrind: $(basename "$program")"
		failed=1
	fi
done
exit "$failed"
