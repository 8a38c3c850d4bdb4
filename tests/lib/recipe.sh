# shellcheck shell=sh
# The files of conf as they stand, in the namespace of a test: addresses, folders and the issuer are the test's own. Sourced after
# ns.sh.
#
#     recipe_stack FILE SERVICE       conf/pam.d/FILE, with the files that it includes as Debian has them
#     recipe_conf FILE [SED]          a configuration of conf, in $CONF
#     recipe_password USER PASSWORD   what pam_unix takes

# In Debian 12 and 13, without a profile of pam-auth-update.
recipe_common() {
	printf 'auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\nauth required pam_permit.so\n' >"$D/etc/pam.d/common-auth"
	cat >"$D/etc/pam.d/common-account" <<-END
		account [success=1 new_authtok_reqd=done default=ignore] pam_unix.so
		account requisite pam_deny.so
		account required pam_permit.so
	END
	printf 'session [default=1] pam_permit.so\nsession requisite pam_deny.so\nsession required pam_permit.so\nsession required pam_unix.so\n' \
		>"$D/etc/pam.d/common-session"
	cp "$D/etc/pam.d/common-session" "$D/etc/pam.d/common-session-noninteractive"
	echo 'password required pam_deny.so' >"$D/etc/pam.d/common-password"
}

recipe_stack() {	# FILE SERVICE
	recipe_common
	sed "s|pam_jwt\.so|$SO config=$CONF|" "$P/conf/pam.d/$1" >"$D/etc/pam.d/$2"
}

recipe_conf() {	# FILE [SED-SCRIPT]
	sed -e "s|^\(iss *\)= .*|\1= $ISS|; s|^\(keys *\)= .*|\1= $D/test.pub.jwk|; s|^\(audience *\)= .*|\1= $AUD|" \
		-e "s|/var/lib/pam_jwt|$D|" -e "${2:-}" "$P/conf/$1" >"$CONF"
	[ -e "$D/state" ] || ! grep -q '^\[state\]' "$CONF" || "$JWT" state init --directory "$D/state" >/dev/null
	if "$JWT" check --any-account --config "$CONF" >"$D/out" 2>&1; then
		pass "$1: pam-jwt check takes it"
	else
		fail "$1: pam-jwt check takes it" @"$D/out"
	fi
}

recipe_password() {	# USER PASSWORD
	sed "s|^$1:[^:]*:|$1:$(openssl passwd -6 "$2"):|" "$D/etc/shadow" >"$D/shadow"
	cat "$D/shadow" >"$D/etc/shadow"	# the mount is on this file
	rm "$D/shadow"
}
