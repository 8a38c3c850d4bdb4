#!/bin/sh
# Whole logins through the real libpam, in a mount namespace with a log, accounts and a state of its own, and with all files where a
# host has them: CPU time by phase, growth, memory and system calls. Prints lines of JSON for report.py.
#
#     sh tests/bench/logins.sh ROUNDS [--peers]     with pam_unix (yescrypt) and pam_google_authenticator beside it
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/bench/rows.sh
. "$P/tests/bench/rows.sh"
# shellcheck source=tests/bench/other.sh
. "$P/tests/bench/other.sh"
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip logins 'needs root' >&2 && finish; }
LOGIN=$B/tests/bench/login

# Copies the rows of the list whose names match a pattern.
rows_of() {	# PATTERN
	awk -v pattern="^($1)\$" '$1 ~ pattern' "$ROWS" >"$D/some"
}

tagged() {	# TABLE COMMAND...
	tagged_table=$1
	shift
	"$@" | sed "s/^{/{\"table\": \"$tagged_table\", /"
}

# Counts what strace shows of the first login and of the second one, without the reads of the clock by the bench itself.
trace() {	# ROW
	rows_of "$1"
	strace -f -o "$D/trace" "$LOGIN-real" trace "$D/some"
	awk -v row="$1" '/write\(-1, "login"/ { at = "first" } /write\(-1, "again"/ { at = "warm" } /write\(-1, "end"/ { at = "" }
		at != "" && !/write\(-1|CLOCK_PROCESS_CPUTIME_ID/ { all[at]++ } at != "" && /openat\(|openat2\(/ { opens[at]++ } at != "" && /O_PATH/ { paths[at]++ }
		END { for (at in all) printf "{\"table\": \"calls\", \"row\": \"%s\", \"mode\": \"%s\", \"calls\": %d, \"openat\": %d, \
\"o_path\": %d}\n", row, at, all[at], opens[at], paths[at] }' "$D/trace"
}

peers() {
	other_password
	other_unix | rows_stack pam_unix "$OTHER_PASSWORD"
	other_totp || return 0
	other_google | rows_stack pam_google_authenticator "$OTHER_CODE"
}

# The same logins by a module of another time.
before() {
	[ -n "${BENCH_BEFORE-}" ] || return 0
	cp "$BENCH_BEFORE" "$D/before.so"
	for row in es256 es256-5.7k es256-15k; do
		sed "s|$SO|$D/before.so|" "$ROWS_DIR/stacks/$row/sshd" | rows_stack "before-$row" "$(cat "$ROWS_DIR/tok/$row")"
	done
}

# The account phase alone in a new process, on a host without a state, and what mapping libcrypto costs there.
account_alone() {
	rows_account
	rows_of 'permit|account'
	mv "$ROWS_STATE" "$ROWS_STATE.away"
	tagged account "$LOGIN-real" account "$D/some" "$rounds"
	mv "$ROWS_STATE.away" "$ROWS_STATE"
	for _ in 1 2 3 4 5 6 7 8 9; do
		"$B/tests/bench/weigh" libcrypto.so.3
	done | sort -k 3n | awk 'NR == 5 { print "{\"table\": \"libcrypto\", \"us\": " $3 "}" }'
}

# Measures alone the work of the kernel and of the libraries in a login.
pieces() {
	for row in permit es256; do
		rows_of "$row"
		tagged share "$LOGIN-real" share "$D/some" $((rounds * 20))
	done
	pieces_modules=
	for name in pam_permit pam_deny; do
		pieces_modules="$pieces_modules $(find /usr/lib /lib -name "$name.so" | head -n 1)"
	done
	# shellcheck disable=SC2086 # two paths
	tagged piece "$B/tests/bench/pieces" $((rounds * 5)) "$ROWS_KEYS/ES256.jwk" "$ROWS_STATE" /run/pam_jwt/sessions "$SO" $pieces_modules
}

rounds=$1
rows_as_on_host
rows_start
rows_permit
rows_plain
before
[ "${2-}" != --peers ] || peers
rows_growth
rows_of '[^:]*'
grep -v '^pam_unix' "$D/some" >"$D/quick"
tagged times "$LOGIN-real" times "$D/quick" "$rounds"
rows_of 'permit|pam_unix'
[ "${2-}" != --peers ] || tagged times "$LOGIN-real" times "$D/some" $((rounds / 5 + 1))
account_alone
pieces
rows_of '.*:.*'
tagged growth "$LOGIN-real" warm "$D/some" $((rounds / 4 + 2))
rows_of 'permit|es256|es256-15k|encrypted|no-state|pam_unix'
tagged memory "$LOGIN-heap" memory "$D/some" 5
if command -v strace >/dev/null; then
	for row in permit no-state es256 pam_unix; do
		rows_of "$row"
		[ ! -s "$D/some" ] || trace "$row"
	done
fi
FINISHED=yes
