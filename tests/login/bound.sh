#!/bin/sh
# Tokens that a stock provider binds to an ssh key, from the login to the thief: alice logs in once at npm's oidc-provider with the
# key of her real ssh-agent (DPoP); a bastion with a real sshd takes tokens only together with the key; sudo there takes them only in
# the session that was opened with it; and whoever has a copy of the token has nothing.
#
#     sh tests/login/bound.sh
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/day_enter.sh
. "$P/tests/lib/day_enter.sh"
# shellcheck disable=SC2034 # for results.sh
AREA='bound login'
command -v ssh-agent >/dev/null || { skip login 'there is no ssh-agent' && exit 0; }
day_enter login "$0" "$@"

AGENT=$D/agent/socket

# ---- the hosts take bound tokens alone ----

bound_host() {	# NAME
	sed -i '/^\[service/,$d' "$D/$1/pam_jwt.conf"
	cat >>"$D/$1/pam_jwt.conf" <<-END
		[service sshd]
		proof         = ssh-key
		require_proof = yes
		permit        = as claim sub
		[service sudo sudo-i]
		proof         = session
		require_proof = yes
		permit        = as claim sub
	END
	echo 'session required pam_loginuid.so' >>"$D/$1/pam.d/sshd"
	(
		# shellcheck disable=SC2034 # for pam_service
		CONF=$D/$1/pam_jwt.conf
		pam_service sudo
		cp "$D/etc/pam.d/sudo" "$D/$1/pam.d/"
	)
}

bound_hosts() {
	provider_names oidc-provider.test
	op_start oidc-provider.test
	web -f "$OP/jwks" >"$D/keys.jwks"
	host_make bastion.test sshd
	host_make db1.test sshd
	bound_host bastion.test
	bound_host db1.test
	sshd_configure
	sed -i -e 's/^PubkeyAuthentication no/PubkeyAuthentication yes/' -e 's/^PasswordAuthentication.*/PasswordAuthentication no/' "$D/sshd_config"
	printf '%s\n' 'AuthenticationMethods publickey,keyboard-interactive:pam' "AuthorizedKeysFile $D/authorized/%u" >>"$D/sshd_config"
	sudoers_write
	host_start bastion.test 2201
	host_start db1.test 2202
}

# ---- alice's machine ----

keys() {
	mkdir "$D/agent" "$D/keys" "$D/authorized"
	chown "$ALICE" "$D/agent"
	chmod 700 "$D/agent"
	for keys_name in alice other thief; do
		ssh-keygen -q -t ed25519 -N '' -C "$keys_name" -f "$D/keys/$keys_name"
		chown "$ALICE" "$D/keys/$keys_name"
	done
	# Another key that opens the account by itself: the worst that a thief can have but for the right one.
	cat "$D/keys/alice.pub" "$D/keys/other.pub" >"$D/authorized/alice"
	cp "$D/keys/thief.pub" "$D/authorized/bob"
	setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups ssh-agent -D -a "$AGENT" >"$D/agent.log" 2>&1 &
	NS_PIDS="$! $NS_PIDS"
	wait_for 10 test -S "$AGENT"
	setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups env "SSH_AUTH_SOCK=$AGENT" ssh-add -q "$D/keys/alice"
}

desk() {
	desk_make
	sed -i '/^hosts/i dpop     = ssh-agent' "$HOME_OF/.config/pam-jwt/login.conf"
	echo "export SSH_AUTH_SOCK=$AGENT" >>"$HOME_OF/.profile"
	# What --ssh-config leaves out is the key, which must be proved first.
	sed -i 's/PreferredAuthentications .*/PreferredAuthentications publickey,keyboard-interactive/' "$HOME_OF/.ssh/config"
}

# ---- what is to hold ----

says() {	# TITLE WANTED COMMAND...
	says_title=$1 says_wanted=$2
	shift 2
	says_rc=0
	alice "$@" >"$D/out" 2>"$D/err" || says_rc=$?
	[ "$says_rc" -eq 0 ] && [ "$(cat "$D/out")" = "$says_wanted" ] && says_ok=0 || says_ok=1
	result "$says_ok" "$says_title" "status $says_rc" @"$D/out" @"$D/err" "$(log_new | tail -n 4)"
}

# Not let in, and for this reason; "": sshd itself refuses.
shut() {	# TITLE SERVICE REASON COMMAND...
	shut_title=$1 shut_service=$2 shut_reason=$3
	shift 3
	log_mark
	"$@" >"$D/out" 2>"$D/err" </dev/null && shut_ok=1 || shut_ok=0
	log_sync
	[ ! -s "$D/out" ] || shut_ok=1
	[ -z "$shut_reason" ] || [ "$(log_decisions "$shut_service" | log_reason)" = "$shut_reason" ] || shut_ok=1
	result "$shut_ok" "$shut_title" @"$D/out" @"$D/err" "$(log_new)"
}

# A thief with the token in a file, an account of his own, and no agent of alice's.
thief() {	# KEY USER HOST
	timeout -k 5 "$LIMIT" setsid env "PAM_JWT_TOKEN_FILE=$D/stolen" "SSH_ASKPASS=$ASKPASS" SSH_ASKPASS_REQUIRE=force ssh -F "$D/ssh_config" \
		-o IdentityAgent=none -o IdentitiesOnly=yes -i "$D/keys/$1" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o PreferredAuthentications=publickey,keyboard-interactive -o NumberOfPasswordPrompts=1 "$2@$3" id -un
}

log_in() {
	op_control 'state?dpop=yes&lifetime=4'
	alice pam-jwt login --browser >"$D/out" 2>"$D/err" || :
	check 'alice logs in once, by her ssh key' grep -qx "alice at corp.*, by the ssh key $(ssh-keygen -lf "$D/keys/alice.pub" | cut -d' ' -f2)" "$D/out"
}

sudo_there() {
	why=$(setuid_obstacle sudo)
	(echo "$ALICE" >/proc/self/loginuid) 2>/dev/null || why=${why:-there are no audit sessions}
	[ -z "$why" ] || { skip 'sudo on the bastion' "$why" && return 0; }
	install -o "$ALICE" -m 600 "$D/stolen" "$D/person/answer"
	there="env HOME=$HOME_OF SUDO_ASKPASS=$ASKPASS PAM_JWT_TOKEN_FILE=$D/person/answer sudo -A id -un"
	says 'sudo on the bastion, in the session that was opened with the key' root ssh bastion.test "$there"
	# shellcheck disable=SC2086 # words
	shut 'sudo as alice on the bastion, outside of that session' sudo proof-missing \
		nsenter -t "$(pgrep -f "$D/bastion.test/sshd_config" | head -n 1)" -m setsid setpriv --reuid="$ALICE" --regid="$ALICE" \
		--clear-groups $there
}

work() {
	says 'ssh to the bastion' alice ssh bastion.test id -un
	says 'ssh to the database, by a token of its own' alice ssh db1.test id -un
	work_before=$(op_requests '^POST /token 200 refresh_token')
	op_control 'state?lifetime=600'
	sleep 4
	alice pam-jwt token corp --host bastion.test >"$D/stolen" 2>"$D/err"
	says 'ssh after a refresh' alice ssh bastion.test id -un
	check '... there was one' test "$(op_requests '^POST /token 200 refresh_token')" -gt "$work_before"
}

# Root of a hostile host, a log, a clipboard: a copy of the token, and every key but the right one.
stolen() {
	shut 'the thief with another key of the account' sshd proof-mismatch thief other alice bastion.test
	shut 'the thief as himself' sshd account-mismatch thief thief bob bastion.test
	shut 'the thief as alice, by his own key' sshd '' thief thief alice bastion.test
	shut 'the thief on another host' sshd audience-mismatch thief other alice db1.test
	says 'alice herself, meanwhile' alice ssh bastion.test id -un
}

bound_hosts
keys
desk
log_in
work
stolen
sudo_there
finish
