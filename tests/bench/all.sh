#!/bin/sh
# All measurements of tests/bench, one after the other, and RESULTS.md of them: make bench, and make bench-peers.
#
#     sh tests/bench/all.sh [--quick] [--long] [--peers] [--write]
#
# The results go to build/bench, with --write to tests/bench. --long also keeps a million entries of state. --peers compares with
# other libraries, modules and ssh keys: their packages are looked for on the machine and in build/. BENCH_BEFORE names a
# pam_jwt.so of another time to compare logins with.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
B=${BUILD:-$P/build}
case $B in /*) ;; *) B=$P/$B ;; esac
out=$B/bench
target=$out
rounds=100 verify_rounds=25 state='1 1000 10000 100000' quick='' peers='' long=''
for option in "$@"; do
	case $option in
	--quick) rounds=15 verify_rounds=9 state='0.2 1000 10000' quick=--quick ;;
	--long) long=1000000 ;;
	--peers) peers=--peers ;;
	--write) target=$P/tests/bench ;;
	*) echo "all.sh: $option is not known" >&2 && exit 2 ;;
	esac
done
rm -rf "$out"
mkdir -p "$out"

version() {	# PACKAGE...
	dpkg-query -W -f='  ${Package} ${Version}\n' "$@" 2>/dev/null | grep '[0-9]$' || :
}

machine() {
	echo "date:     $(date -u '+%Y-%m-%d %H:%M') UTC"
	echo "tree:     $(git -C "$P" describe --always --dirty 2>/dev/null || echo unknown)"
	echo "machine:  $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) processors"
	echo "kernel:   $(uname -srm)"
	echo "system:   $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)"
	echo "load:     $(cut -d ' ' -f 1-3 /proc/loadavg) at the beginning"
	echo "compiler: $(${CC:-gcc} --version | head -n 1), ${CFLAGS:--O2 -g}"
	echo "ssh:      $(ssh -V 2>&1)"
	[ -z "${BENCH_BEFORE-}" ] || echo "before:   ${BENCH_BEFORE_NAME:-$BENCH_BEFORE}"
	echo 'packages:'
	version libc6 libpam0g libssl3 libjson-c5 libjwt0 libcjose0 libjose0 librhonabwy1.1 libsqlite3-0 valgrind
}

# Prints the seconds that a measurement took; one that fails leaves its table out.
stage() {	# FILE COMMAND...
	stage_file=$1
	shift
	stage_began=$(date +%s)
	"$@" >"$out/$stage_file" 2>"$out/$stage_file.log" || echo "# $stage_file: failed: $(tail -n 1 "$out/$stage_file.log")" >&2
	echo "# $stage_file: $(($(date +%s) - stage_began)) s" >&2
}

# The objects are made by make, and the ones of the peers where their headers are.
adapters='evp jsonc pamjwt pamjwt-verdict'
if [ -n "$peers" ]; then
	for name in cjose libjwt libjwt3 jose rhonabwy; do
		[ ! -e "$B/tests/bench/$name.so" ] || adapters="$adapters $name"
	done
fi
machine >"$out/machine.txt"
# shellcheck disable=SC2086 # a list of names
stage verify.json sh "$P/tests/bench/verify.sh" "$verify_rounds" 4 "$rounds" $adapters
stage logins.json sh "$P/tests/bench/logins.sh" "$rounds" $peers
stage sizes.json sh "$P/tests/bench/sizes.sh" $peers
# shellcheck disable=SC2086 # numbers
stage state.json sh "$P/tests/bench/state.sh" $state $long
[ -z "$peers" ] || stage sshd.json sh "$P/tests/bench/sshd.sh" $quick
stage profile.txt sh "$P/tests/bench/callgrind.sh" --profile
stage verifier.txt sh "$P/tests/bench/verify.sh" --profile evp jsonc pamjwt
[ -n "$quick" ] || stage limits.txt sh "$P/tests/bench/limits.sh"
sed -i '/^load:/s/$/, '"$(cut -d ' ' -f 1-3 /proc/loadavg)"' at the end/' "$out/machine.txt"
python3 "$P/tests/bench/report.py" "$out" "$target"
sed -n '/^## Goals/,/^## Verifier/p' "$target/RESULTS.md" | grep -v '^## V'
echo "# $target/RESULTS.md"
