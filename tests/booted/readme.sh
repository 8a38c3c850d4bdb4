#!/bin/sh
# README.md and the bastion of pam_jwt_recipes(7) as a newcomer follows them, on a fresh system with Debian's own stacks, sshd and
# logind: each command is run as it stands there, and each file is changed as the text says. alice is the newcomer. Her sudo asks
# for nothing until the section for sudo; networks and groups are those of this test.
#
# seconds: 240
set -u
# shellcheck source=tests/booted/lib/inside.sh
. /pam_jwt/tests/booted/lib/inside.sh
README=/usr/share/doc/pam-jwt/README.md
PAGE=/usr/share/man/man7/pam_jwt_recipes.7.gz
DROPIN=/etc/ssh/sshd_config.d/10-pam_jwt.conf

# The Nth block below a heading of README.
readme() {	# HEADING N
	awk -v heading="$1" -v n="$2" '
		/^#/ { inside = ($0 == heading); next }
		!inside { next }
		/^    / { if (!on) count++; on = 1; if (count == n) print substr($0, 5); next }
		/^$/ && on { if (count == n) print ""; next }
		{ on = 0 }' "$README"
}

# The Nth display of a section of the manual, without the sign of the shell.
recipe() {	# SECTION N
	zcat "$PAGE" | awk -v section="$1" -v n="$2" '
		/^\.Sh / { inside = (substr($0, 5) == section) }
		!inside { next }
		/^\.Bd/ { on = (++count == n); next }
		/^\.Ed/ { on = 0 }
		on { sub(/^# /, ""); gsub(/\\e/, "\\"); print }'
}

# alice types what comes on the standard input, in her home; what a prompt asks is answered with her token, as if she pasted it.
alice_types() {	# NAME
	cat >"$W/typed"
	chmod 755 "$W" /root
	printf '#!/bin/sh\ncat /home/alice/token\n' >/usr/local/bin/paste-token
	chmod 755 /usr/local/bin/paste-token
	[ -s "$W/typed" ] && timeout 60 setpriv --reuid=alice --regid=alice --init-groups env -i PATH="$PATH" HOME=/home/alice USER=alice \
		DISPLAY=:0 SSH_ASKPASS=/usr/local/bin/paste-token SSH_ASKPASS_REQUIRE=force SUDO_ASKPASS=/usr/local/bin/paste-token \
		setsid -w sh -eu -c "cd && . $W/typed" >"$W/out" 2>"$W/stderr" </dev/null
	result $? "$1" "@$W/typed" "@$W/out" "@$W/stderr"
}

root_types() {	# NAME
	cat >"$W/typed"
	[ -s "$W/typed" ] && (cd /root && sh -eu "$W/typed") >"$W/out" 2>"$W/stderr" </dev/null
	result $? "$1" "@$W/typed" "@$W/out" "@$W/stderr"
}

out_has() {	# NAME TEXT
	grep -qe "$2" "$W/out"
	result $? "$1" "@$W/out" "@$W/stderr" "$(journalctl -q -n 8 --no-pager)"
}

# "Add the three lines at these places, and keep all other lines."
add_lines() {	# BLOCK
	awk 'FNR == NR { if (/pam_jwt/) line[$1] = $0; next }
		/^@include common-auth/ { print line["auth"] }
		/^account/ && !seen { print line["account"]; seen = 1 }
		/^@include common-account/ && !seen { print line["account"]; seen = 1 }
		/^@include common-session$/ { print line["session"] }
		{ print }' "$1" /etc/pam.d/sshd >"$W/sshd.new"
	cat "$W/sshd.new" >/etc/pam.d/sshd
}

# "systemctl reload ssh" does not wait until sshd listens again.
host_keys() {
	key_end=$(($(date +%s) + 30))
	until ssh-keyscan localhost >/etc/ssh/ssh_known_hosts 2>/dev/null && [ -s /etc/ssh/ssh_known_hosts ]; do
		[ "$(date +%s)" -lt "$key_end" ] || return
		sleep 1
	done
	ssh-keyscan 127.0.0.1 >>/etc/ssh/ssh_known_hosts 2>/dev/null
}

five_minutes() {
	SSH='## ssh, in five minutes'
	readme "$SSH" 2 | alice_types 'README: a key pair'
	readme "$SSH" 3 >/etc/pam_jwt/pam_jwt.conf
	readme "$SSH" 4 | alice_types 'README: check, a token, verify'
	out_has 'README: verify accepts it' '^accepted: alice'
	readme "$SSH" 5 >"$W/stack"
	add_lines "$W/stack"
	check 'README: the stack has our three lines' test "$(grep -c pam_jwt /etc/pam.d/sshd)" -eq 3
	readme "$SSH" 6 >"$DROPIN"
	readme "$SSH" 7 | alice_types 'README: check, and sshd'
	! grep -q 'warning' "$W/out"
	result $? 'README: check has no warning' "@$W/out"
	host_keys
	readme "$SSH" 8 | sed 's/localhost$/localhost id -un/' | alice_types 'README: ssh with the token'
	out_has 'README: ssh runs as alice' '^alice$'
	journalctl -q -t sshd -t sshd-session --no-pager | grep -q 'pam_jwt(sshd:auth): accepted;.* user=alice reason=ok'
	result $? 'README: the log says so'
	gets_in 'README: the password, from the same prompt' alice ssh_in alice
}

step_up() {
	readme '### And sudo' 1 >>/etc/pam_jwt/pam_jwt.conf
	readme '### And sudo' 2 | alice_types 'README: a token for sudo'
	out_has 'README: verify accepts it for sudo' '^accepted: alice'
	readme '### And sudo' 3 >"$W/stack"
	for step_file in sudo sudo-i; do
		sed -i "s/^@include common-auth/$(sed -n 1p "$W/stack")\n$(sed -n 2p "$W/stack")/" "/etc/pam.d/$step_file"
	done
	rm /etc/sudoers.d/newcomer
	# README says so afterwards, in its last line about sudo.
	pam-jwt check >"$W/out" 2>&1 && [ "$(grep -c warning "$W/out")" -eq 1 ] && grep -q 'warning: no "Defaults timestamp_timeout=0"' "$W/out"
	result $? 'README: check warns of the ticket of sudo alone' "@$W/out"
	readme '### And sudo' 4 | alice_types 'README: sudo with the token'
	out_has 'README: sudo runs as root' '^uid=0(root)'
	is_refused 'README: sudo with the password' sudo_in alice
}

# The timer has 5 s for its first run, and a person types no faster.
timer_has_run() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		pam-jwt check 2>&1 | grep -q 'sessions end --due" has not run' || return 0
		sleep 1
	done
	return 1
}

issue_groups() {	# CLAIM...
	for issue_claim; do
		shift
		set -- "$@" --claim-json "$issue_claim"
	done
	pam-jwt issue --key "$W/issuer.jwk" --iss https://id.example.com --sub alice --aud "ssh://$(uname -n | cut -d. -f1)" \
		--ttl 10m "$@"
}

bastion() {
	BASTION='A BASTION THAT ONLY TOKENS OPEN'
	recipe "$BASTION" 1 | sed 's|192\.0\.2\.0/24|127.0.0.0/8|' >/etc/pam_jwt/pam_jwt.conf
	recipe "$BASTION" 2 | root_types 'bastion: the role account'
	password_set deploy
	cp /home/alice/issuer.jwk "$W/issuer.jwk"	# root's own: it does not take a key of somebody else
	# The lines of the recipe, and those of Debian's file that it does not name.
	cp /usr/share/doc/pam-jwt/pam.d/bastion /etc/pam.d/sshd
	grep -v '^#' /etc/pam.d/sshd | grep . >"$W/shipped"
	recipe "$BASTION" 3 | cmp -s - "$W/shipped"
	result $? 'bastion: the stack is that of the package'
	recipe "$BASTION" 4 >"$DROPIN"
	timer_has_run
	result $? 'bastion: the timer has run'
	recipe "$BASTION" 5 | root_types 'bastion: check, and sshd'
	! grep -q 'warning' "$W/out"
	result $? 'bastion: check has no warning' "@$W/out"
	cp "$W/issuer.jwk" /root/issuer.jwk	# where SETTING UP makes it
	recipe "$BASTION" 6 | sed 's/192\.0\.2\.7/127.0.0.1/' | root_types 'bastion: a token'
	out_has 'bastion: verify accepts it' '^accepted: alice'
	gets_in 'bastion: the token' alice ssh_in alice /root/token
	issue_groups 'groups=["deployers"]' 'amr=["hwk"]' >"$W/deployer"
	gets_in 'bastion: the role account by a token' deploy ssh_in deploy "$W/deployer"
	for bastion_user in alice deploy; do
		is_refused "bastion: the correct password of $bastion_user" ssh_in "$bastion_user"
	done
	is_refused 'bastion: a known ssh key' ssh_key_in alice
	# shellcheck disable=SC2016	# for the shell on the other side
	answers alice /root/token
	SSH_ASKPASS=$W/askpass SSH_ASKPASS_REQUIRE=force timeout 30 setsid ssh -o PubkeyAuthentication=no -o LogLevel=ERROR -o StrictHostKeyChecking=no \
		-o NumberOfPasswordPrompts=1 alice@127.0.0.1 'systemctl show -p RuntimeMaxUSec "session-$XDG_SESSION_ID.scope"' \
		</dev/null >"$W/out" 2>"$W/stderr"
	out_has 'bastion: systemd ends the session after eight hours' '^RuntimeMaxUSec=8h$'
}

accounts
echo 'alice ALL=(ALL:ALL) NOPASSWD: ALL' >/etc/sudoers.d/newcomer
chmod 440 /etc/sudoers.d/newcomer
echo 'PerSourcePenalties no' >/etc/ssh/sshd_config.d/90-test.conf
sshd -t 2>/dev/null || rm /etc/ssh/sshd_config.d/90-test.conf
systemctl restart ssh
grep -q localhost /etc/hosts 2>/dev/null || echo "127.0.0.1 localhost $(uname -n)" >>/etc/hosts
five_minutes
step_up
bastion
finish
