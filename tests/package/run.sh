#!/bin/bash
# The packages, as the archive would see them: built by an ordinary user in fresh chroots, looked at, installed, used, upgraded,
# removed. Minutes, root and the network; what the machine cannot do is skipped with its reason.
#
#     make check-package            or: bash tests/package/run.sh [STAGE...]
set -u
P=$(cd "$(dirname "$0")/../.." && pwd)
B=${BUILD:-$P/build}
CACHE=$B/package
mkdir -p "$CACHE"
AREA=package
# shellcheck source=tests/lib/results.sh
. "$P/tests/lib/results.sh"
VERSION=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$P/debian/changelog")
NEWER=$VERSION.1
STAGES=${*:-bookworm trixie noble lintian blhc reproducible life apparmor piuparts autopkgtest rpm}

wanted() { case " $STAGES " in *" $1 "*) ;; *) return 1 ;; esac; }

# --- chroots ----------------------------------------------------------------------------------------------------------------

# The keys that sign the archive of Ubuntu. Debian 12 has no package of them; Debian 13 has.
ubuntu_keys() {
	local keyring=usr/share/keyrings/ubuntu-archive-keyring.gpg
	cp "/$keyring" "$CACHE/ubuntu.gpg" 2>/dev/null && return 0
	base trixie && fresh trixie || return
	inside sh -euc 'apt-get -q update; cd /tmp; apt-get -q download ubuntu-keyring; dpkg-deb -x ubuntu-keyring_*.deb /tmp' &&
		cp "$ROOT/tmp/$keyring" "$CACHE/ubuntu.gpg"
	done_with
	[ -s "$CACHE/ubuntu.gpg" ]
}

# A tarball of a minimal system, made once.
base() {	# SUITE
	[ -s "$CACHE/$1.tar" ] && return 0
	case $1 in
	noble) ubuntu_keys >"$CACHE/$1.log" 2>&1 && mmdebstrap --variant=minbase --include=ca-certificates,apt --components=main,universe \
		--keyring="$CACHE/ubuntu.gpg" noble "$CACHE/$1.tar" http://archive.ubuntu.com/ubuntu >>"$CACHE/$1.log" 2>&1 ;;
	*) mmdebstrap --variant=minbase --include=ca-certificates "$1" "$CACHE/$1.tar" >"$CACHE/$1.log" 2>&1 ;;
	esac || { rm -f "$CACHE/$1.tar" && return 1; }
}

fresh() {	# SUITE: sets ROOT
	ROOT=$CACHE/root.$1.$$
	rm -rf "$ROOT"
	mkdir -p "$ROOT" && tar -C "$ROOT" --exclude='./dev/*' -xf "$CACHE/$1.tar" || return
	# What the machine knows about the way to the archive.
	cp /etc/resolv.conf "$ROOT/etc/resolv.conf" 2>/dev/null || :
	cp /etc/apt/apt.conf.d/*proxy* "$ROOT/etc/apt/apt.conf.d/" 2>/dev/null || :
	cp -r /usr/local/share/ca-certificates "$ROOT/usr/local/share/" 2>/dev/null || :
	# A chroot that lives for minutes survives no crash anyway.
	echo force-unsafe-io >"$ROOT/etc/dpkg/dpkg.cfg.d/unsafe"
}

inside() {	# COMMAND...
	unshare --mount --pid --fork --propagation "$(mountpoint -q / && echo private || echo unchanged)" bash -euc '
		root=$1
		shift
		mount --bind "$root" "$root"
		mount -t tmpfs -o mode=755 dev "$root/dev"
		for n in null zero full random urandom tty; do : >"$root/dev/$n"; mount --bind "/dev/$n" "$root/dev/$n"; done
		mkdir "$root/dev/pts" "$root/dev/shm"
		mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts "$root/dev/pts"
		ln -s pts/ptmx "$root/dev/ptmx"
		ln -s /proc/self/fd "$root/dev/fd"
		mount -t proc proc "$root/proc"
		mount -t tmpfs tmpfs "$root/run"
		exec chroot "$root" "$@"' inside "$ROOT" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive "$@"
}

done_with() { rm -rf --one-file-system "$ROOT"; }

# --- building -----------------------------------------------------------------------------------------------------------------

# Puts the packages of HEAD, or of a working copy of it, into a folder.
source_of() {	# FOLDER [VERSION]
	mkdir -p "$1"
	git -C "$P" archive --prefix=pam-jwt/ HEAD | tar -x -C "$1"
	[ -n "${2:-}" ] || return 0
	sed -i "1s/(.*)/($2)/" "$1/pam-jwt/debian/changelog"
	sed -i "s/^\(#define VERSION \).*/\1\"$2\"/" "$1/pam-jwt/src/core/base/version.h"
	sed -i "s/^\(Version: *\).*/\1$2/" "$1/pam-jwt/dist/pam_jwt.spec"
}

build() {	# SUITE OUT [VERSION [PATH]]
	local place=${4:-/build}
	fresh "$1" || return
	source_of "$ROOT$place" "${3:-}"
	mkdir -p "$2"
	git -C "$P" rev-parse HEAD >"$2/commit"
	inside sh -euc "
		apt-get -q update
		apt-get -q -y install --no-install-recommends build-essential fakeroot
		apt-get -q -y build-dep --no-install-recommends $place/pam-jwt
		useradd -m builder
		chown -R builder $place
		cd $place/pam-jwt
		su builder -c 'umask ${5:-022}; TZ=${6:-UTC} DEB_BUILD_OPTIONS=\"parallel=2 ${DEB_BUILD_OPTIONS:-}\" dpkg-buildpackage -us -uc'" >"$2/build.log" 2>&1
	local status=$?
	find "$ROOT$place" -maxdepth 1 -type f -exec cp {} "$2/" \;
	done_with
	return $status
}

build_stage() {	# SUITE
	wanted "$1" || return 0
	if ! base "$1"; then
		skip "$1" 'no base system can be had (mmdebstrap, network): see build/package'
		return 0
	fi
	rm -rf "$CACHE/out.$1"
	if build "$1" "$CACHE/out.$1"; then
		pass "$1: dpkg-buildpackage as an ordinary user, $(grep -o '^[0-9]* passed, [0-9]* failed' "$CACHE/out.$1/build.log" |
			awk '{ n += $1 } END { print n }') tests inside"
	else
		fail "$1: dpkg-buildpackage as an ordinary user" "$(tail -n 40 "$CACHE/out.$1/build.log")"
	fi
}

# The packages that are meant for people, without those of debugging symbols.
packages() {
	find "$CACHE/out.bookworm" -name "*_${VERSION}_*.deb" ! -name '*-dbgsym_*'
}

needs_packages() {	# NAME
	ls "$CACHE"/out.bookworm/libpam-jwt_*.deb >/dev/null 2>&1 && return 0
	skip "$1" 'the bookworm packages were not built'
	return 1
}

needs_program() {	# PROGRAM NAME
	command -v "$1" >/dev/null && return 0
	skip "$2" "$1 is not installed"
	return 1
}

# --- stages ---------------------------------------------------------------------------------------------------------------

lintian_stage() {
	needs_packages lintian && needs_program lintian lintian || return 0
	chmod -R a+rX "$CACHE/out.bookworm"
	if lintian -i -I -E --pedantic --allow-root --fail-on error,warning "$CACHE"/out.bookworm/*.changes \
		>"$CACHE/lintian.log" 2>&1; then
		pass "lintian --pedantic: no error, no warning ($(grep -c '^[IPX]:' "$CACHE/lintian.log") remarks)"
	else
		fail 'lintian --pedantic' "$(tail -n 40 "$CACHE/lintian.log")"
	fi
}

blhc_stage() {
	needs_packages blhc && needs_program blhc blhc || return 0
	if blhc --all --debian "$CACHE/out.bookworm/build.log" >"$CACHE/blhc.log" 2>&1; then
		pass 'blhc: all hardening flags everywhere'
	else
		fail blhc "$(tail -n 40 "$CACHE/blhc.log")"
	fi
}

# Another path, umask and time zone, and another time: the same bytes.
reproducible_stage() {
	needs_packages reproducible || return 0
	if [ "$(git -C "$P" rev-parse HEAD)" != "$(cat "$CACHE/out.bookworm/commit" 2>/dev/null)" ]; then
		skip reproducible 'the bookworm packages are of another commit: run the stage bookworm as well'
		return 0
	fi
	rm -rf "$CACHE/out.again"
	if ! build bookworm "$CACHE/out.again" '' /somewhere/else 002 Pacific/Kiritimati; then
		fail 'reproducible: the second build' "$(tail -n 40 "$CACHE/out.again/build.log")"
		return 0
	fi
	for deb in "$CACHE"/out.bookworm/*.deb; do
		if cmp -s "$deb" "$CACHE/out.again/${deb##*/}"; then
			pass "reproducible: ${deb##*/}"
		else
			fail "reproducible: ${deb##*/}"
		fi
	done
}

live() {	# SUITE SCRIPT
	fresh "$1" || return
	mkdir "$ROOT/old" "$ROOT/new"
	cp "$CACHE/out.$1"/*_"$VERSION"_*.deb "$ROOT/old"
	cp "$CACHE"/out.newer/*_"$NEWER"_*.deb "$ROOT/new"
	cp "$P/tests/package/$2.sh" "$P/tests/package/inside.sh" "$P/tests/lib/results.sh" "$ROOT"
	echo "# $2 on $1"
	inside sh "/$2.sh" /old /new "$NEWER"
	local status=$?
	done_with
	return $status
}

life_stage() {
	needs_packages life || return 0
	rm -rf "$CACHE/out.newer"
	if ! DEB_BUILD_OPTIONS=nocheck build bookworm "$CACHE/out.newer" "$NEWER"; then
		fail 'life: the newer version' "$(tail -n 40 "$CACHE/out.newer/build.log")"
		return 0
	fi
	for suite in bookworm trixie; do
		ls "$CACHE/out.$suite"/libpam-jwt_*.deb >/dev/null 2>&1 || continue
		for script in life life_others; do
			live "$suite" "$script" || FAILED=$((FAILED + 1))
		done
	done
}

# The rules reach a profile that asks for them, and no other that has to do with PAM; and compile. Whether the kernel enforces
# them is not tried.
apparmor_stage() {
	needs_packages apparmor || return 0
	fresh bookworm || return
	cp "$CACHE"/out.bookworm/libpam-jwt_*.deb "$CACHE"/out.bookworm/pam-jwt_*.deb "$ROOT/"
	printf '%s\n' 'abi <abi/3.0>,' 'include <tunables/global>' 'profile test /usr/bin/test {' \
		'  include <abstractions/authentication>' '}' >"$ROOT/stranger"
	sed 's|^}$|  include <abstractions/pam_jwt>\n}|' "$ROOT/stranger" >"$ROOT/profile"
	# shellcheck disable=SC2016	# for the shell inside
	if inside sh -euc '
		apt-get -q update
		apt-get -q -y install --no-install-recommends apparmor ./libpam-jwt_*.deb ./pam-jwt_*.deb
		apparmor_parser -K -Q -p /profile | grep -F /var/lib/pam_jwt/state/
		apparmor_parser -K -Q /profile
		! apparmor_parser -K -Q -p /stranger | grep -F pam_jwt' >"$CACHE/apparmor.log" 2>&1; then
		pass 'apparmor: the rules reach the profiles that ask for them, and compile'
	else
		fail apparmor "$(tail -n 40 "$CACHE/apparmor.log")"
	fi
	done_with
}

piuparts_stage() {
	needs_packages piuparts && needs_program piuparts piuparts || return 0
	[ "$(id -u)" -eq 0 ] || { skip piuparts 'needs root' && return 0; }
	[ -s "$CACHE/bookworm.tar.gz" ] || gzip -1 -k "$CACHE/bookworm.tar"
	# With a systemd, as on a host: otherwise what it makes when it comes with our accounts would count as ours.
	mkdir -p "$CACHE/piuparts"
	printf '#!/bin/sh\nexec apt-get -q -y install --no-install-recommends systemd\n' >"$CACHE/piuparts/post_setup_systemd"
	chmod 755 "$CACHE/piuparts/post_setup_systemd"
	# shellcheck disable=SC2046	# one word for each
	if piuparts -d bookworm -b "$CACHE/bookworm.tar.gz" --scriptsdir "$CACHE/piuparts" --no-upgrade-test $(packages) \
		>"$CACHE/piuparts.log" 2>&1; then
		pass "piuparts: install and purge $(packages | wc -l) packages"
	else
		fail 'piuparts: install and purge' "$(tail -n 40 "$CACHE/piuparts.log")"
	fi
}

autopkgtest_stage() {
	needs_packages autopkgtest && needs_program autopkgtest autopkgtest || return 0
	fresh bookworm || return
	rm -rf "$CACHE/source"
	source_of "$CACHE/source"
	# The chroot runner expects /proc and /dev to be there.
	if unshare --mount --propagation "$(mountpoint -q / && echo private || echo unchanged)" bash -euc '
		mount --bind "$1" "$1"; mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"
		cd "$2" && autopkgtest -U "$3"/libpam-jwt_*.deb "$3"/pam-jwt_*.deb pam-jwt/ -- chroot "$1"' \
		x "$ROOT" "$CACHE/source" "$CACHE/out.bookworm" >"$CACHE/autopkgtest.log" 2>&1 &&
		grep -q '^login *PASS' "$CACHE/autopkgtest.log"; then
		pass "autopkgtest: $(grep -o '^[a-z]*: [0-9]* passed' "$CACHE/autopkgtest.log" | tr '\n' ',')"
	else
		fail autopkgtest "$(tail -n 40 "$CACHE/autopkgtest.log")"
	fi
	done_with
}

# What the spec uses of systemd-rpm-macros, which Debian does not have. The scripts of the packages are built, and not run.
rpm_macros() {
	cat >"$CACHE/rpm/macros" <<-'END'
		%_unitdir /usr/lib/systemd/system
		%_presetdir /usr/lib/systemd/system-preset
		%_sysusersdir /usr/lib/sysusers.d
		%_tmpfilesdir /usr/lib/tmpfiles.d
	END
	for macro in systemd_post systemd_preun systemd_postun systemd_postun_with_restart sysusers_create_compat tmpfiles_create; do
		echo "%$macro() %{nil}" >>"$CACHE/rpm/macros"
	done
}

rpm_stage() {
	needs_program rpmbuild rpm || return 0
	rm -rf "$CACHE/rpm"
	mkdir -p "$CACHE/rpm/SOURCES"
	git -C "$P" archive --prefix="pam_jwt-$VERSION/" HEAD | gzip -n >"$CACHE/rpm/SOURCES/pam_jwt-$VERSION.tar.gz"
	rpm_macros
	if rpmbuild -bb --nodeps --load "$CACHE/rpm/macros" --define "_topdir $CACHE/rpm" "$P/dist/pam_jwt.spec" >"$CACHE/rpm.log" 2>&1; then
		pass "rpmbuild: $(rpm -qlp "$CACHE"/rpm/RPMS/*/pam[_-]jwt*.rpm 2>/dev/null | wc -l) files"
	else
		fail rpmbuild "$(tail -n 40 "$CACHE/rpm.log")"
	fi
	if grep -q '^[1-9][0-9]* passed, 0 failed' "$CACHE/rpm.log"; then
		pass "rpmbuild: %check, $(grep -o '^[0-9]* passed' "$CACHE/rpm.log")"
	else
		fail 'rpmbuild: %check' "$(tail -n 40 "$CACHE/rpm.log")"
	fi
	rpm -qlp "$CACHE"/rpm/RPMS/*/pam-jwt-0*.rpm 2>/dev/null | grep -E '/(README|SECURITY|NEWS)\.md$' | grep -v /examples/ >"$CACHE/twice.log"
	grep -i 'listed twice' "$CACHE/rpm.log" >>"$CACHE/twice.log"
	if [ "$(wc -l <"$CACHE/twice.log")" -eq 3 ]; then
		pass 'rpmbuild: each document is there once'
	else
		fail 'rpmbuild: each document is there once' "$(tail -n 40 "$CACHE/twice.log")"
	fi
}

if ! command -v mmdebstrap >/dev/null || [ "$(id -u)" -ne 0 ]; then
	skip 'chroots' 'needs root and mmdebstrap'
	STAGES=rpm
fi
for suite in bookworm trixie noble; do
	build_stage "$suite"
done
for stage in lintian blhc reproducible life apparmor piuparts autopkgtest rpm; do
	! wanted "$stage" || "${stage}_stage"
done
finish
