#!/bin/sh
# Fetches what make bench-peers compares with: the headers of other libraries, by apt, other modules, which are unpacked into
# build/bench-modules and not installed, and the source of libjwt 3.
#
#     sh tests/bench/peers.sh
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/deps.sh
. "$P/tests/deps.sh"

DEPS=
deps_need libjwt-dev deps_header jwt.h
deps_need libcjose-dev deps_header cjose/cjose.h
deps_need libjose-dev deps_header jose/jws.h
deps_need librhonabwy-dev deps_header rhonabwy.h
deps_need cmake command -v cmake
deps_need valgrind command -v valgrind
deps_need strace command -v strace
# shellcheck disable=SC2086 # a list of packages
[ -z "$DEPS" ] || deps_install $DEPS
# libjwt 3 is in unstable alone, where its binary needs a newer libc: its source is built into build/libjwt3.
libjwt3_source() {
	mkdir -p lists/partial cache/archives/partial &&
		echo 'deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian sid main' >sources.list &&
		set -- -q -o Dir::Etc::SourceList="$PWD/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$PWD/lists" \
			-o Dir::Cache="$PWD/cache" -o APT::Sandbox::User=root &&
		apt-get "$@" update && apt-get "$@" source --download-only libjwt3 && tar -xf libjwt3_*.orig.tar.*
}

libjwt3() {
	rm -rf "$P/build/libjwt3" && mkdir -p "$P/build/libjwt3/source" && cd "$P/build/libjwt3/source" && libjwt3_source &&
		cmake -S libjwt-3* -B made -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE='-O2 -g' -DWITH_GNUTLS=OFF \
			-DWITH_TESTS=OFF -DCMAKE_INSTALL_PREFIX="$P/build/libjwt3" && cmake --build made && cmake --install made
}

if [ ! -e "$P/build/libjwt3/include/jwt.h" ] && ! (libjwt3) >"$P/build/libjwt3.log" 2>&1; then
	deps_say 'There is no libjwt 3 here: its rows are left out; see build/libjwt3.log'
fi
[ -e "$P/build/bench-modules/usr" ] || deps_unpack libpam-google-authenticator bench-modules libpam-u2f libpam-sss libpam-krb5 \
	libpam-ssh-agent-auth || deps_say 'There are no other modules here: their rows are left out'
