#!/bin/sh
# pam-jwt sessions: which sessions are shown and ended, and which processes are never touched. The records are made by a program of
# the tests, and the sessions are processes that behave badly; all are in a PID namespace that ends with the script.
set -eu
LC_ALL=C
export LC_ALL
P=$(cd "$(dirname "$0")/../.." && pwd)
if [ -z "${PAM_JWT_PIDS:-}" ] && [ "$(id -u)" -eq 0 ] && unshare -p -f -m --mount-proc true 2>/dev/null; then
	PAM_JWT_PIDS=1 exec unshare -p -f -m --mount-proc sh "$0" "$@"
fi
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
[ -n "${PAM_JWT_PIDS:-}" ] || { skip sessions_end 'this needs root and a PID namespace' && finish; }
ns_enter "$0" "$@"

RUN=/run/pam_jwt/sessions
SIGN=/run/pam_jwt/heartbeat.$(stat -Lc %i /proc/self/ns/pid)

# Writes a record, and leaves the name of its file in $NAME.
record() {	# PID [MEMBER=VALUE]...
	NAME=$("$B/tests/programs/recordtry" "$@")
}

# Runs pam-jwt sessions; its output goes to $D/out.
sessions() {	# STATUS NAME ARGUMENT...
	sessions_want=$1 sessions_name=$2 sessions_got=0
	shift 2
	"$JWT" sessions "$@" >"$D/out" 2>&1 </dev/null || sessions_got=$?
	[ "$sessions_got" -eq "$sessions_want" ] && sessions_ok=0 || sessions_ok=1
	result "$sessions_ok" "$sessions_name" "exit status $sessions_got" "@$D/out"
}

# The output, without runs of spaces, has this line.
shows() {	# NAME PATTERN
	tr -s ' ' <"$D/out" | grep -q -e "$2" && shows_ok=0 || shows_ok=1
	result "$shows_ok" "$1" "wanted: $2" "@$D/out"
}

rows() {	# NAME COUNT
	[ "$(grep -c '^' "$D/out")" -eq "$2" ] && rows_ok=0 || rows_ok=1
	result "$rows_ok" "$1" "@$D/out"
}

clean() {
	rm -rf /run/pam_jwt
}

# --- list -------------------------------------------------------------------------------------------------------------------

list() {
	sessions 0 'list without a folder' list
	rows 'it shows nothing' 0
	sleep 100 &
	list_pid=$!
	record "$list_pid" sub=alice rhost=192.0.2.7 tty=ssh iss=https://id.test jti=j1 end=100
	record "$list_pid" sub=carol account=bob user=root service=sudo tty=pts/3 iss=https://other.test jti=j2
	sessions 0 'list' list
	rows 'it shows each, and a header' 3
	shows 'a session of ssh with a limit' '^alice alice alice 192.0.2.7 sshd ssh [0-9TZ:-]* [0-9TZ:-]*Z open https://id.test j1 -$'
	shows 'a session of sudo without one' '^carol bob root - sudo pts/3 [0-9TZ:-]* - open https://other.test j2 -$'
	for list_filter in '--account bob' '--account root' '--subject carol' '--iss https://other.test' '--jti j2' \
		'--account root --subject carol --iss https://other.test --jti j2'; do
		# shellcheck disable=SC2086 # words
		sessions 0 "list $list_filter" list $list_filter
		rows 'it shows the one of bob' 2
	done
	for list_filter in '--account bo' '--account carol' '--subject alice --jti j2' '--iss https://other.tes' '--jti J2'; do
		# shellcheck disable=SC2086 # words
		sessions 0 "list $list_filter" list $list_filter
		rows 'it shows none' 0
	done
	sessions 2 'the name of a section without a configuration' list --iss other --config "$D/none"
	keys_make list
	sed -i "s|$ISS|https://other.test|; s|^\[issuer .*|[issuer other]|" "$CONF"
	sessions 0 'the name of a section' list --iss other --config "$CONF"
	rows 'it shows the one of that issuer' 2
	sessions 2 'a name that no section has' list --iss corp --config "$CONF"
	sessions 0 'list --json' list --json
	shows 'the members' '{"sub":"alice","account":"alice","user":"alice","rhost":"192.0.2.7","service":"sshd","tty":"ssh",'
	shows 'more members' ',"until":null,"iss":"https://other.test","jti":"j2","sid":null,"exp":null,"pid":'
	record "$list_pid" sub="$(printf 'a\033]0;x\007b\nc')" tty="$(printf '\302\233')" rhost='a b'
	sessions 0 'values that a terminal would obey' list
	shows 'they are shown as bytes' '^"a\\x1b]0;x\\x07b\\x0ac" alice alice "a b" sshd "\\xc2\\x9b" '
	grep -q '[^ -~]' "$D/out" && list_bad=1 || list_bad=0
	result "$list_bad" 'every byte is printable ASCII' "@$D/out"
	list_others "$list_pid"
	clean
	record "$list_pid"
	kill "$list_pid"
	wait "$list_pid" 2>/dev/null || :
	sessions 0 'a session whose processes are gone' list
	rows 'it is not shown' 0
	clean
}

list_others() {	# PID
	rm "$RUN/$NAME"
	record "$1" sub=dave namespace=4026531836
	sessions 0 'a session of another PID namespace' list --subject dave
	shows 'it is shown as one' ' elsewhere '
	record "$1" sub=erin boot=00000000-0000-4000-8000-000000000000
	record "$1" sub=erin start=1
	sessions 0 'a session of another boot, and a number that was given again' list --subject erin
	rows 'they are not shown' 0
	mkdir "$RUN/1.1.0123456789abcdeg" "$RUN/1.1"
	mkfifo "$RUN/junk"
	sessions 0 'names of other forms' list --subject alice
	rows 'they are neither read nor shown' 2
	: >"$RUN/1.1.0123456789abcdef"
	sessions 2 'a damaged record' list --subject alice
	rows 'it is named, and the others are shown' 3
	shows 'its name' 'sessions/1.1.0123456789abcdef is damaged'
	chmod 755 "$RUN"
	sessions 2 'a folder that others can read' list
	chmod 700 "$RUN"
	chown nobody "$RUN"
	sessions 2 'a folder of another user' list
	chown root "$RUN"
	as_alice "$JWT" sessions list >"$D/out" 2>&1 && list_ok=1 || list_ok=0
	result "$list_ok" 'a user may not list sessions' "@$D/out"
	shows 'the message says so' 'only root'
}

many() {
	sleep 100 &
	many_pid=$!
	record "$many_pid" count=1000 iss=https://id.example.com jti=0123456789abcdef0123456789abcdef >/dev/null
	many_best=1000000
	many_turns=5
	# The time of the processor, as other work on the machine must not count.
	while [ "$many_turns" -gt 0 ]; do
		many_turns=$((many_turns - 1))
		many_took=$(sh -c '"$1" sessions list >"$2"; times' sh "$JWT" "$D/out" |
			awk 'NR == 2 { for (i = 1; i <= 2; i++) { split($i, t, "[ms]"); us += (t[1] * 60 + t[2]) * 1000000 } print int(us) }')
		[ "$many_took" -ge "$many_best" ] || many_best=$many_took
	done
	rows '1,000 sessions are listed' 1001
	# Twice the time that was measured on an idle machine, for one that is not.
	[ "$many_best" -le 100000 ] && many_ok=0 || many_ok=1
	result "$many_ok" "1,000 sessions are listed in time ($many_best us)"
	kill "$many_pid"
	wait "$many_pid" 2>/dev/null || :
	clean
}

# --- end --------------------------------------------------------------------------------------------------------------------

# Starts a session in the background: the process $LEADER, with an audit session of its own where the machine has them, runs the
# command, and goes on.
start() {	# NAME COMMAND
	rm -f "$D/$1".*
	cat >"$D/$1.sh" <<-END
		echo \$\$ >/proc/self/loginuid 2>/dev/null
		$2
		: >$D/$1.ready
		exec sleep 301
	END
	sh "$D/$1.sh" 2>/dev/null &
	LEADER=$!
	wait_for 5 test -e "$D/$1.ready"
}

# Runs in a session: a process that notes its number in FILE.
noting() {	# FILE COMMAND
	echo "sh -c 'echo \$\$ >$D/$1; $2'"
}

has_audit() {
	[ "$(cat "/proc/$1/sessionid" 2>/dev/null || echo 4294967295)" != 4294967295 ]
}

# Whether processes go on; one that waits to be reaped does not.
lives() {	# PID
	[ -n "$(sed -n 's/^.*) \([^ZX]\) .*/\1/p' "/proc/$1/stat" 2>/dev/null)" ]
}

is_gone() {	# PID
	! lives "$1"
}

goes_on() {	# NAME PID...
	goes_name=$1
	shift
	for goes_pid in "$@"; do
		lives "$goes_pid" || { fail "$goes_name" "process $goes_pid has ended"; return; }
	done
	pass "$goes_name"
}

is_over() {	# NAME PID...
	over_name=$1
	shift
	for over_pid in "$@"; do
		! lives "$over_pid" || { fail "$over_name" "process $over_pid goes on: $(tr '\0' ' ' <"/proc/$over_pid/cmdline")"; return; }
	done
	pass "$over_name"
}

stop() {	# PID...
	for stop_pid in "$@"; do
		kill -KILL "$stop_pid" 2>/dev/null || :
		wait "$stop_pid" 2>/dev/null || :
	done
}

pid_of() {	# FILE
	wait_for 5 test -s "$D/$1"
	cat "$D/$1"
}

# The limit lies well above the time that it takes, and below that of the fault: 5 s, or 10 s. The machine may be busy.
took() {	# NAME MSEC
	[ "$took_msec" -le "$2" ] && took_ok=0 || took_ok=1
	result "$took_ok" "$1 ($took_msec ms)"
}

# sessions(), with the time that it took in $took_msec.
timed() {	# STATUS NAME ARGUMENT...
	timed_from=$(date +%s%N)
	sessions "$@"
	took_msec=$((($(date +%s%N) - timed_from) / 1000000))
}

end_exactly() {
	sessions 0 'end without a folder' end --subject alice
	start a "(nohup setsid $(noting a.nohup 'exec sleep 300') >/dev/null 2>&1 &)
		$(noting a.child 'exec sleep 300') &"
	a=$LEADER a_nohup=$(pid_of a.nohup) a_child=$(pid_of a.child)
	start b "(nohup setsid $(noting b.nohup 'exec sleep 300') >/dev/null 2>&1 &)"
	b=$LEADER b_nohup=$(pid_of b.nohup)
	record "$b" sub=bob account=bob user=bob jti=jb iss=https://id.test
	b_name=$NAME
	record "$a" sub=alice tty=ssh rhost=192.0.2.7 jti=ja iss=https://id.test
	sessions 0 'end what nobody has' end --subject al
	sessions 0 'end the token of another issuer' end --jti ja --iss https://other.test
	goes_on 'nothing was ended' "$a" "$a_nohup" "$a_child" "$b" "$b_nohup"
	log_mark
	timed 0 'end --subject' end --subject alice
	took 'programs that obey end at once' 4500
	shows 'it says what it ended' '^ended: "alice" as "alice" by "sshd" (process'
	is_over 'the leader and its child have ended' "$a" "$a_child"
	if has_audit "$b"; then
		is_over 'the job under nohup and setsid has ended' "$a_nohup"
	else
		skip 'the job under nohup and setsid has ended' 'there are no audit sessions here'
	fi
	goes_on "bob's session goes on" "$b" "$b_nohup"
	log_sync
	log_new >"$D/out"
	shows 'the log ties the end to the token' \
		'pam-jwt\[[0-9]*\]: session ended; service=sshd tty=ssh ruser= rhost=192.0.2.7 user=alice account=alice why=by-hand iss="https://id.test" sub="alice" jti="ja"$'
	[ "$(ls "$RUN")" = "$b_name" ] && end_ok=0 || end_ok=1
	result "$end_ok" 'its record is gone, and no other' "$(ls "$RUN")"
	sessions 0 'end --account, by the account that acts' end --account bob
	is_over "bob's session has ended" "$b"
	stop "$a_nohup" "$b_nohup"
	clean
}

end_stubborn() {
	start a "$(noting a.deaf 'trap "" TERM HUP; while :; do sleep 1; done') &"
	a=$LEADER a_deaf=$(pid_of a.deaf)
	start b "$(noting b.deaf 'trap "" TERM HUP; while :; do sleep 1; done') &"
	b=$LEADER b_deaf=$(pid_of b.deaf)
	start c "trap '' TERM HUP; (while :; do sleep 300 & sleep 0.01; done) &"
	c=$LEADER
	for end_pid in "$a" "$b" "$c"; do
		record "$end_pid" sid=s1
	done
	timed 0 'end --sid of three sessions' end --sid s1
	took 'they are ended at the same time' 9000
	is_over 'processes that ignore SIGTERM have ended' "$a" "$b" "$a_deaf" "$b_deaf"
	pgrep -x -f 'sleep 300' >"$D/out" && end_ok=1 || end_ok=0
	result "$end_ok" 'what was forked meanwhile has ended' "@$D/out"
	[ -z "$(ls "$RUN")" ] && end_ok=0 || end_ok=1
	result "$end_ok" 'the records are gone' "$(ls "$RUN")"
	clean
}

# One that is stopped gets SIGTERM only when it goes on.
end_still() {
	start a "$(noting a.still 'kill -STOP $$; sleep 300') &"
	a=$LEADER a_still=$(pid_of a.still)
	record "$a"
	timed 0 'end a session in which a process is stopped' end --subject alice
	took 'it does not take five seconds' 4500
	is_over 'it has ended' "$a" "$a_still"
	clean
}

end_others() {
	sleep 300 &
	end_pid=$!
	record "$end_pid" start=1
	sessions 0 'a number that was given again' end --subject alice
	clean
	record 1
	sessions 2 'process 1 is not ended' end --subject alice
	rm "$RUN"/*
	record "$end_pid" boot=00000000-0000-4000-8000-000000000000
	sessions 0 'a record of another boot' end --subject alice
	record "$end_pid" namespace=4026531836
	sessions 2 'a record of another PID namespace' end --subject alice
	shows 'the message says so' "$NAME is of another PID namespace"
	goes_on 'no process was ended' "$end_pid"
	rm "$RUN"/*
	: >"$RUN/1.1.0123456789abcdef"
	record "$end_pid"
	: >"$RUN/junk"
	sessions 2 'a damaged record' end --subject alice
	is_over 'the others are ended' "$end_pid"
	[ -e "$RUN/junk" ] && end_ok=0 || end_ok=1
	result "$end_ok" 'a name of another form stays'
	clean
}

end_seen() {
	start a "(setsid $(noting a.away 'sleep 300 & echo $! >'"$D"'/a.below; wait') &)"
	a=$LEADER a_away=$(pid_of a.away) a_below=$(pid_of a.below)
	record "$a" seen="$a_away"
	stop "$a"
	goes_on 'the leader is gone, and what was seen goes on' "$a_away" "$a_below"
	sessions 0 'list it' list
	rows 'it is shown' 2
	sessions 0 'end it' end --subject alice
	is_over 'what was seen has ended, and what is below it' "$a_away" "$a_below"
	clean
}

# An administrator's shell, and in it what su or sudo would be.
end_inner() {
	start admin "(setsid $(noting admin.nohup 'exec sleep 300') &)
		$(noting admin.su 'sleep 300 & echo $! >'"$D"'/admin.below; wait') &
		($(noting admin.orphan 'exec sleep 300') &)"
	admin=$LEADER admin_nohup=$(pid_of admin.nohup) admin_su=$(pid_of admin.su) admin_below=$(pid_of admin.below)
	admin_orphan=$(pid_of admin.orphan)
	record "$admin_su" service=su sub=inner
	record "$admin_orphan" service=su sub=orphan
	sessions 0 'end a su in the session of an administrator' end --subject inner
	is_over 'it has ended' "$admin_su" "$admin_below"
	goes_on 'the shell and the jobs of the administrator go on' "$admin" "$admin_nohup" "$admin_orphan"
	sessions 0 'end one whose parent has ended' end --subject orphan
	is_over 'it has ended, too' "$admin_orphan"
	goes_on 'the shell and the jobs still go on' "$admin" "$admin_nohup"
	stop "$admin" "$admin_nohup"
	clean
}

# An administrator starts sshd from his shell: the listener is his, and the login of somebody else by it is not.
end_restarted() {
	cat >"$D/listener.sh" <<-END
		sh $D/login.sh &
		echo \$\$ >$D/admin.listener
		wait
	END
	cat >"$D/login.sh" <<-END
		echo 0 2>/dev/null >/proc/self/loginuid
		sleep 300 &
		echo \$! >$D/admin.shell
		echo \$\$ >$D/admin.login
		wait
	END
	start admin "(setsid sh $D/listener.sh &)"
	admin=$LEADER admin_listener=$(pid_of admin.listener) admin_login=$(pid_of admin.login) admin_shell=$(pid_of admin.shell)
	record "$admin"
	if has_audit "$admin"; then
		sessions 0 'end the session of the administrator' end --subject alice
		is_over 'it has ended, with the sshd' "$admin" "$admin_listener"
		goes_on 'the session of somebody else goes on' "$admin_login" "$admin_shell"
	else
		skip 'the session by the sshd of another one' 'there are no audit sessions here'
	fi
	stop "$admin" "$admin_listener" "$admin_login" "$admin_shell"
	clean
}

# Who has no audit session may give itself one, and does not get away by it.
end_self_made() {
	cat >"$D/made.sh" <<-END
		sh -c 'echo $ALICE >/proc/self/loginuid; echo \$\$ >$D/home/alice/made.child; exec sleep 300' &
		echo $ALICE >/proc/self/loginuid
		echo \$\$ >$D/home/alice/made.pid
		wait
	END
	rm -f "$D/home/alice/made.child" "$D/home/alice/made.pid"
	as_alice sh "$D/made.sh" 2>/dev/null &
	made=$!
	made_pid=$(pid_of home/alice/made.pid) made_child=$(pid_of home/alice/made.child)
	record "$made"
	sessions 0 'end a session whose processes made audit sessions' end --subject alice
	is_over 'they have ended' "$made_pid" "$made_child"
	clean
}

# A user has more processes than the command has descriptors, and root may not give itself more.
end_crowd() {
	start a "turns=300; while [ \$turns -gt 0 ]; do turns=\$((turns - 1)); sleep 299 & done"
	a=$LEADER
	start b :
	b=$LEADER
	record "$a" sub=crowd
	crowd_name=$NAME
	record "$b" sub=crowd
	crowd_other=$NAME
	record "$a" sub=other
	crowd_third=$NAME
	prlimit --nofile=64:64 setpriv --bounding-set -sys_resource --inh-caps -sys_resource \
		"$JWT" sessions end --due --config "$D/none" >"$D/out" 2>&1 || :
	grep -q "Too many open files" "$D/out" && crowd_ok=1 || crowd_ok=0
	result "$crowd_ok" 'to note what sessions have takes no descriptors' "@$D/out"
	[ "$(grep -o '\[[0-9]*,[0-9]*\]' "$RUN/$crowd_name" | wc -l)" -eq 301 ] && crowd_ok=0 || crowd_ok=1
	result "$crowd_ok" 'all of them are noted' "@$RUN/$crowd_name"
	rm "$RUN/$crowd_third"
	crowd_code=0
	prlimit --nofile=64:64 setpriv --bounding-set -sys_resource --inh-caps -sys_resource \
		"$JWT" sessions end --subject crowd >"$D/out" 2>&1 || crowd_code=$?
	[ "$crowd_code" -eq 2 ] && crowd_ok=0 || crowd_ok=1
	result "$crowd_ok" 'it says that descriptors ran out' "@$D/out"
	pgrep -x -f 'sleep 299' >"$D/out" && crowd_ok=1 || crowd_ok=0
	result "$crowd_ok" 'what could not be held at first has ended' "@$D/out"
	is_over 'both leaders have ended' "$a" "$b"
	[ ! -e "$RUN/$crowd_other" ] && crowd_ok=0 || crowd_ok=1
	result "$crowd_ok" 'a session that has ended has no record' "@$D/out"
	crowd_pids=
	for _ in 1 2 3 4 5 6 7 8 9; do
		for _ in 1 2 3 4 5 6 7 8 9; do
			sleep 300 &
			record $!
			crowd_pids="$crowd_pids $!"
		done
	done
	prlimit --nofile=64:64 setpriv --bounding-set -sys_resource --inh-caps -sys_resource \
		"$JWT" sessions end --subject alice >"$D/out" 2>&1 || :
	# shellcheck disable=SC2086 # words
	is_over 'no session was taken for one that has ended' $crowd_pids
	[ -z "$(ls "$RUN")" ] && crowd_ok=0 || crowd_ok=1
	result "$crowd_ok" 'their records are gone' "$(ls "$RUN")"
	clean
}

# The command is in the session that it ends.
end_self() {
	start a "(trap '' HUP TERM; exec sleep 300) &
		(while [ ! -e $D/go ]; do sleep 0.1; done
		sh -c 'echo \$\$ >$D/self.pid; exec $JWT sessions end --subject alice >$D/self 2>&1') &"
	a=$LEADER
	record "$a"
	: >"$D/go"
	self_pid=$(pid_of self.pid)
	sleep 1
	kill -TERM "$self_pid"
	wait_for 8 grep -q '^ended: ' "$D/self" && self_ok=0 || self_ok=1
	result "$self_ok" 'a command in the session goes on to its end' "@$D/self"
	is_over 'the session of the command itself has ended' "$a"
	clean
}

end_many() {
	many_turns=1000
	many_pids=
	while [ "$many_turns" -gt 0 ]; do
		sleep 300 &
		many_pids="$many_pids $!"
		many_turns=$((many_turns - 1))
	done
	sleep 300 &
	many_other=$!
	for many_pid in $many_pids; do
		record "$many_pid"
	done
	record "$many_other" sub=bob
	timed 0 'end 1,000 sessions' end --subject alice
	took 'they end at the same time' 9000
	# shellcheck disable=SC2086 # words
	is_over 'all have ended' $many_pids
	goes_on 'but for that of bob' "$many_other"
	stop "$many_other"
	clean
}

# --- end --due --------------------------------------------------------------------------------------------------------------

due() {	# STATUS NAME
	sessions "$1" "$2" end --due --config "$CONF"
}

# Starts a process that a record is about, in $PIDS under a name.
one() {	# MEMBER=VALUE...
	sleep 300 &
	ONE=$!
	record "$ONE" "iss=$ISS" "$@"
}

revoke() {	# OPTION...
	"$JWT" revoke --config "$CONF" "$@" >/dev/null 2>&1
}

due_config() {
	conf_write due
	mkdir "$D/state"
	printf '\n[state]\ndirectory = %s\n' "$D/state/d" >>"$CONF"
	"$JWT" state init --config "$CONF" >/dev/null
}

due_ends() {
	due_config
	due 0 'nothing is due where there is no session'
	due_names='' due_good=''
	for due_case in 'end=-1 limit' 'end=0 limit' 'refused=1 refused' 'jti=j1 revoked' 'sid=s1 revoked' \
		'sub=sally,iat=5 superseded' 'account=carl cut-off' 'user=carl cut-off'; do
		# shellcheck disable=SC2046 # words
		one "jti=$(echo "$due_case" | tr -c 'a-z0-9\n' -)" $(echo "${due_case% *}" | tr , ' ')
		due_names="$due_names $ONE"
		echo "$ONE ${due_case#* }" >>"$D/due"
	done
	for due_case in end=100 jti=j2 sid=s2 sub=sally2 account=carla user=car "sub=sally iat=4102444800" 'jti=j1 iss=https://other.test'; do
		# shellcheck disable=SC2086 # words
		one $due_case
		due_good="$due_good $ONE"
	done
	revoke --iss "$ISS" --jti j1
	revoke --iss "$ISS" --sid s1
	revoke --iss "$ISS" --subject sally
	revoke --account carl
	log_mark
	due 0 'end --due'
	# shellcheck disable=SC2086 # words
	is_over 'what is due has ended' $due_names
	# shellcheck disable=SC2086 # words
	goes_on 'what is not due goes on' $due_good
	log_sync
	for due_why in limit:2 refused:1 revoked:2 superseded:1 cut-off:2; do
		due_count=$(log_new | grep -c "session ended; .* why=${due_why%:*} ") || :
		[ "$due_count" -eq "${due_why#*:}" ] && due_ok=0 || due_ok=1
		result "$due_ok" "the log says ${due_why%:*}" "$(log_new)"
	done
	grep -qE '^[0-9a-f-]{36} [0-9]+$' "$SIGN" && due_ok=0 || due_ok=1
	result "$due_ok" 'the sign of life is left'
	due 0 'end --due again'
	rows 'it says nothing' 0
	# shellcheck disable=SC2086 # words
	stop $due_good
	due 0 'end --due when all has ended'
	[ -z "$(ls "$RUN")" ] && due_ok=0 || due_ok=1
	result "$due_ok" 'the records are swept' "$(ls "$RUN")"
	clean
}

# Limits are kept whatever the configuration and the state say.
due_trouble() {
	one end=0
	: >"$RUN/1.1.0123456789abcdef"
	mkdir "$RUN/2.2.0123456789abcdef"
	due 0 'one bad record is no failure'
	shows 'it is named' '1.1.0123456789abcdef is damaged'
	is_over 'the others are looked at' "$ONE"
	one end=0
	sessions 2 'without a configuration' end --due --config "$D/none"
	is_over 'a limit is kept without a configuration' "$ONE"
	mv "$D/state/d" "$D/state/away"
	one end=0
	due_one=$ONE
	one jti=j2
	due_two=$ONE
	one jti=j1
	rm -f "$SIGN"
	due 2 'a state that does not answer'
	[ "$(grep -c 'only limits are looked at' "$D/out")" -eq 1 ] && due_ok=0 || due_ok=1
	result "$due_ok" 'a line says so, and the state is not asked again' "@$D/out"
	is_over 'a limit is kept without the state' "$due_one"
	goes_on 'nobody else is ended' "$ONE"
	[ -e "$SIGN" ] && due_ok=0 || due_ok=1
	result "$due_ok" 'the sign of life is left, for the limits are kept'
	mv "$D/state/away" "$D/state/d"
	due 0 'the state answers again'
	is_over 'the session of a revoked token has ended' "$ONE"
	stop "$due_two"
	one end=0 namespace=4026531836
	due 0 'a session of another PID namespace is left alone, silently'
	rows 'only the bad records are named' 2
	goes_on 'its number is not ended' "$ONE"
	stop "$ONE"
	clean
}

# A store may take its time: what needs none is ended before it is asked.
due_slow() {
	cp "$CONF" "$D/conf.quick"
	sed -i "s|^directory = .*|redis = unix:$D/slow.sock|" "$CONF"
	"$B/tests/programs/badserver" "$D/slow.sock" silent &
	slow_server=$!
	wait_for 5 test -S "$D/slow.sock"
	one jti=j2
	slow_good=$ONE
	one end=0
	rm -f "$SIGN"
	"$JWT" sessions end --due --config "$CONF" >"$D/out" 2>&1 &
	slow_pid=$!
	wait_for 5 is_gone "$ONE" || :
	is_over 'a limit is kept' "$ONE"
	wait_for 5 test -e "$SIGN" || :
	goes_on 'while the store is waited for' "$slow_pid"
	wait "$slow_pid" || :
	shows 'the store has not answered' 'only limits are looked at'
	goes_on 'nobody else is ended' "$slow_good"
	stop "$slow_server" "$slow_good"
	mv "$D/conf.quick" "$CONF"
	clean
}

# su is killed by its own user: what was below it is found.
due_seen() {
	start a "(setsid $(noting a.away 'sleep 300 & echo $! >'"$D"'/a.below; wait') &)
		$(noting a.child 'exec sleep 300') &"
	a=$LEADER a_away=$(pid_of a.away) a_below=$(pid_of a.below) a_child=$(pid_of a.child)
	record "$a" jti=j1 iss=https://other.test
	due 0 'the processes of a session are noted'
	grep -q "\[$a_child," "$RUN/$NAME" && due_ok=0 || due_ok=1
	result "$due_ok" 'its child is in the record' "@$RUN/$NAME"
	[ "$(stat -c %a:%u "$RUN/$NAME")" = 600:0 ] && due_ok=0 || due_ok=1
	result "$due_ok" "the record is still root's alone"
	due_before=$(stat -c %i:%y "$RUN/$NAME")
	due 0 'nothing has changed'
	[ "$(stat -c %i:%y "$RUN/$NAME")" = "$due_before" ] && due_ok=0 || due_ok=1
	result "$due_ok" 'the record is not written again'
	stop "$a"
	due 0 'its leader was killed'
	goes_on 'its child goes on' "$a_child"
	sessions 0 'end it' end --jti j1
	is_over 'the child has ended' "$a_child"
	! has_audit 1 && [ -e "/proc/$a_away" ] && stop "$a_away" "$a_below"
	clean
}

due_sweeps() {
	one
	due_mine=$NAME
	record "$ONE" grant=1 age=900
	due_kept=$NAME
	sleep 300 &
	due_other=$!
	record "$due_other" grant=1 age=901
	due_waits=$NAME
	sleep 300 &
	record $! grant=1 age=901
	stop $!
	record 1 grant=1 boot=00000000-0000-4000-8000-000000000000
	touch -d '20 minutes ago' "/run/pam_jwt/grants/$NAME"
	sleep 300 &
	due_box=$!
	record "$due_box" grant=1 boot=00000000-0000-4000-8000-000000000000
	due_boxed=$NAME
	record "$ONE" boot=00000000-0000-4000-8000-000000000000
	: >"/run/pam_jwt/grants/7.7"
	: >"/run/pam_jwt/grants/8.8"
	touch -d '20 minutes ago' /run/pam_jwt/grants/7.7
	: >"/run/pam_jwt/grants/junk.new"
	# As a program leaves them that is killed when it writes: no name is the one that it would have in the end.
	for due_name in "$RUN/3.3.0123456789abcdef.fedcba9876543210.new" "$RUN/3.3.0123456789abcdef.seen" \
		"$RUN/3.3.0123456789abcdef.seen.fedcba9876543210.new" "$RUN/9.9.0123456789abcdef" "$RUN/junk.new" \
		/run/pam_jwt/grants/3.3.fedcba9876543210.new; do
		: >"$due_name"
		touch -d '2 minutes ago' "$due_name"
	done
	: >"$RUN/4.4.0123456789abcdef.fedcba9876543210.new"
	: >"$RUN/5.5.0123456789abcdef"
	due 0 'sweep'
	due_left=$(ls /run/pam_jwt/grants | sort)
	[ "$due_left" = "$(printf '%s\n' 8.8 junk.new "$due_kept" "$due_boxed" "$due_waits" | sort)" ] && due_ok=0 || due_ok=1
	result "$due_ok" 'grants: what is old is gone, what is young, not ours, or of a process that lives stays' "$due_left"
	due_left=$(ls "$RUN" | sort)
	[ "$due_left" = "$(printf '%s\n' 4.4.0123456789abcdef.fedcba9876543210.new 5.5.0123456789abcdef junk.new "$due_mine" | sort)" ] &&
		due_ok=0 || due_ok=1
	result "$due_ok" 'records: the same' "$due_left"
	stop "$ONE" "$due_other" "$due_box"
	clean
}

# --- revoke --end-sessions --------------------------------------------------------------------------------------------------

end_revoked() {
	rev_bad='' rev_good=''
	for rev_case in sub=alice,service=su sub=alice,service=sshd sub=alice,service=login; do
		# shellcheck disable=SC2046 # words
		one $(echo "$rev_case" | tr , ' ')
		rev_bad="$rev_bad $ONE"
	done
	for rev_case in sub=bob sub=alice,iss=https://other.test sub=alice,iat=4102444800; do
		# shellcheck disable=SC2046 # words
		one $(echo "$rev_case" | tr , ' ')
		rev_good="$rev_good $ONE"
	done
	revoke --subject alice || :
	# shellcheck disable=SC2086 # words
	goes_on 'without the option sessions go on' $rev_bad $rev_good
	log_mark
	timed_from=$(date +%s%N)
	"$JWT" revoke --config "$CONF" --subject alice --end-sessions >"$D/out" 2>&1 && rev_ok=0 || rev_ok=1
	result "$rev_ok" 'revoke --subject alice --end-sessions' "@$D/out"
	took_msec=$((($(date +%s%N) - timed_from) / 1000000))
	took 'it takes five seconds for all three' 9000
	# shellcheck disable=SC2086 # words
	is_over "alice's three sessions have ended" $rev_bad
	# shellcheck disable=SC2086 # words
	goes_on "nobody else's has" $rev_good
	log_sync
	[ "$(log_new | grep -c 'session ended; .* why=superseded .* sub="alice"')" -eq 3 ] && rev_ok=0 || rev_ok=1
	result "$rev_ok" 'the log ties each end to its token' "$(log_new)"
	# shellcheck disable=SC2086 # words
	stop $rev_good
	one sid=s9 sub=carol
	rev_carol=$ONE
	one sid=s9 sub=dave
	"$JWT" revoke --config "$CONF" --sid s9 --of carol --end-sessions >"$D/out" 2>&1 && rev_ok=0 || rev_ok=1
	result "$rev_ok" 'revoke --sid --of --end-sessions' "@$D/out"
	is_over 'the session of that subject has ended' "$rev_carol"
	goes_on 'that of another one with this sid goes on' "$ONE"
	"$JWT" revoke --config "$CONF" --sid s9 --undo --end-sessions >"$D/out" 2>&1 && rev_ok=1 || rev_ok=0
	result "$rev_ok" '--undo does not go with it' "@$D/out"
	as_alice "$JWT" revoke --config "$CONF" --sid s9 --end-sessions >"$D/out" 2>&1 && rev_ok=1 || rev_ok=0
	result "$rev_ok" 'a user may not' "@$D/out"
	shows 'the message says so' 'only root may end sessions'
	stop "$ONE"
	clean
}

# --- logind -----------------------------------------------------------------------------------------------------------------

# Says in which cgroup a process is.
cgroup() {	# PID PATH
	echo "0::$2" >"$D/cgroup.$1"
	mount --bind "$D/cgroup.$1" "/proc/$1/cgroup"
}

# A loginctl that notes what it is asked, and has a status.
loginctl_is() {	# STATUS
	printf '#!/bin/sh\necho "$* ${HOME-none}" >>%s\nexit %s\n' "$D/asked" "$1" >"$D/loginctl"
	: >"$D/asked"
}

asked() {	# NAME LINE
	[ "$(cat "$D/asked")" = "$2" ] && asked_ok=0 || asked_ok=1
	result "$asked_ok" "$1" "wanted: $2" "@$D/asked"
}

job() {
	sleep 300 &
	JOB=$!
}

logind() {
	[ -e /usr/bin/loginctl ] || { skip logind 'there is no loginctl'; return; }
	mkdir -p /run/systemd/system /run/systemd/sessions
	loginctl_is 0
	chmod 755 "$D/loginctl"
	mount --bind "$D/loginctl" /usr/bin/loginctl
	logind_own
	logind_hangs
	logind_others
	logind_user
	rm -r /run/systemd
}

logind_own() {
	job && cgroup "$JOB" /user.slice/user-2001.slice/session-7.scope
	log_leader=$JOB
	job && cgroup "$JOB" /user.slice/user-2001.slice/session-7.scope
	log_job=$JOB
	job && cgroup "$JOB" /user.slice/user-2001.slice/session-77.scope
	log_other=$JOB
	printf 'UID=2001\nLEADER=%s\nTYPE=tty\n' "$log_leader" >/run/systemd/sessions/7
	record "$log_leader"
	timed 0 'end a session that logind has, and does not end' end --subject alice
	asked 'logind is asked, with an empty environment' '--no-ask-password -- terminate-session 7 none'
	is_over 'after five seconds all of it is killed' "$log_leader" "$log_job"
	[ "$took_msec" -ge 4900 ] && [ "$took_msec" -le 9000 ] && log_ok=0 || log_ok=1
	result "$log_ok" "logind had its five seconds ($took_msec ms)"
	goes_on 'another session goes on' "$log_other"
	stop "$log_other"
	clean
}

# What logind takes is a part of the six seconds.
logind_hangs() {
	printf '#!/bin/sh\nexec sleep 60\n' >"$D/loginctl"
	job && cgroup "$JOB" /user.slice/user-2001.slice/session-7.scope
	start deaf "trap '' TERM HUP"
	cgroup "$LEADER" /user.slice/user-2001.slice/session-8.scope
	for log_leader in 7:$JOB 8:$LEADER; do
		echo "LEADER=${log_leader#*:}" >"/run/systemd/sessions/${log_leader%:*}"
		record "${log_leader#*:}"
	done
	timed 0 'end sessions of a logind that does not answer' end --subject alice
	took 'it takes six seconds' 9000
	is_over 'they have ended' "$JOB" "$LEADER"
	clean
}

# What is not the login's own is not terminated.
logind_others() {
	job && cgroup "$JOB" /user.slice/user-2001.slice/session-7.scope
	log_other=$JOB
	for log_leads in 1 '' 99; do
		loginctl_is 0
		job && cgroup "$JOB" /user.slice/user-2001.slice/session-7.scope
		record "$JOB"
		echo "LEADER=$log_leads${log_leads:+$JOB}" >/run/systemd/sessions/7
		timed 0 'a session that the process does not lead' end --subject alice
		asked 'logind is not asked' ''
		is_over 'the process has ended at once' "$JOB"
		took 'by a signal' 4500
		goes_on 'and nothing else in the session' "$log_other"
	done
	loginctl_is 0
	job && cgroup "$JOB" /user.slice/user-2001.slice/session-7.scope
	record "$JOB"
	echo "LEADER=$JOB" >/run/systemd/sessions/7
	cgroup "$$" /user.slice/user-2001.slice/session-7.scope
	sessions 0 'a session in which its parent is' end --subject alice
	umount "/proc/$$/cgroup"
	asked 'logind is not asked' ''
	goes_on 'nothing else in it has ended' "$log_other"
	loginctl_is 1
	job && cgroup "$JOB" /user.slice/user-2001.slice/session-7.scope
	record "$JOB"
	echo "LEADER=$JOB" >/run/systemd/sessions/7
	timed 0 'logind fails' end --subject alice
	took 'signals end it then, at once' 4500
	is_over 'with all that is in it' "$JOB" "$log_other"
	clean
}

logind_user() {
	loginctl_is 1
	job && cgroup "$JOB" /user.slice/user-$ALICE.slice/session-7.scope
	log_a=$JOB
	job && cgroup "$JOB" "/user.slice/user-$ALICE.slice/user@$ALICE.service/app.slice/x.scope"
	log_b=$JOB
	log_good=
	for log_path in "/user.slice/user-${ALICE}0.slice/session-8.scope" "/user.slice/user-$ALICE.slices/x.scope" \
		"/system.slice/x.service/user.slice/user-$ALICE.slice/session-7.scope" \
		"/user.slice/user-$BOB.slice/user@$BOB.service/user.slice/user-$ALICE.slice/session-7.scope"; do
		job && cgroup "$JOB" "$log_path"
		log_good="$log_good $JOB"
	done
	"$JWT" revoke --config "$CONF" --account alice --end-sessions >"$D/out" 2>&1 && log_ok=0 || log_ok=1
	result "$log_ok" 'revoke --account alice --end-sessions' "@$D/out"
	asked 'logind is asked for the user' "--no-ask-password -- terminate-user $ALICE none"
	is_over 'all that logind has of the user has ended' "$log_a" "$log_b"
	# shellcheck disable=SC2086 # words
	goes_on "nobody else's process has ended" $log_good
	# shellcheck disable=SC2086 # words
	stop $log_good
	clean
}

# --- real programs ----------------------------------------------------------------------------------------------------------

real_config() {
	conf_write sshd su sudo
	printf '\n[state]\ndirectory = %s\n' "$D/state/d" >>"$CONF"
	"$JWT" revoke --config "$CONF" --account alice --undo >/dev/null
	for real_service in sshd su sudo; do
		pam_service "$real_service"
	done
	rm -f "$D/real".* "$D/home/bob/pid"
}

# A token that was not issued before the last cut-off, by this second.
real_token() {	# NAME
	mint test "$1" "$AUD" --now "$(($(date +%s) + 1))" >"$D/tok/$1"
	sleep 1.1
	chmod 644 "$D/tok/$1"
}

# alice runs sudo, with a job under nohup and setsid, and in it su.
real_sudo() {
	real_why=$(setuid_obstacle sudo)$(setuid_obstacle su)
	[ -z "$real_why" ] || { skip 'sudo and su' "$real_why"; return; }
	real_config
	[ -e "$D/sudoers" ] || sudoers_write
	real_token alice
	real_token bob
	cat >"$D/inner.sh" <<-END
		echo \$\$ >$D/real.shell
		nohup setsid sh -c 'echo \$\$ >$D/real.nohup; exec sleep 300' >/dev/null 2>&1 &
		su -c 'echo \$\$ >$D/home/bob/pid; sleep 300' bob <$D/tok/bob >$D/real.su 2>&1 &
		while :; do sleep 0.1; done
	END
	as_alice sudo -S -p '' sh "$D/inner.sh" <"$D/tok/alice" >"$D/real.out" 2>&1 &
	real_shell=$(pid_of real.shell) real_nohup=$(pid_of real.nohup) real_bob=$(pid_of home/bob/pid)
	sessions 0 'sudo, and su in it' list
	shows 'sudo has a record' '^alice alice alice\|^alice alice root'
	shows 'su has a record' '^bob bob bob '
	due 0 'note what they have'
	sessions 0 'end the inner one' end --subject bob
	is_over 'what su ran has ended' "$real_bob"
	goes_on 'the session of sudo around it goes on' "$real_shell" "$real_nohup"
	sessions 0 'end the outer one' end --subject alice
	is_over 'what sudo ran has ended, with the job under nohup' "$real_shell" "$real_nohup"
	wait_for 5 test -z "$(ls "$RUN")" && real_ok=0 || real_ok=1
	result "$real_ok" 'no record is left' "$(ls "$RUN")"
	clean
}

# An administrator's shell, in an audit session, starts sshd; alice comes by it.
real_ssh() {	# NAME
	rm -f "$D/real".*
	cat >"$D/login.sh" <<-END
		(nohup setsid sh -c 'echo \$\$ >$D/home/alice/nohup; exec sleep 300' >/dev/null 2>&1 &)
		echo \$\$ >$D/home/alice/pid
		sleep 300
	END
	rm -f "$D/home/alice/nohup" "$D/home/alice/pid"
	TOKEN=$D/tok/alice timeout -k 5 "$LIMIT" setsid ssh -F "$D/ssh_config" alice@test "sh $D/login.sh" >"$D/real.out" 2>&1 </dev/null &
	real_client=$!
	real_shell=$(pid_of home/alice/pid) real_nohup=$(pid_of home/alice/nohup)
	sessions 0 "$1: a session by ssh" list
	rows "$1: it is shown" 2
}

real_sshd() {
	sshd_find && command -v ssh >/dev/null || { skip sshd 'there is no sshd or no ssh'; return; }
	echo 0 2>/dev/null >/proc/self/loginuid || :
	sleep 300 &
	real_admin=$!
	real_config
	sshd_start
	ssh_configure
	real_token alice
	real_ssh 'sshd in the audit session of an administrator'
	sessions 0 'end it' end --subject alice
	wait_for 5 is_gone "$real_client" || :
	is_over 'it has ended, for its client too' "$real_shell" "$real_client"
	goes_on 'the administrator and sshd go on' "$real_admin" "$SSHD_PID"
	! lives "$real_nohup" || stop "$real_nohup"
	sed -i '/^session/i session required pam_loginuid.so' "$D/etc/pam.d/sshd"
	real_ssh 'with pam_loginuid'
	log_mark
	"$JWT" revoke --config "$CONF" --subject alice --end-sessions >"$D/out" 2>&1 && real_ok=0 || real_ok=1
	result "$real_ok" 'revoke --subject alice --end-sessions' "@$D/out"
	wait_for 5 is_gone "$real_client" || :
	is_over 'it has ended' "$real_shell" "$real_client"
	if has_audit "$real_admin"; then
		is_over 'so has the job under nohup and setsid' "$real_nohup"
	else
		skip 'the job under nohup and setsid has ended' 'there are no audit sessions here'
	fi
	goes_on 'the administrator and sshd still go on' "$real_admin" "$SSHD_PID"
	TOKEN=$D/tok/alice timeout -k 5 "$LIMIT" setsid ssh -F "$D/ssh_config" alice@test true >"$D/out" 2>&1 </dev/null && real_ok=1 || real_ok=0
	result "$real_ok" 'the token does not log in again' "@$D/out"
	stop "$real_admin"
	clean
}

list
many
end_exactly
end_stubborn
end_still
end_others
end_seen
end_inner
end_restarted
end_self_made
end_crowd
end_self
end_many
due_ends
due_trouble
due_slow
due_seen
due_sweeps
end_revoked
logind
real_sudo
real_sshd
finish
