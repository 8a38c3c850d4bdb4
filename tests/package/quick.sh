#!/bin/sh
# What can be said about the packages without building them: make install, the files of debian/, the RPM spec, the units.
#
#     BUILD=build sh tests/package/quick.sh          from the top of the tree
set -u

failed=0
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

result() {	# STATUS NAME [DETAILS]
	if [ "$1" -eq 0 ]; then
		echo "ok - package: $2"
	else
		echo "not ok - package: $2"
		[ -z "${3:-}" ] || printf '%s\n' "$3" | sed 's/^/#   /'
		failed=1
	fi
}

installed() {	# MAKE-VARIABLE...
	rm -rf "$dir/root"
	MAKEFLAGS='' make -s install DESTDIR="$dir/root" "$@" >"$dir/log" 2>&1 || return
	(cd "$dir/root" && find . -type f | sed 's|^\.||' | sort)
}

# Every file that make install installs has its place in one of the two packages; nothing is missing there.
placed() {
	sed -n 's,^[eu],/&,p' debian/libpam-jwt.install debian/pam-jwt.install | sed 's|/\*/|/[^/]*/|' >"$dir/places"
	installed docdir=/usr/share/doc/pam-jwt unitdir=/usr/lib/systemd/system |
		grep -v '^/usr/lib/systemd/system/' | grep -vf "$dir/places"
}

files=$(installed) && [ -n "$files" ]
result $? 'make install' "$(cat "$dir/log")"
found=$(placed)
[ -z "$found" ]
result $? 'each file that is installed belongs to a package' "$found"
found=$(installed prefix=/opt/x pamdir=/opt/x/pam sysconfdir=/opt/x/etc | grep -v '^/opt/x/')
[ -z "$found" ]
result $? 'prefix, pamdir and sysconfdir are honoured' "$found"
found=$(installed unitdir= completionsdir= pamconfigsdir= apparmordir= | grep -E 'systemd|completion|pam-configs|apparmor')
[ -z "$found" ]
result $? 'a folder that is set to nothing is left out' "$found"
left=$(installed >/dev/null && MAKEFLAGS='' make -s uninstall DESTDIR="$dir/root" && find "$dir/root" -type f)
[ -z "$left" ]
result $? 'make uninstall leaves no file' "$left"

installed >/dev/null && mkdir -p "$dir/root/etc/pam.d" && echo 'auth sufficient pam_jwt.so' >"$dir/root/etc/pam.d/mine" &&
	! MAKEFLAGS='' make -s uninstall DESTDIR="$dir/root" 2>"$dir/log" && grep -q "$dir/root/etc/pam.d/mine" "$dir/log" &&
	[ -n "$(find "$dir/root" -name pam_jwt.so)" ]
result $? 'make uninstall stops while a service needs the module' "$(cat "$dir/log")"
printf '# pam_jwt.so\n-auth sufficient pam_jwt.so\n' >"$dir/root/etc/pam.d/mine"
touch "$dir/root/keep"
MAKEFLAGS='' make -s uninstall DESTDIR="$dir/root" docdir= pamconfigsdir= unitdir= completionsdir= apparmordir= >"$dir/log" 2>&1 &&
	[ -e "$dir/root/keep" ] && [ -z "$(find "$dir/root" -name pam_jwt.so)" ]
result $? 'make uninstall leaves alone what a folder that is set to nothing would mean' "$(cat "$dir/log")"

for script in debian/*.postinst debian/*.prerm debian/*.postrm debian/tests/login; do
	sh -n "$script" 2>"$dir/log"
	result $? "$script is a shell script" "$(cat "$dir/log")"
done
grep -q '^Default: no$' conf/pam-configs/jwt
result $? 'the profile is off by default'

# One version for all: the command, the package, the spec.
version=$(sed -n 's/^#define VERSION "\(.*\)"$/\1/p' src/tool/main.c)
[ -n "$version" ] && [ "$(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)" = "$version" ] &&
	[ "$(sed -n 's/^Version: *//p' dist/pam_jwt.spec)" = "$version" ]
result $? 'command, package and spec have one version'

# The store of the timer is that of the package, and the socket that of the command.
grep -q 'rm -rf /var/lib/pam_jwt$' debian/pam-jwt.postrm &&
	grep -q -- "--directory $(sed -n 's/^#define STATE_DIRECTORY_DEFAULT[[:space:]]*"\(.*\)"/\1/p' src/core/policy.h)" \
		debian/pam-jwt.postinst conf/systemd/pam-jwt-purge.service
result $? 'package, timer and module have one state directory'
[ "ListenStream=$(sed -n 's/^#define LOGOUT_SOCKET[[:space:]]*"\(.*\)"/\1/p' src/tool/logout.c)" = \
	"$(grep ^ListenStream conf/systemd/pam-jwt-logout.socket)" ]
result $? 'the unit and the command have one socket'

if command -v rpmspec >/dev/null; then
	rpmspec -P dist/pam_jwt.spec >"$dir/log" 2>&1
	result $? 'the RPM spec can be read' "$(cat "$dir/log")"
else
	echo 'skip - package: the RPM spec: rpm is not installed'
fi
exit "$failed"
