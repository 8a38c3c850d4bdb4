#!/bin/sh
# The token file of a local user, through real sudo and su: used where it is the user's own and right, and of no use to
# somebody hostile, who gets a prompt like everybody else, at once, and learns nothing.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
ns_enter "$0" "$@"
why=$(setuid_obstacle sudo)
[ -z "$why" ] || { skip token_file "$why" && finish; }

RHOST=
WANT=0
HOME_ALICE=$D/home/alice
FILE=$HOME_ALICE/alice.jwt

login() {	# USER
	as_alice sudo -S -p '' id -u
}

conf_with_file() {	# PATH
	conf_write sudo su
	printf 'token_file = %s\n' "$1" >>"$CONF"
}

# A file of alice's, as she would write it.
keep() {	# TOKEN [MODE]
	rm -rf "$FILE"
	cp "$D/tok/$1" "$FILE"
	chown "$ALICE" "$FILE"
	chmod "${2:-600}" "$FILE"
}

now_msec() {
	echo $(($(date +%s%N) / 1000000))
}

# With nothing on standard input only the file can have let her in; and no prompt was shown.
# shellcheck disable=SC2317 # called by check
gets_in_silently() {
	log_mark
	login alice </dev/null >"$D/out" 2>"$D/err"
	log_sync
	[ "$(cat "$D/out")" = 0 ] && ! grep -q Token "$D/err" && [ "$(log_decisions sudo | wc -l)" -eq 1 ]
}

# What sudo says to somebody who gives no answer: the same whatever the file is.
baseline() {
	rm -rf "$FILE"
	start=$(now_msec)
	login alice </dev/null >"$D/usual" 2>&1 || :
	USUAL_MSEC=$(($(now_msec) - start))
}

refused_once() {
	log_mark
	start=$(now_msec)
	login alice </dev/null >"$D/out" 2>&1 && refused_status=0 || refused_status=$?
	refused_msec=$(($(now_msec) - start - USUAL_MSEC))
	log_sync
}

# The file is not used: nobody gets in by it, the log says why, the answer is that of no file, and comes as fast: at least once,
# as the machine may have been busy.
refused() {	# LABEL WHY
	for _ in 1 2 3 4 5; do
		refused_once
		[ "$refused_msec" -gt 100 ] || break
	done
	if [ "$refused_status" -ne 0 ] && cmp -s "$D/usual" "$D/out" && [ "$refused_msec" -le 100 ] &&
		log_new | grep -q "the token file .* is not used: $2"; then
		pass "token file: $1: $2"
	else
		fail "token file: $1: $2" "status $refused_status, $refused_msec ms more than usual" "$(cat "$D/out")" "$(log_new)"
	fi
}

keys_make sudo su
conf_with_file "$HOME_ALICE/%{user}.jwt"
pam_service sudo
pam_service su
sudoers_write
mkdir -p "$D/tok"
tokens_make alice bob
SERVICE=sudo
baseline

keep good
check 'token file: a good one lets in without a prompt' gets_in_silently
keep good 400
check 'token file: one that is read-only, too' gets_in_silently
conf_with_file "$HOME_ALICE/%{uid}.jwt"
mv "$FILE" "$HOME_ALICE/$ALICE.jwt"
check 'token file: %{uid} in its name' gets_in_silently
conf_with_file "$HOME_ALICE/%{user}.jwt"

# Not right: she is asked, and gets in with what she answers.
rm -f "$FILE"
attempt_login 'no token file, a good answer' good alice ok
keep expired
attempt_login 'an expired one in the file, a good answer' good alice ok
refused expired expired
keep other
refused "somebody else's token" account-mismatch
keep tampered
refused 'a tampered one' signature-invalid
keep empty
refused 'an empty one' token-empty

# Hostile.
keep good 644
refused 'one that others may read' 'others may read or write it'
keep good 620
refused 'one that the group may write' 'others may read or write it'
rm -f "$FILE" && ln -s /etc/shadow "$FILE"
refused 'a link to /etc/shadow' 'it is no regular file'
keep good && mv "$FILE" "$HOME_ALICE/elsewhere" && ln -s "$HOME_ALICE/elsewhere" "$FILE"
refused 'a link to a good one' 'it is no regular file'
rm -f "$FILE" && mkfifo "$FILE" && chown "$ALICE" "$FILE"
refused 'a FIFO' 'it is no regular file'
rm -f "$FILE" && ln -s /dev/zero "$FILE"
refused 'a link to /dev/zero' 'it is no regular file'
rm -f "$FILE" && mkdir "$FILE"
refused 'a folder' 'it is no regular file'
rm -rf "$FILE" && truncate -s 1G "$FILE" && chown "$ALICE" "$FILE" && chmod 600 "$FILE"
refused 'one of 1 GiB' 'it is longer than any token'
keep good && chown "$BOB" "$FILE"
refused "another user's file" "it is not the user's own"
keep good && chown 0 "$FILE"
refused "root's file" "it is not the user's own"
cp /etc/shadow "$D/shadow" && rm -f "$FILE" && ln "$D/shadow" "$FILE"
refused 'a hard link to a file of root' "it is not the user's own"
rm -f "$FILE"
mkdir "$D/closed" && keep good && mv "$FILE" "$D/closed/alice.jwt" && chmod 700 "$D/closed"
conf_with_file "$D/closed/%{user}.jwt"
refused 'one that root could reach and the user cannot' 'the user cannot read it'
conf_with_file "$HOME_ALICE/%{user}.jwt"

# Replaced while it is read: a good file and a link to another's take turns as fast as they can.
keep good
cp "$FILE" "$HOME_ALICE/first" && chown "$ALICE" "$HOME_ALICE/first"
(while :; do
	cp -p "$HOME_ALICE/first" "$HOME_ALICE/next" && mv "$HOME_ALICE/next" "$FILE"
	ln -sf /etc/shadow "$HOME_ALICE/next" && mv "$HOME_ALICE/next" "$FILE"
done) 2>/dev/null &
swapper=$!
NS_PIDS="$swapper $NS_PIDS"
odd=0
for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	login alice </dev/null >"$D/out" 2>&1 || :
	grep -qx 0 "$D/out" || cmp -s "$D/usual" "$D/out" || odd=$round
done
kill "$swapper" 2>/dev/null || :
wait "$swapper" 2>/dev/null || :
check 'token file: replaced all the time, 20 times: in, or asked as usual' test "$odd" -eq 0

# The confused deputy: alice asks for bob, whose file su could read.
rm -f "$FILE"
cp "$D/tok/other" "$HOME_ALICE/bob.jwt"
chown "$BOB" "$HOME_ALICE/bob.jwt"
chmod 600 "$HOME_ALICE/bob.jwt"
# shellcheck disable=SC2317 # called by check
deputy() {
	log_mark
	! as_alice su -c 'id -un' bob </dev/null >"$D/out" 2>&1 && ! grep -qx bob "$D/out" || return 1
	log_sync
	log_new | grep -q 'is not used: another user started this program'
}
check "token file: alice does not become bob by bob's file" deputy

# Only where somebody who is logged in has started the program: never where strangers come in, nor for lockers, which let in
# whoever presses a key.
for service in sudo sudo-i su su-l doas polkit-1; do
	printf '[issuer test]\niss = %s\nkeys = %s\naudience = %s\n[service %s]\ntoken_file = /run/t/%%{user}\n' \
		"$ISS" "$D/test.pub.jwk" "$AUD" "$service" >"$D/local.conf"
	check "token file: allowed in [service $service]" sh -c "'$JWT' check --config '$D/local.conf' >/dev/null"
done
for service in sshd login gdm-password lightdm sddm greetd xdm '*' i3lock swaylock hyprlock waylock xscreensaver xlock xsecurelock \
	vlock physlock cinnamon-screensaver mate-screensaver light-locker kscreenlocker gtklock kde pamtester polkit chsh \
	'sudo i3lock'; do
	printf '[issuer test]\niss = %s\nkeys = %s\naudience = %s\n[service %s]\ntoken_file = /run/t/%%{user}\n' \
		"$ISS" "$D/test.pub.jwk" "$AUD" "$service" >"$D/strangers.conf"
	if "$JWT" check --config "$D/strangers.conf" 2>&1 | grep -q 'strangers.conf:6: .*token_file is for the services sudo sudo-i su su-l doas polkit-1,'; then
		pass "token file: a configuration error in [service $service]"
	else
		fail "token file: a configuration error in [service $service]"
	fi
done
log_clean
finish
