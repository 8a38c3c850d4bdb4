#!/bin/sh
# Programs that know a secret by the words of its prompt: the session log of a real sudo, and sshpass. What they make of ours, and
# of what pam_jwt(8) says to do about it.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
ns_enter "$0" "$@"
PAGE=$P/man/pam_jwt.8
TOKEN_PROMPT='Token:'
BOTH_PROMPT='Token or password:'

# The configuration with that prompt for all services of this test.
prompt_set() {	# PROMPT
	conf_write su pamtester
	echo "prompt = $1" >>"$CONF"
}

# A session of sudo that is recorded, and in it su, which asks for a token. Prints what the record has of the keys typed.
record() {	# PROMPT [LINE-OF-SUDOERS]
	rm -rf "$D/iolog"
	{
		echo 'Defaults !lecture, log_input, log_output, !log_passwords, !compress_io'
		echo "Defaults iolog_dir=$D/iolog, iolog_file=%{seq}"
		echo "${2-}"
		echo 'alice ALL=(ALL) NOPASSWD: ALL'
	} >"$D/sudoers"
	prompt_set "$1"
	# shellcheck disable=SC2016 # for the shell that su starts
	as_alice "$B/tests/programs/ptyrun" "$1" "@$D/tok/good" -- sudo su bob -c 'echo in-$(id -un)' >"$D/out" 2>&1 || :
	find "$D/iolog" -name ttyin -exec cat {} + 2>/dev/null || :
}

# shellcheck disable=SC2317 # called by check
# Whether su let bob in, and the record has no part of his token.
is_hidden() {
	grep -q in-bob "$D/out" && [ -s "$D/typed" ] && ! grep -qF "$(cut -d. -f2 "$D/tok/good")" "$D/typed" && grep -q '\*\*\*\*' "$D/typed"
}

# The line that the manual shows for sudoers.
shown_line() {
	sed -n 's/^\(Defaults passprompt_regex.*\)$/\1/p' "$PAGE" | sed 's/\\e/\\/g'
}

session_log() {
	why=$(setuid_obstacle sudo)
	[ -n "$why" ] || why=$(setuid_obstacle su)
	[ -n "$why" ] || [ -x "$B/tests/programs/ptyrun" ] || why='tests/programs/ptyrun is not built'
	[ -z "$why" ] || { skip "sudo's session log" "$why" && return 0; }
	sudoers_write
	record "$BOTH_PROMPT" >"$D/typed"
	check "sudo's session log hides a token after '$BOTH_PROMPT'" is_hidden
	record "$TOKEN_PROMPT" "$(shown_line)" >"$D/typed"
	check "sudo's session log hides a token after '$TOKEN_PROMPT', by the line of pam_jwt(8)" is_hidden
	# What the manual warns of: if it is no longer so, the warning can go.
	record "$TOKEN_PROMPT" >"$D/typed"
	check "sudo's session log has a token after '$TOKEN_PROMPT' in clear without that line" \
		grep -qF "$(cut -d. -f2 "$D/tok/good")" "$D/typed"
	check 'the line of pam_jwt(8) is there' test -n "$(shown_line)"
}

# It gives its secret to a prompt with "assword" alone, and waits otherwise.
with_sshpass() {
	for program in sshpass pamtester; do
		command -v "$program" >/dev/null || { skip "$program" 'it is not installed' && return 0; }
	done
	ask='pamtester pamtester bob authenticate </dev/tty >/dev/tty 2>&1'
	prompt_set "$BOTH_PROMPT"
	check "sshpass answers '$BOTH_PROMPT'" timeout 20 sshpass -f "$D/tok/good" sh -c "$ask"
	prompt_set "$TOKEN_PROMPT"
	check "sshpass answers '$TOKEN_PROMPT' when it is told so" \
		timeout 20 sshpass -P "$TOKEN_PROMPT" -f "$D/tok/good" sh -c "$ask"
}

mkdir -p "$D/tok"
keys_make su pamtester
mint test bob "$AUD" >"$D/tok/good"
chmod 644 "$D/tok/good"
for service in su pamtester sudo; do
	pam_service "$service"
done
printf 'account required pam_permit.so\nsession required pam_permit.so\n' >/etc/pam.d/sudo
ns_terminals
with_sshpass
session_log
finish
