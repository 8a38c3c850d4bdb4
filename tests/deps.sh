# shellcheck shell=sh
# Finds what the machine lacks for building and testing, and installs it with apt. Sourced by demo.sh and check.sh.
#
#     P=/path/of/the/checkout; . "$P/tests/deps.sh"; deps_get demo     (or: deps_get check)
#
# Nothing missing means no apt call, so it works without a network. A user who cannot install gets the one command
# that does, and exit status 77.
#
# openssh-server is never installed: that would start a network service on the newcomer's machine. Its package is
# unpacked into build/sshd instead, and only the libraries that its programs need are installed.

: "${P:?the root of the checkout}"

# A root shell from plain "su" lacks these, and dpkg refuses to work without them.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
DEPS_LOG=$P/build/apt.log
DEPS_INSTALLED=

deps_say() {
	printf '%s\n' "$*" >&2
}

deps_header() {
	printf '#include <%s>\n' "$1" | cc -E - >/dev/null 2>&1
}

deps_libwrap() {
	[ -x /usr/sbin/sshd ] || ls /lib/*/libwrap.so.0 /usr/lib/*/libwrap.so.0
}

# Adds PACKAGE to DEPS unless the probe succeeds. The probe looks for the thing, not for the package: what somebody
# has built himself will do.
deps_need() {	# PACKAGE PROBE...
	deps_package=$1
	shift
	"$@" >/dev/null 2>&1 || DEPS="$DEPS $deps_package"
}

# Sets DEPS to the missing packages. Files below /usr/lib are looked up by wildcard for the sake of multiarch.
deps_find() {	# demo|check
	DEPS=
	deps_need gcc command -v gcc
	deps_need make command -v make
	deps_need libc6-dev deps_header stdio.h
	deps_need libpam0g-dev deps_header security/pam_modules.h
	deps_need libssl-dev deps_header openssl/evp.h
	deps_need libjson-c-dev deps_header json-c/json.h
	deps_need pkgconf command -v pkg-config
	deps_need mount command -v mount
	deps_need pamtester command -v pamtester
	deps_need openssh-client command -v ssh
	deps_need libwrap0 deps_libwrap
	[ "$1" = check ] || return 0
	deps_need libcmocka-dev deps_header_cmocka
	deps_need openssl command -v openssl
	deps_need curl command -v curl
	deps_need libcurl4-openssl-dev deps_header curl/curl.h
	deps_need libseccomp-dev deps_header seccomp.h
	deps_need libqrencode-dev deps_header qrencode.h
	deps_need libsqlite3-dev deps_header sqlite3.h
	deps_need libzbar0 deps_zbar
	deps_need python3 command -v python3
	deps_need python3-jwcrypto deps_jwcrypto
	deps_need jose command -v jose
	deps_need sudo command -v sudo
	deps_need git command -v git
	deps_need rsync command -v rsync
	deps_need login command -v login
	deps_need iproute2 command -v ip
	deps_need musl-tools command -v musl-gcc
}

# Debian's python3 may not be the first in PATH.
deps_jwcrypto() {
	python3 -c 'import jwcrypto' || /usr/bin/python3 -c 'import jwcrypto'
}

# A reader of QR codes, for tests/lib/qrread.py.
deps_zbar() {
	python3 -c 'import ctypes; ctypes.CDLL("libzbar.so.0")'
}

# cmocka.h wants these four before it.
deps_header_cmocka() {
	printf '#include <%s>\n' stdarg.h stddef.h stdint.h setjmp.h cmocka.h | cc -E - >/dev/null 2>&1
}

# Says how to become root: nothing to add, "sudo -n", "sudo", or failure.
deps_root() {
	if [ "$(id -u)" -eq 0 ]; then
		return 0
	elif sudo -n true 2>/dev/null; then
		echo 'sudo -n'
	elif [ -t 0 ] && command -v sudo >/dev/null 2>&1; then
		echo sudo
	else
		return 1
	fi
}

deps_stop() {	# PACKAGE...
	deps_say "Missing: $*"
	deps_say 'Please run this as root, then try again:'
	deps_say "    apt-get update && apt-get install -y --no-install-recommends $*"
	exit 77
}

# apt-get with its chatter in a file, which is shown when it fails.
deps_apt() {	# ARGUMENT...
	# shellcheck disable=SC2086 # $as_root is empty or a command with its option
	$as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -q -o DPkg::Lock::Timeout=300 "$@" \
		>>"$DEPS_LOG" 2>&1 </dev/null
}

# The package lists of an image are often missing or stale: then, and only then, they are fetched.
deps_install() {	# PACKAGE...
	command -v apt-get >/dev/null 2>&1 || deps_stop "$@"
	as_root=$(deps_root) || deps_stop "$@"
	deps_say "Installing with apt: $*"
	mkdir -p "$P/build"
	: >"$DEPS_LOG"
	DEPS_INSTALLED="$DEPS_INSTALLED $*"
	deps_apt install -y --no-install-recommends "$@" && return 0
	deps_apt update && deps_apt install -y --no-install-recommends "$@" && return 0
	tail -n 20 "$DEPS_LOG" >&2
	deps_stop "$@"
}

# Fetches a package, and others that go with it, and unpacks them into build/NAME. Needs no rights, so it runs as the caller;
# apt's own sandbox user could not write here.
deps_unpack() {	# PACKAGE NAME [PACKAGE...]
	deps_say "Unpacking $1 into build/$2 (it is not installed)"
	deps_folder=$P/build/$2
	deps_first=$1
	shift 2
	rm -rf "$deps_folder"
	mkdir -p "$deps_folder"
	as_root=
	(
		cd "$deps_folder" || exit 1
		set -- -o APT::Sandbox::User=root download "$deps_first" "$@"
		deps_apt "$@" && exit 0
		as_root=$(deps_root) && deps_apt update && as_root='' && deps_apt "$@"
	) || return 1
	for deps_file in "$deps_folder"/*.deb; do
		dpkg -x "$deps_file" "$deps_folder" || return 1
	done
}

# greetd would be started as a service if it were installed. Its test is skipped where it cannot be had.
deps_greetd() {
	command -v greetd >/dev/null 2>&1 || [ -x "$P/build/greetd/usr/sbin/greetd" ] || deps_unpack greetd greetd ||
		deps_say 'There is no greetd here: its test will be skipped'
}

# setuid, so it is not installed either.
deps_doas() {
	command -v doas >/dev/null 2>&1 || [ -x "$P/build/doas/usr/bin/doas" ] || deps_unpack opendoas doas ||
		deps_say 'There is no doas here: its test will be skipped'
}

# A server that would be started if it were installed; the version is that of the distribution.
deps_postgresql() {
	! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || return 0
	! ls "$P"/build/postgresql-client/usr/lib/postgresql/*/bin/psql >/dev/null 2>&1 || return 0
	deps_version=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1)
	if [ -z "$deps_version" ] || ! deps_unpack "postgresql-$deps_version" postgresql ||
		! deps_unpack "postgresql-client-$deps_version" postgresql-client; then
		deps_say 'There is no PostgreSQL here: its test will be skipped'
	fi
}

# A server, so it is not installed; with the libraries that the machine lacks in folders of their own beside it.
deps_redis() {
	! command -v redis-server >/dev/null 2>&1 || return 0
	[ ! -x "$P/build/redis/usr/bin/redis-check-rdb" ] || return 0
	if ! deps_unpack redis-tools redis redis-server; then
		deps_say 'There is no Redis here: its test will be skipped'
		return 0
	fi
	dpkg-deb -f "$P"/build/redis/redis-tools_*.deb Depends | tr ',' '\n' | sed -n 's/^ *\(l[a-z0-9.+-]*\).*/\1/p' |
		while read -r deps_lib; do
			[ "$(dpkg-query -W -f='${db:Status-Status}' "$deps_lib" 2>/dev/null)" = installed ] ||
				deps_unpack "$deps_lib" "redis-$deps_lib" || :
		done
}

# A server, so it is not installed: it, its data and the libraries that the machine lacks go into one folder.
deps_glewlwyd() {
	! command -v glewlwyd >/dev/null 2>&1 || return 0
	[ ! -x "$P/build/glewlwyd/usr/bin/glewlwyd" ] || return 0
	mkdir -p "$P/build"
	deps_with=$(deps_libraries_of glewlwyd dbconfig-no-thanks)
	if [ -z "$deps_with" ] && as_root=$(deps_root) && deps_apt update; then	# there were no lists of packages
		deps_with=$(deps_libraries_of glewlwyd dbconfig-no-thanks)
	fi
	# shellcheck disable=SC2086 # a list of packages
	if [ -z "$deps_with" ] || ! deps_unpack glewlwyd glewlwyd $deps_with; then
		deps_say 'There is no glewlwyd here: its tests will be skipped'
	fi
}

# Servers, so they are not installed; each goes into one folder with the libraries that the machine lacks.
deps_nginx() {
	command -v nginx >/dev/null 2>&1 || [ -x "$P/build/nginx/usr/sbin/nginx" ] || deps_unpack_with nginx ||
		deps_say 'There is no nginx here: its test will be skipped'
	command -v fcgiwrap >/dev/null 2>&1 || [ -x "$P/build/fcgiwrap/usr/sbin/fcgiwrap" ] || deps_unpack_with fcgiwrap ||
		deps_say 'There is no fcgiwrap here: its test will be skipped'
}

# A PKCS#11 token in software, and the tool that makes keys in one.
deps_softhsm() {
	command -v softhsm2-util >/dev/null 2>&1 || [ -x "$P/build/softhsm2/usr/bin/softhsm2-util" ] || deps_unpack_with softhsm2 ||
		deps_say 'There is no SoftHSM here: its test will be skipped'
	command -v pkcs11-tool >/dev/null 2>&1 || [ -x "$P/build/opensc/usr/bin/pkcs11-tool" ] || deps_unpack_with opensc ||
		deps_say 'There is no pkcs11-tool here: the test of SoftHSM will be skipped'
}

deps_unpack_with() {	# PACKAGE
	mkdir -p "$P/build"
	deps_with=$(deps_libraries_of "$1")
	# shellcheck disable=SC2086 # a list of packages
	deps_unpack "$1" "$1" $deps_with
}

# Prints the libraries, and the data, that apt would install with a package.
deps_libraries_of() {	# PACKAGE OTHER...
	apt-get -s --no-install-recommends install "$@" 2>/dev/null |
		awk -v name="$1" '$1 == "Inst" && $2 != name && ($2 ~ /^lib/ || index($2, name "-") == 1) && $2 !~ /^libjs-|-perl$/ { print $2 }'
}

# Puts what a package-lock.json of tests/ names into build/NAME, if it is not there. npm compares the hashes, and runs no
# program of a package. Its cache is there as well, so that nothing stays elsewhere.
deps_npm() {	# FOLDER NAME
	deps_lock=$P/tests/$1/package-lock.json
	deps_folder=$P/build/$2
	[ ! -e "$deps_folder/whole" ] || ! cmp -s "$deps_lock" "$deps_folder/package-lock.json" || return 0
	deps_say "Fetching tests/$1/package.json with npm into build/$2"
	rm -rf "$deps_folder"
	mkdir -p "$deps_folder"
	cp "$P/tests/$1/package.json" "$deps_lock" "$deps_folder"
	(
		cd "$deps_folder" || exit 1
		timeout 120 npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --fetch-retries 1 --cache "$P/build/npm" \
			>>"$DEPS_LOG" 2>&1 </dev/null && : >whole
	)
}

deps_node() {
	node --version 2>/dev/null | grep -qE '^v(2[0-9]|[3-9][0-9])\.'
}

# npm itself is not installed: Debian's needs hundreds of packages. Where node is too old, as in Debian 12, npm has a newer one.
deps_oidc_provider() {
	mkdir -p "$P/build"
	if ! command -v npm >/dev/null 2>&1 || ! deps_npm providers providers || ! { deps_node || deps_npm providers/node node; }; then
		deps_say 'There is no oidc-provider here, which takes npm and its registry: its tests will be skipped'
	fi
}

# Prints the library packages that the unpacked programs lack. The loader says whether one is missing at all, the
# package says what it is called.
deps_sshd_libs() {
	for deps_program in "$P"/build/sshd/usr/sbin/sshd "$P"/build/sshd/usr/lib/openssh/sshd-*; do
		[ ! -f "$deps_program" ] || ldd "$deps_program"
	done 2>/dev/null | grep -q 'not found' || return 0
	dpkg-deb -f "$P"/build/sshd/openssh-server_*.deb Depends | tr ',' '\n' |
		sed -n 's/^ *\(lib[a-z0-9.+-]*\).*/\1/p' |
		while read -r deps_lib; do
			[ "$(dpkg-query -W -f='${db:Status-Status}' "$deps_lib" 2>/dev/null)" = installed ] ||
				echo "$deps_lib"
		done
}

# A failure here is not fatal: who lacks an sshd can still build and run everything else. The caller decides.
deps_sshd() {
	[ ! -x /usr/sbin/sshd ] || return 0
	if [ ! -x "$P/build/sshd/usr/sbin/sshd" ] && ! deps_unpack openssh-server sshd; then
		deps_say 'There is no sshd here, and openssh-server could not be fetched (see build/apt.log)'
		return 1
	fi
	deps_libs=$(deps_sshd_libs)
	# shellcheck disable=SC2086 # a list of packages
	[ -z "$deps_libs" ] || deps_install $deps_libs
}

deps_get() {	# demo|check
	deps_find "$1"
	# shellcheck disable=SC2086 # a list of packages
	[ -z "$DEPS" ] || deps_install $DEPS
	deps_find "$1"
	# shellcheck disable=SC2086
	[ -z "$DEPS" ] || deps_stop $DEPS
	if [ "$1" = check ]; then
		deps_greetd
		deps_doas
		deps_postgresql
		deps_redis
		deps_glewlwyd
		deps_nginx
		deps_softhsm
		deps_oidc_provider
	fi
	deps_sshd
}
