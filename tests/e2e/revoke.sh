#!/bin/sh
# Revocation on the real sshd and sudo: revoked, cut off, used once, the account itself, and the end of a session. What is
# revoked is refused at the next login, within the same second, with its reason in the log.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
sshd_find || { skip revoke 'there is no sshd (sh tests/check.sh unpacks one)' && exit 0; }
command -v ssh >/dev/null || { skip revoke 'there is no ssh client (sh tests/check.sh installs it)' && exit 0; }
ns_enter "$0" "$@"

# --- the configuration --------------------------------------------------------------------------------------------------

write_conf() {	# LINE of [service sshd]...
	cat >"$CONF" <<-END
		[issuer test]
		iss      = $ISS
		keys     = $D/test.pub.jwk
		audience = $AUD
		leeway   = 0s

		[service sshd]
		permit = as claim sub
	END
	printf '%s\n' "$@" >>"$CONF"
	cat >>"$CONF" <<-END

		[service sudo sudo-i]
		permit     = as claim sub
		single_use = yes

		[state]
		directory = $D/state
	END
}

revoke() {	# OPTION...
	"$JWT" revoke --config "$CONF" "$@" >"$D/revoked" 2>&1
}

fresh() {	# NAME
	mint test alice "$AUD" >"$D/tok/$1"
}

# --- sshd ---------------------------------------------------------------------------------------------------------------

login_sshd() {	# USER
	cat >"$D/answer"
	TOKEN=$D/answer timeout -k 5 "$LIMIT" setsid ssh -F "$D/ssh_config" "$1@test" id -un </dev/null
}

# By the key that stands in alice's authorized_keys: the module is asked in the account phase only.
login_key() {
	timeout -k 5 "$LIMIT" setsid ssh -F "$D/ssh_config" -i "$D/id_alice" -o PreferredAuthentications=publickey \
		alice@test id -un </dev/null >"$D/out" 2>"$D/err"
}

key_gets_in() {
	login_key && grep -qx alice "$D/out"
}

key_is_refused() {
	log_mark
	! key_gets_in && log_sync &&
		log_new | grep -q 'pam_jwt(sshd:account): account refused; .* user=alice reason=revoked '
}

in_log() {	# PATTERN
	log_new | grep -q -e "$1"
}

# The command starts and the refusal ends in one second, which is waited for; what did not fit is tried again.
same_second() {	# LOGIN
	for _ in 1 2 3 4 5 6 7 8; do
		mint test alice "$AUD" >"$D/tok/second"
		until [ "$(date +%1N)" -eq 0 ]; do sleep 0.02; done
		second_start=$(date +%s)
		revoke --token "$D/tok/second"
		log_mark
		"$1" alice <"$D/tok/second" >"$D/out" 2>&1 || :
		second_end=$(date +%s)
		log_sync
		[ "$second_end" -ne "$second_start" ] || break
	done
	[ "$second_end" -eq "$second_start" ] && in_log 'reason=revoked '
}

sshd_tokens() {
	login() { login_sshd "$@"; }
	SERVICE=sshd RHOST=127.0.0.1 WANT=alice
	fresh good
	attempt 'a token' good alice ok
	revoke --token "$D/tok/good"
	attempt 'the token, revoked' good alice revoked
	revoke --token "$D/tok/good" --undo
	attempt 'the token, taken back' good alice ok
	check 'sshd: revoked, and refused in the same second' same_second login_sshd

	fresh before
	revoke --subject alice
	attempt 'a token from before the cut-off' before alice superseded
	sleep 1.1
	fresh after
	attempt 'a token from after the cut-off' after alice ok

	revoke --account alice
	attempt 'a token for an account that is cut off' after alice revoked
	check 'sshd: an ssh key, when the account is cut off' key_is_refused
	revoke --account alice --undo
	check 'sshd: an ssh key, when it is not' key_gets_in
}

# In sshd another process closes the session than the one that saw the token.
sshd_logout() {
	write_conf 'revoke_on_logout = yes'
	fresh once
	attempt_login 'the token of a session' once alice ok
	check 'sshd: the session closed, and revoked its token' wait_for 5 in_log \
		"pam_jwt(sshd:session): token revoked; .* user=alice iss=\"$ISS\" sub=\"alice\" jti=\"[^\"]"
	attempt 'the token of a session that is closed' once alice revoked
	write_conf
}

# Moved away, it is not "not revoked".
sshd_no_state() {
	fresh lost
	mv "$D/state" "$D/state.away"
	attempt 'no state directory' lost alice state-unavailable
	check 'sshd: the log says why' in_log 'the state cannot be read: .*No such file or directory: pam-jwt state init'
	mv "$D/state.away" "$D/state"
	attempt 'the state directory is back' lost alice ok
}

# --- sudo ---------------------------------------------------------------------------------------------------------------

sudoers_timeout() {	# TIMEOUT
	printf 'Defaults !lecture, passwd_tries=1, timestamp_type=global, timestamp_timeout=%s\nalice ALL=(ALL) ALL\n' "$1" \
		>"$D/sudoers.new"
	chmod 440 "$D/sudoers.new"
	cat "$D/sudoers.new" >"$D/sudoers"
}

check_says() {	# TEXT
	"$JWT" check --config "$CONF" >"$D/out" 2>&1 && grep -qF "$1" "$D/out"
}

check_says_not() {	# TEXT
	"$JWT" check --config "$CONF" >"$D/out" 2>&1 && ! grep -qF "$1" "$D/out"
}

login_sudo() {
	as_alice sudo -S -p '' id -u
}

ticket_gets_in() {
	as_alice sudo -n id -u >"$D/out" 2>"$D/err" && grep -qx 0 "$D/out"
}

ticket_is_refused() {
	log_mark
	! ticket_gets_in && log_sync &&
		log_new | grep -q 'pam_jwt(sudo:account): account refused; .* user=alice reason=revoked '
}

sudo_once() {
	login() { login_sudo "$@"; }
	warning='no "Defaults timestamp_timeout=0"'
	SERVICE=sudo RHOST='' WANT=0
	: >"$D/sudoers"
	chmod 440 "$D/sudoers"
	mkdir "$D/sudoers.d"
	: >"$D/sudo.conf"
	sudoers_timeout 0
	ns_cover "$D/sudoers" /etc/sudoers
	ns_cover "$D/sudoers.d" /etc/sudoers.d
	ns_cover "$D/sudo.conf" /etc/sudo.conf
	check 'sudo: pam-jwt check is content with timestamp_timeout=0' check_says_not "$warning"
	fresh root
	attempt_login 'a one-time token' root alice ok
	attempt 'the one-time token again' root alice replayed
	fresh root
	revoke --token "$D/tok/root"
	attempt 'a one-time token that is revoked' root alice revoked
	check 'sudo: revoked, and refused in the same second' same_second login_sudo
}

# The ticket skips authenticate: single_use is worth nothing then, and only the account can be stopped.
sudo_ticket() {
	sudoers_timeout 15
	check 'sudo: pam-jwt check warns of a ticket beside single_use' check_says "$warning"
	mkdir -p "$D/sudoers.d"
	echo 'Defaults timestamp_timeout=0' >"$D/sudoers.d/once"
	check 'sudo: and finds the line in sudoers.d' check_says_not "$warning"
	for other in 'Defaults:bob timestamp_timeout=0' 'Defaults@elsewhere timestamp_timeout=0' \
		'Defaults env_reset # timestamp_timeout=0'; do
		echo "$other" >"$D/sudoers.d/once"
		check "sudo: but not by: $other" check_says "$warning"
	done
	echo 'Defaults timestamp_timeout=0' >"$D/sudoers.d/a"
	echo 'Defaults timestamp_timeout=30' >"$D/sudoers.d/b"
	check 'sudo: nor when a later line takes it back' check_says "$warning"
	rm "$D/sudoers.d/once" "$D/sudoers.d/a" "$D/sudoers.d/b"
	fresh ticket
	attempt_login 'a token that makes a ticket' ticket alice ok
	check 'sudo: the ticket gets in without a token' ticket_gets_in
	revoke --account alice
	check 'sudo: the ticket, when the account is cut off' ticket_is_refused
	revoke --account alice --undo
	check 'sudo: the ticket, when it is not' ticket_gets_in
}

# --- su -----------------------------------------------------------------------------------------------------------------

# Whoever starts a setuid program chooses its limits, and must not by them hide the cut-off of an account. All at the same time,
# because su waits a second after each refusal.
su_to() {	# USER DESCRIPTORS
	as_alice sh -c "ulimit -n $2; exec su -c 'id -un' $1" </dev/null 2>/dev/null | grep -qx "$1"
}

su_few_descriptors() {	# USER
	su_pids=
	for su_limit in 3 4 5 6 7 8 9 10 11 12 13 14 15 16 1024; do
		{ ! su_to "$1" "$su_limit" || { echo "#   let in with $su_limit descriptors" && false; }; } &
		su_pids="$su_pids $!"
	done
	su_rc=0
	for su_pid in $su_pids; do
		wait "$su_pid" || su_rc=1
	done
	return "$su_rc"
}

is_refused() {
	! "$@"
}

su_by_root() {
	su -c 'id -un' root </dev/null 2>/dev/null | grep -qx root
}

su_limits() {
	printf '%s\n' 'auth required pam_permit.so' "account required $SO config=$CONF" 'account required pam_permit.so' \
		'session required pam_permit.so' >/etc/pam.d/su
	for su_user in bob root; do
		check "su: to $su_user without a token" su_to "$su_user" 1024
		revoke --account "$su_user"
		check "su: to $su_user who is cut off, with any number of descriptors" su_few_descriptors "$su_user"
		revoke --account "$su_user" --undo
	done
	# Who calls su can make the state fail; root at a console cannot be locked out by that.
	mv "$D/state" "$D/state.away"
	check 'su: to root by a user, without the state' is_refused su_to root 1024
	check 'su: to root by root, without the state' su_by_root
	sed 's/^UID_MIN.*/UID_MIN soon/' /etc/login.defs >"$D/login.defs"
	ns_cover "$D/login.defs" /etc/login.defs
	check 'su: the same, when nobody knows where the system ends' su_by_root
	mv "$D/state.away" "$D/state"
}

# --- the whole ----------------------------------------------------------------------------------------------------------

keys_make sshd
write_conf
"$JWT" state init --config "$CONF" >/dev/null
pam_service sshd
pam_service sudo
ssh-keygen -q -t ed25519 -N '' -C alice -f "$D/id_alice"
sshd_configure_key() {
	sed -i 's/^PubkeyAuthentication no/PubkeyAuthentication yes/' "$D/sshd_config"
	echo "AuthorizedKeysFile $D/authorized_keys" >>"$D/sshd_config"
	cp "$D/id_alice.pub" "$D/authorized_keys"
}
SSHD_MORE=sshd_configure_key
sshd_start
ssh_configure
sshd_tokens
sshd_logout
sshd_no_state
log_clean
why=$(setuid_obstacle sudo)
if [ -n "$why" ]; then
	skip 'revoke: sudo' "$why"
else
	sudo_once
	sudo_ticket
	log_clean
fi
why=$(setuid_obstacle su)
if [ -n "$why" ]; then skip 'revoke: su' "$why"; else su_limits; fi
finish
