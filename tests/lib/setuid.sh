# shellcheck shell=sh
# Runs setuid programs as alice: sudo, su, doas. Sourced after ns.sh.

# Prints why a setuid program cannot work here; prints nothing when it can.
setuid_obstacle() {	# PROGRAM
	setuid_file=$(command -v "$1") || setuid_file=
	if [ "$NS" != root ]; then
		echo "needs root"
	elif [ -z "$setuid_file" ]; then
		echo "there is no $1 on this machine"
	elif grep -q '^NoNewPrivs:.*1' /proc/self/status; then
		echo "this environment forbids new privileges"
	elif findmnt -n -o OPTIONS -T "$setuid_file" | grep -qw nosuid; then
		echo "$setuid_file is on a nosuid file system"
	fi
}

# Runs a command as alice, without a terminal: with one, sudo and su would behave differently for a developer than in CI.
as_alice() {
	timeout -k 5 "$LIMIT" setsid setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups \
		env -i "PATH=$PATH" "HOME=$D/home/alice" LC_ALL=C "$@"
}

# Lets alice run everything by sudo, without a ticket, so that the module must decide each attempt. sudo reads its files only when
# they belong to root.
sudoers_write() {
	printf 'Defaults !lecture, timestamp_timeout=0, passwd_tries=1\nalice ALL=(ALL) ALL\n' >"$D/sudoers"
	chmod 440 "$D/sudoers"
	mkdir "$D/sudoers.d"
	: >"$D/sudo.conf"
	ns_cover "$D/sudoers" /etc/sudoers
	ns_cover "$D/sudoers.d" /etc/sudoers.d
	ns_cover "$D/sudo.conf" /etc/sudo.conf
}
