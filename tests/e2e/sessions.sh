#!/bin/sh
# How a session learns its token, how it is recorded, and which limits hold: in sshd, sudo, su and login; and whatever a user may
# write to change it. The first half plays the two processes of sshd with pamtry, so that each step can be spoiled.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip sessions 'needs root' && finish; }
# shellcheck disable=SC2034 # for results.sh
AREA=sessions
PAMTRY=$B/tests/pam/pamtry
GRANTS=/run/pam_jwt/grants
SESSIONS=/run/pam_jwt/sessions
NO_LIMIT="revoke_on_logout = no"	# a service that owes nothing to its tokens
BETWEEN=:	# what happens between the two processes of sshd
export FAKE_RUN=/run D PAMTRY BETWEEN GRANTS

# --- the configuration --------------------------------------------------------------------------------------------------

write_conf() {	# LINE of [service *]... ; lines after "--" are of [state]
	conf_write '*'
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		echo "$1" >>"$CONF"
		shift
	done
	[ $# -eq 0 ] || shift
	printf '%s\n' '[state]' "directory = $D/state" "$@" >>"$CONF"
}

fresh() {	# NAME [USER] [OPTION...]
	fresh_file=$D/tok/$1 fresh_user=${2:-alice}
	shift
	[ $# -eq 0 ] || shift
	mint test "$fresh_user" "$AUD" "$@" | tr -d '\n' >"$fresh_file"
}

jti_of() {	# NAME
	cut -d . -f 2 "$D/tok/$1" | tr -- '-_' '+/' | base64 -d 2>/dev/null | sed 's/.*"jti":"\([^"]*\)".*/\1/'
}

# Whether a token of the name is revoked.
is_revoked() {	# NAME USER
	"$JWT" verify --config "$CONF" --service any --user "$2" --json <"$D/tok/$1" 2>/dev/null | json_reason | grep -qx revoked
}

is_not() {
	! "$@"
}

# --- the two processes of sshd ------------------------------------------------------------------------------------------

# What the shell of the second process does before it becomes pamtry is in $BETWEEN. All that both print is in $D/seen, by way of
# a pipe, as writing to a file may be what a limit is on.
handed() {	# TOKEN STEP...
	printf '@file %s\n' "$D/tok/$1" >"$D/answers"
	shift
	cat >"$D/both" <<-'END'
		"$PAMTRY" "$D/pam" sshd answers="$D/answers" user=alice tty=ssh authenticate
		eval "$BETWEEN"
		exec "$PAMTRY" "$D/pam" sshd user=alice tty=ssh "$@"
	END
	sh "$D/both" "$@" 2>&1 | cat >"$D/seen"
}

saw() {	# PATTERN [TIMES]
	saw_times=$(grep -c -e "$1" "$D/seen") || :
	if [ $# -gt 1 ]; then [ "$saw_times" -eq "$2" ]; else [ "$saw_times" -gt 0 ]; fi || {
		sed 's/^/#   /' "$D/seen"
		return 1
	}
}

opened() {
	saw '^log info session opened; .* user=alice iss="https://id.test" sub="alice"' 1 && saw '^open_session PAM_SUCCESS'
}

not_opened() {
	saw '^log info session opened' 0 && is_empty "$GRANTS" && is_empty "$SESSIONS"
}

is_empty() {
	[ -z "$(ls "$1" 2>/dev/null)" ] || { ls -l "$1" | sed 's/^/#   /'; return 1; }
}

list() {	# NAME: a step that writes the list of the records
	echo "exec=ls $SESSIONS >$D/list.$1; cat $SESSIONS/* >$D/record.$1 2>/dev/null; true"
}

count() {	# NAME NUMBER
	[ "$(wc -l <"$D/list.$1")" -eq "$2" ]
}

member() {	# NAME MEMBER
	sed -n "s/.*\"$2\":\"*\([^,\"}]*\).*/\1/p" "$D/record.$1"
}

hand_over() {
	fresh good
	handed good setcred:establish open_session "$(list open)" close_session
	check 'handed: the session has the token' opened
	check 'handed: the environment is for people' saw '^env JWT_SUB=alice' 2
	check 'handed: the grant is gone' is_empty "$GRANTS"
	check 'handed: the session was recorded' count open 1
	check 'handed: for root alone' [ "$(stat -c '%a %u' "$GRANTS" "$SESSIONS" | sort -u)" = '700 0' ]
	check 'handed: by the name of its process' grep -qE '^[0-9]+\.[0-9]+\.[0-9a-f]{16}$' "$D/list.open"
	check 'handed: with the account' [ "$(member open account)" = alice ]
	check 'handed: with the service' [ "$(member open service)" = sshd ]
	check 'handed: with the jti' [ "$(member open jti)" = "$(jti_of good)" ]
	check 'handed: without a limit' [ "$(member open end)" = -1 ]
	check 'handed: the record is gone after the session' is_empty "$SESSIONS"
	BETWEEN='("$PAMTRY" "$D/pam" sshd user=alice tty=ssh setcred open_session)'
	handed good user=nobody
	check 'handed: another process finds nothing' saw '^log info session opened' 0
	rm -f "$GRANTS"/*
	fresh second
	printf '@file %s\n' "$D/tok/second" >"$D/answers.second"
	handed good answers="$D/answers.second" authenticate setcred open_session "$(list own)"
	check 'handed: a token of the process itself comes first' [ "$(member own jti)" = "$(jti_of second)" ]
	rm -f "$GRANTS"/* "$SESSIONS"/*
	printf 'no token\n' >"$D/answers.bad"
	BETWEEN='"$PAMTRY" "$D/pam" sshd answers="$D/answers.bad" user=alice tty=ssh authenticate'
	handed good setcred open_session
	check 'handed: an attempt that is refused takes the grant of the one before away' not_opened
	BETWEEN='rm "$GRANTS"/*'
	handed good setcred open_session
	check 'handed: one that is gone opens nothing' not_opened
	BETWEEN=:
}

# Each order in which programs establish credentials and open the session.
flags() {
	for first in establish reinitialize refresh establish,silent reinitialize,silent refresh,silent; do
		for second in establish reinitialize refresh; do
			handed good "setcred:$first" open_session "setcred:$second" "setcred:delete" close_session
			check "flags: $first, open, $second, delete, close" opened
			handed good setcred:delete,silent "setcred:$first" "setcred:$second" open_session close_session
			check "flags: delete, $first, $second, open, close" opened
		done
	done
	handed good open_session setcred:establish close_session
	check 'flags: the session first' opened
	handed good setcred open_session close_session
	check 'flags: none' opened
	rm -f "$SESSIONS"/*
}

# A grant that was changed, or is another's, opens no session and stops the one that it was meant for.
spoiled() {	# WHAT SED-SCRIPT
	BETWEEN="sed -i '$2' $GRANTS/*"
	handed good setcred:establish open_session
	check "spoiled: $1" saw '^setcred:establish PAM_CRED_ERR'
	check "spoiled: $1: the log says so" saw 'log err the session does not know its token: the grant /run/pam_jwt/grants/'
	check "spoiled: $1: no session, and no second try" not_opened
	check "spoiled: $1: nor one for a stack that ignores setcred" saw '^open_session PAM_PERM_DENIED'
	BETWEEN="sed -i '$2' $GRANTS/*"
	handed good open_session
	check "spoiled: $1: in open_session" saw '^open_session PAM_PERM_DENIED'
	BETWEEN=:
}

spoil() {
	spoiled 'another user' 's/"user":"alice"/"user":"bob"/'
	spoiled 'another boot' 's/"boot_id":"......../"boot_id":"00000000/'
	spoiled 'another container' 's/"pid_namespace":/&1/'
	spoiled 'another process' 's/"leader":\[/&1/'
	spoiled 'another start' 's/\("leader":\[[0-9]*,\)/\11/'
	spoiled 'of the future' 's/"since":/&9/'
	spoiled 'not a record' 's/^/x/'
	spoiled 'half of one' 's/^\(.\{100\}\).*/\1/'
	up=$(cut -d . -f 1 /proc/uptime)
	if [ "$up" -gt 1000 ]; then
		spoiled 'older than 15 minutes' "s/\"since\":[0-9]*/\"since\":$((up - 903))/"
		BETWEEN="sed -i 's/\"since\":[0-9]*/\"since\":$((up - 800))/' $GRANTS/*"
		handed good setcred open_session close_session
		check 'spoiled: younger than 15 minutes it counts' opened
	fi
	BETWEEN="for g in $GRANTS/*; do mv \$g \$g.0123456789abcdef; ln -s \$g.0123456789abcdef \$g; done"
	handed good setcred:establish
	check 'spoiled: a link' saw '^setcred:establish PAM_CRED_ERR'
	rm -f "$GRANTS"/*
	BETWEEN="for g in $GRANTS/*; do mv \$g $GRANTS/1.1; done"
	handed good setcred open_session
	check 'spoiled: under the name of another process it is not found' saw '^log info session opened' 0
	rm -f "$GRANTS"/*
	BETWEEN=:
}

forged_env() {
	fresh good
	fresh bob bob
	bob_jti=$(jti_of bob)
	write_conf 'revoke_on_logout = yes'
	# shellcheck disable=SC2046 # words
	set -- $(printf 'env=JWT_%s ' "ISS=$ISS" SUB=mallory "JTI=$bob_jti" EXP=9999999999)
	handed good "$@" setcred "$@" open_session "$@" close_session
	check 'forged: the session is that of its own token' opened
	check 'forged: and ends it' is_revoked good alice
	check "forged: and not bob's" is_not is_revoked bob bob
	fresh good
	printf '@file %s\n' "$D/tok/good" >"$D/answers"
	"$PAMTRY" "$D/pam" sshd user=alice tty=ssh "$@" setcred open_session close_session >"$D/seen" 2>&1
	check 'forged: without a token there is no session of one' not_opened
	check "forged: and bob's token stays good" is_not is_revoked bob bob
	write_conf
}

# --- folders that are not root's alone, or cannot be written -------------------------------------------------------------

without() {	# WHAT COMMAND UNDO
	eval "$2"
	write_conf "$NO_LIMIT"
	handed good setcred open_session
	check "$1: a session that owes nothing begins" saw '^open_session PAM_SUCCESS'
	check "$1: and the log says it" saw '^log err /run/pam_jwt/'
	write_conf 'revoke_on_logout = yes'
	handed good
	check "$1: the grant of another is refused" saw 'reason=internal '
	printf '@file %s\n' "$D/tok/good" >"$D/answers"
	"$PAMTRY" "$D/pam" su answers="$D/answers" user=alice authenticate setcred open_session >"$D/seen" 2>&1
	check "$1: and its session" saw '^open_session PAM_PERM_DENIED'
	write_conf
	eval "$3"
}

folders() {
	fresh good
	rm -rf /run/pam_jwt
	handed good setcred open_session close_session
	check 'folders: the module makes them' opened
	check 'folders: with their modes' [ "$(stat -c %a /run/pam_jwt "$GRANTS" "$SESSIONS" | tr '\n' ' ')" = '755 700 700 ' ]
	without 'a mode' "chmod 755 $GRANTS $SESSIONS" "chmod 700 $GRANTS $SESSIONS"
	without 'an owner' "chown $ALICE $GRANTS $SESSIONS" "chown 0 $GRANTS $SESSIONS"
	without 'a folder of others' 'chmod 777 /run/pam_jwt' 'chmod 755 /run/pam_jwt'
	without "a link of alice's" "mv /run/pam_jwt $D/away; ln -s $D/home/alice /run/pam_jwt; chown -h $ALICE /run/pam_jwt" \
		"rm /run/pam_jwt; mv $D/away /run/pam_jwt"
	rm -f "$SESSIONS"/* "$GRANTS"/*
	mount -t tmpfs -o nr_inodes=4,mode=755 full /run/pam_jwt
	mkdir -m 700 "$GRANTS" "$SESSIONS"
	: >/run/pam_jwt/file
	without 'full' : :
	umount /run/pam_jwt
	mount --bind /run/pam_jwt /run/pam_jwt
	mount -o remount,bind,ro /run/pam_jwt
	without 'read-only' : :
	umount /run/pam_jwt
}

# --- sessions in one process ----------------------------------------------------------------------------------------------

# Each token opens a session of its own in a process that logs in several times.
several() {
	fresh good
	for _ in 1 2 3 4 5 6 7 8 9; do
		printf '@file %s\n' "$D/tok/good"
	done >"$D/answers.several"
	several_step="answers=$D/answers.several authenticate open_session"
	# shellcheck disable=SC2086	# three steps
	handed good $several_step "$(list one)" $several_step "$(list two)" close_session "$(list one-again)" close_session \
		"$(list none)" close_session
	check 'several: one record' count one 1
	check 'several: two' count two 2
	check 'several: the last one goes first' cmp -s "$D/list.one" "$D/list.one-again"
	check 'several: none' count none 0
	several_step='authenticate open_session'
	# shellcheck disable=SC2086	# two steps
	handed good "answers=$D/answers.several" $several_step $several_step $several_step $several_step $several_step \
		$several_step $several_step $several_step "$(list many)" $several_step
	check 'several: eight' count many 8
	check 'several: no record of the ninth' saw 'the record of the session cannot be written: No space left on device'
	rm -f "$SESSIONS"/*
	handed good setcred "exec=\"$JWT\" revoke --config $CONF --token $D/tok/good >/dev/null" open_session "$(list refused)"
	check 'several: revoked meanwhile' saw '^log notice session refused; .* reason=revoked ' 1
	check 'several: its record stays, and is marked' [ "$(member refused refused)" = 1 ]
	rm -f "$SESSIONS"/*
	fresh good
	"$JWT" revoke --config "$CONF" --account alice >/dev/null
	"$JWT" revoke --config "$CONF" --account alice --undo >/dev/null
	handed good setcred "exec=\"$JWT\" revoke --config $CONF --account alice >/dev/null" open_session
	check 'several: the account is cut off meanwhile' saw '^log notice session refused; .* reason=revoked ' 1
	"$JWT" revoke --config "$CONF" --account alice --undo >/dev/null
	rm -f "$SESSIONS"/*
}

# The stack of conf/pam.d/sshd where pam-auth-update has added our profile to common-session.
doubled() {
	cp "$D/pam/sshd" "$D/sshd.single"
	echo "session required $SO config=$CONF" >>"$D/pam/sshd"
	fresh good
	handed good setcred open_session "$(list one)" close_session
	check 'doubled: the session is opened once' opened
	check 'doubled: and closed once' saw '^log info session closed' 1
	check 'doubled: it has one record' count one 1
	check 'doubled: which goes' is_empty "$SESSIONS"
	handed good setcred open_session open_session close_session "$(list one)" close_session "$(list none)"
	check 'doubled: it stays open until all are closed' count one 1
	check 'doubled: nothing is left of it' count none 0
	handed good setcred open_session process=child open_session "$(list two)" close_session "$(list one)"
	check 'doubled: a child has a record of its own' count two 2
	check 'doubled: and removes it alone' count one 1
	rm -f "$SESSIONS"/*
	handed good setcred open_session process=child close_session "$(list none)"
	check 'doubled: a child can close the session' count none 0
	handed good setcred open_session "exec=\"$JWT\" revoke --config $CONF --token $D/tok/good >/dev/null" open_session \
		"$(list refused)"
	check 'doubled: each line looks whether the token counts' saw '^log notice session refused; .* reason=revoked ' 2
	check 'doubled: its record is marked' [ "$(member refused refused)" = 1 ]
	rm -f "$SESSIONS"/*
	fresh good
	write_conf 'session_limit = 1m'
	handed good setcred open_session systemd=no open_session "$(list refused)"
	check 'doubled: each line looks whether somebody keeps the limit' saw '^log notice session refused' 2
	check 'doubled: the record of a session without it is marked' [ "$(member refused refused)" = 1 ]
	write_conf
	sed "\$s|$CONF|$D/other.conf|" "$D/pam/sshd" >"$D/sshd.other"
	cp "$CONF" "$D/other.conf"
	mv "$D/sshd.other" "$D/pam/sshd"
	rm -f "$SESSIONS"/*
	handed good setcred open_session "$(list two)" close_session
	check 'doubled: another configuration may want something else of its session' count two 2
	check 'doubled: both records go' is_empty "$SESSIONS"
	mv "$D/sshd.single" "$D/pam/sshd"
}

# --- limits -----------------------------------------------------------------------------------------------------------------

# The sign of life of this PID namespace.
SIGN=/run/pam_jwt/heartbeat.$(stat -Lc %i /proc/self/ns/pid)

beat() {	# SECONDS-AGO [BOOT]
	printf '%s %s\n' "${2:-$(cat /proc/sys/kernel/random/boot_id)}" "$(($(cut -d . -f 1 /proc/uptime) - $1))" \
		>"$SIGN"
	chmod 644 "$SIGN"
}

watched() {	# WHAT refused|opened
	handed good open_session "$(list watched)"
	if [ "$2" = opened ]; then
		check "watch: $1" opened
		check "watch: $1: the record has the end" \
			[ "$(($(member watched end) - $(member watched since)))" -eq 60 ]
		check "watch: $1: it is not refused" [ "$(member watched refused)" = 0 ]
	else
		check "watch: $1" saw 'session_limit cannot be put in force: pam-jwt sessions end --due has not run'
		check "watch: $1: refused" saw '^open_session PAM_PERM_DENIED'
		check "watch: $1: the record is marked" [ "$(member watched refused)" = 1 ]
	fi
	rm -f "$SESSIONS"/*
}

limits() {
	fresh good
	write_conf 'session_limit = 60s' -- 'session_enforcer = watch'
	watched 'no sign of life' refused
	beat 1
	watched 'a fresh one' opened
	beat 170
	watched 'one of three minutes' opened
	beat 185
	watched 'an older one' refused
	beat -60
	watched 'one of the future' refused
	beat 1 00000000-0000-0000-0000-000000000000
	watched 'one of another boot' refused
	beat 1
	chmod 666 "$SIGN"
	watched 'one that others may write' refused
	beat 1
	mv "$SIGN" /run/pam_jwt/heartbeat.1
	watched 'that of the host, in a container that shares its /run' refused
	mv /run/pam_jwt/heartbeat.1 "$SIGN"
	watched 'its own' opened
	rm "$SIGN"
	write_conf 'session_limit = 60s'
	handed good setcred open_session "$(list logind)" close_session
	check 'limits: pam_systemd is told' opened
	check 'limits: and the record has the end' [ "$(($(member logind end) - $(member logind since)))" -eq 60 ]
	handed good cgroup=/nonexistent open_session
	check 'limits: where /proc does not say it, it is refused' saw 'does not say whether this process is in a session' 1
	handed good limit_fsize=0 open_session
	check "limits: without a record it is refused" saw '^open_session PAM_PERM_DENIED'
	rm -f "$SESSIONS"/*
	handed good systemd=no open_session "$(list logind)"
	check 'limits: without systemd it is refused' saw '^open_session PAM_PERM_DENIED'
	check 'limits: and recorded so' [ "$(member logind refused)" = 1 ]
	rm -f "$SESSIONS"/*
	write_conf
}

# A program without root's rights has no record, and needs none. Root's own limits are root's fault.
rights() {
	conf_write '*'
	fresh good
	printf '@file %s\n' "$D/tok/good" >"$D/answers"
	setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups "$PAMTRY" "$D/pam" su answers="$D/answers" user=alice authenticate \
		setcred open_session close_session >"$D/seen" 2>&1 || :
	check 'rights: alice opens a session' opened
	check 'rights: and nothing is amiss' saw '^log err' 0
	check 'rights: nor recorded' is_empty "$SESSIONS"
	printf '%s\n' 'session_limit = 60s' '[state]' 'session_enforcer = watch' >>"$CONF"
	sed -i '/^audience/a revocation = off' "$CONF"
	beat 1
	setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups "$PAMTRY" "$D/pam" su answers="$D/answers" user=alice authenticate \
		open_session >"$D/seen" 2>&1 || :
	check 'rights: but not with a limit that records keep' saw '^open_session PAM_PERM_DENIED'
	check 'rights: and the log says why' saw 'a program that does not run as root leaves no record'
	rm "$SIGN"
	conf_write '*'
	handed good limit_fsize=0 open_session
	check 'rights: root without a record' opened
	check 'rights: and the log says so' saw '^log err .*: File too large'
	write_conf
}

# --- sshd -------------------------------------------------------------------------------------------------------------------

sshd_more() {
	sed -i 's/^PubkeyAuthentication no/PubkeyAuthentication yes/' "$D/sshd_config"
	printf '%s\n' "AuthorizedKeysFile $D/authorized_keys" 'PermitUserEnvironment yes' 'AcceptEnv *' >>"$D/sshd_config"
	ssh-keygen -q -t ed25519 -N '' -C alice -f "$D/id_alice"
	cp "$D/id_alice.pub" "$D/authorized_keys"
}

# A session that lasts until the file "go" is there. Prints what the session prints.
ssh_session() {	# METHOD TOKEN [OPTION...]
	ssh_method=$1 ssh_token=$D/tok/$2
	shift 2
	rm -f "$D/home/alice/go" "$D/out"
	log_mark
	TOKEN=$ssh_token timeout -k 5 "$LIMIT" setsid ssh -F "$D/ssh_config" -i "$D/id_alice" \
		-o PreferredAuthentications="$ssh_method" "$@" alice@test \
		'echo in; until [ -e go ]; do sleep 0.05; done' >"$D/out" 2>&1 </dev/null &
	SSH_SESSION=$!
	wait_for 10 grep -qsx in "$D/out"
}

ssh_end() {
	: >"$D/home/alice/go"
	wait "$SSH_SESSION" || :
	wait_for 5 is_empty "$SESSIONS"
}

in_log() {	# PATTERN
	log_sync
	log_new | grep -q -e "$1" || { log_new | sed 's/^/#   /'; return 1; }
}

not_in_log() {	# PATTERN
	log_sync
	! log_new | grep -e "$1"
}

methods() {
	fresh good
	for method in keyboard-interactive password; do
		check "ssh: $method" ssh_session "$method" good
		check "ssh: $method: a record" [ "$(ls "$SESSIONS" | wc -l)" -eq 1 ]
		cat "$SESSIONS"/* >"$D/record.ssh" || :
		check "ssh: $method: of alice" [ "$(member ssh user)" = alice ]
		check "ssh: $method: by the token" [ "$(member ssh jti)" = "$(jti_of good)" ]
		check "ssh: $method: from here" [ "$(member ssh rhost)" = 127.0.0.1 ]
		check "ssh: $method: its process is the parent of the session's" \
			grep -q "sshd" "/proc/$(sed -n 's/.*"leader":\[\([0-9]*\).*/\1/p' "$D/record.ssh")/comm"
		check "ssh: $method: it ends" ssh_end
	done
	check 'ssh: the grant of a password is named after the listener' ls "$GRANTS/$SSHD_PID".*
	check 'ssh: publickey' ssh_session publickey good
	check 'ssh: publickey has no record' is_empty "$SESSIONS"
	check 'ssh: publickey takes nothing' not_in_log 'session opened'
	: >"$D/home/alice/go"
	wait "$SSH_SESSION" || :
}

# What a user writes into his files, or sends, for each place of a line of pam_env.
forge() {
	bob_jti=$(jti_of bob)
	printf 'JWT_%s\n' "ISS DEFAULT=$ISS" 'SUB DEFAULT=mallory' "JTI DEFAULT=$bob_jti" 'EXP DEFAULT=9999999999' \
		'DIGEST DEFAULT=00' >"$D/home/alice/.pam_environment"
	chown "$ALICE" "$D/home/alice/.pam_environment"
	printf 'environment="JWT_JTI=%s",environment="JWT_SUB=mallory" %s\n' "$bob_jti" "$(cat "$D/id_alice.pub")" \
		>"$D/authorized_keys"
	for line in auth-before auth-after session-before session-after; do
		pam_service sshd
		env_line="${line%-*} required pam_env.so user_readenv=1"
		case $line in
		*-before) sed -i "/^${line%-*} /i $env_line" "$D/etc/pam.d/sshd" ;;
		*) sed -i "/^${line%-*} /a $env_line" "$D/etc/pam.d/sshd" ;;
		esac
		fresh good
		check "forge: $line: in" ssh_session keyboard-interactive good -o "SetEnv=JWT_JTI=$bob_jti"
		check "forge: $line: the session is alice's" in_log \
			"session opened; .* user=alice iss=\"$ISS\" sub=\"alice\" jti=\"$(jti_of good)\""
		check "forge: $line: nothing of mallory" not_in_log mallory
		check "forge: $line: it ends" ssh_end
		check "forge: $line: alice's token is revoked" wait_for 5 is_revoked good alice
		check "forge: $line: bob's token is good" is_not is_revoked bob bob
		check "forge: $line: by a key" ssh_session publickey good -o "SetEnv=JWT_JTI=$bob_jti"
		: >"$D/home/alice/go"
		wait "$SSH_SESSION" || :
		check "forge: $line: by a key there is no session of a token" not_in_log 'session opened\|token revoked'
		check "forge: $line: bob's token is good after it" is_not is_revoked bob bob
	done
	pam_service sshd
	rm "$D/home/alice/.pam_environment"
}

# --- su and sudo --------------------------------------------------------------------------------------------------------------

sudo_records() {
	fresh good
	as_alice sudo -S -p '' sh -c "ls $SESSIONS >$D/list.sudo; cat $SESSIONS/* >$D/record.sudo" <"$D/tok/good" >"$D/seen" 2>&1
	check 'sudo: a record' count sudo 1
	check "sudo: with the token's account" [ "$(member sudo account)" = alice ]
	check 'sudo: with whom the command runs as' [ "$(member sudo user)" = root ]
	check 'sudo: gone after it' is_empty "$SESSIONS"
	as_alice sudo -S -p '' sh -c "su -c 'id -un' alice <$D/tok/good; ls $SESSIONS" <"$D/tok/good" >"$D/seen" 2>&1 || :
	check 'sudo: su inside' saw 'alice$'
	check 'sudo: nothing is left of it' is_empty "$SESSIONS"
	write_conf 'session_limit = 60s'
	rm -rf /run/systemd/system
	as_alice sudo -S -p '' id -u <"$D/tok/good" >"$D/seen" 2>&1 || :
	check 'sudo: without its limit nothing runs' is_not grep -qx 0 "$D/seen"
	write_conf
	rm -f "$SESSIONS"/*
}

# By way of a pipe, as writing to a file may be what the limit is on.
su_under() {	# f|n LIMIT
	as_alice sh -c "ulimit -$1 $2; exec su -c 'echo in as \$(id -un)' bob" <"$D/tok/bob" 2>&1 | cat >"$D/seen"
}

# Whoever calls su chooses its limits. Under each of them bob's session is recorded, or there is none.
su_limits() {
	fresh bob bob
	pam_service su
	for limit in f:0 f:1 n:3 n:4 n:5 n:6 n:7 n:8 n:9 n:10 n:12 n:1024 f:unlimited; do
		log_mark
		su_under "${limit%:*}" "${limit#*:}"
		log_sync
		if grep -q 'in as bob$' "$D/seen" && log_new | grep -q 'err.*sessions\|cannot be made'; then
			fail "su: ulimit -${limit%:*} ${limit#*:}: no session without a record" "$(log_new)"
		else
			pass "su: ulimit -${limit%:*} ${limit#*:}: $(grep -q 'in as bob$' "$D/seen" && echo in || echo refused)"
		fi
	done
	check 'su: without a limit bob is in' saw 'in as bob$'
	log_mark
	su_under f 0
	check 'su: without a file there is no session' is_not grep -q 'in as bob$' "$D/seen"
	check 'su: and the log says why' in_log 'the record of the session cannot be written: File too large'
	check 'su: nothing is left' is_empty "$SESSIONS"
}

# --- the whole ----------------------------------------------------------------------------------------------------------------

mkdir -p /run/systemd/system
keys_make '*'
write_conf
"$JWT" state init --config "$CONF" >/dev/null
mkdir "$D/pam"
for service in sshd su; do
	for type in auth account session; do
		echo "$type required $SO config=$CONF"
	done >"$D/pam/$service"
done
cp "$D/etc/pam.d/other" "$D/pam"
hand_over
flags
spoil
forged_env
folders
several
doubled
limits
rights
if sshd_find && command -v ssh >/dev/null; then
	# shellcheck disable=SC2034 # for sshd.sh
	SSHD_MORE=sshd_more
	pam_service sshd
	sshd_start
	ssh_configure
	methods
	write_conf 'revoke_on_logout = yes'
	fresh bob bob
	forge
	write_conf
else
	skip sshd 'there is no sshd or no ssh'
fi
why=$(setuid_obstacle sudo)
if [ -n "$why" ]; then
	skip sudo "$why"
else
	sudoers_write
	pam_service sudo
	pam_service su
	sudo_records
fi
why=$(setuid_obstacle su)
if [ -n "$why" ]; then skip su "$why"; else su_limits; fi
finish
