#!/bin/sh
# Every kind of token through a real sudo, which asks the caller to prove who he is: alice becomes root with her own token.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
ns_enter "$0" "$@"
why=$(setuid_obstacle sudo)
[ -z "$why" ] || { skip sudo "$why" && finish; }

RHOST=
WANT=0	# what "id -u" prints

login() {	# USER, always alice
	as_alice sudo -S -p '' id -u
}

# No ticket: each attempt has to be decided by the module. sudo reads its files as root only.
sudoers_write() {
	printf 'Defaults !lecture, timestamp_timeout=0, passwd_tries=1\nalice ALL=(ALL) ALL\n' >"$D/sudoers"
	chmod 440 "$D/sudoers"
	mkdir "$D/sudoers.d"
	: >"$D/sudo.conf"
	ns_cover "$D/sudoers" /etc/sudoers
	ns_cover "$D/sudoers.d" /etc/sudoers.d
	ns_cover "$D/sudo.conf" /etc/sudo.conf
}

# sudo cuts the answer at 511 bytes; a token of the issuer that the README describes has to fit.
# shellcheck disable=SC2317 # called by check
fits_sudo() {
	[ "$(wc -c <"$D/tok/good")" -lt 512 ]
}

keys_make sudo
pam_service sudo
sudoers_write
suite sudo alice bob
check 'sudo: an ES256 token fits into 511 bytes' fits_sudo
finish
