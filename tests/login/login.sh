#!/bin/sh
# pam-jwt login, from the command line to the session: by device and by browser at npm's oidc-provider and Debian's glewlwyd, with
# curl as the person, and at a provider that does everything wrong (badop.py), with a browser that does the same (badbrowser.py).
# Each has a network namespace of its own. What waits for a person waits side by side.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck source=tests/lib/glewlwyd.sh
. "$P/tests/lib/glewlwyd.sh"
AREA=login
command -v python3 >/dev/null || { skip login 'python3 is not here' && exit 0; }
[ -x "$B/pam-jwt-net" ] || { skip login 'there was no libcurl for pam-jwt-net' && exit 0; }
provider_enter "$0" "$@"
why=$(provider_missing)
[ -z "$why" ] || { skip login "$why" && exit 0; }
ns_enter "$0" "$@"

HOME_OF=$D/home/alice
SESSIONS=$D/run-alice/pam-jwt/session
TOKENS='code-secret\|token-secret\|of an application\|eyJ'	# what no terminal may show

# As alice, without anything of our environment but what WORDS set.
alice() {	# COMMAND...
	timeout -k 5 "$LIMIT" setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups env -i "PATH=$PATH" "HOME=$HOME_OF" \
		"XDG_RUNTIME_DIR=$D/run-alice" LC_ALL=C "$@"
}

# What it prints goes to $D/NAME.out and $D/NAME.err, its exit status to $D/NAME.rc.
run() {	# NAME COMMAND...
	run_name=$1
	shift
	run_rc=0
	alice "$@" >"$D/$run_name.out" 2>"$D/$run_name.err" </dev/null || run_rc=$?
	echo "$run_rc" >"$D/$run_name.rc.new"
	mv "$D/$run_name.rc.new" "$D/$run_name.rc"
}

begin() {	# NAME COMMAND...
	rm -f "$D/$1.rc" "$D/$1.err"
	run "$@" &
	NS_PIDS="$! $NS_PIDS"
}

ended() {	# NAME
	[ -e "$D/$1.rc" ]
}

# Judges a command that was run: its exit status, and a pattern in what it printed.
ends() {	# TITLE NAME STATUS PATTERN
	ends_fault=
	wait_for 20 ended "$2" || ends_fault='it has not ended'
	[ -n "$ends_fault" ] || [ "$(cat "$D/$2.rc")" = "$3" ] || ends_fault="exit status $(cat "$D/$2.rc"), and not $3"
	cat "$D/$2.out" "$D/$2.err" >"$D/said"
	[ -n "$ends_fault" ] || grep -q -- "$4" "$D/said" || ends_fault="it does not say: $4"
	[ -n "$ends_fault" ] || is_harmless "$D/said" || ends_fault='what it says is not harmless'
	if [ -z "$ends_fault" ]; then pass "$1"; else fail "$1" "$ends_fault" @"$D/said"; fi
}

# No control character but newline, nothing but ASCII, no token.
is_harmless() {	# FILE
	[ -z "$(tr -d '\n -~' <"$1")" ] && ! grep -q "$TOKENS" "$1"
}

# Prints what stands alone on an indented line: the page, the code.
shown() {	# NAME PATTERN
	sed -n "s#^    \($2\)\$#\1#p" "$D/$1.err" 2>/dev/null | head -n 1
}

has_shown() {	# NAME PATTERN
	[ -n "$(shown "$1" "$2")" ]
}

section() {	# NAME ISS [LINE...]
	printf '[login %s]\niss = %s\nclient = ssh-cli\n' "$1" "$2"
	shift 2
	[ $# -eq 0 ] || printf '%s\n' "$@"
	echo
}

prepare() {
	cp "$B/pam-jwt-net" "$D"
	mkdir -p "$D/run-alice" "$HOME_OF/.config/pam-jwt" "$D/bad"
	chmod 700 "$D/run-alice"
	provider_names oidc-provider.test glewlwyd.test
	chmod 755 "$D"
	echo 'the secret of an application' >"$D/secret"
	chmod 644 "$D/secret"
	configure >"$HOME_OF/.config/pam-jwt/login.conf"
	chown -R "$ALICE" "$D/run-alice" "$HOME_OF" "$D/bad"
}

# The bad one has a section for each of its modes.
configure() {
	section op https://oidc-provider.test "ca_file = $D/ca.pem" 'scope = openid offline_access login' \
		'resource = https://%{host}' 'hosts = host.test other.test *.more.test'
	section glw https://glewlwyd.test:4593/api/oidc "ca_file = $D/ca.pem" 'scope = openid' 'resource = https://%{host}' \
		'hosts = host.test' 'ports = 8764 8765'
	section op-secret https://oidc-provider.test "ca_file = $D/ca.pem" "client_secret_file = $D/secret" 'resource = https://%{host}' \
		'scope = openid offline_access login' 'hosts = host.test' | sed 's/ssh-cli/ssh-secret/'
	section less "http://127.0.0.1:$BAD_PORT/narrow" 'resource = ssh://%{host}' 'hosts = host.test' \
		'scope = openid offline_access profile groups'
	section patterns "http://127.0.0.1:$BAD_PORT/good" 'resource = ssh://%{host}' 'hosts = *.test'
	section id-token "http://127.0.0.1:$BAD_PORT/good" 'use = id_token' 'hosts = host.test'
	section id-missing "http://127.0.0.1:$BAD_PORT/no-id" 'use = id_token' 'hosts = host.test'
	bad_modes | while read -r configure_mode; do
		section "$configure_mode" "http://127.0.0.1:$BAD_PORT/$configure_mode" 'resource = ssh://%{host}' 'hosts = host.test'
	done
}

bad_modes() {
	{
		sed -n "s/.*'\([a-z0-9-]*\)': {'.*/\1/p; s/.*mode == '\([a-z-]*\)'.*/\1/p" "$P/tests/login/badop.py"
		echo good
	} | sort -u
}

bad_start() {
	mkdir -p "$D/bad"
	python3 "$P/tests/login/badop.py" "$D/bad" >"$D/bad.log" 2>&1 &
	NS_PIDS="$! $NS_PIDS"
	wait_for 20 test -s "$D/bad/port" || { cat "$D/bad.log" >&2 && return 1; }
	BAD_PORT=$(cat "$D/bad/port")
}

# ---- the real ones ----

session_of() {	# NAME
	cat "$SESSIONS/$1" 2>/dev/null
}

device_at_op() {
	begin op-device "$JWT" login op --device
	if ! wait_for 10 has_shown op-device '[A-Z]*-[A-Z]*'; then
		fail 'oidc-provider, by device: a code is shown' @"$D/op-device.err"
	else
		op_approve "$(shown op-device '[A-Z]*-[A-Z]*')"
	fi
}

device_at_glw() {
	begin glw-device "$JWT" login glw --device
	if ! wait_for 10 has_shown glw-device '[A-Z0-9]*-[A-Z0-9]*'; then
		fail 'glewlwyd, by device: a code is shown' @"$D/glw-device.err"
	else
		glw_approve alice "$(shown glw-device '[A-Z0-9]*-[A-Z0-9]*')" >"$D/none" 2>&1
	fi
}

kept() {	# TITLE NAME MEMBER...
	kept_fault=
	[ "$(stat -c '%a %u' "$SESSIONS/$2" 2>&1)" = "600 $ALICE" ] || kept_fault="$(stat -c '%a %u' "$SESSIONS/$2" 2>&1)"
	kept_title=$1 kept_name=$2
	shift 2
	for kept_member in "$@"; do
		session_of "$kept_name" | grep -q -- "$kept_member" || kept_fault="$kept_fault; no $kept_member"
	done
	if [ -z "$kept_fault" ]; then pass "$kept_title"; else fail "$kept_title" "$kept_fault" @"$SESSIONS/$kept_name"; fi
}

browser_at_op() {
	op_control 'state?account=alice'
	person_browser "$D/browser" "$D/bad/jar"
	run op-browser env BROWSER="$D/browser" "$JWT" login op --browser
	ends 'oidc-provider, by browser' op-browser 0 '^alice at op$'
	kept 'oidc-provider, by browser: the session' op '"subject":"alice"' '"refresh_token":"' '"resource":"https://host.test"'
	session_of op >"$D/before"
	run op-secret env BROWSER="$D/browser" "$JWT" login op-secret --browser
	ends 'oidc-provider, a client with a secret, by Basic' op-secret 0 '^alice at op-secret$'
	chown "$ALICE" "$D/secret"
	run op-secret "$JWT" login op-secret --browser
	ends 'a secret of her own that others may read' op-secret 2 'client_secret_file .*/secret: others may read it: chmod 600'
	chmod 600 "$D/secret"
	run op-secret env BROWSER="$D/browser" "$JWT" login op-secret --browser
	ends '  that nobody else may read' op-secret 0 '^alice at op-secret$'
	op_control 'state?consent=no'
	rm -f "$D/bad/jar"
	run op-denied env BROWSER="$D/browser" "$JWT" login op --browser
	ends 'oidc-provider, by browser: the person says no' op-denied 1 'login was denied (access_denied'
	op_control 'state?consent=yes'
	check 'the session before is still there' sh -c "cmp -s '$D/before' '$SESSIONS/op'"
	run op-hosts env BROWSER="$D/browser" "$JWT" login op --browser --host new.more.test --max-age 1h --json
	ends 'oidc-provider, by browser, with --host, --max-age and --json' op-hosts 0 '"name": *"op"'
	kept 'the token that came is for --host' op '"resource":"https://new.more.test"'
}

browser_at_glw() {
	glw_person alice >"$D/none"
	chown "$ALICE" "$D/glw" "$D/glw/jar"
	chmod 755 "$D/glw"
	person_browser "$D/browser" "$D/glw/jar" '&g_continue'
	python3 -c 'import socket, sys, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", 8764)); s.listen()
open(sys.argv[1], "w"); time.sleep(20)' "$D/taken" &
	NS_PIDS="$! $NS_PIDS"
	taken_pid=$!
	wait_for 5 test -e "$D/taken" || ss -tan >&2
	run glw-browser env BROWSER="$D/browser" "$JWT" login glw --browser
	ends 'glewlwyd, by browser, at the second of its ports: the first is taken' glw-browser 0 '^alice at glw'
	grep -q 'no refresh token' "$D/glw-browser.err" && fail 'glewlwyd gives a refresh token' @"$D/glw-browser.err"
	kept 'glewlwyd, by browser: the session' glw '"refresh_token":"'
	provider_end "$taken_pid"
}

# ---- the bad one ----

# A login by device that fails at once; nothing of it is kept.
refused() {	# TITLE MODE STATUS PATTERN [OPTION...]
	refused_title=$1 refused_mode=$2 refused_rc=$3 refused_pattern=$4
	shift 4
	[ $# -gt 0 ] || set -- --device
	run "$refused_mode" "$JWT" login "$refused_mode" "$@"
	ends "$refused_title" "$refused_mode" "$refused_rc" "$refused_pattern"
	[ ! -e "$SESSIONS/$refused_mode" ] || fail "$refused_title: a session was kept" @"$SESSIONS/$refused_mode"
}

bad_metadata() {
	refused 'metadata of 10 MB' big 2 'login at big: '
	refused 'metadata that is a page' page 2 'not accepted: it is HTML'
	refused 'metadata: 503' error-page 2 'HTTP 503'
	refused 'metadata of another issuer' issuer 2 'is of the issuer'
	refused 'metadata of an issuer that is all escape sequences' issuer-esc 2 '\\x1b\]0;owned\\x07'
	refused 'metadata with an endpoint that is not https' plain-endpoint 2 'which is not https'
	refused 'no flow by device' no-device 2 'try --browser'
	refused 'no flow by browser' no-browser 2 'try --device' --browser
	refused 'PKCE without S256' no-s256 2 'no PKCE with S256' --browser
}

bad_device() {
	refused 'a user code with escape sequences' esc-code 2 'no code that can be shown'
	refused 'a user code with bidi controls' bidi-code 2 'no code that can be shown'
	refused 'a page with escape sequences' esc-uri 2 'not an https address: https://id.test/\\x1b'
	refused 'a complete page with escape sequences' esc-complete 2 'not an https address: https://id.test/\\x1b'
	refused 'a page that is not https' plain-uri 2 'not an https address: http://id.test/device'
	refused 'a page that is a script' script-uri 2 'not an https address: javascript'
	refused 'an error that is all escape sequences' esc-error 2 '(invalid_client\\x1b'
	refused 'an empty 403' empty 2 'HTTP 403'
	refused 'a POST is not redirected' redirect 2 'redirect, which is not followed'
	if grep -q stolen "$D/bad/requests"; then
		fail 'nothing came where the redirect pointed' @"$D/bad/requests"
	else
		pass 'nothing came where the redirect pointed'
	fi
}

# Those that take time: begun together, judged together.
SLOW='slow trouble denied expired page-token redirect-token empty-token big-token long-token id-iss id-aud id-old dpop no-token
	esc-token esc-name opaque nobody no-refresh good'
SLOW_AGE='auth-new auth-old auth-host auth-both no-id'	# with --max-age

slow_begin() {
	# Others hold the lock of a session for longer than anybody but a login waits.
	mkdir -p "$SESSIONS"
	chmod 700 "$D/run-alice/pam-jwt" "$SESSIONS"
	chown "$ALICE" "$D/run-alice/pam-jwt" "$SESSIONS"
	alice flock "$SESSIONS/opaque.lock" sleep 22 &
	NS_PIDS="$! $NS_PIDS"
	for slow_mode in $SLOW; do
		begin "$slow_mode" "$JWT" login "$slow_mode" --device
	done
	for slow_mode in $SLOW_AGE; do
		begin "$slow_mode" "$JWT" login "$slow_mode" --device --max-age 1h
	done
}

# Seconds between two polls of a mode, in whole numbers.
gap() {	# MODE POLL
	grep " POST /$1/token " "$D/bad/requests" | awk -v n="$2" '{ if (NR == n) first = $1; if (NR == n + 1) print int($1 - first + 0.5) }'
}

slow_end() {
	ends 'denied' denied 1 'login was denied (access_denied: the person said no\\x1b'
	ends 'nobody came' expired 1 'nobody entered the code in time'
	ends 'a page in the place of tokens, to the end' page-token 2 'not accepted: it is HTML'
	ends 'a redirect in the place of tokens, to the end' redirect-token 2 'redirect, which is not followed'
	ends 'an empty 400 in the place of tokens' empty-token 2 'HTTP 400'
	ends 'an answer without a token ends the wait' no-token 2 'it gave no access token'
	ends 'so does a token of escape sequences' esc-token 2 'it gave no access token'
	ends 'and one that is longer than any' long-token 2 'it gave no access token'
	ends 'a token for a key that nobody has' dpop 2 'token_type is DPoP'
	ends 'an ID token of another issuer' id-iss 2 'its iss is not that of the provider: https://other.test'
	ends 'an ID token for several clients, that nobody asked for' id-aud 2 'another client'
	ends 'an ID token that is long over' id-old 2 'expired'
	ends 'a person whose name is escape sequences' esc-name 0 '^alice\\x1b'
	ends 'an opaque access token is named as one, and the lock is waited for' opaque 0 'warning: opaque gave an opaque access token'
	ends 'an opaque access token, and no ID token: nobody is named' nobody 0 '^logged in at nobody until 20'
	run nobody "$JWT" login --status --json nobody
	ends '  nor in the status' nobody 0 '"subject":null,'
	ends '--max-age, and the ID token says how old it is' auth-new 0 'warning: the ID token of auth-new says when .* access token does not'
	ends '--max-age, and both tokens do' auth-both 0 '^alice at auth-both'
	grep -q warning "$D/auth-both.err" && fail '--max-age, and both tokens do: no warning' @"$D/auth-both.err"
	ends '--max-age, and no ID token comes' no-id 0 'warning: no-id does not say when you authenticated'
	ends '--max-age, and the provider takes an old login' auth-old 2 'the ID token is not accepted: .*older than max_age (auth_time)'
	ends '--max-age, and the token for the hosts is of an old login' auth-host 2 'the access token is not accepted: .*(auth_time)'
	ends 'no refresh token' no-refresh 0 'warning: no-refresh gave no refresh token'
	ends 'a login at the bad one, for once good' good 0 '^alice at good until 20'
	ends 'slow_down' slow 0 '^alice at slow'
	ends 'a provider that is in trouble for a while' trouble 0 '^alice at trouble'
	for slow_mode in auth-old auth-host denied expired page-token redirect-token empty-token no-token esc-token long-token dpop \
		id-iss id-aud id-old; do
		[ ! -e "$SESSIONS/$slow_mode" ] || fail "$slow_mode: a session was kept" @"$SESSIONS/$slow_mode"
	done
	slow_gap=$(gap slow 1)
	check "slow_down adds five seconds to the one that was asked for: $slow_gap" test "${slow_gap:-0}" -ge 6
	slow_gap=$(gap trouble 2)
	check "the second failure doubles the wait: $slow_gap" test "${slow_gap:-0}" -ge 3
}

# It answers for ever: what came of it is looked at, and it is ended with the namespace.
never() {
	if ended big-token && [ "$(cat "$D/big-token.rc")" -eq 0 ]; then
		fail 'big-token: it is no success' @"$D/big-token.err"
	elif [ -e "$SESSIONS/big-token" ]; then
		fail 'big-token: no session is kept' @"$SESSIONS/big-token"
	else
		pass 'big-token: it is no success'
	fi
}

# ---- the bad browser ----

bad_browser() {	# MODE STEP...
	bad_mode=$1
	shift
	rm -f "$D/bad/answers" "$D/bad/pages" "$D/bad/done"
	printf '%s\n' "$@" >"$D/bad/script"
	printf '#!/bin/sh\nexec python3 "%s" "%s" "$1" 2>>"%s/log"\n' "$P/tests/login/badbrowser.py" "$D/bad" "$D/bad" >"$D/browser"
	chmod 755 "$D/browser"
	run "$bad_mode" env BROWSER="$D/browser" "$JWT" login "$bad_mode" --browser
	wait_for 5 test -e "$D/bad/done" || cat "$D/bad/log" >&2
}

# The last connection may come while the program is closing its port: it is closed then, and not refused.
answered() {	# TITLE STATUSES
	if [ "$(paste -s -d ' ' "$D/bad/answers" | sed 's/ closed$/ refused/')" = "$2" ]; then
		pass "$1"
	else
		fail "$1" "wanted: $2" @"$D/bad/answers"
	fi
}

# Each user of the machine can read the address that a browser is started with, and log in with it as somebody else.
other_user() {
	wait_for 10 test -s "$D/bad/url" || return 1
	other_url=$(cat "$D/bad/url")
	other_state=$(echo "$other_url" | sed 's/.*[?&]state=\([^&]*\).*/\1/')
	other_port=$(sed 's/.*:\([0-9]*\).*/\1/' "$D/bad/redirect_uri")
	setpriv --reuid="$BOB" --regid="$BOB" --clear-groups curl -s -o "$D/bad.page" -m 5 \
		"http://127.0.0.1:$other_port/callback?code=evil&state=$other_state&iss=$(echo "$other_url" | sed 's|/auth?.*||')" &&
		other_rc=0 || other_rc=$?
	echo "$other_rc" >"$D/bad/other"
}

others() {
	[ "$NS" = root ] || return 0
	rm -f "$D/bad/url" "$D/bad/other"
	other_user &
	others_pid=$!
	bad_browser good wait 'get code=good&state=STATE&iss=ISS'
	wait "$others_pid" || :
	ends 'another user answers first' good 0 '^alice at good'
	answered 'the answer of the person counts' 'waited 200'
	# 52 and 56 of curl: the connection was closed without an answer.
	check 'the other one gets no page' grep -qx '5[26]' "$D/bad/other"
}

browsers() {
	bad_browser good silent 'get code=c&state=wrong&iss=ISS' 'get code=c&iss=ISS' 'get code=c&state=STATE&state=STATE&iss=ISS' \
		'get state=STATE&iss=ISS' 'get code=%0a&state=STATE&iss=ISS' 'host evil.test' 'host localhost:PORT' 'host 127.0.0.1' \
		'path /' 'path /favicon.ico?code=c&state=STATE&iss=ISS' \
		'raw POST /callback?code=c&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 0\r\n\r\n' \
		'raw GET /callback?code=c&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: 127.0.0.1:PORT\r\n\r\n' \
		'raw GET /callback?code=c&state=STATE HTTP/1.1\r\n\r\n' 'raw nonsense\r\n\r\n' \
		'get code=good&state=STATE&iss=ISS' 'get code=again&state=STATE&iss=ISS'
	ends 'a wait goes on until the right answer comes' good 0 '^alice at good'
	answered 'all others get a page, and after it nobody listens' \
		'silent 400 400 400 400 400 400 400 400 404 404 400 400 400 400 200 refused'
	if grep -q 'code=\|wrong\|STATE' "$D/bad/pages"; then fail 'nothing of a request is in a page' @"$D/bad/pages"; fi
	check 'the pages allow no script, no frame and no referrer' grep -q "default-src 'none'; frame-ancestors 'none'" "$D/bad/pages"
	bad_browser silent-iss 'get code=good&state=STATE'
	ends 'no iss, where none was announced' silent-iss 0 '^alice at silent-iss'
	bad_browser silent-iss 'get code=good&state=STATE&iss=https%3A%2F%2Fother.test'
	ends 'another iss, where none was announced' silent-iss 2 'not of this provider (iss): https://other.test'
	bad_browser good 'get code=good&state=STATE'
	ends 'no iss, where it was announced' good 2 'not of this provider (iss)'
	bad_browser good 'get error=access_denied&error_description=%1b%5b2J&state=STATE&iss=ISS'
	ends 'an error in the browser' good 1 'login was denied (access_denied: \\x1b\[2J)'
	bad_browser id-nonce 'get code=good&state=STATE&iss=ISS'
	ends 'an ID token with another nonce' id-nonce 2 'answers another request (nonce)'
}

# No shell looks at $BROWSER or at the address; the first program that there is runs.
launching() {
	printf '#!/bin/sh\nfor word; do echo "$word"; done >"%s/words"\n' "$D/bad" >"$D/browser"
	chmod 755 "$D/browser"
	rm -f "$D/bad/words"
	begin launched env --default-signal=INT BROWSER="$D/nothing::$D/browser --new %s --end ;touch $D/bad/shell" "$JWT" login good --browser --quiet
	wait_for 10 test -s "$D/bad/words" || :
	check 'BROWSER may have words, and %s for the address' grep -q '^http://127.0.0.1:.*/good/auth?response_type=code' "$D/bad/words"
	check 'its words are those that were written' test "$(sed -n '1p;3,4p' "$D/bad/words" | paste -s -d ' ')" = '--new --end ;touch'
	check 'no shell has seen them' test ! -e "$D/bad/shell"
	check 'the address is printed as well' wait_for 5 has_shown launched 'http://127.0.0.1:.*/auth?.*code_challenge_method=S256.*'
	launching_pid=$(pgrep -u "$ALICE" -f "$JWT login good --browser" | tail -n 1)
	kill -INT "$launching_pid" 2>/dev/null || :
	check 'Ctrl-C ends it' wait_for 5 ended launched
	check 'Ctrl-C is no success' test "$(cat "$D/launched.rc")" -ne 0
}

# Only root gets a terminal here.
on_terminal() {	# LOCALE
	timeout -k 5 "$LIMIT" "$B/tests/programs/ptyrun" -- setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups env -i "PATH=$PATH" \
		"HOME=$HOME_OF" "XDG_RUNTIME_DIR=$D/run-alice" TERM=xterm "LC_ALL=$1" "$JWT" login good --device >"$D/shown.out" || :
}

# Over ssh, at a provider that has only the flow by browser: none is started here, and the person is told how to reach the port.
forwarded() {
	rm -f "$D/bad/done"
	begin forwarded env SSH_CONNECTION='192.0.2.1 1 192.0.2.2 22' BROWSER="$D/browser" "$JWT" login no-device
	wait_for 10 has_shown forwarded 'http://127.0.0.1:.*' || :
	forwarded_url=$(shown forwarded 'http://127.0.0.1:.*')
	forwarded_port=$(printf '%s\n' "$forwarded_url" | sed -n 's/.*redirect_uri=http%3A%2F%2F127.0.0.1%3A\([0-9]*\)%2F.*/\1/p')
	check 'over ssh, and no other flow: it says how the port is reached' \
		has_shown forwarded "ssh -N -L 127.0.0.1:$forwarded_port:127.0.0.1:$forwarded_port THIS-MACHINE"
	check '  no browser is started here' test ! -e "$D/bad/done"
	alice "$D/browser" "$forwarded_url"
	ends '  a browser elsewhere comes back by it' forwarded 0 '^alice at no-device'
}

# Which flow it is when nobody says: a browser only where the person can see it.
automatic() {
	run auto "$JWT" login good
	ends 'neither a display nor BROWSER: by device' auto 0 'WDJB-MJHT'
	run auto env SSH_TTY=/dev/pts/1 BROWSER="$D/browser" DISPLAY=:0 "$JWT" login good
	ends 'over ssh: by device, whatever else is there' auto 0 'WDJB-MJHT'
	run auto env BROWSER="$D/browser" "$JWT" login no-browser
	ends 'a provider that has only one flow: by device' auto 0 'WDJB-MJHT'
	run auto env BROWSER="$D/browser" "$JWT" login no-s256
	ends 'a provider without S256: by device' auto 0 'WDJB-MJHT'
	bad_browser good 'get code=good&state=STATE&iss=ISS'
	run auto env BROWSER="$D/browser" "$JWT" login good
	ends 'with BROWSER: by browser' auto 0 'Your browser opens this page'
	run auto env BROWSER="$D/browser" "$JWT" login no-device
	ends 'a provider that has only one flow: by browser' auto 0 'Your browser opens this page'
	run auto env SSH_TTY=/dev/pts/1 BROWSER="$D/browser" "$JWT" login no-device --browser
	ends 'over ssh with --browser: it is started' auto 0 'Your browser opens this page'
	forwarded
}

# use = id_token keeps that one, and needs one.
id_tokens() {
	run id-token "$JWT" login id-token --device
	ends 'use = id_token' id-token 0 '^alice at id-token until 20'
	kept 'use = id_token: it is kept, for no resource' id-token '"use":"id_token"' '"resource":""'
	run id-missing "$JWT" login id-missing --device
	ends 'use = id_token, and none came' id-missing 2 'gave no ID token; openid must be in scope'
}

# At a terminal a line says how long it waits, and then goes; a QR code is there where pam-jwt-net draws some.
terminal() {
	ns_terminals
	on_terminal C.UTF-8
	check 'at a terminal it says who was logged in' grep -q 'alice at good until 20' "$D/shown.out"
	check 'at a terminal it says how long it waits' grep -q 'Waiting for you to agree there ([01]m[0-9]*s left)' "$D/shown.out"
	if printf x | "$D/pam-jwt-net" qr >"$D/none" 2>&1; then
		check 'at a terminal in UTF-8 there is a QR code' grep -q '[▀▄█]' "$D/shown.out"
		on_terminal C
		check 'at any other terminal there is none' sh -c "! grep -q '[▀▄█]' '$D/shown.out'"
	else
		skip 'a QR code' 'pam-jwt-net draws none here'
	fi
}

# Less than the scope that was asked for is told; what came all the same is not missed.
narrow() {
	run less "$JWT" login less --device
	ends 'less scope than was asked for' less 0 'warning: less does not give groups of scope'
	check 'nothing else of it is missed' test "$(grep -c 'of scope' "$D/less.err")" -eq 2
	run narrow "$JWT" login narrow --device
	ends 'less scope, and the tokens came' narrow 0 '^alice at narrow'
	check 'it has no warning' sh -c "! grep -q warning '$D/narrow.err'"
}

# The refresh token of another person is revoked, and that of the same one never: both logins may be under one grant.
replaced() {
	op_control 'state?account=alice'
	rm -f "$D/bad/jar"
	person_browser "$D/browser" "$D/bad/jar"
	run op-first env BROWSER="$D/browser" "$JWT" login op --browser
	run op-again env BROWSER="$D/browser" "$JWT" login op --browser
	ends 'the same person in the same browser' op-again 0 '^alice at op$'
	run op-token "$JWT" token op --host other.test
	check 'the new login is good' test "$(cat "$D/op-token.rc")" = 0
	replaced_token=$(session_of op | json_member refresh_token)
	replaced_revocations=$(op_requests revocation)
	check 'nothing was revoked' test "$replaced_revocations" -eq 0
	op_control 'state?account=bob'
	rm -f "$D/bad/jar"
	run op-bob env BROWSER="$D/browser" "$JWT" login op --browser
	ends 'another person' op-bob 0 '^bob at op$'
	op_refresh "$replaced_token" https://host.test >"$D/answer"
	check 'the login of the one before is revoked' grep -q '"invalid_grant"' "$D/answer"
	op_control 'state?revocation=503'
	op_control 'state?account=alice'
	rm -f "$D/bad/jar"
	run op-alice env BROWSER="$D/browser" "$JWT" login op --browser
	ends 'a provider that does not revoke' op-alice 0 '^alice at op$'
	check 'is no reason for a word' test "$(grep -c 'could not\|revo\|503' "$D/op-alice.err")" -eq 0
	op_control 'state?revocation=0'
}

# Patterns name no host, and what is for one host must be asked for.
patterns() {
	run patterns "$JWT" login patterns --device
	ends 'hosts that are all patterns' patterns 2 'patterns alone in hosts, .* with --host'
	run patterns "$JWT" login patterns --device --host one.test
	ends 'hosts that are all patterns, and --host' patterns 0 '^alice at patterns until 20'
	kept 'it is for this host alone' patterns '"tokens":\[{"resource":"ssh://one.test","token":"[^"]*","taken":[0-9]*,"life":60}]'
}

# With more hosts than a login asks for, the first of them count.
many() {
	many_hosts=$(seq -f 'h%g.test' 51 | paste -s -d ' ')
	section many "http://127.0.0.1:$BAD_PORT/good" 'resource = ssh://%{host}' "hosts = $many_hosts" >>"$HOME_OF/.config/pam-jwt/login.conf"
	run many "$JWT" login many --device --host h51.test
	ends 'with 51 hosts' many 0 'warning: \[login many\] has more than 50 hosts: h50.test gets a token only if'
	many_form=$(grep 'POST /good/device' "$D/bad/requests" | tail -n 1)
	many_count=$(printf '%s\n' "$many_form" | grep -o 'resource=' | wc -l)
	check 'it asks for 50 resources' test "$many_count" -eq 50
	run stranger "$JWT" login good --device --host stranger.test
	ends 'a host that is not in hosts' stranger 2 'stranger.test is not one of the hosts of \[login good\]'
}

bad_start
prepare
device_missing=$(op_missing)
glw_why=$(glw_missing)
slow_begin
if [ -z "$device_missing" ]; then
	op_start oidc-provider.test
	device_at_op
else
	skip oidc-provider "$device_missing"
fi
if [ -z "$glw_why" ]; then
	glw_start glewlwyd.test
	device_at_glw
else
	skip glewlwyd "$glw_why"
fi
bad_metadata
bad_device
slow_end
never
if [ -z "$device_missing" ]; then
	ends 'oidc-provider, by device' op-device 0 '^alice at op$'
	browser_at_op
	replaced
fi
if [ -z "$glw_why" ]; then
	ends 'glewlwyd, by device' glw-device 0 '^alice at glw'
	browser_at_glw
fi
browsers
others
launching
automatic
id_tokens
terminal
narrow
patterns
many
finish
