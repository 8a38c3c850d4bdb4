#!/bin/sh
# Every kind of token through a real sudo, which asks the caller to prove who he is: alice becomes root with her own token.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
ns_enter "$0" "$@"
why=$(setuid_obstacle sudo)
[ -z "$why" ] || { skip sudo "$why" && finish; }

RHOST=
WANT=0	# what "id -u" prints

login() {	# USER, always alice
	as_alice sudo -S -p '' id -u
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
