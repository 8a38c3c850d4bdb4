#!/bin/sh
# make client: the programs for people, built from POSIX.1-2008 and src/port alone, by this machine's libc and by musl.
#
#     BUILD=build sh tests/client.sh              from the top of the tree
#
# With musl pam-jwt-askpass is linked statically, and works. libcrypto, json-c and libcurl are not here for musl: pam-jwt and
# pam-jwt-net are linked against the machine's own, which proves that all else that they call is in musl, and are not started.
set -u

# shellcheck disable=SC2034 # for results.sh
AREA=client
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

client() {	# FOLDER VARIABLE=VALUE...
	client_build=$work/$1
	shift
	# What the caller's make wanted is for its own build.
	env -u MAKEFLAGS -u MAKEOVERRIDES -u MAKELEVEL make -s -j2 client WERROR=1 PORT=1 CFLAGS=-O0 HARDEN= "BUILD=$client_build" "$@" \
		>"$work/log" 2>&1
}

# The prompts of a token of more than one part, and a command that never ends, which takes signals and a clock.
deals() {	# ASKPASS
	(umask 077; "$work/posix/pam-jwt" issue --key "$work/key" --iss https://id.test --sub alice --aud urn:test --ttl 1h \
		--claim "pad=$(printf '%0900d' 0)" >"$work/token")
	: >"$work/all"
	for prompt in 'Token: ' 'Token part 2 (from byte 501): ' 'Token part 3 (from byte 1001): ' 'Token part 4 (from byte 1501): '; do
		env -i PATH="$PATH" "PAM_JWT_TOKEN_FILE=$work/token" "$1" "$prompt" 2>"$work/err" | tr -d '\n' >>"$work/all"
	done
	[ "$(wc -c <"$work/all")" -gt 1500 ] && [ "$(cat "$work/all")" = "$(cat "$work/token")" ]
}

ends_command() {	# ASKPASS
	mkdir -p "$work/conf/pam-jwt" "$work/run"
	chmod 700 "$work/run"
	printf 'command = sleep 60\ntimeout = 1s\n' >"$work/conf/pam-jwt/askpass.conf"
	env -i PATH="$PATH" "XDG_CONFIG_HOME=$work/conf" "XDG_RUNTIME_DIR=$work/run" timeout 10 "$1" 'Token: ' >"$work/out" 2>"$work/err"
	[ $? -eq 2 ] && grep -q 'the command took longer than 1 s and was ended' "$work/err"
}

# A command's output is a token that changes, so it is kept for the second part: a file with a random name.
keeps_parts() {	# ASKPASS
	printf 'command = cat %s\n' "$work/token" >"$work/conf/pam-jwt/askpass.conf"
	env -i PATH="$PATH" "XDG_CONFIG_HOME=$work/conf" "XDG_RUNTIME_DIR=$work/run" "$1" 'Token: ' >"$work/out" 2>"$work/err" &&
		[ "$(wc -l <"$work/out")" -eq 1 ] && [ -n "$(find "$work/run/pam-jwt" -type f)" ]
}

askpass() {	# NAME ASKPASS
	deals "$2"
	result $? "$1: the askpass deals a token out in parts" "$(cat "$work/err")"
	ends_command "$2"
	result $? "$1: ... ends a command that takes too long" "$(cat "$work/err")"
	keeps_parts "$2"
	result $? "$1: ... and keeps the rest of a token that changes" "$(cat "$work/err")"
}

client posix
result $? 'the three programs need nothing but POSIX.1-2008 and src/port' "$(tail -n 20 "$work/log")"
"$work/posix/pam-jwt" --help >"$work/out" 2>&1
[ "$(sed -n 's/^  \([a-z]*\)  .*/\1/p' "$work/out" | tr '\n' ' ')" = 'inspect login token logout key issue ' ]
result $? 'a client has the commands that need no host' "$(cat "$work/out")"
"$work/posix/pam-jwt" verify >"$work/out" 2>&1
[ $? -eq 2 ]
result $? '... and no others' "$(cat "$work/out")"
"$work/posix/pam-jwt" key generate --alg ES256 --out "$work/key" >"$work/out" 2>&1
result $? 'a key can be made' "$(cat "$work/out")"
askpass posix "$work/posix/pam-jwt-askpass"

if ! command -v musl-gcc >/dev/null 2>&1; then
	skip 'the same with musl' 'musl-gcc (musl-tools) is not here'
	finish
fi

# The headers and libraries of others, and no header of glibc beside them.
mkdir "$work/include" "$work/arch" "$work/lib"
arch=$(cc -print-multiarch)
for header in openssl json-c curl qrencode.h; do
	for folder in /usr/include "/usr/include/$arch"; do
		[ ! -e "$folder/$header" ] || [ -e "$work/include/$header" ] || ln -s "$folder/$header" "$work/include/"
	done
done
[ ! -d "/usr/include/$arch/openssl" ] || ln -s "/usr/include/$arch/openssl" "$work/arch/openssl"
for library in crypto json-c curl qrencode; do
	ln -s "/usr/lib/$arch/lib$library.so" "$work/lib/"
done
client musl CC=musl-gcc "CPPFLAGS=-I$work/include -I$work/arch" "LDFLAGS=-L$work/lib -Wl,--allow-shlib-undefined"
result $? 'musl: the three programs call nothing that musl does not have' "$(tail -n 20 "$work/log")"
rm -f "$work/musl/pam-jwt-askpass"
client musl CC=musl-gcc "LDFLAGS=-static" "$work/musl/pam-jwt-askpass" -o "$work/musl/pam-jwt" -o "$work/musl/pam-jwt-net"
[ -x "$work/musl/pam-jwt-askpass" ] && ! ldd "$work/musl/pam-jwt-askpass" >/dev/null 2>&1
result $? 'musl: the askpass is static' "$(tail -n 20 "$work/log")"
askpass musl "$work/musl/pam-jwt-askpass"
finish
