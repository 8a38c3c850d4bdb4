#!/bin/sh
# An account that is cut off stays out by every way, also when its password has aged: pam_unix then ends the account stack with
# "new password required", and whatever stands after it is not asked. Somebody else whose password has aged gets in.
set -u
# shellcheck source=tests/booted/lib/inside.sh
. /pam_jwt/tests/booted/lib/inside.sh
accounts
configure

for way in ssh_in ssh_key_in su_in; do
	gets_in "$way, nobody is cut off" alice "$way" alice
done
gets_in 'sudo_in, nobody is cut off' root sudo_in alice
gets_in 'ssh_in, by a token' alice ssh_in alice "$W/token"

pam-jwt revoke --account alice >/dev/null
for way in ssh_in ssh_key_in su_in sudo_in; do
	password_set alice
	is_refused "$way, cut off" "$way" alice
	password_aged alice
	is_refused "$way, cut off, aged password" "$way" alice
done
is_refused 'ssh_in, cut off, by a token' ssh_in alice "$W/token"

for way in ssh_in su_in; do
	password_aged bob
	gets_in "$way, another, aged password" bob "$way" bob
done
password_aged bob
gets_in 'sudo_in, another, aged password' root sudo_in bob

pam-jwt revoke --account alice --undo >/dev/null
password_set alice
gets_in 'ssh_in, after the cut-off' alice ssh_in alice
finish
