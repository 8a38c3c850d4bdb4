# shellcheck shell=sh
# Identity providers of others, with TLS, in a network namespace where nothing else is. Sourced after ns.sh.
#
#     provider_enter "$0" "$@"    starts the script again in such a namespace; before ns_enter
#     ns_enter "$0" "$@"
#     provider_names NAME...      each means 127.0.0.1; makes $D/ca.pem and, for each, $D/NAME.pem and $D/NAME.key
#
#     op_missing                  prints why npm's oidc-provider cannot be started, or nothing
#     op_start NAME               starts it: OP is its address, ISSUER its issuer
#     op_stop, op_again           ends it, and starts it with other keys; it remembers nothing
#     op_control PATH             changes it while it runs: see tests/providers/op.mjs
#     op_keys drop|keep           new keys; the old ones are not published any more, or are
#     op_login USER RESOURCE...          the code flow with PKCE, by the client ssh-cli: prints what the token endpoint answers,
#                                        with an access token for the first resource. OP_SCOPE: "offline_access" for a refresh token
#     op_refresh TOKEN RESOURCE          the same for a refresh token
#     op_revoke TOKEN                    ends a session (RFC 7009)
#     op_device RESOURCE...              the device flow begins: prints the answer
#     op_approve USER-CODE               the person at its page
#     op_poll DEVICE-CODE RESOURCE       prints what the token endpoint answers
#     person_browser FILE JAR [WORDS]    writes a program for BROWSER: it follows an address, with WORDS after it, to its very end
#     op_requests PATTERN         how many lines of its log match
#     json_member NAME            the string of that name on stdin
#
# The person is curl with a cookie jar. Everything is bounded in time; what was started ends with the script.

# shellcheck source=tests/lib/certificates.sh
. "$P/tests/lib/certificates.sh"

OP_MODULES=$P/build/providers
OP_CLIENT=ssh-cli
OP_SCOPE='openid login'
OP_CALLBACK=http://127.0.0.1/callback
# RFC 7636, appendix B: a test needs no secret.
PKCE_VERIFIER=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk
PKCE_CHALLENGE=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM

# Returns only inside; outside where there cannot be one, so that the script says what it skips.
provider_enter() {	# SCRIPT ARGUMENT...
	if [ -n "${PAM_JWT_NET:-}" ]; then
		ip link set lo up
	elif [ "$(id -u)" -eq 0 ] && command -v ip >/dev/null && unshare --net true 2>/dev/null; then
		exec env PAM_JWT_NET=own unshare --net sh "$@"
	fi
}

# Prints why there is no network namespace, or nothing.
provider_missing() {
	if [ -z "${PAM_JWT_NET:-}" ]; then
		echo 'this needs root, ip (iproute2) and a network namespace'
	elif ! command -v curl >/dev/null; then
		echo 'there is no curl, which is the person'
	fi
}

provider_names() {	# NAME...
	# shellcheck disable=SC2034 # for certificates.sh
	CERTIFICATES=$D
	authority ca
	for provider_name in "$@"; do
		printf '127.0.0.1 %s\n' "$provider_name" >>"$D/etc/hosts"
		certificate "$provider_name" "DNS:$provider_name"
	done
}

web() {	# CURL-ARGUMENT...
	curl -sS --noproxy '*' --cacert "$D/ca.pem" --connect-timeout 5 --max-time 15 "$@"
}

json_member() {	# NAME
	sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"
}

provider_answers() {	# URL
	web -f -o /dev/null "$1" 2>/dev/null
}

# Waits for it, and shows what it said where it does not come.
provider_up() {	# URL LOG
	wait_for 20 provider_answers "$1" || { cat "$2" >&2 && return 1; }
}

# Takes it off the list, too: its number may be somebody else's when the script ends.
provider_end() {	# PID
	kill "$1" 2>/dev/null || :
	wait "$1" 2>/dev/null || :
	provider_left=
	for provider_pid in $NS_PIDS; do
		[ "$provider_pid" = "$1" ] || provider_left="$provider_left $provider_pid"
	done
	NS_PIDS=$provider_left
}

# Follows redirects as a browser does, and prints the first address that is not the provider's.
person_walk() {	# BASE JAR URL
	person_url=$3
	for _ in 1 2 3 4 5 6 7 8; do
		case $person_url in
		"$1"/*) person_url=$(web -b "$2" -c "$2" -o "$2.page" -w '%{redirect_url}' "$person_url") ;;
		*) break ;;
		esac
	done
	printf '%s\n' "$person_url"
}

person_browser() {	# FILE JAR [WORDS]
	cat >"$1" <<-END
		#!/bin/sh
		exec curl -sSL --noproxy '*' --cacert '$D/ca.pem' --max-time 15 -b '$2' -c '$2' -o '$2.page' "\$1${3:-}"
	END
	chmod 755 "$1"
}

# ---- oidc-provider ----

# The machine's node, or the one that deps.sh has fetched.
op_node() {
	if node --version 2>/dev/null | grep -qE '^v(2[0-9]|[3-9][0-9])\.'; then
		command -v node
	else
		ls "$P"/build/node/node_modules/node-linux-*/bin/node 2>/dev/null
	fi
}

op_missing() {
	if [ ! -e "$OP_MODULES/whole" ]; then
		echo 'oidc-provider is not here (sh tests/check.sh fetches it with npm)'
	elif [ -z "$(op_node)" ]; then
		echo 'there is no node of version 20 or newer'
	else
		provider_missing
	fi
}

op_start() {	# NAME
	OP=https://$1
	# shellcheck disable=SC2034 # for the scripts
	ISSUER=$OP
	mkdir -p "$D/op"
	cp "$D/$1.pem" "$D/op/tls.pem"
	cp "$D/$1.key" "$D/op/tls.key"
	: >"$D/op/requests"
	op_again
}

op_again() {
	"$(op_node)" "$P/tests/providers/op.mjs" "$OP_MODULES" "$D/op" "$OP" >"$D/op/log" 2>&1 &
	OP_PID=$!
	NS_PIDS="$OP_PID $NS_PIDS"
	provider_up "$OP/jwks" "$D/op/log"
}

op_stop() {
	provider_end "$OP_PID"
}

op_control() {	# PATH
	web -f -o /dev/null -X POST "$OP/control/$1"
}

op_keys() {	# drop|keep
	op_control "keys?old=$1"
}

op_requests() {	# PATTERN
	grep -c -- "$1" "$D/op/requests" || :
}

op_form() {	# CURL-ARGUMENT...
	web -d "client_id=$OP_CLIENT" "$@" "$OP/token"
	echo
}

op_login() {	# USER RESOURCE...
	op_control "state?account=$1"
	shift
	rm -f "$D/op/jar"
	op_url=$(person_walk "$OP" "$D/op/jar" "$(op_authorization "$@")")
	op_code=$(printf '%s\n' "$op_url" | sed -n 's/.*[?&]code=\([^&]*\).*/\1/p')
	[ -n "$op_code" ] || { printf '%s\n' "$op_url" >&2 && return 1; }
	op_form -d grant_type=authorization_code -d "code=$op_code" -d "code_verifier=$PKCE_VERIFIER" \
		--data-urlencode "redirect_uri=$OP_CALLBACK" --data-urlencode "resource=$1"
}

# Asks for a login, and prints where the browser is sent.
op_authorization() {	# RESOURCE...
	op_wants "$@" -G -b "$D/op/jar" -c "$D/op/jar" -o "$D/op/jar.page" -w '%{redirect_url}' -d response_type=code -d prompt=consent \
		--data-urlencode "redirect_uri=$OP_CALLBACK" -d state=state -d nonce=nonce -d "code_challenge=$PKCE_CHALLENGE" \
		-d code_challenge_method=S256 "$OP/auth"
}

# Client, scope and resources; from the first word that is an option on, the words are curl's.
op_wants() {	# RESOURCE... CURL-ARGUMENT...
	op_count=$#
	while [ "$op_count" -gt 0 ]; do
		case $1 in
		-*) break ;;
		esac
		op_resource=$1
		shift
		set -- "$@" --data-urlencode "resource=$op_resource"
		op_count=$((op_count - 1))
	done
	web -d "client_id=$OP_CLIENT" --data-urlencode "scope=$OP_SCOPE" "$@"
}

op_refresh() {	# TOKEN RESOURCE
	op_form -d grant_type=refresh_token -d "refresh_token=$1" --data-urlencode "resource=$2"
}

op_revoke() {	# TOKEN
	web -f -d "client_id=$OP_CLIENT" -d "token=$1" "$OP/token/revocation"
}

op_device() {	# RESOURCE...
	op_wants "$@" -s "$OP/device/auth"
	echo
}

op_poll() {	# DEVICE-CODE RESOURCE
	op_form -d grant_type=urn:ietf:params:oauth:grant-type:device_code -d "device_code=$1" --data-urlencode "resource=$2"
}

op_approve() {	# USER-CODE
	rm -f "$D/op/jar"
	web -b "$D/op/jar" -c "$D/op/jar" -o "$D/op/jar.page" "$OP/device"
	op_xsrf=$(sed -n 's/.*name="xsrf" value="\([^"]*\)".*/\1/p' "$D/op/jar.page")
	web -b "$D/op/jar" -c "$D/op/jar" -o "$D/op/jar.page" -d "xsrf=$op_xsrf" -d "user_code=$1" "$OP/device"
	op_url=$(web -b "$D/op/jar" -c "$D/op/jar" -o "$D/op/jar.page" -w '%{redirect_url}' -d "xsrf=$op_xsrf" -d "user_code=$1" \
		-d confirm=yes "$OP/device")
	person_walk "$OP" "$D/op/jar" "$op_url" >"$D/op/none"
}
