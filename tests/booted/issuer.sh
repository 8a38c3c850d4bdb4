#!/bin/sh
# A site without an identity provider, on booted systems: somebody types the recipe of pam-jwt-issuer(1) as it stands there, and alice
# works a day by one login. Her tokens live for 20 seconds, and are renewed by ssh and by the CGI. Then keys are rotated while she
# works, by files and by SoftHSM; a refresh token is stolen; and her logout ends her access on the host, without a Redis in time, and
# with one at once.
#
# machines: tokens bastion desk
# packages: nginx fcgiwrap redis-server redis-tools softhsm2 opensc
# seconds: 1500
set -u
# shellcheck source=tests/booted/lib/machines.sh
. "$P/tests/booted/lib/machines.sh"
TTL=20			# of a token, in seconds
LEEWAY=60		# of a host, as it comes
TURNS=17		# of a day, ssh and then sudo, for each of the two ways of renewing
KEYBOARD=250		# characters that somebody types in a minute
PAGE=$P/man/pam-jwt-issuer.1
URL=https://tokens.example.com/token

# ---- the recipe ------------------------------------------------------------------------------------------------------

# The Nth display of the recipe, as the page shows it.
recipe() {	# N
	awk -v n="$1" '
		/^\.Sh / { inside = ($0 == ".Sh A SITE WITHOUT AN IDENTITY PROVIDER IN TEN MINUTES") }
		inside && /^\.Bd -literal/ { on = (++count == n); next }
		/^\.Ed/ { on = 0 }
		on { gsub(/\\e/, "\\"); print }' "$PAGE"
}

# The lines of one of the two: # is root, $ is alice. What continues a line is whose that line is.
typed_by() {	# SIGN FILE
	awk -v sign="$1" '
		{ start = substr($0, 1, 2) }
		start == "# " || start == "$ " { mine = (start == sign " "); sub(/^../, "") }
		mine { print }' "$2"
}

# What alice does at her machine, in a shell that she has just opened. She sits there all day, and a desktop starts an ssh-agent.
alice() {	# SHELL-TEXT
	on desk setpriv --reuid=alice --regid=alice --init-groups env -i HOME=/home/alice USER=alice LOGNAME=alice SHELL=/bin/bash \
		SSH_AUTH_SOCK=/run/alice-agent/socket XDG_RUNTIME_DIR="/run/user/$(on desk id -u alice)" PATH=/usr/local/bin:/usr/bin:/bin LC_ALL=C.UTF-8 \
		timeout 60 bash --login -c "cd && $1" </dev/null
}

types() {	# N MACHINE NAME
	recipe "$1" >"$W/recipe"
	[ -s "$W/recipe" ] || { fail "$3" 'the page has no such display' && return 1; }
	cat "$W/recipe" >>"$W/all"
	typed_by '#' "$W/recipe" >"$(root_of "$2")/root/typed"
	typed_by '$' "$W/recipe" >"$(root_of "$2")/var/tmp/typed"
	types_rc=0
	on "$2" bash -e /root/typed >"$W/out" 2>&1 </dev/null || types_rc=$?
	if [ "$types_rc" -eq 0 ] && [ -s "$(root_of "$2")/var/tmp/typed" ]; then
		alice 'bash -e /var/tmp/typed' >>"$W/out" 2>&1 || types_rc=$?
	fi
	result "$types_rc" "$3" "@$W/recipe" "@$W/out" "$(on "$2" journalctl -q -n 15 --no-pager)"
	cat "$W/out" >>"$W/shown"
}

# The machine has nothing but what Debian installs; alice has an account on her own. Host keys are trusted at first sight, as somebody
# does who answers yes.
prepare() {
	network tokens bastion desk || return
	sed -i 's/tokens$/tokens tokens.example.com/' "$(root_of tokens)/etc/hosts" "$(root_of bastion)/etc/hosts" "$(root_of desk)/etc/hosts"
	for prepare_name in tokens bastion desk; do
		repository "$prepare_name" || return
	done
	on desk useradd -m -s /bin/bash alice && on desk loginctl enable-linger alice && on desk install -d -o alice /run/alice-agent || return
	on desk systemd-run -q --uid=alice --unit=alice-agent ssh-agent -D -a /run/alice-agent/socket || return
	printf '%s\n' 'StrictHostKeyChecking accept-new' 'AddKeysToAgent yes' 'LogLevel ERROR' >"$(root_of desk)/etc/ssh/ssh_config.d/test.conf"
	# A day in ten minutes.
	printf 'MaxStartups 100\nLogLevel VERBOSE\n' >"$(root_of bastion)/etc/ssh/sshd_config.d/test.conf"
	cp "$(root_of bastion)/etc/ssh/sshd_config.d/test.conf" "$(root_of tokens)/etc/ssh/sshd_config.d/test.conf"
}

follow_recipe() {
	types 1 desk 'recipe: alice makes a key'
	install -m 644 "$(root_of desk)/home/alice/.ssh/id_ed25519.pub" "$(root_of tokens)/root/alice.pub"
	install -m 644 "$(root_of desk)/home/alice/.ssh/id_ed25519.pub" "$(root_of bastion)/root/alice.pub"
	types 2 tokens 'recipe: the issuer'
	follow_print=$(grep -i '^sha256 Fingerprint' "$W/out")
	types 3 bastion 'recipe: the certificate of the issuer'
	[ -n "$follow_print" ] && [ "$(grep -i '^sha256 Fingerprint' "$W/out")" = "$follow_print" ]
	result $? '... the two fingerprints are the same' "$follow_print" "@$W/out"
	types 4 bastion 'recipe: the host'
	types 5 desk "recipe: alice's machine"
	types 6 desk 'recipe: a day'
	# apt warns whoever types it into a script, and openssl of every certificate that is its own authority.
	grep -i 'error\|warning' "$W/shown" | grep -v -e 'apt does not have a stable CLI' -e 'verify error:num=18' >"$W/warned"
	[ ! -s "$W/warned" ]
	result $? '... nothing warns' "@$W/warned"
	follow_count=$(wc -m <"$W/all")
	follow_commands=$(grep -c '^[#$] ' "$W/all")
	[ "$follow_count" -le $((10 * KEYBOARD)) ]
	result $? "the recipe: $follow_commands commands, $follow_count characters, $((follow_count * 10 / KEYBOARD)) tenths of a minute of typing"
}

# ---- a day -----------------------------------------------------------------------------------------------------------

# Short lives, and what the page says about sudo.
settle() {
	sed -i "/^publish/a access_ttl = ${TTL}s\ncaches = 30s\ngrace = 5s\nfamilies_max = 100" "$(root_of tokens)/etc/pam_jwt/issuer.conf"
	recipe 7 >>"$(root_of bastion)/etc/pam_jwt/pam_jwt.conf"
	for settle_name in sudo sudo-i; do
		on bastion cp /usr/share/doc/pam-jwt/pam.d/sudo "/etc/pam.d/$settle_name"
	done
	printf 'alice ALL=(ALL) ALL\nDefaults timestamp_timeout=0, passwd_tries=1, !lecture\n' >"$(root_of bastion)/etc/sudoers.d/alice"
	echo 'compact = yes' >>"$(root_of desk)/home/alice/.config/pam-jwt/login.conf"
	# Without it her manager ends and starts with each of the logins.
	on bastion loginctl enable-linger alice
	on bastion pam-jwt check >"$W/out" 2>&1 && on tokens pam-jwt issuer check >>"$W/out" 2>&1
	result $? 'sudo is set up' "@$W/out"
}

mark() {
	for mark_name in tokens bastion; do
		on "$mark_name" journalctl -q -n 0 --show-cursor | sed -n 's/^-- cursor: //p' >"$W/cursor.$mark_name"
	done
}

log_of() {	# NAME
	on "$1" journalctl -q --no-pager -o cat --after-cursor="$(cat "$W/cursor.$1")"
}

says_in() {	# WORD: alice's session there prints it, and nothing else
	[ "$(alice "ssh bastion echo $1" 2>"$W/err")" = "$1" ]
}

# She pastes the token at the prompt of sudo.
sudo_there() {
	[ "$(alice 'pam-jwt token home --host bastion | ssh bastion sudo -S -p : id -un' 2>"$W/err")" = root ]
}

turns() {	# NUMBER NAME
	turns_left=$1 turns_failed=0
	while [ "$turns_left" -gt 0 ]; do
		says_in in && sudo_there || { turns_failed=$((turns_failed + 1)) && cat "$W/err" >>"$W/failed"; }
		turns_left=$((turns_left - 1))
		sleep 2
	done
	turns_renewed=$(log_of tokens | grep -c 'refresh issued')
	[ "$turns_failed" -eq 0 ] && [ "$turns_renewed" -ge 3 ]
	result $? "$2: $(($1 * 2)) logins by ssh and sudo, $turns_renewed renewals" "$turns_failed failed" "@$W/failed" "$(log_of bastion | tail -n 12)"
}

by_cgi() {
	# As the page says under BY A WEB SERVER.
	sed -i "/^publish/a token_endpoint = $URL" "$(root_of tokens)/etc/pam_jwt/issuer.conf"
	awk '/^\.Sh /{on = 0} /^\.Sh BY A WEB SERVER/{on = 1} on' "$PAGE" | awk '/^\.Bd/{on = 1; next} /^\.Ed/{exit} on {gsub(/\\e/, "\\"); sub(/^# /, ""); print}' \
		>"$(root_of tokens)/root/typed"
	on tokens bash -e /root/typed >"$W/out" 2>&1 </dev/null
	result $? 'BY A WEB SERVER, as typed' "@$W/out"
	on desk apt install pam-jwt-net >>"$W/out" 2>&1
	install -m 644 "$(root_of tokens)/etc/ssl/certs/tokens.example.com.pem" "$(root_of desk)/etc/ssl/tokens.pem"
	printf 'token_endpoint = %s\nca_file = /etc/ssl/tokens.pem\n' "$URL" >>"$(root_of desk)/home/alice/.config/pam-jwt/login.conf"
}

day() {
	on tokens test -e /var/lib/systemd/linger/tokens
	result $? "the issuer's account keeps its user manager"
	mark
	alice 'pam-jwt login home' >"$W/out" 2>&1
	grep -q '^alice at home' "$W/out"
	result $? 'alice logs in once' "@$W/out"
	turns "$TURNS" 'renewed by ssh'
	by_cgi
	mark
	turns "$TURNS" 'renewed by the CGI'
	! log_of tokens | grep -q 'Accepted publickey for tokens'
	result $? '... and never by ssh' "$(log_of tokens | grep Accepted)"
}

# ---- the end of a login ----------------------------------------------------------------------------------------------

# The worst case: a thief with her token, who has the key as well. His ssh sends the token whether it is over or not.
keep_token() {	# NAME
	printf '#!/bin/sh\ncat "$HOME/%s"\n' "$1" >"$(root_of desk)/usr/local/bin/$1"
	chmod 755 "$(root_of desk)/usr/local/bin/$1"
	alice "umask 077; pam-jwt token home --host bastion --min-validity 15s >$1" 2>"$W/err"
}

by_kept() {	# NAME
	[ "$(alice "SSH_ASKPASS=/usr/local/bin/$1 SSH_ASKPASS_REQUIRE=force ssh bastion echo kept" 2>"$W/err")" = kept ]
}

logout_in_time() {
	keep_token kept
	by_kept kept
	result $? 'a copy of her token works' "@$W/err" "$(log_of bastion | tail -n 5)"
	alice 'pam-jwt logout home' >"$W/out" 2>&1
	result $? 'alice logs out' "@$W/out"
	logout_start=$(date +%s)
	! says_in in
	result $? '... she has no token any more'
	while by_kept kept && [ $(($(date +%s) - logout_start)) -lt $((TTL + LEEWAY + 10)) ]; do
		sleep 1
	done
	logout_took=$(($(date +%s) - logout_start))
	! by_kept kept
	result $? "without a Redis the copy ends with its life of $TTL s and the leeway of the host of $LEEWAY s: after $logout_took s" "@$W/err"
	[ "$logout_took" -le $((TTL + LEEWAY + 5)) ] && log_of bastion | grep -q 'reason=expired'
	result $? '... as the log says' "$(log_of bastion | grep reason= | tail -n 3)"
}

redis() {
	on tokens apt-get install redis-server redis-tools >"$W/out" 2>&1
	install -d "$(root_of tokens)/etc/redis/tls"
	cp "$(root_of tokens)/etc/ssl/private/tokens.example.com.key" "$(root_of tokens)/etc/redis/tls/key"
	on tokens chown -R redis /etc/redis/tls
	printf '%s\n' 'port 0' 'bind 10.77.0.1' 'tls-port 6379' 'tls-cert-file /etc/ssl/certs/tokens.example.com.pem' 'maxmemory-policy noeviction' \
		'tls-key-file /etc/redis/tls/key' 'tls-auth-clients no' 'tls-ca-cert-file /etc/ssl/certs/tokens.example.com.pem' \
		'requirepass Of-the-fleet-1' 'protected-mode yes' >>"$(root_of tokens)/etc/redis/redis.conf"
	on tokens systemctl restart redis-server >>"$W/out" 2>&1
	for redis_name in tokens bastion; do
		echo Of-the-fleet-1 >"$(root_of "$redis_name")/etc/pam_jwt/redis.password"
		chmod 600 "$(root_of "$redis_name")/etc/pam_jwt/redis.password"
	done
	on tokens chown tokens /etc/pam_jwt/redis.password
	redis_lines='redis = rediss://tokens.example.com:6379\nredis_password_file = /etc/pam_jwt/redis.password\nredis_ca_file ='
	sed -i "/^publish/a $redis_lines /etc/ssl/certs/tokens.example.com.pem" "$(root_of tokens)/etc/pam_jwt/issuer.conf"
	sed -i "/^\[state\]/a $redis_lines /etc/pam_jwt/tokens.pem" "$(root_of bastion)/etc/pam_jwt/pam_jwt.conf"
	on bastion pam-jwt state init >>"$W/out" 2>&1 && on tokens pam-jwt issuer check >>"$W/out" 2>&1 && on bastion pam-jwt check >>"$W/out" 2>&1
	result $? 'a Redis of the fleet' "@$W/out" "$(on tokens journalctl -q -u redis-server -n 5 --no-pager)"
}

logout_at_once() {
	alice 'pam-jwt login home' >"$W/out" 2>&1
	keep_token kept
	by_kept kept
	result $? 'with a Redis: a copy of her token works' "@$W/err" "$(log_of bastion | tail -n 5)"
	mark
	alice 'pam-jwt logout home' >"$W/out" 2>&1
	! by_kept kept && log_of bastion | grep -q 'reason=revoked'
	result $? '... and is refused at once after her logout' "@$W/out" "$(log_of bastion | tail -n 5)"
}

# ---- a thief ---------------------------------------------------------------------------------------------------------

curl_desk() {	# REFRESH-TOKEN: whoever has it asks the CGI
	nsenter -t "$(leader desk)" -n curl -s --resolve tokens.example.com:443:10.77.0.1 --cacert "$(root_of desk)/etc/ssl/tokens.pem" \
		--data "grant_type=refresh_token&refresh_token=$1" "$URL"
}

refresh_token() {	# FILE
	sed -n 's/.*"refresh_token" *: *"\([^"]*\)".*/\1/p' "$1"
}

stolen() {
	alice 'pam-jwt login home' >"$W/out" 2>&1
	alice 'ssh tokens@tokens.example.com login ssh://bastion' >"$W/other" 2>"$W/err"
	alice 'cat "$XDG_RUNTIME_DIR/pam-jwt/session/home"' >"$W/session" 2>>"$W/err"
	[ -n "$(refresh_token "$W/session")" ] && [ -n "$(refresh_token "$W/other")" ]
	result $? 'alice has two logins, and a thief has a copy of one refresh token' "@$W/err"
	sleep "$TTL"
	keep_token kept	# which renews it
	sleep 6	# the grace
	mark
	curl_desk "$(refresh_token "$W/session")" >"$W/out"
	grep -q '"error":"invalid_grant"' "$W/out"
	result $? 'he uses it after her: refused' "@$W/out"
	log_of tokens | grep -q 'ended the login: it may be stolen'
	result $? '... it is in the log' "$(log_of tokens | tail -n 5)"
	! by_kept kept && log_of bastion | grep -q 'reason=revoked'
	result $? '... her access tokens of that login are refused at once' "$(log_of bastion | tail -n 5)"
	curl_desk "$(refresh_token "$W/other")" >"$W/out"
	[ -n "$(refresh_token "$W/out")" ]
	result $? '... her other login lives' "@$W/out"
	sleep "$TTL"
	! alice 'pam-jwt token home --host bastion' >"$W/out" 2>"$W/err" && grep -q 'login at home is over' "$W/err"
	result $? '... and she must log in again' "@$W/err"
}

# ---- keys ------------------------------------------------------------------------------------------------------------

# Logins without a pause, until the file is gone. Each needs a token that was signed just now.
work_on() {
	work_count=0
	while [ -e "$W/working" ]; do
		work_count=$((work_count + 1))
		says_in in || { echo "login $work_count: $(date +%T)" && cat "$W/err"; } >>"$W/refused"
		echo "$work_count" >"$W/working.count"
	done
}

key() {	# WORD...
	on tokens pam-jwt issuer key "$@" >"$W/key" 2>&1
}

# As soon as the issuer says that it is safe.
key_when_safe() {	# WORD...
	key_end=$(($(date +%s) + 420))
	until key "$@"; do
		[ "$(date +%s)" -lt "$key_end" ] || return 1
		sleep 1
	done
}

# A new key in a file, then one in SoftHSM; then the one in the file goes as soon as its last token has ended.
rotate() {
	key new && rotate_kid=$(kid_in published) && key_when_safe activate &&
		key new --agent /root/issuer.pub --socket /run/pam-jwt-agent/socket && key_when_safe activate &&
		key_when_safe remove "$rotate_kid"
}

# Without hyphens in front: a word that begins with one is an option.
kid_in() {	# STATE
	on tokens pam-jwt issuer key status 2>/dev/null | sed -n "s/^-*\([^ ]*\) .* $1 since .*/\1/p"
}

# The host fetches more often than the issuer believes.
fetching() {
	while [ -e "$W/working" ]; do
		on bastion pam-jwt sync >/dev/null 2>&1
		sleep 15
	done
}

rotations() {
	softhsm
	alice 'pam-jwt login home' >"$W/out" 2>&1
	rotate_first=$(kid_in active)
	rm -f "$W/refused"
	: >"$W/working"
	fetching &
	rotate_fetching=$!
	work_on &
	rotate_working=$!
	rotate
	rotate_rc=$?
	sleep 3
	rm "$W/working"
	wait "$rotate_working" "$rotate_fetching"
	on tokens pam-jwt issuer key status >"$W/status" 2>&1
	[ "$rotate_rc" -eq 0 ] && [ ! -s "$W/refused" ]
	result $? "two new keys while she works, at the earliest time: none of $(cat "$W/working.count") logins is refused" "status $rotate_rc" \
		"@$W/key" "@$W/status" "$(head -n 40 "$W/refused" 2>/dev/null)"
	# It signed for ten minutes when the recipe was typed, and alice has logged out since.
	key remove --force "$rotate_first"
	in_hardware
}

# As KEYS IN HARDWARE says: the agent is the account's, and so is the folder of its socket.
softhsm() {
	on tokens apt-get install softhsm2 opensc >"$W/out" 2>&1 || return
	on tokens sh -ec 'usermod -aG softhsm tokens
		install -d -o tokens -g tokens -m 700 /var/lib/softhsm/issuer /run/pam-jwt-agent
		printf "directories.tokendir = /var/lib/softhsm/issuer\nobjectstore.backend = file\nslots.removable = false\n" >/etc/softhsm/issuer.conf
		chmod 644 /etc/softhsm/issuer.conf; chmod 755 /etc/softhsm
		as() { setpriv --reuid=tokens --regid=tokens --init-groups env SOFTHSM2_CONF=/etc/softhsm/issuer.conf HOME=/var/lib/softhsm/issuer "$@"; }
		as softhsm2-util --init-token --free --label issuer --pin 1234 --so-pin 5678
		as pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --login --pin 1234 --keypairgen --key-type EC:prime256v1 --id 01 --label issuer
		printf "#!/bin/sh\necho 1234\n" >/usr/local/bin/pin; chmod 755 /usr/local/bin/pin
		systemd-run -q --unit=pam-jwt-agent -p User=tokens -E SOFTHSM2_CONF=/etc/softhsm/issuer.conf \
			ssh-agent -D -P "/usr/lib/*" -a /run/pam-jwt-agent/socket
		for i in 1 2 3 4 5 6 7 8 9 10; do [ -S /run/pam-jwt-agent/socket ] || sleep 1; done
		as env SSH_AUTH_SOCK=/run/pam-jwt-agent/socket DISPLAY=x SSH_ASKPASS=/usr/local/bin/pin SSH_ASKPASS_REQUIRE=force \
			ssh-add -s /usr/lib/softhsm/libsofthsm2.so
		as ssh-keygen -D /usr/lib/softhsm/libsofthsm2.so > /root/issuer.pub' >>"$W/out" 2>&1
	result $? 'SoftHSM behind an ssh-agent' "@$W/out" "$(on tokens journalctl -q -u pam-jwt-agent -n 5 --no-pager)"
}

# The token says that the key can never leave, and the issuer has no private number.
in_hardware() {
	on tokens setpriv --reuid=tokens --regid=tokens --init-groups env SOFTHSM2_CONF=/etc/softhsm/issuer.conf \
		pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --login --pin 1234 --list-objects --type privkey >"$W/out" 2>&1
	grep -q 'Access:.*sensitive.*never extractable' "$W/out"
	result $? 'SoftHSM: the key can never leave it' "@$W/out"
	! on tokens grep -rlE '"(d|p|q|dp|dq|qi|k)" *:|PRIVATE KEY' /var/lib/pam-jwt-issuer >"$W/out" 2>&1 && [ ! -s "$W/out" ]
	result $? 'SoftHSM: no file of the issuer has a private number' "@$W/out"
	on tokens pam-jwt issuer key status >"$W/out" 2>&1
	grep 'active' "$W/out" | grep -q agent
	result $? 'SoftHSM: the active key is the one of the agent' "@$W/out"
}

prepare
result $? 'three systems in one network' "@$W/repository"
[ "$FAILED" -eq 0 ] || finish
follow_recipe
settle
day
rotations
logout_in_time
redis
logout_at_once
stolen
finish
