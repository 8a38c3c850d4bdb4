#!/bin/sh
# The instructions of whole logins, counted by callgrind, beside those of baseline.txt: the same on a busy machine as on an idle
# one. A warm login from pam_start_confdir() to pam_end(), through the real libpam; what is counted is what the module itself
# executes, because libcrypto and libc choose their code by the processor.
#
#     sh tests/bench/callgrind.sh               a line for each row; a row that is 3 % above its baseline fails
#     sh tests/bench/callgrind.sh --baseline    writes baseline.txt (make bench-baseline)
#     sh tests/bench/callgrind.sh --profile     the figures, and the dearest objects and functions of each row, libraries and all
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
AREA=instructions
# shellcheck source=tests/lib/results.sh
. "$P/tests/lib/results.sh"
B=${BUILD:-$P/build}
case $B in /*) ;; *) B=$P/$B ;; esac
BASELINE=$P/tests/bench/baseline.txt
NOW=1700000000

# What makes the same source other instructions.
compiler() {
	echo "$(${CC:-gcc} --version | head -n 1), $(uname -m), ${CFLAGS:--O2 -g}"
}

skip_all() {	# WHY
	skip 'whole logins' "$1"
	FINISHED=yes
	exit 0
}

if [ ! -e /usr/include/valgrind/callgrind.h ] || ! command -v valgrind >/dev/null; then
	skip_all 'valgrind is not installed'
fi
case "$(nm -D "$B/pam_jwt.so")" in *__asan_* | *__ubsan_*) skip_all 'it says nothing under a sanitizer' ;; esac
[ "$(id -u)" -eq 0 ] || skip_all 'it needs root, whose logins leave records of sessions'
[ $# -ne 0 ] || grep -qxF "# $(compiler)" "$BASELINE" || skip_all "baseline.txt is of another compiler than $(compiler)"

D=$(mktemp -d /tmp/pam_jwt.XXXXXX)	# as in tests/pam/lib/stage.sh
leave_stage() {
	leave_status=$?
	rm -rf "$D"
	leave "$leave_status"
}
trap leave_stage EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
umask 022
SO=$D/pam_jwt.so
JWT=$B/pam-jwt
cp "$B/pam_jwt.so" "$SO"
mkdir "$D/run"
printf 'UID_MIN\t1000\n' >"$D/login.defs"
# shellcheck source=tests/bench/rows.sh
. "$P/tests/bench/rows.sh"
# shellcheck source=tests/bench/cost.sh
. "$P/tests/bench/cost.sh"
rows_start
# How far a modulus is looked at depends on it, so this one is always the same.
(umask 077 && cat "$P/tests/bench/rs256.jwk" >"$ROWS_KEYS/RS256.key")
"$JWT" key public <"$ROWS_KEYS/RS256.key" >"$ROWS_KEYS/RS256.jwk"
rows_plain
rows_issuers issuers-14x20 14 20 ES256
rows_permits permits-100 100
rows_map map-40000 40000

# One dump for each row, which names it.
# shellcheck disable=SC2086 # options
FAKE_NOW=$NOW FAKE_LOGIN_DEFS=$D/login.defs FAKE_RUN=$D/run valgrind $COST_OPTIONS \
	--callgrind-out-file="$D/out" "$B/tests/bench/login-fake" instructions "$ROWS" >"$D/said" 2>&1 || {
	cat "$D/said"
	exit 1
}

# Prints "ROW OWN ALL": instructions of the module, and of all objects.
totals() {
	awk '{ all[$1] += $4 } $2 == "pam_jwt.so" { own[$1] += $4 }
	END { for (row in all) print row, own[row], all[row] }' "$D/costs" | sort
}

write_baseline() {
	{
		echo '# Instructions of warm logins inside pam_jwt.so, and of all objects, which is not compared: make bench-baseline'
		echo "# $(compiler)"
		cat "$D/totals"
	} >"$BASELINE"
}

# A row that is new, or of the other side, is a difference as well.
compare() {
	awk 'NR == FNR { if ($1 != "#") was[$1] = $2; next }
	{ now[$1] = $2 }
	END {
		for (row in now) {
			change = was[row] == "" ? 0 : 100 * (now[row] - was[row]) / was[row]
			text = sprintf("%s: %d, baseline %d, %+.1f %%", row, now[row], was[row], change)
			if (was[row] == "") print "fail", text ": it is not in baseline.txt: make bench-baseline"
			else if (change > 3) print "fail", text ": more than 3 % above"
			else if (change < -3) print "pass", text ": better; keep it by make bench-baseline"
			else print "pass", text
		}
		for (row in was) if (!(row in now)) print "fail", row ": it is only in baseline.txt"
	}' "$BASELINE" "$D/totals" | sort -k 2 >"$D/verdicts"
	while read -r verdict text; do
		"$verdict" "$text"
	done <"$D/verdicts"
}

cost_read "$D" >"$D/costs"
totals >"$D/totals"
case ${1-} in
--baseline) write_baseline ;;
--profile) cat "$D/totals" && cost_show "$D/costs" ;;
*) compare ;;
esac
finish
