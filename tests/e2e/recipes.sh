#!/bin/sh
# What pam_jwt_recipes(7) promises of ssh, with the files of conf as they stand and a real sshd: beside a token a password gets in
# where the recipe says so, and neither a password nor a key does where it says that only tokens do.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/recipe.sh
. "$P/tests/lib/recipe.sh"
# shellcheck disable=SC2034 # for results.sh
AREA=recipes
sshd_find || { skip recipes 'there is no sshd (sh tests/check.sh unpacks one)' && exit 0; }
command -v ssh >/dev/null || { skip recipes 'there is no ssh client (sh tests/check.sh installs it)' && exit 0; }
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip recipes 'needs root' && finish; }

PASSWORD=correct-horse

# sshd with the settings of a file in front, as Debian includes it: the first value counts.
sshd_with() {	# FILE
	kill "$SSHD_PID" && wait "$SSHD_PID" 2>/dev/null || :
	{
		cat "$P/conf/sshd_config.d/$1"
		sed '/^PubkeyAuthentication/d' "$D/sshd_config"
		echo "AuthorizedKeysFile $D/keys"
	} >"$D/sshd_recipe"
	rm -f "$D/sshd.log"
	"$SSHD" -D -e -p "$PORT" -f "$D/sshd_recipe" >"$D/sshd.log" 2>&1 &
	SSHD_PID=$!
	NS_PIDS="$SSHD_PID $NS_PIDS"
	wait_for 10 sshd_up_or_dead
}

# A login by these methods, with what a file of $D/tok holds as every answer, and with alice's key where publickey is among them.
login_by() {	# USER METHODS FILE
	login_identity=/dev/null
	case $2 in *publickey*) login_identity=$D/key ;; esac
	TOKEN=$D/tok/$3 timeout -k 5 "$LIMIT" setsid ssh -F "$D/ssh_config" -o "PreferredAuthentications=$2" -o IdentitiesOnly=yes \
		-o "IdentityFile=$login_identity" "$1@test" id -un </dev/null >"$D/out" 2>"$D/err"
}

gets_in() {	# NAME USER METHODS FILE
	login_by "$2" "$3" "$4" || :
	gets_ok=1
	[ "$(cat "$D/out")" != "$2" ] || gets_ok=0
	result "$gets_ok" "$1" @"$D/err" "$(log_new | tail -n 4)"
	log_mark
}

# The other side: ssh must come to its refusal, not to an sshd that is down.
stays_out() {	# NAME USER METHODS FILE
	login_by "$2" "$3" "$4" || :
	stays_ok=1
	[ -s "$D/out" ] || ! grep -q -e 'Permission denied' "$D/err" || stays_ok=0
	result "$stays_ok" "$1" @"$D/out" @"$D/err" "$(log_new | tail -n 4)"
	log_mark
}

# shellcheck disable=SC2317,SC2329 # called by check
log_has() {	# TEXT
	log_sync && grep -qF -e "$1" "$LOG"
}

prepare() {
	keys_make sshd
	mkdir -p /run/systemd/system	# or a session with a limit is refused; this /run is the test's own
	echo "deploy:x:$((BOB + 1)):$((BOB + 1))::$D/home/alice:/bin/sh" >>"$D/etc/passwd"
	echo 'deploy:*:20000:0:99999:7:::' >>"$D/etc/shadow"
	for prepare_user in alice deploy; do recipe_password "$prepare_user" "$PASSWORD"; done
	ssh-keygen -q -t ed25519 -N '' -C alice -f "$D/key"
	cp "$D/key.pub" "$D/keys"
	echo "$PASSWORD" >"$D/tok/password"
	mint test alice "$AUD" --claim-json 'groups=["ssh-users","bastion-users"]' --claim preferred_username=alice >"$D/tok/good"
	mint test alice "$AUD" --claim-json 'groups=["deployers"]' --claim-json 'amr=["hwk"]' >"$D/tok/deployer"
	mint test alice "$AUD" --claim-json 'groups=["bastion-users"]' --claim preferred_username=alice --typ at+jwt \
		--cnf-ssh-key "$D/key.pub" >"$D/tok/bound"
	sshd_start
	ssh_configure
	log_mark
}

# A token or a password. That the password is a correct one, and the key a known one, is what makes the refusals below worth
# something.
beside_passwords() {
	recipe_stack sshd sshd
	recipe_conf recipes/home.conf
	sshd_with tokens.conf
	gets_in 'README: a token' alice keyboard-interactive good
	gets_in 'README: or the password, from the same prompt' alice keyboard-interactive password
	stays_out 'README: but not by the method password, which would cut a token' alice password password
	gets_in 'README: and an ssh key, as before' alice publickey good
	"$JWT" revoke --config "$CONF" --account alice >/dev/null
	stays_out 'README: whoever is cut off stays out by a token' alice keyboard-interactive good
	stays_out 'README: ... by the password' alice keyboard-interactive password
	login_by alice publickey good || :
	check 'README: ... and by the key' test ! -s "$D/out"
	"$JWT" revoke --config "$CONF" --account alice --undo >/dev/null
	log_mark
}

only_tokens() {
	recipe_stack bastion sshd
	recipe_conf recipes/bastion.conf
	sshd_with bastion.conf
	stays_out 'bastion: a token from another network' alice keyboard-interactive good
	check 'bastion: ... is denied by the rule' log_has 'reason=denied'
	recipe_conf recipes/bastion.conf 's|192\.0\.2\.0/24|127.0.0.1/32|'
	gets_in 'bastion: a token' alice keyboard-interactive good
	gets_in 'bastion: a role account by the token of a deployer' deploy keyboard-interactive deployer
	check 'bastion: ... and the log names the person' log_has 'user=deploy reason=ok issuer=home sub="alice"'
	for only_user in alice deploy; do
		stays_out "bastion: the correct password of $only_user" "$only_user" keyboard-interactive password
		stays_out "bastion: ... by the method password" "$only_user" password password
	done
	stays_out 'bastion: a known ssh key' alice publickey good
	stays_out 'bastion: a key and the correct password' alice publickey,keyboard-interactive password
}

bound_tokens() {
	recipe_stack bastion sshd
	recipe_conf examples/bastion.conf
	sshd_with bound.conf
	gets_in 'bound: the key, and the token that is bound to it' alice publickey,keyboard-interactive bound
	stays_out 'bound: the key and a token that is not bound' alice publickey,keyboard-interactive good
	stays_out 'bound: the key and the correct password' alice publickey,keyboard-interactive password
	stays_out 'bound: the key alone' alice publickey bound
	stays_out 'bound: the token alone' alice keyboard-interactive bound
}

prepare
beside_passwords
only_tokens
bound_tokens
SERVICE=sshd
log_clean
finish
