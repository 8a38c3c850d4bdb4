#!/bin/sh
# A kiosk: greetd starts a greeter that gives a token and no name, and the session runs as whom the token names. The stack is
# conf/pam.d/kiosk as it stands, and in the end the configuration is that of the recipe.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/recipe.sh
. "$P/tests/lib/recipe.sh"
ns_enter "$0" "$@"
GREETD=$(command -v greetd || echo "$P/build/greetd/usr/sbin/greetd")
[ "$NS" = root ] || { skip greetd 'needs root' && finish; }
[ -x "$GREETD" ] || { skip greetd 'greetd is not here' && finish; }

SERVICE=greetd

# greetd itself opens a session for its greeter, without authentication: that is the service greetd-greeter.
stacks() {
	recipe_stack kiosk greetd
	printf '%s required pam_permit.so\n' auth account session >"$D/etc/pam.d/greetd-greeter"
}

session_script() {
	printf '#!/bin/sh\nid -un >"%s/session"\nenv | grep ^JWT_ >>"%s/session"\n' "$D/public" "$D/public" >"$D/start"
	chmod 755 "$D/start"
}

greetd_config() {	# TOKEN NAME
	cat >"$D/greetd.toml" <<-END
		[terminal]
		vt = "none"

		[default_session]
		command = "$D/greeter '$2' $D/tok/$1 $D/public/result $D/start"
		user = "root"
	END
}

# shellcheck disable=SC2317 # called by wait_for
has_result() {
	grep -q -e refused -e '"error"' "$D/public/result" 2>/dev/null || [ -s "$D/public/session" ]
}

# One login: the greeter's dialogue, then the session or the refusal. greetd would start over, so it is stopped.
run_greetd() {	# TOKEN NAME
	greetd_config "$@"
	rm -rf "$D/public"
	mkdir -m 1777 "$D/public"
	log_mark
	"$GREETD" --config "$D/greetd.toml" >"$D/out" 2>&1 &
	greetd_pid=$!
	wait_for 15 has_result || :
	sleep 0.2
	kill "$greetd_pid" 2>/dev/null || :
	wait "$greetd_pid" 2>/dev/null || :
	log_sync
}

details() {
	cat "$D/out" "$D/public/result" "$D/public/session" 2>/dev/null
	log_new
}

session_of() {	# NAME USER
	if [ "$(head -n 1 "$D/public/session" 2>/dev/null)" = "$2" ] &&
		log_decisions greetd | grep -q "accepted;.* user=$2 reason=ok "; then
		pass "greetd: $1"
	else
		fail "greetd: $1" "$(details)"
	fi
}

refused_with() {	# NAME REASON
	if [ ! -e "$D/public/session" ] && [ "$(log_decisions greetd | log_reason)" = "$2" ]; then
		pass "greetd: $1 ($2)"
	else
		fail "greetd: $1 ($2)" "$(details)"
	fi
}

cp "$B/tests/programs/greeter" "$D/greeter"
keys_make greetd
stacks
session_script
tokens_make alice bob

run_greetd good ''
session_of 'the token alone says whose session it is' alice
check 'greetd: the session knows who it was, and has no token' \
	sh -c "grep -qx JWT_SUB=alice '$D/public/session' && ! grep -q ey '$D/public/session'"
run_greetd other ''
session_of 'another token, another session' bob
run_greetd good alice
session_of 'a name that is given and agrees' alice
run_greetd good bob
refused_with "alice's token for bob" account-mismatch
run_greetd expired ''
refused_with 'an expired token' expired
run_greetd tampered ''
refused_with 'a tampered token' signature-invalid
run_greetd refresh ''
refused_with 'a refresh token of an issuer' token-form

# What greetd carries in one answer is about 10,200 bytes; beyond that in parts.
# shellcheck source=tests/lib/sized.sh
. "$P/tests/lib/sized.sh"
sized_make greetd
for size in $SIZES; do
	if [ "$size" -le 10000 ]; then part=$size; else part=5000; fi
	sized_token "$size" alice "$D/tok/whole"
	sized_parts "$D/tok/whole" "$part" >"$D/tok/parts"
	run_greetd parts ''
	session_of "$size bytes in answers of $part" alice
done

# The recipe: all of the staff are one account, each token logs in once, and a password is no way in.
echo "kiosk:x:$((BOB + 1)):$((BOB + 1))::$D/home/bob:/bin/sh" >>"$D/etc/passwd"
echo 'kiosk:*:20000:0:99999:7:::' >>"$D/etc/shadow"
recipe_password kiosk correct-horse
recipe_conf recipes/kiosk.conf
mint test 4711 "$AUD" --claim-json 'groups=["staff"]' >"$D/tok/staff"
mint test 4712 "$AUD" --claim-json 'groups=["visitors"]' >"$D/tok/visitor"
echo correct-horse >"$D/tok/password"
run_greetd staff ''
session_of 'the recipe: one of the staff' kiosk
run_greetd staff ''
refused_with 'the recipe: the same token again' replayed
run_greetd visitor ''
refused_with 'the recipe: a visitor' not-permitted
run_greetd password kiosk
refused_with 'the recipe: a correct password' token-form
log_clean
finish
