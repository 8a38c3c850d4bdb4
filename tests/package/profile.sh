#!/bin/sh
# The account line that pam-auth-update makes of our profile has a say before everybody else's: a cut-off account is refused
# also where another module ends the stack early, as pam_unix does for a password that has aged.
#
#     BUILD=build sh tests/package/profile.sh        from the top of the tree
#
# The stacks are made by the machine's own pam-auth-update in a private root, and played through the real libpam, where
# pam_debug answers in place of the other modules. The machine's stacks and its debconf are left alone.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/pam/lib/stage.sh
. "$P/tests/pam/lib/stage.sh"

PATH=$PATH:/usr/sbin:/sbin
if ! command -v pam-auth-update >/dev/null; then
	echo 'skip - package: the profile of pam-auth-update: there is no pam-auth-update'
	exit 0
fi
stage_start

# --- stacks ----------------------------------------------------------------------------------------------------------------

# A database of our own: pam-auth-update keeps the choice of profiles in debconf.
debconf_private() {
	cat >"$D/debconf.conf" <<-END
	Config: config
	Templates: templates

	Name: config
	Driver: File
	Filename: $D/debconf.config

	Name: templates
	Driver: File
	Filename: $D/debconf.templates
	END
}

# Profiles as packages have them: pam_unix; and two neighbours that end the stack as libpam-script and systemd-homed do,
# whose names sort before ours at one priority.
profiles_write() {
	cp "$P/conf/pam-configs/jwt" "$R/usr/share/pam-configs/jwt"
	cp /usr/share/pam-configs/unix "$R/usr/share/pam-configs/unix"
	profile script 257 sufficient
	profile systemd-homed 257 '[success=end default=ignore]'
	profile sss 128 sufficient Additional
}

profile() {	# NAME PRIORITY CONTROL [TYPE]
	cat >"$R/usr/share/pam-configs/$1" <<-END
	Name: $1
	Default: no
	Priority: $2
	Account-Type: ${4:-Primary}
	Account:
		$3	pam_neighbour.so
	END
}

# Makes common-account of a fresh root with these profiles besides ours.
update() {	# PROFILE...
	R=$D/root
	rm -rf "$R" "$D"/debconf.config* "$D"/debconf.templates*
	mkdir -p "$R/etc/pam.d" "$R/usr/share/pam-configs" "$R/var/lib/pam"
	cp /usr/share/pam/common-* "$R/etc/pam.d/"
	rm "$R"/etc/pam.d/*.md5sums
	profiles_write
	pam_auth_update --force --enable jwt "$@"
}

pam_auth_update() {
	DEBCONF_SYSTEMRC=$D/debconf.conf DEBIAN_FRONTEND=noninteractive pam-auth-update --root "$R" "$@" >"$D/update.log" 2>&1 &&
		grep -q pam_jwt.so "$R/etc/pam.d/common-account"
}

# The service "aged" has that stack; pam_unix and the neighbours answer what the test says.
stack() {	# ANSWER-OF-UNIX [ANSWER-OF-NEIGHBOURS]
	{
		echo "auth required $MODULE config=$D/pam_jwt.conf"
		sed -e "s|pam_jwt\.so.*|$MODULE config=$D/pam_jwt.conf|" -e "s|pam_unix\.so.*|pam_debug.so acct=$1|" \
			-e "s|pam_neighbour\.so.*|pam_debug.so acct=${2:-success}|" "$R/etc/pam.d/common-account"
	} >"$D/pam.d/aged"
}

# --- expectations ----------------------------------------------------------------------------------------------------------

# What acct_mgmt says at the end of these steps.
answer() {	# STEP...
	"$PAMTRY" "$D/pam.d" aged "answers=$D/answers" "login_defs=$D/login.defs" "now=$NOW" "$@" acct_mgmt >"$D/transcript" 2>&1 || :
	sed -n 's/^acct_mgmt //p' "$D/transcript"
}

expect() {	# NAME CODE STEP...
	expect_name=$1 expect_code=$2
	shift 2
	expect_got=$(answer "$@")
	if [ "$expect_got" = "$expect_code" ]; then
		pass "package: the profile: $expect_name"
	else
		fail "package: the profile: $expect_name" "$expect_got" "$(cat "$D/transcript" "$D/pam.d/aged")"
	fi
}

# alice is cut off, bob is not. Neither has a token: they come by an ssh key, or by sudo's ticket.
both_sides() {	# WHAT CODE-OF-BOB
	expect "$1: a cut-off account is refused" PAM_PERM_DENIED user=alice
	expect "$1: another is not" "$2" user=bob
}

token_expires() {	# WHAT CODE-OF-A-GOOD-TOKEN
	expect "$1: a token that expired since is refused" PAM_AUTH_ERR user=bob authenticate now=$((NOW + 660))
	expect "$1: one that is still good is not" "$2" user=bob authenticate now=$((NOW + 659))
}

debconf_private
printf '\n[state]\ndirectory = %s/state\n' "$D" >>"$D/pam_jwt.conf"
"$JWT" state init --config "$D/pam_jwt.conf" >/dev/null
"$JWT" revoke --config "$D/pam_jwt.conf" --account alice >/dev/null
issue "$D/answers" --sub bob

if ! update unix; then
	fail 'package: the profile: pam-auth-update takes it' "$(cat "$D/update.log")"
	finish
fi
stack success
both_sides 'pam_unix lets in' PAM_SUCCESS
token_expires 'pam_unix lets in' PAM_SUCCESS
stack new_authtok_reqd
both_sides 'an aged password' PAM_NEW_AUTHTOK_REQD
token_expires 'an aged password' PAM_NEW_AUTHTOK_REQD
stack acct_expired
both_sides 'an account that is past its end' PAM_AUTH_ERR
for neighbour in script systemd-homed sss; do
	update unix "$neighbour"
	stack success success
	both_sides "with the profile $neighbour" PAM_SUCCESS
	stack acct_expired ignore
	expect "with the profile $neighbour: pam_unix has its say" PAM_AUTH_ERR user=bob
done

# From the profile of 0.1.0, whose line stood after the others, to this one: what postinst runs.
update unix
sed -i -e 's/^Account-Type: .*/Account-Type: Additional/' -e 's/^	\[success=ok .*/	required	pam_jwt.so/' "$R/usr/share/pam-configs/jwt"
pam_auth_update --package
grep -q '^account	required	pam_jwt.so' "$R/etc/pam.d/common-account" || fail 'package: the profile: 0.1.0 can be had' "$(cat "$R/etc/pam.d/common-account")"
profiles_write
pam_auth_update --package
stack new_authtok_reqd
both_sides 'an upgrade from 0.1.0' PAM_NEW_AUTHTOK_REQD
finish
