#!/bin/sh
# Runs inside a fresh chroot, as root: the packages beside the module, pam-jwt-net and pam-jwt-issuer, are installed, used, upgraded,
# removed, purged. Fetched keys, signing keys and logins outlive all but a purge, and the other accounts of sshd notice nothing.
#
#     sh life_others.sh FOLDER-OF-PACKAGES FOLDER-OF-NEWER-ONES THEIR-VERSION
set -u
old=$1
new=$2
newer=$3
AREA='package others'
# shellcheck source=tests/lib/results.sh
. "$(dirname "$0")/results.sh"
# shellcheck source=tests/package/inside.sh
. "$(dirname "$0")/inside.sh"

# --- keys to fetch --------------------------------------------------------------------------------------------------------

SET=/var/lib/pam_jwt/keys/corp.jwks
TIMER=/etc/systemd/system/timers.target.wants/pam-jwt-sync.timer

# A provider that has one key, by TLS on loopback.
provider_start() {
	mkdir -p /root/provider /etc/pam_jwt
	pam-jwt key generate --alg ES256 --out /root/provider/key --public /root/provider/public &&
		openssl req -x509 -nodes -days 1 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=localhost \
			-addext subjectAltName=DNS:localhost -keyout /root/provider/tls.key -out /etc/pam_jwt/ca.pem 2>"$work/openssl.log" || return
	{
		printf 'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n'
		printf '{"keys":[%s]}' "$(cat /root/provider/public)"
	} >/root/provider/jwks
	(cd /root/provider && exec openssl s_server -quiet -HTTP -accept "127.0.0.1:$((PORT + 1))" -cert /etc/pam_jwt/ca.pem -key tls.key \
		</dev/null >"$work/provider.log" 2>&1) &
	PROVIDER=$!
	cat >/etc/pam_jwt/pam_jwt.conf <<-END
		[issuer corp]
		iss          = https://localhost:$((PORT + 1))
		jwks_uri     = https://localhost:$((PORT + 1))/jwks
		keys         = sync
		sync_ca_file = /etc/pam_jwt/ca.pem
		audience     = ssh://%{hostname}
		[service *]
		permit       = as claim sub
		[state]
		directory    = /var/lib/pam_jwt/state
	END
}

fetches() {	# WHEN
	rm -f "$SET"
	pam-jwt sync >"$work/sync.log" 2>&1 && [ -s "$SET" ]
	result $? "$1: the keys are fetched" "@$work/sync.log" "@$work/provider.log"
}

# --- the issuer ---------------------------------------------------------------------------------------------------------------

ISSUER=/var/lib/pam-jwt-issuer
LINGER=/var/lib/systemd/linger/tokens
SETTINGS=/etc/ssh/sshd_config.d/pam-jwt-issuer.conf

at_issuer() {	# WORD...
	timeout 30 ssh -p "$PORT" -o BatchMode=yes -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR \
		-i /root/alice tokens@127.0.0.1 "$@" >"$work/answer" 2>"$work/ssh.log"
}

# Takes the refresh token out of the answer, for the next request.
renewable() {
	grep -q '"access_token"' "$work/answer" && sed -n 's/.*"refresh_token": *"\([^"]*\)".*/\1/p' "$work/answer" >"$work/refresh" &&
		[ -s "$work/refresh" ]
}

refreshes() {	# WHEN
	at_issuer refresh <"$work/refresh" && renewable
	result $? "$1: a refresh token counts" "@$work/answer" "@$work/ssh.log" "$(tail -n 20 "$work/sshd.log")"
}

# Prints checksums of the issuer's files, except for its database and locks, which change with each request.
issuer_files() {
	find "$ISSUER" /srv/www/tokens /etc/pam_jwt/issuer.conf /etc/pam_jwt/issuer.people -type f ! -name '*.db*' ! -name '*lock*' \
		-exec cksum {} + | sort
}

same_issuer() {	# WHEN
	issuer_files >"$work/issuer.now"
	cmp -s "$work/issuer" "$work/issuer.now" && [ "$(stat -c '%a %U' "$ISSUER")" = '700 tokens' ]
	result $? "$1: keys, people and configuration of the issuer are as before" "$(diff "$work/issuer" "$work/issuer.now")"
}

# sshd takes its configuration, and everybody else logs in as before.
others_log_in() {	# WHEN
	/usr/sbin/sshd -t >"$work/sshd.test" 2>&1
	result $? "$1: sshd takes its configuration" "@$work/sshd.test"
	sshd_again
	password_works "$1"
}

# --- install, use -----------------------------------------------------------------------------------------------------------------

# Whoever has no systemd yet would get it with the account of the fetcher, and keep some of its files.
begin systemd openssl
apt install "$old"/pam-jwt_*.deb && provider_start
result $? 'the command without the others' "@$work/apt.log" "@$work/openssl.log"
! pam-jwt sync >"$work/sync.log" 2>&1 && grep -q 'install the package pam-jwt-net' "$work/sync.log"
result $? 'without the fetcher, the command names the package' "@$work/sync.log"
! pam-jwt issuer --help >"$work/issuer.log" 2>&1 && grep -q 'pam-jwt-issuer' "$work/issuer.log"
result $? 'without the issuer, the command names the package' "@$work/issuer.log"

apt install "$old"/pam-jwt-net_*.deb "$old"/pam-jwt-issuer_*.deb
result $? 'install' "@$work/apt.log"
others_log_in 'install'
getent passwd _pam-jwt | grep -qE ':[1-9][0-9]*:[1-9][0-9]*:[^:]*:/:[^:]*/nologin$'
result $? 'install: the account of the fetcher has no shell' "$(getent passwd _pam-jwt)"
[ "$(stat -c '%a %U' /run/pam_jwt/wanted /var/lib/pam_jwt/keys | tr '\n' ' ')" = '700 root 755 root ' ]
result $? 'install: the folders of the fetcher are ready' "$(stat -c '%n %a %U' /run/pam_jwt/wanted /var/lib/pam_jwt/keys 2>&1)"
[ -e "$TIMER" ]
result $? 'install: the timer of the sync is enabled'
getent passwd tokens | grep -qE ':[1-9][0-9]*:[1-9][0-9]*:[^:]*:/:/bin/sh$' && getent shadow tokens | grep -q '^tokens:[!*]'
result $? 'install: the account of the issuer has no password' "$(getent passwd tokens)"
[ "$(stat -c '%a %U' "$ISSUER")" = '700 tokens' ] && [ -e "$LINGER" ]
result $? 'install: the folder of the issuer is ready' "$(ls -ld "$ISSUER" "$LINGER" 2>&1)"
dpkg -L pam-jwt-issuer | grep -q '/pam-jwt-issuer-cgi.socket$' && ! ls /etc/systemd/system/*.wants/pam-jwt-issuer* >"$work/wants" 2>&1
result $? 'install: no unit of the issuer is enabled' "@$work/wants"
/usr/libexec/pam-jwt/pam-jwt-issuer --help >"$work/issuer.log" 2>&1 && pam-jwt issuer --help | cmp -s "$work/issuer.log"
result $? 'install: the issuer starts, also by the command' "@$work/issuer.log"

fetches 'install'
ssh-keygen -q -t ed25519 -N '' -f /root/alice
install -d -o tokens -g tokens /srv/www/tokens
cp /usr/share/doc/pam-jwt/issuer/issuer.conf /etc/pam_jwt/issuer.conf
pam-jwt issuer people add alice /root/alice.pub >"$work/issuer.log" 2>&1 && pam-jwt issuer init >>"$work/issuer.log" 2>&1
result $? 'the issuer is set up, with its example' "@$work/issuer.log"
pam-jwt issuer check >"$work/issuer.log" 2>&1
result $? 'the issuer finds sshd as it must be' "@$work/issuer.log"
issuer_files >"$work/issuer"
at_issuer login ssh://bastion && renewable
result $? 'alice gets a token by her ssh key' "@$work/answer" "@$work/ssh.log" "@$work/sshd.log"
refreshes 'install'

# --- upgrade ------------------------------------------------------------------------------------------------------------------

cksum "$SET" >"$work/set"
apt install "$new"/pam-jwt_*.deb "$new"/pam-jwt-net_*.deb "$new"/pam-jwt-issuer_*.deb
result $? 'upgrade' "@$work/apt.log"
dpkg-query -W -f='${Version}\n' pam-jwt pam-jwt-net pam-jwt-issuer | sort -u | grep -qxF "$newer"
result $? 'upgrade: the newer version is there'
same_issuer 'upgrade'
cksum "$SET" | cmp -s - "$work/set" && [ -e "$TIMER" ]
result $? 'upgrade: the fetched keys and the timer are as before'
others_log_in 'upgrade'
refreshes 'upgrade'
fetches 'upgrade'

# --- removal ------------------------------------------------------------------------------------------------------------------

apt-get -s remove pam-jwt | grep '^Remv' >"$work/removed"
grep -q '^Remv pam-jwt-net' "$work/removed" && grep -q '^Remv pam-jwt-issuer' "$work/removed"
result $? 'neither stays without the command' "@$work/removed"
cksum "$SET" >"$work/set"
apt remove pam-jwt-net pam-jwt-issuer
result $? 'remove' "@$work/apt.log"
[ ! -e /usr/libexec/pam-jwt/pam-jwt-net ] && [ ! -e /usr/libexec/pam-jwt/pam-jwt-issuer ] && [ ! -e "$LINGER" ]
result $? 'remove: the programs are gone, and no manager lingers' "$(ls -l /usr/libexec/pam-jwt "$LINGER" 2>&1)"
cksum "$SET" | cmp -s - "$work/set"
result $? 'remove: the fetched keys are as before'
same_issuer 'remove'
others_log_in 'remove'
! at_issuer whoami
result $? 'remove: the issuer serves nobody' "@$work/answer"
apt install "$new"/pam-jwt-net_*.deb "$new"/pam-jwt-issuer_*.deb && [ -e "$LINGER" ]
result $? 'both again' "@$work/apt.log"
others_log_in 'both again'
refreshes 'both again'
fetches 'both again'

dpkg --purge --force-depends pam-jwt >"$work/dpkg.log" 2>&1
same_issuer 'purge of the command alone, by force'
dpkg -i "$new"/pam-jwt_*.deb >"$work/dpkg.log" 2>&1
refreshes 'the command again'
fetches 'the command again'
cksum "$SET" >"$work/set"
apt purge pam-jwt-net && cksum "$SET" | cmp -s - "$work/set" && [ ! -L "$TIMER" ]
result $? 'purge of the fetcher: the fetched keys are as before' "@$work/apt.log"
apt purge pam-jwt-issuer && [ ! -e "$ISSUER" ] && [ ! -e "$SETTINGS" ] && [ ! -e "${LINGER%/*}" ]
result $? 'purge of the issuer: keys and logins are gone' "@$work/apt.log" "$(ls -ld "$ISSUER" "$SETTINGS" "${LINGER%/*}" 2>&1)"
[ -s /srv/www/tokens/jwks.json ] && [ -s /etc/pam_jwt/issuer.people ]
result $? 'purge of the issuer: what it published stays, and what the administrator wrote' "$(ls -l /srv/www/tokens /etc/pam_jwt)"
others_log_in 'purge of the issuer'
kill "$PROVIDER"
# Otherwise libraries stay that systemd suggests, or recommends.
apt purge --auto-remove pam-jwt -o APT::AutoRemove::SuggestsImportant=false -o APT::AutoRemove::RecommendsImportant=false
result $? 'purge of the command' "@$work/apt.log"
password_works 'purge of all'
nothing_left 'root/(\.ssh|provider(/.*)?|alice(\.pub)?)|srv/www(/.*)?'
end
