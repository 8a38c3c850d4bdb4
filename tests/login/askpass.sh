#!/bin/sh
# pam-jwt-askpass with a session of pam-jwt login, the real ssh, sshd and sudo, and npm's oidc-provider: ^C while a token is
# renewed, a wall clock that is wrong, and the advice to log in again.
#
#     sh tests/login/askpass.sh
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/day_enter.sh
. "$P/tests/lib/day_enter.sh"
# shellcheck disable=SC2034 # for results.sh
AREA=login/askpass
day_enter 'askpass and a session' "$0" "$@"

# A result of one command: the status, and the whole standard output.
does() {	# NAME STATUS OUTPUT COMMAND...
	does_name=$1 does_status=$2 does_output=$3
	shift 3
	does_got=0
	alice "$@" >"$D/out" 2>"$D/err" || does_got=$?
	does_rc=0
	{ [ "$does_got" -eq "$does_status" ] && [ "$(cat "$D/out")" = "$does_output" ]; } || does_rc=1
	result "$does_rc" "$does_name" "status $does_got, wanted $does_status" @"$D/out" @"$D/err"
}

refreshes() {
	op_requests '^POST /token [0-9]* refresh_token'
}

asked() {	# NAME NUMBER
	asked_now=$(refreshes)
	check "$1" test "$((asked_now - ASKED))" -eq "$2"
	ASKED=$asked_now
}

# Alice logs in; her token is over when this returns, and the next one is good for minutes.
log_in() {
	op_control 'state?lifetime=1'
	does 'alice logs in' 0 'alice at corp' sh -c 'pam-jwt login --browser "$@" | sed -n "s/^\(alice at corp\).*/\1/p"' sh
	op_control 'state?lifetime=600'
	sleep 2
	ASKED=$(refreshes)
}

# ---- ^C ----

# What is in front of the terminal: it says when the provider was asked, and how the program ended.
terminal_make() {
	cp "$B/tests/programs/ptyrun" "$D"
	cat >"$D/front" <<-END
		#!/bin/sh
		before=\$(grep -c refresh_token '$D/op/requests')
		tries=0
		trap : INT
		(
			while [ "\$(grep -c refresh_token '$D/op/requests')" -eq "\$before" ] && [ "\$tries" -lt 150 ]; do
				sleep 0.1
				tries=\$((tries + 1))
			done
			echo 'the provider was asked'
		) &
		"\$@"
		echo "ended with \$?"
		wait
	END
	chmod 755 "$D/front" "$D/ptyrun"
}

# The key is pressed while the provider, which has used up the refresh token, holds its answer back.
interrupt() {	# NAME COMMAND...
	interrupt_name=$1
	shift
	log_in
	op_control 'state?fault=slow'
	alice "$D/ptyrun" 'the provider was asked' "$(printf '\003')" -- "$D/front" "$@" >"$D/out" 2>"$D/err" || :
	op_control 'state?fault=none'
	check "^C at $interrupt_name while a token is renewed ends it" grep -q 'ended with [1-9]' "$D/out"
	asked '... the provider was asked' 1
}

interrupted() {
	terminal_make
	interrupt ssh ssh bastion.test true
	does '... and the login is not lost' 0 bastion.test ssh bastion.test echo bastion.test
	asked '... its answer is used' 0
	interrupt 'pam-jwt token' pam-jwt token --host db1.test
	does '... and the login is not lost' 0 db1.test ssh db1.test echo db1.test
	asked '... its answer is used' 0
	interrupt sudo sudo -A true
	does '... and the login is not lost' 0 0 sudo -A id -u
	asked '... its answer is used' 0
}

# ---- a wrong clock ----

# For ssh, its askpass and pam-jwt. A token of 60 s seems to be over, or not to be issued yet, from its first part to its last.
clocks() {
	if ! cc -shared -fPIC -D_GNU_SOURCE -o "$D/clock_ahead.so" "$P/tests/programs/clock_ahead.c" 2>/dev/null; then
		skip 'a wrong clock' 'there is no compiler'
		return
	fi
	op_control 'state?padding=700'
	for clocks_off in 300 -300; do
		late_make "$clocks_off"
		log_in
		op_control 'state?lifetime=60'
		for clocks_host in bastion.test db1.test; do
			does "a wall clock that is off by $clocks_off s: ssh $clocks_host" 0 "$clocks_host" env "CLOCK_AHEAD=$clocks_off" \
				"LD_PRELOAD=$D/clock_ahead.so" ssh "$clocks_host" echo "$clocks_host"
		done
		asked '... one refresh for each' 2
		does '... and once more, with the same token' 0 bastion.test env "CLOCK_AHEAD=$clocks_off" \
			"LD_PRELOAD=$D/clock_ahead.so" ssh bastion.test echo bastion.test
		asked '... nobody is asked' 0
		does '... sudo, by an askpass with that clock' 0 0 env "SUDO_ASKPASS=$D/late" sudo -A id -u
	done
	alice pam-jwt token --host bastion.test >"$D/out"
	check '... the token has several parts' test "$(wc -c <"$D/out")" -gt 1000
	op_control 'state?padding=0'
}

# sudo takes LD_PRELOAD out of the environment.
late_make() {	# SECONDS
	printf '#!/bin/sh\nCLOCK_AHEAD=%s LD_PRELOAD=%s exec %s "$1"\n' "$1" "$D/clock_ahead.so" "$ASKPASS" >"$D/late"
	chmod 755 "$D/late"
}

# ---- the advice ----

# What askpass tells people to run is enough for the host that asked.
advises() {	# HOST COMMAND
	alice pam-jwt logout >"$D/out" 2>&1 || :
	does "without a login: ssh $1" 255 '' ssh "$1" true
	advice=$(sed -n 's/^pam-jwt-askpass: no token for .*; run: //p' "$D/err" | sort -u)
	check "... the advice is: $2" test "$advice" = "$2"
	check '... pam-jwt token gives the same' grep -q "^pam-jwt: .*: $2\$" "$D/err"
	alice sh -c "$advice --browser" >"$D/out" 2>&1 || :
	alice pam-jwt token --host "$1" >"$D/out" 2>"$D/err" || :
	check '... and brings a token for it' grep -q '^ey' "$D/out"
}

advice() {
	sed -i 's/^hosts .*/& *.pattern.test/' "$HOME_OF/.config/pam-jwt/login.conf"
	echo '127.0.0.1 new.pattern.test' >>"$D/etc/hosts"
	printf 'Host new.pattern.test\nPort 2201\n' >>"$HOME_OF/.ssh/config"
	advises bastion.test 'pam-jwt login corp'
	advises new.pattern.test 'pam-jwt login corp --host new.pattern.test'
}

ns_terminals
hosts_start
desk_make
advice
interrupted
clocks
finish
