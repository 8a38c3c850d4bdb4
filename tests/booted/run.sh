#!/bin/sh
# What only a running system shows: the packages in a booted Debian, with systemd, logind, sshd and polkit as they are. Each test
# is a script of this folder, and gets a container of its own, which has the packages of this working copy installed.
#
#     make check-booted              or: sh tests/booted/run.sh [TEST...]      a TEST is a name without .sh
#     SUITES="trixie" sh tests/booted/run.sh cutoff                            in these releases alone
#
# A test runs as root inside, sources /pam_jwt/tests/booted/lib/inside.sh, and prints the lines of tests/lib/results.sh. Lines in
# its head say what it needs:
#
#     # suites: trixie sid           the releases; otherwise bookworm and trixie
#     # seconds: 300                 how long it may take; otherwise 120
#     # first-boot                   the system starts as a fresh image does, without a machine-id
#     # machines: NAME...            several systems in one network, without the packages; the test runs outside of them and
#                                    sources tests/booted/lib/machines.sh
#     # packages: NAME...            what apt can install in them, from a folder, beside the packages of this working copy
#
# It needs root, systemd-nspawn, overlayfs, and the network once for each release (mmdebstrap) and list of packages. Systems are kept in
# PAM_JWT_IMAGES (/var/tmp/pam_jwt-images), and beside them what the packages add, by a hash of their source. A container has no
# network but its own loopback, is bounded in time, and leaves nothing behind.
set -u
P=$(cd "$(dirname "$0")/../.." && pwd)
IMAGES=${PAM_JWT_IMAGES:-/var/tmp/pam_jwt-images}
AREA=booted
# shellcheck source=tests/lib/results.sh
. "$P/tests/lib/results.sh"

WORK=
CONTAINER=	# the process that ends with it
LEADER=		# its first process
MACHINES=	# the names of those that run, with both: NAME:CONTAINER:LEADER

# --- images ---------------------------------------------------------------------------------------------------------------

# The system and what the packages are built with, in one: two images would be twice the time.
PACKAGES=ca-certificates,systemd,systemd-sysv,dbus,libpam-systemd,openssh-server,openssh-client,sudo,login,passwd,procps,iproute2
PACKAGES=$PACKAGES,polkitd,pkexec,build-essential,dpkg-dev,debhelper,fakeroot,libcmocka-dev,libjson-c-dev,libpam0g-dev
PACKAGES=$PACKAGES,libssl-dev,openssl,libcurl4-openssl-dev,libseccomp-dev,libqrencode-dev,libsqlite3-dev,pkgconf

packages() {	# SUITE
	case $1 in
	sid) echo "$PACKAGES,sudo-rs" ;;	# older ones know no askpass
	*) echo "$PACKAGES" ;;
	esac
}

# Makes the system of a release, once; in another folder first, so that an interrupted one is not taken for whole.
image() {	# SUITE
	wanted_packages=$(packages "$1")
	[ "$(cat "$IMAGES/$1.packages" 2>/dev/null)" = "$wanted_packages" ] && return 0
	rm -rf --one-file-system "${IMAGES:?}/$1" "$IMAGES/$1.new"
	mmdebstrap --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' --include="$wanted_packages" "$1" "$IMAGES/$1.new" \
		>"$IMAGES/$1.log" 2>&1 || return
	mv "$IMAGES/$1.new" "$IMAGES/$1" && echo "$wanted_packages" >"$IMAGES/$1.packages"
}

# What the packages are made of, always as the same bytes.
source_tar() {
	(cd "$P" && tar --sort=name --mtime=@0 --owner=0 --group=0 --exclude=debian/tmp --exclude=debian/.debhelper \
		--exclude=debian/files --exclude='debian/*.substvars' --exclude=debian/libpam-jwt --exclude=debian/pam-jwt \
		-c Makefile pam_jwt.c LICENSE ./*.md conf debian dist man src)
}

# Runs a command in the system of a release; what it changes is in the folder UPPER.
in_image() {	# SUITE UPPER COMMAND...
	upper=$2
	mkdir -p "$upper" "$upper.work" "$upper.root" && mount -t overlay overlay \
		-o "lowerdir=$IMAGES/$1,upperdir=$upper,workdir=$upper.work" "$upper.root" || return
	shift 2
	private=--private-network
	[ -z "${NETWORK:-}" ] || private=
	# shellcheck disable=SC2086	# an option or none
	timeout -k 10 1200 systemd-nspawn -q -D "$upper.root" --register=no --keep-unit $private --pipe \
		--bind="$WORK/out:/out" --setenv=DEBIAN_FRONTEND=noninteractive "$@" </dev/null
	set -- $?
	umount "$upper.root" && rm -rf --one-file-system "$upper.work" "$upper.root"
	return "$1"
}

# Sets LAYER to the folder with what the installed packages add to the system of a release, and makes it when it is not there.
layer() {	# SUITE
	LAYER=$IMAGES/$1-$(cat "$WORK/hash")
	[ -e "$LAYER.ready" ] && touch "$LAYER.ready" && return 0
	rm -rf --one-file-system "$LAYER" "$WORK/out" "$WORK/built" && mkdir "$WORK/out" && cp "$WORK/source.tar" "$WORK/out/" || return
	# shellcheck disable=SC2016	# for the shell inside
	in_image "$1" "$WORK/built" sh -ec 'mkdir /build && cd /build && tar -xf /out/source.tar
		DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" dpkg-buildpackage -us -uc -b
		cp /*.deb /out/' >"$WORK/build.log" 2>&1 || return
	rm -rf --one-file-system "$WORK/built"
	in_image "$1" "$LAYER" sh -ec 'mkdir /packages && cp /out/*.deb /packages/ && rm -f /packages/*dbgsym*
		dpkg -i /packages/*.deb' >>"$WORK/build.log" 2>&1 || return
	: >"$LAYER.ready"
}

# Sets EXTRA to a folder with what apt needs to install these, and fetches it when it is not there.
extra() {	# SUITE PACKAGE...
	EXTRA=$IMAGES/$1-$(echo "$*" | sha256sum | cut -c 1-16).debs
	[ -d "$EXTRA" ] && return 0
	extra_suite=$1
	shift
	rm -rf --one-file-system "$WORK/out" "$EXTRA.new" && mkdir "$WORK/out" || return
	# shellcheck disable=SC2016	# for the shell inside
	NETWORK=yes in_image "$extra_suite" "$WORK/fetched" sh -ec 'apt-get -o Acquire::Check-Valid-Until=false update
		apt-get -y -o APT::Keep-Downloaded-Packages=true --download-only install "$@"
		cp /var/cache/apt/archives/*.deb /out/' sh "$@" >"$WORK/fetch.log" 2>&1 || return
	rm -rf --one-file-system "$WORK/fetched"
	mv "$WORK/out" "$EXTRA"
}

# Whoever prepares a release does so alone. What nobody has used for a day is removed.
prepare() {	# SUITE
	mkdir -p "$IMAGES" && exec 8>"$IMAGES/$1.lock" && flock 8 || return
	find "$IMAGES" -maxdepth 1 -name "$1-*.ready" -mmin +1440 | while read -r old; do
		rm -rf --one-file-system "$old" "${old%.ready}"
	done
	if ! image "$1"; then
		skip "$1" "no system can be had (mmdebstrap, network): see $IMAGES/$1.log"
		set -- 1
	elif ! layer "$1"; then
		fail "$1: the packages are built and installed" "$(tail -n 40 "$WORK/build.log")"
		set -- 1
	else
		set -- 0
	fi
	exec 8>&-
	return "$1"
}

# --- containers -----------------------------------------------------------------------------------------------------------

# In the older hierarchy nobody notices that a user's manager has ended, ten seconds after his last session: his next login would
# wait for it, and hang.
keep_user_managers() {
	mkdir -p "$M/root/etc/systemd/logind.conf.d" &&
		printf '[Login]\nUserStopDelaySec=infinity\n' >"$M/root/etc/systemd/logind.conf.d/test.conf"
}

# Starts a system in a container, and waits until it is up. Sets CONTAINER and LEADER.
boot() {	# SUITE SECONDS FIRST-BOOT NAME LOWER
	M=$WORK/$4
	mkdir -p "$M/upper" "$M/work" "$M/root" &&
		mount -t overlay overlay -o "lowerdir=$5,upperdir=$M/upper,workdir=$M/work" "$M/root" || return
	mkdir -p "$M/root/pam_jwt/tests/lib" && cp -r "$P/tests/booted" "$M/root/pam_jwt/tests/" &&
		cp "$P/tests/lib/results.sh" "$M/root/pam_jwt/tests/lib/" || return
	[ -z "$3" ] || rm "$M/root/etc/machine-id"
	echo "$4" >"$M/root/etc/hostname"
	# Newer ones know no other hierarchy, and the older one takes what the machine has.
	unified=1
	[ "$1" != bookworm ] || unified=0
	[ "$unified" -eq 1 ] || keep_user_managers
	SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=$unified timeout -k 10 "$(($2 + 90))" systemd-nspawn -q -D "$M/root" --boot --hostname="$4" \
		--machine="pam-jwt-$$-$4" --register=no --keep-unit --private-network --console=pipe </dev/null >"$WORK/console" 2>&1 &
	CONTAINER=$!
	MACHINES="$MACHINES $4:$CONTAINER"
	waited=0
	while [ "$waited" -lt 300 ]; do
		sleep 0.2
		waited=$((waited + 1))
		LEADER=$(pgrep -P "$(pgrep -P "$CONTAINER" systemd-nspawn)" 2>/dev/null | head -n 1)
		[ -n "$LEADER" ] || continue
		case $(inside systemctl is-system-running 2>/dev/null) in
		running | degraded)
			MACHINES="$MACHINES:$LEADER"
			echo "$LEADER" >"$M/leader"
			return 0
			;;
		esac
	done
	return 1
}

# Several, with nothing of ours, and with a folder of packages that it may install.
boot_all() {	# SUITE SECONDS NAME...
	all_suite=$1 all_seconds=$2
	shift 2
	for name; do
		boot "$all_suite" "$all_seconds" '' "$name" "$IMAGES/$all_suite" || return
		mkdir "$WORK/$name/root/packages" &&
			cp "$LAYER"/packages/*.deb ${EXTRA:+"$EXTRA"/*.deb} "$WORK/$name/root/packages/" || return
	done
}

inside() {	# COMMAND...
	nsenter -t "$LEADER" -a env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"
}

# Nobody needs what is in them: they do not shut down, they end.
stop() {
	for machine in $MACHINES; do
		name=${machine%%:*}
		machine=${machine#*:}
		kill -KILL "${machine##*:}" 2>/dev/null
		wait "${machine%%:*}" 2>/dev/null
		[ ! -d "$WORK/$name/root" ] || umount "$WORK/$name/root"
		rm -rf --one-file-system "${WORK:?}/$name"
	done
	CONTAINER=''
	LEADER=''
	MACHINES=''
}

# shellcheck disable=SC2317	# called by a trap
ended() {	# STATUS
	[ -z "$WORK" ] || { stop && rm -rf --one-file-system "$WORK"; }
	exit "$1"
}

# --- tests ----------------------------------------------------------------------------------------------------------------

header() {	# TEST KEY DEFAULT
	value=$(sed -n '/^$/q; s/^# '"$2"':* *\(.*\)/\1 /p' "$P/tests/booted/$1.sh")
	echo "${value:-$3}"
}

# Starts what the test needs.
start() {	# SUITE TEST SECONDS
	wanted_machines=$(header "$2" machines '')
	if [ -z "$wanted_machines" ]; then
		boot "$1" "$3" "$(header "$2" first-boot '')" system "$LAYER:$IMAGES/$1"
		return
	fi
	wanted_extra=$(header "$2" packages '')
	EXTRA=
	# shellcheck disable=SC2086	# lists
	[ -z "$wanted_extra" ] || extra "$1" $wanted_extra || return
	# shellcheck disable=SC2086	# a list
	boot_all "$1" "$3" $wanted_machines
}

run_inside() {	# TEST SECONDS
	timeout -k 10 "$2" nsenter -t "$LEADER" -a setsid env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		HOME=/root LC_ALL=C.UTF-8 sh "/pam_jwt/tests/booted/$1.sh"
}

run_outside() {	# TEST SECONDS
	timeout -k 10 "$2" setsid env MACHINES="$WORK" P="$P" sh "$P/tests/booted/$1.sh"
}

# The names of its results start with the release. A test that says nothing has failed.
run_test() {	# SUITE TEST
	status=1
	seconds=$(header "$2" seconds 120)
	run=run_inside
	[ -z "$(header "$2" machines '')" ] || run=run_outside
	if start "$1" "$2" "${seconds% }"; then
		$run "$2" "${seconds% }" >"$WORK/results" 2>&1 </dev/null
		status=$?
		sed -E "s/^(ok|not ok|skip) - /&$1: /" "$WORK/results"
		if [ "$status" -ne 0 ] && ! grep -q '^not ok' "$WORK/results"; then
			fail "$1: $2: ends" "status $status" "$(tail -n 20 "$WORK/console")"
		elif ! grep -qE '^(ok|not ok|skip) - ' "$WORK/results"; then
			fail "$1: $2: has a result"
		fi
	else
		fail "$1: $2: the system starts" "$(tail -n 20 "$WORK/console" "$WORK/fetch.log" 2>/dev/null)"
	fi
	[ "$status" -eq 0 ] || FAILED=$((FAILED + 1))
	stop
}

# Prints why nothing can be done here; nothing when it can.
obstacle() {
	[ "$(id -u)" -eq 0 ] || { echo 'needs root' && return; }
	for program in systemd-nspawn mmdebstrap nsenter; do
		command -v "$program" >/dev/null || { echo "$program is not installed" && return; }
	done
	grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null || echo 'there is no overlayfs'
}

why=$(obstacle)
if [ -n "$why" ]; then
	skip 'packages on a running system' "$why"
	exit 0
fi
trap 'ended $?' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
WORK=$(mktemp -d /var/tmp/pam_jwt-booted.XXXXXX) || exit 1
source_tar >"$WORK/source.tar" && sha256sum <"$WORK/source.tar" | cut -c 1-16 >"$WORK/hash"
if [ $# -eq 0 ]; then
	for test in "$P"/tests/booted/*.sh; do
		[ "${test##*/}" = run.sh ] || set -- "$@" "$(basename "$test" .sh)"
	done
fi
for suite in ${SUITES:-bookworm trixie sid}; do
	wanted=
	for test; do
		case " $(header "$test" suites 'bookworm trixie') " in *" $suite "*) wanted="$wanted $test" ;; esac
	done
	if [ -n "$wanted" ] && prepare "$suite"; then
		for test in $wanted; do
			run_test "$suite" "$test"
		done
	fi
done
finish
