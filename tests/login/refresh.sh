#!/bin/sh
# A refresh that goes wrong: providers that send less than they must, more than they may, or mean harm. None of them ends a login
# but by invalid_grant, and nothing that they send writes to a terminal.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck source=tests/lib/session.sh
. "$P/tests/lib/session.sh"
# shellcheck source=tests/lib/glewlwyd.sh
. "$P/tests/lib/glewlwyd.sh"
AREA=refresh
provider_enter "$0" "$@"
why=$(op_missing)
[ -z "$why" ] || { skip refresh "$why" && exit 0; }
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip refresh 'needs root' && finish; }

REFUSES='corp does not renew your login, and it is kept: '
KEEPS='corp gives no new token now, and your login is kept: '
AGAIN='; if that stays so: pam-jwt login corp'

# The session as one line, without what a refresh writes first.
session_line() {
	tr -d '\n' <"$SESSION"
}

# A refresh with this fault fails so, and the session stays as it is.
survives() {	# FAULT STATUS LINE
	op_control "state?fault=$1"
	session_expire
	session_line >"$D/before"
	says "$1" "$2" "$3" token --host one.test
	session_line >"$D/after"
	check "$1: the session is kept" cmp -s "$D/before" "$D/after"
	check "$1: no token came out" test ! -s "$D/out"
	check "$1: nothing of it writes to the terminal" sh -c "[ -z \"\$(tr -d '\\n -~' <'$D/err')\" ]"
	op_control 'state?fault=none'
}

# Each of these may be a dead refresh token, and may be something else.
unclear() {
	survives empty 1 "${REFUSES}it answered HTTP 400 and did not say why$AGAIN"
	survives request 1 "${REFUSES}it refused (invalid_request)$AGAIN"
	survives unknown 1 "${REFUSES}it refused (token_revoked: no more)$AGAIN"
	survives expired 1 "${REFUSES}the code was not used in time: log in again (expired_token)$AGAIN"
	survives client 2 "${KEEPS}it does not know this client, or the secret is wrong: see client in login.conf (invalid_client)"
	survives forbidden 2 "${KEEPS}it answered HTTP 403 and did not say why"
	says 'a provider that is well again' 0 '' token --host one.test
}

hostile() {
	survives escapes 1 "${REFUSES}it refused (no\\\\x1b]0;owned\\\\x07.*)$AGAIN"
	survives html 2 "${KEEPS}its answer is not accepted: it is HTML"
	survives half 2 "${KEEPS}its answer is not accepted: it is not a JSON object"
	survives big 2 "$KEEPS.*"
	survives redirect 2 "${KEEPS}it answered with a redirect, which is not followed (HTTP 308)"
	check 'nothing came where the redirect pointed' test "$(op_requests stolen)" -eq 0
	survives foreign 2 "${KEEPS}its ID token is not accepted: .*"
	says 'the login is still good' 0 '' token --host one.test
}

# A refresh of glewlwyd brings no ID token, its errors have no body, and a resource of its own is asked for.
at_glewlwyd() {
	glw_why=$(glw_missing)
	[ -z "$glw_why" ] || { skip glewlwyd "$glw_why" && return; }
	glw_start glewlwyd.test || { fail 'glewlwyd starts' @"$D/glw/log" && return; }
	glw_login alice https://host.test >"$D/login"
	glw_configure access_token
	glw_session access_token
	says 'glewlwyd: a refresh' 0 '' token corp --host host.test
	check 'glewlwyd: the token is for this host' sh -c "'$JWT' inspect <'$D/out' | grep -q 'https://host.test'"
	session_expire
	says 'glewlwyd: another one, by the refresh token that came' 0 '' token corp --host host.test
	cp "$SESSION" "$D/before"
	glw_configure id_token
	sed -e 's/"use":"access_token"/"use":"id_token"/' -e 's|"resource":"[^"]*"|"resource":""|' "$D/before" >"$D/session"
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/session" "$SESSION"
	session_expire
	says 'glewlwyd: no ID token comes with a refresh' 1 \
		"${REFUSES}it gives an ID token only at a login; use = access_token needs none$AGAIN" token corp
	check 'glewlwyd: its new refresh token is kept' test "$(session_member refresh_token)" != "$(json_member refresh_token <"$D/before")"
	glw_configure access_token
	glw_dead="$(session_member refresh_token)x"
	sed -e 's/"use":"id_token"/"use":"access_token"/' -e 's|"resource":""|"resource":"https://host.test"|' \
		-e "s/\"refresh_token\":\"[^\"]*\"/\"refresh_token\":\"$glw_dead\"/" "$SESSION" >"$D/session"
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/session" "$SESSION"
	says 'glewlwyd: a dead refresh token' 1 "${REFUSES}it answered HTTP 400 and did not say why$AGAIN" token corp --host host.test
	check 'glewlwyd: the session is kept' grep -q '"is_over":false' "$SESSION"
	# It lets no client without a secret revoke anything.
	says 'glewlwyd: logout' 1 'corp could not be told, and the login may go on there: it answered HTTP 401 and did not say why' logout corp
	check 'glewlwyd: the session is gone anyway' test ! -e "$SESSION"
}

glw_configure() {	# USE
	glw_resource='resource = https://%{host}'
	[ "$1" = access_token ] || glw_resource='use = id_token'
	cat >"$SESSION_HOME/.config/pam-jwt/login.conf" <<-END
		[login corp]
		iss     = $ISSUER
		client  = ssh-cli
		$glw_resource
		hosts   = host.test
		ca_file = $D/ca.pem
	END
}

glw_session() {	# USE
	cat >"$D/session" <<-END
		{"issuer":"$ISSUER","client":"ssh-cli","token_endpoint":"$ISSUER/token","revocation_endpoint":"$ISSUER/revoke",
		"client_auth":"none","use":"$1","refresh_token":"$(json_member refresh_token <"$D/login")","is_over":false,
		"boot_id":"$(cat /proc/sys/kernel/random/boot_id)","tokens":[{"resource":"https://host.test","token":"","taken":0}]}
	END
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/session" "$SESSION"
}

provider_names provider.test glewlwyd.test
op_start provider.test || { fail 'oidc-provider starts' && finish; }
session_prepare
session_make one.test two.test
unclear
hostile
at_glewlwyd
finish
