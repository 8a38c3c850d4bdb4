#!/bin/sh
# A real sshd with the settings of the issuer's account: what pam-jwt issuer check says of them, and who gets in. The program
# lies in /run, which is root's all the way as AuthorizedKeysCommand demands. A script stands for pam-jwt issuer serve, and
# shows what it would get.
set -u
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
AREA='issuer sshd'
sshd_find || { skip sshd 'there is no sshd (sh tests/check.sh unpacks one)' && exit 0; }
command -v ssh >/dev/null || { skip sshd 'there is no ssh client (sh tests/check.sh installs it)' && exit 0; }
[ "$(id -u)" -eq 0 ] || { skip sshd 'only root can have a list of people' && exit 0; }
ns_enter "$0" "$@"

PROGRAM=/run/pam-jwt-issuer
cp "$B/pam-jwt-issuer" "$PROGRAM"
TOKENS=2101
echo "tokens:x:$TOKENS:$TOKENS::/:/bin/sh" >>"$D/etc/passwd"
echo "tokens:x:$TOKENS:" >>"$D/etc/group"
echo 'tokens:*:20000:0:99999:7:::' >>"$D/etc/shadow"
cp -a /etc "$D/etc.issuer"
mkdir -p "$D/etc.issuer/pam_jwt"
ns_mount --bind "$D/etc.issuer" /etc
STORE=$D/issuer
mkdir -m 700 "$STORE"
chown "$TOKENS:$TOKENS" "$STORE"
cat >"$D/etc.issuer/pam_jwt/issuer.conf" <<END
[issuer]
iss       = https://tokens.example
publish   = $D/www
directory = $STORE
[grant ssh]
people    = alice bob %alice
audience  = ssh://**
END

# What stands for serve: the commands of the account are the next session's work.
cat >/run/serve <<'END'
#!/bin/sh
echo "served: $SSH_ORIGINAL_COMMAND"
cat "$SSH_USER_AUTH"
env
END
chmod 755 /run/serve

for key in alice bob mallory; do
	ssh-keygen -q -t ed25519 -N '' -C "$key" -f "$D/$key"
done
ssh-keygen -q -t ed25519 -N '' -C ca -f "$D/ca"
cp "$D/mallory" "$D/certified"
cp "$D/mallory.pub" "$D/certified.pub"
ssh-keygen -q -s "$D/ca" -I x -n tokens "$D/certified.pub"
"$PROGRAM" people add alice "$D/alice.pub"
"$PROGRAM" people add bob "$D/bob.pub"

# ---- check -----------------------------------------------------------------------------------------------------------

# sshd -T looks at its usual configuration: this sshd has the one of the test.
printf '#!/bin/sh\nexec %s "$@" -f %s\n' "$SSHD" "$D/sshd_check" >"$D/sshd"
chmod 755 "$D/sshd"

match() {	# PROGRAM-AND-WORDS: what the package installs, with another program
	sed -e '/^ *#/d' -e "s,/usr/bin/pam-jwt issuer,$1," "$P/conf/sshd_config.d/pam-jwt-issuer.conf"
}

checks() {	# STATUS NAME [TEXT]: runs check, which must print that
	checks_got=0
	"$PROGRAM" check --sshd "${CHECK_SSHD:-$D/sshd}" >"$D/out" 2>&1 || checks_got=$?
	[ "$checks_got" -eq "$1" ] && grep -qF -e "${3:-}" "$D/out"
	result $? "$2" "@$D/out"
}

settings() {	# reads the block of the account
	{
		printf 'HostKey %s\nAcceptEnv LANG LC_*\nPermitTTY yes\nTrustedUserCAKeys %s\n' "$D/hostkey.check" "$D/ca.pub"
		cat -
	} >"$D/sshd_check"
}

ssh-keygen -q -t ed25519 -N '' -C host -f "$D/hostkey.check"
match '/usr/bin/pam-jwt issuer' >"$D/match"
settings <"$D/match"
checks 0 'check takes the settings of the package' OK
for line in AuthenticationMethods AuthorizedKeysFile AuthorizedKeysCommand AuthorizedKeysCommandUser ForceCommand \
	ExposeAuthInfo DisableForwarding PermitTTY PermitUserRC AcceptEnv TrustedUserCAKeys; do
	grep -v "^ *$line " "$D/match" | settings
	checks 2 "check misses $line" "$line is"
done
{ printf 'Match all\n    PermitTTY yes\n' && cat "$D/match"; } | settings
checks 2 'check sees an earlier block that counts' 'PermitTTY is yes and must be no'
echo 'NoSuchSetting x' | settings
checks 2 'check says when sshd does not take its configuration' 'does not print its settings'
CHECK_SSHD=/nonexistent/sshd
checks 0 'without sshd there is a warning' 'nobody can log in'
CHECK_SSHD=

match "$PROGRAM" | settings
sed -i 's/people    = .*/people = alice carol %nogroup-here/' /etc/pam_jwt/issuer.conf
checks 0 'a name without a key is a warning' 'issuer.conf:5: warning: carol has no key'
checks 0 'and so is a group that is not there' 'no group nogroup-here'
chmod 600 /etc/pam_jwt/issuer.conf
checks 2 'a configuration that the account cannot read' 'Permission denied'
chmod 644 /etc/pam_jwt/issuer.conf
chmod 600 /etc/pam_jwt/issuer.people
checks 2 'a list that the account cannot read' 'Permission denied'
chmod 644 /etc/pam_jwt/issuer.people
chmod 750 "$STORE"
checks 2 'a directory that others may enter' 'chmod 700'
chmod 700 "$STORE"
chown 0 "$STORE"
checks 2 'a directory of root' 'belongs to root'
chown "$TOKENS" "$STORE"
mkdir -m 777 "$D/loose"
mkdir -m 700 "$D/loose/issuer"
chown "$TOKENS" "$D/loose/issuer"
cp -p /etc/pam_jwt/issuer.conf "$D/kept.conf"
sed -i "s,^directory = .*,directory = $D/loose/issuer," /etc/pam_jwt/issuer.conf
checks 2 'a directory that somebody else could replace' 'writable'
sed -i "s,^directory = .*,directory = $D/none," /etc/pam_jwt/issuer.conf
checks 0 'a directory that is missing is a warning' 'it is not there yet'
cp -p "$D/kept.conf" /etc/pam_jwt/issuer.conf
echo 'x = y' >>/etc/pam_jwt/issuer.conf
checks 2 'an error in the configuration' 'issuer.conf:8: error: x is not a setting'
sed -i '$d' /etc/pam_jwt/issuer.conf
echo 'alice' >>/etc/pam_jwt/issuer.people
checks 2 'an error in the list' 'issuer.people:3: error'
sed -i '$d' /etc/pam_jwt/issuer.people
setpriv --reuid "$TOKENS" --regid "$TOKENS" --clear-groups "$PROGRAM" check --sshd "$D/sshd" >"$D/out" 2>&1 &&
	grep -q 'only root can ask' "$D/out" && own=0 || own=1
result $own 'the account itself can check the rest' "@$D/out"

# ---- logins ----------------------------------------------------------------------------------------------------------

sshd_for_issuer() {
	sed -i 's/^PubkeyAuthentication no/PubkeyAuthentication yes/' "$D/sshd_config"
	{ echo "TrustedUserCAKeys $D/ca.pub" && match "$PROGRAM" | sed "s,ForceCommand .*,ForceCommand /run/serve,"; } >>"$D/sshd_config"
}
SSHD_MORE=sshd_for_issuer
printf 'auth required pam_deny.so\naccount required pam_permit.so\nsession required pam_permit.so\n' >/etc/pam.d/sshd
sshd_start
ssh_configure
sed -i 's/PreferredAuthentications .*/PreferredAuthentications publickey,password,keyboard-interactive/' "$D/ssh_config"

login() {	# KEY [OPTION...] HOST [WORD...]
	login_key=$1
	shift
	login_got=0
	timeout -k 5 "$LIMIT" ssh -F "$D/ssh_config" -o IdentitiesOnly=yes -o BatchMode=yes -i "$D/$login_key" -l tokens "$@" \
		</dev/null >"$D/out" 2>&1 || login_got=$?
}

gets_in() {	# NAME
	[ "$login_got" -eq 0 ]
	result $? "$1" "@$D/out" "@$D/sshd.log"
}

stays_out() {	# NAME
	[ "$login_got" -eq 255 ]
	result $? "$1" "@$D/out"
}

login alice test login ssh://host
gets_in 'a listed key logs in'
grep -qx 'served: login ssh://host' "$D/out"
result $? 'and runs the one command, which sees the words' "@$D/out"
grep -qx "publickey $(cut -d ' ' -f 1,2 "$D/alice.pub")" "$D/out"
result $? 'sshd says which key was proved' "@$D/out"
login bob test
gets_in 'so does another one'
login mallory test
stays_out 'an unlisted key does not'
eval "$(ssh-agent -a "$D/agent" | grep -v '^echo')"
NS_PIDS="$SSH_AGENT_PID $NS_PIDS"
export LC_TRICK=x
for option in -tt -A; do
	login alice -o SendEnv=LC_TRICK "$option" test x
	grep -qE '^served: x|^PTY allocation request failed' "$D/out" && ! grep -qE '^(SSH_TTY|SSH_AUTH_SOCK|LC_TRICK)=' "$D/out"
	result $? "ssh $option gives no terminal, agent or variable" "@$D/out"
done
login alice -o ExitOnForwardFailure=yes -R 0:127.0.0.1:1 test x
stays_out 'a forwarding of a port is refused'
login certified test
stays_out 'a certificate of the authority that this sshd trusts for others does not'
"$PROGRAM" people remove bob
login bob test
stays_out 'a key that was removed is out at once'
login alice test
gets_in 'and the others stay'
printf 'carol %s\n' "$(cat "$D/alice.pub")" >>/etc/pam_jwt/issuer.people
login alice test
stays_out 'a key under two names lets nobody in'
log_sync
log_new >"$D/new"
grep -q 'pam-jwt-issuer.*nobody can log in at the issuer: /etc/pam_jwt/issuer.people:2: the key of line 1' "$D/new"
result $? 'and the log says why' "@$D/new"
sed -i '$d' /etc/pam_jwt/issuer.people
chown "$TOKENS" /etc/pam_jwt/issuer.people
login alice test
stays_out 'a list of the account itself lets nobody in'
chown 0 /etc/pam_jwt/issuer.people
login alice test
gets_in 'the mended list counts'
finish
