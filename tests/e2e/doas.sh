#!/bin/sh
# Every kind of token through a real doas, which asks the caller on a terminal who he is, and takes 511 bytes in one answer:
# alice becomes root with her own token, in one piece or in parts.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
ns_enter "$0" "$@"
# shellcheck source=tests/lib/sized.sh
. "$P/tests/lib/sized.sh"
# The machine's own doas, or the one that deps.sh has unpacked, which is not setuid there.
DOAS=$(command -v doas || echo "$P/build/doas/usr/bin/doas")
[ "$NS" != root ] || [ ! -x "$DOAS" ] || install -m 4755 "$DOAS" "$D/doas"
PATH=$D:$PATH
why=$(setuid_obstacle doas)
[ -z "$why" ] || { skip doas "$why" && finish; }
[ -x "$B/tests/programs/ptyrun" ] || { skip doas 'tests/programs/ptyrun is not built' && finish; }

SERVICE=doas
RHOST=
WANT=0	# what "id -u" prints

# doas has a fixed place for its file, and most machines have none there that could be covered: hence a copy of /etc.
doas_conf() {
	cp -a /etc "$D/etc.doas"
	echo 'permit alice as root' >"$D/etc.doas/doas.conf"
	chown 0:0 "$D/etc.doas/doas.conf"
	chmod 644 "$D/etc.doas/doas.conf"
	ns_mount --bind "$D/etc.doas" /etc
	ns_cover "$D/etc/pam.d" /etc/pam.d
}

# doas on a terminal, and the answers to its prompts. What the terminal showed is kept for terminal_clean.
on_terminal() {	# [EXPECT SEND]...
	terminal_status=0
	timeout -k 5 60 "$B/tests/programs/ptyrun" "$@" -- setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups \
		env -i "PATH=$PATH" "HOME=$D/home/alice" LC_ALL=C doas id -u >"$D/screen" 2>&1 || terminal_status=$?
	cat "$D/screen" >>"$D/screens"
	tr -d '\r' <"$D/screen"
	return "$terminal_status"
}

login() {	# USER, always alice
	cat >"$D/answer"
	on_terminal 'Token:' "@$D/answer"
}

# One run that is not a plain login: what doas did, and that the log has one decision, of this reason.
dialogue() {	# LABEL REASON [EXPECT SEND]...
	attempt_name="doas: $1"
	dialogue_reason=$2
	shift 2
	log_mark
	attempt_status=0
	on_terminal "$@" >"$D/out" 2>"$D/err" || attempt_status=$?
	log_sync
	attempt_program "$dialogue_reason"
	attempt_log alice "$dialogue_reason"
}

# The same with a token in parts: the prompts have to name each part and the byte that it starts with.
in_parts() {	# LABEL REASON TOKEN PART
	parts_label=$1 parts_reason=$2
	rm -f "$D"/line.*
	sized_parts "$D/tok/$3" "$4" | grep . | split -l 1 -a 3 - "$D/line."
	parts_number=0
	parts_size=$4
	set --
	for parts_line in "$D"/line.*; do
		parts_number=$((parts_number + 1))
		parts_prompt='Token: '
		[ "$parts_number" -eq 1 ] ||
			parts_prompt="Token part $parts_number (from byte $(((parts_number - 1) * parts_size + 1))): "
		set -- "$@" "$parts_prompt" "@$parts_line"
	done
	dialogue "$parts_label" "$parts_reason" "$@"
}

every_size() {
	for size in $SIZES; do
		sized_token "$size" alice "$D/tok/alice.$size"
		if [ "$size" -le 511 ]; then part=$size; else part=500; fi
		in_parts "$size bytes in answers of $part" ok "alice.$size" "$part"
	done
}

parts_refused() {
	token_tamper <"$D/tok/alice.2000" >"$D/tok/tampered.2000"
	in_parts '2000 bytes in parts, tampered' signature-invalid tampered.2000 500
	sized_token 2000 bob "$D/tok/bob.2000"
	in_parts "2000 bytes in parts, another user's" account-mismatch bob.2000 500
}

# A whole token in one answer: doas throws away what follows byte 511, and says nothing.
cut_answers() {
	sized_parts "$D/tok/alice.1023" 1023 >"$D/whole"
	cut -c 512- "$D/whole" >"$D/rest"
	cut -c 1023 "$D/whole" >"$D/end"
	second='Token part 2 (from byte 512): '
	dialogue '1023 bytes in one answer, and then nothing' token-cut 'Token: ' "@$D/whole" "$second" ''
	check 'doas: ... the user is told' grep -q 'The token is not complete' "$D/screen"
	check 'doas: ... and the log tells where' grep -q 'not complete after 511 bytes.* cut by .*doas' "$LOG"
	dialogue '1023 bytes in one answer, and the same again' token-cut 'Token: ' "@$D/whole" "$second" "@$D/whole"
	dialogue '1023 bytes in one answer, and then what is asked for' ok 'Token: ' "@$D/whole" "$second" "@$D/rest" \
		'Token part 3 (from byte 1023): ' "@$D/end"
}

# A file of alice's: then there is nothing to ask, so no terminal is needed either.
token_file() {
	printf 'token_file = %s\n' "$D/home/alice/alice.jwt" >>"$CONF"
	cp "$D/tok/alice.15000" "$D/home/alice/alice.jwt"
	chown "$ALICE" "$D/home/alice/alice.jwt"
	chmod 600 "$D/home/alice/alice.jwt"
	attempt_name='doas: 15000 bytes in a token file, without a terminal'
	log_mark
	attempt_status=0
	as_alice doas id -u </dev/null >"$D/out" 2>"$D/err" || attempt_status=$?
	log_sync
	attempt_program ok
	attempt_log alice ok
}

# An answer must not be shown: a terminal may be recorded. log_clean has proved that the search finds something.
terminal_clean() {
	if grep -F -f "$D/runs" "$D/screens" >"$D/leaks"; then
		fail 'doas: no piece of a token on the terminal' "$(cut -c 1-300 "$D/leaks")"
	else
		pass 'doas: no piece of a token on the terminal'
	fi
}

ns_terminals
keys_make doas
pam_service doas
doas_conf
suite doas alice bob
check 'doas: the user sees that a token was refused' grep -q 'The token was not accepted' "$D/screens"
sized_make doas
every_size
parts_refused
cut_answers
token_file
log_clean
terminal_clean
finish
