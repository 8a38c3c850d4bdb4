#!/bin/sh
# One user who connects to the logout socket without end does not keep the others from revoking their tokens for long, does not
# fill the log, and does not switch the socket off.
#
# seconds: 200
set -u
# shellcheck source=tests/booted/lib/inside.sh
. /pam_jwt/tests/booted/lib/inside.sh
accounts
configure
systemctl enable -q --now pam-jwt-logout.socket

as() {	# USER COMMAND...
	as_user=$1
	shift
	setpriv --reuid="$as_user" --regid="$as_user" --init-groups --reset-env "$@"
}

# Connects and closes for so many seconds, and prints how often.
flood() {	# SECONDS
	# shellcheck disable=SC2016	# for perl
	as alice perl -MIO::Socket::UNIX -e '
		my $n = 0;
		for (my $end = time + shift; time < $end;) {
			IO::Socket::UNIX->new(Peer => "/run/pam_jwt/logout.sock") and $n++;
		}
		print "$n\n";' "$1"
}

# Prints after how many tenths of a second bob is rid of his token: he tries again each time until one try is heard.
logout() {
	install -d -o bob -m 700 /run/bob
	logout_start=$(date +%s%1N)
	token bob >/run/bob/token && chown bob /run/bob/token && chmod 600 /run/bob/token
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		as bob timeout 20 pam-jwt logout --token-file /run/bob/token >"$W/logout.log" 2>&1 && break
		sleep 1
	done
	echo $(($(date +%s%1N) - logout_start))
}

# A newer systemd takes 8 connections of one user; an older one knows users no more than all, and is busy as long as the flood is.
LIMIT=150
[ "$(systemctl --version | sed -n '1s/systemd \([0-9]*\).*/\1/p')" -ge 256 ] || LIMIT=200

[ "$(logout)" -lt 100 ]
result $? 'a token is revoked' "@$W/logout.log"
flood 6 >"$W/flood" &
FLOOD=$!
sleep 1
during=$(logout)
[ "$during" -lt "$LIMIT" ]
result $? "another user's token is revoked while one floods the socket ($during tenths of a second)" "@$W/logout.log"
wait "$FLOOD"
[ "$(cat "$W/flood")" -gt 100 ]
result $? "the flood is one ($(cat "$W/flood") connections)"
after=$(logout)
[ "$after" -lt 100 ]
result $? "it is revoked at once after the flood ($after tenths of a second)" "@$W/logout.log"
lines=$(journalctl -q | grep -c 'Too many incoming connections')
[ "$lines" -lt 10 ]
result $? "the flood does not fill the log ($lines lines)"
systemctl is-active -q pam-jwt-logout.socket
result $? 'the socket is still there'
gets_in 'alice, by her password' alice ssh_in alice
finish
