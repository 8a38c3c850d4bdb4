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

# What a stranger can try, without a token: answers 1, 2, ... of each kind, then "rest", then nothing. Each kind, how often
# alice is asked, and how many messages she gets: none where the answer may be a password.
STRANGE='start:1:0 madeup:1:0 start500:2:1 madeup500:2:1 spaces500:2:1 start1023:2:1 madeup1023:2:1 start1024:2:1 start499:1:1
	password:1:0 empty:1:0 tampered:1:1 two:3:1 unlike:3:1 same:33:1'

strange_answer() {	# KIND NUMBER
	mkdir -p "$D/strange/$1"
	cat >"$D/strange/$1/$2"
}

strange_make() {
	strange_token=$(printf 'eyJhbGciOiJFUzI1NiJ9.%02000d' 0)
	printf 'eyJhbGciOiJFUzI1NiJ9.AAAA' | strange_answer start 1
	printf 'an answer of some length.' | strange_answer madeup 1
	for strange_len in 499 500 1023 1024; do
		printf "%.${strange_len}s" "$strange_token" | strange_answer "start$strange_len" 1
		printf "%0${strange_len}d" 7 | strange_answer "madeup$strange_len" 1
	done
	printf '%500s' '' | strange_answer spaces500 1
	printf hunter2 | strange_answer password 1
	printf '' | strange_answer empty 1
	strange_answer tampered 1 <"$D/tok/tampered"
	for strange_kind in two unlike same; do
		strange_answer "$strange_kind" 1 <"$D/strange/start500/1"
	done
	strange_answer two 2 <"$D/strange/start500/1"
	strange_answer unlike 2 <"$D/strange/madeup500/1"
	strange_answer same rest <"$D/strange/start500/1"
	cat >"$D/strange/askpass" <<-'END'
		#!/bin/sh
		printf '== %s\n' "$1" >>"$SEEN"
		answer=$STRANGE_KIND/$(grep -c '^== ' "$SEEN")
		[ -e "$answer" ] || answer=$STRANGE_KIND/rest
		[ ! -e "$answer" ] || exec cat "$answer"
		echo
	END
	chmod 755 "$D/strange/askpass"
}

# All that is seen on the way, into $D/strange/KIND/USER.
strange_try() {	# KIND USER
	: >"$D/strange/seen"
	SEEN=$D/strange/seen STRANGE_KIND=$D/strange/$1 SSH_ASKPASS=$D/strange/askpass timeout -k 5 "$LIMIT" setsid \
		ssh -F "$D/ssh_config" -o LogLevel=INFO "$2@test" id -un </dev/null >"$D/strange/said" 2>&1 || :
	cat "$D/strange/seen" "$D/strange/said" | sed "s/$2@/USER@/g" >"$D/strange/$1/$2"
}

# Who may log in, and who may not for three reasons: the same prompts, as many of them, and the same messages.
strangers() {
	strange_make
	for strange_row in $STRANGE; do
		strange_kind=${strange_row%%:*}
		strange_counts=${strange_row#*:}
		for strange_user in alice root nobody nosuchuser; do
			strange_try "$strange_kind" "$strange_user"
		done
		check "sshd: a stranger's $strange_kind: ${strange_counts%:*} prompts" \
			test "$(grep -c '^== .*Token' "$D/strange/$strange_kind/alice")" = "${strange_counts%:*}"
		check "sshd: a stranger's $strange_kind: ${strange_counts#*:} messages" \
			test "$(grep -c 'The token was not accepted' "$D/strange/$strange_kind/alice")" = "${strange_counts#*:}"
		for strange_user in root nobody nosuchuser; do
			check "sshd: a stranger's $strange_kind tells nothing of $strange_user" \
				diff "$D/strange/$strange_kind/alice" "$D/strange/$strange_kind/$strange_user"
		done
	done
}

# shellcheck disable=SC2317,SC2329 # called by check
limit_in_log() {
	log_new | grep -q 'session_limit cannot be put in force: systemd does not run here'
}

# A session that nobody would end does not begin. This /run is the test's own.
limits() {
	printf 'session_limit = 8h\n' >>"$CONF"
	rmdir /run/systemd/system 2>/dev/null || :
	log_mark
	login alice <"$D/tok/good" >"$D/limited" 2>&1 || :
	check 'sshd: without systemd a session with a limit does not begin' test "$(grep -cx alice "$D/limited")" = 0
	check 'sshd: ... and the log says why' wait_for 5 limit_in_log
	mkdir -p /run/systemd/system
	login alice <"$D/tok/good" >"$D/limited" 2>&1 || :
	check 'sshd: with systemd it does' grep -qx alice "$D/limited"
}

# shellcheck disable=SC2317,SC2329 # called by sshd_configure
deny_nobody() {
	sshd_option DenyUsers nobody
}

SSHD_MORE=deny_nobody
keys_make sshd
pam_service sshd
sshd_start
ssh_configure
suite sshd alice bob
cut_token
session
strangers
[ "$NS" != root ] || limits
log_clean
finish
