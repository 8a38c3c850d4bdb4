#!/bin/sh
# The first command of README, as a newcomer types it: tests/demo.sh runs to its end, and says that it has changed nothing.
#
#     sh tests/first_run.sh              from the top of the tree
set -u
AREA=README
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
env -u BUILD -u TEST_TIMEOUT timeout 240 sh tests/demo.sh >"$out" 2>&1 </dev/null
status=$?
[ "$status" -eq 0 ] && tail -n 1 "$out" | grep -q '^Nothing on this machine was changed'
result $? "sh tests/demo.sh runs to its end (exit status $status)" "@$out"
finish
