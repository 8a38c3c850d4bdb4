#!/bin/sh
# Tokens that are bound to ssh keys, with a real sshd, sudo and su. Which keys sshd hands over, as of plain keys, certificates and
# several keys; which of the places where a user can write count (none); and what sudo makes of the session around it.
#
# There is no logind here: sudo finds the session by its audit session.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
# shellcheck source=tests/lib/bound.sh
. "$P/tests/lib/bound.sh"
sshd_find || { skip proof 'there is no sshd (sh tests/check.sh unpacks one)' && exit 0; }
command -v ssh >/dev/null || { skip proof 'there is no ssh client (sh tests/check.sh installs it)' && exit 0; }
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip proof 'needs root' && finish; }

# shellcheck disable=SC2034 # for attempt.sh
RHOST=127.0.0.1
WANT=alice
# shellcheck disable=SC2034 # for attempt.sh
SERVICE=sshd
BOTH=publickey,keyboard-interactive:pam

# --- each kind of key -------------------------------------------------------------------------------------------------------

kinds() {
	sshd_again "$BOTH"
	kinds_before=rsa
	for kind in $KINDS; do
		with_keys "$kind"
		bound 'the token with its key' "$kind" alice ok
		agrees 'the token with its key' "$kind" "$kind" ok
		bound 'a token that is not bound' plain alice ok
		bound "the token of $kinds_before" "$kinds_before" alice proof-mismatch
		kinds_before=$kind
		with_keys "$kind-cert"
		bound 'a certificate of the key' "$kind" alice ok
		agrees 'a certificate of the key' "$kind" "$kind-cert" ok
	done
}

mismatch_is_told() {
	with_keys ed25519
	bound 'another key' p256 alice proof-mismatch
	check 'proof: the log names the key that was proved' mismatch_in_log ed25519
	check 'proof: the user is told' grep -q 'this token is bound to an ssh key' "$D/err"
}

# shellcheck disable=SC2317,SC2329 # called by check
mismatch_in_log() {	# KIND...
	mismatch_line=$(log_decisions sshd)
	for mismatch_kind in "$@"; do
		case $mismatch_line in
		*' hint="the token is bound to the key '*"; proved was"*" $(fingerprint "$mismatch_kind")"*) ;;
		*) return 1 ;;
		esac
	done
}

# --- several keys, none, and keys of others -----------------------------------------------------------------------------------

several() {
	sshd_again publickey,publickey,keyboard-interactive:pam
	with_keys ed25519 p384
	bound 'two keys, the token of the first' ed25519 alice ok
	bound 'two keys, the token of the second' p384 alice ok
	bound 'two keys, the token of a third' rsa alice proof-mismatch
	check 'proof: the log names both' mismatch_in_log ed25519 p384
	rules 'permit = as claim sub if sshkey = "ssh-ed25519"'
	bound 'a rule about the key that the token is bound to' ed25519 alice ok
	bound 'a rule about the other one' p384 alice not-permitted
	bound 'a rule, two keys, and a token that is bound to neither' plain alice not-permitted
	with_keys p384 ed25519
	bound 'the order of the keys is of no matter' ed25519 alice ok
	bound '... for either' p384 alice not-permitted
	rules "permit = as claim sub if sshca = \"$(fingerprint ca)\""
	with_keys rsa-cert p521
	bound 'a rule about the CA of the key' rsa alice ok
	bound '... of a key without one' p521 alice not-permitted
	with_keys ed25519-cert2 p256-cert
	bound 'the certificate of another CA' ed25519 alice not-permitted
	bound '... beside one of this CA' p256 alice ok
	rules 'permit = as claim sub'
}

rules_of_one() {
	sshd_again "$BOTH"
	rules 'permit = as claim sub if sshkey in { "ssh-ed25519", "ecdsa-sha2-nistp256" }'
	with_keys p256
	bound 'a rule about the only key' plain alice ok
	with_keys p256-cert
	bound 'a rule about the only key, in a certificate' plain alice ok
	with_keys rsa
	bound 'a key that the rule does not name' plain alice not-permitted
	rules "permit = as claim sub if sshca = \"$(fingerprint ca)\""
	with_keys rsa-cert
	bound 'a rule about the CA' plain alice ok
	with_keys rsa
	bound 'a rule about the CA, and no certificate' plain alice not-permitted
	rules 'require_proof = yes'
	with_keys rsa
	bound 'require_proof and a token that is bound' rsa alice ok
	bound 'require_proof and one that is not' plain alice proof-missing
	rules 'permit = as claim sub'
}

without() {
	sshd_again keyboard-interactive:pam
	with_keys ed25519
	bound 'keyboard-interactive alone' ed25519 alice proof-missing
	check 'proof: the user is told that a key is missing' grep -q 'this token is bound to an ssh key' "$D/err"
	bound 'keyboard-interactive alone, a token that is not bound' plain alice ok
	sshd_again keyboard-interactive:pam,publickey
	bound 'keyboard-interactive before the key' ed25519 alice proof-missing
	sshd_again publickey,password
	bound_by publickey,password 'the method password' ed25519 alice proof-missing
}

others() {
	sshd_again "$BOTH"
	rules 'permit = as claim sub'
	with_keys bob
	WANT=bob
	mint test bob "$AUD" --cnf-ssh-key "$D/key/ed25519.pub" >"$D/tok/for-bob"
	bound "a token for bob that is bound to alice's key" for-bob bob proof-mismatch
	bound "alice's token in bob's login" ed25519 bob account-mismatch
	bound "a token that is bound to bob's key" bob bob ok
	# shellcheck disable=SC2034 # for attempt.sh
	WANT=alice
}

# The key of the client's machine, which is none of the user's; also where a token is bound to it.
hostbased() {
	why=$(setuid_obstacle /usr/lib/openssh/ssh-keysign)
	[ -d /etc/ssh ] || why='there is no /etc/ssh'
	[ -z "$why" ] || { skip 'proof: hostbased' "$why" && return 0; }
	mkdir "$D/ssh"
	ns_cover "$D/ssh" /etc/ssh
	sshd_again hostbased,keyboard-interactive:pam 'HostbasedUsesNameFromPacketOnly yes' 'IgnoreRhosts no' 'IgnoreUserKnownHosts yes'
	cp "$D/hostkey" /etc/ssh/ssh_host_ed25519_key
	cp "$D/hostkey.pub" /etc/ssh/ssh_host_ed25519_key.pub
	echo "localhost,127.0.0.1 $(cat "$D/hostkey.pub")" >/etc/ssh/ssh_known_hosts
	printf 'Host *\nEnableSSHKeysign yes\n' >/etc/ssh/ssh_config
	echo 'localhost root' >"$D/home/alice/.shosts"
	SSH_MORE='-o HostbasedAuthentication=yes'
	# shellcheck disable=SC2034 # for bound.sh
	BOUND_KEYS=hostbased
	mint test alice "$AUD" --cnf-ssh-key "$D/hostkey.pub" >"$D/tok/host"
	bound_by hostbased,keyboard-interactive 'a token that is not bound' plain alice ok
	bound_by hostbased,keyboard-interactive 'the token of the key of the machine' host alice proof-missing
	SSH_MORE=
	rm "$D/home/alice/.shosts"
}

# --- forging ----------------------------------------------------------------------------------------------------------------

# Each place where a user can write the name, on the way to a login with another key, with the line of the true one.
forge() {
	forge_value="publickey $(cut -d' ' -f1,2 "$D/key/p256.pub")"
	# shellcheck disable=SC2089 # sshd's words
	sshd_again "$BOTH" 'AcceptEnv *' 'PermitUserEnvironment yes' "SetEnv \"SSH_AUTH_INFO_0=$forge_value\""
	with_keys ed25519
	printf 'SSH_AUTH_INFO_0 DEFAULT="%s"\n' "$forge_value" >"$D/home/alice/.pam_environment"
	mkdir -p "$D/home/alice/.ssh"
	printf 'SSH_AUTH_INFO_0=%s\n' "$forge_value" >"$D/home/alice/.ssh/environment"
	chown -R "$ALICE" "$D/home/alice"
	sed "s|^|environment=\"SSH_AUTH_INFO_0=$forge_value\" |" "$D/keys/alice" >"$D/keys/alice.new"
	mv "$D/keys/alice.new" "$D/keys/alice"
	export SSH_AUTH_INFO_0="$forge_value"
	SSH_MORE='-o SendEnv=SSH_AUTH_INFO_0'
	for forge_stack in none auth-before auth-after session-before session-after all; do
		stack "$forge_stack"
		bound "forged ($forge_stack): the token of the forged key" p256 alice proof-mismatch
		bound "forged ($forge_stack): the token of the key" ed25519 alice ok
		session_open plain
		[ "$(record_keys)" = "$(fingerprint ed25519)" ] && forge_ok=0 || forge_ok=1
		result "$forge_ok" "proof: forged ($forge_stack): the record has the key alone that sshd proved" "$(record_keys)"
		session_end
	done
	sshd_again keyboard-interactive:pam 'AcceptEnv *' 'PermitUserEnvironment yes' "SetEnv \"SSH_AUTH_INFO_0=$forge_value\""
	for forge_stack in none auth-before auth-after session-before session-after all; do
		stack "$forge_stack"
		bound "forged ($forge_stack), without a key" p256 alice proof-missing
		session_open plain
		[ -z "$(record_keys)" ] && forge_ok=0 || forge_ok=1
		result "$forge_ok" "proof: forged ($forge_stack), without a key: the record has none" "$(record_keys)"
		session_end
	done
	unset SSH_AUTH_INFO_0
	# shellcheck disable=SC2034 # for bound.sh
	SSH_MORE=
	rm -r "$D/home/alice/.pam_environment" "$D/home/alice/.ssh"
	authorize
	stack none
}

# pam_env reads what the user has written, in the phases of its type, before or after our line.
stack() {	# WHERE
	pam_service sshd
	stack_file=$D/etc/pam.d/sshd
	stack_env='pam_env.so user_readenv=1'
	case $1 in auth-before | all) sed -i "1i auth required $stack_env" "$stack_file" ;; esac
	case $1 in session-before | all) sed -i "/^session/i session required $stack_env" "$stack_file" ;; esac
	case $1 in auth-after | all) echo "auth required $stack_env" >>"$stack_file" ;; esac
	case $1 in session-after | all) echo "session required $stack_env" >>"$stack_file" ;; esac
	echo 'session required pam_loginuid.so' >>"$stack_file"
}

# --- the session around ------------------------------------------------------------------------------------------------------

sudo_obstacle() {
	why=$(setuid_obstacle sudo)
	[ -n "$why" ] || why=$(setuid_obstacle su)
	[ -n "$why" ] || (echo "$ALICE" >/proc/self/loginuid) 2>/dev/null || why='there are no audit sessions here'
	echo "$why"
}

around() {
	why=$(sudo_obstacle)
	[ -z "$why" ] || { skip 'proof: the session around sudo' "$why" && return 0; }
	sudoers_write
	printf 'bob ALL=(ALL) ALL\n' >>"$D/sudoers"
	pam_service sudo
	pam_service su
	stack none
	sshd_again "$BOTH"
	with_keys ed25519
	session_open ed25519
	inside_inherits
	inside_others
	inside_records
	session_end
	around_key_alone
	around_unbound
}

inside_inherits() {
	opens 'sudo in the session' sudo ed25519
	opens 'su in the session' su ed25519
	opens 'sudo after setsid and nohup' 'setsid nohup sudo' ed25519
	opens 'a token that is not bound' sudo plain
	closed 'the token of another key' sudo p256 proof-mismatch
	opens 'what the environment says is of no matter' "env SSH_AUTH_INFO_0= JWT_SUB=bob JWT_JTI=x XDG_SESSION_ID=c7 sudo" ed25519
	closed '... whatever it is' "env SSH_AUTH_INFO_0='publickey $(cut -d' ' -f1,2 "$D/key/p256.pub")' sudo" p256 proof-mismatch
	log_mark
}

# Another login of alice, and processes that no login has begun.
inside_others() {
	closed_by 'alice outside of every session' as_alice ed25519
	closed_by "alice in the audit session of a program that is no login" in_audit ed25519
	closed_by "bob with a token that is bound to alice's key" as_bob for-bob
}

in_audit() {
	# shellcheck disable=SC2016 # for the shell inside
	sh -c 'echo "$0" >/proc/self/loginuid; shift 0; exec "$@"' "$ALICE" timeout -k 5 "$LIMIT" setsid setpriv --reuid="$ALICE" \
		--regid="$ALICE" --clear-groups env -i "PATH=$PATH" "$@"
}

as_bob() {
	timeout -k 5 "$LIMIT" setsid setpriv --reuid="$BOB" --regid="$BOB" --clear-groups env -i "PATH=$PATH" "$@"
}

# The record decides: each member that must be right, made wrong.
inside_records() {
	record_file=$(echo /run/pam_jwt/sessions/*)
	cp "$record_file" "$D/record"
	for inside_case in 'refused=0=1=that was refused' 'user="alice"="bob"=of another user' \
		'account="alice"="bob"=of a token of another account' 'boot_id="[^-]*="00000000=of another boot' 'pid_namespace=[0-9]*=1=of a container'; do
		inside_name=${inside_case##*=}
		inside_member=${inside_case%%=*}
		inside_rest=${inside_case#*=}
		inside_rest=${inside_rest%=*}
		sed "s/\"$inside_member\":${inside_rest%%=*}/\"$inside_member\":${inside_rest#*=}/" "$D/record" >"$record_file"
		cmp -s "$D/record" "$record_file" && inside_ok=1 || inside_ok=0
		result "$inside_ok" "proof: the record is changed to one $inside_name" "@$record_file"
		closed "a record $inside_name" sudo ed25519 proof-missing
	done
	printf '{' >"$record_file"
	closed 'a record that is damaged' sudo ed25519 proof-missing
	cp "$D/record" "$record_file"
	opens 'the record as it was' sudo ed25519
	chmod 777 "${record_file%/*}"
	closed 'records that others can change' sudo ed25519 proof-missing
	chmod 700 "${record_file%/*}"
	mv "$record_file" "$D/record"
	closed 'no record' sudo ed25519 proof-missing
	mv "$D/record" "$record_file"
}

# Without a token there is no record.
around_key_alone() {
	sshd_again publickey
	session_open none
	closed 'a session that was opened by the key alone' sudo ed25519 proof-missing
	session_end
	sshd_again keyboard-interactive:pam
	session_open plain
	closed 'a session that was opened by a token without a key' sudo ed25519 proof-missing
	session_end
}

# The keys are in the record also where the token had no cnf.
around_unbound() {
	sshd_again "$BOTH"
	session_open plain
	opens 'a session that was opened with the key and a token that is not bound' sudo ed25519
	session_end
}

bound_prepare
kinds
mismatch_is_told
several
rules_of_one
without
others
hostbased
forge
around
log_clean
finish
