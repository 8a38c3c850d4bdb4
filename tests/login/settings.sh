#!/bin/sh
# Each setting of login.conf that changes what a login asks for, from end to end: pam-jwt login at npm's oidc-provider, with curl as
# the browser, then the token, and what the host says to it. The browser has five minutes: its wait runs with a clock that is
# thirty times as fast.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck disable=SC2034 # for results.sh
AREA=settings
[ -x "$B/pam-jwt-net" ] || { skip settings 'there was no libcurl for pam-jwt-net' && exit 0; }
provider_enter "$0" "$@"
why=$(op_missing)
[ -z "$why" ] || { skip settings "$why" && exit 0; }
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip settings 'needs root' && finish; }

HOME_OF=$D/home/alice
SESSIONS=$D/run-alice/pam-jwt/session
FAST=30

# What it prints goes to $D/out and $D/err; succeeds if STATUS is its exit status.
alice() {	# STATUS COMMAND...
	alice_want=$1 alice_got=0
	shift
	as_alice "XDG_RUNTIME_DIR=$D/run-alice" "BROWSER=$D/browser" "$@" >"$D/out" 2>"$D/err" </dev/null || alice_got=$?
	[ "$alice_got" -eq "$alice_want" ]
}

# A result: the command ends so, and prints a line like this.
gives() {	# TITLE STATUS PATTERN COMMAND...
	gives_title=$1 gives_status=$2 gives_pattern=$3
	shift 3
	gives_ok=0
	alice "$gives_status" "$@" || gives_ok=1
	cat "$D/out" "$D/err" | grep -q -- "$gives_pattern" || gives_ok=1
	result "$gives_ok" "$gives_title" "status $alice_got, wanted $gives_status: $gives_pattern" @"$D/out" @"$D/err"
}

section() {	# NAME LINE...
	printf '[login %s]\niss = %s\nclient = ssh-cli\nca_file = %s/ca.pem\nscope = openid offline_access login\n' "$1" "$ISSUER" "$D"
	shift
	printf '%s\n' "$@" ''
}

prepare() {
	cp "$B/pam-jwt-net" "$D"
	mkdir -p "$D/run-alice" "$HOME_OF/.config/pam-jwt"
	chmod 700 "$D/run-alice"
	chmod 755 "$D"
	mkdir "$D/person"
	person_browser "$D/browser" "$D/person/jar"
	{
		section short 'resource = ssh://%{host_short}' 'hosts = web.corp.test db.corp.test'
		section word 'audience = urn:corp:hosts' 'hosts = *.test'
		section path 'redirect_path = /pam-jwt/back' 'resource = ssh://%{host}' 'hosts = web.corp.test'
		section stray 'redirect_path = /elsewhere' 'resource = ssh://%{host}' 'hosts = web.corp.test'
		section home 'store = home' 'resource = ssh://%{host}' 'hosts = web.corp.test'
		section age 'use = id_token' 'max_age = 15m' 'hosts = *.test'
		section again 'use = id_token' 'max_age = 1s' 'hosts = *.test'
	} >"$HOME_OF/.config/pam-jwt/login.conf"
	chown -R "$ALICE" "$D/run-alice" "$HOME_OF" "$D/person"
	web -f "$OP/jwks" >"$D/keys.jwks"
}

# The host's verdict on the token in $D/out: its audience, what its rule adds, and the reason.
verdict() {	# TITLE AUDIENCE CONDITION REASON
	cat >"$D/host.conf" <<-END
		[issuer corp]
		iss      = $ISSUER
		keys     = $D/keys.jwks
		audience = $2
		[service test]
		permit   = as claim sub$3
	END
	"$JWT" verify --config "$D/host.conf" --service test --user alice --json <"$D/out" >"$D/verdict" 2>&1 || :
	verdict_rc=0
	[ "$(json_reason <"$D/verdict")" = "$4" ] || verdict_rc=1
	result "$verdict_rc" "$1" @"$D/verdict"
}

# The number of a claim of the token in $D/out.
number() {	# CLAIM
	"$JWT" inspect --json <"$D/out" | sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p"
}

# ---- the settings ----

host_short() {
	gives '%{host_short}: alice logs in' 0 '^alice at short$' "$JWT" login short
	gives '  a token for a host' 0 '^eyJ' "$JWT" token --host web.corp.test short
	verdict '  the host of that short name accepts it' ssh://web '' ok
	verdict '  no other one does' ssh://db '' audience-mismatch
	gives '  and one for the other' 0 '^eyJ' "$JWT" token --host DB.corp.test short
	verdict '  which accepts it' ssh://db '' ok
}

audience() {
	gives 'audience: alice logs in' 0 '^alice at word$' "$JWT" login word
	gives '  a token for a host' 0 '^eyJ' "$JWT" token --host web.corp.test word
	verdict '  the audience is the one that was asked for' urn:corp:hosts '' ok
	sed -e 's/"life":[0-9]*/"life":1/g' -e 's/"taken":[0-9]*/"taken":0/g' "$SESSIONS/word" >"$D/session"
	install -o "$ALICE" -m 600 "$D/session" "$SESSIONS/word"
	audience_before=$(op_requests '^POST /token 200 refresh_token')
	gives '  a new one for another host' 0 '^eyJ' "$JWT" token --host db.corp.test word
	check '  which comes of a refresh' test "$(op_requests '^POST /token 200 refresh_token')" -eq $((audience_before + 1))
	verdict '  and is for the same audience' urn:corp:hosts '' ok
}

redirect_path() {
	gives 'redirect_path: the browser comes back to it' 0 '^alice at path$' "$JWT" login path
	alice 1 timeout 5 "$JWT" login stray || :
	check 'one that is not registered goes to the provider' grep -q 'redirect_uri=http%3A%2F%2F127.0.0.1%3A[0-9]*%2Felsewhere' "$D/err"
	check '  which sends nobody back' grep -q 'invalid_redirect_uri\|redirect_uri' "$D/person/jar.page"
	check '  and there is no session' test ! -e "$SESSIONS/stray"
}

store_home() {
	gives 'store = home: alice logs in without a runtime folder' 0 '^alice at home$' env -u XDG_RUNTIME_DIR "$JWT" login home
	check '  the session is hers alone' test "$(stat -c '%a %u' "$HOME_OF/.local/state/pam-jwt/session/home")" = "600 $ALICE"
	check '  and in no runtime folder' test ! -e "$SESSIONS/home"
	gives '  a token of it' 0 '^eyJ' env -u XDG_RUNTIME_DIR "$JWT" token home --host web.corp.test
	verdict '  which the host accepts' ssh://web.corp.test '' ok
	gives '  its status' 0 '^home: alice at ' env -u XDG_RUNTIME_DIR "$JWT" login --status home
	gives '  a logout' 0 '' env -u XDG_RUNTIME_DIR "$JWT" logout home
	check '  removes it' test ! -e "$HOME_OF/.local/state/pam-jwt/session/home"
}

# oidc-provider tells auth_time only when max_age was asked, and lets the same browser authenticate again when it is over.
max_age() {
	gives 'max_age: alice logs in' 0 '^alice at age$' "$JWT" login age
	check '  nothing is warned of' test -z "$(grep warning "$D/err")"
	gives '  a token for the hosts' 0 '^eyJ' "$JWT" token age
	verdict '  a host that wants a recent authentication accepts it' ssh-cli ' if auth_time within 15m' ok
	gives 'max_age: again, with the same browser' 0 '^alice at again$' "$JWT" login again
	alice 0 "$JWT" token again
	max_age_first=$(number auth_time)
	sleep 3
	gives '  and when it is over' 0 '^alice at again$' "$JWT" login again
	alice 0 "$JWT" token again
	max_age_second=$(number auth_time)
	check '  she has authenticated again' test "$max_age_second" -ge $((max_age_first + 2))
	gives '--max-age, for a token of a resource' 0 'warning: the ID token of short says .* its access token does not' \
		"$JWT" login short --max-age 15m
}

# ---- five minutes ----

wait_of_five_minutes() {
	if ! ${CC:-cc} -shared -fPIC -D_GNU_SOURCE -o "$D/clock_fast.so" "$P/tests/programs/clock_fast.c" 2>"$D/err"; then
		skip 'the wait for the browser' 'there is no C compiler'
		return 0
	fi
	wait_fast="env CLOCK_FAST=$FAST LD_PRELOAD=$D/clock_fast.so ASAN_OPTIONS=verify_asan_link_order=0"
	printf '#!/bin/sh\nsleep 9\nexec %s/curl-browser "$@"\n' "$D" >"$D/late-browser"
	mv "$D/browser" "$D/curl-browser"
	chmod 755 "$D/late-browser"
	ln -s late-browser "$D/browser"
	# shellcheck disable=SC2086 # words
	gives 'a browser that comes back after 144 s' 0 '^alice at path$' $wait_fast CLOCK_FAST=16 "$JWT" login path
	cp "$SESSIONS/path" "$D/before"
	ln -sf /bin/true "$D/browser"
	wait_began=$(date +%s)
	# shellcheck disable=SC2086 # words
	gives 'a browser that never comes back' 1 'login at path: the browser did not come back in time' $wait_fast \
		"$JWT" login path
	wait_took=$((($(date +%s) - wait_began) * FAST))
	check "  it was waited for: about $wait_took s" test "$wait_took" -ge 270
	check '  the session before is still there' cmp -s "$D/before" "$SESSIONS/path"
}

provider_names oidc-provider.test
op_start oidc-provider.test
op_control 'state?account=alice'
prepare
host_short
audience
redirect_path
store_home
max_age
wait_of_five_minutes
finish
