#!/bin/sh
# pam-jwt issuer cgi behind a real nginx and fcgiwrap, with the settings of the package: refreshes and revocations, everything
# that a client can do wrong, and what a web server may hand over that was never meant. Without the server what the program
# itself refuses. In namespaces of its own, with a network that has nothing but its own loopback.
set -u
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/nginx.sh
. "$P/tests/lib/nginx.sh"
AREA='issuer cgi'
nginx_find || { skip cgi 'there is no nginx and fcgiwrap (sh tests/check.sh unpacks them)' && exit 0; }
for needed in curl ssh-keygen openssl; do
	command -v "$needed" >/dev/null || { skip cgi "there is no $needed" && exit 0; }
done
[ "$(id -u)" -eq 0 ] || { skip cgi 'only root can have a list of people' && exit 0; }
[ -n "${CGI_NET:-}" ] || ! unshare --net true 2>/dev/null || exec env CGI_NET=1 unshare --net sh "$0" "$@"
[ -n "${CGI_NET:-}" ] || { skip cgi 'this machine allows no network namespace' && exit 0; }
ip link set lo up
ns_enter "$0" "$@"

FORM=application/x-www-form-urlencoded
URL=https://tokens.example.com/token
PROGRAM=/run/pam-jwt-issuer
cp "$B/pam-jwt-issuer" "$PROGRAM"

# ---- the issuer ------------------------------------------------------------------------------------------------------

printf 'tokens:x:2101:2101::/:/bin/sh\nwww-data:x:33:33::/:/usr/sbin/nologin\n' >>"$D/etc/passwd"
printf 'tokens:x:2101:\nwww-data:x:33:\n' >>"$D/etc/group"
echo '127.0.0.1 tokens.example.com' >>"$D/etc/hosts"
cp -a /etc "$D/etc.issuer"
mkdir -p "$D/etc.issuer/pam_jwt"
ns_mount --bind "$D/etc.issuer" /etc
STORE=$D/issuer
WWW=$D/www
install -d -o tokens -g tokens -m 700 "$STORE"
install -d -o tokens -g tokens -m 755 "$WWW"
cat >/etc/pam_jwt/issuer.conf <<END
[issuer]
iss            = https://tokens.example.com
publish        = $WWW
directory      = $STORE
token_endpoint = $URL
grace          = 2m
[grant ssh]
people         = alice
audience       = ssh://**
END
ssh-keygen -q -t ed25519 -N '' -C alice -f "$D/alice"
"$PROGRAM" people add alice "$D/alice.pub"
"$PROGRAM" init >"$D/out" 2>&1
result $? 'init' "@$D/out"

as_tokens() {	# VARIABLE=VALUE... PROGRAM [WORD...]
	env -i PATH=/usr/bin:/bin "$@" 2>"$D/err"
}

member() {	# NAME: of the JSON object in $D/body
	sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$D/body"
}

# A login, with what sshd hands over. Sets REFRESH.
login() {	# WORD...
	printf 'publickey %s\n' "$(cut -d ' ' -f 1,2 "$D/alice.pub")" >"$D/proved"
	chown tokens "$D/proved"
	chmod 600 "$D/proved"
	as_tokens "SSH_USER_AUTH=$D/proved" 'SSH_CONNECTION=127.0.0.1 40000 127.0.0.1 22' "SSH_ORIGINAL_COMMAND=login $*" \
		setpriv --reuid tokens --regid tokens --clear-groups "$PROGRAM" serve >"$D/body" </dev/null
	REFRESH=$(member refresh_token)
	[ -n "$REFRESH" ]
}

# ---- asking it -------------------------------------------------------------------------------------------------------

web() {	# CURL-ARGUMENT...
	curl -s -o "$D/body" -D "$D/head" -w '%{http_code}' --cacert "$D/nginx/server.pem" "$@" >"$D/status" 2>"$D/err"
	STATUS=$(cat "$D/status")
}

refresh() {	# TOKEN [CURL-ARGUMENT...]
	refresh_token=$1
	shift
	web --data "grant_type=refresh_token&refresh_token=$refresh_token&client_id=pam-jwt" "$@" "$URL"
}

revoke() {	# TOKEN
	web --data "token=$1&token_type_hint=refresh_token" "$URL/revoke"
}

is() {	# STATUS ERROR NAME: the answer has that status, and says that and nothing else
	[ "$STATUS" = "$1" ] && [ "$(cat "$D/body")" = "{\"error\":\"$2\"}" ]
	result $? "$3" "$STATUS" "@$D/body" "@$D/err"
}

is_issued() {	# NAME
	[ "$STATUS" = 200 ] && [ -n "$(member access_token)" ] && [ -n "$(member refresh_token)" ] && ! grep -q '"error"' "$D/body"
	result $? "$1" "$STATUS" "@$D/body" "@$D/err"
}

# The program as a web server could run it, whatever that server is. The body comes from standard input.
direct() {	# VARIABLE=VALUE... PROGRAM [WORD...]
	as_tokens GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST "CONTENT_TYPE=$FORM" REMOTE_ADDR=192.0.2.7 "$@" >"$D/raw"
	CODE=$?
	sed -n 's/^Status: \([0-9]*\).*/\1/p' "$D/raw" >"$D/status"
	STATUS=$(cat "$D/status")
	sed '1,/^.$/d' "$D/raw" >"$D/body"
}

tokens_run() {	# WORD...: words for direct
	direct_body=$1
	shift
	printf '%s' "$direct_body" >"$D/request"
	direct "CONTENT_LENGTH=${#direct_body}" "$@" <"$D/request"
}

# An answer without what differs each time: a signature of ECDSA, and the seconds that are left.
unsigned_of() {	# FILE
	sed -e 's/\(access_token":"[^".]*\.[^".]*\)\.[^"]*/\1/' -e 's/"[a-z_]*expires_in":[0-9]*//g' "$1"
}

# ---- with a web server -----------------------------------------------------------------------------------------------

mkdir "$D/nginx"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=tokens.example.com \
	-addext subjectAltName=DNS:tokens.example.com -keyout "$D/nginx/server.key" -out "$D/nginx/server.pem" 2>/dev/null
fcgiwrap_start "$PROGRAM"
# 64 come at once here, from one address.
nginx_start "s,/usr/libexec/pam-jwt/pam-jwt-issuer,$PROGRAM,; s,/srv/www/tokens,$WWW,; s/rate=10r/rate=1000r/; s/burst=20/burst=200/; /listen \[::\]/d"

web https://tokens.example.com/jwks.json
[ "$STATUS" = 200 ] && grep -q '"keys"' "$D/body" && grep -qi '^content-type: application/json' "$D/head"
result $? 'the web server has the keys' "$STATUS" "@$D/body"
web https://tokens.example.com/.well-known/openid-configuration
[ "$STATUS" = 200 ] && [ "$(member issuer)" = https://tokens.example.com ] && [ "$(member token_endpoint)" = "$URL" ] &&
	[ "$(member revocation_endpoint)" = "$URL/revoke" ]
result $? 'the metadata name the two addresses of the CGI' "$STATUS" "@$D/body"
# The account of the issuer owns the folder, and not what nginx may read elsewhere.
echo '{"keys":"of others"}' >"$D/others.json"
mv "$WWW/jwks.json" "$D/jwks.json"
ln -s "$D/others.json" "$WWW/jwks.json"
web https://tokens.example.com/jwks.json
[ "$STATUS" = 403 ] && ! grep -q others "$D/body"
result $? 'a link among the keys shows nothing' "$STATUS" "@$D/body"
rm "$WWW/jwks.json"
mv "$D/jwks.json" "$WWW/jwks.json"

login ssh://bastion
result $? 'a login' "@$D/body" "@$D/err"
first=$REFRESH
refresh "$first"
is_issued 'a refresh gets a token and the next refresh token'
cp "$D/body" "$D/first"
second=$(member refresh_token)
[ "$second" != "$first" ] && grep -qi '^cache-control: no-store' "$D/head" && grep -qi '^content-type: application/json' "$D/head"
result $? 'no cache may keep it' "@$D/head"
refresh "$first"
[ "$STATUS" = 200 ] && [ "$(unsigned_of "$D/first")" = "$(unsigned_of "$D/body")" ]
result $? 'a repeated use within the grace gets the same answer again' "@$D/first" "@$D/body"
refresh "$second" --data-urlencode resource=ssh://db1
is_issued 'a refresh for another audience of the grant'
third=$(member refresh_token)
log_mark
refresh "$first"
is 400 invalid_grant 'an older token is refused'
log_sync
log_new >"$D/new"
grep 'pam-jwt-issuer' "$D/new" | grep -q 'alice'
result $? 'and the log says whose it is' "@$D/new"
refresh "$third"
is 400 invalid_grant 'and its login has ended: the newest one is refused as well'
! grep -qF -e "$first" "$D/new"
result $? 'no token is in the log' "@$D/new"

login ssh://bastion
refresh "$REFRESH" --data-urlencode resource=https://elsewhere.example
is 400 invalid_target 'an audience that no grant has'
refresh "$REFRESH"
is_issued 'which leaves the refresh token as it was'
REFRESH=$(member refresh_token)
revoke "$REFRESH"
[ "$STATUS" = 200 ]
result $? 'a refresh token is revoked' "$STATUS" "@$D/body"
refresh "$REFRESH"
is 400 invalid_grant 'and is over'
revoke "$REFRESH"
[ "$STATUS" = 200 ]
result $? 'again is no error' "$STATUS" "@$D/body"
revoke nonsense
[ "$STATUS" = 200 ]
result $? 'nor is a token that never was (RFC 7009)' "$STATUS" "@$D/body"
revoke "$(sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p' "$D/first")"
is 400 unsupported_token_type 'an access token cannot be revoked here, and the client is told'

# ---- what a client does wrong ----

login ssh://bastion
GOOD="grant_type=refresh_token&refresh_token=$REFRESH"
for method in GET PUT DELETE PATCH OPTIONS; do
	web -X "$method" --data "$GOOD" "$URL"
	is 405 invalid_request "$method is refused"
	grep -qi '^allow: POST' "$D/head"
	result $? "$method: the answer says what is allowed" "@$D/head"
done
web --head "$URL"
[ "$STATUS" = 405 ]
result $? 'HEAD is refused' "$STATUS"
web --data "$GOOD" "$URL?x=1"
is 400 invalid_request 'a query is refused'
web --data '' "$URL?$GOOD"
is 400 invalid_request 'a token in a query is refused'
web -X POST "$URL?serve"
is 400 invalid_request 'a query that some servers make an argument of is refused'
web -H 'Content-Type: application/json' --data "$GOOD" "$URL"
is 400 invalid_request 'another type is refused'
web -F "grant_type=refresh_token" -F "refresh_token=$REFRESH" "$URL"
is 400 invalid_request 'a form in parts is refused'
for more in "refresh_token=$REFRESH" resource=ssh://bastion%26resource=ssh://bastion grant_type=refresh_token 'refresh%5Ftoken=x' ; do
	web --data "$GOOD&$(printf '%s' "$more" | sed 's/%26/\&/')" "$URL"
	is 400 invalid_request "a parameter twice: ${more%%=*}"
done
web --data "$GOOD&client_id=other" "$URL"
is 401 invalid_client 'another client'
web --data "$GOOD&client_secret=x" "$URL"
is 401 invalid_client 'a client with a secret'
web --data "grant_type=password&username=alice&password=x" "$URL"
is 400 unsupported_grant_type 'another grant'
web --data "refresh_token=$REFRESH" "$URL"
is 400 invalid_request 'no grant'
web --data "$GOOD%00" "$URL"
is 400 invalid_request 'a NUL after the token'
web --data "$GOOD%0d%0aX" "$URL"
is 400 invalid_request 'a line after the token'
web --data "grant_type=refresh_token&refresh_token=x%22%5c" "$URL"
is 400 invalid_grant 'a token that would end a JSON string'
web --path-as-is --data "$GOOD" "$URL/revoke/../../etc/passwd"
[ "$STATUS" = 404 ]
result $? 'another path is not ours' "$STATUS"

pad() {	# BYTES: a body of that length
	printf '%s&pad=' "$GOOD"
	head -c "$(($1 - ${#GOOD} - 5))" /dev/zero | tr '\0' x
}
pad 16384 >"$D/full"
pad 16385 >"$D/over"
web --data "@$D/over" "$URL"
[ "$STATUS" = 413 ]
result $? 'a byte more than 16 KiB is refused by the web server' "$STATUS"
web --data "@$D/full" "$URL"
is_issued 'a form of 16 KiB'
web --data "grant_type=refresh_token&refresh_token=$(member refresh_token)" -H 'Transfer-Encoding: chunked' -H 'Expect:' "$URL"
is_issued 'a form in chunks, of which the server tells the length'
REFRESH=$(member refresh_token)

# ---- 64 at once ----

mkdir "$D/many"
many() {	# NUMBER
	curl -s -o "$D/many/$1" --cacert "$D/nginx/server.pem" --data "grant_type=refresh_token&refresh_token=$REFRESH" "$URL"
}
pids=
n=0
while [ "$n" -lt 64 ]; do
	n=$((n + 1))
	many "$n" &
	pids="$pids $!"
done
# shellcheck disable=SC2086 # numbers; the servers go on
wait $pids
[ "$(cat "$D"/many/* | grep -o '"refresh_token":"[^"]*"' | wc -l)" -eq 64 ] &&
	[ "$(for file in "$D"/many/*; do unsigned_of "$file"; echo; done | sort -u | grep -c token)" -eq 1 ]
result $? '64 uses of one token at once get one answer, all of them' "$(for file in "$D"/many/*; do unsigned_of "$file"; echo; done | sort | uniq -c)"
cp "$D/many/1" "$D/body"
REFRESH=$(member refresh_token)
refresh "$REFRESH"
is_issued 'and there is one successor, which counts'
REFRESH=$(member refresh_token)

# ---- without a web server --------------------------------------------------------------------------------------------

AS_TOKENS="setpriv --reuid tokens --regid tokens --clear-groups $PROGRAM"
GOOD="grant_type=refresh_token&refresh_token=$REFRESH"
# shellcheck disable=SC2086 # words
{
tokens_run "$GOOD" $AS_TOKENS
is_issued 'the program as any server runs it'
[ "$CODE" -eq 0 ] && grep -q '^Cache-Control: no-store.$' "$D/raw" && grep -q '^Content-Length: ' "$D/raw"
result $? 'with its headers' "@$D/raw"
GOOD="grant_type=refresh_token&refresh_token=$(member refresh_token)"
printf 'config_diagnostics = 1\nopenssl_conf = x\n[x]\nproviders = y\n[y]\nz = w\n[w]\nmodule = /nonexistent\nactivate = 1\n' >"$D/openssl.cnf"
tokens_run "$GOOD" "OPENSSL_CONF=$D/openssl.cnf" $AS_TOKENS
is_issued 'no library is told anything by the environment'
GOOD="grant_type=refresh_token&refresh_token=$(member refresh_token)"
for words in serve 'people --authorized-keys' 'people list' init check '--help' cgi 'key status' 'login ssh://bastion'; do
	tokens_run 'grant_type=x' $AS_TOKENS $words
	is 400 unsupported_grant_type "the words \"$words\" are not read"
done
tokens_run 'grant_type=x' SSH_X=1 HTTP_PROXY=http://127.0.0.1:1 HTTP_HOST='$(id)' HTTP_SSH_USER_AUTH="$D/proved" \
	HTTP_CONTENT_LENGTH=5 HTTP_REQUEST_METHOD=GET HTTP_AUTHORIZATION='Bearer x' LD_BIND_NOW=1 $AS_TOKENS
is 400 unsupported_grant_type 'headers are not read'
for name in SSH_CONNECTION SSH_CLIENT SSH_ORIGINAL_COMMAND SSH_USER_AUTH; do
	tokens_run "$GOOD" "$name=x" $AS_TOKENS
	[ "$CODE" -eq 2 ] && [ ! -s "$D/raw" ]
	result $? "in ssh ($name) it refuses" "@$D/raw"
done
env -i $AS_TOKENS cgi >"$D/raw" 2>"$D/err" </dev/null
[ $? -eq 2 ] && [ ! -s "$D/raw" ] && grep -q 'web server' "$D/err"
result $? 'by hand it refuses' "@$D/err"

printf '%s' "$GOOD" >"$D/request"
for length in '' 0 -1 +5 016 1e3 0x10 '12 ' 16385 99999999999999999999; do
	direct "CONTENT_LENGTH=$length" $AS_TOKENS <"$D/request"
	is 400 invalid_request "a length of \"$length\""
done
direct $AS_TOKENS <"$D/request"
is 400 invalid_request 'no length'
started=$(date +%s)
direct "CONTENT_LENGTH=$((${#GOOD} + 1))" $AS_TOKENS <"$D/request"
is 400 invalid_request 'a body that is shorter than its length'
[ "$(($(date +%s) - started))" -lt 8 ]
result $? 'is refused at once'
direct CONTENT_LENGTH=16385 $AS_TOKENS <"$D/over"
is 400 invalid_request 'a byte more than 16 KiB'
tokens_run "$GOOD" PATH_INFO=/other $AS_TOKENS
is 400 invalid_request 'another path'
log_mark
for wrong in CONTENT_TYPE=text/plain PATH_INFO=/other REQUEST_METHOD=PUT QUERY_STRING=x; do
	# What is left of the body comes after the word of the program.
	(direct CONTENT_LENGTH=3 "$wrong" $AS_TOKENS && cat >"$D/left") <<-END
		abcde
	END
	[ "$(cat "$D/left")" = de ]
	result $? "a body is read before it is refused ($wrong)" "@$D/left" "@$D/raw"
done
log_mark
tokens_run 'a=b&a=b' 'REMOTE_ADDR=1.2.3.4" person="root' $AS_TOKENS
log_sync
log_new >"$D/new"
grep -q 'pam-jwt-issuer.*cgi refused a request: a parameter is there twice from=""$' "$D/new"
result $? 'the log says why, and nothing that the client chose' "@$D/new"

# A body that never ends. It takes ten seconds, in which the rest goes on.
mkfifo "$D/slow"
sleep 60 >"$D/slow" &
slow_writer=$!
(direct CONTENT_LENGTH=100 $AS_TOKENS <"$D/slow"; echo "$STATUS" >"$D/slow.status") &
slow=$!
started=$(date +%s)

# The issuer in trouble: nothing is decided, and the client may come again.
login ssh://bastion
mv "$STORE/issuer.db" "$STORE/away.db"
tokens_run "grant_type=refresh_token&refresh_token=$REFRESH" $AS_TOKENS
is 503 temporarily_unavailable 'without a database'
grep -q '^Retry-After: ' "$D/raw"
result $? 'the client is told to come again' "@$D/raw"
head -c 8192 /dev/urandom >"$STORE/issuer.db"
chown tokens:tokens "$STORE/issuer.db"
chmod 600 "$STORE/issuer.db"
tokens_run "grant_type=refresh_token&refresh_token=$REFRESH" $AS_TOKENS
is 503 temporarily_unavailable 'with one that is damaged'
[ ! -s "$D/err" ]
result $? 'the log of the web server has nothing of it' "@$D/err"
rm -f "$STORE"/issuer.db*
mv "$STORE/away.db" "$STORE/issuer.db"
for key in "$STORE"/keys/*.jwk; do
	cp -p "$key" "$D/kept.jwk"
	echo '{"kty":' >"$key"
	tokens_run "grant_type=refresh_token&refresh_token=$REFRESH" $AS_TOKENS
	is 503 temporarily_unavailable 'with a key that cannot be read'
	[ ! -s "$D/err" ]
	result $? 'the log of the web server has nothing of that either' "@$D/err"
	cat "$D/kept.jwk" >"$key"
done
mv /etc/pam_jwt/issuer.people /etc/pam_jwt/away
tokens_run "grant_type=refresh_token&refresh_token=$REFRESH" $AS_TOKENS
[ "$STATUS" != 200 ] && ! grep -q access_token "$D/body"
result $? 'without a list of people' "@$D/raw"
mv /etc/pam_jwt/away /etc/pam_jwt/issuer.people
tokens_run "grant_type=refresh_token&refresh_token=$REFRESH" $AS_TOKENS
is_issued 'when all is there again, the token counts'
}
wait "$slow"
kill "$slow_writer" 2>/dev/null
[ "$(cat "$D/slow.status")" = 400 ] && [ "$(($(date +%s) - started))" -lt 30 ]
result $? 'a body that never ends is given up'

# ---- what is left of all that ----------------------------------------------------------------------------------------

! grep -rqE 'pjr1_|refresh_token=' "$D/nginx/error.log" "$LOG"
result $? 'no refresh token is in the logs of the server and the issuer' "$(grep -hE 'pjr1_' "$D/nginx/error.log" "$LOG" | head -n 3)"
[ -z "$(find "$D/nginx/tmp" -type f)" ]
result $? 'no body is left in a file of the server' "$(find "$D/nginx/tmp" -type f)"
finish
