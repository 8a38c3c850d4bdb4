#!/bin/sh
# The cost of state: our directory, SQLite and a Redis in one run. Prints lines of JSON for report.py.
#
#     sh tests/bench/state.sh SECONDS [ENTRIES...]     of each measurement; default 1000 10000 100000; 1000000 takes some minutes
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
B=${BUILD:-$P/build}
case $B in /*) ;; *) B=$P/$B ;; esac
[ -x "$B/tests/bench/state" ] || { echo 'state.sh: it is not built: libsqlite3-dev is missing' >&2 && exit 1; }
D=$(mktemp -d "$B/bench.XXXXXX")	# on a disk, and not on a tmpfs
pid=
leave_state() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || :
	rm -rf "$D"
}
trap leave_state EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A certificate for the loopback, which is its own authority. There is none without the program openssl.
certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$D/redis.key" -out "$D/redis.crt" -days 2 \
		-subj /CN=redis -addext subjectAltName=IP:127.0.0.1 >/dev/null 2>&1
}

# A Redis that keeps what it says, on the same disk; sets SOCKET, PORT and TLS_PORT, to "-" where there is none.
redis_start() {
	SOCKET=- PORT=- TLS_PORT=-
	redis=$(command -v redis-server || echo "$P/build/redis/usr/bin/redis-check-rdb")	# one program under several names
	[ -x "$redis" ] || return 0
	for lib in "$P"/build/redis-*/usr/lib/*-linux-gnu*; do
		[ ! -d "$lib" ] || libs=${libs:+$libs:}$lib
	done
	ln -s "$redis" "$D/redis-server"
	mkdir "$D/redis"
	PORT=$((20000 + ($$ * 17) % 40000))
	set --
	if certificate; then
		TLS_PORT=$((PORT + 1))
		set -- --tls-port "$TLS_PORT" --tls-cert-file "$D/redis.crt" --tls-key-file "$D/redis.key" --tls-auth-clients no
	fi
	LD_LIBRARY_PATH=${libs-} "$D/redis-server" --dir "$D/redis" --bind 127.0.0.1 --port "$PORT" --unixsocket "$D/redis.sock" \
		--appendonly yes --appendfsync always --save '' "$@" >"$D/redis.log" 2>&1 &
	pid=$!
	tries=50
	until [ -S "$D/redis.sock" ] || [ "$tries" -eq 0 ]; do
		sleep 0.1
		tries=$((tries - 1))
	done
	if [ -S "$D/redis.sock" ]; then SOCKET=$D/redis.sock; else PORT=- TLS_PORT=-; fi
}

redis_start
seconds=$1
shift
[ $# -gt 0 ] || set -- 1000 10000 100000
"$B/tests/bench/state" "$D" "$seconds" "$SOCKET" "$PORT" "$TLS_PORT" "$D/redis.crt" "$@"
