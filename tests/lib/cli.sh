# shellcheck shell=sh
# For tests of pam-jwt that need nothing but a folder: sets $tool and $dir, and prints results. A test sets AREA=NAME, sources
# this file from the top of the tree, and ends with finish.
: "${AREA:?}"
tool=${BUILD:-build}/pam-jwt
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
umask 022
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
DETAILS=@$dir/out	# the last output of the command

run() {	# STATUS NAME ARGUMENT...
	run_want=$1 run_name=$2
	shift 2
	run_got=0
	"$tool" "$@" >"$dir/out" 2>&1 </dev/null || run_got=$?
	[ "$run_got" -eq "$run_want" ]
	result $? "$run_name"
}
