#!/bin/sh
# Sessions that a token opened end at their limit, and when their token is revoked, with all that runs in them; and nothing else
# ends. By ssh with and without a terminal, sftp, a forwarded port, su, sudo and login, with the real logind and sshd, and with
# the unit of the package, in its sandbox, for "sessions end --due".
#
# seconds: 300
set -u
# shellcheck source=tests/booted/lib/inside.sh
. /pam_jwt/tests/booted/lib/inside.sh
UNIT=pam-jwt-sessions.service

ms() {
	date +%s%3N
}

wait_for() {	# SECONDS COMMAND...
	wait_end=$(($(ms) + $1 * 1000))
	shift
	until "$@"; do
		[ "$(ms)" -lt "$wait_end" ] || return 1
		sleep 0.1
	done
}

log_of() {	# LINES
	journalctl -q -n "$1" --no-pager -o cat
}

# --- what is open -----------------------------------------------------------------------------------------------------------

# The configuration again, with more lines for services, and for the state.
settings() {	# SERVICE-LINES [STATE-LINES]
	cat >"$CONF" <<-END
		[issuer test]
		iss      = https://id.test
		keys     = /etc/pam_jwt/keys/test.jwk
		audience = urn:test

		[service *]
		permit   = as claim sub
		$1

		[state]
		directory = /var/lib/pam_jwt/state
		${2:-}
	END
}

# A token in $W/NAME, that su and sudo can be given by everybody who finds it.
mint() {	# NAME USER [OPTION...]
	mint_name=$1
	shift
	token "$@" >"$W/$mint_name"
	cp "$W/$mint_name" "/srv/$mint_name"
	chmod 644 "/srv/$mint_name"
}

jti_of() {	# NAME
	cut -d. -f2 "$W/$1" | tr '_-' '/+' | base64 -d 2>/dev/null | sed -n 's/.*"jti":"\([^"]*\)".*/\1/p'
}

# Runs a command that holds a session open, in the background; its start and its end are in $W/NAME.start and .end.
hold() {	# NAME COMMAND...
	hold_name=$1
	shift
	rm -f "$W/$hold_name.end"
	ms >"$W/$hold_name.start"
	(
		timeout -k 2 150 "$@" >"$W/$hold_name.out" 2>&1
		ms >"$W/$hold_name.end"
	) &
}

# The same for a client of OpenSSH that answers the prompt by a token; the destination "token" takes no key.
hold_ssh() {	# NAME TOKEN COMMAND...
	printf '#!/bin/sh\ncat %s\n' "$W/$2" >"$W/ask.$2"
	chmod 755 "$W/ask.$2"
	hold_name=$1 hold_token=$2
	shift 2
	hold "$hold_name" env SSH_ASKPASS="$W/ask.$hold_token" SSH_ASKPASS_REQUIRE=force setsid "$@"
}

# Opens a session of sftp, and looks at the server's end: the client waits for its input also when the connection is gone.
hold_sftp() {	# TOKEN
	printf '#!/bin/sh\ncat %s\n' "$W/$1" >"$W/ask.$1"
	chmod 755 "$W/ask.$1"
	rm -f "$W/sftp.in"
	mkfifo "$W/sftp.in"
	# Open for both: nobody waits for the other end.
	SSH_ASKPASS="$W/ask.$1" SSH_ASKPASS_REQUIRE=force timeout 60 setsid sftp alice@token <>"$W/sftp.in" >"$W/sftp.out" 2>&1 &
	wait_for 10 pgrep -u alice -x sftp-server >/dev/null
	hold sftp sh -c 'while pgrep -u alice -x sftp-server >/dev/null; do sleep 0.1; done'
}

# Logs in at a terminal, and types what comes after the token.
hold_login() {	# NAME TOKEN USER COMMAND
	rm -f "$W/$1.in"
	mkfifo "$W/$1.in"
	hold "$1" sh -c "exec script -qfec 'exec login $3' /dev/null <$W/$1.in"
	exec 7<>"$W/$1.in"
	wait_for 10 grep -q Token: "$W/$1.out"
	sleep 0.3
	cat "$W/$2" >&7
	echo >&7
	wait_for 10 grep -q '\$ ' "$W/$1.out"
	echo "$4" >&7
}

# Sets up the commands that sessions run. "work BASE" leaves three jobs and stays, "work BASE orphan" also one that nobody has for a
# parent any more: each is a sleep of its own length.
scripts() {
	cat >/usr/local/bin/work <<-'END'
		#!/bin/sh
		nohup sleep "${1}1" >/dev/null 2>&1 &
		setsid sleep "${1}2" >/dev/null 2>&1 &
		[ "${2:-}" != orphan ] || (setsid nohup sleep "${1}3" >/dev/null 2>&1 &)
		exec sleep "${1}4"
	END
	cat >/usr/local/bin/stubborn <<-'END'
		#!/bin/sh
		trap '' TERM HUP
		while :; do sleep 1; done
	END
	chmod 755 /usr/local/bin/work /usr/local/bin/stubborn
	mkdir -p /root/.ssh
	cat >/root/.ssh/config <<-END
		Host *
		  HostName 127.0.0.1
		  StrictHostKeyChecking no
		  UserKnownHostsFile /dev/null
		  LogLevel ERROR
		  NumberOfPasswordPrompts 1
		Host token
		  PubkeyAuthentication no
		  PreferredAuthentications keyboard-interactive
		Host key
		  PreferredAuthentications publickey
		  IdentityFile $W/key
	END
}

count() {	# BASE: how many of its jobs live
	pgrep -c -x -f "sleep $1[1-4]"
}

has() {	# BASE COUNT
	[ "$(count "$1")" -eq "$2" ]
}

ended() {	# NAME
	[ -s "$W/$1.end" ]
}

lived() {	# NAME: in ms
	echo $(($(cat "$W/$1.end" 2>/dev/null || ms) - $(cat "$W/$1.start")))
}

opens() {	# NAME BASE COUNT
	wait_for 15 has "$2" "$3"
	result $? "$1: is open" "$(count "$2") of $3" "@$W/$1.out" "$(log_of 15)"
}

is_gone() {	# NAME BASE
	wait_for 6 has "$2" 0
	result $? "$1: ends, with what runs in it" "$(pgrep -a -x -f "sleep $2[1-4]")" "$(pam-jwt sessions list)" "$(log_of 20)"
}

goes_on() {	# NAME BASE COUNT
	has "$2" "$3"
	result $? "$1: goes on" "$(count "$2") of $3" "@$W/$1.out" "$(log_of 20)"
}

# The unit of the package, as its timer starts it.
due() {	# NAME
	journalctl -q --sync
	systemctl start "$UNIT"
	result $? "$1: the unit runs in its sandbox" "$(journalctl -q -u "$UNIT" -n 20 --no-pager)"
}

# The log says why a session ended, with the token that opened it.
log_ties() {	# NAME TOKEN
	journalctl -q --sync
	journalctl -q --no-pager -o cat | grep 'session ended' | grep -qF "jti=\"$(jti_of "$2")\""
	result $? "$1: the log ties the end to the token" "$(journalctl -q --no-pager -o cat | grep 'session ')"
}

# Ends what a part of this test left, so that the next one counts its own. The managers of the users stay: a login while one of
# them ends has to wait.
clean() {
	pkill -KILL -x -f 'sleep 7[0-9]*'
	for clean_name in stubborn sh bash sftp-server; do pkill -KILL -u alice,bob -x "$clean_name"; done
	exec 7>&-
	wait_for 10 eval '! loginctl --no-legend | grep -qE "alice|bob"'
	pam-jwt sessions end --due >/dev/null 2>&1
	systemctl reset-failed
}

# --- a revocation -----------------------------------------------------------------------------------------------------------

# alice by ssh, at the console, and as somebody else's su inside bob's session; bob by a token, and alice by her key.
revocation() {
	settings ''
	for name in ssh su console; do mint "$name" alice; done
	mint bob bob
	hold_ssh ssh ssh ssh alice@token work 710 orphan
	hold_ssh bob bob ssh bob@token 'su alice -c "work 720" </srv/su & work 740 orphan'
	hold_login console console alice 'work 730 orphan'
	hold key ssh alice@key work 750 orphan
	opens ssh 710 4
	opens su 720 3
	opens console 730 4
	opens bob 740 4
	opens key 750 4
	pam-jwt sessions list >"$W/list"
	[ "$(grep -c '^alice' "$W/list")" -eq 3 ] && [ "$(grep -c '^bob' "$W/list")" -eq 1 ]
	result $? 'the list has the four sessions that tokens opened, and not the one by a key' "@$W/list"
	start=$(ms)
	pam-jwt revoke --subject alice --end-sessions >"$W/out" 2>&1
	result $? 'revoke --subject alice --end-sessions' "@$W/out" "$(log_of 20)"
	is_gone ssh 710
	is_gone su 720
	is_gone console 730
	took=$(($(ms) - start))
	[ "$took" -le 9000 ]	# three times five seconds, if they were not ended at the same time
	result $? "the three sessions ended at the same time ($took ms)"
	goes_on bob 740 4
	goes_on key 750 4
	for name in ssh su console; do log_ties "$name" "$name"; done
	pam-jwt sessions list >"$W/list"
	! grep -q '^alice' "$W/list" && grep -q '^bob' "$W/list"
	result $? 'the list has the one that goes on' "@$W/list"
	sleep 1.1
	clean
}

# A revocation without --end-sessions counts with the next run of the unit.
revoked_later() {
	mint one alice
	mint two alice
	hold_ssh one one ssh alice@token work 710 orphan
	hold_ssh two two ssh alice@token work 720 orphan
	opens one 710 4
	opens two 720 4
	pam-jwt revoke --iss https://id.test --jti "$(jti_of one)" >/dev/null
	due 'one token is revoked'
	is_gone one 710
	goes_on two 720 4
	log_ties one one
	pam-jwt revoke --account alice >/dev/null
	due 'the account is cut off'
	is_gone two 720
	pam-jwt revoke --account alice --undo >/dev/null
	clean
}

# --- limits -----------------------------------------------------------------------------------------------------------------

# What began with a limit of ten seconds, and how long a login may take, lie in between.
keeps_limit() {	# NAME
	wait_for 12 ended "$1" && [ "$(lived "$1")" -ge 9500 ] && [ "$(lived "$1")" -le 16000 ]
	result $? "$1: the limit of 10 s ends it ($(lived "$1") ms with the login)" "@$W/$1.out" "$(log_of 20)"
}

open_by_all_ways() {
	hold_ssh tt limited ssh -tt alice@token 'sleep 7101'
	hold_ssh command limited ssh alice@token work 720 orphan
	hold_ssh stubborn limited ssh alice@token stubborn
	hold_sftp limited
	hold_ssh forward limited ssh -N -L 7007:127.0.0.1:22 alice@token
	hold su sh -c "exec setpriv --reuid=nobody --regid=nogroup --clear-groups setsid su alice -c 'work 730' <$W/limited"
	hold_login console limited alice 'work 740 orphan'
	hold key ssh alice@key work 750 orphan
	opens tt 710 1
	opens command 720 4
	opens su 730 3
	opens console 740 4
	opens key 750 4
	! ended sftp && ! ended forward && ! ended stubborn
	result $? 'sftp, the forwarded port and the stubborn one are open' "@$W/sftp.out" "@$W/forward.out"
}

limits() {
	settings 'session_limit = 10s'
	mkdir -p /etc/systemd/system/session-.scope.d
	cp /usr/share/doc/pam-jwt/session-.scope.d/pam-jwt.conf /etc/systemd/system/session-.scope.d/
	systemctl daemon-reload
	mint limited alice
	rm -f /run/pam_jwt/heartbeat.*
	pam-jwt check >"$W/out" 2>&1 && grep -q 'su.*: session_limit refuses' "$W/out" && grep -q 'what logind does not end' "$W/out"
	result $? 'check warns of su, and of the timer' "@$W/out"
	open_by_all_ways
	for name in tt command sftp forward su console stubborn; do keeps_limit "$name"; done
	is_gone command 720
	is_gone su 730
	is_gone console 740
	goes_on key 750 4
	wait_for 5 eval '! pgrep -f /usr/local/bin/stubborn >/dev/null'
	result $? 'the drop-in ends also what ignores TERM and HUP' "$(pgrep -af stubborn)"
	[ -z "$(systemctl --failed --plain --no-legend 'session-*')" ]
	result $? 'the drop-in leaves no failed scope' "$(systemctl --failed)"
	pam-jwt sessions list >"$W/list"
	! grep -q '^alice' "$W/list"
	result $? 'the list is empty' "@$W/list"
	inside
	clean
}

# pam_systemd makes no session inside another one, so nothing would end su's.
inside() {
	ssh alice@key 'su alice -c "echo in as alice" </srv/limited' >"$W/out" 2>&1
	! grep -q 'in as' "$W/out" && journalctl -q --no-pager -o cat | grep -q 'session_limit cannot be put in force'
	result $? 'su inside a session: is refused, and the log says why' "@$W/out" "$(log_of 20)"
}

# The token says when its sessions end; nothing else of this service has a limit.
expiry() {
	settings ''
	mint until alice --claim-json session_expiry=$(($(date +%s) + 12))
	mint forever alice
	hold_ssh until until ssh alice@token work 710 orphan
	hold_ssh forever forever ssh alice@token work 720 orphan
	opens until 710 4
	opens forever 720 4
	wait_for 16 ended until && [ "$(lived until)" -ge 9000 ] && [ "$(lived until)" -le 18000 ]
	result $? "session_expiry ends the session ($(lived until) ms)" "@$W/until.out" "$(log_of 20)"
	is_gone until 710
	goes_on forever 720 4
	clean
}

# Without a word to logind: the records alone, and the unit.
watch() {
	settings 'session_limit = 10s' 'session_enforcer = watch'
	rm -f /run/pam_jwt/heartbeat.*
	mint limited alice
	mint inner alice
	is_refused 'watch, and nothing runs' ssh_in alice "$W/limited"
	# sshd ends the command, and lets the connection stand.
	hold_ssh stays limited ssh -N alice@token
	wait_for 10 eval 'pam-jwt sessions list | grep -q refused'
	! ended stays
	result $? 'ssh -N of a session that is refused stays connected' "@$W/stays.out" "$(pam-jwt sessions list)" "$(log_of 15)"
	pam-jwt check >"$W/out" 2>&1 && grep -q 'every session with a limit is refused' "$W/out"
	result $? 'check says so' "@$W/out"
	systemctl enable -q --now pam-jwt-sessions.timer
	wait_for 10 test -e "/run/pam_jwt/heartbeat.$(stat -Lc %i /proc/self/ns/pid)"
	result $? 'the timer runs as soon as it is enabled' "$(systemctl list-timers --all --no-pager)"
	pam-jwt check >"$W/out" 2>&1 && ! grep -q 'limit is refused' "$W/out"
	result $? 'check is content then' "@$W/out"
	wait_for 8 ended stays
	result $? 'the timer ends the connection of the session that was refused' "$(pam-jwt sessions list)"
	# From here on the test says when.
	systemctl disable -q --now pam-jwt-sessions.timer
	# By a key, so that bob's own session has no limit.
	hold outer ssh bob@key 'su alice -c "work 720" </srv/inner & work 740 orphan'
	hold_ssh command limited ssh alice@token work 710 orphan
	hold_login console limited alice 'work 730 orphan'
	opens command 710 4
	opens outer 720 3
	opens console 730 4
	opens outer 740 4
	pam-jwt sessions end --due
	goes_on 'command, before its limit' 710 4
	sleep 11
	goes_on 'command, until the unit runs' 710 4
	start=$(ms)
	due 'three are over'
	echo "# the unit took $(($(ms) - start)) ms"
	is_gone command 710
	is_gone outer 720
	is_gone console 730
	goes_on outer 740 4
	log_ties command limited
	log_ties su inner
	clean
}

# --- ends that nobody announced ---------------------------------------------------------------------------------------------

records() {
	find /run/pam_jwt/sessions -type f | wc -l
}

leader_of() {	# TOKEN
	pam-jwt sessions list --json --jti "$(jti_of "$1")" | tr -d ' ' | sed -n 's/.*"pid":\([0-9]*\).*/\1/p' | head -n 1
}

# No close_session comes any more. Who is left is known from the run before, and so is a session without anybody.
killed() {
	settings ''
	mint one alice
	mint two alice
	mint three alice
	hold_ssh monitor one ssh alice@token work 710 orphan
	hold outer ssh bob@key 'su alice -c "work 720" </srv/two & work 740'
	hold_ssh empty three ssh alice@token 'sleep 7301'
	opens monitor 710 4
	opens outer 720 3
	opens outer 740 3
	opens empty 730 1
	due 'it sees them'
	kill -9 "$(leader_of one)" "$(leader_of three)"
	# As its own user: it is he who started su.
	setpriv --reuid=bob --regid=bob --clear-groups kill -9 "$(leader_of two)"
	result $? 'bob may kill his su'
	pkill -u alice -x -f 'sleep 7301'
	sleep 1
	[ "$(count 720)" -ge 1 ]
	result $? 'what su ran outlives it'
	due 'the leaders are gone'
	[ "$(records)" -eq 2 ]
	result $? 'the record of the session without anybody is swept, and the others are not' "$(ls -l /run/pam_jwt/sessions)" \
		"$(pam-jwt sessions list)"
	pam-jwt revoke --subject alice >/dev/null
	due 'the tokens are revoked'
	is_gone monitor 710
	is_gone outer 720
	goes_on outer 740 3
	due 'all are gone'
	[ "$(records)" -eq 0 ]
	result $? 'their records are swept' "$(ls -l /run/pam_jwt/sessions)"
	sleep 1.1
	clean
}

# An administrator in a session of his own restarts sshd, or starts one from his shell, whose logins then are below his session.
restart() {
	settings ''
	mint before alice
	mint admin alice
	mint below bob
	hold_ssh before before ssh alice@token work 710 orphan
	opens before 710 4
	hold_ssh admin admin ssh alice@token 'sudo -k -S -p "" sh -c "systemctl restart ssh
		/usr/sbin/sshd -p 2222 -o PidFile=none; exec work 720" </srv/admin'
	opens admin 720 3
	goes_on before 710 4
	hold_ssh below below ssh -p 2222 bob@token work 730 orphan
	opens below 730 4
	pam-jwt sessions end --account bob
	is_gone below 730
	goes_on admin 720 3
	pam-jwt sessions end --jti "$(jti_of before)"
	is_gone before 710
	goes_on admin 720 3
	gets_in 'sshd after it all' alice ssh_in alice "$W/admin"
	pkill -f 'sshd -p 2222'
	clean
}

# ssh, in it sudo, in it su to bob (who must ask for a token, so not from root), in it su to alice again.
nested() {
	settings ''
	for name in outer sudo again; do mint "$name" alice; done
	mint bob bob
	cat >/usr/local/bin/nest <<-'END'
		#!/bin/sh
		sudo -k -S -p '' work 720 </srv/sudo &
		su bob -c 'su alice -c "work 740" </srv/again & exec work 730' </srv/bob &
		exec work 710 orphan
	END
	chmod 755 /usr/local/bin/nest
	hold_ssh outer outer ssh alice@token nest
	opens outer 710 4
	opens sudo 720 3
	opens su 730 3
	opens 'su in su' 740 3
	pam-jwt sessions end --jti "$(jti_of sudo)" >"$W/out" 2>&1
	is_gone sudo 720
	goes_on 'ssh around sudo' 710 4
	goes_on 'su beside sudo' 730 3
	pam-jwt sessions end --jti "$(jti_of again)" >"$W/out" 2>&1
	is_gone 'su in su' 740
	goes_on 'su around su' 730 3
	pam-jwt sessions end --account bob >"$W/out" 2>&1
	is_gone su 730
	goes_on 'ssh around su' 710 4
	pam-jwt sessions end --account bob
	result $? 'nothing to end is no error'
	pam-jwt sessions end --subject alice >"$W/out" 2>&1
	is_gone ssh 710
	clean
}

accounts
# Otherwise the user's manager may end and start between two logins, which takes longer than a login here.
loginctl enable-linger alice bob
configure
scripts
for part in revocation revoked_later limits expiry watch killed restart nested; do
	AREA=$part
	"$part"
done
finish
