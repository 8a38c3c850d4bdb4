#!/bin/sh
# An issuer that is configured by its address alone: the timer fetches its keys, and when the provider replaces its only key
# without overlap, the next token works within a minute and a half with nobody touching the host, and the old one does not.
#
# seconds: 300
set -u
# shellcheck source=tests/booted/lib/inside.sh
. /pam_jwt/tests/booted/lib/inside.sh

SITE=$W/site
ISSUER=https://localhost:4443
DETAIL='journalctl -q -n 20 --no-pager'

# A server of raw answers, with a certificate of an authority that this system trusts.
provider() {
	mkdir -p "$SITE/.well-known"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost -keyout "$W/server.key" -out /usr/local/share/ca-certificates/test.crt 2>/dev/null
	update-ca-certificates >/dev/null 2>&1
	answer .well-known/openid-configuration "{\"issuer\":\"$ISSUER\",\"jwks_uri\":\"$ISSUER/jwks\"}"
	systemd-run -q --unit=provider --working-directory="$SITE" \
		openssl s_server -HTTP -accept 4443 -cert /usr/local/share/ca-certificates/test.crt -key "$W/server.key"
}

answer() {	# PATH BODY
	printf 'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n%s' "$2" >"$SITE/$1.new"
	mv "$SITE/$1.new" "$SITE/$1"
}

# The provider's only key from now on, and a token of alice's by it in $W/NAME.
rotate() {	# NAME
	pam-jwt key generate --alg ES256 --kid "$1" --out "$W/$1.jwk" --public "$W/$1.pub" >/dev/null
	answer jwks "{\"keys\":[$(cat "$W/$1.pub")]}"
	pam-jwt issue --key "$W/$1.jwk" --iss "$ISSUER" --sub alice --aud urn:test --ttl 30m >"$W/$1"
}

wait_for_kid() {	# NAME SECONDS
	wait_end=$(($(date +%s) + $2))
	until grep -qs "\"kid\":\"$1\"" /var/lib/pam_jwt/keys/corp.jwks; do
		[ "$(date +%s)" -lt "$wait_end" ] || return 1
		sleep 1
	done
}

accounts
# Without it the user's manager ends after each login, and the next login may wait for its start for longer than ssh does here.
loginctl enable-linger alice
provider
configure
rotate one
systemctl is-active -q pam-jwt-sync.timer
result $? 'the timer runs after the installation' "$($DETAIL)"
sleep 65
[ "$(systemctl is-failed pam-jwt-sync.service)" != failed ] && ! journalctl -q -u pam-jwt-sync.service -p notice | grep -q .
result $? 'without keys = sync it neither fails nor says anything' "$($DETAIL)"
printf '[issuer corp]\niss = %s\nkeys = sync\naudience = urn:test\n[service *]\npermit = as claim sub\n' "$ISSUER" >"$CONF"
wait_for_kid one 75
result $? 'the timer fetches the first keys' "$($DETAIL)"
gets_in 'the first key' alice ssh_in alice "$W/one"
rotate two
is_refused 'the new key, before anybody knows it' ssh_in alice "$W/two"
[ -e /run/pam_jwt/wanted/corp ]
result $? 'the login left a word'
wait_for_kid two 90
result $? 'the timer fetches the new key within a minute and a half' "$($DETAIL)"
gets_in 'the new key' alice ssh_in alice "$W/two"
is_refused 'the old key' ssh_in alice "$W/one"
journalctl -q -t pam-jwt -o cat | grep -qx 'corp: installed, +two -one'
result $? 'the log has the change' "$($DETAIL)"
systemctl stop provider
pam-jwt sync >"$W/out" 2>&1
[ $? -eq 1 ] && grep -q '^corp: kept (' "$W/out"
result $? 'a provider that is down' "@$W/out"
gets_in 'the provider is down' alice ssh_in alice "$W/two"
pam-jwt check >"$W/out" 2>&1 && grep -q 'keys fetched .* ago' "$W/out"
result $? 'check shows the age' "@$W/out"
finish
