#!/bin/sh
# Every kind of token through a real su, which asks for a proof of the target: alice becomes bob with bob's token, and with
# nothing else, least of all her own.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
ns_enter "$0" "$@"
why=$(setuid_obstacle su)
[ -z "$why" ] || { skip su "$why" && finish; }

RHOST=
WANT=bob

login() {	# TARGET
	as_alice su -c 'id -un' "$1"
}

keys_make su
pam_service su
suite su bob alice
finish
