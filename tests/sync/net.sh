#!/bin/sh
# The fetcher against a server that answers in every bad way: pam-jwt-net is started as pam-jwt sync starts it.
# Everything is on the loopback address, and as a user without rights where the test runs as root.
set -u

AREA=sync/net
BUILD=${BUILD:-build}
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
# shellcheck source=tests/lib/certificates.sh
. tests/lib/certificates.sh

[ -x "$BUILD/pam-jwt-net" ] || { skip 'the fetcher' 'there was no libcurl for pam-jwt-net'; finish; }
command -v python3 >/dev/null || { skip 'the fetcher' 'python3 is not here'; finish; }

work=$(mktemp -d /tmp/net.XXXXXX)
server=
# shellcheck disable=SC2317 # called by the trap
tidy() {
	[ -z "$server" ] || kill "$server"
	rm -rf "$work"
}
trap tidy EXIT
chmod 755 "$work"
# The user of the fetcher may have no right to the folder of the build.
cp "$BUILD/pam-jwt-net" "$work"
printf '{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}' >"$work/keys.json"

CERTIFICATES=$work
authority ca
authority stranger
certificate srv DNS:localhost,IP:127.0.0.1
certificate other DNS:other.example
certificate client DNS:host.example

mkfifo "$work/ports"
python3 tests/sync/badidp.py "$work" >"$work/ports" 2>"$work/errors" &
server=$!
read -r https http other old mutual proxy <"$work/ports" || { result 1 'the server starts' "$(cat "$work/errors")"; finish; }

user=
[ "$(id -u)" -ne 0 ] || user='-u nobody'

raw() {	# OPTION... URL
	# shellcheck disable=SC2086 # two words or none
	timeout 60 "$BUILD/tests/programs/fetchtry" $user "$@"
}

get() {	# OPTION... PATH-OR-URL
	for get_last; do :; done
	case $get_last in
	/*) set -- "$@" "https://localhost:$https$get_last" ;;
	*) set -- "$@" "$get_last" ;;
	esac
	# The path is the last but one now; what the program takes is put in its place.
	get_count=$(($# - 2))
	get_args=
	while [ "$get_count" -gt 0 ]; do
		get_args="$get_args $1"
		shift
		get_count=$((get_count - 1))
	done
	# shellcheck disable=SC2086 # words
	raw -c "$work/ca.pem" $get_args "$work/pam-jwt-net" "$2"
}

# Names a test by what is fetched, and wants an extended regular expression in the one line that comes.
want() {	# NAME PATTERN OPTION... PATH-OR-URL
	want_name=$1
	want_pattern=$2
	shift 2
	want_got=$(get "$@")
	printf '%s\n' "$want_got" | grep -qE "^$want_pattern"
	result $? "$want_name" "wanted: $want_pattern
got: $want_got"
	printf '%s\n' "$want_got" | sed -n 's/.* rss=//p' >>"$work/rss"
}

want 'a good set' "answered 200 bytes=100 retry-after=-1 max-age=-1 content-type=application/json url=https://localhost:$https/keys " /keys
[ "$(get -b /keys)" = "$(cat "$work/keys.json")" ]
result $? 'its bytes'
want 'validators and freshness are passed on' 'answered 200 .* max-age=13 etag="v1" last-modified=Sun, 06 Nov 1994 08:49:37 GMT ' /etag
want 'a validator is sent, and 304 comes' 'answered 304 bytes=0 ' -e '"v1"' /etag
want 'another validator' 'answered 200 ' -e '"v2"' /etag
want 'a validator that cannot be sent is left out' 'answered 200 bytes=100 retry-after=-1 max-age=-1 content-type' /oddtag
want 'one that is too long is left out' 'answered 200 bytes=100 retry-after=-1 max-age=-1 content-type' /longtag

want 'three redirects' 'answered 200 .*/redirects/0 ' /redirects/3
want 'four are too many' 'failed: .*redirects' /redirects/4
want 'a loop' 'failed: .*redirects' /loop
want 'another host by https' "answered 200 .* url=https://localhost:$https/keys " "https://127.0.0.1:$https/tohttps"
want 'never from https to http' 'failed: .*rotocol' -l /tohttp
want 'never to a file' 'failed: .*rotocol' /tofile
want 'never to a name with a password' 'failed: ' /touser

want 'gzip that nobody asked for' 'failed: the answer is compressed' /gzip
want 'brotli' 'failed: the answer is compressed' /br
want 'a bomb of 200 MB' 'failed: the answer is compressed' /bomb
want 'a bomb in the transfer encoding stays packed' '(failed: |answered 200 bytes=194422 )' /bomb-transfer
want 'the longest body' 'answered 200 bytes=524288 ' /largest
want 'a byte too many, announced' 'failed: the answer is longer than 512 KiB' /big
want 'a byte too many, in a chunk' 'failed: the answer is longer than 512 KiB' /bigchunk
want 'a body without end' 'failed: the answer is longer than 512 KiB' /endless
want 'headers without end' 'failed: ' /endlesshead
want 'a body that was cut' 'failed: ' /cut
want 'a chunk that was cut' 'failed: ' /cutchunk
want 'chunks without the last' 'failed: ' /nochunkend
want 'no HTTP head' 'failed: .*HTTP/0.9' /http09
want '503 with Retry-After' 'answered 503 .* retry-after=30 ' /503
want 'HTML is passed on with its type' 'answered 200 .* content-type=text/html ' /html

want 'an authority that nobody named' 'failed: SSL' -c "$work/stranger.pem" /keys
want 'the certificate of another name' 'failed: SSL' "https://localhost:$other/keys"
want 'TLS 1.1' 'failed: ' "https://localhost:$old/keys"
want 'no certificate where one is wanted' 'failed: ' "https://localhost:$mutual/keys"
want 'a certificate of ours' 'answered 200 ' -C "$work/client.pem" -K "$work/client.key" "https://localhost:$mutual/keys"
openssl ec -in "$work/client.key" -aes128 -passout pass:word -out "$work/locked.key" 2>/dev/null
want 'an encrypted key is no question' 'failed: ' -C "$work/client.pem" -K "$work/locked.key" "https://localhost:$mutual/keys"
want 'an authority that is no PEM' 'failed: ' -c "$work/keys.json" /keys

want 'http to loopback, where it is allowed' 'answered 200 ' -l "http://127.0.0.1:$http/keys"
want 'http where it is not' 'failed: http is not allowed' "http://127.0.0.1:$http/keys"
want 'http to a name' 'failed: http is not allowed' -l "http://localhost:$http/keys"
want 'http to another address' 'failed: http is not allowed' -l "http://192.0.2.1:$http/keys"
want 'http is never redirected' 'answered 302 ' -l "http://127.0.0.1:$http/tohttps"
want 'no other protocol' 'failed: the address is not (a URL|an https address) ' file:///etc/passwd
want 'no user in the address' 'failed: the address has a user name' "https://user:word@localhost:$https/keys"

: >"$work/log"
want 'a proxy is asked' 'failed: .*(CONNECT|proxy)' -p "http://127.0.0.1:$proxy" /keys
grep -q "^CONNECT localhost:$https" "$work/log"
result $? 'and it saw the name'
: >"$work/log"
http_proxy=http://127.0.0.1:$proxy HTTPS_PROXY=http://127.0.0.1:$proxy ALL_PROXY=http://127.0.0.1:$proxy get /cookie >/dev/null
! grep -qiE '^(CONNECT|cookie:|accept-encoding:|authorization:)' "$work/log" && grep -q '^GET /cookie2' "$work/log"
result $? 'no proxy of the environment, no cookie, no compression' "$(cat "$work/log")"

# A POST, as pam-jwt login makes it. The form and the credentials go to that one place.
post() {	# OPTION...; it asks for $post_path
	: >"$work/log"
	raw -c "$work/ca.pem" -d 'grant_type=refresh_token&refresh_token=s3cret%2B' "$@" "$work/pam-jwt-net" "https://localhost:$https$post_path"
}

want_post() {	# NAME PATTERN PATH [OPTION...]
	want_name=$1
	want_pattern=$2
	post_path=$3
	shift 3
	want_got=$(post "$@")
	printf '%s\n' "$want_got" | grep -qE "^$want_pattern"
	result $? "$want_name" "wanted: $want_pattern
got: $want_got"
	printf '%s\n' "$want_got" | sed -n 's/.* rss=//p' >>"$work/rss"
}

credentials='Basic YWxpY2U6d29yZA=='
want_post 'a form is sent' 'answered 200 bytes=100 ' /keys -a "$credentials"
tr -d '\r' <"$work/log" >"$work/seen"
grep -qx 'POST /keys HTTP/1.1' "$work/seen" && grep -qx 'Accept: application/json' "$work/seen" &&
	grep -qx 'Content-Type: application/x-www-form-urlencoded' "$work/seen" && grep -qx 'Content-Length: 48' "$work/seen" &&
	grep -qx "Authorization: $credentials" "$work/seen" && grep -q 'grant_type=refresh_token&refresh_token=s3cret%2B$' "$work/seen"
result $? 'with its type, its length and the credentials' "$(cat "$work/seen")"
form=$(awk 'BEGIN { while (i++ < 65534) printf "x"; }')
: >"$work/log"
got=$(raw -c "$work/ca.pem" -d "a=$form" "$work/pam-jwt-net" "https://localhost:$https/keys")
printf '%s\n' "$got" | grep -q '^answered 200 ' && ! grep -qi '^expect:' "$work/log" && grep -q '^Content-Length: 65536' "$work/log" &&
	! grep -qi '^authorization:' "$work/log"
result $? 'the longest form, without Expect' "$got"
got=$(raw -c "$work/ca.pem" -d "aa=$form" "$work/pam-jwt-net" "https://localhost:$https/keys")
printf '%s\n' "$got" | grep -q '^failed: a value of the request is not valid'
result $? 'a form of a byte too many' "$got"

for status in 301 302 303 307 308; do
	want_post "a POST is not redirected: $status" "answered $status .* url=https://localhost:$https/status/$status " "/status/$status"
	! grep -q stolen "$work/log"
	result $? 'and nothing goes to the other place' "$(cat "$work/log")"
done
: >"$work/log"
got=$(raw -c "$work/ca.pem" -a 'Bearer s3cret' "$work/pam-jwt-net" "https://localhost:$https/status/302")
printf '%s\n' "$got" | grep -q '^answered 302 ' && grep -q '^GET .*' "$work/log" && ! grep -q stolen "$work/log"
result $? 'neither is a GET with credentials' "$got"

want_post '400 without a body' 'answered 400 bytes=0 ' /400empty
want_post '401 with one' 'answered 401 bytes=26 .* content-type=application/json ' /401 -a "$credentials"
want_post 'which is passed on' '\{"error":"invalid_client"\}$' /401 -b
[ "$(grep -c '^POST' "$work/log")" = 1 ]
result $? 'and asked for once'
want_post 'a proof is sent, and its nonce comes back' 'answered 400 .* nonce=n-1_.~ date=1795953600 ' /nonce -D eyJh.eyJi.c2ln
tr -d '\r' <"$work/log" >"$work/seen"
[ "$(grep -ci '^dpop:' "$work/seen")" = 1 ] && grep -qx 'DPoP: eyJh.eyJi.c2ln' "$work/seen"
result $? 'in the header DPoP' "$(cat "$work/seen")"
want_post 'the first of two nonces, and no date' 'answered 200 .* url=[^ ]* nonce=n-1 rss' /nonce-second
! grep -qi '^dpop:' "$work/log"
result $? 'without a proof there is no such header' "$(cat "$work/log")"
want_post 'a nonce of two lines is one line' 'answered 200 .* nonce=n-1 X-Evil: y ' /nonce-fold
want_post 'a nonce that is not ASCII' 'answered 200 .* url=[^ ]* rss' /nonce-odd
want_post 'the longest nonce' "answered 200 .* nonce=n{512} " /nonce-512
want_post 'a nonce of a byte too many' 'answered 200 .* url=[^ ]* rss' /nonce-513
want_post 'a nonce of 1 MB' '(failed: |answered 200 .* url=[^ ]* rss)' /nonce-1mb
want 'the answer to a GET has no nonce and no date' 'answered 400 .* url=[^ ]* rss' /nonce
got=$(get -D eyJh.eyJi.c2ln /keys)
printf '%s\n' "$got" | grep -q '^failed: a value of the request is not valid'
result $? 'a GET with a proof is no request' "$got"
want_post '403 and HTML' 'answered 403 bytes=15 .* content-type=text/html ' /403html
want_post '429 with Retry-After' 'answered 429 bytes=21 retry-after=7 ' /429
want_post 'an empty body' 'answered 200 bytes=0 ' /empty
want_post 'HTML' 'answered 200 .* content-type=text/html ' /html
want_post 'an answer of 10 MB' 'failed: the answer is longer than 512 KiB' /10mb
want_post 'a server that never answers, after 2 s' 'failed: .*timed out after [2-9][0-9]{3} ' /silent -t 2
[ "$(grep -c '^POST' "$work/log")" = 1 ]
result $? 'and a POST is not sent again'
want_post 'an authority that nobody named, at a POST' 'failed: SSL' /keys -c "$work/stranger.pem" -a "$credentials"
[ ! -s "$work/log" ]
result $? 'learns nothing' "$(cat "$work/log")"
want_post 'a proxy, at a POST' 'failed: .*(CONNECT|proxy)' /keys -p "http://127.0.0.1:$proxy" -a "$credentials"
! grep -qiE '^authorization:|s3cret' "$work/log"
result $? 'learns nothing either' "$(cat "$work/log")"
: >"$work/log"
got=$(raw -l -d a=b "$work/pam-jwt-net" "http://127.0.0.1:$http/401")
printf '%s\n' "$got" | grep -q '^answered 401 bytes=26 ' && grep -q '^a=b$' "$work/log"
result $? 'a form to loopback by http' "$got"
got=$(raw -d a=b "$work/pam-jwt-net" "http://127.0.0.1:$http/401")
printf '%s\n' "$got" | grep -q '^failed: http is not allowed'
result $? 'but not where that is not allowed' "$got"

# Beside each other: each of them takes its whole time.
start=$(date +%s)
for path in drip driphead silent; do
	get "/$path" >"$work/slow.$path" &
	eval "pid_$path=\$!"
done
# shellcheck disable=SC2154 # set by eval
wait "$pid_drip" "$pid_driphead" "$pid_silent"
end=$(date +%s)
for path in drip driphead silent; do
	grep -q '^failed: .*timed out' "$work/slow.$path"
	result $? "a server that is slow: $path" "$(cat "$work/slow.$path")"
done
[ $((end - start)) -ge 14 ] && [ $((end - start)) -le 18 ]
result $? 'and 15 s are all that it gets' "it took $((end - start)) s"

most=$(sort -n "$work/rss" | tail -n 1)
[ "${most:-99999}" -lt 32768 ]
result $? 'never more than 32 MiB of memory' "$most KiB"
echo "# the fetcher took at most $most KiB"

# A child of that process has a filter.
filtered() {	# PID
	# shellcheck disable=SC2013 # no path has a space
	for filtered_file in $(grep -lsx "PPid:	$1" /proc/[0-9]*/status); do
		! grep -qs '^Seccomp:	2' "$filtered_file" || return 0
	done
	return 1
}

if readelf -d "$BUILD/pam-jwt-net" | grep -q 'libseccomp'; then
	# shellcheck disable=SC2086 # two words or none
	"$BUILD/tests/programs/fetchtry" $user -c "$work/ca.pem" "$work/pam-jwt-net" "https://localhost:$https/silent" >/dev/null &
	parent=$!
	tries=50
	while [ "$tries" -gt 0 ] && ! filtered "$parent"; do
		tries=$((tries - 1))
		sleep 0.1
	done
	[ "$tries" -gt 0 ]
	result $? 'a filter of system calls is set'
	kill "$parent"
	wait "$parent" 2>/dev/null
else
	skip 'the filter of system calls' 'there was no libseccomp for pam-jwt-net'
fi

if [ "$(id -u)" -eq 0 ]; then
	"$BUILD/pam-jwt-net" fetch </dev/null >/dev/null 2>&1
	[ $? -eq 2 ]
	result $? 'pam-jwt-net itself refuses to be root'
fi

# As pam-jwt itself chooses it, in the folder of a build: a person runs it as what he is, root as a user without rights.
mkdir "$work/bin"
cp "$BUILD/pam-jwt-net" "$BUILD/tests/programs/fetchtry" "$work/bin"
chosen() {	# WANTED-WHO COMMAND...
	chosen_who=$1
	shift
	chosen_got=$("$@" "$work/bin/fetchtry" -c "$work/ca.pem" - "https://localhost:$https/keys" 2>"$work/who")
	printf '%s\n' "$chosen_got" | grep -q '^answered 200 ' && grep -qx "$work/bin/pam-jwt-net as $chosen_who" "$work/who"
}
if [ "$(id -u)" -ne 0 ]; then
	check 'a person, in the folder of a build' chosen 'the caller' env
elif command -v setpriv >/dev/null; then
	check 'a person, in the folder of a build' chosen 'the caller' setpriv --reuid 12345 --regid 12345 --clear-groups
else
	skip 'a person, in the folder of a build' 'setpriv is not here'
fi

# The authorities of the system, as a folder with links as well, and our own that takes their place.
if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2>/dev/null; then
	skip 'the authorities of the system' 'this needs root and a mount namespace'
	finish
fi
mkdir "$work/certs"
cp "$work/ca.pem" "$work/certs/$(openssl x509 -hash -noout -in "$work/ca.pem").0"
system() {	# FETCHTRY-OPTION...
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m sh -c 'mount --bind "$1" /etc/ssl/certs && shift && exec "$@"' sh "$work/certs" \
		"$BUILD/tests/programs/fetchtry" -u nobody "$@" "$work/pam-jwt-net" "https://localhost:$https/keys"
}
got=$(system -c "$work/stranger.pem")
printf '%s\n' "$got" | grep -q '^failed: SSL'
result $? 'an authority of our own replaces those of the system' "$got"
cp "$work/ca.pem" "$work/certs/ca-certificates.crt"
got=$(system)
printf '%s\n' "$got" | grep -q '^answered 200'
result $? 'without one, those of the system count' "$got"

grep -v '^_pam-jwt:' /etc/passwd >"$work/passwd"
with_passwd() {	# COMMAND...
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m sh -c 'mount --bind "$1" /etc/passwd && shift && exec "$@"' sh "$work/passwd" "$@"
}
got=$(with_passwd "$work/bin/fetchtry" -c "$work/ca.pem" - "https://localhost:$https/keys")
[ "$got" = 'there is no user _pam-jwt, and nothing is fetched as root: systemd-sysusers makes it, or useradd --system _pam-jwt' ]
result $? 'root without that user' "$got"
echo '_pam-jwt:x:12346:12346::/:/usr/sbin/nologin' >>"$work/passwd"
check 'root with it' chosen _pam-jwt with_passwd

# Installed, it is in the folder that was compiled in.
libexec=$(cut -d ' ' -f 2 "$BUILD/sysconfdir")
rm "$work/bin/pam-jwt-net"
mkdir "$work/libexec" "$work/libexec/${libexec##*/}"
cp "$BUILD/pam-jwt-net" "$work/libexec/${libexec##*/}"
if [ -d "${libexec%/*}" ]; then
	# shellcheck disable=SC2016 # for the inner shell
	got=$(unshare -m sh -c 'mount --bind "$1" "$2" && shift 2 && exec "$@"' sh "$work/libexec" "${libexec%/*}" setpriv --reuid 12345 \
		--regid 12345 --clear-groups "$work/bin/fetchtry" -c "$work/ca.pem" - "https://localhost:$https/keys" 2>"$work/who")
	printf '%s\n' "$got" | grep -q '^answered 200 ' && grep -qx "$libexec/pam-jwt-net as the caller" "$work/who"
	result $? 'installed, it is found' "$got" "@$work/who"
	got=$("$work/bin/fetchtry" - "https://localhost:$https/keys")
	[ -d "$libexec" ] || [ "$got" = 'there is no pam-jwt-net: install the package pam-jwt-net' ]
	result $? 'and missed where it is not' "$got"
else
	skip 'installed, it is found' "there is no ${libexec%/*} here"
fi
finish
