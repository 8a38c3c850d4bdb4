#!/bin/sh
# Every kind of token through a real sudo, which asks the caller to prove who he is: alice becomes root with her own token.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
# shellcheck source=tests/lib/recipe.sh
. "$P/tests/lib/recipe.sh"
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

# conf/pam.d/sudo and conf/recipes/home.conf as they stand: a token whose user has just authenticated, and nothing else.
recipe() {
	recipe_stack sudo sudo
	recipe_conf recipes/home.conf
	recipe_password alice correct-horse
	mint test alice "$AUD" --claim-json "auth_time=$(date +%s)" >"$D/tok/fresh"
	mint test alice "$AUD" --claim-json "auth_time=$(($(date +%s) - 3600))" >"$D/tok/morning"
	echo correct-horse >"$D/tok/password"
	attempt 'the recipe: a token of a fresh login' fresh alice ok
	attempt 'the recipe: a token of the morning' morning alice not-permitted
	attempt 'the recipe: a token that does not say when' good alice not-permitted
	attempt 'the recipe: the correct password' password alice token-form
}

keys_make sudo
pam_service sudo
sudoers_write
suite sudo alice bob
check 'sudo: an ES256 token fits into 511 bytes' fits_sudo
recipe
finish
