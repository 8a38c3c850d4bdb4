#!/bin/sh
# Stacks that take a token or a password, as README and pam_jwt(8) have them: the module, then pam_unix. Through a real sshd and a
# real sudo: a right password gets in without a word about tokens, and no stranger can tell from the prompts which accounts exist.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
# shellcheck disable=SC2034 # for results.sh
AREA=passwords
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip 'stacks with a password' 'pam_unix reads the passwords of others only as root' && finish; }

PASSWORD='Not a token, 1'
REFUSED='The token was not accepted.'

passwords_set() {
	passwords_hash=$(openssl passwd -6 "$PASSWORD")
	sed -E "s#^(alice|nobody):[^:]*#\1:$passwords_hash#" "$D/etc/shadow" >"$D/shadow"
	cat "$D/shadow" >"$D/etc/shadow"
}

# As pam-auth-update makes it: pam_unix takes the answer that is there, and asks where none is.
stack() {	# SERVICE
	cat >"$D/etc/pam.d/$1" <<-END
		auth    [success=2 default=ignore] $SO config=$CONF
		auth    [success=1 default=ignore] pam_unix.so nullok try_first_pass nodelay
		auth    requisite pam_deny.so
		auth    required pam_permit.so
		account required $SO config=$CONF
		account required pam_permit.so
		session optional $SO config=$CONF
	END
}

# --- sshd -------------------------------------------------------------------------------------------------------------------

# Every prompt gets the same answer. Prompts and messages go to $D/said.
ssh_says() {	# KIND USER
	: >"$D/said"
	SEEN=$D/said ANSWER=$D/answers/$1 SSH_ASKPASS=$D/answer timeout -k 5 "$LIMIT" setsid \
		ssh -F "$D/ssh_config" -o LogLevel=INFO "$2@test" id -un </dev/null >"$D/out" 2>&1 || :
	cat "$D/out" >>"$D/said"
	sed -i "s/$2@/USER@/g" "$D/said"
}

answers_make() {
	mkdir "$D/answers"
	printf '%s' "$PASSWORD" >"$D/answers/password"
	printf 'of another account' >"$D/answers/wrong"
	printf 'eyJ.e30.AA' >"$D/answers/short"
	cp "$D/tok/tampered" "$D/answers/tampered"
	cp "$D/tok/good" "$D/answers/good"
	printf 'Bearer %s' "$(cat "$D/tok/tampered")" >"$D/answers/bearer"
	: >"$D/answers/empty"
	cat >"$D/answer" <<-'END'
		#!/bin/sh
		printf '== %s\n' "$1" >>"$SEEN"
		exec cat -- "$ANSWER"
	END
	chmod 755 "$D/answer"
}

# shellcheck disable=SC2317,SC2329 # called by sshd_configure
deny_nobody() {
	sshd_option DenyUsers nobody
}

# One who may log in, and three who may not: the same prompts, as many of them, and the same messages.
strangers() {
	for kind in wrong short tampered bearer empty; do
		ssh_says "$kind" alice
		mv "$D/said" "$D/said.alice"
		for user in root nobody nosuchuser; do
			ssh_says "$kind" "$user"
			diff "$D/said.alice" "$D/said" >"$D/differs" && differs=0 || differs=1
			result "$differs" "sshd: an answer ($kind) tells nothing of $user" "@$D/differs"
		done
		[ "$kind" != tampered ] || cp "$D/said.alice" "$D/said.tampered"
	done
}

by_ssh() {
	sshd_find || { skip 'sshd' 'there is no sshd (sh tests/check.sh unpacks one)' && return; }
	command -v ssh >/dev/null || { skip 'sshd' 'there is no ssh client' && return; }
	stack sshd
	# shellcheck disable=SC2034 # for sshd.sh
	SSHD_MORE=deny_nobody
	sshd_start
	ssh_configure
	ssh_says password alice
	check 'sshd: a password gets in' grep -qx alice "$D/said"
	check 'sshd: ... from one prompt' test "$(grep -c '^== ' "$D/said")" = 1
	check 'sshd: ... and nothing is said of a token' test "$(grep -ci 'token was' "$D/said")" = 0
	ssh_says good alice
	check 'sshd: so does a token' grep -qx alice "$D/said"
	strangers
	check 'sshd: a refused token has one prompt' test "$(grep -c '^== ' "$D/said.tampered")" = 1
	check 'sshd: ... and the message' grep -qF "$REFUSED" "$D/said.tampered"
	expired_file
}

# --- an expired token and pam-jwt-askpass -----------------------------------------------------------------------------------

# What the person sees goes to $D/said, what sshd logs to $D/failures.
ssh_expired() {	# SSH-OPTION...
	expired_from=$(wc -l <"$D/sshd.log")
	# Its own configuration has one prompt, as the block of pam-jwt login --ssh-config.
	sed '/^NumberOfPasswordPrompts\|^PreferredAuthentications/d' "$D/ssh_config" >"$D/ssh_config.default"
	SSH_ASKPASS=$ASKPASS XDG_RUNTIME_DIR=$D/run HOME=$D/home/root timeout -k 5 "$LIMIT" setsid \
		ssh -F "$D/ssh_config.default" "$@" alice@test id -un </dev/null >"$D/said" 2>&1 || :
	wait_for 5 expired_ended || :
	tail -n "+$((expired_from + 1))" "$D/sshd.log" >"$D/failures"
}

expired_ended() {
	tail -n "+$((expired_from + 1))" "$D/sshd.log" | grep -qE '^(Connection closed|Disconnect)'
}

# As sshd writes it by syslog, with an address that is not of this machine.
fail2ban_counts() {
	mkdir -p "$D/f2b"
	cp -r /etc/fail2ban/. "$D/f2b"
	sed -e 's/^PAM:/error: &/' -e 's/^maximum/error: &/' -e 's/127\.0\.0\.1/198.51.100.9/' -e 's/^/Nov 29 00:44:07 h sshd[77]: /' \
		"$D/failures" >"$D/f2b.log"
	fail2ban-regex -c "$D/f2b" "$D/f2b.log" sshd 2>/dev/null | sed -n 's/^Lines: .* \([0-9]*\) matched, .*/\1/p'
}

said_once() {
	[ "$(grep -c '^pam-jwt-askpass: ' "$D/said")" -eq 1 ] && sed -n '1!d;/^pam-jwt-askpass: the token expired at /p' "$D/said" | grep -q .
}

expired_file() {
	mkdir -p "$D/run/pam-jwt"
	chmod 700 "$D/run" "$D/run/pam-jwt"
	(umask 077 && cp "$D/tok/expired" "$D/run/pam-jwt/token")
	ssh_expired
	check 'expired: of seven prompts the first one says so, and nothing is said twice' said_once
	ssh_expired -o NumberOfPasswordPrompts=1 -o PreferredAuthentications=keyboard-interactive,publickey,password
	check 'expired: the next ssh says it again' said_once
	check 'expired: with one prompt there are two lines' test "$(wc -l <"$D/said")" = 2
	check 'expired: ... and one failed login' test "$(grep -c '^PAM: Authentication failure\|^Failed ' "$D/failures")" = 1
	if command -v fail2ban-regex >/dev/null && [ -d /etc/fail2ban/filter.d ]; then
		check "expired: ... also for Debian's fail2ban, which bans after five" test "$(fail2ban_counts)" = 1
	else
		skip 'expired: what fail2ban counts' 'fail2ban is not installed'
	fi
}

# --- sudo -------------------------------------------------------------------------------------------------------------------

# The first answer, then the password at the prompt of pam_unix.
sudo_says() {	# KIND
	printf '%s\n%s\n' "$(cat "$D/answers/$1")" "$PASSWORD" | as_alice sudo -k -S -p '' id -u >"$D/said" 2>&1
}

# shellcheck disable=SC2317,SC2329 # called by check
sudo_is_silent() {
	sudo_says password && [ "$(cat "$D/said")" = 0 ]
}

# shellcheck disable=SC2317,SC2329 # called by check
sudo_helps() {	# KIND
	sudo_says "$1" && grep -qx 0 "$D/said" && grep -q '^Get a token' "$D/said"
}

by_sudo() {
	why=$(setuid_obstacle sudo)
	[ -z "$why" ] || { skip 'sudo' "$why" && return; }
	stack sudo
	sudoers_write
	printf 'help = Get a token: https://login.test\n' >>"$CONF"
	check 'sudo: a password gets in, and not a word' sudo_is_silent
	check 'sudo: after a refused token the help, and the password' sudo_helps tampered
	check 'sudo: ... also with Bearer in front' sudo_helps bearer
}

keys_make sshd sudo
tokens_make alice bob
passwords_set
answers_make
by_ssh
by_sudo
finish
