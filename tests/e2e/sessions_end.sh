#!/bin/sh
# pam-jwt sessions: which sessions are shown and ended, and which processes are never touched. The records are made by a program of
# the tests, and the sessions are processes that behave badly; all are in a PID namespace that ends with the script.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
if [ -z "${PAM_JWT_PIDS:-}" ] && [ "$(id -u)" -eq 0 ] && unshare -p -f -m --mount-proc true 2>/dev/null; then
	PAM_JWT_PIDS=1 exec unshare -p -f -m --mount-proc sh "$0" "$@"
fi
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
[ -n "${PAM_JWT_PIDS:-}" ] || { skip sessions_end 'this needs root and a PID namespace' && finish; }
ns_enter "$0" "$@"

RUN=/run/pam_jwt/sessions

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
	shows 'a session of ssh with a limit' '^alice alice alice 192.0.2.7 sshd ssh [0-9TZ:-]* [0-9TZ:-]*Z open https://id.test j1$'
	shows 'a session of sudo without one' '^carol bob root - sudo pts/3 [0-9TZ:-]* - open https://other.test j2$'
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
	shows 'the members' '^\[{"sub":"alice","account":"alice","user":"alice","rhost":"192.0.2.7","service":"sshd","tty":"ssh",'
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
	while [ "$many_turns" -gt 0 ]; do
		many_turns=$((many_turns - 1))
		many_from=$(date +%s%N)
		"$JWT" sessions list >"$D/out"
		many_took=$((($(date +%s%N) - many_from) / 1000))
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

list
many
finish
