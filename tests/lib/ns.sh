# shellcheck shell=sh
# A private corner of the machine in which real PAM programs meet the module: own /etc/pam.d, users, /dev/log and /run,
# in a mount namespace that vanishes with the script. Sourced by tests/e2e/*.sh and demo.sh.
#
#     P=/path/of/the/checkout; . "$P/tests/lib/ns.sh"
#     ns_enter "$0" "$@"          starts the script again inside; from there on the variables below are set
#     ...; keys_make; suite sshd alice bob; finish
#
# Set inside: NS (root, or user: an ordinary user in a namespace of his own), D (private folder, a tmpfs), SO (the module),
# JWT (the command), CONF, LOG (file that collects what arrives on /dev/log), ALICE and BOB (user ids).

: "${P:?the root of the checkout}"
NS=${PAM_JWT_NS:-}	# set by ns_enter when it starts the script again
B=${BUILD:-$P/build}	# where the module was built: absolute, or relative to the checkout
case $B in
/*) ;;
*) B=$P/$B ;;
esac
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

LIMIT=30		# seconds that a single login may take; the longest, su after a refusal, needs about 2
ISS=https://id.test	# short, as is the audience: sudo takes tokens below 512 bytes only
AUD=urn:test

# shellcheck source=tests/lib/results.sh
. "$P/tests/lib/results.sh"

# --- the namespace ---------------------------------------------------------------------------------------------------

# Prints the kind of namespace that can be had here: root, user or nothing.
ns_kind() {
	if [ "$(id -u)" -eq 0 ]; then
		unshare --mount --propagation "$(ns_propagation)" true 2>/dev/null && echo root
	else
		unshare --user --map-current-user --keep-caps --mount true 2>/dev/null && echo user
	fi
}

# In a chroot that is no mount point "private" is not possible; ns_leave unmounts everything there in any case.
ns_propagation() {
	if mountpoint -q /; then echo private; else echo unchanged; fi
}

ns_enter() {	# SCRIPT ARGUMENT...
	umask 022
	if [ -n "$NS" ]; then
		ns_prepare
		return
	fi
	case $(ns_kind) in
	root) exec env PAM_JWT_NS=root unshare --mount --propagation "$(ns_propagation)" sh "$@" ;;
	user) exec env PAM_JWT_NS=user unshare --user --map-current-user --keep-caps --mount sh "$@" ;;
	esac
	skip "$1" 'this machine allows no mount namespace'
	exit 0
}

D=
NS_MOUNTS=
NS_PIDS=

ns_mount() {	# OPTION... TARGET
	mount "$@" || return
	for ns_target in "$@"; do :; done
	NS_MOUNTS="$ns_target $NS_MOUNTS"
}

# A private copy over a file or folder; what the machine does not have needs no cover.
ns_cover() {	# PRIVATE TARGET
	[ ! -e "$2" ] || ns_mount --bind "$1" "$2"
}

# In a user namespace the folders of root seem to be nobody's, / and /tmp among them, and the module rightly distrusts files
# below such folders. So an ordinary user gets a root folder of his own, with all folders of the machine mounted into it.
ns_own_root() {
	ns_root=$(mktemp -d /tmp/pam_jwt.XXXXXX)
	mount -t tmpfs -o mode=755 pam_jwt "$ns_root"
	for ns_entry in /*; do
		if [ -L "$ns_entry" ]; then
			cp -P "$ns_entry" "$ns_root"
		elif [ -d "$ns_entry" ]; then
			mkdir "$ns_root$ns_entry"
			mount --rbind "$ns_entry" "$ns_root$ns_entry"
		fi
	done
	mkdir "$ns_root/.old"
	pivot_root "$ns_root" "$ns_root/.old"
	cd /
	umount -l /.old
	umount -l "$ns_root"	# the view of it that came along with /tmp
	rmdir "$ns_root"
}

ns_prepare() {
	cd /
	trap ns_leave EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	ns_home=/tmp
	if [ "$NS" = user ]; then
		ns_own_root
		ns_home=/
	fi
	D=$(mktemp -d "${ns_home%/}/pam_jwt.XXXXXX")
	ns_mount -t tmpfs -o mode=755 pam_jwt "$D"
	SO=$D/pam_jwt.so
	JWT=$D/pam-jwt
	CONF=$D/pam_jwt.conf
	LOG=$D/log
	cp "$B/pam_jwt.so" "$B/pam-jwt" "$D"	# the checkout may have blanks in its name, which pam.d lines cannot
	mkdir "$D/etc" "$D/tok"
	ns_dev
	ns_users
	ns_etc
	[ "$NS" != root ] || ns_var
	log_start
}

ns_leave() {
	ns_status=$?
	trap - EXIT HUP INT TERM
	set +e	# everything below is tried, whatever fails
	for ns_pid in $NS_PIDS; do
		kill "$ns_pid" 2>/dev/null && wait "$ns_pid" 2>/dev/null
	done
	cd /
	for ns_target in $NS_MOUNTS; do
		umount -l "$ns_target"
	done
	[ -z "$D" ] || rmdir "$D"
	leave "$ns_status"
}

# A /dev of our own is the only way to a private /dev/log that works where the machine has none.
ns_dev() {
	mkdir "$D/dev" "$D/dev/shm"
	for ns_node in null zero full random urandom tty; do
		[ ! -e "/dev/$ns_node" ] || ns_device "$ns_node"
	done
	if [ -d /dev/pts ]; then
		mkdir "$D/dev/pts"
		ns_mount --rbind /dev/pts "$D/dev/pts"
	fi
	if [ -c /dev/ptmx ] && [ ! -L /dev/ptmx ]; then ns_device ptmx; else ln -s pts/ptmx "$D/dev/ptmx"; fi
	ln -s /proc/self/fd "$D/dev/fd"
	ns_mount --rbind "$D/dev" /dev
}

ns_device() {
	: >"$D/dev/$1"
	ns_mount --bind "/dev/$1" "$D/dev/$1"
}

# alice and bob exist in here only. An ordinary user has one user id to log in with: his own, and that is alice.
# The user sshd is for its privilege separation.
ns_users() {
	ALICE=2001
	ns_group=2001
	if [ "$NS" = user ]; then
		ALICE=$(id -u)
		ns_group=$(id -g)
	fi
	BOB=$((ALICE + 1))
	cat >"$D/etc/passwd" <<-END
		root:x:0:0::$D/home/root:/bin/sh
		nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin
		sshd:x:22:65534::/run/sshd:/usr/sbin/nologin
		alice:x:$ALICE:$ns_group::$D/home/alice:/bin/sh
		bob:x:$BOB:$BOB::$D/home/bob:/bin/sh
	END
	cat >"$D/etc/group" <<-END
		root:x:0:
		tty:x:5:
		nogroup:x:65534:
		alice:x:$ns_group:
		bob:x:$BOB:
	END
	sed 's/:.*/:*:20000:0:99999:7:::/' "$D/etc/passwd" >"$D/etc/shadow"
	chmod 600 "$D/etc/shadow"
	mkdir -p "$D/home/root" "$D/home/alice" "$D/home/bob"
	if [ "$NS" = root ]; then
		chown "$ALICE:$ns_group" "$D/home/alice"
		chown "$BOB:$BOB" "$D/home/bob"
	fi
}

# /etc/hosts keeps sudo from asking a name server, login.defs fixes where ordinary users begin.
ns_etc() {
	mkdir "$D/etc/pam.d"
	printf 'auth required pam_deny.so\naccount required pam_deny.so\n' >"$D/etc/pam.d/other"
	printf '127.0.0.1 localhost %s\n' "$(uname -n)" >"$D/etc/hosts"
	printf 'UID_MIN 1000\nUID_MAX 60000\n' >"$D/etc/login.defs"
	for ns_file in passwd group shadow pam.d hosts login.defs; do
		ns_cover "$D/etc/$ns_file" "/etc/$ns_file"
	done
}

# Where daemons that run as root leave traces: pid files and sudo's tickets, wtmp and btmp, sudo's lecture.
ns_var() {
	ns_mount -t tmpfs -o mode=755 run /run
	mkdir -p /run/sshd
	mkdir "$D/varlog" "$D/varsudo"
	ns_cover "$D/varlog" /var/log
	ns_cover "$D/varsudo" /var/lib/sudo
}

# A stack in which the module alone decides. acct_mgmt says PAM_IGNORE when another method let the user in, hence
# pam_permit after it.
pam_service() {	# SERVICE
	cat >"$D/etc/pam.d/$1" <<-END
		auth    required $SO config=$CONF
		account required $SO config=$CONF
		account required pam_permit.so
		session optional $SO config=$CONF
	END
}

# Terminals of our own: most machines that run tests have none, and login changes the owner and mode of the one it runs on.
ns_terminals() {
	[ -d /dev/pts ] || mkdir /dev/pts
	ns_mount -t devpts -o newinstance,mode=620,gid=5,ptmxmode=666 devpts /dev/pts
	[ -L /dev/ptmx ] || ns_mount --bind /dev/pts/ptmx /dev/ptmx
}

# A fingerprint of everything that the scripts cover with private copies, taken from outside: equal before and after
# means that the machine was left alone.
machine_state() {
	{
		for ns_target in /etc/pam.d /etc/pam_jwt /etc/passwd /etc/group /etc/shadow /etc/sudoers /etc/sudoers.d; do
			echo "$ns_target"
			find "$ns_target" -exec ls -ld --time-style=full-iso {} + 2>/dev/null
			find "$ns_target" -type f -exec cksum {} + 2>/dev/null
		done
		ls -d /dev/log /run/sshd 2>/dev/null
		grep -F /pam_jwt. /proc/self/mounts
	} | cksum
}

# --- waiting, and the log --------------------------------------------------------------------------------------------

# Repeats a command until it succeeds, for at most so many seconds.
wait_for() {	# SECONDS COMMAND...
	wait_left=$(($1 * 20))
	shift
	until "$@"; do
		wait_left=$((wait_left - 1))
		[ "$wait_left" -gt 0 ] || return 1
		sleep 0.05
	done
}

log_start() {
	"$B/tests/programs/logsink" /dev/log "$LOG" &
	LOG_PID=$!
	NS_PIDS="$NS_PIDS $LOG_PID"
	wait_for 5 test -S /dev/log
	LOG_MARKS=0
	log_mark
}

# Sends a line of our own and waits for it. The socket keeps the order, so all that was logged before is in the file.
log_sync() {
	LOG_MARKS=$((LOG_MARKS + 1))
	logger -t mark "end-of-$LOG_MARKS."
	wait_for 5 grep -qF "end-of-$LOG_MARKS." "$LOG"
}

log_mark() {
	log_sync
	LOG_FROM=$(wc -l <"$LOG")
}

# Prints the lines since the last mark, without our own.
log_new() {
	tail -n "+$((LOG_FROM + 1))" "$LOG" | grep -v ' mark: end-of-'
}

# Prints the decisions since the last mark, from the module's name on.
log_decisions() {	# SERVICE
	log_new | grep ' reason=' | sed -n "s/^.*\(pam_jwt($1:auth): \)/\1/p"
}

# The reason in a log line. Values of the token are quoted and come later, so they cannot pretend to be it.
log_reason() {
	sed -n 's/^[^"]* reason=\([a-z-]*\) .*/\1/p'
}

# --- keys, configuration, tokens ---------------------------------------------------------------------------------------

jwk_kid() {
	sed -n 's/.*"kid" *: *"\([^"]*\)".*/\1/p' "$1"
}

# Three keys: the issuer's; a stranger's; and the stranger's again under the name of the issuer's.
keys_make() {
	for key_name in test stranger; do
		"$JWT" key generate --alg ES256 --out "$D/$key_name.jwk" --public "$D/$key_name.pub.jwk"
	done
	(umask 077 && sed "s|$(jwk_kid "$D/stranger.jwk")|$(jwk_kid "$D/test.jwk")|" "$D/stranger.jwk" >"$D/forged.jwk")
	conf_write "$@"
}

conf_write() {	# SERVICE...
	cat >"$CONF" <<-END
		[issuer test]
		iss      = $ISS
		keys     = $D/test.pub.jwk
		audience = $AUD
		leeway   = 0s

		[service $*]
		permit   = as claim sub
	END
}

mint() {	# KEY USER AUDIENCE [OPTION...]
	mint_key=$D/$1.jwk mint_sub=$2 mint_aud=$3
	shift 3
	"$JWT" issue --key "$mint_key" --iss "$ISS" --sub "$mint_sub" --aud "$mint_aud" --ttl 10m "$@"
}

# Replaces one character in the middle of the signature. Not the last one: some of its bits carry nothing.
token_tamper() {
	awk -F. '{
		middle = int(length($3) / 2)
		letter = substr($3, middle, 1) == "A" ? "B" : "A"
		print $1 "." $2 "." substr($3, 1, middle - 1) letter substr($3, middle + 1)
	}'
}

b64url() {
	base64 -w 0 | tr '+/' '-_' | tr -d '='
}

# The header of a token replaced by one that asks for no signature, and junk where the signature was.
token_unsign() {
	IFS=. read -r _ unsign_payload _
	printf '%s.%s.%s\n' "$(printf '{"alg":"none","typ":"JWT"}' | b64url)" "$unsign_payload" \
		"$(printf 'this is nobody-signed-it, written at length' | b64url)"
}

# The claims of another token under this one's signature.
token_swap() {	# OTHER
	IFS=. read -r swap_header _ swap_signature
	IFS=. read -r _ swap_payload _ <"$1"
	printf '%s.%s.%s\n' "$swap_header" "$swap_payload" "$swap_signature"
}

# One file for each token in $D/tok. The time of the expired one is moved, not waited for.
tokens_make() {	# USER OTHER
	mint test "$1" "$AUD" >"$D/tok/good"
	mint test "$2" "$AUD" >"$D/tok/other"
	mint test "$1" "$AUD" --now $(($(date +%s) - 3600)) >"$D/tok/expired"
	mint test "$1" urn:elsewhere >"$D/tok/audience"
	mint stranger "$1" "$AUD" >"$D/tok/stranger"
	mint forged "$1" "$AUD" >"$D/tok/forged"
	token_tamper <"$D/tok/good" >"$D/tok/tampered"
	token_swap "$D/tok/good" <"$D/tok/other" >"$D/tok/swapped"
	token_unsign <"$D/tok/good" >"$D/tok/none"
	echo >"$D/tok/empty"
	echo 'correct-horse-battery-staple' >"$D/tok/garbage"
}

# Prints every run of 20 bytes of payload and signature of the tokens in the given files, and of what is no token at all:
# somebody's password, perhaps.
token_runs() {	# FILE...
	awk -F. '
	function runs(text,  i) { for (i = 1; i <= length(text) - 19; i++) print substr(text, i, 20) }
	NF == 3 { runs($2); runs($3) }
	NF == 1 { runs($1) }' "$@"
}

# --- logins ----------------------------------------------------------------------------------------------------------

# One login, and all that must be true of it. The script that calls defines
#
#     login USER <TOKEN      runs the real program; WANT is the line on stdout that proves that it let the user in
#
# Three results for each: what the program did, what the log says (exactly one line, of the right form), and whether
# "pam-jwt verify" comes to the same reason.
attempt() {	# LABEL TOKEN USER REASON
	attempt_login "$@"
	attempt_verify "$2" "$3" "$4"
}

# The same without "pam-jwt verify", where that is given something else than the module: a token before it was cut.
attempt_login() {	# LABEL TOKEN USER REASON
	attempt_name="$SERVICE: $1"
	log_mark
	attempt_status=0
	login "$3" <"$D/tok/$2" >"$D/out" 2>"$D/err" || attempt_status=$?
	log_sync
	attempt_program "$4"
	attempt_log "$3" "$4"
}

# Success and refusal must both be seen: a program that never ran counts as neither.
attempt_program() {	# REASON
	attempt_in=no
	! grep -qxF -- "$WANT" "$D/out" || attempt_in=yes
	case $1-$attempt_status-$attempt_in in
	ok-0-yes) pass "$attempt_name: gets in" ;;
	ok-*) fail "$attempt_name: gets in" "status $attempt_status" "$(cat "$D/out" "$D/err")" ;;
	*-124-*) fail "$attempt_name: is refused" "no answer within $LIMIT seconds" ;;
	*-0-* | *-yes) fail "$attempt_name: is refused" "status $attempt_status" "$(cat "$D/out" "$D/err")" ;;
	*) pass "$attempt_name: is refused" ;;
	esac
}

# The form is an interface (fail2ban reads it): see "Reasons" in design.md.
attempt_log() {	# USER REASON
	attempt_start='authentication failure; logname=[^ ]* uid=[0-9]* euid=[0-9]*'
	[ "$2" != ok ] || attempt_start='accepted;'
	attempt_form="^pam_jwt($SERVICE:auth): $attempt_start tty=[^ ]* ruser=[^ ]* rhost=$RHOST user=$1 reason=$2 issuer="
	if log_decisions "$SERVICE" | awk 'END { exit NR != 1 }' &&
		log_decisions "$SERVICE" | grep -q "$attempt_form"; then
		pass "$attempt_name: one log line, reason=$2"
	else
		fail "$attempt_name: one log line, reason=$2" "$(log_new)"
	fi
}

# The first one: claims come later, and a claim may have that name as well.
json_reason() {
	grep -o '"reason" *: *"[a-z0-9-]*"' | sed -n '1s/.*"\([a-z0-9-]*\)"$/\1/p'
}

attempt_verify() {	# TOKEN USER REASON
	verify_want=1
	[ "$3" != ok ] || verify_want=0
	verify_status=0
	"$JWT" verify --config "$CONF" --service "$SERVICE" --user "$2" ${RHOST:+--rhost "$RHOST"} --json \
		<"$D/tok/$1" >"$D/out" 2>"$D/err" || verify_status=$?
	verify_reason=$(json_reason <"$D/out")
	if [ "$verify_status" -eq "$verify_want" ] && [ -n "$verify_reason" ] &&
		[ "$verify_reason" = "$(log_decisions "$SERVICE" | log_reason)" ]; then
		pass "$attempt_name: pam-jwt verify agrees with the module"
	else
		fail "$attempt_name: pam-jwt verify agrees with the module" \
			"verify: status $verify_status, reason $verify_reason" "$(cat "$D/out" "$D/err")" "$(log_new)"
	fi
}

# Every kind of token that this repository promises to tell apart, through one program.
suite() {	# SERVICE USER OTHER
	SERVICE=$1
	tokens_make "$2" "$3"
	attempt 'good token' good "$2" ok
	attempt 'tampered signature' tampered "$2" signature-invalid
	attempt 'claims of another token' swapped "$2" signature-invalid
	attempt 'expired' expired "$2" expired
	attempt 'wrong audience' audience "$2" audience-mismatch
	attempt "another user's token" other "$2" account-mismatch
	attempt "stranger's key" stranger "$2" key-unknown
	attempt "stranger's key under the issuer's kid" forged "$2" signature-invalid
	attempt 'alg none' none "$2" alg-unsupported
	attempt 'empty answer' empty "$2" token-empty
	attempt 'no token at all' garbage "$2" token-form
	log_clean
}

# No log line, of whatever program, may hold a piece of a token. The first check proves that the search finds one.
log_clean() {
	token_runs "$D"/tok/* >"$D/runs"
	cut -c 30-400 "$D/tok/good" >"$D/planted"
	check "$SERVICE: the search for pieces of tokens finds a planted one" grep -qF -f "$D/runs" "$D/planted"
	if grep -F -f "$D/runs" "$LOG" >"$D/leaks"; then
		fail "$SERVICE: no piece of a token in the log" "$(cat "$D/leaks")"
	else
		pass "$SERVICE: no piece of a token in the log"
	fi
}

# --- sshd ------------------------------------------------------------------------------------------------------------

# The machine's own sshd, or the one that deps.sh has unpacked.
sshd_find() {
	SSHD=/usr/sbin/sshd
	SSHD_LIB=/usr/lib/openssh
	[ ! -x "$SSHD" ] || return 0
	SSHD=$P/build/sshd/usr/sbin/sshd
	SSHD_LIB=$P/build/sshd/usr/lib/openssh
	[ -x "$SSHD" ]
}

# Adds a line to the configuration if this version of sshd knows it.
sshd_option() {	# OPTION VALUE
	cp "$D/sshd_config" "$D/sshd_config.old"
	printf '%s %s\n' "$1" "$2" >>"$D/sshd_config"
	"$SSHD" -t -f "$D/sshd_config" 2>/dev/null || cp "$D/sshd_config.old" "$D/sshd_config"
}

# From OpenSSH 9.8 on sshd is several programs, and locks out an address after a few refusals, which are what we want.
sshd_configure() {
	ssh-keygen -q -t ed25519 -N '' -C test -f "$D/hostkey"
	cat >"$D/sshd_config" <<-END
		ListenAddress 127.0.0.1
		HostKey $D/hostkey
		PidFile none
		UsePAM yes
		KbdInteractiveAuthentication yes
		PasswordAuthentication yes
		PubkeyAuthentication no
		StrictModes no
		PrintMotd no
		PrintLastLog no
	END
	for sshd_part in session auth; do
		[ ! -x "$SSHD_LIB/sshd-$sshd_part" ] || case $sshd_part in
		session) echo "SshdSessionPath \"$SSHD_LIB/sshd-session\"" >>"$D/sshd_config" ;;
		auth) echo "SshdAuthPath \"$SSHD_LIB/sshd-auth\"" >>"$D/sshd_config" ;;
		esac
	done
	sshd_option PerSourcePenalties no
	[ -z "${SSHD_MORE:-}" ] || "$SSHD_MORE"	# what a script wants besides
}

sshd_up_or_dead() {
	grep -qs 'listening on' "$D/sshd.log" || ! kill -0 "$SSHD_PID" 2>/dev/null
}

# Takes the next port when one is in use already. Sets PORT.
sshd_start() {
	sshd_configure
	for sshd_try in 1 2 3 4 5 6 7 8 9 10; do
		PORT=$((20000 + ($$ * 7 + sshd_try * 1009) % 40000))
		"$SSHD" -D -e -p "$PORT" -f "$D/sshd_config" >"$D/sshd.log" 2>&1 &
		SSHD_PID=$!
		wait_for 10 sshd_up_or_dead || break
		if grep -q 'listening on' "$D/sshd.log"; then
			NS_PIDS="$SSHD_PID $NS_PIDS"
			return 0
		fi
		wait "$SSHD_PID" || :
	done
	cat "$D/sshd.log" >&2
	return 1
}

# What the client needs: a configuration of its own, and a helper that answers the prompt with the file $TOKEN.
ssh_configure() {
	cat >"$D/ssh_config" <<-END
		Host *
		Port $PORT
		HostName 127.0.0.1
		UserKnownHostsFile /dev/null
		GlobalKnownHostsFile /dev/null
		StrictHostKeyChecking no
		IdentityAgent none
		PreferredAuthentications keyboard-interactive
		NumberOfPasswordPrompts 1
		LogLevel ERROR
	END
	# shellcheck disable=SC2016 # it is the helper that looks at $TOKEN
	printf '#!/bin/sh\nexec cat -- "$TOKEN"\n' >"$D/askpass"
	chmod 755 "$D/askpass"
	export SSH_ASKPASS="$D/askpass" SSH_ASKPASS_REQUIRE=force
}

# --- setuid programs ---------------------------------------------------------------------------------------------------

# Prints why a setuid program cannot do its work here; nothing when it can.
setuid_obstacle() {	# PROGRAM
	setuid_file=$(command -v "$1") || setuid_file=
	if [ "$NS" != root ]; then
		echo "needs root"
	elif [ -z "$setuid_file" ]; then
		echo "there is no $1 on this machine"
	elif grep -q '^NoNewPrivs:.*1' /proc/self/status; then
		echo "this environment forbids new privileges"
	elif findmnt -n -o OPTIONS -T "$setuid_file" | grep -qw nosuid; then
		echo "$setuid_file is on a nosuid file system"
	fi
}

# Runs a command as alice, without a terminal: with one, sudo and su would behave differently for a developer and in CI.
as_alice() {
	timeout -k 5 "$LIMIT" setsid setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups \
		env -i "PATH=$PATH" "HOME=$D/home/alice" LC_ALL=C "$@"
}
