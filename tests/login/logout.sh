#!/bin/sh
# pam-jwt logout at a real identity provider: a session ends here whatever the provider says, also one whose section in login.conf
# has another name, another provider or another folder now; and no secret goes to a provider that it is not for.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck source=tests/lib/session.sh
. "$P/tests/lib/session.sh"
AREA=logout
provider_enter "$0" "$@"
why=$(op_missing)
[ -z "$why" ] || { skip logout "$why" && exit 0; }
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip logout 'needs root' && finish; }

CONF=
TOLD='could not be told, and the login may go on there: '

# A session and its refresh token, which is in TOKEN from now on; with a secret it is the client ssh-secret's.
session() {	# [secret]
	session_make one.test
	TOKEN=$(session_member refresh_token)
	[ "${1:-}" = secret ] || return 0
	sed -e 's/"client":"ssh-cli"/"client":"ssh-secret"/' -e 's/"client_auth":"none"/"client_auth":"client_secret_basic"/' \
		"$SESSION" >"$D/session"
	put_session "$SESSION"
}

put_session() {	# FILE
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/session" "$1"
}

conf() {	# SED-SCRIPT
	session_prepare
	CONF=$SESSION_HOME/.config/pam-jwt/login.conf
	sed -i "$1" "$CONF"
}

# Whether the provider takes the refresh token no more.
revoked() {	# NAME
	op_refresh "$TOKEN" ssh://one.test >"$D/answer"
	check "$1: it is revoked" grep -q '"invalid_grant"' "$D/answer"
	check "$1: the session is gone" test ! -e "$SESSION"
}

gone() {	# NAME
	check "$1: the session is gone anyway" test ! -e "$SESSION"
}

marked() {
	conf ''
	session
	sed 's/"is_over":false/"is_over":true/' "$SESSION" >"$D/session"
	put_session "$SESSION"
	says 'a session that is marked as over' 0 '' logout corp
	revoked 'a session that is marked as over'
}

# Sections change, and sessions stay.
moved() {
	conf ''
	session
	sed -i 's/^\[login corp]/[login work]/' "$CONF"
	says 'a section with another name: logout of all' 0 '' logout
	check 'it says which' grep -qx 'logged out: corp' "$D/out"
	revoked 'a section with another name'
	session
	says 'by the name of the session' 0 '' logout corp
	revoked 'by the name of the session'
	says 'a name that nobody has' 2 'there is no login of that name, only: work' logout corp
	conf '/^hosts/a store = home'
	session
	says 'a section that has another store now' 0 '' logout corp
	revoked 'a section that has another store now'
	conf ''
	session
	moved_home=$SESSION_HOME/.local/state/pam-jwt/session
	as_alice mkdir -p -m 700 "$moved_home"
	mv "$SESSION" "$moved_home/corp"
	says 'one that is at home' 0 '' logout
	revoked 'one that is at home'
	check 'nothing is left there' sh -c "! ls '$moved_home' | grep -qvx corp.lock"
	mkdir "$D/away"
	mv "$SESSION_RUNTIME" "$D/away"
	sed -i '/^hosts/a store = home' "$CONF"
	says 'without XDG_RUNTIME_DIR, which nobody needs' 0 '' logout
	mv "$D/away/runtime" "$SESSION_RUNTIME"
}

# There is no section for the provider any more: certificates of the system alone, and no secret.
removed() {
	conf ''
	session
	: >"$CONF"
	says 'no section at all' 1 "corp $TOLD.*" logout
	gone 'no section at all'
	session secret
	says 'no section, and a client with a secret' 1 "corp ${TOLD}login.conf no longer has its client, and so not its secret" logout
	gone 'no section, and a client with a secret'
	conf ''
	removed_draft=$SESSION_RUNTIME/pam-jwt/session/gone.new
	install -o "$ALICE" -g "$ALICE" -m 600 /dev/null "$removed_draft"
	says 'what a killed writer left' 0 '' logout
	check 'what a killed writer left: it is gone' test ! -e "$removed_draft"
}

# The section of that name is for another provider now, and has its secret.
changed() {
	echo 'the secret of another' >"$D/other-secret"
	chmod 600 "$D/other-secret"
	chown "$ALICE" "$D/other-secret"
	conf "s|^client .*|client = other|; s|^iss .*|iss = https://other.test|; /^hosts/a client_secret_file = $D/other-secret"
	session
	as_root_strace logout corp
	gone 'a section of another provider'
	check 'a section of another provider: its secret was not read' sh -c "! grep -q other-secret '$D/strace'"
	changed_coded=$(printf 'other:the+secret+of+another' | base64)
	check 'nor sent' sh -c "! grep -qE 'secret of another|secret\\+of|$changed_coded' '$D/strace'"
	conf "s|^client .*|client = ssh-secret|; /^hosts/a client_secret_file = $D/other-secret"
	session
	as_root_strace logout corp
	gone 'a section of another client'
	check 'a section of another client: its secret was not read' sh -c "! grep -q other-secret '$D/strace'"
	session secret
	as_root_strace logout corp
	check 'the secret is read for its own client' grep -q other-secret "$D/strace"
}

# As root, because strace of alice could not read what is started.
as_root_strace() {	# ARGUMENT...
	strace -f -qq -s 10000 -o "$D/strace" -e trace=openat,write,sendto,sendmsg,writev timeout 30 setpriv --reuid="$ALICE" \
		--regid="$ALICE" --clear-groups env -i "HOME=$SESSION_HOME" "XDG_RUNTIME_DIR=$SESSION_RUNTIME" "$JWT" "$@" \
		>"$D/out" 2>"$D/err" || :
}

# The provider's answer does not matter for what is here.
answers() {
	conf ''
	for answers_status in 401 403 503; do
		session
		op_control "state?revocation=$answers_status"
		says "the provider answers $answers_status" 1 "corp ${TOLD}it answered HTTP $answers_status and did not say why" logout
		gone "the provider answers $answers_status"
	done
	op_control 'state?revocation=0'
	session
	sed 's/"revocation_endpoint":"[^"]*",//' "$SESSION" >"$D/session"
	put_session "$SESSION"
	says 'a provider that has no such endpoint' 1 "corp ${TOLD}it has no endpoint for that" logout
	gone 'a provider that has no such endpoint'
	session
	op_stop
	says 'the provider is down' 1 "corp $TOLD.*" logout corp
	gone 'the provider is down'
}

provider_names provider.test
op_start provider.test || { fail 'oidc-provider starts' && finish; }
marked
moved
removed
changed
answers
finish
