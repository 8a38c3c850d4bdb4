#!/bin/sh
# Every kind of token through a real sshd on loopback: keyboard-interactive, answered by an askpass helper.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
sshd_find || { skip sshd 'there is no sshd (sh tests/check.sh unpacks one)' && exit 0; }
command -v ssh >/dev/null || { skip sshd 'there is no ssh client (sh tests/check.sh installs it)' && exit 0; }
ns_enter "$0" "$@"

RHOST=127.0.0.1
WANT=alice

# The token reaches the client as a file that the helper prints; see ssh_configure.
login() {	# USER
	cat >"$D/answer"
	TOKEN=$D/answer timeout -k 5 "$LIMIT" setsid ssh -F "$D/ssh_config" "$1@test" id -un </dev/null
}

# The client of OpenSSH cuts an answer at 1023 bytes and says nothing. The log has to, or nobody finds out.
cut_token() {
	mint test alice "$AUD" --claim filler="$(printf '%0900d' 0)" >"$D/tok/long"
	attempt_login 'token that the ssh client cuts' long alice token-cut
}

# What sshd tells the module about the connection belongs in the log: it is what an administrator looks for.
# shellcheck disable=SC2317 # called by check
connection_in_log() {
	log_decisions sshd | grep -q ' tty=ssh .* rhost=127\.0\.0\.1 '
}

# Both lines tie the session to the token. The second one comes when the client has long gone.
# shellcheck disable=SC2317 # called by check
session_in_log() {
	log_new | grep -q "pam_jwt(sshd:session): session $1; .* user=alice iss=\"$ISS\" sub=\"alice\" jti=\"[^\"]"
}

# What setcred exports survives sshd's change of processes, and the token is not part of it.
# shellcheck disable=SC2317 # called by check
session_environment() {
	grep -qxF "JWT_ISS=$ISS" "$D/env" && grep -qxF JWT_SUB=alice "$D/env" &&
		grep -q '^JWT_JTI=.' "$D/env" && grep -q '^JWT_EXP=[0-9]*$' "$D/env" &&
		! grep -qF -f "$D/runs" "$D/env"
}

session() {
	cp "$D/tok/good" "$D/answer"
	log_mark
	TOKEN=$D/answer timeout -k 5 "$LIMIT" setsid ssh -F "$D/ssh_config" alice@test env >"$D/env" 2>&1 </dev/null || :
	check 'sshd: the log line names terminal and address' wait_for 5 connection_in_log
	check 'sshd: the log has the start of the session' wait_for 5 session_in_log opened
	check 'sshd: the log has the end of the session' wait_for 5 session_in_log closed
	check 'sshd: the session knows who its token was for, and not the token' session_environment
}

keys_make sshd
pam_service sshd
sshd_start
ssh_configure
suite sshd alice bob
cut_token
session
log_clean
finish
