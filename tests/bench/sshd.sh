#!/bin/sh
# What a user notices: whole runs of ssh against a real sshd on loopback, by token, key, password and TOTP code, one and many at
# once, by turns. Prints lines of JSON for report.py.
#
#     sh tests/bench/sshd.sh [--quick]
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/bench/other.sh
. "$P/tests/bench/other.sh"
sshd_find || { echo 'sshd.sh: there is no sshd (sh tests/check.sh unpacks one)' >&2 && exit 1; }
ns_enter "$0" "$@"
[ "$NS" = root ] || { echo 'sshd.sh: it needs root' >&2 && exit 1; }

# shellcheck disable=SC2317,SC2329 # called by sshd_configure
all_kinds() {
	sed -i 's/^PubkeyAuthentication.*/PubkeyAuthentication yes/' "$D/sshd_config"
	printf 'MaxStartups 300\nLogLevel ERROR\nAuthorizedKeysFile %s\n' "$D/authorized_keys" >>"$D/sshd_config"
}

# The service of PAM is the name of the program, so each stack has an sshd of its own name.
start() {	# NAME; the stack comes on standard input
	cat >"$D/etc/pam.d/$1"
	ln -s "$SSHD" "$D/$1"
	start_try=0
	while :; do
		start_try=$((start_try + 1))
		PORT=$((20000 + ($$ * 7 + start_try * 1009 + $(printf %s "$1" | cksum | cut -d ' ' -f 1) % 997) % 40000))
		rm -f "$D/sshd.log"
		"$D/$1" -D -e -p "$PORT" -f "$D/sshd_config" -o LogLevel=INFO >"$D/sshd.log" 2>&1 &
		SSHD_PID=$!
		wait_for 10 sshd_up_or_dead
		! grep -q 'listening on' "$D/sshd.log" || break
		[ "$start_try" -lt 10 ] || { cat "$D/sshd.log" >&2 && exit 1; }
	done
	NS_PIDS="$SSHD_PID $NS_PIDS"
}

# A way to log in: the port of its sshd, how, and the answer.
way() {	# NAME METHOD [ANSWER]
	printf '%s\t%s\t%s\t%s\n' "$1" "$PORT" "$2" "${3:-/dev/null}" >>"$D/ways"
}

timer() {
	cat >"$D/timer.py" <<-'END'
		import json, os, subprocess, sys, time
		folder, plan = sys.argv[1], [pair.split(':') for pair in sys.argv[2:]]
		ways = [line.rstrip('\n').split('\t') for line in open(folder + '/ways')]
		def ssh(port, method, answer):
		    command = ['setsid', 'ssh', '-F', folder + '/ssh_config', '-p', port, '-o', 'PreferredAuthentications=' + method,
		               '-i', folder + '/user_key', 'alice@test', 'true']
		    return subprocess.Popen(command, stdin=subprocess.DEVNULL, env={**os.environ, 'TOKEN': answer})
		def batch(at_once, way):
		    start = time.monotonic()
		    running = [ssh(*way[1:]) for _ in range(at_once)]
		    failed = sum(process.wait() != 0 for process in running)
		    return (time.monotonic() - start) * 1000, failed
		for at_once, batches in plan:
		    for number in range(-1, int(batches)):
		        for way in ways:
		            took, failed = batch(int(at_once), way)
		            if failed:
		                sys.exit(f'{way[0]}: {failed} of {at_once} failed')
		            if number >= 0:
		                print(json.dumps({'table': 'sshd', 'how': way[0], 'at_once': int(at_once), 'ms': round(took, 1)}))
	END
}

SSHD_MORE=all_kinds
keys_make sshd
mint test alice "$AUD" >"$D/tok/good"
ssh-keygen -q -t ed25519 -N '' -f "$D/user_key"
cp "$D/user_key.pub" "$D/authorized_keys"
sshd_configure
start sshd <<END
auth required $SO config=$CONF
account required $SO config=$CONF
account required pam_permit.so
session required $SO config=$CONF
END
way 'token, pam_jwt' keyboard-interactive "$D/tok/good"
way 'ssh key, pam_jwt in account and session' publickey
start sshdpermit <<END
auth required pam_deny.so
account required pam_permit.so
session required pam_permit.so
END
way 'ssh key, pam_permit' publickey
other_password
echo "$OTHER_PASSWORD" >"$D/password"
other_unix >"$D/stack"
start sshdunix <"$D/stack"
way 'password (yescrypt), pam_unix' keyboard-interactive "$D/password"
if other_totp; then
	echo "$OTHER_CODE" >"$D/code"
	other_google >"$D/stack"
	start sshdtotp <"$D/stack"
	way 'TOTP code, pam_google_authenticator' keyboard-interactive "$D/code"
fi
ssh_configure
timer
if [ "${1-}" = --quick ]; then set -- 1:5 8:2 32:1; else set -- 1:30 8:8 32:4; fi
python3 "$D/timer.py" "$D" "$@"
FINISHED=yes
