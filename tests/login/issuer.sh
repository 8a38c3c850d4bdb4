#!/bin/sh
# A site without an identity provider: alice logs in once at our own issuer, over a real ssh with the key of her real ssh-agent, and
# then works by ssh and sudo on a bastion that takes its tokens together with that key alone. Her tokens live for seconds. Then what
# goes wrong on the way to the issuer, at the real ssh, renewals by the CGI, and the end: a logout, after which nothing is renewed.
#
#     sh tests/login/issuer.sh
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
# shellcheck source=tests/lib/nginx.sh
. "$P/tests/lib/nginx.sh"
# shellcheck disable=SC2034 # for results.sh
AREA='issuer login'
[ -x "$B/pam-jwt-issuer" ] || { skip login 'there was no SQLite for pam-jwt-issuer' && exit 0; }
command -v ssh-agent >/dev/null || { skip login 'there is no ssh-agent' && exit 0; }
provider_enter "$0" "$@"
why=$(provider_missing)
[ -z "$why" ] || { skip login "$why" && exit 0; }
ns_enter "$0" "$@"
# shellcheck source=tests/lib/day.sh
. "$P/tests/lib/day.sh"
sshd_find || { skip login 'there is no sshd here' && finish; }

AGENT=$D/agent/socket
TOKENS=2101
STORE=$D/issuer
WWW=$D/www
TTL=${ISSUER_TTL:-4}
SESSION=$D/run-alice/pam-jwt/session/home
ISSUER=https://tokens.example.com	# for host_make; nginx.sh has the name, too

# ---- the issuer ----

issuer_account() {
	echo "tokens:x:$TOKENS:$TOKENS::/:/bin/sh" >>"$D/etc/passwd"
	echo "tokens:x:$TOKENS:" >>"$D/etc/group"
	echo 'www-data:x:33:33::/:/usr/sbin/nologin' >>"$D/etc/passwd"
	echo 'www-data:x:33:' >>"$D/etc/group"
	echo 'tokens:*:20000:0:99999:7:::' >>"$D/etc/shadow"
	echo '127.0.0.1 issuer.test tokens.example.com' >>"$D/etc/hosts"
}

# The program and the settings of sshd lie where root alone can write, as AuthorizedKeysCommand wants it.
issuer_make() {
	cp "$B/pam-jwt" "$B/pam-jwt-issuer" /run
	cp -a /etc "$D/etc.issuer"
	mkdir -p "$D/etc.issuer/pam_jwt"
	ns_mount --bind "$D/etc.issuer" /etc
	install -d -o "$TOKENS" -m 700 "$STORE"
	install -d -o "$TOKENS" -m 755 "$WWW"
	cat >/etc/pam_jwt/issuer.conf <<-END
		[issuer]
		iss        = $ISSUER
		access_ttl = ${TTL}s
		refresh_idle = 1h
		grace      = 1s
		publish    = $WWW
		directory  = $STORE
		token_endpoint = $ISSUER/token
		[grant ssh]
		people     = alice
		audience   = ssh://**
	END
	/run/pam-jwt issuer people add alice "$D/keys/alice.pub" >"$D/out" 2>&1
	/run/pam-jwt issuer init >>"$D/out" 2>&1 || { cat "$D/out" >&2 && return 1; }
	cp "$WWW/jwks.json" "$D/keys.jwks"
}

# An sshd with the block of the package, and PAM that lets an account in.
issuer_up() {
	grep -qs 'listening on' "$D/issuer.log"
}

issuer_start() {
	printf 'auth required pam_deny.so\naccount required pam_permit.so\nsession required pam_permit.so\n' >"$D/pam.issuer"
	{
		grep -v '^AuthenticationMethods' "$D/sshd_config"
		sed -e 's,/usr/bin/pam-jwt,/run/pam-jwt,' "$P/conf/sshd_config.d/pam-jwt-issuer.conf"
	} >"$D/sshd_issuer"
	# shellcheck disable=SC2016 # of the inner shell
	unshare --mount sh -c 'mount --bind "$0/pam.issuer" /etc/pam.d/sshd && exec "$@"' "$D" \
		"$SSHD" -D -e -p 2203 -f "$D/sshd_issuer" >"$D/issuer.log" 2>&1 &
	ISSUER_PID=$!
	NS_PIDS="$ISSUER_PID $NS_PIDS"
	wait_for 10 issuer_up || { cat "$D/issuer.log" >&2 && return 1; }
}

issuer_stop() {
	kill "$ISSUER_PID" && wait "$ISSUER_PID" || :
	rm -f "$D/issuer.log"
}

# ---- the hosts ----

host_rules() {	# NAME
	sed -i '/^\[service/,$d' "$D/$1/pam_jwt.conf"
	cat >>"$D/$1/pam_jwt.conf" <<-END
		[service sshd]
		proof         = ssh-key
		require_proof = yes
		permit        = as claim sub
		[service sudo sudo-i]
		proof         = session
		require_proof = yes
		permit        = as claim sub
	END
	echo 'session required pam_loginuid.so' >>"$D/$1/pam.d/sshd"
	(
		# shellcheck disable=SC2034 # for pam_service
		CONF=$D/$1/pam_jwt.conf
		pam_service sudo
		cp "$D/etc/pam.d/sudo" "$D/$1/pam.d/"
	)
}

hosts() {
	: >"$D/keys.jwks"
	: >"$D/etc/pam.d/sshd"
	for hosts_name in bastion.test db1.test; do
		host_make "$hosts_name" sshd
		host_rules "$hosts_name"
	done
	: >"$D/etc/pam.d/sshd"
	sudoers_write
	sshd_configure
	sed -i -e 's/^PubkeyAuthentication no/PubkeyAuthentication yes/' -e 's/^PasswordAuthentication.*/PasswordAuthentication no/' "$D/sshd_config"
	printf '%s\n' 'AuthenticationMethods publickey,keyboard-interactive:pam' "AuthorizedKeysFile $D/authorized/%u" >>"$D/sshd_config"
}

# ---- alice ----

keys() {
	mkdir "$D/agent" "$D/keys" "$D/authorized"
	chown "$ALICE" "$D/agent"
	chmod 700 "$D/agent"
	for keys_name in alice other; do
		ssh-keygen -q -t ed25519 -N '' -C "$keys_name" -f "$D/keys/$keys_name"
		chown "$ALICE" "$D/keys/$keys_name"
	done
	cat "$D/keys/alice.pub" "$D/keys/other.pub" >"$D/authorized/alice"
	setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups ssh-agent -D -a "$AGENT" >"$D/agent.log" 2>&1 &
	NS_PIDS="$! $NS_PIDS"
	wait_for 10 test -S "$AGENT"
}

agent() {	# OPTION...
	setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups env "SSH_AUTH_SOCK=$AGENT" ssh-add -q "$@" 2>"$D/err"
}

desk() {
	chmod 755 "$D"
	mkdir -p "$D/run-alice" "$D/person" "$HOME_OF/.config/pam-jwt" "$HOME_OF/.ssh"
	chmod 700 "$D/run-alice" "$HOME_OF/.ssh"
	cat >"$HOME_OF/.config/pam-jwt/login.conf" <<-END
		[login home]
		issuer = tokens@issuer.test
		hosts  = bastion.test db1.test
	END
	chown -R "$ALICE" "$D/run-alice" "$D/person" "$HOME_OF"
	alice pam-jwt login --shell >"$D/profile"
	echo "export SSH_AUTH_SOCK=$AGENT" >>"$D/profile"
	{
		printf 'Host issuer.test\nPort 2203\n'
		cat "$D/ssh_hosts"
		printf 'Host *\nStrictHostKeyChecking accept-new\nLogLevel ERROR\n'
		alice pam-jwt login --ssh-config
	} >"$D/ssh_config"
	install -o "$ALICE" -m 600 "$D/ssh_config" "$HOME_OF/.ssh/config"
	install -o "$ALICE" -m 644 "$D/profile" "$HOME_OF/.profile"
}

# ---- what is to hold ----

does() {	# TITLE STATUS WANTED COMMAND...: WANTED is all that it prints
	does_title=$1 does_status=$2 does_wanted=$3
	shift 3
	does_rc=0
	alice "$@" >"$D/out" 2>"$D/err" || does_rc=$?
	[ "$does_rc" -eq "$does_status" ] && [ "$(cat "$D/out")" = "$does_wanted" ] && does_ok=0 || does_ok=1
	result "$does_ok" "$does_title" "status $does_rc" @"$D/out" @"$D/err" "$(log_new | tail -n 6)"
}

says() {	# TEXT
	check "... it says: $1" grep -qF -e "$1" "$D/err"
}

# The token is over, and the refresh token is there.
expire() {
	sed -e 's/"taken":[0-9]*/"taken":0/g' -e 's/"life":[0-9]*/"life":1/g' "$SESSION" >"$D/session"
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/session" "$SESSION"
}

log_in() {
	does 'a key that the agent lacks' 2 '' pam-jwt login home
	says 'is your key in the ssh-agent (ssh-add -l), and listed there (pam-jwt issuer people add)?'
	agent "$D/keys/other"
	does 'a key that is not listed' 2 '' pam-jwt login home
	says 'Permission denied (publickey)'
	agent "$D/keys/alice"
	alice pam-jwt login home >"$D/out" 2>"$D/err" || :
	check 'alice logs in once' grep -q '^alice at home' "$D/out"
	check '... by her ssh key' grep -qF ", by the ssh key $PRINT" "$D/out"
	check '... and nothing warns' test ! -s "$D/err"
	alice pam-jwt login --status >"$D/out" 2>"$D/err" || :
	check '... the status says so' grep -q '^home: alice at tokens@issuer.test, a token for ' "$D/out"
}

work() {
	for work_turn in 1 2 3; do
		does "ssh to the bastion, $work_turn" 0 alice ssh -i "$D/keys/alice.pub" -oIdentitiesOnly=yes bastion.test id -un
		does "ssh to the database, by a token of its own, $work_turn" 0 alice ssh -i "$D/keys/alice.pub" -oIdentitiesOnly=yes db1.test id -un
		sleep $((TTL - 1))
	done
	log_sync
	work_tokens=$(log_new | grep -c 'refresh issued a token' || :)
	check "... with $work_tokens silent refreshes" test "$work_tokens" -ge 3
	does 'the token needs the key that ssh proved to the issuer' 255 '' sh -c \
		'pam-jwt token home --host bastion.test --min-validity 10s >/dev/null; exec "$@"' sh ssh -i "$D/keys/other" -oIdentitiesOnly=yes -oIdentityAgent=none bastion.test id -un
	log_sync
	result "$([ "$(log_decisions sshd | tail -n 1 | log_reason)" = proof-mismatch ]; echo $?)" '... proof-mismatch' @"$D/err" "$(log_new | tail -n 12)"
}

sudo_there() {
	why=$(setuid_obstacle sudo)
	(echo "$ALICE" >/proc/self/loginuid) 2>/dev/null || why=${why:-there are no audit sessions}
	[ -z "$why" ] || { skip 'sudo on the bastion' "$why" && return 0; }
	alice pam-jwt token home --host bastion.test --min-validity "${TTL}s" >"$D/stolen" 2>"$D/err" || :
	install -o "$ALICE" -m 600 "$D/stolen" "$D/person/answer"
	does 'sudo on the bastion, in the session that was opened with the key' 0 root \
		ssh -i "$D/keys/alice.pub" -oIdentitiesOnly=yes bastion.test \
		"env HOME=$HOME_OF SUDO_ASKPASS=$ASKPASS PAM_JWT_TOKEN_FILE=$D/person/answer sudo -A id -un"
}

# The real ssh, where it cannot reach the issuer: the login is kept.
trouble() {
	expire
	issuer_stop
	does 'the issuer is down' 2 '' pam-jwt token home --host bastion.test
	says 'home gives no new token now, and your login is kept: ssh failed: ssh: connect to host issuer.test port 2203: Connection refused: it cannot be reached: try again later'
	mv "$D/hostkey" "$D/hostkey.kept"
	ssh-keygen -q -t ed25519 -N '' -C test -f "$D/hostkey"
	issuer_start
	does 'another host key' 2 '' pam-jwt token home --host bastion.test
	says 'its host key is not the one that ssh knows: ask the administrator before anything else'
	issuer_stop
	mv "$D/hostkey.kept" "$D/hostkey"
	issuer_start
	mv "$HOME_OF/.ssh/known_hosts" "$D/known_hosts"
	sed -i 's/accept-new/ask/' "$HOME_OF/.ssh/config"
	does 'an unknown host key, where nobody can be asked' 2 '' pam-jwt token home --host bastion.test
	says 'ssh does not trust its host key'
	sed -i 's/StrictHostKeyChecking ask/StrictHostKeyChecking accept-new/' "$HOME_OF/.ssh/config"
	mv "$D/known_hosts" "$HOME_OF/.ssh/known_hosts"
	agent -D
	does 'an ssh-agent without the key' 2 '' pam-jwt token home --host bastion.test
	says 'is your key in the ssh-agent (ssh-add -l)'
	agent "$D/keys/alice"
	mv "$STORE/issuer.db" "$STORE/away"
	does 'an issuer without its database' 2 '' pam-jwt token home --host bastion.test
	says 'it has trouble, try again later'
	mv "$STORE/away" "$STORE/issuer.db"
	does 'and all is well again' 0 alice ssh bastion.test id -un
}

# By a request, and without the key: one that wants a touch is asked for at a login and by hosts alone.
by_cgi() {
	[ -x "$B/pam-jwt-net" ] || { skip 'renewals by the CGI' 'there was no libcurl for pam-jwt-net' && return 0; }
	nginx_find || { skip 'renewals by the CGI' 'there is no nginx and fcgiwrap (sh tests/check.sh unpacks them)' && return 0; }
	cp "$B/pam-jwt-net" "$D"
	mkdir "$D/nginx"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=tokens.example.com \
		-addext subjectAltName=DNS:tokens.example.com -keyout "$D/nginx/server.key" -out "$D/nginx/server.pem" 2>"$D/out"
	fcgiwrap_start /run/pam-jwt-issuer
	nginx_start "s,/usr/libexec/pam-jwt/pam-jwt-issuer,/run/pam-jwt-issuer,; s,/srv/www/tokens,$WWW,; /listen \[::\]/d"
	printf 'token_endpoint = %s/token\nca_file = %s\n' "$ISSUER" "$D/nginx/server.pem" >>"$HOME_OF/.config/pam-jwt/login.conf"
	agent -D
	log_mark
	for cgi_turn in 1 2 3; do
		expire
		cgi_rc=0
		alice pam-jwt token home --host bastion.test >"$D/person/token" 2>"$D/err" || cgi_rc=$?
		[ "$cgi_rc" -eq 0 ] && [ "$("$JWT" inspect <"$D/person/token" | grep -c 'ssh://bastion.test')" -ge 1 ] && cgi_rc=0 || cgi_rc=1
		result "$cgi_rc" "a renewal by the CGI, and no key in the agent, $cgi_turn" @"$D/err" @"$D/nginx/error.log" "$(log_new | tail -n 4)"
	done
	agent "$D/keys/alice"
	does 'ssh by such a token' 0 alice ssh bastion.test id -un
	provider_end "$(cat "$D/nginx/pid")"
	expire
	does 'a web server that is down' 2 '' pam-jwt token home --host bastion.test
	says 'home gives no new token now, and your login is kept: '
	cp -p "$D/kept.conf" "$HOME_OF/.config/pam-jwt/login.conf"
	does 'by ssh again' 0 alice ssh bastion.test id -un
}

# Other tokens, by settings of login.conf: short ones, and some that are bound to no key, which the grant does not give.
other_tokens() {
	echo 'compact = yes' >>"$HOME_OF/.config/pam-jwt/login.conf"
	alice pam-jwt login home >"$D/out" 2>"$D/err" || :
	check 'a login for compact tokens' grep -q '^alice at home' "$D/out"
	alice pam-jwt token home --host bastion.test >"$D/person/token" 2>"$D/err" || :
	check '... has some of at most 511 bytes' test "$(wc -c <"$D/person/token")" -le 512
	does '... which log in' 0 alice ssh bastion.test id -un
	expire
	does '... and so do those of a renewal' 0 alice ssh bastion.test id -un
	sed -i 's/^compact.*/bearer = yes/' "$HOME_OF/.config/pam-jwt/login.conf"
	does 'tokens without a key' 2 '' pam-jwt login home
	says 'none of its grants gives you such a token'
	cp -p "$D/kept.conf" "$HOME_OF/.config/pam-jwt/login.conf"
	alice pam-jwt login home >"$D/out" 2>"$D/err" || :
	check 'and the usual ones again' grep -q '^alice at home' "$D/out"
}

# Somebody has a copy of the refresh token, and uses it after alice has.
stolen() {
	cp "$SESSION" "$D/copy"
	expire
	does 'alice renews' 0 alice ssh bastion.test id -un
	{ cat "$SESSION" && echo; } | json_member refresh_token >"$D/person/answer"
	does 'a refresh token never logs in' 255 '' env "PAM_JWT_TOKEN_FILE=$D/person/answer" ssh bastion.test id -un
	cp "$SESSION" "$D/newest"
	sleep 2
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/copy" "$SESSION"
	expire
	does 'somebody uses the refresh token of before' 1 '' pam-jwt token home --host bastion.test
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/newest" "$SESSION"
	expire
	does '... and so the login is over for everybody' 1 '' pam-jwt token home --host bastion.test
	says 'your login at home is over: pam-jwt login home'
	alice pam-jwt login home >"$D/out" 2>"$D/err" || :
	check '... until alice logs in again' grep -q '^alice at home' "$D/out"
	cp "$SESSION" "$D/copy"
}

over() {
	does 'a logout' 0 'logged out: home' pam-jwt logout home
	check '... nothing warns' test ! -s "$D/err"
	does 'after it' 1 '' pam-jwt token home --host bastion.test
	says 'you are not logged in at home: pam-jwt login home'
	# The session of before, from a backup: the issuer knows that it is over.
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/copy" "$SESSION"
	expire
	does 'a copy of the session' 1 '' pam-jwt token home --host bastion.test
	says 'your login at home is over: pam-jwt login home'
	check '... it is marked' grep -q '"is_over":true' "$SESSION"
	alice pam-jwt login home >"$D/out" 2>"$D/err" || :
	check 'a new login' grep -q '^alice at home' "$D/out"
	/run/pam-jwt issuer people remove alice >"$D/out" 2>&1
	expire
	does 'alice is no longer listed' 2 '' pam-jwt token home --host bastion.test
	says 'listed there'
	does 'a logout then' 1 'logged out: home' pam-jwt logout home
	says 'home could not be told, and the login may go on there'
	check '... the session is gone' test ! -e "$SESSION"
}

keys
PRINT=$(ssh-keygen -lf "$D/keys/alice.pub" | cut -d' ' -f2)
issuer_account
hosts
issuer_make
host_start bastion.test 2201
host_start db1.test 2202
issuer_start
desk
log_mark
log_in
work
sudo_there
trouble
cp -p "$HOME_OF/.config/pam-jwt/login.conf" "$D/kept.conf"
by_cgi
other_tokens
stolen
over
finish
