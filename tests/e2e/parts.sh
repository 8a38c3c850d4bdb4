#!/bin/sh
# Tokens of 150 to 15,000 bytes through the programs that cut answers: in one piece where they take it, in parts where they
# do not. ssh and sudo -A get theirs from pam-jwt-askpass.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
ns_enter "$0" "$@"
# shellcheck source=tests/lib/sized.sh
. "$P/tests/lib/sized.sh"
[ "$NS" = root ] || { skip parts 'needs root' && finish; }

SERVICE=
SIZES="$SIZES 500 1000"	# the last part of pam-jwt-askpass fills its answer, and sshd asks on

# What a program says that let somebody in, and one accepted token in the log.
arrived() {	# NAME USER WANT STATUS
	log_sync
	if [ "$4" -eq 0 ] && grep -q -- "$3" "$D/out" && [ "$(log_decisions "$SERVICE" | grep -c "accepted;.* user=$2 reason=ok ")" -eq 1 ] &&
		[ "$(log_decisions "$SERVICE" | wc -l)" -eq 1 ]; then
		pass "$SERVICE: $1"
	else
		fail "$SERVICE: $1" "status $4" "$(cut -c 1-300 "$D/out")" "$(log_new)"
	fi
}

# A program that reads lines: one with all of the token where it takes that many bytes, else one for each part.
by_lines() {	# LIMIT USER WANT COMMAND...
	lines_limit=$1 lines_user=$2 lines_want=$3
	shift 3
	for size in $SIZES; do
		if [ "$size" -le "$lines_limit" ]; then part=$size; else part=500; fi
		sized_parts "$D/tok/$lines_user.$size" "$part" >"$D/lines"
		log_mark
		status=0
		"$@" <"$D/lines" >"$D/out" 2>&1 || status=$?
		arrived "$size bytes in answers of $part" "$lines_user" "$lines_want" "$status"
	done
}

through_pamtester() {
	SERVICE=pamtester
	by_lines 4095 alice 'successfully authenticated' timeout -k 5 "$LIMIT" setsid pamtester pamtester alice authenticate
}

through_sudo() {
	SERVICE=sudo
	sudoers_write
	by_lines 511 alice '^0$' as_alice sudo -S -p '' id -u
	# One byte too many in an answer: sudo says only that there is none, and the user is told what to do.
	sized_parts "$D/tok/alice.512" 512 >"$D/lines"
	log_mark
	as_alice sudo -S -p '' id -u <"$D/lines" >"$D/out" 2>&1 || :
	log_sync
	check 'sudo: 512 bytes in one answer: token-empty' sh -c "test \"$(log_decisions sudo | log_reason)\" = token-empty"
	check 'sudo: ... the user is told' grep -q 'sudo has no terminal here.*-S, at most 511 bytes' "$D/out"
	check 'sudo: ... and the log tells' sh -c "tail -n 5 '$LOG' | grep -q 'gave one of at most 511 bytes'"
	log_mark
	as_alice sudo id -u </dev/null >"$D/out" 2>&1 || :
	log_sync
	check 'sudo without a terminal: token-empty' sh -c "test \"$(log_decisions sudo | log_reason)\" = token-empty"
	check 'sudo: ... the user is told' grep -q 'sudo has no terminal here' "$D/out"
	log_mark
	timeout -k 5 60 "$B/tests/programs/ptyrun" Token: "@$D/lines" -- setpriv --reuid="$ALICE" --regid="$ALICE" \
		--clear-groups env -i "PATH=$PATH" "HOME=$D/home/alice" LC_ALL=C sudo id -u >"$D/out" 2>&1 || :
	log_sync
	check 'sudo: 512 bytes at a terminal: token-cut' sh -c "test \"$(log_decisions sudo | log_reason)\" = token-cut"
	check 'sudo: ... the user is told' grep -q 'sudo takes at most 511 bytes' "$D/out"
}

# alice's files, as the module's askpass finds them.
keep_token() {	# FILE
	cp "$1" "$D/home/alice/token"
	chown "$ALICE" "$D/home/alice/token"
	chmod 600 "$D/home/alice/token"
}

through_sudo_askpass() {
	SERVICE=sudo
	for size in $SIZES; do
		keep_token "$D/tok/alice.$size"
		log_mark
		status=0
		as_alice env SUDO_ASKPASS="$ASKPASS" PAM_JWT_TOKEN_FILE="$D/home/alice/token" sudo -A id -u </dev/null \
			>"$D/out" 2>&1 || status=$?
		arrived "$size bytes with sudo -A" alice '^0$' "$status"
	done
}

# With -p sudo shows one prompt for all parts, and so does passprompt_override: askpass keeps the place.
through_sudo_override() {
	SERVICE=sudo
	mkdir -p "$D/home/alice/.config/pam-jwt"
	mkdir -m 700 "$D/run"
	printf 'prompt_override = x:\nprompt_override = [sudo] password for alice:\n' >"$D/home/alice/.config/pam-jwt/askpass.conf"
	chown -R "$ALICE" "$D/run" "$D/home/alice/.config"
	echo 'Defaults!/usr/bin/id passprompt_override' >>"$D/sudoers"
	for size in $SIZES; do
		keep_token "$D/tok/alice.$size"
		for option in -p '' ; do
			set --
			[ -z "$option" ] || set -- -p x:
			log_mark
			status=0
			as_alice env SUDO_ASKPASS="$ASKPASS" PAM_JWT_TOKEN_FILE="$D/home/alice/token" XDG_RUNTIME_DIR="$D/run" \
				HOME="$D/home/alice" sudo -A "$@" id -u </dev/null >"$D/out" 2>&1 || status=$?
			arrived "$size bytes with sudo -A ${option:-by passprompt_override}" alice '^0$' "$status"
		done
	done
}

# Each wants the other's token: su asks for a proof of the target.
through_su() {
	SERVICE=su
	by_lines 4095 bob '^bob$' as_alice su -c 'echo; id -un' bob
}

# On a terminal, where a line has 4,095 bytes at most.
through_login() {
	SERVICE=login
	printf 'LOGIN_RETRIES 1\nLOGIN_TIMEOUT 30\n' >>"$D/etc/login.defs"
	for size in $SIZES; do
		if [ "$size" -le 4095 ]; then part=4095; else part=500; fi
		rm -f "$D"/line.*
		sized_parts "$D/tok/alice.$size" "$part" | grep . | split -l 1 -a 3 - "$D/line."
		set --
		number=1
		for line in "$D"/line.*; do
			if [ "$number" -eq 1 ]; then set -- 'Token:' "@$line"; else set -- "$@" "part $number (from" "@$line"; fi
			number=$((number + 1))
		done
		log_mark
		# shellcheck disable=SC2016 # for the shell that login starts
		timeout 60 "$B/tests/programs/ptyrun" "$@" '$ ' 'echo seen-$(id -un); exit' -- login -p alice >"$D/out" 2>&1 || :
		arrived "$size bytes in answers of $part" alice 'seen-alice' 0
	done
}

through_ssh() {
	SERVICE=sshd
	sshd_find || { skip 'parts: sshd' 'it is not installed (sh tests/check.sh unpacks it)' && return 0; }
	sshd_start
	ssh_configure
	for size in $SIZES; do
		log_mark
		status=0
		SSH_ASKPASS=$ASKPASS PAM_JWT_TOKEN_FILE=$D/tok/alice.$size timeout -k 5 "$LIMIT" setsid \
			ssh -F "$D/ssh_config" alice@localhost id -un </dev/null >"$D/out" 2>&1 || status=$?
		arrived "$size bytes with SSH_ASKPASS" alice '^alice$' "$status"
	done
}

# The password method gives one answer to all prompts: what fits gets in, what does not ends at the second prompt.
through_ssh_password() {
	# shellcheck disable=SC2016 # it is the helper that looks at $TOKEN
	printf '#!/bin/sh\nexec cat -- "$TOKEN"\n' >"$D/cat"
	chmod 755 "$D/cat"
	for size in 500 511 1023 2000; do
		log_mark
		status=0
		SSH_ASKPASS=$D/cat TOKEN=$D/tok/alice.$size timeout -k 5 "$LIMIT" setsid ssh -F "$D/ssh_config" \
			-o PreferredAuthentications=password alice@localhost id -un </dev/null >"$D/out" 2>&1 || status=$?
		if [ "$size" -le 1023 ]; then
			arrived "$size bytes by the password method" alice '^alice$' "$status"
			continue
		fi
		log_sync
		check "sshd: $size bytes by the password method: token-cut, at once" \
			test "$status $(log_decisions sshd | log_reason)" = '255 token-cut'
	done
}

provider_token_sudo() {
	SERVICE=sudo
	log_mark
	status=0
	as_alice env XDG_RUNTIME_DIR="$D/run" SUDO_ASKPASS="$ASKPASS" sudo -A id -u </dev/null >"$D/out" 2>&1 ||
		status=$?
	arrived "a provider's token with sudo -A" alice '^0$' "$status"
}

# A provider's token, and two exported variables: what the README promises.
provider_token() {
	"$JWT" key generate --alg RS256 --out "$D/provider.jwk" --public "$D/provider.pub.jwk"
	cat >"$CONF" <<-END
		[issuer provider]
		iss      = $ISS
		keys     = $D/provider.pub.jwk
		audience = $AUD

		[service sshd sudo]
		permit   = as claim preferred_username if /realm_access/roles has "shell"
	END
	roles='"shell"'
	for number in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32; do
		roles="$roles,\"a-role-of-some-length-$number-of-the-realm\""
	done
	"$JWT" issue --key "$D/provider.jwk" --iss "$ISS" --sub 0e2a7d3c-5f10-4b7e-9f0c-6a1df4a0a9b1 --aud "$AUD" --ttl 10m \
		--claim preferred_username=alice --claim-json "realm_access={\"roles\":[$roles]}" >"$D/tok/provider"
	check "a provider's token has 2,500 bytes ($(wc -c <"$D/tok/provider"))" test "$(wc -c <"$D/tok/provider")" -ge 2500
	mkdir -p "$D/run/pam-jwt"
	cp "$D/tok/provider" "$D/run/pam-jwt/token"
	chmod 600 "$D/run/pam-jwt/token"
	chown -R "$ALICE" "$D/run"
	[ -n "$no_sudo" ] || provider_token_sudo
	[ -n "${SSHD_PID-}" ] || return 0
	SERVICE=sshd
	log_mark
	status=0
	as_alice env XDG_RUNTIME_DIR="$D/run" SSH_ASKPASS="$ASKPASS" SSH_ASKPASS_REQUIRE=force \
		ssh -F "$D/ssh_config" alice@localhost id -un </dev/null >"$D/out" 2>&1 || status=$?
	arrived "a provider's token with ssh" alice '^alice$' "$status"
}

ns_terminals
mkdir -p "$D/tok"
keys_make pamtester
tokens_make alice bob
sized_make pamtester sudo su login sshd
for service in pamtester sudo su login sshd; do
	pam_service "$service"
done
for size in $SIZES; do
	sized_token "$size" alice "$D/tok/alice.$size"
	sized_token "$size" bob "$D/tok/bob.$size"
done
! command -v pamtester >/dev/null || through_pamtester
no_sudo=$(setuid_obstacle sudo)
if [ -z "$no_sudo" ]; then through_sudo; else skip 'parts: sudo' "$no_sudo"; fi
why=$(setuid_obstacle su)
if [ -z "$why" ]; then through_su; else skip 'parts: su' "$why"; fi
if [ -x "$B/tests/programs/ptyrun" ]; then through_login; else skip 'parts: login' 'tests/programs/ptyrun is not built'; fi
if [ -x "$ASKPASS" ]; then
	[ -n "$no_sudo" ] || through_sudo_askpass
	[ -n "$no_sudo" ] || through_sudo_override
	through_ssh
	[ -z "${SSHD_PID-}" ] || through_ssh_password
	provider_token
else
	skip 'parts: askpass' 'it is not built'
fi
log_clean
finish
