#!/bin/sh
# What the first boot of an image, and "systemctl preset-all", switch on: the daily purge and the sync, and
# neither the socket that every user may connect to nor the pull nor the end of sessions. What the administrator switched on stays on.
#
# first-boot
set -u
# shellcheck source=tests/booted/lib/inside.sh
. /pam_jwt/tests/booted/lib/inside.sh

OURS='pam-jwt-logout.socket pam-jwt-pull.timer pam-jwt-purge.timer pam-jwt-sync.timer pam-jwt-sessions.timer'

enabled() {
	# shellcheck disable=SC2086	# five
	systemctl is-enabled $OURS | tr '\n' ' '
}

expect() {	# NAME STATES
	got=$(enabled)
	[ "$got" = "$2 " ]
	result $? "$1" "$OURS: $got"
}

# Without a preset it would be on.
[ "$(systemctl is-enabled systemd-networkd.service)" = enabled ]
result $? 'the first boot switches units on'
expect 'the first boot switches on the purge and the sync alone' 'disabled disabled enabled enabled disabled'
[ -z "$(systemctl list-units --plain --no-legend 'pam-jwt-logout*' 'pam-jwt-pull*' 'pam-jwt-sessions*')" ]
result $? 'nothing else of ours runs' "$(systemctl list-units 'pam-jwt*')"
[ ! -e /run/pam_jwt/logout.sock ]
result $? 'there is no socket'
systemctl preset-all 2>/dev/null
expect 'preset-all switches on the purge and the sync alone' 'disabled disabled enabled enabled disabled'
: >"$CONF"
systemctl enable -q --now pam-jwt-logout.socket
systemctl disable -q pam-jwt-purge.timer pam-jwt-sync.timer
dpkg -i /packages/*.deb >/dev/null 2>&1
expect 'an installation keeps what was chosen' 'enabled disabled disabled disabled disabled'
systemctl is-active -q pam-jwt-logout.socket
result $? 'an installation does not stop the socket'
finish
