#!/bin/sh
# The thief: alice has logged in on a host with a token that is bound to her ssh key, and somebody else has a copy of it. The rows
# of the table in SECURITY.md, "Stolen tokens", one after the other; each name begins with the row.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
# shellcheck source=tests/lib/bound.sh
. "$P/tests/lib/bound.sh"
sshd_find || { skip thief 'there is no sshd (sh tests/check.sh unpacks one)' && exit 0; }
command -v ssh >/dev/null || { skip thief 'there is no ssh client (sh tests/check.sh installs it)' && exit 0; }
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip thief 'needs root' && finish; }

# shellcheck disable=SC2034 # for attempt.sh
RHOST=127.0.0.1 WANT=alice SERVICE=sshd
TOKEN_OF_ALICE=ed25519
METHODS='publickey,keyboard-interactive:pam keyboard-interactive:pam,publickey keyboard-interactive:pam'

# Every way by which a host may ask for the token, with whatever key the thief has: his own, that of another of alice's tokens.
copy_opens_nothing() {	# ROW
	for thief_methods in $METHODS; do
		sshd_again "$thief_methods"
		with_keys bob
		never "$1: ssh as alice, $thief_methods" alice
		never "$1: ssh as the thief himself, $thief_methods" bob
	done
}

# Not let in, by whatever: sshd itself may refuse the thief before the token is asked for.
never() {	# NAME USER
	bound_ssh publickey,keyboard-interactive "$2" "$D/tok/$TOKEN_OF_ALICE" id -un >"$D/out" 2>"$D/err" && never_ok=1 || never_ok=0
	[ ! -s "$D/out" ] || never_ok=1
	result "$never_ok" "thief: $1: is refused" "@$D/out" "@$D/err"
}

# The proof that the copy is a good token, with the key.
alice_gets_in() {
	sshd_again publickey,keyboard-interactive:pam
	with_keys ed25519
	bound 'alice herself' "$TOKEN_OF_ALICE" alice ok
}

# Root of a host where alice is logged in has her token, can act as alice there, and may make any session on his own host. He
# goes on to another host: this one.
by_root_of_a_host() {
	sshd_again publickey,keyboard-interactive:pam 'AcceptEnv *'
	SSH_AUTH_INFO_0="publickey $(cut -d' ' -f1,2 "$D/key/ed25519.pub")"
	export SSH_AUTH_INFO_0
	SSH_MORE='-o SendEnv=SSH_AUTH_INFO_0'
	with_keys p256
	bound 'a hostile host: even with another key of alice, and the name of the right one' "$TOKEN_OF_ALICE" alice proof-mismatch
	unset SSH_AUTH_INFO_0
	# shellcheck disable=SC2034 # for bound.sh
	SSH_MORE=
}

# Somebody who runs programs as alice, but outside of her session, by a hole in a program of hers; and another user.
by_sudo() {
	why=$(setuid_obstacle sudo)
	[ -z "$why" ] || { skip 'thief: sudo' "$why" && return 0; }
	sudoers_write
	printf 'bob ALL=(ALL) ALL\n' >>"$D/sudoers"
	pam_service sudo
	closed_by 'a hostile host: sudo as alice on another host, where she has no session' as_alice "$TOKEN_OF_ALICE"
	by_sudo_beside
}

by_sudo_beside() {
	(echo "$ALICE" >/proc/self/loginuid) 2>/dev/null || { skip 'thief: sudo beside a session' 'there are no audit sessions' && return 0; }
	sshd_again publickey,keyboard-interactive:pam
	with_keys ed25519
	session_open "$TOKEN_OF_ALICE"
	opens 'her own sudo, in her session' sudo "$TOKEN_OF_ALICE"
	closed_by 'outside of her session: sudo as alice, while she has one' as_alice "$TOKEN_OF_ALICE"
	log_mark
	as_bob sudo -S -p '' id -un <"$D/tok/$TOKEN_OF_ALICE" >"$D/out" 2>&1 && by_ok=1 || by_ok=0
	result "$by_ok" 'thief: another user: sudo as himself, while she has one' "@$D/out"
	as_bob su alice -c 'id -un' <"$D/tok/$TOKEN_OF_ALICE" >"$D/out" 2>&1 && by_ok=1 || by_ok=0
	result "$by_ok" 'thief: another user: su to alice, while she has one' "@$D/out"
	session_end
}

as_bob() {
	timeout -k 5 "$LIMIT" setsid setpriv --reuid="$BOB" --regid="$BOB" --clear-groups env -i "PATH=$PATH" "$@"
}

# What the table says is not stopped; if one of these is refused one day, the table can be changed.
not_stopped() {
	sshd_again publickey,keyboard-interactive:pam
	env -u SSH_AUTH_SOCK ssh-agent -D -a "$D/agent" >/dev/null 2>&1 &
	NS_PIDS="$! $NS_PIDS"
	wait_for 5 test -S "$D/agent"
	SSH_AUTH_SOCK=$D/agent ssh-add -q "$D/key/ed25519" 2>/dev/null
	# shellcheck disable=SC2034 # for bound.sh
	BOUND_KEYS='agent of alice'
	# shellcheck disable=SC2034 # for bound.sh
	SSH_KEYS="-o IdentityAgent=$D/agent"
	bound 'not stopped: an agent that alice has forwarded to the thief' "$TOKEN_OF_ALICE" alice ok
	SSH_AUTH_SOCK=$D/agent ssh-add -q -D 2>/dev/null
	never 'ssh as alice, when her agent has forgotten the key' alice
}

# A reader of logs finds no token in them, bound or not.
by_log() {
	copy_opens_nothing 'a log, a clipboard, a hostile host'
	log_clean
}

bound_prepare
pam_service su
alice_gets_in
by_log
by_root_of_a_host
by_sudo
not_stopped
finish
