#!/bin/sh
# An account that is cut off, an ssh key and the real sshd, while the configuration cannot be used: whatever has happened to
# the file, a cut-off in the default state directory holds, and nobody else is kept out.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
sshd_find || { skip cutoff 'there is no sshd (sh tests/check.sh unpacks one)' && exit 0; }
command -v ssh >/dev/null || { skip cutoff 'there is no ssh client (sh tests/check.sh installs it)' && exit 0; }
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip cutoff 'the default state directory belongs to root' && FINISHED=yes && exit 0; }

DEFAULT=/var/lib/pam_jwt/state

write_conf() {	# LINE of [state]...
	cat >"$D/sound.conf" <<-END
		[issuer test]
		iss      = $ISS
		keys     = $D/test.pub.jwk
		audience = $AUD

		[service sshd]
		permit = as claim sub

		[state]
	END
	[ $# -eq 0 ] || printf '%s\n' "$@" >>"$D/sound.conf"
	restore
}

restore() {
	rm -f "$CONF"
	cp "$D/sound.conf" "$CONF"
	chmod 644 "$CONF"
}

login_key() {
	timeout -k 5 "$LIMIT" setsid ssh -F "$D/ssh_config" -i "$D/id_alice" -o PreferredAuthentications=publickey \
		alice@test id -un </dev/null >"$D/out" 2>"$D/err"
}

gets_in() {
	login_key && grep -qx alice "$D/out"
}

is_refused() {	# REASON
	log_mark
	! gets_in && log_sync && log_new | grep -q "pam_jwt(sshd:account): account refused; .* user=alice reason=$1 " ||
		{ log_new && return 1; }
}

revoke() {
	"$JWT" revoke --config "$D/sound.conf" --account alice "$@" >"$D/revoked" 2>&1
}

# What befalls a configuration, and each is undone by restore().
befall() {	# WHAT
	case $1 in
	nothing) ;;
	writable) chmod g+w "$CONF" ;;
	missing) rm "$CONF" ;;
	folder) rm "$CONF" && mkdir "$CONF" ;;
	empty) : >"$CONF" ;;
	cut) sed '/^\[state\]/,$d' "$D/sound.conf" >"$CONF" ;;
	cut-in-a-line) head -c 20 "$D/sound.conf" >"$CONF" ;;
	typo) sed 's/^audience/audiense/' "$D/sound.conf" >"$CONF" ;;
	state-error) echo 'dirctory = /x' >>"$CONF" ;;
	esac
}

ALL='nothing writable missing folder empty cut cut-in-a-line typo state-error'

all_befall() {	# NAME COMMAND...
	all_name=$1
	shift
	for what in $ALL; do
		befall "$what"
		check "cutoff: $all_name: $what" "$@"
		[ ! -d "$CONF" ] || rmdir "$CONF"
		restore
	done
}

# An editor, or a deployment, that writes the same file in place: 25 logins beside it.
in_place() {
	while :; do cat "$D/sound.conf" >"$CONF"; done &
	place_pid=$!
	NS_PIDS="$place_pid $NS_PIDS"
	place_in=0
	for _ in $(seq 25); do
		! gets_in || place_in=$((place_in + 1))
	done
	kill "$place_pid" && wait "$place_pid" 2>/dev/null || :
	restore
	[ "$place_in" -eq 0 ] || { echo "#   $place_in of 25 got in" && return 1; }
}

# What state show says of alice, and its status.
shows() {	# STATUS PATTERN OPTION...
	shows_status=$1 shows_pattern=$2
	shift 2
	shows_got=0
	"$JWT" state show --config "$CONF" "$@" >"$D/out" 2>&1 || shows_got=$?
	[ "$shows_got" -eq "$shows_status" ] && grep -q "$shows_pattern" "$D/out" || { cat "$D/out" && return 1; }
}

# state show looks where a login looks: for an account in the default directory as well.
shown() {
	check 'cutoff: state show: cut off in the default directory' shows 1 '^account "alice" is cut off, until undone$' --account alice
	"$JWT" revoke --config "$D/default.conf" --subject alice >/dev/null
	check 'cutoff: state show: a subject that is revoked there alone' shows 0 'is not revoked$' --subject alice
	"$JWT" revoke --config "$D/default.conf" --subject alice --undo >/dev/null
	"$JWT" revoke --config "$D/default.conf" --account alice --undo >/dev/null
	check 'cutoff: state show: cut off nowhere' shows 0 '^account "alice" is not cut off$' --account alice
	"$JWT" revoke --config "$CONF" --account alice >/dev/null
	check 'cutoff: state show: cut off in its own directory alone' shows 1 '^account "alice" is cut off, until undone$' --account alice
	"$JWT" revoke --config "$CONF" --account alice --undo >/dev/null
	chmod 755 "$DEFAULT"
	check 'cutoff: state show: a default directory that is not safe' shows 2 "$DEFAULT" --account alice
	chmod 700 "$DEFAULT"
	mv "$DEFAULT" "$D/away"
	check 'cutoff: state show: no default directory' shows 0 '^account "alice" is not cut off$' --account alice
	mv "$D/away" "$DEFAULT"
	"$JWT" revoke --config "$D/default.conf" --account alice >/dev/null
}

# The state is elsewhere now: what was noted in the default directory holds until it is taken back, and that is done there too.
moved() {
	revoke
	cp "$CONF" "$D/default.conf"
	write_conf "directory = $D/srv"
	"$JWT" state init --config "$CONF" >/dev/null
	shown
	check 'cutoff: the state was moved: the cut-off holds' is_refused revoked
	check 'cutoff: and is taken back where it was noted' revoke --undo
	check 'cutoff: which is said' grep -q '^taken back: account "alice"$' "$D/revoked"
	check 'cutoff: after that she gets in' gets_in
	revoke --undo
	check 'cutoff: nothing was noted any more' grep -q '^was not noted: account "alice"$' "$D/revoked"
	write_conf
}

# What cannot be read is not "not cut off", where no configuration says that it is not needed.
unreadable() {
	chmod 755 "$DEFAULT"
	befall missing
	check 'cutoff: a default directory that is not safe, and no configuration' is_refused state-unavailable
	befall cut
	check 'cutoff: a default directory that is not safe, and a configuration that needs none' gets_in
	chmod 700 "$DEFAULT"
	restore
}

# The user who calls su sets its limits, and so may leave the module no memory, or the name service: pamtry's ivan has none for
# the look-up of his own name. No answer is not "not cut off" then, also where the configuration needs no state.
account_of() {	# USER RESULT STEP...
	account_user=$1 account_result=$2
	shift 2
	mkdir -p "$D/pam"
	printf '%s\n' "auth required $SO config=$CONF" "account required $SO config=$CONF" 'account required pam_permit.so' \
		"session required $SO config=$CONF" >"$D/pam/su"
	"$B/tests/pam/pamtry" "$D/pam" su "user=$account_user" "$@" acct_mgmt >"$D/account" 2>&1
	grep -qx "acct_mgmt $account_result" "$D/account" || { sed 's/^/#   /' "$D/account" && return 1; }
}

# Never let in, however few descriptors there are.  The module needs one for the configuration, and more for a folder that a
# symbolic link leads to.
few_descriptors() {	# STEP...
	few_refused=0
	for few in 3 4 5 6 7 8 12 24; do
		if account_of bob PAM_SUCCESS "$@" "limit_nofile=$few" >/dev/null; then
			echo "#   let in with $few descriptors"
			return 1
		fi
		! grep -qx 'acct_mgmt PAM_PERM_DENIED' "$D/account" && ! grep -qx 'acct_mgmt PAM_AUTH_ERR' "$D/account" ||
			few_refused=$((few_refused + 1))
	done
	[ "$few_refused" -gt 0 ] || { echo '#   never because of the cut-off' && return 1; }
}

descriptors() {
	"$JWT" revoke --config "$D/sound.conf" --account bob >/dev/null 2>&1
	mv /var/lib/pam_jwt /var/lib/real
	ln -s real /var/lib/pam_jwt
	befall cut
	check 'cutoff: few descriptors, and a configuration that needs no state' few_descriptors
	mint test bob "$AUD" >"$D/bob"
	echo "@file $D/bob" >"$D/answers"
	check 'cutoff: the same for a user with a token' few_descriptors "answers=$D/answers" authenticate
	"$JWT" revoke --config "$D/sound.conf" --account bob --undo >/dev/null 2>&1
	check 'cutoff: a token, and nothing is missing' account_of bob PAM_SUCCESS "answers=$D/answers" authenticate
	rm /var/lib/pam_jwt
	mv /var/lib/real /var/lib/pam_jwt
	restore
}

no_memory() {
	befall cut
	check 'cutoff: no memory to look up, and a configuration that needs no state' account_of ivan PAM_BUF_ERR
	check 'cutoff: the same, and an entry that is too large to read' account_of heidi PAM_SYSTEM_ERR
	check 'cutoff: the same, and nothing is missing' account_of bob PAM_SUCCESS
	restore
}

ns_mount -t tmpfs -o mode=755 varlib /var/lib
keys_make sshd
write_conf
"$JWT" state init --config "$CONF" >/dev/null
pam_service sshd
ssh-keygen -q -t ed25519 -N '' -C alice -f "$D/id_alice"
sshd_configure_key() {
	sed -i 's/^PubkeyAuthentication no/PubkeyAuthentication yes/' "$D/sshd_config"
	echo "AuthorizedKeysFile $D/authorized_keys" >>"$D/sshd_config"
	cp "$D/id_alice.pub" "$D/authorized_keys"
}
SSHD_MORE=sshd_configure_key
sshd_start
ssh_configure
all_befall 'not cut off, she gets in' gets_in
revoke
all_befall 'cut off, she is refused' is_refused revoked
check 'cutoff: cut off, while the file is written in place' in_place
revoke --undo
all_befall 'taken back, she gets in' gets_in
moved
unreadable
no_memory
descriptors
finish
