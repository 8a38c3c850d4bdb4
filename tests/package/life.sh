#!/bin/sh
# Runs inside a fresh chroot, as root: install, enable, log in, upgrade, remove, purge. Nobody may be locked out at any step,
# and what a newcomer does stands in the manual: its section SETTING UP is followed word by word.
#
#     sh life.sh FOLDER-OF-PACKAGES FOLDER-OF-NEWER-ONES THEIR-VERSION
set -u
old=$1
new=$2
newer=$3
AREA=package
# shellcheck source=tests/lib/results.sh
. "$(dirname "$0")/results.sh"
# shellcheck source=tests/package/inside.sh
. "$(dirname "$0")/inside.sh"

# --- the manual -----------------------------------------------------------------------------------------------------------

# Prints the Nth display of the section, as a reader sees it.
block() {	# N
	zcat -f /usr/share/man/man8/pam_jwt.8.gz | awk -v n="$1" '
		/^\.Sh / { inside = ($0 == ".Sh SETTING UP") }
		!inside { next }
		/^\.Bd/ { count++; on = (count == n); next }
		/^\.Ed/ { on = 0 }
		on { gsub(/\\e/, "\\"); print }'
}

# The commands of a block: what stands behind "# ", and the lines that continue it.
follow() {	# N
	block "$1" | sed 's/^# //' >"$work/commands"
	[ -s "$work/commands" ] && sh -eu "$work/commands" >"$work/follow.log" 2>&1
}

# ------------------------------------------------------------------------------------------------------------------------

begin
cksum /etc/pam.d/* >"$work/pam.before"

start=$(date +%s)
apt install "$old"/libpam-jwt_*.deb "$old"/pam-jwt_*.deb
result $? 'install' "@$work/apt.log"
cksum /etc/pam.d/* >"$work/pam.after"
cmp -s "$work/pam.before" "$work/pam.after"
result $? 'install: no stack is changed' "@$work/pam.after"
[ "$(stat -c '%a %U' /var/lib/pam_jwt/state)" = '700 root' ] && [ -L /var/lib/pam_jwt/state/store ]
result $? 'install: the state directory is ready'
store=$(readlink /var/lib/pam_jwt/state/store)
! grep -qs 'stop.*pull' /var/lib/dpkg/info/pam-jwt.preinst /var/lib/dpkg/info/pam-jwt.postinst
result $? 'install: no upgrade will stop the pulling'
password_works 'install'
(cd /usr/share/doc/pam-jwt && [ -s README.md ] && grep -oE '\]\([^)#:]+\)' README.md SECURITY.md examples/README.md |
	sed 's/](\(.*\))/\1/' | while IFS=: read -r page link; do
		[ -e "$(dirname "$page")/$link" ] || echo "$page: $link"
	done) >"$work/links"
[ ! -s "$work/links" ]
result $? 'install: the documents link to files that are there' "@$work/links"

# Enabled too early, or with a broken configuration: that is when people are locked out elsewhere.
pam-auth-update --enable jwt
result $? 'the profile is enabled'
grep -q pam_jwt.so /etc/pam.d/common-auth && grep -q pam_jwt.so /etc/pam.d/common-account &&
	grep -q pam_jwt.so /etc/pam.d/common-session
result $? 'the stacks have the module' @/etc/pam.d/common-auth
password_works 'no configuration'
echo 'colour = green' >/etc/pam_jwt/pam_jwt.conf
password_works 'a broken configuration'
pam-auth-update --package --remove jwt

# The manual, from here on.
follow 1
result $? 'the manual: a key pair' "@$work/follow.log"
block 2 >/etc/pam_jwt/pam_jwt.conf
follow 3
result $? 'the manual: the configuration is sound' "@$work/follow.log"
follow 4
result $? 'the manual: the profile is enabled' "@$work/follow.log"
block 5 >/etc/ssh/sshd_config.d/10-pam_jwt.conf
sshd_again
follow 6
result $? 'the manual: verify accepts the token' "@$work/follow.log"
[ "$(stat -c %a /root/token)" = 600 ]
result $? 'the manual: nobody else can read the token'
ssh_with /root/token
result $? "the manual: ssh with the token ($(($(date +%s) - start)) s after the installation began)" "@$work/ssh.log"
[ "$(($(date +%s) - start))" -lt 300 ]
result $? 'the manual: within five minutes'
password_works 'the manual'
pam-jwt revoke --token /root/token >/dev/null
! ssh_with /root/token
result $? 'a revoked token is refused' "@$work/ssh.log"
password_works 'a refused token before'
sed 's/....$/AAAA/' /root/token >/root/forged
! ssh_with /root/forged
result $? 'a forged token is refused' "@$work/ssh.log"

cksum /etc/pam.d/* /etc/pam_jwt/pam_jwt.conf >"$work/pam.before.upgrade"
apt install "$new"/libpam-jwt_*.deb "$new"/pam-jwt_*.deb
result $? 'upgrade' "@$work/apt.log"
dpkg-query -W -f='${Version}\n' libpam-jwt pam-jwt | sort -u | grep -qxF "$newer"
result $? 'upgrade: the newer version is there'
cksum /etc/pam.d/* /etc/pam_jwt/pam_jwt.conf | cmp -s - "$work/pam.before.upgrade"
result $? 'upgrade: stacks and configuration are as before'
[ "$store" = "$(readlink /var/lib/pam_jwt/state/store)" ]
result $? 'upgrade: the state is as before'
block 6 | sed 's/^# //' | sed '/verify/,$d' >"$work/issue" && sh -eu "$work/issue" && ssh_with /root/token
result $? 'upgrade: a token logs in' "@$work/ssh.log"
password_works 'upgrade'

mv /var/lib/pam_jwt/state /root/state
apt install --reinstall "$new"/pam-jwt_*.deb && [ ! -e /var/lib/pam_jwt/state ]
result $? 'upgrade: a state that was lost does not come back empty' "@$work/apt.log"
mv /root/state /var/lib/pam_jwt/state

# --- the state, whatever is removed, in whatever order -----------------------------------------------------------------

same_state() {
	[ "$store" = "$(readlink /var/lib/pam_jwt/state/store)" ]
}

still_works() {	# WHEN
	ssh_with /root/token
	result $? "$1: a token logs in" "@$work/ssh.log"
	password_works "$1"
}

apt-get -s remove pam-jwt | grep -q '^Remv libpam-jwt'
result $? 'the module does not stay without the command, which pulls and purges'
dpkg --purge --force-depends pam-jwt >"$work/dpkg.log" 2>&1 && same_state
result $? 'purge of the command alone, by force: the module keeps its state' "@$work/dpkg.log"
still_works 'purge of the command alone'
dpkg -i "$new"/pam-jwt_*.deb >"$work/dpkg.log" 2>&1 && same_state
result $? 'the command again: the state is as before' "@$work/dpkg.log"

apt purge libpam-jwt && same_state
result $? 'purge of the module alone: the state is as before' "@$work/apt.log"
password_works 'purge of the module alone'
dpkg --unpack "$new"/libpam-jwt_*.deb >"$work/dpkg.log" 2>&1
dpkg --purge --force-depends pam-jwt >>"$work/dpkg.log" 2>&1 && same_state
result $? 'purge of the command while the module is unpacked: the state is as before' "@$work/dpkg.log"
pam-auth-update --enable jwt
dpkg --remove libpam-jwt >"$work/dpkg.log" 2>&1 && ! grep -rq pam_jwt /etc/pam.d
result $? 'a module that was only unpacked is removed: no stack has it' "@$work/dpkg.log"
password_works 'a module that was only unpacked is removed'
apt install "$new"/libpam-jwt_*.deb "$new"/pam-jwt_*.deb && same_state
result $? 'both again: the state is as before' "@$work/apt.log"
pam-auth-update --enable jwt
still_works 'both again'

# --- another architecture ----------------------------------------------------------------------------------------------

# The same module as one of i386: what dpkg and the scripts do with it is what counts.
foreign_package() {
	dpkg-deb -R "$new"/libpam-jwt_*.deb "$work/foreign" &&
		mv "$work/foreign/usr/lib/x86_64-linux-gnu" "$work/foreign/usr/lib/i386-linux-gnu" &&
		sed -i -e 's/^Architecture: .*/Architecture: i386/' -e '/^Depends:/d' "$work/foreign/DEBIAN/control" &&
		sed -i 's|usr/lib/[^/]*/|usr/lib/i386-linux-gnu/|' "$work/foreign/DEBIAN/md5sums" &&
		dpkg-deb -b "$work/foreign" "$work/foreign.deb"
}

if [ "$(dpkg --print-architecture)" = amd64 ]; then
	dpkg --add-architecture i386
	{ foreign_package && dpkg -i "$work/foreign.deb"; } >"$work/dpkg.log" 2>&1 && [ -e /usr/lib/i386-linux-gnu/security/pam_jwt.so ]
	result $? 'the module of a second architecture' "@$work/dpkg.log"
	dpkg --remove libpam-jwt:amd64 >"$work/dpkg.log" 2>&1 && ! grep -q pam_jwt.so /etc/pam.d/common-auth
	result $? 'the module of this architecture is removed: no stack has it' "@$work/dpkg.log"
	password_works 'the module of another architecture stays'
	dpkg --purge --force-depends pam-jwt >"$work/dpkg.log" 2>&1 && same_state
	result $? 'purge of the command while a module of another architecture is there: the state is as before' "@$work/dpkg.log"
	dpkg -i "$new"/libpam-jwt_*.deb "$new"/pam-jwt_*.deb >"$work/dpkg.log" 2>&1
	pam-auth-update --enable jwt
	dpkg --purge libpam-jwt:i386 >"$work/dpkg.log" 2>&1 && grep -q pam_jwt.so /etc/pam.d/common-auth && same_state
	result $? 'the other architecture is purged: the stacks have the module' "@$work/dpkg.log"
	dpkg --remove-architecture i386
	still_works 'the other architecture is purged'
else
	skip 'the module of a second architecture' 'this is not amd64'
fi

# --- units that the administrator enabled ------------------------------------------------------------------------------

# A systemd that notes what it is told, as none is running here.
units_begin() {
	[ ! -e /usr/bin/systemctl ] || mv /usr/bin/systemctl "$work/systemctl"
	cat >/usr/bin/systemctl <<-'END'
		#!/bin/sh
		echo "$*" >>/run/systemctl.log
		for unit; do :; done
		case " $* " in
		*' is-enabled '*) [ ! -L "/etc/systemd/system/$unit" ] && ls /etc/systemd/system/*.wants/"$unit" >/dev/null 2>&1 && echo enabled ;;
		*' is-active '*) exit 3 ;;
		esac
	END
	chmod 755 /usr/bin/systemctl
	printf '#!/bin/sh\nexit 0\n' >/usr/sbin/policy-rc.d
	mkdir -p /run/systemd/system
}

units_end() {
	rm -rf /usr/bin/systemctl /run/systemd
	[ ! -e "$work/systemctl" ] || mv "$work/systemctl" /usr/bin/systemctl
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
}

units_begin
# What systemctl enable does.
ln -s "$(dpkg -L pam-jwt | grep '/pam-jwt-pull.timer$')" /etc/systemd/system/timers.target.wants/
apt remove libpam-jwt pam-jwt && grep -q 'stop.* pam-jwt-pull.timer' /run/systemctl.log
result $? 'remove: the pulling is stopped' @/run/systemctl.log
: >/run/systemctl.log
apt install "$new"/libpam-jwt_*.deb "$new"/pam-jwt_*.deb && grep -qE '(re)?start .*pam-jwt-pull.timer' /run/systemctl.log
result $? 'the packages again: the timer that was enabled is started' @/run/systemctl.log
! grep -E ' (re)?start ' /run/systemctl.log | grep -q logout
result $? 'the packages again: the socket that was not enabled is not' @/run/systemctl.log
same_state
result $? 'the packages again: the state is as before'
rm /etc/systemd/system/timers.target.wants/pam-jwt-pull.timer
units_end
pam-auth-update --enable jwt

# --- removal -----------------------------------------------------------------------------------------------------------

# A removal stops while a line of somebody needs the module, and changes nothing.
stops() {	# FILE PACKAGE
	! apt purge "$2" && grep -qF "$1" "$work/apt.log" && [ -e "$(echo /usr/lib/*/security/pam_jwt.so)" ] &&
		grep -q pam_jwt.so /etc/pam.d/common-auth && same_state
	result $? "purge of $2: stops for a line in $1, and changes nothing" "@$work/apt.log"
	password_works "a purge that stopped for $1"
}

echo 'account required pam_jwt.so' >/etc/pam.d/mine
stops /etc/pam.d/mine libpam-jwt
stops /etc/pam.d/mine pam-jwt
rm /etc/pam.d/mine
cp /etc/pam.d/common-account "$work/common-account"
echo 'account optional pam_jwt.so' >>/etc/pam.d/common-account
stops /etc/pam.d/common-account libpam-jwt
cat "$work/common-account" >/etc/pam.d/common-account
apt remove libpam-jwt pam-jwt
result $? 'remove' "@$work/apt.log"
! grep -rq pam_jwt /etc/pam.d
result $? 'remove: no stack has the module' @/etc/pam.d/common-auth
password_works 'remove'
same_state && [ -e /etc/pam_jwt/pam_jwt.conf ]
result $? 'remove: state and configuration are kept'
apt purge libpam-jwt pam-jwt && [ ! -e /var/lib/pam_jwt ]
result $? 'purge: the state is gone' "@$work/apt.log"
apt install "$new"/libpam-jwt_*.deb "$new"/pam-jwt_*.deb && [ -L /var/lib/pam_jwt/state/store ] && ! same_state
result $? 'installed after a purge: there is a new state' "@$work/apt.log"
pam-auth-update --enable jwt
block 6 | sed 's/^# //' | sed '/verify/,$d' >"$work/issue" && sh -eu "$work/issue"
still_works 'installed after a purge'
apt purge --auto-remove pam-jwt
result $? 'purge of the command' "@$work/apt.log"
! grep -rq pam_jwt /etc/pam.d && [ ! -e /var/lib/pam_jwt ]
result $? 'purge of the command: no stack has the module, the state is gone'
password_works 'purge of the command'
dpkg --purge libpam-jwt >"$work/dpkg.log" 2>&1
result $? 'purge of the module' "@$work/dpkg.log"
password_works 'purge of both'
# What the administrator wrote is his: it stays.
nothing_left 'root/(token|issuer\.jwk|forged)|etc/ssh/sshd_config\.d/10-pam_jwt\.conf'
end
