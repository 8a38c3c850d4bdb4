#!/bin/sh
# pam-jwt login with a real browser: headless Chromium at npm's oidc-provider, which shows the forms of a login and of consent.
# drive.py is the person. What the last page looks like is in $BUILD/browser.png afterwards.
#
#     make check-browser          needs Debian's chromium, which no other test does
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck disable=SC2034 # for results.sh
AREA=browser
command -v chromium >/dev/null || { skip browser 'chromium is not here (apt-get install chromium)' && exit 0; }
command -v python3 >/dev/null || { skip browser 'python3 is not here' && exit 0; }
[ -x "$B/pam-jwt-net" ] || { skip browser 'there was no libcurl for pam-jwt-net' && exit 0; }
provider_enter "$0" "$@"
why=$(op_missing)
[ -z "$why" ] || { skip browser "$why" && exit 0; }
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip browser 'needs root' && finish; }

# shellcheck disable=SC2034 # for setuid.sh: Chromium starts slowly
LIMIT=90
HOME_OF=$D/home/alice
PERSON=$D/person

prepare() {
	cp "$B/pam-jwt-net" "$D"
	mkdir -p "$D/run-alice" "$HOME_OF/.config/pam-jwt" "$PERSON"
	chmod 700 "$D/run-alice"
	chmod 755 "$D"
	cat >"$HOME_OF/.config/pam-jwt/login.conf" <<-END
		[login corp]
		iss      = $ISSUER
		client   = $OP_CLIENT
		scope    = openid offline_access login
		resource = ssh://%{host}
		hosts    = host.test
		ca_file  = $D/ca.pem
	END
	echo "$OP" >"$PERSON/provider"
	openssl x509 -in "$D/oidc-provider.test.pem" -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary |
		base64 >"$PERSON/key"
	printf '#!/bin/sh\nexec python3 "%s/tests/browser/drive.py" "%s" "$1" 2>"%s/log"\n' "$P" "$PERSON" "$PERSON" >"$D/browser"
	chmod 755 "$D/browser"
	chown -R "$ALICE" "$D/run-alice" "$HOME_OF" "$PERSON"
}

said() {
	cat "$PERSON/log" "$PERSON/chromium.log" 2>/dev/null | tail -n 20
}

log_in() {
	log_in_rc=0
	as_alice "XDG_RUNTIME_DIR=$D/run-alice" "BROWSER=$D/browser" "$JWT" login >"$D/out" 2>"$D/err" </dev/null || log_in_rc=$?
	[ "$log_in_rc" -ne 0 ] || grep -qx 'alice at corp' "$D/out" || log_in_rc=$?
	result "$log_in_rc" 'alice logs in with Chromium' "status $log_in_rc" @"$D/out" @"$D/err" "$(said)"
	wait_for 30 test -e "$PERSON/pages" || said >&2
}

# The forms, then ours; in the last one there is nothing of the code.
look() {
	check 'the provider has asked who she is, and whether she agrees' test "$(grep -c "^$OP/person/" "$PERSON/pages")" -eq 2
	look_rc=0
	tail -n 1 "$PERSON/pages" | grep -qx 'http://127.0.0.1:[0-9]*/callback Back to the terminal' || look_rc=$?
	result "$look_rc" 'the last page is that of pam-jwt' @"$PERSON/pages"
	for look_picture in form end; do
		check "there is a picture of the $look_picture" test "$(head -c 4 "$PERSON/$look_picture.png" | tail -c 3)" = PNG
	done
	cp "$PERSON/form.png" "$B/browser-form.png"
	cp "$PERSON/end.png" "$B/browser.png"
}

use() {
	as_alice "XDG_RUNTIME_DIR=$D/run-alice" "$JWT" token --host host.test >"$D/out" 2>"$D/err" || :
	check 'and there is a token for the host' grep -q '^eyJ' "$D/out"
}

provider_names oidc-provider.test
op_start oidc-provider.test
op_control 'state?forms=yes'
prepare
log_in
look
use
finish
