# shellcheck shell=sh
# Runs an sshd of our own on a port of 127.0.0.1, and configures a client for it. Sourced after ns.sh.

# Finds the machine's own sshd, or the one that deps.sh has unpacked. Without a client it is of no use.
sshd_find() {
	command -v ssh >/dev/null && command -v ssh-keygen >/dev/null || return 1
	SSHD=/usr/sbin/sshd
	SSHD_LIB=/usr/lib/openssh
	[ ! -x "$SSHD" ] || return 0
	SSHD=$P/build/sshd/usr/sbin/sshd
	SSHD_LIB=$P/build/sshd/usr/lib/openssh
	[ -x "$SSHD" ]
}

# Adds a line to the configuration if this version of sshd knows it.
sshd_option() {	# OPTION VALUE
	cp "$D/sshd_config" "$D/sshd_config.old"
	printf '%s %s\n' "$1" "$2" >>"$D/sshd_config"
	"$SSHD" -t -f "$D/sshd_config" 2>/dev/null || cp "$D/sshd_config.old" "$D/sshd_config"
}

# Since OpenSSH 9.8 sshd consists of several programs, and it locks out an address after a few refusals, which these tests cause.
sshd_configure() {
	ssh-keygen -q -t ed25519 -N '' -C test -f "$D/hostkey"
	cat >"$D/sshd_config" <<-END
		ListenAddress 127.0.0.1
		HostKey $D/hostkey
		PidFile none
		UsePAM yes
		KbdInteractiveAuthentication yes
		PasswordAuthentication yes
		PubkeyAuthentication no
		StrictModes no
		PrintMotd no
		PrintLastLog no
	END
	for sshd_part in session auth; do
		[ ! -x "$SSHD_LIB/sshd-$sshd_part" ] || case $sshd_part in
		session) echo "SshdSessionPath \"$SSHD_LIB/sshd-session\"" >>"$D/sshd_config" ;;
		auth) echo "SshdAuthPath \"$SSHD_LIB/sshd-auth\"" >>"$D/sshd_config" ;;
		esac
	done
	sshd_option PerSourcePenalties no
	[ -z "${SSHD_MORE:-}" ] || "$SSHD_MORE"	# what a script adds
}

sshd_up_or_dead() {
	grep -qs 'listening on' "$D/sshd.log" || ! kill -0 "$SSHD_PID" 2>/dev/null
}

# Tries the next port when one is in use already. Sets PORT.
sshd_start() {
	sshd_configure
	for sshd_try in 1 2 3 4 5 6 7 8 9 10; do
		PORT=$((20000 + ($$ * 7 + sshd_try * 1009) % 40000))
		rm -f "$D/sshd.log"	# of an earlier one, which did listen
		"$SSHD" -D -e -p "$PORT" -f "$D/sshd_config" >"$D/sshd.log" 2>&1 &
		SSHD_PID=$!
		wait_for 10 sshd_up_or_dead || break
		if grep -q 'listening on' "$D/sshd.log"; then
			NS_PIDS="$SSHD_PID $NS_PIDS"
			return 0
		fi
		wait "$SSHD_PID" || :
	done
	cat "$D/sshd.log" >&2
	return 1
}

# Gives the client a configuration of its own, and a helper that answers the prompt with the file $TOKEN.
ssh_configure() {
	cat >"$D/ssh_config" <<-END
		Host *
		Port $PORT
		HostName 127.0.0.1
		UserKnownHostsFile /dev/null
		GlobalKnownHostsFile /dev/null
		StrictHostKeyChecking no
		IdentityAgent none
		PreferredAuthentications keyboard-interactive
		NumberOfPasswordPrompts 1
		LogLevel ERROR
	END
	# shellcheck disable=SC2016 # it is the helper that looks at $TOKEN
	printf '#!/bin/sh\nexec cat -- "$TOKEN"\n' >"$D/askpass"
	chmod 755 "$D/askpass"
	export SSH_ASKPASS="$D/askpass" SSH_ASKPASS_REQUIRE=force
}
