#!/bin/sh
# Every kind of token through pamtester, the smallest PAM program there is, in all phases of a login; and, because it is so
# small, the refusals that have to do with the account and with broken files.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
command -v pamtester >/dev/null || { skip pamtester 'it is not installed (sh tests/check.sh does that)' && exit 0; }
ns_enter "$0" "$@"

RHOST=192.0.2.7
WANT='pamtester: successfully authenticated'

login() {	# USER
	timeout -k 5 "$LIMIT" setsid pamtester -I rhost="$RHOST" -I tty=tty7 pamtester "$1" \
		authenticate acct_mgmt setcred open_session close_session
}

# Names that no token may turn into a login.
account_refusals() {
	mint test root "$AUD" >"$D/tok/root"
	mint test carol "$AUD" >"$D/tok/carol"
	attempt 'a token for root' root root account-protected
	attempt 'a token for somebody who is not on this machine' carol carol account-unknown
}

# Broken or badly kept files let nobody in, good token or not.
file_refusals() {
	echo 'colour = green' >>"$CONF"
	attempt_login 'unknown key in the configuration' good alice config-invalid
	conf_write pamtester
	chmod 666 "$CONF"
	attempt_login 'configuration that anybody may write' good alice config-unsafe
	chmod 644 "$CONF"
	chmod 666 "$D/test.pub.jwk"
	attempt_login 'key file that anybody may write' good alice key-file-unsafe
	chmod 644 "$D/test.pub.jwk"
	attempt 'good token, everything repaired' good alice ok
}

# Another method let the user in (an ssh key, sudo's ticket): authenticate is not called, and the account phase must not
# stand in the way.
# shellcheck disable=SC2317 # called by check
account_alone() {
	timeout "$LIMIT" pamtester pamtester alice acct_mgmt >"$D/out" 2>&1 </dev/null
}

keys_make pamtester
pam_service pamtester
suite pamtester alice bob
account_refusals
file_refusals
check 'pamtester: account phase without a token is left to the other modules' account_alone
log_clean
finish
