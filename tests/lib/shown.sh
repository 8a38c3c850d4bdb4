# shellcheck shell=sh disable=SC2034 # what it sets is for the tests
# For tests that run the commands of README and of the manuals: with a folder instead of /etc and /var/lib, with the commands as
# they are installed, and with the real libpam for the stacks. A test sets AREA to its name and sources this file from the top of
# the tree.
#
# Afterwards these are set: dir (the folder), tool, module, conf ($dir/etc/pam_jwt.conf).

: "${AREA:?the name of what is tested}"
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
build=$(cd "${BUILD:-build}" && pwd)
tool=$build/pam-jwt
module=$build/pam_jwt.so
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
umask 022
conf=$dir/etc/pam_jwt.conf
DETAILS=@$dir/out
: >"$dir/out"
mkdir -p "$dir/etc/keys" "$dir/bin" "$dir/pam.d" "$dir/run"
export FAKE_RUN="$dir/run"	# where root's sessions leave their records
# This folder belongs to the user of the test, so "sudo" only runs the command. fakehost knows alice, kiosk and deploy.
${CC:-cc} -std=c11 -D_GNU_SOURCE -I. -shared -fPIC -o "$dir/fakehost.so" tests/pam/fakehost.c
printf '#!/bin/sh\nexec "$@"\n' >"$dir/bin/sudo"
printf '#!/bin/sh\nLD_PRELOAD=%s exec "%s" "$@"\n' "$dir/fakehost.so" "$tool" >"$dir/bin/pam-jwt"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$build/pam-jwt-askpass" >"$dir/bin/pam-jwt-askpass"
chmod 755 "$dir"/bin/*
PATH=$dir/bin:$PATH
export PATH

local_paths() {
	sed -e "s|/etc/pam_jwt|$dir/etc|g; s|/var/lib/pam_jwt|$dir|g; s|/usr/bin/pam-jwt|$dir/bin/pam-jwt|g"
}

run() {	# NAME
	[ -s "$dir/commands" ] && (cd "$dir" && sh -eu "$dir/commands") >"$dir/out" 2>&1
	result $? "$1"
}

private() {	# FILE...
	for private_file in "$@"; do
		[ "$(stat -c %a "$private_file")" = 600 ] || { echo "$private_file" >"$dir/out" && return 1; }
	done
}

# Logs in through a stack that a document shows, by the real libpam. The files that it includes let everybody pass, except those
# for auth, where the token alone must do it.
play() {	# SERVICE CONFIGURATION TOKEN [USER] <STACK
	echo 'auth required pam_deny.so' | tee "$dir/pam.d/common-auth" >"$dir/pam.d/other"
	echo 'account required pam_permit.so' >"$dir/pam.d/common-account"
	echo 'session required pam_permit.so' | tee "$dir/pam.d/common-session" >"$dir/pam.d/common-session-noninteractive"
	# What is left out is for root: the identifier of a login, and limits.
	sed -e "s|pam_jwt\.so|$module config=$2|; s|@include |@include $dir/pam.d/|; /common-password/d; /pam_loginuid\|pam_limits/d" >"$dir/pam.d/$1"
	echo "@file $3" >"$dir/answers"
	[ "$(grep -c "$module" "$dir/pam.d/$1")" -ge 2 ] &&
		"$build/tests/pam/pamtry" "$dir/pam.d" "$1" answers="$dir/answers" ${4:+user="$4"} authenticate acct_mgmt setcred:establish \
			open_session close_session >"$dir/out" 2>&1 &&
		[ "$(grep -cE '^(authenticate|acct_mgmt|setcred:establish|open_session|close_session) PAM_SUCCESS$' "$dir/out")" -eq 5 ] &&
		! grep -qE '^log (err|crit|alert|emerg)' "$dir/out"
}
