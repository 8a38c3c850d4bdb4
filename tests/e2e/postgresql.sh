#!/bin/sh
# Every kind of token through a real PostgreSQL server on loopback, with "pam" in pg_hba.conf and psql as the client. The
# module runs as the server's user there, and gets the same answer to every prompt.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
ns_enter "$0" "$@"
# shellcheck source=tests/lib/sized.sh
. "$P/tests/lib/sized.sh"

SERVICE=postgresql
RHOST=127.0.0.1
WANT=alice
FAST=5	# seconds for one refusal: the server asks for the password within an authentication_timeout of 20

# One of the machine's own servers, or the one that deps.sh has unpacked. Sets PGBIN and PGCLIENT.
postgresql_find() {
	for PGBIN in /usr/lib/postgresql/*/bin; do :; done
	PGCLIENT=$PGBIN
	[ ! -x "$PGBIN/postgres" ] || return 0
	for PGBIN in "$P"/build/postgresql/usr/lib/postgresql/*/bin; do :; done
	for PGCLIENT in "$P"/build/postgresql-client/usr/lib/postgresql/*/bin; do :; done
}

# Prints what keeps the server from running here; nothing when it can.
postgresql_obstacle() {
	for obstacle_program in "$PGBIN/initdb" "$PGBIN/postgres" "$PGCLIENT/psql"; do
		if [ ! -x "$obstacle_program" ]; then
			echo "there is no ${obstacle_program##*/} (sh tests/check.sh unpacks one)"
		elif ldd "$obstacle_program" 2>/dev/null | grep 'not found' >"$D/missing"; then
			echo "${obstacle_program##*/} lacks $(awk '{ print $1 }' "$D/missing" | tr '\n' ' ')"
		else
			continue
		fi
		break
	done
}

# The server's user, who has no other user's rights; an ordinary user in his own namespace can only be himself. The unpacked
# programs are mounted to where that user may go.
server_user() {
	PGUID=$((BOB + 1))
	if [ "$NS" = root ]; then
		echo "postgres:x:$PGUID:$PGUID::$D/server:/bin/sh" >>"$D/etc/passwd"
		echo "postgres:x:$PGUID:" >>"$D/etc/group"
		printf '#!/bin/sh\nexec setpriv --reuid=%s --regid=%s --clear-groups "$@"\n' "$PGUID" "$PGUID" >"$D/as_server"
	else
		# shellcheck disable=SC2016 # for the helper
		printf '#!/bin/sh\nexec "$@"\n' >"$D/as_server"
	fi
	chmod 755 "$D/as_server"
	mkdir "$D/server" "$D/programs"
	server_own "$D/server"
	case $PGBIN in
	"$P"/*)
		ns_mount --bind "$P/build/postgresql" "$D/programs"
		PGBIN=$D/programs${PGBIN#"$P/build/postgresql"}
		;;
	esac
}

server_own() {	# FILE...
	[ "$NS" != root ] || chown "$PGUID:$PGUID" "$@"
}

# The log is as talkative as it gets: not even then may it hold a piece of a token.
server_make() {
	chmod 1777 "$D/dev/shm"
	"$D/as_server" "$PGBIN/initdb" -D "$D/server/data" -U postgres -A trust -E UTF8 --no-locale --no-sync >"$D/initdb.log" 2>&1 ||
		{ cat "$D/initdb.log" && return 1; }
	cat >>"$D/server/data/postgresql.conf" <<-END
		listen_addresses = '127.0.0.1'
		unix_socket_directories = '$D/server'
		authentication_timeout = 20s
		fsync = off
		ssl = off
		log_connections = on
		log_min_messages = debug5
	END
	cat >"$D/server/data/pg_hba.conf" <<-END
		local all postgres              trust
		local all all                   pam pamservice=postgresql
		host  all all      127.0.0.1/32 pam pamservice=postgresql
	END
}

# shellcheck disable=SC2317 # called by wait_for
server_up_or_dead() {
	grep -qs 'database system is ready' "$SERVER_LOG" || ! kill -0 "$SERVER_PID" 2>/dev/null
}

# Takes the next port when one is in use already.
server_start() {
	SERVER_LOG=$D/server.log
	for server_try in 1 2 3 4 5; do
		PGPORT=$((20000 + ($$ * 7 + server_try * 1009) % 40000))
		"$D/as_server" "$PGBIN/postgres" -D "$D/server/data" -p "$PGPORT" >"$SERVER_LOG" 2>&1 </dev/null &
		SERVER_PID=$!
		wait_for 20 server_up_or_dead || break
		if grep -q 'database system is ready' "$SERVER_LOG"; then
			NS_PIDS="$SERVER_PID $NS_PIDS"
			return 0
		fi
		wait "$SERVER_PID" || :
	done
	tail -n 20 "$SERVER_LOG" >&2
	return 1
}

client_configure() {
	unset PGSERVICE PGOPTIONS PGHOSTADDR PGUSER PGPASSWORD
	export PGPORT PGHOST=127.0.0.1 PGDATABASE=postgres PGSSLMODE=disable PGGSSENCMODE=disable PGPASSFILE="$D/none"
	for role in alice bob carol; do
		PGHOST=$D/server "$PGCLIENT/psql" -Xqw -U postgres -c "create role $role login"
	done
}

login() {	# USER
	login_token=$(cat)
	PGPASSWORD=$login_token timeout -k 5 "$LIMIT" "$PGCLIENT/psql" -XAtw -U "$1" -c 'select current_user' </dev/null
}

every_size() {
	for size in $SIZES; do
		sized_token "$size" alice "$D/tok/alice.$size"
		attempt_login "$size bytes in one answer" "alice.$size" alice ok
	done
}

sized_refused() {
	token_tamper <"$D/tok/alice.2000" >"$D/tok/tampered.2000"
	attempt_login '2000 bytes, tampered' tampered.2000 alice signature-invalid
	sized_token 2000 bob "$D/tok/bob.2000"
	attempt_login "2000 bytes, another user's" bob.2000 alice account-mismatch
}

# What the module says to a user stands in the server's log; the client is told only that PAM refused.
told() {	# MESSAGE
	check "postgresql: ... the client hears only that PAM refused" \
		grep -q 'FATAL: *PAM authentication failed for user "alice"$' "$D/err"
	check "postgresql: ... the server's log says why" grep -q "error from underlying PAM layer: $1" "$SERVER_LOG"
}

# The server would repeat the answer for ever, so the second prompt has to be the last.
incomplete() {	# TOKEN BYTES
	head -c "$2" "$D/tok/$1" >"$D/tok/begun"
	incomplete_start=$(date +%s)
	attempt_login "the first $2 bytes of ${1#*.}" begun alice token-cut
	incomplete_took=$(($(date +%s) - incomplete_start))
	check "postgresql: ... at once ($incomplete_took s)" test "$incomplete_took" -le "$FAST"
}

# Public keys may be read by all, a secret one must be the server's own.
key_of_root() {
	[ "$NS" = root ] || { skip 'postgresql: a key that only root may read' 'needs root' && return 0; }
	chown 0:0 "$D/sized.jwk"
	attempt_login 'a key that only root may read' alice.150 alice key-file-invalid
	server_own "$D/sized.jwk"
	attempt_login 'a key of its own' alice.150 alice ok
}

# log_clean has proved that the search finds something.
server_log_clean() {
	if grep -F -f "$D/runs" "$SERVER_LOG" >"$D/leaks"; then
		fail "postgresql: no piece of a token in the server's log" "$(cut -c 1-300 "$D/leaks")"
	else
		pass "postgresql: no piece of a token in the server's log"
	fi
	check 'postgresql: no server process has crashed' sh -c "! grep 'terminated by signal' '$SERVER_LOG'"
}

postgresql_find
why=$(postgresql_obstacle)
[ -z "$why" ] || { skip postgresql "$why" && finish; }
keys_make postgresql
pam_service postgresql
server_user
server_make
server_start
client_configure

suite postgresql alice bob
attempt_login 'a tampered token again' tampered alice signature-invalid
told 'The token was not accepted'
mint test carol "$AUD" >"$D/tok/carol"
attempt 'a role that is no user of this machine' carol carol account-unknown
RHOST='' PGHOST=$D/server
attempt_login 'good token over the Unix socket' good alice ok
RHOST=127.0.0.1 PGHOST=127.0.0.1

sized_make postgresql
server_own "$D/sized.jwk"
every_size
sized_refused
incomplete alice.2000 600
told 'The token is not complete'
incomplete alice.15000 14999
key_of_root
log_clean
server_log_clean
finish
