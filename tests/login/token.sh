#!/bin/sh
# pam-jwt token and pam-jwt logout at a real identity provider: a token for each host, one refresh for any number of processes,
# and a session that survives what must not end it.
#
#     sh tests/login/token.sh [--long]     --long kills it at each system call of a refresh, otherwise at a sample of them
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck source=tests/lib/session.sh
. "$P/tests/lib/session.sh"
AREA=token
provider_enter "$0" "$@"
why=$(op_missing)
[ -z "$why" ] || { skip token "$why" && exit 0; }
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip token 'needs root' && finish; }
STRIDE=6
[ "${1:-}" != --long ] || STRIDE=1

# The host's verdict on the token in $D/out.
verdict() {	# HOST REASON
	"$JWT" verify --config "$D/$1.conf" --service test --user alice --json <"$D/out" >"$D/verdict" 2>&1 || :
	[ "$(json_reason <"$D/verdict")" = "$2" ]
}

configure() {
	web -f "$OP/jwks" >"$D/keys.jwks"
	for configure_host in one two; do
		cat >"$D/$configure_host.conf" <<-END
			[issuer corp]
			iss      = $ISSUER
			keys     = $D/keys.jwks
			audience = ssh://$configure_host.test
			[service test]
			permit   = as claim sub
		END
	done
}

# ---- a token for each host ----

hosts() {
	session_make one.test two.test
	ASKED=$(refreshes)
	says 'the first token of a host' 0 '' token --host one.test
	check 'its host accepts it' verdict one ok
	check 'the other one does not' verdict two audience-mismatch
	asked 'it is one request' 1
	cp "$D/out" "$D/first"
	mv "$D/pam-jwt-net" "$D/away"
	says 'again, without anything that could ask' 0 '' token corp --host ONE.test
	mv "$D/away" "$D/pam-jwt-net"
	check 'it is the same token' cmp -s "$D/first" "$D/out"
	asked 'nobody was asked' 0
	says 'the token of the other host' 0 '' token --host two.test
	check 'which accepts it' verdict two ok
	says 'the first one is still there' 0 '' token --host one.test
	check 'and is the same' cmp -s "$D/first" "$D/out"
	asked 'the other host cost one request' 1
}

refused() {
	says 'a host that is nobody'"'"'s' 1 'else.where gets no token: no \[login] in login.conf has it among its hosts' token --host else.where
	says 'a host that is excluded' 1 'not.test gets no token: \[login corp] does not .*' token corp --host not.test
	says 'a host that the login did not ask for' 1 '.*log in again with --host three.test: pam-jwt login corp --host three.test' \
		token --host three.test
	says 'no host' 2 'each host of corp has a token of its own: say which, with --host' token
	says 'a login that is not there' 2 'there is no login of that name, only: corp' token home --host one.test
	says 'a host that writes to the terminal' 2 '--host: it has a character that no name has' token --host "$(printf 'a\033[1mb.test')"
	says 'a time that is none' 2 '--min-validity: soon is not a duration, .*' token --host one.test --min-validity soon
	if alice 2 token corp corp &&
		grep -q '^pam-jwt token: corp and corp: one login at a time; pam-jwt token --help shows the options$' "$D/err"; then
		pass 'two names'
	else
		fail 'two names' @"$D/err"
	fi
	asked 'none of them cost a request' 0
}

# "" is of a section without a resource, and stands for no host. A session of the time before may have it.
nameless() {
	session_make one.test three.test
	sed 's|"tokens":\[.*\]|"tokens":[{"resource":"","token":"","taken":0}]|' "$SESSION" >"$D/session"
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/session" "$SESSION"
	ASKED=$(refreshes)
	says 'a login that asked for no host' 1 '.*log in again with --host one.test: pam-jwt login corp --host one.test' token --host one.test
	asked 'it cost no request' 0
	session_make one.test two.test
	says 'a login with two resources' 0 '' token --host two.test
	ASKED=$(refreshes)
}

margins() {
	op_control 'state?lifetime=100'
	session_expire
	says 'a token of 100 s' 0 '' token --host one.test
	asked 'it is new' 1
	says 'a margin that is longer than its life' 0 '' token --host one.test --min-validity 10m
	asked 'half its life counts' 0
	sed 's/"life":100/"life":30/g' "$SESSION" >"$D/session"
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/session" "$SESSION"
	says 'a short life' 0 '' token --host one.test
	asked 'is good for its first half' 0
	op_control 'state?lifetime=600'
	says 'a life of 600 s' 0 '' token --host two.test --min-validity 4m
	op_control 'state?lifetime=600'
}

# A provider that gave no refresh token can give no newer one: the token is used to its end.
without_refresh() {
	session_make one.test
	without_token=$(session_member refresh_token)
	says 'a token' 0 '' token --host one.test
	cp "$D/out" "$D/first"
	without_taken=$(($(cut -d . -f 1 /proc/uptime) - 560))
	sed -e 's/"refresh_token":"[^"]*"/"refresh_token":""/' -e "s/\"taken\":[0-9]*/\"taken\":$without_taken/" "$SESSION" >"$D/session"
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/session" "$SESSION"
	ASKED=$(refreshes)
	says 'no refresh token, and 40 s are left' 0 '' token --host one.test
	check 'it is that token' cmp -s "$D/first" "$D/out"
	session_expire
	says 'no refresh token, and the token is over' 1 'your login at corp is over: pam-jwt login corp' token --host one.test
	asked 'nobody was asked' 0
	op_revoke "$without_token"
	session_make one.test two.test
	ASKED=$(refreshes)
}

# ---- many processes ----

many() {
	session_expire
	ASKED=$(refreshes)
	many_pids=
	for many_number in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		session_run token --host one.test >"$D/many.$many_number" 2>&1 </dev/null &
		many_pids="$many_pids $!"
	done
	many_good=0
	for many_pid in $many_pids; do
		wait "$many_pid" && many_good=$((many_good + 1))
	done
	result "$((many_good != 20))" '20 processes at once: 20 tokens' "$many_good good" @"$D/many.1" @"$D/many.20"
	check '20 processes at once: one token' test "$(sort -u "$D"/many.* | wc -l)" -eq 1
	asked '20 processes at once: one request' 1
	session_expire
	says 'the session goes on' 0 '' token --host one.test
}

# Each host needs a request of its own, and one comes after the other: while tokens come, those who wait go on waiting.
crowd() {	# HOSTS MILLISECONDS
	crowd_hosts=$(seq -f 'h%g.test' "$1")
	# shellcheck disable=SC2086 # one word for each
	session_make $crowd_hosts
	op_control "state?delay=$2"
	ASKED=$(refreshes)
	crowd_pids=
	rm -f "$D"/crowd.*
	crowd_start=$(date +%s%N)
	for crowd_host in $crowd_hosts; do
		session_run token --host "$crowd_host" >"$D/crowd.$crowd_host" 2>&1 </dev/null &
		crowd_pids="$crowd_pids $!"
	done
	crowd_good=0
	for crowd_pid in $crowd_pids; do
		wait "$crowd_pid" && crowd_good=$((crowd_good + 1))
	done
	crowd_time=$((($(date +%s%N) - crowd_start) / 1000000))
	op_control 'state?delay=0'
	cat "$D"/crowd.* >"$D/crowd"
	result "$((crowd_good != $1))" "$1 hosts at once, $2 ms each: a token for each, after $crowd_time ms" "$crowd_good good" @"$D/crowd"
	check 'each has its own' test "$(sort -u "$D/crowd" | wc -l)" -eq "$1"
	asked 'one request for each' "$1"
	session_make one.test two.test
	says 'the login goes on' 0 '' token --host two.test
	ASKED=$(refreshes)
}

# ---- trouble that must not end a login ----

trouble() {
	for trouble_fault in html busy; do
		op_control "state?fault=$trouble_fault"
		session_expire
		cp "$SESSION" "$D/before"
		says "an answer that is $trouble_fault" 2 'corp gives no new token now, and your login is kept: .*' token --host one.test
		check "the session stays after $trouble_fault" cmp -s "$SESSION" "$D/before"
	done
	op_control 'state?fault=none'
	says 'a provider that is well again' 0 '' token --host one.test
	op_control 'state?fault=busy'
	says 'a token that has some time left, and a provider in trouble' 0 '' token --host one.test --min-validity 10m
	aged=$(($(cut -d . -f 1 /proc/uptime) - 590))
	sed "s/\"taken\":[0-9]*/\"taken\":$aged/g" "$SESSION" >"$D/session"
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/session" "$SESSION"
	says 'a token with ten seconds left is given' 0 '' token --host one.test
	op_control 'state?fault=none'
}

# Nothing is asked if the answer could not be kept, and nothing is given that is not kept.
disks() {
	session_expire
	ASKED=$(refreshes)
	SESSION_RUN="strace -qq -o $SESSION_HOME/strace -e trace=fsync -e inject=fsync:error=ENOSPC:when=1+"
	says 'a full disk' 2 'corp gives no new token now, and your login is kept: its answer could not be kept' token --host one.test
	asked 'nobody was asked' 0
	SESSION_RUN="strace -qq -o $SESSION_HOME/strace -e trace=fsync -e inject=fsync:error=ENOSPC:when=3+"
	says 'a disk that fills up meanwhile' 2 '.*: its answer cannot be kept' token --host one.test
	check 'no token came out' test ! -s "$D/out"
	asked 'that was one request' 1
	SESSION_RUN=
}

# strace stops it where the request would start, so that a test can do something meanwhile; release() lets it go on.
hold() {	# ARGUMENT...
	rm -f "$SESSION_HOME/strace"
	SESSION_RUN="strace -qq -o $SESSION_HOME/strace -e trace=socketpair -e inject=socketpair:signal=STOP:when=1"
	session_run "$@" >"$D/out" 2>"$D/err" </dev/null &
	HELD=$!
	SESSION_RUN=
	wait_for 10 hold_is_stopped && hold_is_there
}

hold_is_stopped() {
	grep -qs 'stopped by SIGSTOP' "$SESSION_HOME/strace"
}

release() {
	kill -CONT "$HELD_PID"
	held_status=0
	wait "$HELD" || held_status=$?
}

# Other tests may run at the same time: it is the process of our own program.
hold_is_there() {
	for hold_pid in $(pgrep -u "$ALICE" -x pam-jwt); do
		HELD_PID=$hold_pid
		[ "$(readlink "/proc/$hold_pid/exe")" != "$JWT" ] || return 0
	done
	return 1
}

meanwhile() {
	session_make one.test
	session_expire
	cp -p "$SESSION" "$D/newer"
	session_make one.test
	op_revoke "$(session_member refresh_token)"
	ASKED=$(refreshes)
	hold token --host one.test
	check 'no other process of alice looks into it' test "$(stat -c %u "/proc/$HELD_PID/environ")" = 0
	cp -p "$D/newer" "$SESSION"
	release
	result "$held_status" 'a login that came meanwhile is used' @"$D/out" @"$D/err" @"$SESSION"
	asked 'the old one was refused, the new one not' 2
	session_expire
	ASKED=$(refreshes)
	hold token --host one.test
	kill -INT "$HELD_PID"
	release
	check '^C ends it' test "$held_status" -ne 0
	asked 'but not the request' 1
	says 'whose answer is kept' 0 '' token --host one.test
	asked 'nobody is asked again' 0
}

clocks() {
	if ! cc -shared -fPIC -D_GNU_SOURCE -o "$D/clock_ahead.so" "$P/tests/programs/clock_ahead.c" 2>/dev/null; then
		skip 'a wrong clock' 'there is no compiler'
		return
	fi
	for clocks_off in 300 -300 86400; do
		session_expire
		SESSION_ENV="CLOCK_AHEAD=$clocks_off LD_PRELOAD=$D/clock_ahead.so"
		ASKED=$(refreshes)
		says "a wall clock that is off by $clocks_off s" 0 '' token --host one.test
		says 'again' 0 '' token --host one.test
		asked 'is one refresh' 1
		SESSION_ENV=
	done
}

# ---- a login that is over ----

# An answer that a machine in between could have made up, and one that got lost, are asked for once more.
again() {
	for again_fault in cut-once empty-once; do
		session_expire
		op_control "state?fault=$again_fault"
		says "the first answer is $again_fault" 0 '' token --host one.test
	done
	op_control 'state?fault=none'
}

over() {
	session_make one.test two.test
	op_control forget
	ASKED=$(refreshes)
	says 'a provider that forgot' 1 'your login at corp is over: pam-jwt login corp' token --host one.test
	asked 'one request' 1
	says 'the session is over' 1 'your login at corp is over: pam-jwt login corp --host two.test' token --host two.test
	asked 'and nobody is asked again' 0
	session_make one.test
	op_control 'state?fault=lost'
	ASKED=$(refreshes)
	says 'an answer that got lost' 2 'corp gives no new token now, and your login is kept: .*' token --host one.test
	asked 'was asked for once more' 2
	op_control 'state?fault=none'
	says 'it was used up' 1 'your login at corp is over: pam-jwt login corp' token --host one.test
	session_make one.test
	sed 's/"tokens":\[/&{"resource":"ssh:\/\/refused.test","token":"","taken":0},/' "$SESSION" >"$D/session"
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/session" "$SESSION"
	says 'a host that the provider refuses' 1 \
		'your login at corp gives no token for refused.test: log in again with --host refused.test: .*' token --host refused.test
	rm "$SESSION"
	says 'no session' 1 'you are not logged in at corp: pam-jwt login corp' token --host one.test
	says 'no session, and a host that is in hosts by a pattern' 1 'you are not logged in at corp: pam-jwt login corp --host two.test' \
		token --host two.test
	echo '{"issuer":"half' >"$D/session"
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/session" "$SESSION"
	says 'a damaged session' 1 'you are not logged in at corp: pam-jwt login corp' token --host one.test
	session_make one.test
	sed -i "s/^client .*/client = other/" "$SESSION_HOME/.config/pam-jwt/login.conf"
	says 'a login of another client' 1 'login.conf has changed since you logged in at corp: pam-jwt login corp' token --host one.test
	sed -i "s/^client .*/client = $OP_CLIENT/" "$SESSION_HOME/.config/pam-jwt/login.conf"
	sed -i 's/^resource .*/audience = hosts/' "$SESSION_HOME/.config/pam-jwt/login.conf"
	says 'a login for another audience' 1 'login.conf has changed since you logged in at corp: pam-jwt login corp' token --host one.test
	session_prepare
	mv "$SESSION_RUNTIME" "$D/away"
	says 'no folder of XDG_RUNTIME_DIR' 2 ".*; with store = home in \\[login corp] the session is kept in .*" token --host one.test
	mv "$D/away" "$SESSION_RUNTIME"
}

# Nine seconds each, so they run with --long alone.
busy() {
	session_make one.test
	session_expire
	flock -o "$SESSION.lock" sleep 12 &
	busy_pid=$!
	wait_for 5 busy_is_locked
	ASKED=$(refreshes)
	says 'another process has the lock' 2 'other processes have been renewing your login at corp for 9 s and more: try again' token --host one.test
	kill "$busy_pid"
	asked 'so nobody was asked' 0
}

busy_is_locked() {
	! flock -n "$SESSION.lock" true
}

# ---- kill -9 ----

# The calls of a refresh, as "NAME COUNT"; those of a process that starts and ends are of no interest.
calls() {
	session_expire
	SESSION_RUN="strace -qq -o $SESSION_HOME/strace"
	alice 0 token --host one.test || return 1
	SESSION_RUN=
	sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' "$SESSION_HOME/strace" | grep -vE '^(execve|exit_group|arch_prctl|brk|mmap|mprotect|munmap|pread64)$' |
		sort | uniq -c | awk '{ print $2, $1 }'
}

# Whether the file can be read, and the next call ends in 0 or 1. A login that is over is made again.
kill_mends() {
	alice 0 token --host one.test && return
	[ "$session_got" -eq 1 ] && grep -qx 'pam-jwt: your login at corp is over: pam-jwt login corp' "$D/err" &&
		session_make one.test
}

kill_at() {	# CALL NUMBER
	session_expire
	SESSION_RUN="strace -qq -o /dev/null -e trace=$1 -e inject=$1:signal=KILL:when=$2"
	alice 0 token --host one.test || :
	SESSION_RUN=
	kills=$((kills + 1))
	kill_mends || { kills_bad=$((kills_bad + 1)) && { echo "at $1 $2, status $session_got"; cat "$D/err"; } >>"$D/kills"; }
}

killed() {
	session_make one.test
	calls >"$D/list" || { fail 'a refresh under strace' @"$D/err" && return; }
	kills=0 kills_bad=0 kills_step=0
	: >"$D/kills"
	while read -r kill_call kill_count; do
		kill_number=1
		while [ "$kill_number" -le "$kill_count" ]; do
			kills_step=$((kills_step + 1))
			[ $((kills_step % STRIDE)) -ne 0 ] || kill_at "$kill_call" "$kill_number"
			kill_number=$((kill_number + 1))
		done
	done <"$D/list"
	check 'kills were tried' test "$kills" -gt 0
	result "$kills_bad" "killed at $kills of $kills_step system calls" @"$D/kills"
	check 'nothing is left but session and lock' test "$(ls "$SESSION_RUNTIME/pam-jwt/session" | tr '\n' ' ')" = 'corp corp.lock '
}

# ---- what must not get out ----

# As root, because strace of alice could not read what the fetcher is started with.
secrets() {
	session_make one.test
	session_expire
	session_member refresh_token >"$D/words"
	strace -f -qq -v -s 100000 -o "$D/strace" -e trace=execve timeout 30 setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups \
		env -i "HOME=$SESSION_HOME" "XDG_RUNTIME_DIR=$SESSION_RUNTIME" "$JWT" token --host one.test >"$D/out" 2>"$D/err"
	session_member refresh_token >>"$D/words"
	cat "$D/out" >>"$D/words"
	check 'the words are there' test "$(grep -c . "$D/words")" -eq 3
	check 'the fetcher was started' grep -q 'execve(.*pam-jwt-net' "$D/strace"
	secrets_found=$(grep -cFf "$D/words" "$D/strace") || :
	result "$secrets_found" 'no token in arguments or environment' @"$D/strace"
}

id_tokens() {
	sed -i -e 's/^resource .*/use = id_token/' "$SESSION_HOME/.config/pam-jwt/login.conf"
	SESSION_USE=id_token
	session_make one.test
	session_write "$(session_member refresh_token)" '{"resource":"","token":"","taken":0}'
	says 'an ID token' 0 '' token
	check 'is for the client' sh -c "'$JWT' inspect <'$D/out' | grep -q '$OP_CLIENT'"
	SESSION_USE=
	session_prepare
}

# ---- logout ----

logouts() {
	session_make one.test
	logout_token=$(session_member refresh_token)
	says 'logout' 0 '' logout corp
	check 'says so' grep -qx 'logged out: corp' "$D/out"
	check 'the session is gone' test ! -e "$SESSION"
	op_refresh "$logout_token" ssh://one.test >"$D/answer"
	check 'the refresh token is no good any more' grep -q '"invalid_grant"' "$D/answer"
	says 'logout again' 0 '' logout corp
	check 'says so, too' grep -qx 'not logged in: corp' "$D/out"
	says 'logout without a name, without a session' 0 '' logout
	says 'logout of a login that is not there' 2 'there is no login of that name, only: corp' logout home
	session_make one.test
	says 'logout of all' 0 '' logout
	check 'it is gone, too' test ! -e "$SESSION"
	session_make one.test
	op_stop
	says 'no provider: logout' 1 'corp could not be told, and the login may go on there: .*' logout
	check 'the session is gone anyway' test ! -e "$SESSION"
}

unreachable() {
	session_make one.test
	session_expire
	cp "$SESSION" "$D/before"
	op_stop
	says 'no provider' 2 'corp gives no new token now, and your login is kept: .*' token --host one.test
	check 'the session stays' sh -c "tr -d '\n' <'$D/before' | cmp -s - '$SESSION'"
	op_again
	says 'one that was started again and remembers nothing' 1 'your login at corp is over: pam-jwt login corp' token --host one.test
}

provider_names provider.test
op_start provider.test || { fail 'oidc-provider starts' && finish; }
session_prepare
configure
hosts
refused
nameless
margins
without_refresh
many
if [ "$STRIDE" -ne 1 ]; then crowd 11 1000; else crowd 30 300; fi
trouble
disks
meanwhile
clocks
again
over
killed
[ "$STRIDE" -ne 1 ] || busy
secrets
id_tokens
unreachable
logouts
finish
