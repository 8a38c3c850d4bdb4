#!/bin/sh
# pam-jwt-askpass with the real ssh, sshd and sudo: who asks, prompts of a hostile server, and questions of ssh at a terminal.
# The session is a program of ours, which keeps a list of what it was asked.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
sshd_find || { skip asker 'there is no sshd (sh tests/check.sh unpacks one)' && exit 0; }
command -v ssh >/dev/null || { skip asker 'there is no ssh client (sh tests/check.sh installs it)' && exit 0; }
ns_enter "$0" "$@"
# shellcheck source=tests/lib/sized.sh
. "$P/tests/lib/sized.sh"
[ "$NS" = root ] || { skip asker 'needs root' && finish; }
[ -x "$ASKPASS" ] || { fail 'asker: pam-jwt-askpass is not built' && finish; }

# Its own folder, with a pam-jwt that says what it was asked for.
place() {
	mkdir "$D/ask"
	cp "$ASKPASS" "$D/ask"
	printf '#!/bin/sh\necho "$*" >>"%s/asked"\ncat "%s/tok/session"\n' "$D" "$D" >"$D/ask/pam-jwt"
	chmod 755 "$D/ask/pam-jwt"
	cp "$D/tok/long" "$D/tok/session"
	: >"$D/asked"
	chmod 666 "$D/asked"
	mkdir -m 700 "$D/run-root" "$D/run-alice"
	chown "$ALICE" "$D/run-alice"
}

put_login() {	# HOME HOSTS
	mkdir -p "$1/.config/pam-jwt"
	printf '[login corp]\niss = https://id.example.com\nclient = c\nhosts = %s\n' "$2" >"$1/.config/pam-jwt/login.conf"
	chown -R --reference="$1" "$1/.config"
}

# ssh with its own name for the host, which is what it shows.
SSH=ssh
into() {	# HOST [OPTION...]
	into_host=$1
	shift
	: >"$D/asked"
	status=0
	env HOME="$D/home/root" XDG_RUNTIME_DIR="$D/run-root" SSH_ASKPASS="$D/ask/pam-jwt-askpass" timeout -k 5 "$LIMIT" setsid -w \
		"$SSH" -F "$D/ssh_config" "$@" "alice@$into_host" id -un </dev/null >"$D/out" 2>"$D/err" || status=$?
}

got_in() {	# NAME
	got=0
	{ [ "$status" -eq 0 ] && [ "$(cat "$D/out")" = alice ]; } || got=1
	result "$got" "asker: $1" "@$D/err" "@$D/asked"
}

got_nothing() {	# NAME PATTERN
	got=0
	{ [ "$status" -ne 0 ] && [ ! -s "$D/asked" ] && grep -q "^pam-jwt-askpass: .*$2" "$D/err"; } || got=1
	result "$got" "asker: $1" "status $status" "@$D/err" "@$D/asked"
}

by_host() {
	put_login "$D/home/root" localhost
	into localhost
	got_in 'a host that is meant gets a token of several parts'
	check 'asker: ... the session was asked once, for this host' test "$(cat "$D/asked")" = 'token corp --host localhost'
	check 'asker: ... and nothing is kept' test -z "$(ls "$D/run-root/pam-jwt")"
	into 127.0.0.1
	got_nothing 'the same server by another name is not meant' 'alice@127.0.0.1 asks for a token and gets none'
	into localhost -o HostName=127.0.0.1
	got_nothing '... nor by a name that ssh_config replaces' 'alice@127.0.0.1 asks for a token'
	# Debian's slogin is a link to ssh.
	ln -s "$(command -v ssh)" "$D/slogin"
	SSH=$D/slogin
	into localhost
	got_in 'the client by another name'
	SSH=ssh
}

# A server has all of the prompt in its hands but the word of the client.
hostile() {
	cp "$CONF" "$D/conf.good"
	sed 's/^.service.*/&\n\t\tprompt = (alice@localhost) Token:/' "$D/conf.good" >"$CONF"
	into 127.0.0.1
	got_nothing 'a server that writes the word of another host' 'the server wrote who asks into its prompt'
	into localhost
	got_nothing 'a server that writes its own word' 'the server wrote who asks into its prompt'
	cp "$D/conf.good" "$CONF"
	printf '(alice@localhost)\n' >"$D/echo"
	sed "1i auth optional pam_echo.so file=$D/echo" "$D/etc/pam.d/sshd" >"$D/stack"
	cp "$D/etc/pam.d/sshd" "$D/stack.good"
	cp "$D/stack" "$D/etc/pam.d/sshd"
	into 127.0.0.1
	got_nothing 'a server that writes the word in a line of its own' 'the server wrote who asks into its prompt'
	printf 'Welcome (to this host).\n' >"$D/echo"
	into localhost
	got_in 'a line without a word in front of the prompt'
	cp "$D/stack.good" "$D/etc/pam.d/sshd"
}

# On a terminal of its own, with the two exports as in a profile.
on_terminal() {	# DIALOGUE... -- COMMAND...
	: >"$D/asked"
	status=0
	env HOME="$D/home/root" XDG_RUNTIME_DIR="$D/run-root" SSH_ASKPASS="$D/ask/pam-jwt-askpass" SSH_ASKPASS_REQUIRE=force \
		timeout 60 "$B/tests/programs/ptyrun" "$@" >"$D/out" 2>&1 || status=$?
}

first_contact() {
	sed -e '/KnownHosts/d' -e '/StrictHostKey/d' "$D/ssh_config" >"$D/ssh_config.ask"
	printf 'UserKnownHostsFile %s/known\nGlobalKnownHostsFile /dev/null\n' "$D" >>"$D/ssh_config.ask"
	on_terminal '(yes/no/[fingerprint])?' no -- ssh -F "$D/ssh_config.ask" alice@localhost id -un
	check 'asker: an unknown host key is asked at the terminal, and "no" ends it' \
		sh -c "test $status -ne 0 && grep -q 'Host key verification failed' '$D/out' && ! test -s '$D/known'"
	on_terminal '(yes/no/[fingerprint])?' maybe "Please type 'yes'" yes -- ssh -F "$D/ssh_config.ask" alice@localhost id -un
	check 'asker: ... and after "yes" the session logs in' sh -c "test $status -eq 0 && grep -q '^alice' '$D/out' && test -s '$D/known'"
}

other_questions() {
	sed 's/^.service.*/&\n\t\tprompt = Password:/' "$D/conf.good" >"$CONF"
	on_terminal '(alice@localhost) Password:' "@$D/line" -- ssh -F "$D/ssh_config" alice@localhost id -un
	check 'asker: another prompt of a server is asked at the terminal' sh -c "test $status -eq 0 && grep -q '^alice' '$D/out'"
	check 'asker: ... and the answer is not shown' sh -c "! grep -qF '$(cat "$D/tok/short")' '$D/out'"
	check 'asker: ... and the session is not asked' test ! -s "$D/asked"
	cp "$D/conf.good" "$CONF"
	ssh-keygen -q -t ed25519 -N 'pass phrase' -C test -f "$D/userkey"
	on_terminal 'Enter passphrase for' 'pass phrase' -- ssh-agent sh -c "ssh-add '$D/userkey' && ssh-add -l"
	check 'asker: a passphrase is asked at the terminal' sh -c "test $status -eq 0 && grep -q 'Identity added' '$D/out'"
	check 'asker: ... and is not shown' sh -c "! grep -q 'pass phrase' '$D/out'"
}

by_sudo() {	# [OPTION...]
	: >"$D/asked"
	status=0
	as_alice env SUDO_ASKPASS="$D/ask/pam-jwt-askpass" XDG_RUNTIME_DIR="$D/run-alice" sudo -A "$@" id -u \
		</dev/null >"$D/out" 2>"$D/err" || status=$?
}

became_root() {	# NAME
	got=0
	{ [ "$status" -eq 0 ] && [ "$(cat "$D/out")" = 0 ]; } || got=1
	result "$got" "asker: $1" "status $status" "@$D/err" "@$D/asked"
}

this_host() {
	why=$(setuid_obstacle sudo)
	[ -z "$why" ] || { skip 'asker: sudo' "$why" && return 0; }
	sudoers_write
	here=$(uname -n | tr '[:upper:]' '[:lower:]')
	put_login "$D/home/alice" "$here"
	by_sudo
	became_root 'sudo: this host, with a token of several parts'
	check 'sudo: ... the session was asked once, for this host' test "$(cat "$D/asked")" = "token corp --host $here"
	by_sudo -p 'Token: '
	became_root 'sudo -p with the words of the module'
	check 'sudo: ... the session was asked once' test "$(wc -l <"$D/asked")" -eq 1
	by_sudo -p 'Token: '
	became_root '... and once more, at once'
	put_login "$D/home/alice" "bastion $here"
	by_sudo -p '(alice@bastion) Token: '
	got_nothing 'sudo -p with the word of another host' 'a host that no ssh client names asks for a token and gets none'
	by_sudo -p "(alice@$here) Token: "
	got_nothing '... nor with the word of this one' 'a host that no ssh client names asks for a token and gets none'
	put_login "$D/home/alice" elsewhere
	by_sudo
	got_nothing 'sudo: this host is not meant' "this host, $here, asks for a token and gets none"
}

SERVICE=sshd
ns_terminals
keys_make sshd
mkdir -p "$D/tok"
sized_make sshd sudo
pam_service sshd
pam_service sudo
sized_token 1700 alice "$D/tok/long"
sized_token 300 alice "$D/tok/short"
{ cat "$D/tok/short"; echo; } >"$D/line"
cp "$D/tok/long" "$D/tok/good"	# for log_clean
place
sshd_start
ssh_configure
sed -i '/HostName/d' "$D/ssh_config"
by_host
hostile
first_contact
other_questions
this_host
log_clean
finish
