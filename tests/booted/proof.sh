#!/bin/sh
# Tokens that are bound to ssh keys, where logind is: each type of key with the sshd of the release, and sudo and su in the session
# that was opened with the key. Other sessions of the same user, his own units, one of them named like that session, and services of
# the system that run as him get nothing.
#
# seconds: 300
set -u
# shellcheck source=tests/booted/lib/inside.sh
. /pam_jwt/tests/booted/lib/inside.sh
KINDS='ed25519 p256 p384 p521 rsa'
SESSION=
SEEN=

settings() {
	cat >"$CONF" <<-END
		[issuer test]
		iss      = https://id.test
		keys     = /etc/pam_jwt/keys/test.jwk
		audience = urn:test

		[service sshd]
		permit = as claim sub
		proof  = ssh-key

		[service sudo sudo-i su su-l]
		permit = as claim sub
		proof  = session
	END
	cat >/etc/ssh/sshd_config.d/proof.conf <<-END
		Port 22
		Port 2200
		KbdInteractiveAuthentication yes
		AuthenticationMethods publickey,keyboard-interactive:pam
		TrustedUserCAKeys $W/ca.pub
		Match LocalPort 2200
		  AuthenticationMethods publickey
	END
	echo 'Defaults timestamp_timeout=0, passwd_tries=1, !lecture' >/etc/sudoers.d/proof
	systemctl restart ssh
}

keys() {
	ssh-keygen -q -t ed25519 -N '' -f "$W/ca"
	for kind in $KINDS; do
		case $kind in
		p*) set -- -t ecdsa -b "${kind#p}" ;;
		*) set -- -t "$kind" ;;
		esac
		ssh-keygen -q "$@" -N '' -f "$W/$kind"
		cp "$W/$kind" "$W/$kind-cert"
		cp "$W/$kind.pub" "$W/$kind-cert.pub"
		ssh-keygen -q -s "$W/ca" -I "$kind" -n alice "$W/$kind-cert.pub"
		mv "$W/$kind-cert-cert.pub" "$W/$kind-cert.pub"
		cat "$W/$kind.pub" >>/home/alice/.ssh/authorized_keys
		token alice --cnf-ssh-key "$W/$kind.pub" >"$W/$kind.token"
	done
	install -m 644 "$W/ed25519.token" /srv/token
	install -m 644 "$W/p256.token" /srv/other
}

# Logs alice in with a key and, but for "-", a token, which the askpass prints.
with_key() {	# KEY TOKEN COMMAND...
	printf '%s\n' '#!/bin/sh' "cat $W/$2.token" >"$W/ask"
	chmod 755 "$W/ask"
	with_port=22
	[ "$2" != - ] || with_port=2200
	with_key=$1
	shift 2
	SSH_ASKPASS=$W/ask SSH_ASKPASS_REQUIRE=force timeout 60 setsid ssh -p "$with_port" -o UserKnownHostsFile=/dev/null \
		-o StrictHostKeyChecking=no -o NumberOfPasswordPrompts=1 -o LogLevel=ERROR -o IdentitiesOnly=yes -i "$W/$with_key" \
		-o CertificateFile="$W/$with_key.pub" alice@127.0.0.1 "$@" </dev/null 2>"$W/stderr"
}

mark() {
	journalctl -q --sync
	SEEN=$(journalctl -q -n 0 --show-cursor | sed -n 's/^-- cursor: //p')
}

# The reason of the last decision since the mark.
reason() {
	journalctl -q --sync
	journalctl -q --no-pager -o cat --after-cursor "$SEEN" | sed -n 's/^pam_jwt(.*:auth): [^"]* reason=\([a-z-]*\) .*/\1/p' | tail -n 1
}

decides() {	# NAME REASON PRINTED COMMAND...
	decides_name=$1 decides_reason=$2 decides_want=$3
	shift 3
	mark
	decides_got=$("$@")
	decides_saw=$(reason)
	[ "$decides_saw" = "$decides_reason" ] && [ "$decides_got" = "$decides_want" ]
	result $? "$decides_name: $decides_reason" "printed: $decides_got, reason: $decides_saw" "@$W/stderr" \
		"$(journalctl -q -n 15 --no-pager -o cat)" "$(head -c 2000 /run/pam_jwt/sessions/* 2>/dev/null)"
}

each_kind() {
	before=rsa
	for kind in $KINDS; do
		decides "ssh with $kind" ok alice with_key "$kind" "$kind" id -un
		decides "ssh with a certificate of $kind" ok alice with_key "$kind-cert" "$kind" id -un
		decides "ssh with $kind and the token of $before" proof-mismatch '' with_key "$kind" "$before" id -un
		before=$kind
	done
}

SUDO="sudo -S -p '' id -un </srv/token"

in_session() {
	decides 'sudo in the session' ok root with_key ed25519 ed25519 "$SUDO"
	decides 'su in the session' ok alice with_key ed25519 ed25519 "su alice -c 'id -un' </srv/token"
	decides 'sudo after setsid and nohup' ok root with_key ed25519 ed25519 "setsid -w nohup $SUDO"
	decides 'sudo in the session of a certificate' ok root with_key ed25519-cert ed25519 "$SUDO"
	decides 'sudo with the token of another key' proof-mismatch '' with_key ed25519 ed25519 "sudo -S -p '' id -un </srv/other"
	decides 'sudo with another name of the session in its environment' ok root with_key ed25519 ed25519 \
		"XDG_SESSION_ID=c99 SSH_AUTH_INFO_0= $SUDO"
}

# Opens a session with the token, and waits. Sets SESSION to what logind calls it.
hold() {
	# shellcheck disable=SC2016	# for the shell on the other side
	with_key ed25519 ed25519 'echo "$XDG_SESSION_ID" >/tmp/session; while [ ! -e /srv/over ]; do sleep 0.2; done' &
	HELD=$!
	for _ in $(seq 100); do
		[ ! -s /tmp/session ] || break
		sleep 0.1
	done
	SESSION=$(cat /tmp/session)
	[ -n "$SESSION" ]
	result $? 'a session with the token is open' "@$W/stderr"
}

# "in-unit" runs sudo in a unit of the user's own manager, and prints what it prints. There is no bus by which --wait would work.
unit_write() {
	cat >/usr/local/bin/in-unit <<-'END'
		#!/bin/sh
		rm -f ~/unit.out ~/unit.end
		systemd-run -q --user sh -c 'sudo -S -p "" id -un </srv/token >~/unit.out 2>/dev/null; : >~/unit.end'
		for _ in $(seq 100); do [ ! -e ~/unit.end ] || break; sleep 0.1; done
		cat ~/unit.out
	END
	chmod 755 /usr/local/bin/in-unit
}

# With that session open, what else alice runs on this host.
elsewhere() {
	decides 'sudo in another session of the same user, by the key alone' proof-missing '' with_key ed25519 - "$SUDO"
	decides '... which says that it is that session' proof-missing '' with_key ed25519 - "XDG_SESSION_ID=$SESSION $SUDO"
	decides 'sudo in a unit of her own' proof-missing '' with_key ed25519 - in-unit
	decides 'sudo in a scope of her own that is named like that session' proof-missing '' with_key ed25519 - \
		"systemd-run -q --user --scope --unit=session-$SESSION.scope sh -c \"cat /proc/self/cgroup >cgroup; $SUDO\""
	grep -q "/user@[0-9]*\.service/.*session-$SESSION\.scope" /home/alice/cgroup
	result $? '... and it is there' "@/home/alice/cgroup"
	decides 'sudo in a unit of her own, begun in that session' proof-missing '' with_key ed25519 ed25519 in-unit
	decides 'sudo in a service of the system that runs as her' proof-missing '' \
		systemd-run -q --wait --pipe --uid=alice sh -c "$SUDO 2>/dev/null"
	decides 'sudo in a session of logind that no token opened, as of cron' proof-missing '' \
		systemd-run -q --wait --pipe --uid=alice -p PAMName=cron sh -c "$SUDO 2>/dev/null"
}

# The record decides, also where the session is the right one.
refused_record() {
	decides 'sudo where the record says that the session must end' proof-missing '' with_key ed25519 ed25519 \
		"while [ ! -e /srv/changed ]; do sleep 0.1; done; $SUDO" &
	change=$!
	for _ in $(seq 100); do
		[ "$(find /run/pam_jwt/sessions -type f | wc -l)" -lt 2 ] || break
		sleep 0.1
	done
	sed -i 's/"refused":0/"refused":1/' /run/pam_jwt/sessions/*
	: >/srv/changed
	wait "$change"
}

accounts
# shellcheck disable=SC2119	# the default will do
configure
keys
settings
printf 'session required pam_loginuid.so\nsession optional pam_systemd.so\naccount required pam_permit.so\n' >/etc/pam.d/cron
unit_write
each_kind
in_session
hold
elsewhere
refused_record
: >/srv/over
wait "$HELD"
finish
