#!/bin/sh
# A kiosk without a display: login(1) on a terminal, where the token alone says who logs in. No name is typed.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip login 'needs root' && finish; }
[ -x "$B/tests/programs/ptyrun" ] || { skip login 'tests/programs/ptyrun is not built' && finish; }

SERVICE=login

# token_only: the module asks for the token first, and sets the user.
token_only_service() {	# SERVICE
	pam_service "$1"
	sed -i "s|^auth .*|auth required $SO config=$CONF token_only|" "$D/etc/pam.d/$1"
}

# The shell that login starts says who it is; "seen-" keeps the echo of the command from being taken for its output.
run_login() {	# TOKEN [NAME]
	token=$1
	shift
	log_mark
	timeout 60 "$B/tests/programs/ptyrun" 'Token:' "@$D/tok/$token" '$ ' 'echo seen-$(id -un)-$JWT_SUB; exit' \
		-- login -p "$@" >"$D/out" 2>&1 || :
	log_sync
}

logged_in_as() {	# NAME USER
	if grep -q "seen-$2-" "$D/out" && log_decisions login | grep -q "accepted;.* user=$2 reason=ok "; then
		pass "login: $1"
	else
		fail "login: $1" "$(cat "$D/out")" "$(log_new)"
	fi
}

# The log line comes first, so that the program has run; then no shell must have answered. login asks again after a
# refusal, hence at least one line.
refused_with() {	# NAME REASON
	if log_decisions login | log_reason | grep -qx "$2" && ! grep -q 'seen-[a-z]' "$D/out"; then
		pass "login: $1 ($2)"
	else
		fail "login: $1 ($2)" "$(cat "$D/out")" "$(log_new)"
	fi
}

# After a refusal login asks again; one attempt is enough.
one_try() {
	printf 'LOGIN_RETRIES 1\nLOGIN_TIMEOUT 10\nFAIL_DELAY 0\n' >>"$D/etc/login.defs"
}

ns_terminals
keys_make login
token_only_service login
one_try
tokens_make alice bob
mint test root "$AUD" >"$D/tok/root"

run_login good
logged_in_as 'the token alone says who logs in' alice
check 'login: its session had a record' test -d /run/pam_jwt/sessions
check 'login: which is gone' test -z "$(ls /run/pam_jwt/sessions)"
run_login other
logged_in_as "another token, another user" bob
run_login good alice
logged_in_as 'a name that is given must be that of the token' alice
for case in expired:expired tampered:signature-invalid none:alg-unsupported refresh:token-form root:account-protected; do
	run_login "${case%%:*}"
	refused_with "a token that is $(echo "${case%%:*}" | tr - ' ')" "${case#*:}"
done
run_login good bob
refused_with "alice's token for bob" account-mismatch
log_clean
finish
