#!/bin/sh
# State of a fleet in a real Redis: the recipe of pam_jwt_recipes(7) with TLS and ACL, a replica, and what goes wrong between a host and
# its server. Whatever does is refused as state-unavailable, within redis_timeout, and the program lives on.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"

redis_find() {
	REDIS=$(command -v redis-server) && return 0
	REDIS=$P/build/redis/usr/bin/redis-check-rdb	# one program under several names
	[ -x "$REDIS" ]
}

redis_find || { skip redis 'there is no redis-server (sh tests/check.sh unpacks one)' && exit 0; }
command -v pamtester >/dev/null || { skip redis 'pamtester is not installed (sh tests/check.sh does that)' && exit 0; }
for lib in "$P"/build/redis-*/usr/lib/*-linux-gnu*; do
	[ ! -d "$lib" ] || REDIS_LIBS=${REDIS_LIBS:+$REDIS_LIBS:}$lib
done
LD_LIBRARY_PATH=${REDIS_LIBS:-} "$REDIS" --version >/dev/null 2>&1 ||
	{ skip redis 'redis-server does not start here (a library is missing)' && exit 0; }
ns_enter "$0" "$@"

RHOST=
WANT='pamtester: successfully authenticated'
SERVICE=redis

login() {	# USER
	timeout -k 5 "$LIMIT" setsid pamtester redis "$1" authenticate acct_mgmt
}

fresh() {	# NAME
	mint test alice "$AUD" >"$D/tok/$1"
}

# --- servers --------------------------------------------------------------------------------------------------------------

# Starts a server with the lines of a configuration file; sets PID.
redis_start() {	# NAME FILE [ARGUMENT...]
	redis_launch "$@"
	wait_for 10 grep -qi "ready to accept connections" "$D/$1/log" || { cat "$D/$1/log" >&2 && return 1; }
}

# The same, without waiting until it serves.
redis_launch() {	# NAME FILE [ARGUMENT...]
	redis_name=$1 redis_file=$2
	shift 2
	mkdir -p "$D/$redis_name"
	: >"$D/$redis_name/log"	# or what the server before has written would count
	ln -sf "$REDIS" "$D/$redis_name/redis-server"
	# The fleet's server has all of it in its files, as the recipe says.
	[ "$redis_name" = fleet ] || set -- --dir "$D/$redis_name" --bind 127.0.0.1 --daemonize no --save '' "$@"
	LD_LIBRARY_PATH=${REDIS_LIBS:-} "$D/$redis_name/redis-server" "$redis_file" "$@" >>"$D/$redis_name/log" 2>&1 &
	PID=$!
	NS_PIDS="$PID $NS_PIDS"
}

stop() {	# PID
	kill -9 "$1" && wait "$1" 2>/dev/null || :
}

# The server on a unix socket, as its default user.
cli() {	# SOCKET ARGUMENT...
	cli_socket=$1
	shift
	ln -sf "${REDIS%/*}/redis-cli" "$D/redis-cli"
	LD_LIBRARY_PATH=${REDIS_LIBS:-} "$D/redis-cli" -s "$cli_socket" "$@"
}

port() {
	echo $((20000 + ($$ * 13 + $1 * 1009) % 40000))
}

# --- the recipe of pam_jwt_recipes(7) ---------------------------------------------------------------------------------

# Redis reads Debian's file, whose last line includes ours, and the files of conf/redis as they stand; addresses and folders are
# those of this test.
localized() {	# PORT
	sed -e "s|/etc/redis/|$D/|; s|/etc/pam_jwt/|$D/|; s|192\.0\.2\.10:6379|127.0.0.1:$1|; s|192\.0\.2\.10|127.0.0.1|" \
		-e "s|^tls-port 6379|tls-port $1|" "$2"
}

# What Debian's server starts with, or as much of it as matters here where the package is not unpacked.
debian_redis_conf() {
	for debian_conf in "$P/build/redis/etc/redis/redis.conf" /etc/redis/redis.conf; do
		[ ! -r "$debian_conf" ] || break
	done
	if [ -r "$debian_conf" ]; then cat "$debian_conf"; else printf 'bind 127.0.0.1\nport 6379\ndir /var/lib/redis\n'; fi |
		sed -e "s|/var/lib/redis|$D/fleet|; /^logfile /d; s|^pidfile .*|pidfile $D/fleet/pid|" \
			-e 's/^daemonize .*/daemonize no/; s/^bind 127.0.0.1.*/bind 127.0.0.2/'	# so that ours must count
}

# The line of the manual, with the paths of this test.
include_line() {
	sed -n "s|^# echo '\(include .*\)' >> /etc/redis/redis.conf|\1|p" "$P/man/pam_jwt_recipes.7" | sed "s|/etc/redis/|$D/|"
}

# The commands of the manual; the files stay where they are made.
ca_make() {
	awk '/^\.Bd/ { on = 1; next } /^\.Ed/ { on = 0 } on { sub(/^# /, ""); gsub(/\\e/, "\\"); print }' "$P/man/pam_jwt_recipes.7" |
		sed -n '/^openssl /,/[^\\]$/p' | sed 's/IP:192\.0\.2\.10/IP:127.0.0.1,DNS:localhost/' >"$D/certificates"
	[ "$(grep -c '^openssl' "$D/certificates")" -eq 3 ]
	(cd "$D" && sh -eu certificates) >/dev/null 2>&1
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$D/ca2.key" -out "$D/ca2.crt" -days 2 \
		-subj '/CN=Other CA' 2>/dev/null
	cp "$D/ca.crt" "$D/redis-ca.pem"
}

cert_make() {	# NAME SUBJECTALTNAME [DAYS]
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$D/$1.key" -out "$D/$1.csr" -subj '/CN=redis' \
		2>/dev/null
	printf 'subjectAltName=%s\n' "$2" >"$D/$1.ext"
	openssl x509 -req -in "$D/$1.csr" -CA "$D/ca.crt" -CAkey "$D/ca.key" -CAcreateserial -days "${3:-2}" -out "$D/$1.crt" \
		-extfile "$D/$1.ext" 2>/dev/null
}

# A host's configuration: issuers and services as ever, and the lines of [state].
host_conf() {	# FILE LINE...
	host_file=$1
	shift
	cat >"$host_file" <<-END
		[issuer test]
		iss      = $ISS
		keys     = $D/test.pub.jwk
		audience = $AUD

		[service redis]
		permit     = as claim sub
		single_use = yes

		[service often]
		permit     = as claim sub

	END
	printf '%s\n' "$@" >>"$host_file"
}

fleet_start() {
	FLEET_PORT=$(port 1)
	localized "$FLEET_PORT" "$P/conf/redis/pam_jwt.conf" >"$D/fleet.conf"
	{ debian_redis_conf && include_line | sed "s|pam_jwt\.conf|fleet.conf|"; } >"$D/redis.conf"
	[ "$(grep -c '^include ' "$D/redis.conf")" -eq 1 ]
	cat "$P/conf/redis/users.acl" "$P/conf/redis/logout.acl" >"$D/users.acl"
	echo 'user keys on >KEYS ~* +ttl' >>"$D/users.acl"
	host_conf "$D/a.conf" "$(localized "$FLEET_PORT" "$P/conf/redis/state.conf")"
	cp "$D/a.conf" "$D/b.conf"
	sed "s/= pam_jwt$/= pam_jwt_admin/; s,/redis\.password,/admin.password," "$D/a.conf" >"$D/admin.conf"
	sed "s/= pam_jwt$/= pam_jwt_logout/; s,/redis\.password,/logout.password," "$D/a.conf" >"$D/logout.conf"
	(umask 077 && echo HOSTPASSWORD >"$D/redis.password" && echo ADMINPASSWORD >"$D/admin.password" &&
		echo LOGOUTPASSWORD >"$D/logout.password")
	redis_start fleet "$D/redis.conf"
	FLEET=$PID
}

use_conf() {	# FILE
	cp "$1" "$CONF"
}

often() {	# the service without single_use
	SERVICE=often
	login() { timeout -k 5 "$LIMIT" setsid pamtester often "$1" authenticate acct_mgmt; }
}

once() {
	SERVICE=redis
	login() { timeout -k 5 "$LIMIT" setsid pamtester redis "$1" authenticate acct_mgmt; }
}

# What the log said about the state at the last attempt.
why_is() {	# NAME PATTERN
	if log_new | grep -q -e "the state cannot be read: $2"; then
		pass "redis: $1: the log says why"
	else
		fail "redis: $1: the log says why" "wanted: $2" "$(log_new)"
	fi
}

revoke() {	# OPTION...
	"$JWT" revoke --config "$D/admin.conf" "$@" >"$D/revoked" 2>&1
}

# Runs the command; its output must have that.
says() {	# PATTERN ARGUMENT...
	says_pattern=$1
	shift
	"$JWT" "$@" >"$D/out" 2>&1 && grep -qe "$says_pattern" "$D/out" || { cat "$D/out" && return 1; }
}

recipe_works() {
	use_conf "$D/a.conf"
	fresh good
	attempt 'before the store is made' good alice state-unavailable
	why_is 'before the store is made' 'redis: jwt:store is missing'
	check 'redis: state init' says '^redis: made$' state init --config "$D/admin.conf"
	check 'redis: state init again' says '^redis: was made before$' state init --config "$D/admin.conf"
	sleep 1.1	# so that tokens are younger than the store
	fresh good
	attempt_login 'a one-time token on host a' good alice ok
	use_conf "$D/b.conf"
	attempt 'the same token on host b' good alice replayed
	fresh second
	attempt_login 'another one' second alice ok
	often
	fresh second
	check 'redis: revoke' revoke --token "$D/tok/second"
	attempt 'a token that was revoked elsewhere' second alice revoked
	check 'redis: revoke, taken back' revoke --token "$D/tok/second" --undo
	attempt 'a token that was taken back' second alice ok
	fresh cut
	check 'redis: a cut-off' revoke --subject alice
	attempt 'a token that is cut off' cut alice superseded
	check 'redis: an earlier cut-off' revoke --subject alice --before 1000000000
	check 'redis: which says that the later one stays' grep -q 'as was noted before' "$D/revoked"
	attempt 'the later cut-off stays' cut alice superseded
	check 'redis: a cut-off, taken back' revoke --subject alice --undo
	attempt 'a token that is not cut off any more' cut alice ok
	check 'redis: an account' revoke --account alice
	fresh account
	attempt 'a token of an account that is cut off' account alice revoked
	check 'redis: an account, for a minute' revoke --account alice --until $(($(date +%s) + 60))
	check 'redis: which says that it stays for good' grep -q 'until undone, as was noted before' "$D/revoked"
	check 'redis: an account, taken back' revoke --account alice --undo
	once
	attempt_login 'the same token, once' second alice ok
	host_may_not revoke --config "$D/a.conf" --subject alice
	logs_out
	clock_ahead
}

# A server whose clock is ahead forgets what still counts: it is as good as none. Here the host's clock is behind.
clock_ahead() {
	mint test alice "$AUD" --now $(($(date +%s) - 400)) >"$D/tok/clock"
	check 'redis: a clock that is a little ahead' says '^accepted' verify --config "$D/a.conf" --service often \
		--now $(($(date +%s) - 250)) <"$D/tok/clock"
	if "$JWT" verify --config "$D/a.conf" --service often --now $(($(date +%s) - 310)) <"$D/tok/clock" >"$D/out" 2>&1; then
		fail 'redis: a clock that is far ahead is no clock' "$(cat "$D/out")"
	else
		check 'redis: a clock that is far ahead is no clock' grep -q "server's clock is more than five minutes ahead" \
			"$D/out"
	fi
}

# A host that may write what is revoked, and one that may not.
logs_out() {
	fresh mine
	(umask 077 && cp "$D/tok/mine" "$D/mine")
	host_may_not logout --config "$D/a.conf" --token-file "$D/mine"
	check "redis: a host's own user cannot log out: the file stays" test -e "$D/mine"
	check 'redis: the user for logout can' says '^revoked: token ' logout --config "$D/logout.conf" --token-file "$D/mine"
	use_conf "$D/logout.conf"
	attempt 'a token that was logged out' mine alice revoked
	revoke --token "$D/tok/mine" --undo
	use_conf "$D/b.conf"
}

# The hosts' own user cannot revoke, nor take back.
host_may_not() {
	if "$JWT" "$@" >"$D/out" 2>&1; then
		fail "redis: a host's own user cannot revoke" "$(cat "$D/out")"
	else
		check "redis: a host's own user cannot revoke" grep -q NOPERM "$D/out"
	fi
}

# --- TLS ------------------------------------------------------------------------------------------------------------------

# The server again, with another certificate, and the same data.
tls_case() {	# NAME CERTIFICATE PATTERN
	stop "$FLEET"
	cp "$D/$2.crt" "$D/server.crt"
	cp "$D/$2.key" "$D/server.key"
	redis_start fleet "$D/redis.conf"
	FLEET=$PID
	fresh tls
	attempt_login "$1" tls alice state-unavailable
	why_is "$1" "redis: $3"
}

tls_cases() {
	cert_make wrongname DNS:elsewhere.test
	tls_case 'a certificate for another host' wrongname "the server's certificate: IP address mismatch"
	if cert_make expired IP:127.0.0.1 -1; then
		tls_case 'a certificate that has expired' expired "the server's certificate: certificate has expired"
	else
		skip 'redis: a certificate that has expired' 'this openssl makes none'
	fi
	stop "$FLEET"
	cp "$D/good.crt" "$D/server.crt"
	cp "$D/good.key" "$D/server.key"
	redis_start fleet "$D/redis.conf"
	FLEET=$PID
	cp "$D/ca2.crt" "$D/redis-ca.pem"
	attempt_login 'another authority' tls alice state-unavailable
	why_is 'another authority' "redis: the server's certificate: "
	cp "$D/ca.crt" "$D/redis-ca.pem"
	attempt_login 'the right certificate again, after a restart' tls alice ok
	attempt 'what was used is still used after kill -9' second alice replayed
	if [ -x "$B/tests/state/ask" ]; then
		check 'redis: TLS beside errors that the program has not looked at' "$B/tests/state/ask" "$D/a.conf" alice
	else
		skip 'redis: TLS beside errors of the program' 'tests/state/ask is not built'
	fi
	sed 's|rediss://127.0.0.1|rediss://localhost|' "$D/a.conf" >"$CONF"
	fresh byname
	attempt_login 'the server by a name of /etc/hosts' byname alice ok
	sed 's|rediss://127.0.0.1|rediss://redis.test|' "$D/a.conf" >"$CONF"
	attempt 'a name that /etc/hosts does not have' byname alice state-unavailable
	why_is 'a name that /etc/hosts does not have' 'redis: the host is no address'
	sed 's|rediss://|redis://|; /redis_ca_file/d' "$D/a.conf" >"$CONF"
	attempt_login 'without TLS to a server with it' byname alice state-unavailable
	use_conf "$D/a.conf"
	chmod 644 "$D/redis.password"
	attempt 'a password file that others may read' byname alice state-unavailable
	chmod 600 "$D/redis.password"
	echo WRONG >"$D/redis.password"
	fresh wrong
	attempt 'a wrong password' wrong alice state-unavailable
	why_is 'a wrong password' 'redis: the server says: WRONGPASS'
	echo HOSTPASSWORD >"$D/redis.password"
}

# What cannot be read among the authorities is not passed over.
authorities() {
	use_conf "$D/a.conf"
	sed '2s/..../????/' "$D/ca2.crt" >"$D/bad-base64.crt"
	sed '2s/..../AAAA/' "$D/ca2.crt" >"$D/bad-der.crt"
	sed '$d' "$D/ca2.crt" >"$D/bad-end.crt"
	sed '1s/-//' "$D/ca2.crt" >"$D/bad-begin.crt"
	for broken in bad-base64 bad-der bad-end bad-begin; do
		cat "$D/$broken.crt" "$D/ca.crt" >"$D/redis-ca.pem"
		authority_is "$broken, in front of a good one" '[01] of 2'
		cat "$D/ca.crt" "$D/$broken.crt" "$D/ca2.crt" >"$D/redis-ca.pem"
		authority_is "$broken, in the middle" '[12] of 3'
		cat "$D/ca2.crt" "$D/ca.crt" "$D/$broken.crt" >"$D/redis-ca.pem"
		authority_is "$broken, after good ones" '2 of 3'
	done
	echo nothing >"$D/redis-ca.pem"
	fresh tls
	attempt_login 'a file without an authority' tls alice state-unavailable
	why_is 'a file without an authority' 'redis: redis_ca_file has no certificate'
	(echo 'Our authorities' && cat "$D/ca2.crt" && echo && cat "$D/ca.crt" "$D/ca2.crt") >"$D/redis-ca.pem"
	attempt_login 'several authorities, and a remark' tls alice ok
	cp "$D/ca.crt" "$D/redis-ca.pem"
}

authority_is() {	# NAME COUNTS
	fresh tls
	attempt_login "an authority that is broken: $1" tls alice state-unavailable
	why_is "an authority that is broken: $1" "redis: redis_ca_file: only $2 certificates can be read"
}

# A server that lets only hosts in that have a certificate.
client_certificates() {
	stop "$FLEET"
	{ cat "$D/redis.conf" && echo 'tls-auth-clients yes'; } >"$D/auth.conf"
	redis_start fleet "$D/auth.conf"
	FLEET=$PID
	use_conf "$D/a.conf"
	fresh tls
	attempt_login 'no certificate for a server that asks' tls alice state-unavailable
	why_is 'no certificate for a server that asks' 'redis: the server asks for a certificate: redis_cert_file'
	check 'redis: and says so each time, also when the connection is gone before our question' always_asks
	cert_make host DNS:host.test
	chmod 600 "$D/host.key"
	sed "s|^redis_ca_file.*|&\nredis_cert_file = $D/host.crt\nredis_key_file = $D/host.key|" "$D/a.conf" >"$CONF"
	attempt_login 'a certificate of this host' tls alice ok
	cp "$D/host.crt" "$D/one.crt"
	cat "$D/one.crt" "$D/ca.crt" >"$D/host.crt"
	fresh tls
	attempt_login 'one with its authority' tls alice ok
	fresh tls
	chmod 640 "$D/host.key"
	client_is 'a key that others may read' 'redis_key_file: others may read it: chmod 600'
	chmod 600 "$D/host.key"
	cat "$D/one.crt" "$D/bad-der.crt" >"$D/host.crt"
	client_is 'a broken authority after it' 'redis_cert_file: only 1 of 2 certificates can be read'
	cp "$D/ca2.crt" "$D/host.crt"
	client_is 'the key of another' 'redis_key_file is not the key of redis_cert_file'
	cp "$D/host.key" "$D/ours.key"
	(umask 077 && cp "$D/ca2.key" "$D/host.key")
	client_is 'a certificate of another authority' '.*'
	cp "$D/one.crt" "$D/host.crt"
	openssl pkey -in "$D/ours.key" -aes128 -passout pass:x -out "$D/host.key"
	client_is 'a key with a passphrase' 'redis_key_file has no private key (PEM, without a passphrase)'
	cp "$D/ours.key" "$D/host.key"
	fresh tls
	attempt_login 'all mended' tls alice ok
	stop "$FLEET"
	redis_start fleet "$D/redis.conf"
	FLEET=$PID
}

always_asks() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
		! "$JWT" verify --config "$D/a.conf" --service often --user alice <"$D/tok/tls" >"$D/out" 2>&1 &&
			grep -q 'the server asks for a certificate' "$D/out" || { cat "$D/out" && return 1; }
	done
}

client_is() {	# NAME PATTERN
	attempt_login "$1" tls alice state-unavailable
	why_is "$1" "redis: $2"
}

# --- what will be needed is tried ---------------------------------------------------------------------------------------

# A server without one command: as an older one, one with rename-command, or a proxy.
lacks() {	# COMMAND
	: >"$D/lacking.conf"
	rm -f "$D/lacking.sock"
	redis_start lacking "$D/lacking.conf" --port 0 --unixsocket "$D/lacking.sock" --rename-command "$1" '""'
	LACKING=$PID
	host_conf "$D/lacking.host" '[state]' "redis = unix:$D/lacking.sock"
}

old_servers() {
	for lacking in EXPIRETIME WATCH MULTI EXEC DEL TIME ROLE; do
		lacks "$lacking"
		check "redis: state init refuses a server without $lacking, and names it" fails_with \
			"$lacking.*: Redis 7.0 or Valkey is needed" state init --config "$D/lacking.host"
		check "redis: which is not made a store ($lacking)" is_no_store
		stop "$LACKING"
	done
	# It was a store before the command was taken away, or an older version has made it one.
	for lacking in EXPIRETIME WATCH MULTI EXEC; do
		lacks "$lacking"
		cli "$D/lacking.sock" set jwt:store "$(($(date +%s) - 100))" >/dev/null
		needs "a server without $lacking" "redis: revoke is not possible: $lacking: .*Redis 7.0 or Valkey" "$D/lacking.host"
		stop "$LACKING"
	done
	lacks SCAN
	"$JWT" state init --config "$D/lacking.host" >/dev/null
	needs_nothing 'a server without SCAN, where nothing is pulled' "$D/lacking.host"
	host_conf "$D/lacking.host" '[state]' "redis = unix:$D/lacking.sock" 'redis_lookups = pulled' "directory = $D/lacking.dir"
	"$JWT" state init --directory "$D/lacking.dir" >/dev/null
	sed -i '$d' "$D/lacking.host"
	echo "directory = $D/lacking.dir" >>"$D/lacking.host"
	ln -s "$(date +%s)" "$D/lacking.dir/pulled"
	needs 'a server without SCAN' 'redis: state pull is not possible: SCAN: ' "$D/lacking.host"
	stop "$LACKING"
}

is_no_store() {
	! cli "$D/lacking.sock" --raw get jwt:store 2>/dev/null | grep -q '[0-9]'
}

# The store says that it was made in the future, as by a clock that was ahead at its making.
future_store() {
	lacks SCAN
	cli "$D/lacking.sock" set jwt:store "$(($(date +%s) + 100000))" >/dev/null
	cp "$D/lacking.host" "$CONF"
	fresh future
	attempt_login 'a store from the future' future alice state-unavailable
	why_is 'a store from the future' 'redis: made in the future: .*pam-jwt state init: run it again'
	often
	attempt 'a token that may come often does not mind' future alice ok
	once
	check 'redis: state init mends it' says '^redis: was made before, by a clock that was ahead: made now$' \
		state init --config "$CONF"
	check 'redis: and once more leaves it' says '^redis: was made before$' state init --config "$CONF"
	sleep 1.1
	fresh future
	attempt_login 'a store that was mended' future alice ok
	stop "$LACKING"
	if cc -shared -fPIC -D_GNU_SOURCE -o "$D/clock_ahead.so" "$P/tests/programs/clock_ahead.c" 2>/dev/null; then
		lacks SCAN
		check 'redis: state init by a clock that is ahead' ahead_fails
		check 'redis: which makes no store' is_no_store
		stop "$LACKING"
	else
		skip 'redis: state init by a clock that is ahead' 'there is no cc'
	fi
}

ahead_fails() {
	! CLOCK_AHEAD=400 LD_PRELOAD=$D/clock_ahead.so "$JWT" state init --config "$D/lacking.host" >"$D/out" 2>&1 &&
		grep -q "this host's clock is more than five minutes ahead of the server's" "$D/out"
}

# `check` as root, of what a configuration needs of its server.
needs() {	# NAME PATTERN FILE
	if [ "$NS" != root ]; then
		skip "redis: check of $1" 'needs root'
		return 0
	fi
	"$JWT" check --config "$3" >"$D/out" 2>&1 || :
	check "redis: check names it: $1" grep -q "$2" "$D/out"
}

needs_nothing() {	# NAME FILE
	if [ "$NS" != root ]; then
		skip "redis: check of $1" 'needs root'
		return 0
	fi
	"$JWT" check --config "$2" >"$D/out" 2>&1 || :
	check "redis: check has nothing to say: $1" is_not_said 'is not possible\|the server says'
}

is_not_said() {	# PATTERN
	! grep -q "$1" "$D/out" || { cat "$D/out" && return 1; }
}

# Each of the three users of the recipe may do what it needs, and is told what it may not.
users() {
	needs_nothing "the hosts' user" "$D/a.conf"
	needs_nothing "the administrators' user" "$D/admin.conf"
	sed 's/^single_use.*/&\nrevoke_on_logout = yes/' "$D/a.conf" >"$D/a-logout.conf"
	sed 's/^single_use.*/&\nrevoke_on_logout = yes/' "$D/logout.conf" >"$D/logout2.conf"
	needs_nothing 'the user for logout' "$D/logout2.conf"
	needs "the hosts' user where sessions end in a revocation" \
		"redis: revoke is not possible: WATCH: .*NOPERM.*: a right of pam_jwt (pam_jwt_recipes" "$D/a-logout.conf"
	check 'redis: what was tried goes by itself' trials_go
	check "redis: revoke says which user to use" fails_with 'only administrators revoke in this Redis: --config' \
		revoke --config "$D/a.conf" --subject alice
	check "redis: state init by the hosts' user" fails_with 'WATCH: .*NOPERM.*: a right of pam_jwt (pam_jwt_recipes' \
		state init --config "$D/a.conf"
	sed 's/ +expiretime//' "$D/users.acl" >"$D/users.new"
	cp "$D/users.acl" "$D/users.old"
	stop "$FLEET"
	cp "$D/users.new" "$D/users.acl"
	redis_start fleet "$D/redis.conf"
	FLEET=$PID
	check 'redis: state init by an administrator without +expiretime' fails_with \
		'EXPIRETIME: .*NOPERM.*: a right of pam_jwt_admin (pam_jwt_recipes' state init --config "$D/admin.conf"
	stop "$FLEET"
	cp "$D/users.old" "$D/users.acl"
	redis_start fleet "$D/redis.conf"
	FLEET=$PID
}

trials_go() {
	{ cat "$D/redis.conf" && echo "unixsocket $D/fleet.sock"; } >"$D/fleet-socket.conf"
	stop "$FLEET"
	redis_start fleet "$D/fleet-socket.conf"
	FLEET=$PID
	for trials_key in d s; do
		trials_left=$(cli "$D/fleet.sock" --user keys --pass KEYS --no-auth-warning --raw ttl "jwt:$trials_key:trial")
		[ "$trials_left" = -2 ] || { [ "$trials_left" -gt 0 ] && [ "$trials_left" -le 60 ]; } ||
			{ echo "# jwt:$trials_key:trial: $trials_left" && return 1; }
	done
}

# --- a server on a unix socket, in all its moods --------------------------------------------------------------------------

local_start() {
	SOCKET=$D/local.sock
	: >"$D/local.conf"
	redis_start local "$D/local.conf" --port 0 --unixsocket "$SOCKET"
	LOCAL=$PID
	host_conf "$CONF" '[state]' "redis = unix:$SOCKET"
	"$JWT" state init --config "$CONF" >/dev/null
	sleep 1.1
}

# A fault of the real server, made and unmade with its own commands.
mood() {	# NAME PATTERN
	fresh mood
	attempt_login "$1" mood alice state-unavailable	# "verify" only looks
	why_is "$1" "redis: $2"
}

moods() {
	fresh local
	attempt_login 'a unix socket' local alice ok
	cli "$SOCKET" config set maxmemory 1 >/dev/null
	mood 'no memory (OOM)' 'the server says: OOM'
	cli "$SOCKET" config set maxmemory 0 >/dev/null
	cli "$SOCKET" rename jwt:store saved >/dev/null
	mood 'the data was lost' 'jwt:store is missing'
	cli "$SOCKET" lpush jwt:store x >/dev/null
	mood 'a key of a wrong type' 'the server says: WRONGTYPE'
	cli "$SOCKET" del jwt:store >/dev/null
	cli "$SOCKET" rename saved jwt:store >/dev/null
	wrong_types
	cli "$SOCKET" rename jwt:store saved >/dev/null
	cli "$SOCKET" set jwt:store never >/dev/null
	mood 'a key of a wrong form' 'jwt:store is missing'
	cli "$SOCKET" rename saved jwt:store >/dev/null
	cli "$SOCKET" acl setuser default -set >/dev/null
	mood 'a right that is missing (NOPERM)' 'the server says: NOPERM'
	cli "$SOCKET" acl setuser default +set >/dev/null
	cli "$SOCKET" config set requirepass x >/dev/null
	mood 'no password (NOAUTH)' 'the server says: NOAUTH'
	cli "$SOCKET" -a x --no-auth-warning config set requirepass '' >/dev/null
	fresh mood
	attempt_login 'all mended' mood alice ok
	sed 's/^redis = .*/&\nredis_timeout = 1s/' "$CONF" >"$D/conf.new" && cp "$D/conf.new" "$CONF"
	kill -STOP "$LOCAL"
	in_time 'a server that hangs' 'no answer in time'
	killed_in_the_middle
}

# A revocation or a cut-off that somebody made a list of is not "none".
wrong_types() {
	often
	for wrong_kind in token subject; do
		fresh wrong
		case $wrong_kind in
		token) "$JWT" revoke --config "$CONF" --token "$D/tok/wrong" >/dev/null ;;
		subject) "$JWT" revoke --config "$CONF" --subject alice >/dev/null ;;
		esac
		wrong_key=$(cli "$SOCKET" --raw keys 'jwt:[dv]:*')
		cli "$SOCKET" del "$wrong_key" >/dev/null
		cli "$SOCKET" lpush "$wrong_key" x >/dev/null
		attempt "a revocation of a wrong type ($wrong_kind)" wrong alice state-unavailable
		why_is "a revocation of a wrong type ($wrong_kind)" 'redis: the server says: WRONGTYPE'
		cli "$SOCKET" del "$wrong_key" >/dev/null
	done
	once
}

# The question was sent, and no answer comes any more: there is nothing to wait for.
killed_in_the_middle() {
	(sleep 0.3 && kill -9 "$LOCAL") &
	in_time 'a server that is killed in the middle' '\(cannot receive: Connection reset by peer\|the server closed the connection\)'
	wait "$LOCAL" 2>/dev/null || :
	rm -f "$SOCKET"
	redis_start local "$D/local.conf" --port 0 --unixsocket "$SOCKET"
	LOCAL=$PID
	"$JWT" state init --config "$CONF" >/dev/null
}

# The answer must come within redis_timeout (1 s), and not twice that: the rest is for a machine that is busy.
in_time() {	# NAME PATTERN
	fresh time
	time_start=$(date +%s%N)
	attempt_login "$1" time alice state-unavailable
	time_msec=$((($(date +%s%N) - time_start) / 1000000))
	why_is "$1" "redis: $2"
	if [ "$time_msec" -lt 1900 ]; then
		pass "redis: $1: within the second ($time_msec ms with the program)"
	else
		fail "redis: $1: within the second" "$time_msec ms"
	fi
}

# pamtester has SIGPIPE at its default: were it raised, no line of the decision would be in the log.
bad_servers() {
	for bad in 'silent:no answer in time' 'drip:no answer in time' 'flood:this is no Redis' 'lines:this is no Redis' \
		'nested:jwt:store is missing' 'cut:the server closed' \
		'close:\(the server closed\|cannot receive: Connection reset\|cannot send: \(Broken pipe\|Connection reset\)\)' 'garbage:this is no Redis' 'moved:the server says: MOVED 1'; do
		"$B/tests/programs/badserver" "$D/bad.sock" "${bad%%:*}" &
		bad_pid=$!
		NS_PIDS="$bad_pid $NS_PIDS"
		wait_for 5 test -S "$D/bad.sock"
		host_conf "$CONF" '[state]' "redis = unix:$D/bad.sock"
		in_time "a server that is ${bad%%:*}" "${bad#*:}"
		kill "$bad_pid" && wait "$bad_pid" 2>/dev/null || :
		rm -f "$D/bad.sock"
	done
	in_time 'a server that is not there' 'the socket: No such file or directory'
}

# A server that reads its data after a start, slowly, and one of a cluster: neither is to be taken for an empty one.
loading() {
	cli "$SOCKET" eval 'for i = 1, 60 do redis.call("set", "other:" .. i, string.rep(i, 2000)) end' 0 >/dev/null
	cli "$SOCKET" config set rdbcompression no >/dev/null
	cli "$SOCKET" save >/dev/null
	stop "$LOCAL"
	rm -f "$SOCKET"
	redis_launch local "$D/local.conf" --port 0 --unixsocket "$SOCKET" --key-load-delay 100000 \
		--loading-process-events-interval-bytes 1024
	LOCAL=$PID
	host_conf "$CONF" '[state]' "redis = unix:$SOCKET"
	wait_for 5 test -S "$SOCKET"
	wait_for 5 is_loading
	mood 'a server that still reads its data (LOADING)' 'the server says: LOADING'
}

is_loading() {
	cli "$SOCKET" get x 2>&1 | grep -q LOADING
}

cluster() {
	: >"$D/cluster.conf"
	redis_start cluster "$D/cluster.conf" --port "$(port 3)" --cluster-port "$(port 4)" --unixsocket "$D/cluster.sock" \
		--cluster-enabled yes
	host_conf "$CONF" '[state]' "redis = unix:$D/cluster.sock"
	mood 'a cluster without its slots (CLUSTERDOWN)' 'the server says: CLUSTERDOWN'
	cli "$D/cluster.sock" cluster addslotsrange 0 16383 >/dev/null
	wait_for 10 cluster_is_up
	"$JWT" state init --config "$CONF" >/dev/null
	sleep 1.1
	fresh slots	# of several nodes each says MOVED for what it has not
	attempt_login 'a cluster of one node, which has all slots' slots alice ok
	attempt_login 'the same token again' slots alice replayed
}

cluster_is_up() {
	cli "$D/cluster.sock" cluster info | grep -q 'cluster_state:ok'
}

# --- clocks, folders, races ----------------------------------------------------------------------------------------------

# The local server again, on the same data, with a clock that is so far ahead.
local_again() {	# SECONDS
	stop "$LOCAL"
	rm -f "$SOCKET"
	CLOCK_AHEAD=$1 LD_PRELOAD=$D/clock_ahead.so redis_start local "$D/local.conf" --port 0 --unixsocket "$SOCKET" --appendonly yes
	LOCAL=$PID
}

# What a server forgets while its clock is ahead it does not know when the clock is right again.
clock_goes_back() {
	if ! cc -shared -fPIC -D_GNU_SOURCE -o "$D/clock_ahead.so" "$P/tests/programs/clock_ahead.c" 2>/dev/null; then
		skip 'redis: a clock that was ahead' 'there is no cc'
		return 0
	fi
	local_again 0
	host_conf "$CONF" '[state]' "redis = unix:$SOCKET"
	"$JWT" state init --config "$CONF" >/dev/null
	sleep 1.1
	fresh used
	fresh dead
	fresh later
	attempt_login 'before the clock goes ahead' used alice ok
	"$JWT" revoke --config "$CONF" --token "$D/tok/dead" >/dev/null
	local_again 10800
	attempt_login 'a clock that is three hours ahead' later alice state-unavailable
	why_is 'a clock that is three hours ahead' "redis: the server's clock is more than five minutes ahead"
	check 'redis: nothing is revoked by such a clock' fails_with "server's clock is more than five minutes ahead" \
		revoke --config "$CONF" --token "$D/tok/later"
	sleep 1.5	# the server looks for what has expired ten times a second
	local_again 0
	attempt_login 'the clock is right again: a used token' used alice replayed
	attempt_login 'a revoked one' dead alice revoked
	fresh later	# what such a server was asked to note is used up
	attempt_login 'another' later alice ok
}

fails_with() {	# PATTERN ARGUMENT...
	fails_pattern=$1
	shift
	! "$JWT" "$@" >"$D/out" 2>&1 && grep -qe "$fails_pattern" "$D/out" || { cat "$D/out" && return 1; }
}

# Where others may write, a server of theirs would say "never used" to all.
shared_folder() {
	mkdir -m 1777 "$D/shared"
	host_conf "$CONF" '[state]' "redis = unix:$D/shared/redis.sock"
	ln "$SOCKET" "$D/shared/redis.sock"
	mood 'a socket in a folder of everybody' 'others could put a socket of theirs into its folder'
	chmod 755 "$D/shared"
	attempt_login 'a socket in a folder of its owner' mood alice ok
	if [ "$NS" = root ]; then
		mkdir -m 1777 "$D/shared/open"
		mkdir -m 755 "$D/shared/open/theirs"
		chown 2001 "$D/shared/open/theirs"
		ln "$SOCKET" "$D/shared/open/theirs/redis.sock"
		host_conf "$CONF" '[state]' "redis = unix:$D/shared/open/theirs/redis.sock"
		mood 'a folder that somebody made among those of everybody' 'a folder on the way belongs to another user'
		chmod 755 "$D/shared/open"
		attempt_login 'the same, where only root makes folders' mood alice ok
	fi
	ln -s "$SOCKET" "$D/shared/link.sock"
	host_conf "$CONF" '[state]' "redis = unix:$D/shared/link.sock"
	mood 'a link to a socket' 'not a socket'
}

# As sudo on many hosts at once: exactly one gets in.
race() {
	host_conf "$CONF" '[state]' "redis = unix:$SOCKET"
	race_bad=0
	for _ in 1 2 3 4 5; do
		fresh race
		log_mark
		race_pids=
		for _ in $(seq 16); do
			login alice <"$D/tok/race" >/dev/null 2>&1 &
			race_pids="$race_pids $!"
		done
		for race_pid in $race_pids; do wait "$race_pid" || :; done
		log_sync
		[ "$(log_new | grep -c 'accepted; .* reason=ok ')" -eq 1 ] &&
			[ "$(log_new | grep -c 'reason=replayed ')" -eq 15 ] || race_bad=$((race_bad + 1))
	done
	if [ "$race_bad" -eq 0 ]; then
		pass 'redis: of 16 logins at once with one token one gets in, 5 times'
	else
		fail 'redis: of 16 logins at once with one token one gets in' "not so in $race_bad rounds" "$(log_new)"
	fi
}

# What a login asks, answered one by one, each of them once in a way that no Redis would: STORE TIME
# ROLE TOKEN ACCOUNT SUBJECT ISSUER.
bad_replies() {
	none='$-1\r\n'
	store='$10\r\n1700000000\r\n'
	role='*3\r\n$6\r\nmaster\r\n:7\r\n*1\r\n*3\r\n$1\r\nh\r\n$1\r\n1\r\n$1\r\n7\r\n'
	replica='*5\r\n$5\r\nslave\r\n$1\r\nh\r\n:1\r\n$9\r\nconnected\r\n:7\r\n'
	"$B/tests/programs/badserver" "$D/bad.sock" "$D/replies" &
	bad_pid=$!
	NS_PIDS="$bad_pid $NS_PIDS"
	wait_for 5 test -S "$D/bad.sock"
	host_conf "$CONF" '[state]' "redis = unix:$D/bad.sock"
	mint test alice "$AUD" >"$D/tok/replies"
	clock="*2\\r\\n\$10\\r\\n$(date +%s)\\r\\n\$1\\r\\n0\\r\\n"
	reply_is ok 'as it should be' "$store$clock$role$none$none$none$none"
	reply_is ok 'a replica' "$store$clock$replica$none$none$none$none"
	reply_is revoked 'revoked' "$store$clock$role\$11\\r\\nt9000000000\\r\\n$none$none$none"
	reply_is superseded 'cut off' "$store$clock$role$none$none\$11\\r\\nc9000000000\\r\\n$none"
	for reply_at in 1 2 3 4 5 6 7; do
		for reply_odd in '+OK\r\n' ':0\r\n' '$0\r\n\r\n' '$2\r\nx1\r\n' '$2\r\nt\n\r\n' '*0\r\n' '*1\r\n$-1\r\n' '-ERR no\r\n' ''; do
			set -- "$store" "$clock" "$role" "$none" "$none" "$none" "$none"
			reply_text=
			for reply_n in 1 2 3 4 5 6 7; do
				if [ "$reply_n" -eq "$reply_at" ]; then reply_text=$reply_text$reply_odd; else reply_text=$reply_text$1; fi
				shift
			done
			reply_is state-unavailable "reply $reply_at is \"$reply_odd\"" "$reply_text"
		done
	done
	# A primary that became a replica between ROLE and SET, and other answers to SET.
	for reply_odd in '-READONLY replica\r\n' '$2\r\nOK\r\n' '+QUEUED\r\n' ':1\r\n' ''; do
		reply_is state-unavailable "the use is \"$reply_odd\"" "$store$clock$role$none$none$none$none$reply_odd" consume
	done
	reply_is ok 'a use' "$store$clock$role$none$none$none$none+OK\r\n" consume
	reply_is replayed 'a use again' "$store$clock$role$none$none$none$none$none" consume
	for reply_odd in "$(echo "$replica" | sed 's/connected/connect__/')" '*1\r\n$8\r\nsentinel\r\n' '*2\r\n$5\r\nslave\r\n$1\r\nh\r\n'; do
		reply_is state-unavailable "the role is \"$reply_odd\"" "$store$clock$reply_odd$none$none$none$none"
	done
	kill "$bad_pid" && wait "$bad_pid" 2>/dev/null || :
	if [ "$reply_bad" -eq 0 ]; then pass 'redis: replies in any way that no Redis has are no answer'; else
		fail 'redis: replies in any way that no Redis has' "$reply_bad were taken for one"; fi
}

reply_bad=0
reply_is() {	# REASON NAME REPLIES [consume]
	printf '%b' "$3" >"$D/replies"
	if [ "${4:-}" = consume ]; then
		log_mark
		login alice <"$D/tok/replies" >/dev/null 2>&1 || :
		log_sync
		reply_got=$(log_new | sed -n 's/.* reason=\([a-z-]*\).*/\1/p')
	else
		reply_got=$("$JWT" verify --config "$CONF" --service often --user alice --json <"$D/tok/replies" 2>"$D/err" |
			sed -n 's/.*"reason": *"\([a-z-]*\)".*/\1/p')
	fi
	[ "$reply_got" = "$1" ] || { reply_bad=$((reply_bad + 1)) && echo "#   $2: $reply_got, wanted $1"; }
}

# Not even a handshake, or one that comes byte by byte.
bad_tls() {
	for bad in silent drip flood; do
		"$B/tests/programs/badserver" "$(port 5)" "$bad" &
		bad_pid=$!
		NS_PIDS="$bad_pid $NS_PIDS"
		sleep 0.3
		host_conf "$CONF" '[state]' "redis = rediss://127.0.0.1:$(port 5)"
		case $bad in flood) in_time "a TLS server that is $bad" 'no TLS with this server' ;;
		*) in_time "a TLS server that is $bad" 'no answer in time' ;; esac
		kill "$bad_pid" && wait "$bad_pid" 2>/dev/null || :
	done
}

# --- replicas ---------------------------------------------------------------------------------------------------------------

replicas() {
	REPLICA_PORT=$(port 2)
	stop "$LOCAL"
	redis_start local "$D/local.conf" --port "$REPLICA_PORT" --unixsocket "$SOCKET" --appendonly yes
	LOCAL=$PID
	redis_start replica "$D/local.conf" --port 0 --unixsocket "$D/replica.sock" --replicaof "127.0.0.1 $REPLICA_PORT" \
		--replica-serve-stale-data no
	REPLICA=$PID
	wait_for 10 replica_is_up
	host_conf "$CONF" '[state]' "redis = unix:$SOCKET" 'redis_replicas = 1'
	"$JWT" state init --config "$CONF" >/dev/null
	sleep 1.1
	fresh replicated
	attempt_login 'with a replica that notes it' replicated alice ok
	host_conf "$D/replica.host" '[state]' "redis = unix:$D/replica.sock"
	use_conf "$D/replica.host"
	fresh written
	attempt_login 'a replica cannot note the use' written alice state-unavailable
	why_is 'a replica cannot note the use' 'redis: a replica: what is noted there is lost'
	often
	attempt 'a replica answers what is revoked' written alice ok
	once
	cli "$D/replica.sock" config set replica-read-only no >/dev/null
	fresh written
	attempt_login 'a replica that may be written' written alice state-unavailable
	why_is 'a replica that may be written' 'redis: a replica: what is noted there is lost'
	check 'redis: nothing is revoked at a replica' fails_with 'a replica: what is noted there is lost' \
		revoke --config "$D/replica.host" --token "$D/tok/written"
	kill -STOP "$REPLICA"
	host_conf "$CONF" '[state]' "redis = unix:$SOCKET" 'redis_replicas = 1'
	fresh alone
	attempt_login 'without the replica' alone alice state-unavailable
	why_is 'without the replica' 'redis: fewer replicas'
	kill -CONT "$REPLICA"
	stop "$LOCAL"
	use_conf "$D/replica.host"
	wait_for 10 replica_is_down || :
	often
	attempt 'a replica without its primary (MASTERDOWN)' alone alice state-unavailable
	why_is 'a replica without its primary (MASTERDOWN)' 'redis: the server says: MASTERDOWN'
	# By default it goes on to answer, from what it knew: "not revoked" for what was revoked since.
	cli "$D/replica.sock" config set replica-serve-stale-data yes >/dev/null
	attempt 'a replica that serves stale data' alone alice state-unavailable
	why_is 'a replica that serves stale data' 'redis: a replica that has lost its primary'
	once
}

replica_is_up() {
	cli "$D/replica.sock" info replication | grep -q 'master_link_status:up'
}

replica_is_down() {
	cli "$D/replica.sock" info replication 2>/dev/null | grep -q 'master_link_status:down'
}

# --- pulled -----------------------------------------------------------------------------------------------------------------

pulled() {
	sed 's|^redis_user.*|&\nredis_lookups = pulled\ndirectory = '"$D"'/pulled\nmax_stale = 3s|' "$D/a.conf" >"$CONF"
	cp "$CONF" "$D/pull.conf"
	sed "s/= pam_jwt$/= pam_jwt_admin/; s,/redis\.password,/admin.password," "$CONF" >"$D/pull-admin.conf"
	"$JWT" state init --directory "$D/pulled" >/dev/null
	often
	fresh early
	attempt 'before anything was pulled' early alice state-unavailable
	why_is 'before anything was pulled' "$D/pulled: not pulled for longer than max_stale"
	revoke --token "$D/tok/early"
	check 'redis: state pull' says '^pulled 1, changed 1, removed 0$' state pull --config "$D/pull.conf"
	if [ "$NS" = root ]; then
		ns_terminals
		check 'redis: state pull on a terminal shows how far it is' pull_shows
	else
		skip 'redis: state pull on a terminal' 'needs root'
	fi
	attempt 'a token whose revocation was pulled' early alice revoked
	fresh later
	attempt 'a token that is not revoked' later alice ok
	once
	attempt_login 'its one-time use asks Redis' later alice ok
	attempt 'and Redis remembers' later alice replayed
	revoke --token "$D/tok/early" --undo
	sleep 2.1	# what was written just before a pull began stays until the next
	check 'redis: state pull again' says '^pulled 0, changed 0, removed 1$' state pull --config "$D/pull.conf"
	often
	attempt 'a token whose revocation was taken back' early alice ok
	pulls_less
	pulls_from_lost
	revoke --token "$D/tok/early"
	"$JWT" state pull --config "$D/pull.conf" >/dev/null
	stop "$FLEET"
	attempt 'a revoked token, when Redis is gone' early alice revoked
	attempt 'an ordinary token, when Redis is gone' later alice ok
	once
	fresh gone
	attempt 'a one-time token, when Redis is gone' gone alice state-unavailable
	why_is 'a one-time token, when Redis is gone' 'redis: cannot connect: Connection refused'
	often
	sleep 4.2
	attempt 'an ordinary token, when what was pulled is stale' later alice state-unavailable
	if "$JWT" state pull --config "$D/pull.conf" >"$D/out" 2>&1; then
		fail 'redis: state pull without a server' "$(cat "$D/out")"
	else
		pass 'redis: state pull without a server fails'
	fi
}

# A cut-off that was a typing error, taken back, and made anew.
pulls_less() {
	revoke --subject alice --before $(($(date +%s) + 8000000))
	"$JWT" state pull --config "$D/pull.conf" >/dev/null
	attempt 'a cut-off in the future' early alice superseded
	revoke --subject alice --undo
	revoke --subject alice --before 1000000000
	sleep 2.1
	check 'redis: an earlier cut-off is pulled' says '^pulled 1, changed 1, removed 0$' state pull --config "$D/pull.conf"
	check 'redis: and pulled once' says '^pulled 1, changed 0, removed 0$' state pull --config "$D/pull.conf"
	attempt 'a token after the earlier cut-off' early alice ok
	revoke --subject alice --undo
}

# What the fleet's store lost is not lost here.
pulls_from_lost() {
	revoke --token "$D/tok/early"
	"$JWT" state pull --config "$D/pull.conf" >/dev/null
	stop "$FLEET"
	rm -rf "$D/fleet/appendonlydir"
	redis_start fleet "$D/redis.conf"
	FLEET=$PID
	check 'redis: state pull from a store that is lost' fails_with 'redis: jwt:store is missing' \
		state pull --config "$D/pull.conf"
	sleep 1.1
	"$JWT" state init --config "$D/admin.conf" >/dev/null
	sleep 2.1
	check 'redis: state pull from one that was made anew' says '^pulled 0, changed 0, removed 0$' \
		state pull --config "$D/pull.conf"
	attempt 'what was pulled from the old one' early alice revoked
	"$JWT" revoke --config "$D/pull-admin.conf" --token "$D/tok/early" --undo >/dev/null
	attempt 'and was taken back here' early alice ok
}

pull_shows() {
	"$B/tests/programs/ptyrun" -- "$JWT" state pull --config "$D/pull.conf" >"$D/out" 2>&1
	tr '\r' '\n' <"$D/out" | grep -qx 'pulled 1'
}

keys_make redis
pam_service redis
pam_service often
ca_make
cp "$D/server.crt" "$D/good.crt"
cp "$D/server.key" "$D/good.key"
fleet_start
recipe_works
tls_cases
users
authorities
client_certificates
old_servers
future_store
local_start
moods
bad_servers
bad_tls
bad_replies
clock_goes_back
shared_folder
race
loading
cluster
replicas
pulled
log_clean
finish
