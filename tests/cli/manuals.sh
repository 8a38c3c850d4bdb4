#!/bin/sh
# The displays of the manuals that can run anywhere are run as they are, with the paths of this test: the EXAMPLES of seven,
# and the parts of a configuration in pam_jwt.conf(5). What is not run here: SYNOPSIS and grammar (tests/docs.sh), log lines
# (tests/pam/cases/log.case), SETTING UP of pam_jwt(8) but for its configuration (tests/package/life.sh), whole configurations
# (tests/docs.sh), fetching keys (tests/cli/fetch.sh, tests/sync/sync.sh), the jail of fail2ban (tests/cli/fail2ban.sh), what
# systemd, cron and AppArmor read (a unit for a state in memory, drop-ins for another directory or for scopes: tests/booted/; the
# rules of a confined program), what sshd reads (tests/e2e/proof.sh), what
# sudoers reads (tests/e2e/recorded.sh), ssh and sudo with pam-jwt-askpass (tests/e2e/parts.sh), Ansible
# (tests/login/ansible.sh).
#
#     BUILD=build sh tests/cli/manuals.sh            from the top of the tree
set -u

# shellcheck disable=SC2034 # for shown.sh
AREA=manuals
# shellcheck source=tests/lib/shown.sh
. tests/lib/shown.sh

# Prints the Nth display below a heading, as a reader sees it.
display() {	# PAGE HEADING N
	awk -v heading="$2" -v n="$3" '
		/^\.S[hs] / { inside = (substr($0, 5) == heading); next }
		!inside { next }
		/^\.Bd/ { on = (++count == n); next }
		/^\.Ed/ { on = 0 }
		on { gsub(/\\e/, "\\"); print }' "man/$1" | local_paths
}

# The commands of a display, for the configuration of this test.
commands() {	# PAGE HEADING N
	display "$@" | sed -e 's/^[$#] //' -e "s#pam-jwt \(check\|verify\|revoke\)#& --config $conf#" >"$dir/commands"
}

# A display that is new must find its place in this test.
displays() {	# PAGE N
	[ "$(grep -c '^\.Bd -literal' "man/$1")" -eq "$2" ]
	result $? "$1 has the $2 displays that are known here"
}

displays pam-jwt.1 7
displays pam-jwt-askpass.1 14
displays pam-jwt-login.1 9
displays pam_jwt.8 14
displays pam_jwt_recipes.7 30
displays pam_jwt.conf.5 34	# 20 of them are answers, which tests/cli/policies.sh tries
displays login.conf.5 3
displays pam_jwt_tests.conf.5 4	# tests/cli/policy_hook.sh runs them
displays pam-jwt-issuer.1 9
displays issuer.conf.5 2

# --- login.conf(5), pam-jwt-login(1) --------------------------------------------------------------------------------------
# Logins themselves: tests/login. Here the settings are read, and what a shell and ssh get is taken by them.

mkdir -p "$dir/home/.config/pam-jwt"
as_person() {	# ARGUMENT...
	env -u XDG_CONFIG_HOME "HOME=$dir/home" "XDG_RUNTIME_DIR=$dir/home" "$BUILD/pam-jwt" "$@" >"$dir/out" 2>&1
}

for n in 1 2 3; do
	display login.conf.5 EXAMPLES "$n" >"$dir/home/.config/pam-jwt/login.conf"
	as_person login --status
	[ $? -eq 1 ] && grep -Eq '^(corp|home): .*pam-jwt login (corp|home)$' "$dir/out"
	result $? "login.conf: example $n is read" "$(cat "$dir/out")"
done
as_person login --shell && sh -n "$dir/out" && grep -q '^export SSH_ASKPASS=' "$dir/out"
result $? 'pam-jwt-login: the shell takes its lines' "$(cat "$dir/out")"
as_person login --ssh-config && ssh -G -F "$dir/out" bastion.example >"$dir/said" 2>&1
result $? 'pam-jwt-login: ssh takes its block' "$(cat "$dir/out" "$dir/said")"

# --- issuer.conf(5) -------------------------------------------------------------------------------------------------------
# What is shown in pam-jwt-issuer(1) takes two hosts: tests/booted.

if [ "$(id -u)" -eq 0 ]; then
	display issuer.conf.5 EXAMPLES 1 >"$dir/issuer.conf"
	sed -i "s,^publish.*,&\ndirectory = $dir/none," "$dir/issuer.conf"
	"$BUILD/pam-jwt-issuer" check --config "$dir/issuer.conf" --people "$dir/none" --sshd /nonexistent/sshd >"$dir/out" 2>&1 &&
		grep -q '^grant databases: tokens for 300s' "$dir/out"
	result $? 'issuer.conf: the example is read' "$(cat "$dir/out")"
	sed "s,^publish.*,&\ndirectory = $dir/none," conf/issuer/issuer.conf >"$dir/issuer.conf"
	"$BUILD/pam-jwt-issuer" check --config "$dir/issuer.conf" --people "$dir/none" --sshd /nonexistent/sshd >"$dir/out" 2>&1
	result $? 'issuer.conf: the file of the package is read' "$(cat "$dir/out")"
else
	skip 'issuer.conf: the example' 'only root can have such a file'
fi

# --- pam-jwt(1) ---------------------------------------------------------------------------------------------------------

commands pam-jwt.1 EXAMPLES 1
run 'pam-jwt: a key pair and a token'
private "$dir/issuer.jwk" "$dir/token"
result $? 'pam-jwt: nobody else can read the key and the token'
cat >"$conf" <<-END
	[issuer home]
	iss = https://id.example.com
	keys = $dir/issuer.pub.jwk
	audience = ssh://bastion
	[service sshd]
	permit = as claim sub
	[service sudo sudo-i]
	permit = as claim sub if groups has "admins" and auth_time within 15m
	[state]
	directory = $dir/state
END
pam-jwt state init --config "$conf" >/dev/null
commands pam-jwt.1 EXAMPLES 4
run 'pam-jwt: why does it not log in'
grep -q '^accepted: ' "$dir/out"
result $? 'pam-jwt: it does'
rm "$dir/token"
commands pam-jwt.1 EXAMPLES 2
run 'pam-jwt: a token with groups'
private "$dir/token" && pam-jwt verify --config "$conf" --service sudo --user alice <"$dir/token" >"$dir/out" 2>&1
result $? 'pam-jwt: it is good for a step-up'
commands pam-jwt.1 EXAMPLES 3
run 'pam-jwt: a laptop was stolen'
! pam-jwt verify --config "$conf" --service sshd --user alice <"$dir/token" >"$dir/out" 2>&1 && grep -q 'superseded' "$dir/out"
result $? "pam-jwt: alice's tokens so far are refused"

# The lines of sshd that a user's public key comes to, with a token that is bound to this key, and to another.
proves_key() {	# PUBLIC-KEY
	pam-jwt issue --key "$dir/issuer.jwk" --iss https://id.example.com --sub alice --aud ssh://bastion --ttl 5m \
		--cnf-ssh-key "$1" >"$dir/bound" &&
		{ printf 'pam-jwt verify --config %s --service sshd --user alice ' "$conf" && display pam-jwt.1 verify 1; } >"$dir/commands" &&
		(cd "$dir" && sh -eu commands <bound >out 2>&1)
}

if command -v ssh-keygen >/dev/null; then
	for key in id_ed25519 id_other; do
		ssh-keygen -q -t ed25519 -N '' -f "$dir/$key"
	done
	printf '[issuer home]\niss = https://id.example.com\nkeys = %s\naudience = ssh://bastion\n[service sshd]\nproof = ssh-key\n%s\n' \
		"$dir/issuer.pub.jwk" 'permit = as claim sub' >"$conf"
	proves_key "$dir/id_ed25519.pub" && grep -q '^accepted: ' "$dir/out"
	result $? 'pam-jwt: a key as sshd shows it, and a token that is bound to it'
	! proves_key "$dir/id_other.pub" && grep -q '^refused: proof' "$dir/out"
	result $? 'pam-jwt: ... and one that is bound to another key'
else
	skip 'pam-jwt: a key as sshd shows it' 'ssh-keygen is not installed'
fi

# --- pam-jwt-askpass(1) ---------------------------------------------------------------------------------------------------

XDG_RUNTIME_DIR=$dir/runtime
XDG_CONFIG_HOME=$dir/config
HOME=$dir
export XDG_RUNTIME_DIR XDG_CONFIG_HOME HOME
mkdir -m 700 "$dir/runtime" "$dir/config" "$dir/config/pam-jwt"
# The ways of ssh and sudo are run by tests/e2e/parts.sh; here, that the program that is named there is the one.
for n in 1 2; do
	display pam-jwt-askpass.1 EXAMPLES $n | grep -q "_ASKPASS=$dir/bin/pam-jwt-askpass\b"
	result $? "pam-jwt-askpass: example $n names the program"
done
display pam-jwt-askpass.1 EXAMPLES 3 | sed -e 's/^\$ //' -e "s|/usr/bin/ssh-askpass|$dir/bin/other|" >"$dir/commands"
echo "pam-jwt-askpass 'Enter passphrase for key:'" >>"$dir/commands"
printf '#!/bin/sh\necho "other was asked: $1"\n' >"$dir/bin/other"
chmod 755 "$dir/bin/other"
run 'pam-jwt-askpass: another program for other prompts'
grep -qx 'other was asked: Enter passphrase for key:' "$dir/out"
result $? 'pam-jwt-askpass: it is asked'
commands pam-jwt-askpass.1 EXAMPLES 4
run 'pam-jwt-askpass: a token from pam-jwt'
private "$dir/runtime/pam-jwt/token" && pam-jwt-askpass 'Token: ' >"$dir/out" 2>&1 && cmp -s "$dir/out" "$dir/runtime/pam-jwt/token"
result $? 'pam-jwt-askpass: it is answered, and nobody else can read it'

# Each provider's own command is played by one that prints what it was called with into a file, and a token.
pam-jwt issue --key "$dir/issuer.jwk" --iss https://id.example.com --sub alice --aud ssh://bastion --ttl 10m >"$dir/theirs"
rm "$dir/runtime/pam-jwt/token"
for n in 5 6 7 8 9 10 11 12; do
	display pam-jwt-askpass.1 EXAMPLES $n >"$dir/config/pam-jwt/askpass.conf"
	program=$(sed -n '1s/^command = \([^ ]*\) .*/\1/p' "$dir/config/pam-jwt/askpass.conf")
	if [ "$program" != pam-jwt ]; then
		printf '#!/bin/sh\necho "$*" >%s/called\ncat %s/theirs\n' "$dir" "$dir" >"$dir/bin/$program"
		chmod 755 "$dir/bin/$program"
	else
		echo pam-jwt >"$dir/called"
	fi
	[ -n "$program" ] && pam-jwt-askpass 'Token: ' >"$dir/out" 2>&1 && pam-jwt inspect <"$dir/out" >/dev/null && [ -s "$dir/called" ] &&
		! grep -q '\\' "$dir/called"
	result $? "pam-jwt-askpass: askpass.conf with ${program:-no program}"
	rm -f "$dir/called" "$dir"/runtime/pam-jwt/*
done

if command -v ssh >/dev/null; then
	display pam-jwt-askpass.1 EXAMPLES 14 >"$dir/ssh_config"
	ssh -G -F "$dir/ssh_config" bastion.corp.example 2>&1 | grep -E '^(numberofpasswordprompts|preferredauthentications) ' | sort >"$dir/out"
	printf '%s\n' 'numberofpasswordprompts 1' 'preferredauthentications publickey,keyboard-interactive' | cmp -s - "$dir/out"
	result $? 'pam-jwt-askpass: the block for ssh makes one try' "@$dir/out"
else
	skip 'pam-jwt-askpass: the block for ssh' 'there is no ssh client'
fi

# --- pam_jwt(8) -----------------------------------------------------------------------------------------------------------

timer=$(display pam_jwt.8 'How a session ends before its time' 1 | sed -n 's/^# systemctl enable --now //p')
[ -n "$timer" ] && [ -f "conf/systemd/$timer" ]
result $? "pam_jwt: the timer of sessions is there: $timer"
display pam_jwt.8 'SETTING UP' 2 >"$dir/etc/setup.conf"
cp "$dir/issuer.pub.jwk" "$dir/etc/keys/home.jwk"
pam-jwt check --config "$dir/etc/setup.conf" >"$dir/out" 2>&1 && [ "$(grep -c '^\[' "$dir/etc/setup.conf")" -eq 4 ]
result $? 'pam_jwt: the configuration of SETTING UP is sound'
cat >"$conf" <<-END
	[issuer home]
	iss = https://id.example.com
	keys = $dir/issuer.pub.jwk
	audience = ssh://bastion
END
n=0
for service in sshd sudo; do
	n=$((n + 1))
	user=alice
	display pam_jwt.8 EXAMPLES $n >"$dir/stack"
	[ "$(wc -l <"$dir/stack")" -ge 4 ] && play "$service" "$conf" "$dir/theirs" $user <"$dir/stack" && grep -q '^user "alice"$' "$dir/out"
	result $? "pam_jwt: a token logs in through the stack for $service"
done

# --- pam_jwt_recipes(7) -----------------------------------------------------------------------------------------------------
# What is shown there is compared with conf by tests/cli/recipes.sh. Here a token logs in through the stack for a kiosk, with the
# configuration, and through the one for a bastion.

display pam_jwt_recipes.7 'A KIOSK' 2 >"$dir/etc/kiosk.conf"
display pam_jwt_recipes.7 'A KIOSK' 3 >"$dir/stack"
pam-jwt state init --directory "$dir/state" >/dev/null 2>&1
pam-jwt issue --key "$dir/issuer.jwk" --iss https://id.example.com --sub 4711 --aud "ssh://$(uname -n | cut -d. -f1)" --ttl 5m \
	--claim-json 'groups=["staff"]' >"$dir/card"
[ "$(wc -l <"$dir/stack")" -ge 4 ] && play greetd "$dir/etc/kiosk.conf" "$dir/card" <"$dir/stack" && grep -q '^user "kiosk"$' "$dir/out" &&
	grep -q '^prompt "Card: "$' "$dir/out"
result $? 'pam_jwt_recipes: a token logs in at the kiosk, and says who it is'
! play greetd "$dir/etc/kiosk.conf" "$dir/card" <"$dir/stack" && grep -q 'reason=replayed' "$dir/out"
result $? 'pam_jwt_recipes: ... once'
display pam_jwt_recipes.7 'A BASTION THAT ONLY TOKENS OPEN' 3 >"$dir/stack"
[ "$(wc -l <"$dir/stack")" -ge 4 ] && play sshd "$conf" "$dir/theirs" alice <"$dir/stack" && ! grep -q 'sufficient\|common-auth' "$dir/stack"
result $? 'pam_jwt_recipes: a token logs in through the stack of a bastion, and nothing else does'
ssh-keygen -q -t ed25519 -N '' -C test -f "$dir/key"
display pam_jwt_recipes.7 'A BASTION FOR TOKENS THAT ARE BOUND TO AN SSH KEY' 1 |
	sed -e 's/^issuers = bastion/issuers = home/' -e 's/preferred_username/sub/' >>"$conf"
pam-jwt issue --key "$dir/issuer.jwk" --iss https://id.example.com --sub alice --aud ssh://bastion --ttl 5m --cnf-ssh-key "$dir/key.pub" \
	--claim-json 'groups=["bastion-users"]' >"$dir/bound"
pam-jwt issue --key "$dir/issuer.jwk" --iss https://id.example.com --sub alice --aud ssh://bastion --ttl 5m \
	--claim-json 'groups=["bastion-users"]' >"$dir/unbound"
proved="publickey $(cut -d' ' -f1,2 "$dir/key.pub")"
pam-jwt check --config "$conf" >"$dir/out" 2>&1 &&
	pam-jwt verify --config "$conf" --service sshd --user alice --ssh-auth-info "$proved" <"$dir/bound" >"$dir/out" 2>&1
result $? 'pam_jwt_recipes: a bastion for bound tokens takes one with its key'
for token in bound unbound; do
	[ "$token" = bound ] || set -- --ssh-auth-info "$proved"
	! pam-jwt verify --config "$conf" --service sshd --user alice "$@" <"$dir/$token" >"$dir/out" 2>&1 &&
		grep -q '^refused: proof-missing' "$dir/out"
	result $? "pam_jwt_recipes: it refuses the token ($token) without its key, or without a bond"
done

# --- pam_jwt.conf(5) --------------------------------------------------------------------------------------------------------

# A configuration with what is shown in it, and what a token with the claims comes to: an account, or a reason.
comes_to() {	# ACCOUNT-OR-REASON SERVICE USER SUBJECT [CLAIM...]
	comes_to=$1 comes_service=$2 comes_user=$3 comes_sub=$4
	shift 4
	for claim; do
		shift
		set -- "$@" --claim-json "$claim"
	done
	pam-jwt issue --key "$dir/issuer.jwk" --iss https://id.example.com --sub "$comes_sub" --aud ssh://bastion --ttl 5m "$@" >"$dir/now" &&
		pam-jwt check --config "$conf" >"$dir/out" 2>&1 || return
	pam-jwt verify --config "$conf" --service "$comes_service" --user "$comes_user" <"$dir/now" >"$dir/out" 2>&1
	tail -n 1 "$dir/out" | grep -qE "^(accepted|refused): $comes_to\b"
}

shown() {	# HEADING [LINE...]
	printf '[issuer corp]\niss = https://id.example.com\nkeys = %s\naudience = ssh://bastion\n' "$dir/issuer.pub.jwk" >"$conf"
	display pam_jwt.conf.5 "$1" 1 >"$dir/display"
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@" >>"$conf"
}

shown Unknown '[service sshd]'
cat "$dir/display" >>"$conf"
comes_to alice sshd alice alice && comes_to alice sshd alice alice email_verified=true &&
	comes_to denied sshd alice alice email_verified=false && comes_to denied sshd alice alice 'email_verified="false"'
result $? 'pam_jwt.conf: a claim that may be absent'
shown Tests '[service sshd]'
sed 's/^time /permit = as alice if &/' "$dir/display" >>"$conf"
[ "$(grep -c '^permit = as alice if time ' "$conf")" -eq 4 ] && pam-jwt check --config "$conf" >"$dir/out" 2>&1
result $? 'pam_jwt.conf: times of day'
shown Delegation '[service sshd]'
cat "$dir/display" >>"$conf"
comes_to deploy sshd deploy alice 'act={"sub":"ci"}' 'groups=["release"]' &&
	comes_to not-permitted sshd deploy alice 'act={"sub":"other"}' 'groups=["release"]'
result $? 'pam_jwt.conf: delegation'
shown Step-up
cat "$dir/display" >>"$conf"
now=$(date +%s)
comes_to alice sudo alice 4711 'preferred_username="alice"' 'groups=["admins"]' "auth_time=$now" &&
	comes_to not-permitted sudo alice 4711 'preferred_username="alice"' 'groups=["admins"]' "auth_time=$((now - 1000))"
result $? 'pam_jwt.conf: step-up'
shown 'MAP FILES' '[issuer ci]' 'iss = https://ci.example.com' "keys = $dir/issuer.pub.jwk" 'audience = ssh://bastion' '[service sshd]' \
	"permit = as map $dir/etc/accounts"
cp "$dir/display" "$dir/etc/accounts"
comes_to alice sshd alice 248289761001 && comes_to deploy sshd deploy 7f1e1c5e-9d0b-4a8e-8c4e-2a44d9c0c1e1 &&
	comes_to account-mismatch sshd root 248289761001 && comes_to not-permitted sshd alice nobody
result $? 'pam_jwt.conf: a map file'
finish
