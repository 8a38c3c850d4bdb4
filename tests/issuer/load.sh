#!/bin/sh
# Many at once, and processes that are killed, through the whole program: 64 logins renew at the same time by nginx and fcgiwrap, and
# by serve, and none is lost; serve is killed at any moment of a renewal, and the next try gets an answer. What the database does of
# itself is in tests/issuer/family.sh. In namespaces of its own, with a network that has nothing but its own loopback.
set -u
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/nginx.sh
. "$P/tests/lib/nginx.sh"
# shellcheck disable=SC2034 # for results.sh
AREA='issuer load'
[ "$(id -u)" -eq 0 ] || { skip load 'only root can have a list of people' && exit 0; }
[ -x "$B/pam-jwt-issuer" ] || { skip load 'there is no SQLite here' && exit 0; }
command -v ssh-keygen >/dev/null || { skip load 'there is no ssh-keygen (sh tests/check.sh installs it)' && exit 0; }
[ -n "${LOAD_NET:-}" ] || ! unshare --net true 2>/dev/null || exec env LOAD_NET=1 unshare --net sh "$0" "$@"
[ -n "${LOAD_NET:-}" ] || { skip load 'this machine allows no network namespace' && exit 0; }
ip link set lo up
ns_enter "$0" "$@"

URL=https://tokens.example.com/token
PROGRAM=/run/pam-jwt-issuer
STORE=$D/issuer WWW=$D/www
CLIENTS=64
KILLS=60

# ---- the issuer ------------------------------------------------------------------------------------------------------

site() {
	cp "$B/pam-jwt-issuer" "$PROGRAM"
	printf 'tokens:x:2101:2101::/:/bin/sh\nwww-data:x:33:33::/:/usr/sbin/nologin\n' >>"$D/etc/passwd"
	printf 'tokens:x:2101:\nwww-data:x:33:\n' >>"$D/etc/group"
	echo '127.0.0.1 tokens.example.com' >>"$D/etc/hosts"
	cp -a /etc "$D/etc.issuer"
	mkdir -p "$D/etc.issuer/pam_jwt"
	ns_mount --bind "$D/etc.issuer" /etc
	install -d -o tokens -g tokens -m 700 "$STORE"
	install -d -o tokens -g tokens -m 755 "$WWW"
	cat >/etc/pam_jwt/issuer.conf <<-END
		[issuer]
		iss            = https://tokens.example.com
		publish        = $WWW
		directory      = $STORE
		token_endpoint = $URL
		families_max   = 200
		grace          = 5m
		[grant ssh]
		people         = alice
		audience       = ssh://**
	END
	ssh-keygen -q -t ed25519 -N '' -C alice -f "$D/alice"
	"$PROGRAM" people add alice "$D/alice.pub" && "$PROGRAM" init >"$D/out" 2>&1
	result $? 'init' "@$D/out"
	printf 'publickey %s\n' "$(cut -d ' ' -f 1,2 "$D/alice.pub")" >"$D/proved"
	chown tokens "$D/proved"
	chmod 600 "$D/proved"
}

# With what sshd hands over. The process is the program itself from its first moment on, so that it can be killed.
serve() {	# WORD...
	exec env -i PATH=/usr/bin:/bin "SSH_USER_AUTH=$D/proved" 'SSH_CONNECTION=127.0.0.1 40000 127.0.0.1 22' "SSH_ORIGINAL_COMMAND=$*" \
		setpriv --reuid tokens --regid tokens --clear-groups "$PROGRAM" serve
}

member() {	# NAME FILE
	{ cat "$2" && echo; } | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}

# An answer without what differs each time: a signature of ECDSA, and the seconds that are left.
unsigned_of() {	# FILE
	sed -e 's/\(access_token":"[^".]*\.[^".]*\)\.[^"]*/\1/' -e 's/"\(refresh_\)\{0,1\}expires_in":[0-9]*//g' "$1"
}

# ---- many at once ----------------------------------------------------------------------------------------------------

# Runs a function for each client at the same time. Sets TOOK, in milliseconds.
all_at_once() {	# FUNCTION
	all_pids=
	all_start=$(date +%s%3N)
	for all_client in $(seq "$CLIENTS"); do
		"$1" "$all_client" &
		all_pids="$all_pids $!"
	done
	# shellcheck disable=SC2086 # numbers; the servers go on
	wait $all_pids
	TOOK=$(($(date +%s%3N) - all_start))
}

log_in() {	# CLIENT
	(serve login ssh://bastion) >"$D/many/$1.answer" 2>"$D/many/$1.err" </dev/null
	member refresh_token "$D/many/$1.answer" >"$D/many/$1"
}

by_cgi() {	# CLIENT
	curl -s -o "$D/many/$1.answer" --cacert "$D/nginx/server.pem" --data "grant_type=refresh_token&refresh_token=$(cat "$D/many/$1")" "$URL"
	member refresh_token "$D/many/$1.answer" >"$D/many/$1"
}

by_serve() {	# CLIENT
	(serve refresh) <"$D/many/$1" >"$D/many/$1.answer" 2>"$D/many/$1.err"
	member refresh_token "$D/many/$1.answer" >"$D/many/$1"
}

# Every one has a refresh token of its own, and an access token.
have_all() {	# NAME
	have_access=$(grep -l '"access_token":"ey' "$D"/many/*.answer | wc -l)
	have_refresh=$(for have_client in $(seq "$CLIENTS"); do cat "$D/many/$have_client"; done | sort -u | grep -c pjr1_)
	[ "$have_access" -eq "$CLIENTS" ] && [ "$have_refresh" -eq "$CLIENTS" ]
	result $? "$1: none of $CLIENTS is lost ($TOOK ms, $((CLIENTS * 1000 / TOOK)) each second)" "$have_access $have_refresh" \
		"$(cat "$D"/many/*.answer | grep -v access_token | sort | uniq -c)" "$(log_new | tail -n 5)"
}

many() {
	mkdir "$D/many"
	log_mark
	all_at_once log_in
	have_all 'logins at once'
	for many_round in 1 2; do
		all_at_once by_serve
		have_all "by serve, round $many_round"
	done
	nginx_find && command -v curl >/dev/null || { skip 'by the CGI' 'there is no nginx, fcgiwrap or curl' && return; }
	mkdir "$D/nginx"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=tokens.example.com \
		-addext subjectAltName=DNS:tokens.example.com -keyout "$D/nginx/server.key" -out "$D/nginx/server.pem" 2>/dev/null
	fcgiwrap_start "$PROGRAM" || return
	# All come from one address.
	nginx_start "s,/usr/libexec/pam-jwt/pam-jwt-issuer,$PROGRAM,; s,/srv/www/tokens,$WWW,; s/rate=10r/rate=1000r/; s/burst=20/burst=200/; /listen \[::\]/d"
	for many_round in 1 2; do
		all_at_once by_cgi
		have_all "by the CGI, round $many_round"
	done
}

# ---- kill -9 ---------------------------------------------------------------------------------------------------------

# One renewal that is killed after some time, and then the client's next try with the same token. Where the first try had an answer,
# be it that nobody read it, the second one is the same.
killed() {	# MILLISECONDS
	(serve refresh) <"$D/token" >"$D/first" 2>/dev/null &
	killed_pid=$!
	sleep "$(printf '0.%03d' "$1")"
	kill -KILL "$killed_pid" 2>/dev/null
	wait "$killed_pid" 2>/dev/null
	[ $? -ne 137 ] || killed_count=$((killed_count + 1))
	(serve refresh) <"$D/token" >"$D/second" 2>"$D/err"
	[ -n "$(member refresh_token "$D/second")" ] || { echo "killed after $1 ms: no answer" && cat "$D/second" "$D/err" && return 1; }
	[ ! -s "$D/first" ] || [ "$(unsigned_of "$D/first")" = "$(unsigned_of "$D/second")" ] ||
		{ echo "killed after $1 ms: another answer" && cat "$D/first" "$D/second" && return 1; }
	member refresh_token "$D/second" >"$D/token"
}

kills() {
	(serve login ssh://bastion) >"$D/out" 2>"$D/err" </dev/null
	member refresh_token "$D/out" >"$D/token"
	kills_start=$(date +%s%3N)
	(serve refresh) <"$D/token" >"$D/out" 2>"$D/err"
	kills_took=$(($(date +%s%3N) - kills_start))
	member refresh_token "$D/out" >"$D/token"
	killed_count=0 kills_failed=0
	: >"$D/kills"
	for kills_try in $(seq "$KILLS"); do
		killed $((kills_try * kills_took / KILLS)) >>"$D/kills" || kills_failed=$((kills_failed + 1))
	done
	[ "$kills_failed" -eq 0 ] && [ "$killed_count" -ge $((KILLS / 12)) ]
	result $? "serve is killed in $killed_count of $KILLS renewals of $kills_took ms, and the next try has its answer" "@$D/kills" "$(log_new | tail -n 5)"
	[ "$("$PROGRAM" list --json | grep -o '"sid":' | wc -l)" -eq $((CLIENTS + 1)) ]
	result $? 'no login has ended' "$("$PROGRAM" list | tail -n 3)"
}

site
many
kills
finish
