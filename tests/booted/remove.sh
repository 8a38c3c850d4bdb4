#!/bin/sh
# The packages go, and come, whatever lies about: a copy of a stack that pam-auth-update left, a profile of an older version, a
# state on another disk. Nobody is locked out at any step.
set -u
# shellcheck source=tests/booted/lib/inside.sh
. /pam_jwt/tests/booted/lib/inside.sh
accounts
configure

still_in() {	# WHEN
	gets_in "$1: alice, by her password" alice ssh_in alice
}

# shellcheck disable=SC2317	# the commands are functions, too
run() {	# NAME COMMAND...
	run_name=$1
	shift
	"$@" >"$W/log" 2>&1
	result $? "$run_name" "@$W/log"
}

packages() {
	dpkg -i /packages/*.deb
}

stacks_are_clean() {	# WHEN
	! grep -rlw 'pam_jwt\.so' /etc/pam.d --include='*[!d]' --exclude='*.pam-old' >"$W/log"
	result $? "$1: no stack has the module" "@$W/log"
}

# --- a copy that is no service ----------------------------------------------------------------------------------------------

pam-auth-update --force
[ -e /etc/pam.d/common-auth.pam-old ] && grep -q pam_jwt.so /etc/pam.d/common-auth.pam-old
result $? 'pam-auth-update --force leaves a copy with our line' "$(ls /etc/pam.d)"
run 'a copy of a stack does not stop the removal' dpkg -r libpam-jwt
stacks_are_clean 'removed'
still_in 'removed'
run 'installed again' packages
cp /etc/pam.d/sshd "$W/sshd"
sed -i '1i account required pam_jwt.so' /etc/pam.d/sshd
! dpkg -r libpam-jwt >"$W/log" 2>&1 && grep -q '/etc/pam.d/sshd:1$' "$W/log"
result $? 'a line by hand does' "@$W/log"
cp "$W/sshd" /etc/pam.d/sshd

# --- an older version -------------------------------------------------------------------------------------------------------

# Ours with the profile and the AppArmor rules of 0.1.0.
older() {
	dpkg-deb -R /packages/libpam-jwt_*.deb "$W/older" &&
		sed -i -e 's/^Priority: 258/Priority: 257/' -e 's/^Account-Type: .*/Account-Type: Additional/' \
			-e 's/^	\[success=ok .*/	required	pam_jwt.so/' "$W/older/usr/share/pam-configs/jwt" &&
		mkdir "$W/older/etc/apparmor.d/abstractions/authentication.d" &&
		mv "$W/older/etc/apparmor.d/abstractions/pam_jwt" "$W/older/etc/apparmor.d/abstractions/authentication.d/" &&
		sed -i 's|abstractions/pam_jwt|abstractions/authentication.d/pam_jwt|' "$W/older/DEBIAN/conffiles" "$W/older/DEBIAN/md5sums" &&
		sed -i '/dpkg-maintscript-helper/d' "$W"/older/DEBIAN/p[or]* &&
		sed -i 's/^Version: .*/Version: 0.0.9/' "$W/older/DEBIAN/control" && dpkg-deb -b "$W/older" "$W/older.deb" &&
		dpkg -r libpam-jwt && dpkg -P libpam-jwt && dpkg -i "$W/older.deb" && pam-auth-update --enable jwt
}

first_account_line() {
	sed -n 's/^account[[:space:]]*//p' /etc/pam.d/common-account | sed 1q
}

run 'an older version' older
case $(first_account_line) in *pam_unix.so*) ;; *) false ;; esac
result $? 'the older version stands after pam_unix' "$(cat /etc/pam.d/common-account)"
run 'upgraded' packages
[ "$(first_account_line)" = '[success=ok ignore=ignore default=die]	pam_jwt.so ' ]
result $? 'upgraded: the account line is the first' "$(cat /etc/pam.d/common-account)"
! grep -q 'stands after' "$W/log"
result $? 'upgraded: nothing is said to be wrong' "@$W/log"
[ ! -e /etc/apparmor.d/abstractions/authentication.d/pam_jwt ] && [ -e /etc/apparmor.d/abstractions/pam_jwt ]
result $? 'upgraded: the AppArmor rules are no part of every profile' "$(find /etc/apparmor.d)"
still_in 'upgraded'
run 'an older version again' dpkg -i --force-downgrade "$W/older.deb"
sed -i '/^account.*pam_jwt\.so/s/$/\naccount optional pam_permit.so/' /etc/pam.d/common-account
run 'upgraded, with a stack that was changed by hand' packages
grep -q 'common-account the line of pam_jwt.so stands after' "$W/log"
result $? 'upgraded, with a stack that was changed by hand: the administrator is told' "@$W/log"
still_in 'upgraded, with a stack that was changed by hand'
pam-auth-update --force --enable jwt

# --- a state on another disk --------------------------------------------------------------------------------------------------

pam-jwt revoke --account bob >/dev/null
mv /var/lib/pam_jwt /srv/disk && ln -s /srv/disk /var/lib/pam_jwt
is_refused 'the state behind a link: bob, who is cut off' ssh_in bob
still_in 'the state behind a link'
run 'the state behind a link: purge' dpkg -P libpam-jwt pam-jwt pam-jwt-net pam-jwt-issuer
[ -z "$(find /srv/disk/state -mindepth 1)" ] && [ ! -L /var/lib/pam_jwt ]
result $? 'the state behind a link: nothing of it is left' "$(find /srv/disk | head)"
stacks_are_clean 'purged'
still_in 'purged'

run 'installed after a purge' packages
mkdir /srv/mounted && cp -a /var/lib/pam_jwt/state/. /srv/mounted/ && mount --bind /srv/mounted /var/lib/pam_jwt/state
run 'the state is a mount point: purge' dpkg -P libpam-jwt pam-jwt pam-jwt-net pam-jwt-issuer
[ -z "$(find /srv/mounted -mindepth 1)" ]
result $? 'the state is a mount point: nothing of it is left' "$(find /srv/mounted | head)"
finish
