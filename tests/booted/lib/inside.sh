# shellcheck shell=sh
# What the tests share inside a container: accounts, a configuration, and the ways in. Sourced by the tests of this folder.
#
#     . /pam_jwt/tests/booted/lib/inside.sh
#
# The accounts alice and bob have a password and an ssh key and may use sudo; alice's token is in $W/token. The profile of
# pam-auth-update is on. A way in prints the name of the user who got in, and nothing else on its standard output.

# shellcheck source=tests/lib/results.sh
. /pam_jwt/tests/lib/results.sh
export DEBIAN_FRONTEND=noninteractive
W=/root/work
CONF=/etc/pam_jwt/pam_jwt.conf
NEW_PASSWORD=Quite.another-1	# after one that has aged

# --- the system -------------------------------------------------------------------------------------------------------------

# Who does not exist is refused by every way, so a test without accounts would prove nothing: it ends here.
accounts() {
	mkdir -p "$W"
	ssh-keygen -q -t ed25519 -N '' -f "$W/key"
	for account in alice bob; do
		useradd -m -s /bin/bash -G sudo "$account" || exit 1
		install -d -o "$account" -g "$account" -m 700 "/home/$account/.ssh"
		install -o "$account" -g "$account" -m 600 "$W/key.pub" "/home/$account/.ssh/authorized_keys"
		password_set "$account"
	done
	printf '#!/bin/sh\n. %s/answers\n' "$W" >"$W/askpass"
	chmod 755 "$W/askpass"
}

# The old password again, with its full life in front of it.
password_set() {	# USER
	echo "$1:Old-password-of.$1" | chpasswd
	chage -d "$(date +%F)" -M 99999 "$1"
}

# As it is after 90 days with "chage -M 90": pam_unix asks for another one, and then lets in.
password_aged() {	# USER
	password_set "$1"
	chage -d 2020-01-01 -M 90 "$1"
}

# shellcheck disable=SC2120	# the default will do for most
configure() {
	pam-jwt key generate --alg ES256 --out "$W/issuer.jwk" --public /etc/pam_jwt/keys/test.jwk
	cat >"$CONF" <<-END
		[issuer test]
		iss      = https://id.test
		keys     = /etc/pam_jwt/keys/test.jwk
		audience = urn:test

		[service *]
		permit   = as claim sub

		[state]
		directory = ${1:-/var/lib/pam_jwt/state}
	END
	pam-auth-update --enable jwt
	printf 'KbdInteractiveAuthentication yes\nPerSourcePenalties no\n' >/etc/ssh/sshd_config.d/test.conf
	sshd -t 2>/dev/null || echo 'KbdInteractiveAuthentication yes' >/etc/ssh/sshd_config.d/test.conf
	systemctl restart ssh
	token alice >"$W/token"
}

token() {	# USER [OPTION...]
	token_user=$1
	shift
	pam-jwt issue --key "$W/issuer.jwk" --iss https://id.test --sub "$token_user" --aud urn:test --ttl 10m "$@"
}

# --- ways in ----------------------------------------------------------------------------------------------------------------

# What each prompt is answered with: the first one by a token or the old password, and a change of password as it should be.
answers() {	# USER [FILE]
	cat >"$W/answers" <<-END
		case \$1 in
		*[Cc]urrent*) echo 'Old-password-of.$1' ;;
		*[Nn]ew*) echo '$NEW_PASSWORD' ;;
		*) ${2:+cat $2 || }echo 'Old-password-of.$1' ;;
		esac
	END
}

ssh_in() {	# USER [FILE-WITH-THE-ANSWER]
	answers "$@"
	ssh_with "$1" -o PreferredAuthentications=keyboard-interactive -o PubkeyAuthentication=no
}

ssh_key_in() {	# USER
	answers "$1"
	ssh_with "$1" -o PreferredAuthentications=publickey -i "$W/key"
}

# With a terminal: without one, an aged password ends the session.
ssh_with() {	# USER OPTION...
	ssh_user=$1
	shift
	# shellcheck disable=SC2016	# for the shell on the other side
	SSH_ASKPASS=$W/askpass SSH_ASKPASS_REQUIRE=force timeout 30 setsid ssh -tt -o UserKnownHostsFile=/dev/null \
		-o StrictHostKeyChecking=no -o NumberOfPasswordPrompts=1 -o LogLevel=ERROR "$@" "$ssh_user@127.0.0.1" \
		'printf "in as %s\n" "$(id -un)"' </dev/null 2>"$W/stderr" | came_in
}

# Old password, current one, and twice the new one: whoever has not aged is asked for the first alone.
four_lines() {	# USER
	printf '%s\n' "Old-password-of.$1" "Old-password-of.$1" "$NEW_PASSWORD" "$NEW_PASSWORD"
}

sudo_in() {	# USER: prints root
	# shellcheck disable=SC2016	# for the shell inside
	four_lines "$1" | timeout 30 setpriv --reuid="$1" --regid="$1" --init-groups --reset-env \
		setsid sudo -k -S -p '' sh -c 'echo "in as $(id -un)"' 2>"$W/stderr" | came_in
}

# Another user becomes this one.
su_in() {	# USER
	# shellcheck disable=SC2016	# for the shell inside
	four_lines "$1" | timeout 30 setpriv --reuid=nobody --regid=nogroup --clear-groups --reset-env \
		setsid su "$1" -c 'echo "in as $(id -un)"' 2>"$W/stderr" | came_in
}

came_in() {
	tr -d '\r' | sed -n 's/.*in as \([a-z]*\).*/\1/p'
}

# --- expectations -------------------------------------------------------------------------------------------------------------

gets_in() {	# NAME ACCOUNT WAY...
	in_name=$1 in_account=$2
	shift 2
	in_got=$("$@")
	[ "$in_got" = "$in_account" ]
	result $? "$in_name: gets in" "got in as: $in_got" "@$W/stderr" "$(journalctl -q -n 15 --no-pager)"
}

is_refused() {	# NAME WAY...
	in_name=$1
	shift
	in_got=$("$@")
	[ -z "$in_got" ]
	result $? "$in_name: is refused" "got in as: $in_got" "$(cat /etc/pam.d/common-account)"
}
