#!/bin/sh
# Step-up for a real sudo: a token that is good for logging in is not good for becoming root; a fresh and strong one is.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
ns_enter "$0" "$@"
why=$(setuid_obstacle sudo)
[ -z "$why" ] || { skip stepup "$why" && finish; }

SERVICE=sudo
RHOST=
WANT=0

login() {	# USER, always alice
	as_alice sudo -S -p '' id -u
}

# The rule for sudo asks for more than that of the login.
step_up_rules() {
	cat >"$CONF" <<-END
		[issuer test]
		iss      = $ISS
		keys     = $D/test.pub.jwk
		audience = $AUD

		[service sudo sudo-i]
		permit = as claim sub if auth_time within 15m and acr in { gold, platinum }

		[service sshd]
		permit = as claim sub
	END
}

now=$(date +%s)
mint_auth() {	# NAME AUTH_TIME ACR
	mint test alice "$AUD" ${2:+--claim-json "auth_time=$2"} ${3:+--claim "acr=$3"} >"$D/tok/$1"
}

says() {	# NAME TEXT
	if grep -qF "$2" "$D/err"; then pass "sudo: $1"; else fail "sudo: $1" "$(cat "$D/out" "$D/err")"; fi
}

keys_make sudo
step_up_rules
pam_service sudo
sudoers_write
mint test alice "$AUD" >"$D/tok/login"
mint_auth fresh "$((now - 60))" gold
mint_auth old "$((now - 3600))" gold
mint_auth weak "$((now - 60))" bronze

attempt 'a login token' login alice not-permitted
attempt_login 'a login token, once more' login alice not-permitted
says 'the user is told what is needed' 'signed in within the last 15 minutes'
attempt_login 'authenticated an hour ago' old alice not-permitted
says 'the user is told how fresh' 'signed in within the last 15 minutes'
attempt_login 'authenticated weakly' weak alice not-permitted
says 'the user is told how strong' 'acr in { gold, platinum }'
attempt 'fresh and strong' fresh alice ok
SERVICE=sshd
verify_login() {
	"$JWT" verify --config "$CONF" --service sshd --user alice <"$D/tok/login" >"$D/out" 2>&1
}
check 'sudo: the login token is good for sshd' verify_login

# Without a store of used tokens the setting must not be taken and ignored.
SERVICE=sudo
sed -i 's/^permit.*acr.*/&\nsingle_use = yes/' "$CONF"
printf '\n[state]\ndirectory = %s/state\n' "$D" >>"$CONF"
attempt 'single_use = yes before the store is made' fresh alice state-unavailable
"$JWT" state init --config "$CONF" >/dev/null
mint_auth fresh "$((now - 60))" gold
attempt_login 'single_use = yes' fresh alice ok
attempt 'the same token again' fresh alice replayed
finish
