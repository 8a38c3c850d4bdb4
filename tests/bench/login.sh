#!/bin/sh
# What a login of a day costs: ssh by a token with pam-jwt-askpass beside the same by a key, and pam-jwt token with a good token.
# Whole processes, in turn, so that a machine that gets slower does so for both. A real sshd, and npm's oidc-provider.
#
#     sh tests/bench/login.sh
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
# shellcheck disable=SC2034 # for results.sh
AREA='bench of logins'
[ -x "$B/pam-jwt-net" ] || { skip times 'there was no libcurl for pam-jwt-net' && exit 0; }
provider_enter "$0" "$@"
why=$(op_missing)
[ -z "$why" ] || { skip times "$why" && exit 0; }
ns_enter "$0" "$@"
# shellcheck source=tests/lib/day.sh
. "$P/tests/lib/day.sh"
sshd_find || { skip times 'there is no sshd here' && finish; }
# shellcheck disable=SC2034 # for day.sh: all of the runs
LIMIT=300
RUNS=40
ABOVE_KEY_MS=40		# of ssh
TOKEN_MS=5

# A key that the hosts take, and a name for the same host by which no token is asked for.
key_make() {
	mkdir -p "$HOME_OF/.ssh"
	ssh-keygen -q -t ed25519 -N '' -C alice -f "$HOME_OF/.ssh/id_ed25519"
	cp "$HOME_OF/.ssh/id_ed25519.pub" "$HOME_OF/.ssh/authorized_keys"
	# shellcheck disable=SC2034 # for sshd.sh
	SSHD_MORE=keys_too
}

keys_too() {
	sed -i 's/^PubkeyAuthentication.*/PubkeyAuthentication yes/' "$D/sshd_config"
}

name_for_key() {
	cat "$HOME_OF/.ssh/config" - >"$D/ssh_config" <<-END
		Host by.key
		HostName 127.0.0.1
		Port 2201
		PreferredAuthentications publickey
	END
	cat "$D/ssh_config" >"$HOME_OF/.ssh/config"
}

medians_make() {
	cat >"$D/medians.py" <<-'END'
		import shlex, statistics, subprocess, sys, time
		commands = [shlex.split(text) for text in sys.argv[2:]]
		times = [[] for _ in commands]
		for run in range(-2, int(sys.argv[1])):
		    for command, taken in zip(commands, times):
		        start = time.monotonic()
		        subprocess.run(command, stdin=subprocess.DEVNULL, check=True, capture_output=True)
		        if run >= 0:
		            taken.append((time.monotonic() - start) * 1000)
		print(*(round(statistics.median(taken), 1) for taken in times))
	END
}

# Sets FIRST and SECOND to the medians of both in milliseconds.
measure() {	# COMMAND COMMAND
	alice python3 "$D/medians.py" "$RUNS" "$@" >"$D/medians"
	read -r FIRST SECOND <"$D/medians"
}

at_most() {	# NAME VALUE LIMIT
	check "$1: at most $3 ms" awk -v value="$2" -v limit="$3" 'BEGIN { exit !(value <= limit) }'
}

key_make
hosts_start
desk_make
name_for_key
medians_make
alice pam-jwt login --browser >"$D/out" 2>&1
alice ssh bastion.test true
echo "# the token has $(alice pam-jwt token --host bastion.test | wc -c) bytes"
measure 'ssh bastion.test true' 'ssh by.key true'
at_most "ssh by a token, $FIRST ms, above ssh by a key, $SECOND ms" "$(awk "BEGIN { print $FIRST - $SECOND }")" "$ABOVE_KEY_MS"
measure 'pam-jwt token --host bastion.test' 'pam-jwt login --status --quiet corp'
at_most "pam-jwt token with a good token, $FIRST ms" "$FIRST" "$TOKEN_MS"
at_most "pam-jwt login --status, $SECOND ms" "$SECOND" "$TOKEN_MS"
finish
