#!/bin/sh
# sudo-rs, as Debian builds it, with pam-jwt-askpass: it asks "[sudo: authenticate] Token: ", and -A is in it since 0.2.11. The
# session is a program of ours, which keeps a list of what it was asked.
#
# suites: sid
set -u
# shellcheck source=tests/booted/lib/inside.sh
. /pam_jwt/tests/booted/lib/inside.sh
ASK=/opt/ask

# A copy of the askpass takes the pam-jwt of its own folder. It is started by a program that keeps the prompts.
place() {
	mkdir -p "$ASK" /run/alice
	cp /usr/bin/pam-jwt-askpass "$ASK/"
	printf '#!/bin/sh\necho "$*" >>%s/asked\ncat %s/session\n' "$ASK" "$ASK" >"$ASK/pam-jwt"
	printf '#!/bin/sh\necho "$1" >>%s/prompts\nexec %s/pam-jwt-askpass "$@"\n' "$ASK" "$ASK" >"$ASK/askpass"
	chmod 755 "$ASK/pam-jwt" "$ASK/askpass"
	chown alice /run/alice
	chmod 700 /run/alice
}

login_conf() {	# HOSTS
	mkdir -p /home/alice/.config/pam-jwt
	printf '[login corp]\niss = https://id.example.com\nclient = c\nhosts = %s\n' "$1" >/home/alice/.config/pam-jwt/login.conf
	chown -R alice: /home/alice/.config
}

stack() {
	printf '%s\n' 'auth required pam_jwt.so' 'account required pam_jwt.so' 'session optional pam_permit.so' >/etc/pam.d/sudo
	printf 'Defaults timestamp_timeout=0\nalice ALL=(ALL:ALL) ALL\n' >/etc/sudoers-rs
	chmod 440 /etc/sudoers-rs
}

by_sudo_rs() {	# [OPTION...]
	: >"$ASK/asked"
	: >"$ASK/prompts"
	chmod 666 "$ASK/asked" "$ASK/prompts"
	status=0
	timeout 30 setpriv --reuid=alice --regid=alice --init-groups env -i PATH="$PATH" HOME=/home/alice XDG_RUNTIME_DIR=/run/alice \
		SUDO_ASKPASS="$ASK/askpass" setsid -w sudo-rs "$@" id -u >"$W/out" 2>"$W/stderr" || status=$?
}

became_root() {	# NAME
	[ "$status" -eq 0 ] && [ "$(cat "$W/out")" = 0 ]
	result $? "$1" "status $status" "@$W/stderr" "@$ASK/prompts" "$(journalctl -q -n 5 --no-pager)"
}

got_nothing() {	# NAME MESSAGE
	[ "$status" -ne 0 ] && [ ! -s "$ASK/asked" ] && grep -qF "pam-jwt-askpass: $2" "$W/stderr"
	result $? "$1" "status $status" "@$W/stderr" "@$ASK/asked"
}

command -v sudo-rs >/dev/null || { fail 'there is no sudo-rs' && finish; }
accounts
# shellcheck disable=SC2119	# the default will do
configure
place
stack
here=$(uname -n | tr '[:upper:]' '[:lower:]')
login_conf "$here"

cp "$W/token" "$ASK/session"
by_sudo_rs -A
became_root 'sudo-rs -A: a token in one piece'
check '... its prompt has its own words in front' test "$(cat "$ASK/prompts")" = '[sudo: authenticate] Token: '
check '... the session was asked for this host' test "$(cat "$ASK/asked")" = "token corp --host $here"

token alice --claim "x=$(printf '%900s' '' | tr ' ' y)" >"$ASK/session"
by_sudo_rs -A
became_root 'sudo-rs -A: a token in parts'
check '... it came by several prompts' test "$(grep -cF '[sudo: authenticate] Token part ' "$ASK/prompts")" -ge 2
check '... the session was asked once' test "$(wc -l <"$ASK/asked")" -eq 1
by_sudo_rs -A -p 'Who are you?'
became_root 'sudo-rs -p has its text in the brackets, and hides no part'
by_sudo_rs -A -p 'Token: '
became_root '... and may be the prompt itself'

login_conf elsewhere
by_sudo_rs -A
got_nothing 'sudo-rs -A: this host is not meant' "this host, $here, asks for a token and gets none"
finish
