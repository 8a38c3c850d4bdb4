#!/bin/sh
# With the two exports of pam-jwt login --shell in the profile for good: everything that ssh asks besides tokens is asked at the
# terminal. bastion.test and db1.test take tokens; old.test is another host, which takes passwords and keys. sshd, ssh, sudo and
# git are the real ones.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/day_enter.sh
. "$P/tests/lib/day_enter.sh"
# shellcheck disable=SC2034 # for results.sh
AREA=terminal
day_enter 'questions of ssh' "$0" "$@"
PASSWORD='Not a token, 1'
PASSPHRASE='Of the key, 2'

# old.test knows nothing of tokens.
old_host() {
	host_make old.test sshd
	printf '%s\n' 'auth required pam_unix.so' 'account required pam_unix.so' 'session optional pam_permit.so' >"$D/old.test/pam.d/sshd"
	old_hash=$(openssl passwd -6 "$PASSWORD")
	sed "s|^alice:[^:]*|alice:$old_hash|" "$D/etc/shadow" >"$D/shadow"
	cat "$D/shadow" >"$D/etc/shadow"
	mkdir -p "$HOME_OF/.ssh"
	ssh-keygen -q -t ed25519 -N "$PASSPHRASE" -C alice -f "$HOME_OF/.ssh/key"
	cp "$HOME_OF/.ssh/key.pub" "$HOME_OF/.ssh/authorized_keys"
	sed -i -e 's/^\(Password\|Pubkey\)Authentication.*/\1Authentication yes/' "$D/sshd_config"
	host_start old.test 2203
}

# alice at a terminal.
at_terminal() {	# DIALOGUE... -- COMMAND...
	at_rc=0
	alice "$D/ptyrun" "$@" >"$D/out" 2>&1 || at_rc=$?
}

# What she typed is not to be seen, and in the end she is in; WORDS are on the screen.
is_in() {	# NAME [WORDS]
	if [ "$at_rc" -eq 0 ] && grep -q '^in as alice' "$D/out" && grep -qF "${2:-in as alice}" "$D/out" &&
		! grep -qF -e "$PASSWORD" -e "$PASSPHRASE" "$D/out"; then
		pass "$1"
	else
		fail "$1" "status $at_rc" @"$D/out"
	fi
}

is_out() {	# NAME WORDS
	if [ "$at_rc" -ne 0 ] && grep -qF "$2" "$D/out"; then
		pass "$1"
	else
		fail "$1" "status $at_rc" @"$D/out"
	fi
}

forget_hosts() {
	rm -f "$HOME_OF/.ssh/known_hosts"
}

ASKS='-o StrictHostKeyChecking=ask'
# shellcheck disable=SC2016 # for the shell of the host
SAYS='echo in as $(id -un)'
QUESTION='(yes/no/[fingerprint])?'

# shellcheck disable=SC2086 # two words
first_contact() {
	log_mark
	at_terminal "$QUESTION" no -- ssh $ASKS bastion.test "$SAYS"
	is_out 'first contact: "no" ends it' 'Host key verification failed'
	log_sync
	check '... and nobody got a token' test "$(log_decisions sshd | wc -l)" = 0
	at_terminal "$QUESTION" yes -- ssh $ASKS bastion.test "$SAYS"
	is_in 'first contact: after "yes" the token logs in' 'ED25519 key fingerprint is'
	at_terminal -- ssh $ASKS bastion.test "$SAYS"
	is_in 'the next time there is no question'
	forget_hosts
	sed 's/accept-new/ask/' "$D/ssh_config" >"$D/ssh_config.ask"	# -J takes no option for the first host
	at_terminal "'[bastion.test]:2201" yes "'[db1.test]:2202" yes -- ssh -F "$D/ssh_config.ask" -J bastion.test db1.test "$SAYS"
	is_in 'first contact by ssh -J: a question for each host'
	forget_hosts
	at_rc=0
	alice ssh $ASKS bastion.test "$SAYS" >"$D/out" 2>&1 || at_rc=$?
	is_out 'first contact without a terminal is refused' 'Host key verification failed'
}

passwords() {
	at_terminal '(alice@old.test) Password:' "$PASSWORD" -- ssh -o PreferredAuthentications=keyboard-interactive old.test "$SAYS"
	is_in 'the password of another host, by keyboard-interactive'
	at_terminal "alice@old.test's password:" "$PASSWORD" -- ssh -o PreferredAuthentications=password old.test "$SAYS"
	is_in '... and by the password method'
	at_terminal "alice@old.test's password:" wrong "alice@old.test's password:" "$PASSWORD" -- \
		ssh -o PreferredAuthentications=password old.test "$SAYS"
	is_in '... which is asked for again after a wrong one' 'Permission denied, please try again.'
}

keys() {
	at_terminal "Enter passphrase for key '$HOME_OF/.ssh/key':" "$PASSPHRASE" -- \
		ssh -i "$HOME_OF/.ssh/key" -o PreferredAuthentications=publickey old.test "$SAYS"
	is_in 'the passphrase of a key'
	at_terminal 'Enter passphrase for' "$PASSPHRASE" -- ssh-agent sh -c "ssh-add '$HOME_OF/.ssh/key' && ssh old.test '$SAYS'"
	is_in 'the passphrase of a key, by ssh-add'
	at_terminal '(alice@old.test) Password:' "$PASSWORD" -- git ls-remote ssh://old.test/nothing
	is_out 'git, too, has the password asked for' "does not appear to be a git repository"
}

hosts_start
old_host
ns_terminals
cp "$B/tests/programs/ptyrun" "$D"
desk_make
alice pam-jwt login --browser >"$D/out" 2>&1
first_contact
passwords
keys
finish
