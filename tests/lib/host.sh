# shellcheck shell=sh
# Prepares a host around a configuration as an administrator has it: Debian's files of /etc/pam.d with a stack of conf, sshd with
# settings of its own, and a configuration. Sourced after ns.sh and sshd.sh; root only.
#
#     sshd_place && HAS_SSHD=yes     puts the sshd that was found in the place where check asks it
#     commons; stack sshd bastion; sshd_good; config '[service sshd]' ...

HAS_SSHD=	# yes after sshd_place

# The sshd that was found, in the place where check asks it, with a configuration of ours.
sshd_place() {
	[ -d /etc/ssh ] && sshd_find && command -v ssh-keygen >/dev/null || return
	mkdir -p "$D/ssh/sshd_config.d" "$D/sbin" "$D/sbin.real"
	if [ "$SSHD" != /usr/sbin/sshd ]; then
		ns_mount --bind /usr/sbin "$D/sbin.real"
		ln -s "$D"/sbin.real/* "$D/sbin"
		ln -sf "$SSHD" "$D/sbin/sshd"
		ns_mount --bind "$D/sbin" /usr/sbin
	fi
	sshd_configure
	sed -i '/^KbdInteractive\|^PasswordAuth/d' "$D/sshd_config"
	{ echo 'Include /etc/ssh/sshd_config.d/*.conf' && cat "$D/sshd_config"; } >"$D/ssh/sshd_config"
	ns_mount --bind "$D/ssh" /etc/ssh
}

sshd_set() {	# LINE...
	[ -z "$HAS_SSHD" ] || printf '%s\n' 'UsePAM yes' "$@" >/etc/ssh/sshd_config.d/pam_jwt.conf
}

sshd_good() {
	sshd_set 'KbdInteractiveAuthentication yes' 'PasswordAuthentication no'
}

# The files that Debian's pam-auth-update writes, with our profile or without.
commons() {	# [auth-line account-line session-line]
	{
		[ -z "${1:-}" ] || echo "$1"
		printf '%s\n' 'auth [success=1 default=ignore] pam_unix.so nullok' 'auth requisite pam_deny.so' 'auth required pam_permit.so'
	} >/etc/pam.d/common-auth
	{
		[ -z "${2:-}" ] || echo "$2"
		printf '%s\n' 'account [success=1 new_authtok_reqd=done default=ignore] pam_unix.so' 'account requisite pam_deny.so' \
			'account required pam_permit.so'
	} >/etc/pam.d/common-account
	for commons_name in common-session common-session-noninteractive; do
		{
			printf '%s\n' 'session [default=1] pam_permit.so' 'session requisite pam_deny.so' 'session required pam_permit.so'
			printf '%s\n' ${3:+"$3"} 'session required pam_unix.so'
			[ "$commons_name" != common-session ] || echo 'session optional pam_systemd.so'
		} >"/etc/pam.d/$commons_name"
	done
	echo 'password [success=1 default=ignore] pam_unix.so obscure yescrypt' >/etc/pam.d/common-password
}

ours() {
	sed "s|pam_jwt\.so|$SO config=$CONF|"
}

stack() {	# SERVICE FILE-OF-conf/pam.d
	ours <"$P/conf/pam.d/$2" >"/etc/pam.d/$1"
}

lines() {	# SERVICE LINE...
	lines_of=$1
	shift
	printf '%s\n' "$@" | ours >"/etc/pam.d/$lines_of"
}

config() {	# LINE...
	{
		printf '%s\n' '[issuer test]' "iss = $ISS" "keys = $D/test.pub.jwk" "audience = $AUD"
		printf '%s\n' "$@"
	} >"$CONF"
}
