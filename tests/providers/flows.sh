#!/bin/sh
# What a client meets at the real identity providers: device flow, refresh, one token for each host, refusals, a session that
# ends. Each token is shown to pam-jwt verify. So a test of a client can tell its own faults from those of a provider.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck source=tests/lib/glewlwyd.sh
. "$P/tests/lib/glewlwyd.sh"
provider_enter "$0" "$@"
why=$(provider_missing)
[ -z "$why" ] || { skip flows "$why" && exit 0; }
ns_enter "$0" "$@"

ONE=https://host.test
OTHER=https://other.test

# Two services stand for two hosts.
configure() {	# CLAIM
	web -f "$1" >"$D/keys.jwks"
	for configure_host in host other; do
		cat >"$D/$configure_host.conf" <<-END
			[issuer corp]
			iss      = $ISSUER
			keys     = $D/keys.jwks
			audience = https://$configure_host.test
			[service test]
			permit   = as claim $2
		END
	done
}

# The host's verdict on the access token in $D/answer.
verdict() {	# HOST REASON
	json_member access_token <"$D/answer" | "$JWT" verify --config "$D/$1.conf" --service test --user alice --json >"$D/out" 2>&1 || :
	[ "$(json_reason <"$D/out")" = "$2" ]
}

accepted() {	# NAME HOST
	if verdict "$2" ok; then pass "$1"; else fail "$1" @"$D/answer" @"$D/out"; fi
}

answers() {	# NAME PATTERN
	if grep -q -- "$2" "$D/answer"; then pass "$1"; else fail "$1" "wanted: $2" @"$D/answer"; fi
}

member() {	# NAME
	json_member "$1" <"$D/answer"
}

op_devices() {
	op_device "$ONE" >"$D/answer"
	check 'device: no interval, so it is 5 s' sh -c "! grep -q interval '$D/answer'"
	device=$(member device_code) user=$(member user_code)
	op_poll "$device" "$ONE" >"$D/answer"
	answers 'device: before the person came' '"authorization_pending"'
	op_approve "$user"
	op_poll "$device" "$ONE" >"$D/answer"
	accepted 'device: after the person came' host
	op_poll "$device" "$ONE" >"$D/answer"
	answers 'device: a code is good once' '"invalid_grant"'
	op_device "$ONE" >"$D/answer"
	device=$(member device_code) user=$(member user_code)
	op_control 'state?consent=no'
	op_approve "$user"
	op_control 'state?consent=yes'
	op_poll "$device" "$ONE" >"$D/answer"
	answers 'device: the person says no' '"access_denied"'
}

# A second is enough, but it must be over.
op_device_expires() {
	op_control 'state?device=1'
	op_device "$ONE" >"$D/answer"
	op_control 'state?device=600'
	sleep 2
	op_poll "$(member device_code)" "$ONE" >"$D/answer"
	answers 'device: a code that has expired' '"expired_token"'
}

# One login, a token for each host.
op_hosts() {
	OP_SCOPE='openid login offline_access'
	op_login alice "$ONE" "$OTHER" >"$D/answer"
	accepted 'hosts: the first one accepts its token' host
	check 'hosts: the other one does not' verdict other audience-mismatch
	first=$(member refresh_token)
	op_refresh "$first" "$OTHER" >"$D/answer"
	accepted 'hosts: the other one accepts its own' other
	check 'hosts: the first one does not' verdict host audience-mismatch
	second=$(member refresh_token)
	op_refresh "$second" https://third.test >"$D/answer"
	answers 'hosts: one that was not asked for' '"invalid_target"'
	op_refresh "$second" "$ONE" >"$D/answer"
	answers 'hosts: the refusal has used the session up' '"invalid_grant"'
}

op_reuse() {
	op_login alice "$ONE" >"$D/answer"
	first=$(member refresh_token)
	op_refresh "$first" "$ONE" >"$D/answer"
	second=$(member refresh_token)
	op_refresh "$first" "$ONE" >"$D/answer"
	answers 'refresh: an old token' '"invalid_grant"'
	op_refresh "$second" "$ONE" >"$D/answer"
	answers 'refresh: it ended the session' '"invalid_grant"'
}

op_faults() {
	op_login alice "$ONE" >"$D/answer"
	first=$(member refresh_token)
	op_control 'state?fault=html'
	op_refresh "$first" "$ONE" >"$D/answer"
	answers 'a page instead of an answer' '^<!DOCTYPE html>'
	op_control 'state?fault=busy'
	op_form -i -d grant_type=refresh_token -d "refresh_token=$first" >"$D/answer"
	answers 'a provider that is busy' '^HTTP/1.1 503'
	answers 'it says until when' '^Retry-After: 30'
	op_control 'state?fault=lost'
	op_refresh "$first" "$ONE" >"$D/answer" 2>/dev/null || :
	check 'an answer that is lost' test -z "$(cat "$D/answer")"
	op_control 'state?fault=none'
	op_refresh "$first" "$ONE" >"$D/answer"
	answers 'it has used the token up' '"invalid_grant"'
}

op_ends() {
	op_control 'state?lifetime=7'
	op_login alice "$ONE" >"$D/answer"
	answers 'a short lifetime' '"expires_in":7[,}]'
	op_control 'state?lifetime=600'
	op_revoke "$(member refresh_token)"
	op_refresh "$(member refresh_token)" "$ONE" >"$D/answer"
	answers 'a session that was revoked' '"invalid_grant"'
	op_login alice "$ONE" >"$D/answer"
	op_control forget
	op_refresh "$(member refresh_token)" "$ONE" >"$D/answer"
	answers 'a provider that forgot' '"invalid_grant"'
	op_control 'state?consent=no'
	op_login alice "$ONE" >"$D/answer" 2>&1 || :
	answers 'a login that the person refuses' '^http://127.0.0.1/callback?error=access_denied&.*&iss='
	op_control 'state?consent=yes'
	check 'its log' test "$(op_requests '^POST /token 400 refresh_token invalid_grant')" = 6
}

# A client that waits on the loopback address.
browser() {	# URL
	python3 - "$D/browser" "$1" <<-'END' >"$D/answer" &
		import http.server, subprocess, sys
		class Page(http.server.BaseHTTPRequestHandler):
		    def do_GET(self):
		        print(self.path)
		        self.send_response(200)
		        self.end_headers()
		    def log_message(self, *words):
		        pass
		server = http.server.HTTPServer(('127.0.0.1', 8765), Page)
		server.timeout = 15
		person = subprocess.Popen(sys.argv[1:])
		server.handle_request()
		person.wait(15)
	END
	wait $! || :
	answers 'a browser comes to the end' '^/callback?.*code='
}

query() {
	printf 'client_id=ssh-cli&response_type=code&scope=openid&state=state&nonce=nonce&code_challenge=%s&code_challenge_method=S256' \
		"$PKCE_CHALLENGE"
	printf '&redirect_uri=http%%3A%%2F%%2F127.0.0.1%%3A8765%%2Fcallback'
}

with_oidc_provider() {
	AREA=oidc-provider
	why=$(op_missing)
	[ -z "$why" ] || { skip 'its flows' "$why" && return 0; }
	op_start provider.test || { fail 'it starts' && return 0; }
	configure "$OP/jwks" sub
	op_devices
	op_device_expires
	op_hosts
	op_reuse
	op_faults
	op_ends
	person_browser "$D/browser" "$D/jar"
	browser "$OP/auth?$(query)"
	op_stop
}

glw_devices() {
	glw_device "$ONE" >"$D/answer"
	answers 'device: an interval' '"interval":5'
	device=$(member device_code) user=$(member user_code)
	glw_poll "$device" >"$D/answer"
	answers 'device: before the person came' '"authorization_pending"'
	glw_poll "$device" >"$D/answer"
	answers 'device: too soon' '"slow_down"'
	glw_device "$ONE" >"$D/answer"
	device=$(member device_code) user=$(member user_code)
	glw_approve alice "$user"
	glw_poll "$device" >"$D/answer"
	accepted 'device: after the person came' host
}

glw_sessions() {
	first=$(member refresh_token)
	glw_refresh "$first" >"$D/answer"
	accepted 'refresh: a token' host
	check 'refresh: no ID token' test -z "$(member id_token)"
	second=$(member refresh_token)
	glw_refresh "$first" >"$D/answer"
	check 'refresh: an old token, an empty answer' test -z "$(cat "$D/answer")"
	glw_refresh "$second" >"$D/answer"
	check 'refresh: it ended the session' test -z "$(cat "$D/answer")"
}

with_glewlwyd() {
	AREA=glewlwyd
	why=$(glw_missing)
	[ -z "$why" ] || { skip 'its flows' "$why" && return 0; }
	glw_start glewlwyd.test || { fail 'it starts' && return 0; }
	configure "$ISSUER/jwks" username
	glw_devices
	glw_sessions
	glw_person alice >"$D/out"
	person_browser "$D/browser" "$D/glw/jar" '&g_continue'
	browser "$ISSUER/auth?$(query)"
	glw_stop
}

provider_names provider.test glewlwyd.test
with_oidc_provider
with_glewlwyd
finish
