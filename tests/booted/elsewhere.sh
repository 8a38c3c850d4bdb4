#!/bin/sh
# A state in another directory: the units of the package may write there once they have the drop-ins of pam_jwt.conf(5), which are
# taken from the manual as they stand. Without them a logout is not heard, and the token stays good.
set -u
# shellcheck source=tests/booted/lib/inside.sh
. /pam_jwt/tests/booted/lib/inside.sh
DIRECTORY=/srv/jwtstate
accounts
pam-jwt state init --directory "$DIRECTORY" >/dev/null
configure "$DIRECTORY"
systemctl enable -q --now pam-jwt-logout.socket

# Prints the display of the manual that has this line.
shown() {	# LINE
	zcat -f /usr/share/man/man5/pam_jwt.conf.5.gz | awk -v line="$1" '
		/^\.Bd/ { text = ""; on = 1; next }
		/^\.Ed/ { if (on && index(text, line)) print text; on = 0 }
		on { text = text $0 "\n" }'
}

# alice hands her token to the socket, and logs in with it.
logout() {
	install -o alice -m 600 "$W/token" "/home/alice/token"
	setpriv --reuid=alice --regid=alice --init-groups --reset-env pam-jwt logout --token-file /home/alice/token >"$W/log" 2>&1
}

gets_in 'ssh, by a token' alice ssh_in alice "$W/token"
! logout
result $? 'without a drop-in a logout is not heard' "@$W/log"
gets_in 'ssh, after it was not heard' alice ssh_in alice "$W/token"

warned() {	# UNIT...: those that check says are kept from the directory
	pam-jwt check >"$W/log" 2>&1
	[ "$(sed -n 's/.*warning: \([^ ]*\) may not write to .*/\1/p' "$W/log" | sort | xargs)" = "$*" ]
}
warned pam-jwt-logout@.service pam-jwt-purge.service
result $? 'check names the units that need one' "@$W/log"

for unit in pam-jwt-logout@ pam-jwt-pull; do
	mkdir -p "/etc/systemd/system/$unit.service.d"
	shown ReadWritePaths | sed '/^\[Unit\]/,$d' >"/etc/systemd/system/$unit.service.d/directory.conf"
done
mkdir -p /etc/systemd/system/pam-jwt-purge.service.d
shown 'state purge --directory' >/etc/systemd/system/pam-jwt-purge.service.d/directory.conf
grep -q "^ReadWritePaths=$DIRECTORY$" /etc/systemd/system/pam-jwt-logout@.service.d/directory.conf &&
	grep -q "^ExecStart=.*$DIRECTORY$" /etc/systemd/system/pam-jwt-purge.service.d/directory.conf
result $? 'the manual has both drop-ins' "$(shown ReadWritePaths)"
systemctl daemon-reload

warned && ! grep -q 'purges another directory' "$W/log"
result $? 'with the drop-ins check is content' "@$W/log"
logout
result $? 'with the drop-in it is' "@$W/log"
is_refused 'ssh, after it was heard' ssh_in alice "$W/token"
systemctl start pam-jwt-purge.service
result $? 'the purge runs there' "$(journalctl -q -u pam-jwt-purge -n 10 --no-pager)"
[ "$(systemctl show -P ConditionResult pam-jwt-purge.service)" = yes ]
result $? 'the purge finds its state' "$(systemctl cat pam-jwt-purge)"

# What the manual advises instead: the default directory, behind a link.
systemctl revert pam-jwt-logout@.service 2>/dev/null || rm -r /etc/systemd/system/pam-jwt-logout@.service.d
systemctl daemon-reload
mv /var/lib/pam_jwt /srv/disk && ln -s /srv/disk /var/lib/pam_jwt
sed -i 's|^directory = .*|directory = /var/lib/pam_jwt/state|' "$CONF"
token alice >"$W/token"
logout
result $? 'behind a link: a logout is heard without a drop-in' "@$W/log"
is_refused 'behind a link: ssh, after it' ssh_in alice "$W/token"
finish
