#!/bin/sh
# pam-jwt issuer serve behind a real sshd: what people get, what refresh tokens are worth after a reuse, a logout, or when
# something was taken away from a person since, and what words, environments and broken databases do. The hosts are
# pam-jwt verify, and the module by pamtester.
set -u
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
AREA='issuer serve'
sshd_find || { skip serve 'there is no sshd (sh tests/check.sh unpacks one)' && exit 0; }
command -v ssh >/dev/null || { skip serve 'there is no ssh client (sh tests/check.sh installs it)' && exit 0; }
[ "$(id -u)" -eq 0 ] || { skip serve 'only root can have a list of people' && exit 0; }
[ -x "$B/pam-jwt-issuer" ] || { skip serve 'there is no SQLite here' && exit 0; }
ns_enter "$0" "$@"

# ---- the issuer ------------------------------------------------------------------------------------------------------

PROGRAM=/run/pam-jwt-issuer
cp "$B/pam-jwt-issuer" "$PROGRAM"
TOKENS=2101
echo "tokens:x:$TOKENS:$TOKENS::/:/bin/sh" >>"$D/etc/passwd"
printf 'tokens:x:%s:\nstaff:x:2500:alice\n' "$TOKENS" >>"$D/etc/group"
echo 'tokens:*:20000:0:99999:7:::' >>"$D/etc/shadow"
cp -a /etc "$D/etc.issuer"
mkdir -p "$D/etc.issuer/pam_jwt"
ns_mount --bind "$D/etc.issuer" /etc
cp "$D/etc/group" "$D/group"
STORE=$D/issuer WWW=$D/www ISSUER=https://tokens.test
install -d -o "$TOKENS" -g "$TOKENS" -m 700 "$STORE"
install -d -o "$TOKENS" -g "$TOKENS" -m 755 "$WWW"

issuer_conf() {	# LINE...: further lines of [issuer]
	{
		printf '%s\n' '[issuer]' "iss = $ISSUER" 'algorithm = ES256' "grace = ${GRACE:-2m}" "publish = $WWW" "directory = $STORE" "$@"
		printf '%s\n' '[grant ssh]' 'people = alice bob' 'audience = ssh://one ssh://two' 'claims = groups' \
			'[grant staff]' 'people = %staff' 'audience = urn:staff' \
			'[grant loose]' 'people = alice' 'audience = urn:loose' 'bearer = yes' \
			'[grant bob]' 'people = bob' 'audience = urn:bob' \
			'[grant sealed]' 'people = alice' 'audience = ssh://sealed urn:lost' \
			"encrypt_to = ssh://seal* /etc/pam_jwt/sealed.jwk" "encrypt_to = urn:* /etc/pam_jwt/lost.jwk"
	} >/etc/pam_jwt/issuer.conf
}

# Whoever uses a refresh token again from now on has no grace any more.
grace_ends() {	# LINE...
	GRACE=1s
	issuer_conf "$@"
	GRACE=
	sleep 2
}

list_people() {	# NAME-KEY...
	: >/etc/pam_jwt/issuer.people
	for list_one in "$@"; do
		"$PROGRAM" people add "${list_one%-*}" "$D/${list_one#*-}.pub"
	done
}

everybody() {
	list_people alice-alice alice-alice2 bob-bob
}

for key in alice alice2 bob mallory ca; do
	ssh-keygen -q -t ed25519 -N '' -C "$key" -f "$D/$key"
done
cp "$D/alice" "$D/certified"
cp "$D/alice.pub" "$D/certified.pub"
ssh-keygen -q -s "$D/ca" -I x -n tokens "$D/certified.pub"	# certified-cert.pub, which ssh finds by itself
for key in sealed lost; do
	"$JWT" key generate --alg ECDH-ES+A256KW --out "$D/$key.jwk" >"$D/out" 2>&1
	"$JWT" key public <"$D/$key.jwk" >"/etc/pam_jwt/$key.jwk" 2>>"$D/out"
done
issuer_conf
everybody
"$PROGRAM" init >"$D/out" 2>&1
result $? 'init makes keys and database' "@$D/out"

# The ForceCommand reads how it runs serve, so that the tests can change that. Certificates are let in, so that serve sees one.
run_as() {	# SHELL-WORDS
	printf '%s\n' "$1" >/run/how
}

run_as "exec $PROGRAM serve"
printf '#!/bin/sh\n. /run/how\n' >/run/serve
chmod 755 /run/serve

# shellcheck disable=SC2317,SC2329 # called by sshd_configure
options() {
	sed -i 's/^PubkeyAuthentication no/PubkeyAuthentication yes/' "$D/sshd_config"
	echo "TrustedUserCAKeys $D/ca.pub" >>"$D/sshd_config"
	sed -e "s,/usr/bin/pam-jwt issuer people,$PROGRAM people," -e 's,ForceCommand .*,ForceCommand /run/serve,' \
		-e /TrustedUserCAKeys/d "$P/conf/sshd_config.d/pam-jwt-issuer.conf" >>"$D/sshd_config"
}
# shellcheck disable=SC2034 # for sshd_configure
SSHD_MORE=options
plain_pam() {
	printf 'auth required pam_deny.so\naccount required pam_permit.so\nsession required pam_permit.so\n' >/etc/pam.d/sshd
}
plain_pam
sshd_start
ssh_configure
sed -i 's/PreferredAuthentications .*/PreferredAuthentications publickey/' "$D/ssh_config"

# ---- check -----------------------------------------------------------------------------------------------------------

checks() {	# STATUS NAME TEXT: check, without sshd, which tests/issuer/sshd.sh looks at
	checks_got=0
	"$PROGRAM" check --sshd /nonexistent/sshd >"$D/out" 2>&1 || checks_got=$?
	[ "$checks_got" -eq "$1" ] && grep -qF -e "$3" "$D/out"
	result $? "check: $2" "status $checks_got" "@$D/out"
}

checks 0 'the key signs, and is published' 'after a logout access tokens live up to 600s: no redis is configured'
mv "$WWW/jwks.json" "$D/jwks.json"
checks 2 'the published keys are missing' 'it does not have the keys of the issuer'
mv "$D/jwks.json" "$WWW/jwks.json"
for part in "$STORE"/keys/*.jwk; do :; done
mv "$part" "$D/part.jwk"
checks 2 'the file of the key is missing' 'the key: error:'
head -c 100 /dev/zero >"$part"
chown "$TOKENS" "$part"
chmod 600 "$part"
checks 2 'the file of the key is damaged' 'the key: error:'
mv "$D/part.jwk" "$part"
issuer_conf 'redis = unix:/run/none/sock'
checks 2 'a Redis that is not there' 'redis: error:'
issuer_conf
checks 0 'everything is back' OK

# ---- clients ---------------------------------------------------------------------------------------------------------

token=		# what a client sends on standard input
client() {	# KEY [OPTION...] HOST [WORD...]
	client_key=$1
	shift
	timeout -k 5 "$LIMIT" ssh -F "$D/ssh_config" -T -o IdentitiesOnly=yes -o BatchMode=yes -i "$D/$client_key" -l tokens "$@"
}

ask() {	# KEY WORD...
	ask_key=$1
	shift
	got=0
	printf '%s' "$token" | client "$ask_key" test "$@" >"$D/out" 2>"$D/err" || got=$?
}

get() {	# NAME: the first value of that name in the answer
	sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$D/out" | head -n 1
}

gets() {	# NAME: the client got a token and a refresh token
	[ "$got" -eq 0 ] && grep -q '"access_token":"ey' "$D/out" && get refresh_token | grep -q '^pjr1_'
	result $? "$1" "status $got" "@$D/out" "@$D/err" "$(log_new)"
	get refresh_token >"$D/refresh"
	get access_token >"$D/access"
}

refused() {	# NAME ERROR [TEXT-OF-LOG]: exactly that error, and no more
	[ "$got" -eq 1 ] && [ "$(cat "$D/out")" = "{\"error\":\"$2\"}" ] && [ ! -s "$D/err" ] && refused_ok=0 || refused_ok=1
	log_sync
	log_new | grep -qF "${3:-refused}" || refused_ok=1
	result $refused_ok "$1" "status $got" "@$D/out" "@$D/err" "$(log_new)"
	log_mark
}

troubled() {	# NAME [TEXT-OF-LOG]: nothing was issued
	[ "$got" -eq 2 ] && [ "$(cat "$D/out")" = '{"error":"temporarily_unavailable"}' ] && [ ! -s "$D/err" ] && troubled_ok=0 || troubled_ok=1
	log_sync
	log_new | grep -qF "${2:-pam-jwt-issuer}" || troubled_ok=1
	result $troubled_ok "$1" "status $got" "@$D/out" "@$D/err" "$(log_new)"
	log_mark
}

ended() {	# NAME: a logout was answered
	[ "$got" -eq 0 ] && [ "$(cat "$D/out")" = '{}' ]
	result $? "$1" "status $got" "@$D/out" "@$D/err" "$(log_new)"
}

claims() {	# TOKEN
	cut -d . -f 2 "$1" | tr '_-' '/+' | awk '{ while (length($0) % 4) $0 = $0 "="; print }' | base64 -d
}

says() {	# NAME TEXT: the last access token has that
	claims "$D/access" | grep -qF -e "$2"
	result $? "$1" "$2" "$(claims "$D/access")"
}

public() {	# KEY
	cut -d ' ' -f 1,2 "$D/$1.pub"
}

thumbprint() {	# KEY
	"$JWT" key thumbprint <"$D/$1.pub" | grep -o '[A-Za-z0-9_-]\{43\}' | head -n 1
}

# ---- login -----------------------------------------------------------------------------------------------------------

log_mark
ask alice login ssh://one
gets 'alice logs in'
says 'the token is hers' '"sub":"alice","aud":"ssh://one"'
says 'it is bound to the key that ssh proved' "\"cnf\":{\"jkt\":\"$(thumbprint alice)\"}"
says 'it has her groups' '"groups":["alice","staff"]'
cp "$D/access" "$D/access.one"
cp "$D/refresh" "$D/refresh.one"
log_sync
log_new | grep -q 'login issued a token, jti .*: person="alice" key="SHA256:.* audience="ssh://one" from="127.0.0.1"'
result $? 'the log has the token' "$(log_new)"
log_new | grep -qF -e "$(cat "$D/access")" -e "$(cat "$D/refresh")" && leak=1 || leak=0
result $leak 'and neither of the two texts'

# A host takes the keys of nobody but root, and has a copy.
cp "$WWW/jwks.json" "$D/jwks.json"
host_conf() {	# LINE...: of [issuer]
	{
		printf '%s\n' '[issuer home]' "iss = $ISSUER" "keys = $D/jwks.json" 'audience = ssh://one' 'types = at+jwt' "$@"
		printf '%s\n' '[service *]' 'proof = session' 'permit = as claim sub' \
			'[service sshd]' 'proof = ssh-key' 'permit = as claim sub'
	} >"$CONF"
}
host_conf

host() {	# KEY TOKEN: what a host says, where that key was proved
	"$JWT" verify --config "$CONF" --service sshd --user alice --ssh-auth-info "publickey $(public "$1")" <"$2" >"$D/verdict" 2>&1
}
host alice "$D/access"
result $? 'a host with the published keys takes it' "@$D/verdict"
host alice2 "$D/access" && stolen=1 || stolen=0
grep -q proof-mismatch "$D/verdict" || stolen=1
result $stolen 'but with no other key' "@$D/verdict"

# ---- encrypted for a host --------------------------------------------------------------------------------------------

sealed_conf() {	# LINE...: a host for ssh://sealed
	host_conf "$@"
	sed -i 's,^audience = .*,audience = ssh://sealed,' "$CONF"
}
ask alice login ssh://sealed
gets 'a token for a host that encrypt_to names'
[ "$(tr -cd . <"$D/access" | wc -c)" -eq 4 ] && ! claims "$D/access" | grep -q alice
result $? 'has five parts, and nobody on the way reads it' "@$D/access"
sealed_conf "decryption_keys = $D/sealed.jwk"
host alice "$D/access"
result $? 'the host takes it' "@$D/verdict"
sealed_conf "decryption_keys = $D/lost.jwk"
host alice "$D/access" && opened=1 || opened=0
grep -q key-unknown "$D/verdict" || opened=1
result $opened 'no other host does' "@$D/verdict"
token=$(cat "$D/refresh")
ask alice refresh
gets 'a refresh'
[ "$(tr -cd . <"$D/access" | wc -c)" -eq 4 ]
result $? 'is encrypted, too' "@$D/access"
token=
ask alice login --compact ssh://sealed
[ "$got" -eq 1 ] && grep -q 'compact token would have more than 511' "$D/out"
result $? 'it is too long for a compact one' "@$D/out"

host_key() {	# NAME TEXT-OF-LOG: no token leaves in the clear
	log_mark
	ask alice login urn:lost
	troubled "$1" "$2"
}
checks 0 'the keys of the hosts are there' OK
cp "$D/lost.jwk" /etc/pam_jwt/lost.jwk
host_key 'encrypt_to names a private key' 'it has the private key of the host'
checks 2 'encrypt_to names a private key' 'it has the private key of the host'
cp "$D/jwks.json" /etc/pam_jwt/lost.jwk
host_key 'encrypt_to names a key that verifies' 'it is not a key to encrypt for'
printf '{"keys":[%s,%s]}' "$(cat /etc/pam_jwt/sealed.jwk)" "$("$JWT" key public <"$D/lost.jwk")" >"$D/two.jwk"
cp "$D/two.jwk" /etc/pam_jwt/lost.jwk
host_key 'encrypt_to names two keys' 'it has more than one key'
rm /etc/pam_jwt/lost.jwk
host_key 'encrypt_to names no file' 'it cannot be read'
checks 2 'encrypt_to names no file' 'it cannot be read'
"$JWT" key public <"$D/lost.jwk" >/etc/pam_jwt/lost.jwk
chown "$TOKENS" /etc/pam_jwt/lost.jwk
host_key 'the issuer itself could change the key of a host' 'somebody other than root'
chown 0 /etc/pam_jwt/lost.jwk
ask alice login urn:lost
gets 'with the key of the host there is a token again'
log_mark
host_conf

# ---- several ---------------------------------------------------------------------------------------------------------

ask alice login ssh://one urn:staff
[ "$got" -eq 0 ] && grep -q '^{"tokens":{"ssh://one":{"access_token":"ey[^}]*"expires_in":[0-9]*},"urn:staff":{"access_token":"ey' "$D/out"
result $? 'two audiences: a token for each' "@$D/out"
[ "$(grep -o refresh_token "$D/out" | wc -l)" -eq 1 ]
result $? 'and one refresh token'
get refresh_token >"$D/refresh.several"
ask bob login urn:bob
gets 'bob logs in'
cp "$D/refresh" "$D/refresh.bob"
ask alice login --compact ssh://two
gets 'a compact token'
[ "$(wc -c <"$D/access")" -le 512 ]
result $? 'has at most 511 characters, and a newline here'
ask alice login --bearer urn:loose
gets 'a token without a key, where the grant allows it'
claims "$D/access" | grep -q cnf && bound=1 || bound=0
result $bound 'has no cnf'
log_mark
ask alice login --bearer ssh://one
refused 'and not elsewhere' invalid_target 'without cnf'
ask alice login urn:bob
refused "somebody else's audience" invalid_target 'no grant fits'
ask bob login urn:staff
refused 'a group that one is not in' invalid_target 'no grant fits'
ask alice login
refused 'no audience, where there are several' invalid_target
ask alice whoami
[ "$got" -eq 0 ] && grep -q '"sub":"alice","key":"SHA256:' "$D/out"
result $? 'whoami' "@$D/out"
ask alice
[ "$got" -eq 0 ] && grep -q 'you are alice' "$D/out" && grep -q '\[login home\]' "$D/out" && ! grep -q urn:bob "$D/out"
result $? 'without words: what one may get, and the lines for login.conf' "@$D/out"

# ---- refresh ---------------------------------------------------------------------------------------------------------

# A client that says nothing, and stays; the end of this script looks at it.
mkfifo "$D/silence"
exec 9<>"$D/silence"
client alice test refresh <"$D/silence" >"$D/silent" 2>&1 9>&- &
silent=$!

token=$(cat "$D/refresh.one")
ask alice refresh
gets 'the refresh token gets new tokens'
cmp -s "$D/refresh" "$D/refresh.one" && same=1 || same=0
result $same 'a new refresh token is among them'
says 'auth_time is that of the login' "$(claims "$D/access.one" | grep -o '"auth_time":[0-9]*')"
says 'and so is sid' "$(claims "$D/access.one" | grep -o '"sid":"[^"]*"')"
cp "$D/refresh" "$D/refresh.two"
token=$(cat "$D/refresh.several")
ask alice refresh
grep -q '^{"tokens":{"ssh://one":.*"urn:staff":' "$D/out"
result $? 'without a word it is for the audiences of the login' "@$D/out"
get refresh_token >"$D/refresh.several"
token=$(cat "$D/refresh.two")
ask alice2 refresh ssh://two
gets 'another key of the same person, another audience'
says 'the token is still bound to the key of the login' "\"cnf\":{\"jkt\":\"$(thumbprint alice)\"}"
cp "$D/refresh" "$D/refresh.three"
log_mark
token=$(cat "$D/refresh.three")
ask bob refresh
refused "somebody else's refresh token" invalid_grant "another person's"
ask alice refresh urn:bob
refused "somebody else's audience, by a refresh" invalid_target
for token in '' x pjr1_x eyJhbGciOiJFUzI1NiJ9.e30.x "$(cat "$D/refresh.three")x" "$(cat "$D/alice.pub")"; do
	ask alice refresh
	refused "not a refresh token: $(printf %.12s "$token")" invalid_grant
done
token=$(cat "$D/access")
ask alice refresh
refused 'not a refresh token: an access token' invalid_request 'too long'
token=$(cat "$D/refresh.three" "$D/refresh.three")
ask alice refresh
refused 'two lines' invalid_request 'more than one line'
token=$(head -c 70000 /dev/zero | tr '\0' x)
ask alice refresh
refused 'a line without end' invalid_request 'too long'

token=$(cat "$D/refresh.three")
pids=
for parallel in 1 2 3 4 5 6 7 8; do
	printf '%s' "$token" | client alice test refresh >"$D/out.$parallel" 2>"$D/err.$parallel" &
	pids="$pids $!"
done
# shellcheck disable=SC2086 # numbers
wait $pids
[ "$(cat "$D"/out.? | grep -o '"refresh_token":"[^"]*"' | wc -l)" -eq 8 ] &&
	[ "$(cat "$D"/out.? | grep -o '"refresh_token":"[^"]*"' | sort -u | wc -l)" -eq 1 ]
result $? 'eight at once: each gets the same successor' "$(cat "$D"/out.? "$D"/err.?)" "$(log_new)"
cp "$D/out.1" "$D/out"
get refresh_token >"$D/refresh.four"
grace_ends
log_mark
token=$(cat "$D/refresh.two")
ask alice refresh
refused 'a refresh token that was used before' invalid_grant 'ended the login: it may be stolen'
token=$(cat "$D/refresh.four")
ask alice refresh
refused 'ends its family' invalid_grant
token=$(cat "$D/refresh.several")
ask alice refresh
[ "$got" -eq 0 ] && get refresh_token >"$D/refresh.several"
result $? 'and no other of the same person' "@$D/out"
token=$(cat "$D/refresh.bob")
ask bob refresh
gets 'nor that of another person'

# ---- what was taken away since ---------------------------------------------------------------------------------------

log_mark
token=$(cat "$D/refresh.several")
sed 's/^staff:.*/staff:x:2500:/' "$D/group" >/etc/group
ask alice refresh urn:staff
refused 'a group that was lost' invalid_target
ask alice refresh
refused 'and with it all that the login was for' invalid_target
cat "$D/group" >/etc/group
list_people alice-alice2 bob-bob
ask alice2 refresh
refused 'the key of the login was removed' invalid_grant 'no longer listed'
list_people bob-bob
ask alice2 refresh
[ "$got" -eq 255 ]
result $? 'a person who was removed does not get in' "@$D/out"
log_mark
list_people bob-alice
ask alice refresh
refused "the key is somebody else's now" invalid_grant "another person's"
everybody
ask alice refresh urn:staff
gets 'with everything back, the same refresh token is good: no refusal has used it up'
cp "$D/refresh" "$D/refresh.several"

# ---- keys that sshd proved -------------------------------------------------------------------------------------------

token=
ask mallory whoami
[ "$got" -eq 255 ]
result $? 'an unknown key does not get in'
list_people alice-alice2
log_mark
ask certified login ssh://one
refused 'a certificate that sshd takes' invalid_client 'a certificate'
everybody

# Without sshd, which is quicker, as the account itself or as $user. Outside of this test sshd alone can make such a file.
direct() {	# FILE-OF-SSH_USER_AUTH [VARIABLE...]
	direct_file=$1
	shift
	got=0
	printf '%s' "$token" | env SSH_CONNECTION='127.0.0.1 1 127.0.0.1 22' SSH_ORIGINAL_COMMAND="$words" SSH_USER_AUTH="$direct_file" \
		env "$@" setpriv --reuid "${user:-$TOKENS}" --regid "${user:-$TOKENS}" --clear-groups "$PROGRAM" serve \
		>"$D/out" 2>"$D/err" || got=$?
}

user=
words='login ssh://one'
proved=$D/sshauth
printf 'publickey %s\n' "$(public alice)" >"$proved"
chown "$TOKENS" "$proved"
chmod 600 "$proved"
direct "$proved"
gets 'the file decides'
log_mark
printf 'publickey %s\n' "$(public certified-cert)" >"$proved"
direct "$proved"
refused 'a certificate of a key that is listed' invalid_client 'a certificate'
printf 'publickey %s\npublickey %s\n' "$(public alice)" "$(public bob)" >"$proved"
direct "$proved"
refused 'two keys' invalid_client 'more than one method'
printf 'publickey %s\n' "$(public alice)" >"$proved"
list_people bob-bob
direct "$proved"
refused 'a key that was removed after sshd has taken it' invalid_client 'belongs to nobody'
everybody
chown "$TOKENS" /etc/pam_jwt/issuer.people
direct "$proved"
troubled "a list that is not root's" 'nobody gets a token: /etc/pam_jwt/issuer.people'
chown 0 /etc/pam_jwt/issuer.people

# ---- environments ----------------------------------------------------------------------------------------------------

direct /nonexistent
refused 'a file that is missing' invalid_client
chmod 644 "$proved"
direct "$proved"
refused 'a file that others may read' invalid_client
chmod 600 "$proved"
chown 0 "$proved"
direct "$proved"
refused 'a file of root' invalid_client
chown "$ALICE" "$proved"
direct "$proved"
refused 'a file of somebody else' invalid_client
user=$ALICE
direct "$proved"
[ "$got" -eq 2 ] && ! grep -q access_token "$D/out"
result $? 'another account gets nothing, whatever file it has' "status $got" "@$D/out"
user=0
chown 0 "$proved"
direct "$proved"
[ "$got" -eq 1 ] && [ ! -s "$D/out" ] && grep -q 'never as root' "$D/err"
result $? 'nor does root' "status $got" "@$D/out" "@$D/err"
user=
chown "$TOKENS" "$proved"
direct "$proved" GATEWAY_INTERFACE=CGI/1.1
[ "$got" -ne 0 ] && ! grep -q access_token "$D/out"
result $? 'under a web server it does not run' "status $got" "@$D/out" "@$D/err"
direct "$proved" -u SSH_CONNECTION
[ "$got" -eq 1 ] && [ ! -s "$D/out" ]
result $? 'outside of sshd it does not run' "status $got" "@$D/out" "@$D/err"
log_mark
direct "$proved" -u SSH_USER_AUTH
refused 'without the file of sshd' invalid_client '/tmp may be full'

# The next file or socket would get the number of a closed one: a connection to the log would get the answer.
for closed in '0<&-' '>&-' '0<&- >&-' '0<&- >&- 2>&-'; do
	log_mark
	direct "$proved" sh -c "exec \"\$@\" $closed" sh
	log_sync
	[ "$got" -eq 2 ] && [ ! -s "$D/out" ] && ! log_new | grep -q -e pjr1_ -e eyJ -e 'issued a token'
	result $? "without descriptors ($closed) nothing is issued" "status $got" "@$D/out" "@$D/err" "$(log_new)"
done
log_mark
direct "$proved" sh -c 'exec "$@" 2>&-' sh
gets 'without standard error it is'
log_mark

got=0
SSH_USER_AUTH=$proved OPENSSL_CONF=$D/none SSH_ORIGINAL_COMMAND='login ssh://two' LD_PRELOAD_X=$D/none LC_ALL=C \
	client bob -o 'SendEnv=SSH_USER_AUTH OPENSSL_CONF SSH_ORIGINAL_COMMAND LD_* LC_*' -o SetEnv="LD_PRELOAD=$D/none" test whoami \
	</dev/null >"$D/out" 2>"$D/err" || got=$?
[ "$got" -eq 0 ] && grep -q '"sub":"bob"' "$D/out" && [ ! -s "$D/err" ]
result $? 'variables of a client change nothing' "@$D/out" "@$D/err"

eval "$(ssh-agent -a "$D/agent" | grep -v '^echo')"
NS_PIDS="$SSH_AGENT_PID $NS_PIDS"
unset SSH_AUTH_SOCK
client alice -N -L "$D/forwarded:$D/agent" test >"$D/out" 2>&1 &
forward=$!
wait_for 10 test -S "$D/forwarded"
SSH_AUTH_SOCK=$D/agent ssh-add -q "$D/mallory" >"$D/out" 2>&1
SSH_AUTH_SOCK=$D/agent ssh-add -l >"$D/out" 2>&1
reachable=$?
SSH_AUTH_SOCK=$D/forwarded timeout 10 ssh-add -l >"$D/out" 2>&1
forwarded=$?
[ "$forwarded" -ne 0 ] && [ "$reachable" -eq 0 ]
result $? 'the socket of the agent that signs cannot be reached by a forwarding' "status $reachable and $forwarded" "@$D/out"
kill "$forward" && wait "$forward" 2>/dev/null

# /tmp has no room for the file of sshd: first no inode is left, then no byte.
tmp_is_full() {	# OPTION NAME
	mkdir -p /run/full
	mount -t tmpfs -o "mode=1777,$1" full /run/full
	mkdir "/run/full/${D##*/}"
	head -c 65536 /dev/zero 2>/dev/null >/run/full/fill
	mount --rbind "$D" "/run/full/${D##*/}"
	mount --rbind /run/full /tmp
	log_mark
	ask alice login ssh://one
	refused "$2" invalid_client '/tmp may be full'
	umount -l /tmp
	umount -l /run/full
}
if [ "${D%/*}" = /tmp ]; then
	tmp_is_full nr_inodes=3 '/tmp is full: no file can be made'
	tmp_is_full size=4k '/tmp is full: nothing can be written'
else
	skip '/tmp is full' "the folder of this test is not in /tmp"
fi

# ---- words -----------------------------------------------------------------------------------------------------------

log_mark
ask alice 'login ssh://one;id'
refused 'words: a URI with a semicolon is only a URI' invalid_target

# Through a shell of the client's and that of sshd; then all of them.
# shellcheck disable=SC2016 # nothing expands these
for words in 'login ssh://$(id) $(id)' "$(printf 'whoami\nlogin ssh://one')" "$(printf 'login ssh://h\303\266st')" \
	"login ssh://$(head -c 65000 /dev/zero | tr '\0' a)"; do
	ask alice "$words"
	refused "words: $(printf %.30s "$words" | tr '\n' '~')" invalid_request 'serve refused'
done
# shellcheck disable=SC2016 # nothing expands these
for words in 'login ssh://one ; id' 'login `id`' 'login $(id)' 'login ssh://one && id' 'login | id' 'login "ssh://one"' \
	"login 'ssh://one" 'login ssh://one >/tmp/x' ' whoami' 'whoami ' 'login  ssh://one' id /bin/sh '-c id' \
	'login --person=bob ssh://one' 'login ssh://one --bearer' 'serve whoami' 'whoami bob' 'logout x' 'people list' \
	"login$(seq -f ' ssh://h%g' 51 | tr -d '\n')"; do
	direct "$proved"
	refused "words: $(printf %.30s "$words")" invalid_request 'serve refused'
done

# ---- refresh tokens never log in -------------------------------------------------------------------------------------

no_login() {	# SERVICE
	pam_service "$1"
	cp "$D/etc/pam.d/$1" "/etc/pam.d/$1"
	log_mark
	timeout -k 5 "$LIMIT" setsid pamtester "$1" alice authenticate <"$D/refresh.several" >"$D/out" 2>&1 && no_login_ok=1 || no_login_ok=0
	log_sync
	log_new | grep -q "pam_jwt($1:auth): authentication failure" || no_login_ok=1
	result $no_login_ok "a refresh token is no login: $1" "@$D/out" "$(log_new)"
}
# The form that tests/lib/tokens.sh gives to every program.
grep -qxE 'pjr1_[A-Za-z0-9_-]{91}' "$D/refresh.several"
result $? 'a refresh token has the form that is tried as a login in every program' "@$D/refresh.several"
if command -v pamtester >/dev/null; then
	no_login sshd
	no_login sudo
	plain_pam
else
	skip 'a refresh token is no login' 'pamtester is not installed (sh tests/check.sh does that)'
fi
host alice "$D/refresh.several" && in=1 || in=0
result $in 'a refresh token is no login: pam-jwt verify says so, too' "@$D/verdict"

# ---- the clock -------------------------------------------------------------------------------------------------------

token=
if cc -shared -fPIC -D_GNU_SOURCE -o "$D/ahead.so" "$P/tests/programs/clock_ahead.c" 2>"$D/out"; then
	chmod 755 "$D/ahead.so"
	run_as "export CLOCK_AHEAD=600 LD_PRELOAD=$D/ahead.so; exec $PROGRAM serve"
	ask alice login ssh://one
	gets 'a login by a clock that is ahead'
	token=$(cat "$D/refresh")
	run_as "exec $PROGRAM serve"
	log_mark
	ask alice refresh
	troubled 'the clock went back: no token is older than the last one' clock
	run_as "export CLOCK_AHEAD=610 LD_PRELOAD=$D/ahead.so; exec $PROGRAM serve"
	ask alice refresh
	gets 'it is right again, and the refresh token was not used up'
	run_as "exec $PROGRAM serve"
else
	skip 'the clock' 'the clock in front of libc cannot be compiled'
fi

# ---- logout ----------------------------------------------------------------------------------------------------------

log_mark
token=$(cat "$D/refresh.several")
ask bob logout
refused "somebody else's login is not ended" invalid_grant "another person's"
ask alice2 logout
ended 'her own is'
log_sync
log_new | grep -q 'logout no redis is configured, so its access tokens end within 600 seconds:'
result $? 'without Redis the log says how long tokens last' "$(log_new)"
log_mark
ask alice refresh
refused 'its refresh token is worth nothing' invalid_grant
ask alice logout
ended 'to log out twice is no error'
token=pjr1_x
ask alice logout
ended 'nor is a token that nobody knows'

# ---- the fleet -------------------------------------------------------------------------------------------------------

REDIS=$(command -v redis-server) || REDIS=$P/build/redis/usr/bin/redis-check-rdb	# one program under several names
for lib in "$P"/build/redis-*/usr/lib/*-linux-gnu*; do
	[ ! -d "$lib" ] || REDIS_LIBS=${REDIS_LIBS:+$REDIS_LIBS:}$lib
done

redis_start() {
	install -d -m 755 /run/redis
	ln -s "$REDIS" /run/redis/redis-server
	LD_LIBRARY_PATH=${REDIS_LIBS:-} /run/redis/redis-server --dir /run/redis --port 0 --unixsocket /run/redis/sock \
		--unixsocketperm 777 --save '' --daemonize no --maxmemory-policy noeviction >"$D/redis.log" 2>&1 &
	redis=$!
	NS_PIDS="$redis $NS_PIDS"
	wait_for 10 test -S /run/redis/sock
}

revoked() {	# NAME
	host alice "$D/access" && revoked_ok=1 || revoked_ok=0
	grep -q revoked "$D/verdict" || revoked_ok=1
	result $revoked_ok "$1" "@$D/verdict" "$(log_new)"
}

fleet() {
	host_conf 'revocation = require'
	printf '[state]\nredis = unix:/run/redis/sock\n' >>"$CONF"
	issuer_conf 'redis = unix:/run/redis/sock'
	"$JWT" state init --config "$CONF" >"$D/out" 2>&1
	result $? 'the store of the fleet is made' "@$D/out" "@$D/redis.log"
	checks 0 'a Redis that takes a revocation' OK
	token=
	ask alice login ssh://one
	gets 'a login with a fleet'
	token=$(cat "$D/refresh")
	host alice "$D/access"
	result $? 'a host takes its token' "@$D/verdict"
	ask alice logout
	ended 'the logout'
	revoked 'and the host refuses it at once'

	token=
	ask alice login ssh://one
	token=$(get refresh_token)
	ask alice refresh
	gets 'a second login'
	grace_ends 'redis = unix:/run/redis/sock'
	log_mark
	ask alice refresh
	refused 'whose refresh token is used again' invalid_grant 'refresh revoked its access tokens:'
	revoked 'ends on the hosts, too'

	token=
	ask alice login ssh://one
	token=$(get refresh_token)
	kill "$redis" && wait "$redis" 2>/dev/null
	log_mark
	ask alice logout
	troubled 'a logout that the hosts do not learn of' 'its access tokens end within 600 seconds, and not now: redis'
	ask alice refresh
	refused 'ends the login in spite of that' invalid_grant
	issuer_conf
}

if [ -x "$REDIS" ] && LD_LIBRARY_PATH=${REDIS_LIBS:-} "$REDIS" --version >/dev/null 2>&1; then
	redis_start
	fleet
else
	skip 'the fleet' 'there is no redis-server (sh tests/check.sh unpacks one)'
fi

# ---- databases -------------------------------------------------------------------------------------------------------

token=
ask alice login ssh://one
gets 'a login before the troubles'
token=$(cat "$D/refresh")
cp -a "$STORE/issuer.db" "$D/issuer.db"

nothing_is_issued() {	# NAME
	log_mark
	words='login ssh://one'
	direct "$proved"
	troubled "$1: no login"
	words=refresh
	direct "$proved"
	troubled "$1: no refresh"
}

put_back() {
	rm -f "$STORE/issuer.db"
	cp -a "$D/issuer.db" "$STORE/issuer.db"
}

rm "$STORE/issuer.db"
nothing_is_issued 'the database is missing'
put_back
head -c 8192 /dev/urandom >"$STORE/issuer.db"
nothing_is_issued 'the database is damaged'
put_back
chmod 400 "$STORE/issuer.db"
nothing_is_issued 'the database is read-only'
put_back
chown "$ALICE" "$STORE/issuer.db"
nothing_is_issued 'the database is of another owner'
rm "$STORE/issuer.db"
ln -s "$D/issuer.db" "$STORE/issuer.db"
nothing_is_issued 'the database is a link'
put_back
mv "$STORE/keys/secret" "$D/secret"
nothing_is_issued 'the secret is missing'
mv "$D/secret" "$STORE/keys/secret"
mv "$STORE/keys/state.json" "$D/state.json"
nothing_is_issued 'no key is there'
mv "$D/state.json" "$STORE/keys/state.json"
for part in "$STORE"/keys/*.jwk; do :; done
cp -p "$part" "$D/part.jwk"
echo '{"kty":"EC"}' >"$part"
nothing_is_issued 'the key is damaged'
cp -p "$D/part.jwk" "$part"
sed -i 's/^iss = .*/iss = tokens/' /etc/pam_jwt/issuer.conf
nothing_is_issued 'an error in issuer.conf'
issuer_conf
ask alice refresh
gets 'after all of them the refresh token is good'

wait "$silent"
[ $? -eq 1 ] && [ "$(cat "$D/silent")" = '{"error":"invalid_request"}' ]
result $? 'a client that sends no refresh token is refused after some seconds' "@$D/silent"
finish
