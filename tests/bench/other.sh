# shellcheck shell=sh
# Other modules for comparison: pam_unix with a password, pam_google_authenticator with a code. Sourced after ns.sh, in its
# namespace, by the scripts of tests/bench.

OTHER_PASSWORD='a password'

# alice's password, hashed as Debian does it by default: yescrypt with its cost of j9T.
other_password() {
	python3 -W ignore -c "import crypt; print(crypt.crypt('$OTHER_PASSWORD', '\$y\$j9T\$F5Jx5fExrKuPp53xLKQ..1'))" >"$D/hash"
	sed "s|^alice:[^:]*|alice:$(cat "$D/hash")|" "$D/etc/shadow" >"$D/shadow"
	cat "$D/shadow" >"$D/etc/shadow"	# the same file: it lies over /etc/shadow
}

other_unix() {
	for other_type in auth account session; do
		echo "$other_type required pam_unix.so"
	done
}

# Sets OTHER_CODE; false where there is no such module. The code is good for 25 minutes.
other_totp() {
	OTHER_GOOGLE=$(find "$B/bench-modules" /usr/lib -name pam_google_authenticator.so 2>/dev/null | head -n 1)
	[ -n "$OTHER_GOOGLE" ] || return 1
	printf 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP\n" WINDOW_SIZE 100\n" TOTP_AUTH\n' >"$D/totp"
	chmod 400 "$D/totp"
	# shellcheck disable=SC2034 # for the scripts that source this
	OTHER_CODE=$(python3 -c "import base64, hmac, struct, time
mac = hmac.digest(base64.b32decode('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'), struct.pack('>Q', int(time.time()) // 30), 'sha1')
print('%06d' % ((struct.unpack('>I', mac[mac[19] & 15:][:4])[0] & 0x7fffffff) % 10**6))")
}

other_google() {
	echo "auth required $OTHER_GOOGLE secret=$D/totp user=root"
	echo 'account required pam_permit.so'
	echo 'session required pam_permit.so'
}
