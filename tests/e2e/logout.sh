#!/bin/sh
# pam-jwt logout: alice, who has no right to the state, hands her token to the socket, behind which root revokes it; the way
# that conf/systemd/pam-jwt-logout.socket goes, with systemd's own socket activation.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
command -v systemd-socket-activate >/dev/null || { skip logout 'there is no systemd-socket-activate' && exit 0; }
command -v pamtester >/dev/null || { skip logout 'pamtester is not installed' && exit 0; }
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip logout 'needs root' && finish; }

RHOST=
WANT='pamtester: successfully authenticated'
SERVICE=logout

login() {	# USER
	timeout -k 5 "$LIMIT" setsid pamtester logout "$1" authenticate
}

# The command line of the unit, with the configuration of this test.
socket_start() {
	mkdir -p /run/pam_jwt
	unit=$(sed -n 's|^ExecStart=/usr/bin/pam-jwt ||p' "$P/conf/systemd/pam-jwt-logout@.service")
	# shellcheck disable=SC2086 # words
	systemd-socket-activate --accept --inetd -l /run/pam_jwt/logout.sock "$JWT" $unit --config "$CONF" \
		>"$D/socket.log" 2>&1 &
	NS_PIDS="$! $NS_PIDS"
	wait_for 5 test -S /run/pam_jwt/logout.sock
	chmod 666 /run/pam_jwt/logout.sock	# SocketMode
}

own_token() {	# NAME
	mint test alice "$AUD" >"$D/tok/$1"
	install -m 600 -o "$ALICE" "$D/tok/$1" "$D/home/alice/token"
}

# Prints the exit status.
log_out() {	# OPTION...
	log_status=0
	as_alice "$JWT" logout --token-file "$D/home/alice/token" "$@" >"$D/out" 2>&1 || log_status=$?
	echo "$log_status"
}

keys_make logout
cat >>"$CONF" <<-END
	[state]
	directory = $D/state
END
"$JWT" state init --config "$CONF" >/dev/null
pam_service logout

own_token good
attempt 'before the logout' good alice ok
check 'logout: without the socket it fails' [ "$(log_out)" -eq 2 ]
check 'logout: and says what to do' grep -q 'systemctl enable --now pam-jwt-logout.socket' "$D/out"
check 'logout: and leaves the file' test -e "$D/home/alice/token"
attempt 'without the socket nothing was revoked' good alice ok
check 'logout: alice cannot write the state herself' [ "$(log_out --config "$CONF")" -eq 2 ]

socket_start
check 'logout: with the socket' [ "$(log_out)" -eq 0 ]
check 'logout: says what was done' grep -q '^revoked: token ' "$D/out"
check 'logout: the file is gone' [ ! -e "$D/home/alice/token" ]
attempt 'after the logout' good alice revoked
own_token second
attempt 'a new token' second alice ok
mint stranger alice "$AUD" >"$D/tok/strange"
install -m 600 -o "$ALICE" "$D/tok/strange" "$D/home/alice/token"
check "logout: a stranger's token is refused" [ "$(log_out)" -eq 1 ]
check 'logout: and its file stays' test -e "$D/home/alice/token"
install -m 644 -o "$ALICE" "$D/tok/second" "$D/home/alice/token"
check 'logout: a file that others may read is refused' [ "$(log_out)" -eq 2 ]
own_token third
cp "$D/home/alice/token" "$D/home/root/token"
root_logs_out() {
	"$JWT" logout --config "$CONF" --token-file "$D/home/root/token" >/dev/null
}
check 'logout: root needs no socket' root_logs_out
attempt "root's logout" third alice revoked
log_clean
finish
