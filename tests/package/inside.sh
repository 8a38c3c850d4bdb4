# shellcheck shell=sh
# Shared by the scripts that run as root in a fresh chroot: apt, an sshd to which alice logs in, and a list of the files that a
# purge must not leave. A script sources results.sh first.
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
# Not from $$, which is the same small number in each chroot; and below the ports that the system gives to clients.
PORT=$((10000 + $(od -An -N2 -tu2 /dev/urandom) % 20000))
work=$(mktemp -d)

apt() {
	apt-get -q -y --no-install-recommends "$@" >"$work/apt.log" 2>&1
}

sshd_start() {
	mkdir -p /run/sshd
	set -- -D -e -p "$PORT" -o ListenAddress=127.0.0.1 -o PidFile=none
	# Older ones do not know it.
	! /usr/sbin/sshd -t -o PerSourcePenalties=no 2>/dev/null || set -- "$@" -o PerSourcePenalties=no
	/usr/sbin/sshd "$@" 2>"$work/sshd.log" &
	SSHD=$!
	for _ in $(seq 100); do
		grep -qs 'listening on' "$work/sshd.log" && return 0
		sleep 0.2
	done
}

sshd_again() {
	kill "$SSHD" && wait "$SSHD" 2>/dev/null
	sshd_start
}

# Logs in as alice with what the file holds, by whatever method asks.
ssh_with() {	# FILE
	printf '#!/bin/sh\ncat %s\n' "$1" >"$work/askpass"
	chmod 755 "$work/askpass"
	SSH_ASKPASS=$work/askpass SSH_ASKPASS_REQUIRE=force timeout 30 setsid ssh -p "$PORT" -o BatchMode=no \
		-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o NumberOfPasswordPrompts=1 \
		-o PreferredAuthentications=keyboard-interactive,password -o LogLevel=ERROR alice@127.0.0.1 id -un \
		</dev/null >"$work/ssh.log" 2>&1 && grep -qx alice "$work/ssh.log"
}

password_works() {	# WHEN
	ssh_with "$work/password"
	result $? "$1: the password still works" "@$work/ssh.log" "$(tail -n 20 "$work/sshd.log")"
}

all_files() {
	find / -xdev \( -path /proc -o -path /sys -o -path /tmp -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg \
		-o -path /var/log -o -path /run -o -path /dev \) -prune -o -print | sort
}

# alice has a password, and sshd runs.
begin() {	# [PACKAGE...]: more that is there before
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
	chmod 755 /usr/sbin/policy-rc.d
	apt update && apt install openssh-server openssh-client passwd login "$@"
	result $? "${*:+$* and }openssh is there" "@$work/apt.log"
	useradd -m -s /bin/sh alice
	echo secret >"$work/password"
	echo 'alice:secret' | chpasswd
	sshd_start
	password_works 'before'
	all_files >"$work/files.before"
}

nothing_left() {	# PATTERN: more that the administrator made, without the first slash
	all_files >"$work/files.after"
	comm -13 "$work/files.before" "$work/files.after" | grep -vE \
		"^/(etc/pam_jwt(/.*)?|$1|var/lib/(pam|systemd)/.*|home/alice/.*|etc/(passwd|group|shadow|gshadow|subuid|subgid)-)\$" \
		>"$work/left"
	[ ! -s "$work/left" ]
	result $? 'purge: nothing of the packages is left' "@$work/left"
}

end() {
	kill "$SSHD"
	rm -rf "$work"
	finish
}
