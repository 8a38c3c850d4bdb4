# shellcheck shell=sh
# For tests of pam-jwt that need nothing but a folder: $tool and $dir, and how results are counted. Sourced after AREA=NAME,
# from the top of the tree; the test ends with exit "$failed".
: "${AREA:?}"
tool=${BUILD:-build}/pam-jwt
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
umask 022
# shellcheck disable=SC2034 # for the test's last line
failed=0

# The last output of the command is shown with a failure.
report() {	# NAME STATUS
	if [ "$2" -eq 0 ]; then
		echo "ok - $AREA: $1"
	else
		sed 's/^/# /' "$dir/out"
		echo "not ok - $AREA: $1"
		# shellcheck disable=SC2034
		failed=1
	fi
}

run() {	# STATUS NAME ARGUMENT...
	run_want=$1 run_name=$2
	shift 2
	run_got=0
	"$tool" "$@" >"$dir/out" 2>&1 </dev/null || run_got=$?
	[ "$run_got" -eq "$run_want" ]
	report "$run_name" $?
}
