#!/bin/sh
# The mistakes that administrators make, as a table: how each is made on a host that works, where it is told, and the words of the
# remedy. "check" is pam-jwt check, "verify" is pam-jwt verify with the token, "log" is what the module writes when somebody
# logs in. On the host that works none of the three says any of these words.
#
#     BUILD=build sh tests/cli/mistakes.sh      from the top of the tree
#
# More of each kind: around.sh (the host, for check), hints.sh (tokens, for verify), ../pam/cases/mistakes.case (whole lines of
# the log).
set -u
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/host.sh
. "$P/tests/lib/host.sh"
# shellcheck disable=SC2034 # for results.sh
AREA=mistakes
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip mistakes 'not root'; finish; }
command -v openssl >/dev/null || { skip mistakes 'openssl(1) is not here'; finish; }

NAMED=	# an audience with the name of the host, if /etc/hostname can say it

# --- the host that works ----------------------------------------------------------------------------------------------------

once() {
	"$JWT" key generate --alg ES256 --out "$D/test.jwk" --public "$D/good.jwk"
	"$JWT" key generate --alg ECDH-ES --out "$D/host.jwk" --public "$D/host.pub.jwk"
	"$JWT" key generate --alg ES256 --kid 2026-12 --out "$D/new.jwk"
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$D/tls.key" -subj /CN=x -days 9 >"$D/tls.crt" 2>/dev/null
	openssl x509 -in "$D/tls.crt" -pubkey -noout >"$D/tls.pub"
	token "$D/tok/good"
	printf '7Fjfp0ZBr1KtDRbnfVdmIwQhJ3kd9sLxz0_aBcDeFgH\n' >"$D/opaque"
	: >"$D/sudoers"
	: >"$D/hostname"
	ns_cover "$D/sudoers" /etc/sudoers
	ns_cover "$D/hostname" /etc/hostname
	[ ! -e /etc/hostname ] || NAMED='ssh://%{hostname}'
	right
	"$JWT" state init --config "$CONF" >/dev/null
}

# A token of the issuer, with other options where they are given.
token() {	# FILE [OPTION...]
	token_file=$1
	shift
	for token_default in "--key=$D/test.jwk" "--iss=$ISS" "--aud=$AUD" '--sub=alice' '--ttl=10m' '--claim-json=groups=["staff"]'; do
		case " $* " in
		*" ${token_default%%=*} "*) ;;
		*) set -- "$@" "$token_default" ;;
		esac
	done
	"$JWT" issue "$@" >"$token_file"
}

# Everything as it must be, whatever was changed. The copy of the state is there after a change of the state.
right() {
	rm -f /etc/pam.d/*
	printf 'auth required pam_deny.so\naccount required pam_deny.so\n' >/etc/pam.d/other
	commons
	stack sshd bastion
	stack sudo sudo
	stack sudo-i sudo
	sshd_set 'KbdInteractiveAuthentication yes' 'PasswordAuthentication no' 'AuthenticationMethods keyboard-interactive:pam'
	echo 'Defaults timestamp_timeout=0' >"$D/sudoers"
	uname -n >"$D/hostname"
	cat "$D/good.jwk" >"$D/test.pub.jwk"
	[ -d /run/pam_jwt ] || "$JWT" sessions end --due >/dev/null 2>&1
	mkdir -p /run/systemd/system /run/pam_jwt/sessions
	chmod 700 /run/pam_jwt /run/pam_jwt/sessions
	config '[service sshd]' 'deny = if rhost not in 192.0.2.0/24' \
		'permit = as claim sub if groups has "staff" and time 00:00-24:00' 'session_limit = 8h' 'revoke_on_logout = yes' \
		'[service sudo sudo-i]' 'permit = as claim sub' 'single_use = yes' '[service *]' 'deny = if iss exists' \
		'[state]' "directory = $D/state"
	conf "s|^audience.*|& $NAMED|"
	chown 0 "$D/test.pub.jwk" "$CONF"
	chmod 644 "$D/test.pub.jwk" "$CONF"
	[ ! -d "$D/state.saved" ] || { rm -rf "$D/state" && mv "$D/state.saved" "$D/state"; }
	cat "$D/tok/good" >"$D/tok/given"
}

# --- where a mistake is told ------------------------------------------------------------------------------------------------

# The clock of a test machine may run free; test_check_folders has it.
by_check() {
	"$JWT" check --config "$CONF" 2>&1 | grep -v 'the clock of this host'
}

by_verify() {
	"$JWT" verify --config "$CONF" --service sshd --user alice --rhost 192.0.2.7 "$D/tok/given" 2>&1
}

by_log() {
	log_mark
	timeout "$LIMIT" setsid pamtester -I rhost=192.0.2.7 sshd alice authenticate acct_mgmt <"$D/tok/given" >/dev/null 2>&1
	log_sync
	log_new
}

# One row: the command makes the mistake; each of the places must say the words.
mistake() {	# NAME PLACES WORDS COMMAND...
	mistake_name=$1 mistake_places=$2 mistake_words=$3
	shift 3
	"$@" >/dev/null 2>&1 || { fail "$mistake_name: it cannot be made" "$*"; right; return; }
	for mistake_place in $mistake_places; do
		[ "$mistake_place" != log ] || [ -n "$HAS_PAMTESTER" ] || continue
		"by_$mistake_place" >"$D/out"
		grep -qF -e "$mistake_words" "$D/out" && ! grep -qF -e "$mistake_words" "$D/right.$mistake_place"
		result $? "$mistake_name: by $mistake_place" "@$D/out"
	done
	right
}

# --- how mistakes are made --------------------------------------------------------------------------------------------------

conf() {	# SED
	sed -i "$1" "$CONF"
}

pam() {	# SERVICE SED
	sed -i "$2" "/etc/pam.d/$1"
}

key_file() {	# FILE
	cat "$1" >"$D/test.pub.jwk"
}

key_text() {	# TEXT
	printf '%s\n' "$1" >"$D/test.pub.jwk"
}

given() {	# OPTION...
	token "$D/tok/given" "$@"
}

# The good token with something around it.
around() {	# FORMAT
	# shellcheck disable=SC2059 # the format is the mistake
	printf "$1\n" "$(cat "$D/tok/good")" >"$D/tok/given"
}

sshd_write() {	# LINE
	echo "$1" >/etc/ssh/sshd_config.d/pam_jwt.conf
}

named_by_dhcp() {
	echo template >"$D/hostname"
}

late_in_login() {
	conf 's/^.service sshd/& login/' && lines login 'auth required pam_jwt.so' 'account required pam_jwt.so' \
		'@include common-account' '@include common-session' 'session required pam_jwt.so'
}

no_state() {
	mv "$D/state" "$D/state.saved"
}

revoke() {	# OPTION...
	cp -a "$D/state" "$D/state.saved" && "$JWT" revoke --config "$CONF" "$@"
}

HAS_PAMTESTER=$(command -v pamtester)
[ -n "$HAS_PAMTESTER" ] || skip 'what the log says' 'pamtester is not installed'
if sshd_place; then HAS_SSHD=yes; else skip 'settings of sshd' 'there is no sshd, or no /etc/ssh'; fi
once

by_check >"$D/right.check"
by_verify >"$D/right.verify"
[ -z "$HAS_PAMTESTER" ] || by_log >"$D/right.log"
! grep 'warning: \|error: \|^note: ' "$D/right.check" && grep -q '^OK' "$D/right.check"
result $? 'check says nothing of the host that works' "@$D/right.check"
grep -q '^accepted' "$D/right.verify" && ! grep -q '^hint: ' "$D/right.verify"
result $? 'verify has no hint for the token that logs in' "@$D/right.verify"
if [ -n "$HAS_PAMTESTER" ]; then
	[ "$(wc -l <"$D/right.log")" -eq 1 ] && grep -q 'accepted; .* reason=ok ' "$D/right.log" && ! grep -q hint= "$D/right.log"
	result $? 'the log has one line of the login, and no hint' "@$D/right.log"
fi

# --- the configuration ------------------------------------------------------------------------------------------------------

mistake 'the key audiance' 'check log' 'did you mean audience' conf 's/^audience/audiance/'
mistake '[services sshd]' 'check log' 'did you mean service' conf 's/^.service sshd/[services sshd/'
mistake 'as clam sub' 'check log' 'did you mean claim' conf 's/as claim sub/as clam sub/'
mistake 'as sub' check 'is the account called sub' conf 's/as claim sub if/as sub if/'
mistake 'an address without the other word' check 'without "@example.com"' conf 's/as claim sub if/as claim email if/'
mistake '[service ssh]' check 'did you mean sshd?' conf 's/^.service sshd/[service ssh/'
mistake '[service ssh]' 'verify log' 'no [service sshd], so [service *] counts' conf 's/^.service sshd/[service ssh/'
mistake 'an operator that is misspelt' 'check log' 'did you mean has' conf 's/groups has/groups hass/'
mistake 'a subject that is misspelt' 'check log' 'did you mean rhost' conf 's/if rhost/if rhosts/'
mistake 'a time of 12 hours' check 'is expected after time: 08:00-18:00' conf 's/time 00:00-24:00/time 8am-6pm/'
mistake 'a day that is misspelt' check 'mon' conf 's/time 00:00-24:00/time 00:00-24:00 munday/'
mistake 'a name without quotes' check 'must be in double quotes' conf 's/"staff"/CORP Staff/'
mistake 'single quotes in a rule' check 'write "staff"' conf "s/\"staff\"/'staff'/"
mistake 'no audience' 'check log' 'without one a token for any other host would log in here' conf /^audience/d
mistake 'iss in quotes' 'check log' 'without quotes' conf "s|^iss.*|iss = \"$ISS\"|"
mistake 'a comma between audiences' check 'spaces alone separate' conf "s|^audience = [^ ]*|&, urn:x|"
mistake '%{host} in an audience' 'check log' 'the names are %{hostname}' conf "s|^audience.*|& ssh://%{host}|"
mistake 'a URL as keys' 'check log' 'write keys = sync, and jwks_uri' conf 's|^keys = .*|keys = https://id.test/jwks|'
mistake 'iss twice' check 'twice' conf '/^iss/p'
mistake 'a duration without its unit' check 'a number with its unit' conf 's/= 8h/= 8/'
mistake 'true for yes' check 'is yes or no' conf 's/revoke_on_logout = yes/revoke_on_logout = true/'
mistake 'a comment at the end of a line' check 'a comment must be on a line of its own' conf 's/= yes/= yes # end it/'
mistake 'mode 664' 'check verify log' 'chmod go-w' chmod 664 "$CONF"
mistake 'a file of somebody else' 'check verify log' 'chown root' chown "$ALICE" "$CONF"
mistake 'no file' 'check verify log' 'No such file' rm "$CONF"
mistake 'no state init' 'check verify log' 'pam-jwt state init' no_state
mistake 'keys = sync, and never fetched' 'check verify log' 'pam-jwt sync' conf 's/^keys = .*/keys = sync/'

# --- key files --------------------------------------------------------------------------------------------------------------

mistake 'a key file of a user' 'check verify log' 'chown root' chown "$ALICE" "$D/test.pub.jwk"
mistake 'a key file that others may write' 'check verify log' 'chmod go-w' chmod 666 "$D/test.pub.jwk"
mistake 'a private key, PEM' check 'openssl pkey -pubout' key_file "$D/tls.key"
mistake 'a certificate' check 'openssl x509 -pubkey' key_file "$D/tls.crt"
mistake 'a private key, JWK' check 'pam-jwt key public' key_file "$D/test.jwk"
mistake 'a key of RSA without algorithms' check 'algorithms = RS256' key_file "$D/tls.pub"
mistake 'a key of RSA without algorithms' log 'names none: name the one that the issuer signs with' key_file "$D/tls.pub"
mistake 'a public key of OpenSSH' check 'ssh-keygen -e -m PKCS8' key_text \
	'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIUR1vrHa9IvkzZwCQOfjbaLRpfrFmuoZKAVwRgWS0y9 a@b'
mistake 'a page of HTML' check 'a page of HTML' key_text '<!DOCTYPE html><html></html>'
mistake 'a discovery document' check 'jwks_uri' key_text '{"issuer":"https://id.test","jwks_uri":"https://id.test/jwks"}'
mistake 'no key file' 'check verify log' 'No such file' rm "$D/test.pub.jwk"

# --- tokens -----------------------------------------------------------------------------------------------------------------

mistake 'a slash at the end of iss' 'verify log' 'differs only by a trailing slash' given --iss "$ISS/"
mistake 'another issuer' 'verify log' "configured: $ISS" given --iss https://other.test
mistake 'a clock that is 10 minutes ahead' 'verify log' 'do the clocks agree?' given --now "$(($(date +%s) + 600))"
mistake 'a token of yesterday' 'verify log' 'leeway is' given --now "$(($(date +%s) - 90000))"
mistake 'an audience of another host' 'verify log' 'this host accepts' given --aud urn:web2
mistake 'a token for too long a time' 'verify log' 'max_lifetime is' given --ttl 2d
mistake 'a person who is not in the group' 'verify log' 'is false' given --claim-json 'groups=["guests"]'
mistake 'an account of somebody else' 'verify log' 'asked for is' given --sub bob
mistake 'a token of a program' 'verify log' 'clients = yes' given --claim client_id=alice
mistake 'another key at the issuer' 'verify log' 'does the issuer have new keys?' given --key "$D/new.jwk"
mistake 'an encrypted token' 'verify log' 'decryption_keys' given --encrypt-to "$D/host.pub.jwk"
mistake 'an account that is cut off' 'verify log' '--undo ends that' revoke --account alice
mistake 'a token in quotes' verify 'it is in quotes' around '"%s"'
mistake 'Bearer in front of the token' verify 'only what follows is the token' around 'Bearer %s'
mistake 'a line break in the token' verify 'a line break inside' around 'x\n%s'
mistake 'the JSON of a provider' verify 'only the text of its member access_token' around '{"access_token":"%s"}'
mistake 'an opaque token' verify 'ask the provider for a JWT' cp "$D/opaque" "$D/tok/given"

# --- the stacks of PAM ------------------------------------------------------------------------------------------------------

mistake 'no account line' check 'add "account required pam_jwt.so"' pam sshd '/^account .*pam_jwt/d'
mistake 'no session line with session_limit' check 'no session line, which session_limit needs' pam sshd '/^session .*pam_jwt/d'
mistake 'no auth line' check 'no token logs in by this section' pam sshd '/^auth .*pam_jwt/d'
mistake 'a password gets around the rules' check 'a password lets in without the rules' pam sshd \
	's/^auth  *required\(.*pam_jwt.*\)/auth sufficient\1\n@include common-auth/'
mistake 'an argument that is misspelt' check 'debgu' pam sshd 's/^auth .*/& debgu/'
mistake 'an argument that is misspelt' log 'config=/PATH debug' pam sshd 's/^auth .*/& debgu/'
mistake 'pam-jwt.so' check 'write pam_jwt.so' pam sshd 's|^session .*pam_jwt.*|session required pam-jwt.so|'
mistake 'a path without a module' check 'write pam_jwt.so without a folder' pam sshd "s|$SO|/nowhere/pam_jwt.so|"
mistake 'sudo without sudo-i' check 'write the same lines into both' pam sudo-i '/^auth/d'
mistake 'session optional with session_limit' check 'write required' pam sshd '/pam_jwt/s/^session  *required/session optional/'
mistake 'account sufficient' check 'write required' pam sshd '/pam_jwt/s/^account  *required/account sufficient/'
mistake 'the account line stands last' check 'in front of it' pam sshd '/^account.*pam_jwt/{h;d};/common-account/G'
mistake 'pam_systemd stands before ours, in login' check 'put the session line of pam_jwt.so in front of it' late_in_login
mistake 'a file that is not there' check 'common-auht' pam sshd '/^auth/s/$/\n@include common-auht/'

# --- sshd and the host ------------------------------------------------------------------------------------------------------

if [ -n "$HAS_SSHD" ]; then
	mistake 'KbdInteractiveAuthentication no' check 'write KbdInteractiveAuthentication yes' sshd_set 'KbdInteractiveAuthentication no'
	mistake 'UsePAM no' check 'write UsePAM yes' sshd_write 'UsePAM no'
	mistake 'PasswordAuthentication yes' check 'write PasswordAuthentication no' sshd_set 'KbdInteractiveAuthentication yes'
	mistake 'MaxAuthTries 2' check 'write MaxAuthTries 6' sshd_set 'PasswordAuthentication no' 'MaxAuthTries 2'
	mistake 'an ssh key gets around the rules' check 'write PubkeyAuthentication no' \
		sshd_set 'PasswordAuthentication no' 'PubkeyAuthentication yes'
	mistake 'proof = ssh-key without a key' check 'write AuthenticationMethods publickey,keyboard-interactive:pam' \
		conf 's/^session_limit.*/proof = ssh-key/'
fi
[ ! -e /etc/sudoers ] ||
	mistake 'a ticket of sudo with single_use' check 'no "Defaults timestamp_timeout=0"' cp /dev/null "$D/sudoers"
[ -z "$NAMED" ] || mistake 'a name that DHCP gave' check 'write the name into /etc/hostname' named_by_dhcp
mistake 'session_limit without logind' check 'write session_enforcer = watch' rmdir /run/systemd/system
mistake 'nobody ends sessions' check 'pam-jwt-sessions.timer' rm -rf /run/pam_jwt
mistake 'a folder in /run that others may read' check 'until then sessions have no record' chmod 755 /run/pam_jwt/sessions

# What a user writes into the PAM environment is not believed: see src/pam/proof.c. So this order needs no warning.
pam sshd '1i auth optional pam_env.so user_readenv=1'
by_check | sed 's/sshd:[0-9]*;/sshd:N;/' >"$D/out"
sed 's/sshd:[0-9]*;/sshd:N;/' "$D/right.check" | cmp -s - "$D/out"
result $? 'pam_env with user_readenv in front is no mistake' "@$D/out"
finish
