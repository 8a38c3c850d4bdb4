#!/bin/sh
# Fetches what make bench-peers compares with: the headers of other libraries, by apt, and other modules, which are unpacked into
# build/bench-modules and not installed.
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
deps_need valgrind command -v valgrind
deps_need strace command -v strace
# shellcheck disable=SC2086 # a list of packages
[ -z "$DEPS" ] || deps_install $DEPS
[ -e "$P/build/bench-modules/usr" ] || deps_unpack libpam-google-authenticator bench-modules libpam-u2f libpam-sss libpam-krb5 \
	libpam-ssh-agent-auth || deps_say 'There are no other modules here: their rows are left out'
