#!/bin/sh
# What `pam-jwt check` says of the host around a configuration, as root: Debian's stacks, sshd's own answer to `sshd -T`, the
# module's file, the folders in /run. Each common mistake has its warning, with its place; what is right, the recipes of conf
# among it, has none.
#
#     BUILD=build sh tests/cli/around.sh      from the top of the tree
#
# Each kind of look alone: tests/unit/test_check_*.c.
set -u
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/host.sh
. "$P/tests/lib/host.sh"
AREA=around
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip around 'not root'; finish; }

# --- the host -------------------------------------------------------------------------------------------------------------

everything_is_right() {
	rm -f /etc/pam.d/*
	printf 'auth required pam_deny.so\naccount required pam_deny.so\n' >/etc/pam.d/other
	commons
	stack sshd sshd
	sshd_good
	config '[service sshd]' 'permit = as claim sub' '[service *]' 'deny = if iss exists'
}

# --- what check says ------------------------------------------------------------------------------------------------------

# The clock of a test machine may run free; test_check_folders has it.
look() {
	"$JWT" check --config "$CONF" >"$D/out" 2>&1
	look_status=$?
	grep 'warning: ' "$D/out" | grep -v 'the clock of this host' >"$D/warnings"
	return "$look_status"
}

quiet() {	# NAME
	look && [ ! -s "$D/warnings" ] && ! grep -q '^note: ' "$D/out"
	result $? "$1" "@$D/out"
}

# FILE:LINE of the first line of a type that names the module, or was meant to.
place() {	# SERVICE TYPE
	echo "/etc/pam.d/$1:$(grep -nE "^$2 .*pam[_-]jwt" "/etc/pam.d/$1" | head -n 1 | cut -d: -f1)"
}

# One warning, with that place and text; as JSON too.
warns() {	# NAME PLACE TEXT
	look && [ "$(wc -l <"$D/warnings")" -eq 1 ] && grep -qF "$2: warning: " "$D/warnings" && grep -qF "$3" "$D/warnings"
	result $? "$1" "@$D/out"
	"$JWT" check --config "$CONF" --json >"$D/json" 2>&1 && grep -qF "\"file\":\"${2%%:*}\"" "$D/json"
	result $? "$1: as JSON" "@$D/json"
	everything_is_right
}

"$JWT" key generate --alg ES256 --out "$D/test.jwk" --public "$D/test.pub.jwk"
printf 'Defaults timestamp_timeout=0\n' >"$D/sudoers"
ns_cover "$D/sudoers" /etc/sudoers
if sshd_place; then HAS_SSHD=yes; else skip 'settings of sshd' 'there is no sshd, or no /etc/ssh'; fi
mkdir -p /run/systemd/system
"$JWT" sessions end --due >/dev/null 2>&1
everything_is_right

# --- what is right --------------------------------------------------------------------------------------------------------

quiet 'the stack of conf/pam.d/sshd with Debian files'
commons "auth [success=2 default=ignore] $SO config=$CONF try_first_pass" \
	"account [success=ok ignore=ignore default=die] $SO config=$CONF" "session required $SO config=$CONF"
for name in sshd login su sudo; do
	printf '@include common-%s\n' auth account session password >"/etc/pam.d/$name"
done
quiet 'the profile of pam-auth-update'
grep -qF 'pam service su: account line /etc/pam.d/common-account:1; [service *] counts' "$D/out" &&
	grep -qF 'pam service sshd: account line /etc/pam.d/common-account:1; [service sshd] counts' "$D/out"
result $? 'which section counts for a service' "@$D/out"
everything_is_right

recipe() {	# NAME FILE-OF-conf/sshd_config.d SERVICE=FILE...
	recipe_name=$1
	[ -z "$HAS_SSHD" ] || cp "$P/conf/sshd_config.d/$2.conf" /etc/ssh/sshd_config.d/pam_jwt.conf
	shift 2
	rm -f /etc/pam.d/sshd
	for recipe_stack in "$@"; do
		stack "${recipe_stack%=*}" "${recipe_stack#*=}"
	done
	sed -e "s|/etc/pam_jwt/keys/home.jwk|$D/test.pub.jwk|" -e "s|/var/lib/pam_jwt/state|$D/state|" \
		-e 's|ssh://%{hostname}|ssh://host|' "$P/conf/recipes/$recipe_name.conf" >"$CONF"
	"$JWT" state init --config "$CONF" >/dev/null 2>&1
	quiet "conf/recipes/$recipe_name.conf"
	everything_is_right
}

recipe home tokens sshd=sshd sudo=sudo sudo-i=sudo
recipe bastion bastion sshd=bastion
recipe kiosk tokens greetd=kiosk

# The presets of providers, with a key of ours: what is said of a host is none of their affair.
for name in "$P"/conf/examples/*.conf; do
	sed -e "s|^keys = sync|keys = $D/test.pub.jwk|" -e '/^discovery\|^jwks_uri\|^sync_\|^algorithms/d' "$name" >"$CONF"
	if grep -q '^proof = ssh-key' "$CONF"; then
		stack sshd bastion
		stack sudo sudo
		stack sudo-i sudo
		[ -z "$HAS_SSHD" ] || cp "$P/conf/sshd_config.d/bound.conf" /etc/ssh/sshd_config.d/pam_jwt.conf
	fi
	quiet "conf/examples/${name##*/}"
	everything_is_right
done

# --- mistakes in the stacks -----------------------------------------------------------------------------------------------

sed -i '/^account .*pam_jwt/d' /etc/pam.d/sshd
warns 'the account line is forgotten' "$(place sshd auth)" 'add "account required pam_jwt.so" as the first account line'

sed -i '/^session .*pam_jwt/d' /etc/pam.d/sshd
config '[service sshd]' 'revoke_on_logout = yes' '[service *]' 'deny = if iss exists' '[state]' "directory = $D/state"
warns 'the session line is forgotten' "$(place sshd auth)" 'no session line, which revoke_on_logout needs'

config '[service sshd]' 'permit = as claim sub' '[service *]' 'deny = if iss exists'
sed -i '/^auth .*pam_jwt/d' /etc/pam.d/sshd
warns 'the auth line is forgotten' "$CONF:5" "[service sshd]: no token logs in by this section"

config '[service sshd]' 'deny = if rhost not in 192.0.2.0/24' '[service *]' 'deny = if iss exists'
warns 'a password passes by the rules' "$(place sshd auth)" 'a password lets in without the rules of the section in line 5 (rhost), by pam_unix.so in /etc/pam.d/common-auth:1'

sed -i "s|^auth .*|auth sufficient $SO config=$CONF verbose|" /etc/pam.d/sshd
warns 'an argument is misspelt' "$(place sshd auth)" 'the argument "verbose" is not known'

sed -i "s|^session .*pam_jwt.*|session optional pam-jwt.so|" /etc/pam.d/sshd
warns 'the module is misspelt' "$(place sshd session)" 'write pam_jwt.so'

sed -i "s|^session .*pam_jwt.*|session required /nowhere/pam_jwt.so config=$CONF|" /etc/pam.d/sshd
warns 'the module is not there' "$(place sshd session)" 'there is no /nowhere/pam_jwt.so'

lines login "auth required pam_jwt.so" '@include common-auth' 'account required pam_jwt.so' '@include common-account' \
	'@include common-session' 'session required pam_jwt.so'
config '[service login remote]' 'session_limit = 8h' '[service sshd]' 'permit = as claim sub' '[service *]' 'deny = if iss exists'
warns 'pam_systemd comes first, in login' /etc/pam.d/common-session:5 'pam_systemd stands before'

lines sshd "auth required pam_jwt.so" 'account required pam_jwt.so' '@include common-account' '@include common-session' \
	'session required pam_jwt.so'
config '[service sshd]' 'session_limit = 8h' '[service *]' 'deny = if iss exists'
quiet 'pam_systemd comes first, in sshd'
"$JWT" check --config "$CONF" --json >"$D/json.right"
everything_is_right

grep -qF '"session_limit":"8h"' "$D/json.right" && grep -qF '"service":"sshd","section":"sshd","file":"/etc/pam.d/sshd","line":' "$D/json.right"
result $? 'what is in force, as JSON' "@$D/json.right"

# --- sections and services ------------------------------------------------------------------------------------------------

config '[service ssh]' 'permit = as claim sub' '[service *]' 'deny = if iss exists'
warns 'a section for ssh' "$CONF:5" 'did you mean sshd?'

config '[service sshd]' 'permit = as claim sub'
commons "auth [success=2 default=ignore] $SO config=$CONF" "account [success=ok ignore=ignore default=die] $SO config=$CONF"
printf '@include common-%s\n' auth account session >/etc/pam.d/su
warns 'a service without a section' /etc/pam.d/common-auth:1 'no [service] has this name, so permit = as claim sub counts'

# --- sshd -----------------------------------------------------------------------------------------------------------------

DROP=/etc/ssh/sshd_config.d/pam_jwt.conf
setting() {	# NAME LINE-NUMBER TEXT LINE...
	[ -n "$HAS_SSHD" ] || return 0
	setting_name=$1 setting_line=$2 setting_text=$3
	shift 3
	sshd_set "$@"
	warns "$setting_name" "$DROP:$setting_line" "$setting_text"
}

setting 'KbdInteractiveAuthentication no' 2 'takes 1024 bytes' 'KbdInteractiveAuthentication no'
setting 'no method that asks' 2 'sshd asks for no token' 'KbdInteractiveAuthentication no' 'PasswordAuthentication no'
setting 'PasswordAuthentication yes' 3 'cut at 1023 bytes' 'KbdInteractiveAuthentication yes' 'PasswordAuthentication yes'
setting 'MaxAuthTries 2' 4 'write MaxAuthTries 6' 'KbdInteractiveAuthentication yes' 'PasswordAuthentication no' 'MaxAuthTries 2'
setting 'AuthenticationMethods publickey' 5 'no list with keyboard-interactive' 'KbdInteractiveAuthentication yes' \
	'PasswordAuthentication no' 'PubkeyAuthentication yes' 'AuthenticationMethods publickey'
setting 'KbdInteractiveAuthentication no in a Match block' 5 'in the Match block of line 4: KbdInteractiveAuthentication no' \
	'KbdInteractiveAuthentication yes' 'PasswordAuthentication no' 'Match Address 192.0.2.0/24' 'KbdInteractiveAuthentication no'
lines sshd 'auth required pam_jwt.so' 'account required pam_jwt.so' '@include common-account'
config '[service sshd]' 'deny = if rhost not in 192.0.2.0/24' '[service *]' 'deny = if iss exists'
setting 'an ssh key passes by the rules' 4 'an ssh key alone lets in without the rules of the section in line 5 (rhost)' \
	'KbdInteractiveAuthentication yes' 'PasswordAuthentication no' 'PubkeyAuthentication yes'
config '[service sshd]' 'proof = ssh-key' '[service *]' 'deny = if iss exists'
lines sshd 'auth required pam_jwt.so' 'account required pam_jwt.so' '@include common-account'
if [ -n "$HAS_SSHD" ]; then
	sshd_set 'KbdInteractiveAuthentication yes' 'PasswordAuthentication no' 'PubkeyAuthentication yes'
	warns 'proof without a key' "$CONF:6" 'write AuthenticationMethods publickey,keyboard-interactive:pam'
	echo 'UsePAM no' >"$DROP"
	warns 'UsePAM no' "$DROP:1" 'write UsePAM yes'
	sshd_set 'KbdInteractiveAuthentication no'
	lines sshd '@include common-auth' 'account required pam_jwt.so' '@include common-account'
	lines greetd 'auth required pam_jwt.so' 'account required pam_jwt.so' '@include common-account'
	config '[service greetd]' 'permit = as claim sub' '[service *]' 'deny = if iss exists'
	quiet 'an sshd that asks for no token may have any settings'
	everything_is_right
fi

# --- the host -------------------------------------------------------------------------------------------------------------

cp "$SO" "$D/saved.so"
sed -i 's/is of version [0-9.]*/is of version 0.0.1/' "$SO"
look
grep -qF "$SO: warning: sshd: this module is 0." "$D/warnings" && grep -qF 'install both from one version' "$D/warnings"
result $? 'a module of another version' "@$D/out"
cp "$D/saved.so" "$SO"

mkdir -p /run/pam_jwt/sessions
chmod 755 /run/pam_jwt/sessions
warns 'a folder in /run that others may read' /run/pam_jwt/sessions 'until then sessions have no record'
chmod 700 /run/pam_jwt/sessions
quiet 'all is right again'

# --- who cannot look ------------------------------------------------------------------------------------------------------

cp "$CONF" "$D/elsewhere.conf"
"$JWT" check --config "$D/elsewhere.conf" >"$D/out" 2>&1 && [ "$(grep -c '^note: .*no line of /etc/pam.d names it' "$D/out")" -eq 1 ] &&
	! grep -q 'warning: ' "$D/out"
result $? 'a configuration that no line names' "@$D/out"
"$JWT" check --config "$D/elsewhere.conf" --json 2>&1 | grep -q '"not_looked_at":"the host was not looked at'
result $? 'a configuration that no line names: as JSON'
if command -v setpriv >/dev/null; then
	setpriv --reuid="$ALICE" --regid=2001 --clear-groups "$JWT" check --config "$CONF" >"$D/out" 2>&1 &&
		[ "$(grep -c '^note: .*run this as root' "$D/out")" -eq 1 ] && ! grep 'warning: ' "$D/out" | grep -v 'the clock of'
	result $? 'another user than root' "@$D/out"
fi
finish
