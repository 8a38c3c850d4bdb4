#!/bin/sh
# A working day: alice logs in once at npm's oidc-provider, and then types nothing but ssh, scp, sftp, rsync, git and sudo, on two hosts
# with real sshds and on her own machine with sudo. Her tokens live for seconds, so most logins need a new one.
#
#     sh tests/login/day.sh
#     DAY_LOGINS=200 DAY_LIFETIME=20 sh tests/login/day.sh        make check-day
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/day_enter.sh
. "$P/tests/lib/day_enter.sh"
# shellcheck disable=SC2034 # for results.sh
AREA=day
day_enter 'a working day' "$0" "$@"

LOGINS=${DAY_LOGINS:-6}
LIFETIME=${DAY_LIFETIME:-4}
accepted=0	# what the log should hold

# Something that must succeed, and say nothing but what is wanted. COUNT: the logins that it takes.
does() {	# TITLE COUNT WANTED COMMAND...
	does_title=$1 does_wanted=$3
	accepted=$((accepted + $2))
	shift 3
	does_rc=0
	alice "$@" >"$D/out" 2>"$D/err" || does_rc=$?
	if [ "$does_rc" -eq 0 ] && [ "$(cat "$D/out")" = "$does_wanted" ] && [ ! -s "$D/err" ]; then
		[ -z "$does_title" ] || pass "$does_title"
	else
		fail "${does_title:-login $accepted}" "status $does_rc" @"$D/out" @"$D/err" "$(log_new | tail -n 3)"
	fi
}

log_in() {
	op_control "state?lifetime=$LIFETIME"
	alice pam-jwt login --browser >"$D/out" 2>"$D/err" || :
	check 'alice logs in once' grep -qx 'alice at corp.*' "$D/out"
}

# ---- the day ----

work() {
	work_count=0
	while [ "$work_count" -lt "$LOGINS" ]; do
		case $((work_count % 3)) in
		0) does '' 1 bastion.test ssh bastion.test echo bastion.test ;;
		1) does '' 1 db1.test ssh db1.test echo db1.test ;;
		2) does '' 1 0 sudo -A id -u ;;
		esac
		work_count=$((work_count + 1))
		[ $((work_count % 3)) -ne 0 ] || [ -n "${DAY_LOGINS:-}" ] || sleep $((LIFETIME - 1))
	done
}

tools() {
	does 'ssh -J: a token for each of the two hosts' 2 db1.test ssh -J bastion.test db1.test echo db1.test
	echo "$ISSUER" >"$HOME_OF/file"
	chown "$ALICE" "$HOME_OF/file"
	does 'scp' 1 '' scp -q "$HOME_OF/file" "bastion.test:$HOME_OF/copy"
	check '... has brought the file' cmp "$HOME_OF/file" "$HOME_OF/copy"
	printf 'get %s %s\n' "$HOME_OF/file" "$HOME_OF/got" >"$D/batch"
	does 'sftp' 1 "sftp> get $HOME_OF/file $HOME_OF/got" sftp -q -oBatchMode=no -b "$D/batch" db1.test
	check '... has brought the file' cmp "$HOME_OF/file" "$HOME_OF/got"
	if command -v git >/dev/null; then
		alice git init -q --bare "$HOME_OF/repository" 2>"$D/err"
		alice git init -q "$HOME_OF/work" 2>"$D/err"
		alice git -C "$HOME_OF/work" -c user.name=alice -c user.email=alice@example.com commit -q --allow-empty -m first
		does 'git push' 1 '' git -C "$HOME_OF/work" push -q bastion.test:repository HEAD:refs/heads/main
		does 'git clone' 1 '' git clone -q -b main bastion.test:repository "$HOME_OF/clone"
		alice git -C "$HOME_OF/work" -c user.name=alice -c user.email=alice@example.com commit -q --allow-empty -m second
		does 'git push, again' 1 '' git -C "$HOME_OF/work" push -q bastion.test:repository HEAD:refs/heads/main
		does 'git pull' 1 '' git -C "$HOME_OF/clone" pull -q
		does '... has brought the commit' 0 second git -C "$HOME_OF/clone" log -1 --format=%s
	else
		skip git 'it is not installed here'
	fi
	if command -v rsync >/dev/null; then
		does 'rsync' 1 '' rsync -a "$HOME_OF/file" "db1.test:$HOME_OF/synced"
		check '... has brought the file' cmp "$HOME_OF/file" "$HOME_OF/synced"
	else
		skip rsync 'it is not installed here'
	fi
	does 'ControlMaster: one login' 1 db1.test ssh -oControlMaster=auto -oControlPersist=5 "-oControlPath=$HOME_OF/master" db1.test \
		echo db1.test
	does '... and none for the next' 0 db1.test ssh "-oControlPath=$HOME_OF/master" db1.test echo db1.test
	alice ssh "-oControlPath=$HOME_OF/master" -O exit db1.test >"$D/out" 2>&1 || :
}

# Everything starts at once, as after a break, when the token is over: one of them asks the provider, and the others wait for it.
rush() {
	op_control 'state?lifetime=600'
	sleep "$LIFETIME"	# until the tokens of seconds are over
	rush_before=$(op_requests '^POST /token 200 refresh_token')
	# shellcheck disable=SC2016 # of the inner shell
	does '20 logins at once' 20 "$(yes in | head -n 20)" sh -c 'for i in $(seq 20); do ssh bastion.test echo in & done; wait'
	check '... are one refresh' test "$(op_requests '^POST /token 200 refresh_token')" = $((rush_before + 1))
}

# A token that somebody keeps on one host is worth nothing on the other.
foreign() {	# HOST OTHER
	alice pam-jwt token corp --host "$1" >"$D/person/token" 2>"$D/err"
	chown "$ALICE" "$D/person/token"
	chmod 600 "$D/person/token"
	log_mark
	foreign_rc=0
	alice env PAM_JWT_TOKEN_FILE="$D/person/token" ssh "$2" true >"$D/out" 2>"$D/err" || foreign_rc=$?
	log_sync
	if [ "$foreign_rc" -ne 0 ] && [ "$(log_decisions sshd | log_reason)" = audience-mismatch ]; then
		pass "the token for $1 is refused by $2"
	else
		fail "the token for $1 is refused by $2" "status $foreign_rc" @"$D/err" "$(log_new)"
	fi
}

# Every login was decided by the module, none was refused, and the provider saw one person once.
count() {
	log_sync
	count_all=$(log_decisions '[a-z]*' | wc -l)
	count_ok=$(log_decisions '[a-z]*' | grep -c ' reason=ok ' || :)
	count_refreshes=$(op_requests '^POST /token 200 refresh_token')
	check "the module accepted each of $accepted logins, and refused none ($count_ok of $count_all)" \
		test "$count_ok $count_all" = "$accepted $accepted"
	check 'the provider saw one login' test "$(op_requests '^POST /token 200 authorization_code')" = 1
	check "... and $count_refreshes refreshes" test "$count_refreshes" -ge 3
	check '... of which it refused none' test "$(op_requests '^POST /token [^2]')" = 0
}

hosts_start
desk_make
log_mark
log_in
work
check "$LOGINS logins by ssh and sudo" test "$FAILED" = 0
tools
rush
count
foreign bastion.test db1.test
foreign db1.test bastion.test
finish
