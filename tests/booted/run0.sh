#!/bin/sh
# Root by run0, which asks by polkit: with a token that is typed, once only where the rules say so, and with a token file. From
# polkit 127 on its helper is a service that systemd confines: the package has a drop-in, without which a token that may be used
# once is refused; and there is no token file, because the helper is not started by the user.
#
# suites: trixie sid
# seconds: 200
set -u
# shellcheck source=tests/booted/lib/inside.sh
. /pam_jwt/tests/booted/lib/inside.sh

accounts
configure
# With one administrator polkit does not ask who it is.
gpasswd -d bob sudo >/dev/null
pam-auth-update --disable jwt
mkdir -p /etc/pam.d
printf '%s\n' 'auth required pam_jwt.so' 'account required pam_jwt.so' '@include common-account' \
	'session required pam_permit.so' >/etc/pam.d/polkit-1

# The rules for polkit, after those for all.
service() {	# LINE...
	sed -i '/^\[service polkit-1\]/,$d' "$CONF"
	printf '%s\n' '[service polkit-1]' 'permit = as claim sub' "$@" >>"$CONF"
}

# alice's run0, from a terminal by ssh. Types the file at the prompt, if there comes one.
run0_in() {	# FILE
	rm -f "$W/in" "$W/out"
	mkfifo "$W/in"
	# shellcheck disable=SC2016	# for the shell inside
	timeout 40 setsid ssh -tt -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR -i "$W/key" \
		alice@127.0.0.1 'run0 sh -c '\''echo "in as $(id -un)"'\' <"$W/in" >"$W/out" 2>"$W/stderr" &
	SSH=$!
	exec 9>"$W/in"
	for _ in $(seq 100); do
		sleep 0.2
		kill -0 "$SSH" 2>/dev/null || break
		grep -q 'Token' "$W/out" && cat "$1" >&9 && printf '\n' >&9 && break
	done
	# A refusal is asked about again.
	for _ in $(seq 50); do
		kill -0 "$SSH" 2>/dev/null || break
		grep -qE 'in as|not accepted|FAILED|denied' "$W/out" && sleep 1 && break
		sleep 0.2
	done
	exec 9>&-
	kill "$SSH" 2>/dev/null
	wait "$SSH" 2>/dev/null
	came_in <"$W/out"
}

confined() {
	[ -e /usr/lib/systemd/system/polkit-agent-helper@.service ]
}

service 'single_use = no'
gets_in 'a token that is typed' root run0_in "$W/token"
token bob >"$W/bob"
is_refused "another user's token" run0_in "$W/bob"

service 'single_use = yes'
gets_in 'a token that may be used once' root run0_in "$W/token"
is_refused 'the same again' run0_in "$W/token"
pam-jwt revoke --account alice >/dev/null
token alice >"$W/token"
is_refused 'a cut-off account' run0_in "$W/token"
pam-jwt revoke --account alice --undo >/dev/null

service 'token_file = /run/alice/token'
install -d -o alice -m 700 /run/alice
token alice >"$W/token"
install -o alice -m 600 "$W/token" /run/alice/token
echo nothing >"$W/nothing"
if confined; then
	is_refused 'a token file, where the helper is confined' run0_in "$W/nothing"
	service 'single_use = yes'
	rm -r /usr/lib/systemd/system/polkit-agent-helper@.service.d
	systemctl daemon-reload
	is_refused 'a token that may be used once, without the drop-in' run0_in "$W/token"
	journalctl -q | grep -q 'Read-only file system\|state-unavailable'
	result $? 'without the drop-in the state is read-only' "$(journalctl -q -n 20 --no-pager)"
else
	gets_in 'a token file' root run0_in "$W/nothing"
fi
finish
