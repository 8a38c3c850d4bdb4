#!/bin/sh
# What people see who look on: colour and ticks, and how far long work is. In a pipe there is nothing of it. Needs no root.
#
#     BUILD=build sh tests/cli/terminal.sh              from the top of the tree
set -u

build=${BUILD:-build}
tool=$build/pam-jwt
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
umask 022
AREA=terminal
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
DETAILS=@$dir/out
esc=$(printf '\033')
unset NO_COLOR LC_ALL LC_CTYPE

has() {	# NAME TEXT
	grep -qF -e "$2" "$dir/out"
	result $? "$1"
}

has_no() {	# NAME TEXT
	! grep -qF -e "$2" "$dir/out"
	result $? "$1"
}

# Runs the command on a terminal, as `env` is told.
on_terminal() {	# [NAME=VALUE]... ARGUMENT...
	set -- LANG=C TERM=xterm "$@"
	timeout 30 env "$build/tests/programs/ptyrun" -- env "$@" >"$dir/out" 2>&1
}

"$tool" key generate --alg ES256 --out "$dir/key.jwk" --public "$dir/pub.jwk" >/dev/null
"$tool" issue --key "$dir/key.jwk" --iss https://one.test --sub alice --aud urn:h --ttl 10m >"$dir/good"
"$tool" issue --key "$dir/key.jwk" --iss https://one.test --sub alice --aud urn:other --ttl 10m >"$dir/bad"
cat >"$dir/pam_jwt.conf" <<-END
	[issuer one]
	iss      = https://one.test
	keys     = $dir/pub.jwk
	audience = urn:h

	[service login]
	permit     = as $(id -un)

	[state]
	directory = $dir/state
END
"$tool" state init --config "$dir/pam_jwt.conf" >/dev/null

verify() {	# TOKEN [NAME=VALUE]...
	verify_token=$1
	shift
	# shellcheck disable=SC2016	# for the inner shell
	on_terminal "$@" sh -c 'exec "$1" verify --config "$2/pam_jwt.conf" --service login <"$2/$3"' sh "$tool" "$dir" "$verify_token"
}

verify good
has 'a token that is good is green' "${esc}[32m"
has_no 'and nothing is red' "${esc}[1;31m"
has 'with a mark that each terminal has' "${esc}[32m+ "
verify good LC_ALL=C.UTF-8
has 'with a tick in UTF-8' '✔'
verify bad LC_ALL=C.UTF-8
has 'a token that is not good is red' "${esc}[1;31m"
has 'with a cross at what is wrong' '✘'
for plain in NO_COLOR=1 TERM=dumb; do
	verify good "$plain"
	has_no "no colour with $plain" "$esc"
	has "$plain: but the answer" accepted
done
verify good NO_COLOR=
has 'NO_COLOR that is empty says nothing' "${esc}[32m"
env TERM=xterm "$tool" verify --config "$dir/pam_jwt.conf" --service login <"$dir/good" >"$dir/out" 2>&1
has_no 'no colour in a pipe' "$esc"

on_terminal "$tool" state purge --config "$dir/pam_jwt.conf"
has 'purge says how far it is' 'purging 100 %'
has 'and what it did' 'removed 0, kept 0'
"$tool" state purge --config "$dir/pam_jwt.conf" >"$dir/out" 2>&1
has_no 'but not into a file' purging
finish
