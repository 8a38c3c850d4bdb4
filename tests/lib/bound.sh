# shellcheck shell=sh
# Tokens that are bound to ssh keys: the keys of alice and bob, one token for each, and logins by ssh with a key and a token.
# Sourced after ns.sh and sshd.sh.
#
#     bound_prepare                            keys, certificates, tokens, and the configuration
#     sshd_again METHODS [LINE...]             another sshd, with these AuthenticationMethods and lines of sshd_config
#     with_keys KIND...                        the keys with which the client logs in
#     bound LABEL TOKEN USER REASON            a login, and what the log has of it
#     session_open TOKEN, session_end          a session of alice in the background, in which "inside COMMAND..." runs

KINDS='ed25519 p256 p384 p521 rsa'
SSH_KEYS=	# options of the client
SSH_MORE=
SESSION=	# the client of the session in the background

bound_keys() {
	mkdir "$D/key" "$D/keys"
	for keys_kind in $KINDS bob ca ca2; do
		case $keys_kind in
		p*) set -- -t ecdsa -b "${keys_kind#p}" ;;
		rsa) set -- -t rsa -b 2048 ;;
		*) set -- -t ed25519 ;;
		esac
		ssh-keygen -q "$@" -N '' -C "$keys_kind" -f "$D/key/$keys_kind"
	done
	for keys_kind in $KINDS; do
		bound_certificate ca "$keys_kind" "$keys_kind-cert"
	done
	bound_certificate ca2 ed25519 ed25519-cert2
}

bound_certificate() {	# CA KIND NAME
	cp "$D/key/$2" "$D/key/$3"
	cp "$D/key/$2.pub" "$D/key/$3.pub"
	ssh-keygen -q -s "$D/key/$1" -I "$3" -n alice "$D/key/$3.pub"
	mv "$D/key/$3-cert.pub" "$D/key/$3.pub"
}

authorize() {
	for authorize_kind in $KINDS; do
		cat "$D/key/$authorize_kind.pub"
	done >"$D/keys/alice"
	cp "$D/key/bob.pub" "$D/keys/bob"
	cat "$D/key/ca.pub" "$D/key/ca2.pub" >"$D/cas"
}

# The lines of [service sshd]. The others take the proof of the session around.
rules() {	# LINE...
	conf_write sshd
	sed -i '/^permit/d' "$CONF"
	{
		printf '%s\n' 'proof = ssh-key' "$@"
		printf '[service sudo sudo-i su]\npermit = as claim sub\nproof = session\n'
	} >>"$CONF"
}

bound_prepare() {
	bound_keys
	authorize
	keys_make sshd
	rules 'permit = as claim sub'
	for prepare_kind in $KINDS; do
		mint test alice "$AUD" --cnf-ssh-key "$D/key/$prepare_kind.pub" >"$D/tok/$prepare_kind"
	done
	mint test bob "$AUD" --cnf-ssh-key "$D/key/bob.pub" >"$D/tok/bob"
	mint test alice "$AUD" >"$D/tok/plain"
	cp "$D/tok/plain" "$D/tok/good"	# for log_clean
	mkdir "$D/share"
	chown "$ALICE" "$D/share"
	pam_service sshd
	echo 'session required pam_loginuid.so' >>"$D/etc/pam.d/sshd"
}

fingerprint() {	# KIND
	ssh-keygen -lf "$D/key/$1.pub" | cut -d' ' -f2
}

# --- sshd ---------------------------------------------------------------------------------------------------------------------

# shellcheck disable=SC2317,SC2329 # called by sshd_configure
bound_options() {
	sed -i 's/^PubkeyAuthentication no/PubkeyAuthentication yes/' "$D/sshd_config"
	printf '%s\n' "AuthorizedKeysFile $D/keys/%u" "TrustedUserCAKeys $D/cas" 'HostbasedAuthentication yes' >>"$D/sshd_config"
	cat "$D/sshd_more" >>"$D/sshd_config"
}

sshd_again() {	# METHODS [LINE...]
	again_methods=$1
	shift
	printf '%s\n' "AuthenticationMethods $again_methods" "$@" >"$D/sshd_more"
	if [ -n "${SSHD_PID:-}" ]; then
		kill "$SSHD_PID" && wait "$SSHD_PID" || :
	fi
	rm -f "$D/hostkey" "$D/hostkey.pub"
	# shellcheck disable=SC2034 # for sshd_configure
	SSHD_MORE=bound_options
	sshd_start
	ssh_configure
}

# --- the client ---------------------------------------------------------------------------------------------------------------

with_keys() {	# KIND...
	BOUND_KEYS=$*
	SSH_KEYS='-o IdentitiesOnly=yes'
	for with_kind in "$@"; do
		SSH_KEYS="$SSH_KEYS -i $D/key/$with_kind"
		case $with_kind in *-cert*) SSH_KEYS="$SSH_KEYS -o CertificateFile=$D/key/$with_kind.pub" ;; esac
	done
}

bound_ssh() {	# METHODS USER TOKEN-FILE COMMAND...
	ssh_methods=$1 ssh_user=$2 ssh_token=$3
	shift 3
	# shellcheck disable=SC2086 # options
	TOKEN=$ssh_token timeout -k 5 "${SSH_LIMIT:-$LIMIT}" setsid ssh -F "$D/ssh_config" -o "PreferredAuthentications=$ssh_methods" -o LogLevel=INFO $SSH_KEYS $SSH_MORE \
		"$ssh_user@test" "$@" </dev/null
}

# What attempt_login() calls.
login() {	# USER
	cat >"$D/answer"
	bound_ssh "$BOUND_METHODS" "$1" "$D/answer" id -un
}

bound() {	# LABEL TOKEN USER REASON
	bound_by publickey,keyboard-interactive "$@"
}

bound_by() {	# METHODS LABEL TOKEN USER REASON
	BOUND_METHODS=$1
	attempt_login "$2 ($BOUND_KEYS)" "$3" "$4" "$5"
}

# "pam-jwt verify" with the key that the client has comes to the same reason.
agrees() {	# LABEL TOKEN KIND REASON
	agrees_reason=$("$JWT" verify --config "$CONF" --service sshd --user alice --json \
		--ssh-auth-info "publickey $(cut -d' ' -f1,2 "$D/key/$3.pub")" <"$D/tok/$2" 2>&1 | json_reason)
	check "sshd: $1 ($3): pam-jwt verify agrees" test "$agrees_reason" = "$4"
}

# --- a session in the background ------------------------------------------------------------------------------------------------

# A shell of alice that runs the commands in $D/share/todo, one after the other.
session_open() {	# TOKEN, or none
	cat >"$D/share/shell" <<-'END'
		cd "$(dirname "$0")" && echo $$ >ready
		while [ ! -e over ]; do
			[ ! -e go ] || { sh ./todo <token >out 2>err; echo $? >status; rm -f go; : >done; }
			sleep 0.05
		done
	END
	rm -f "$D/share/ready" "$D/share/over" "$D/share/go" "$D/share/done"
	open_token=$D/tok/$1
	[ "$1" != none ] || open_token=/dev/null
	SSH_LIMIT=300 bound_ssh publickey,keyboard-interactive alice "$open_token" sh "$D/share/shell" >"$D/session" 2>&1 &
	SESSION=$!
	wait_for 10 test -s "$D/share/ready" || fail "proof: a session with $1 ($BOUND_KEYS)" "@$D/session" "$(log_new)"
}

session_end() {
	: >"$D/share/over"
	wait "$SESSION" || :
	SESSION=
	wait_for 5 no_session || fail 'proof: the record is removed with its session' "$(ls /run/pam_jwt/sessions)"
}

no_session() {
	[ -z "$(ls /run/pam_jwt/sessions 2>/dev/null)" ]
}

# The fingerprints in the record of the open session.
record_keys() {
	wait_for 5 has_record || :
	grep -o '"fingerprint":"[^"]*"' /run/pam_jwt/sessions/* | cut -d'"' -f4
}

has_record() {
	[ -n "$(ls /run/pam_jwt/sessions 2>/dev/null)" ]
}

# Runs in the session, with the token on standard input; its output is in $D/share/out and err. Prints its status.
inside() {	# TOKEN COMMAND
	rm -f "$D/share/done" "$D/share/status"
	cp "$D/tok/$1" "$D/share/token"
	chmod 644 "$D/share/token"
	printf '%s\n' "$2" >"$D/share/todo"
	: >"$D/share/go"
	wait_for 30 test -e "$D/share/done" || { echo none && return; }
	cat "$D/share/status"
}

# The command that becomes another user by this program, and prints its name.
become() {	# PROGRAM
	case $1 in
	su) echo "su alice -c 'id -un'" ;;
	*) echo "$1 -S -p '' -u root id -un" ;;
	esac
}

opens() {	# LABEL PROGRAM TOKEN
	log_mark
	opens_want=root
	[ "$2" != su ] || opens_want=alice
	opens_status=$(inside "$3" "$(become "$2")")
	[ "$opens_status" = 0 ] && [ "$(cat "$D/share/out")" = "$opens_want" ] && opens_ok=0 || opens_ok=1
	log_sync
	result "$opens_ok" "proof: $1: opens" "status $opens_status" "@$D/share/out" "@$D/share/err" "$(log_new)"
}

closed() {	# LABEL PROGRAM TOKEN REASON
	log_mark
	closed_status=$(inside "$3" "$(become "$2")")
	log_sync
	[ "$closed_status" != 0 ] && [ ! -s "$D/share/out" ] && log_new | grep -q " reason=$4 " && closed_ok=0 || closed_ok=1
	result "$closed_ok" "proof: $1: is refused, $4" "status $closed_status" "@$D/share/out" "@$D/share/err" "$(log_new)"
}

# The same outside of the session.
closed_by() {	# LABEL RUNNER TOKEN
	log_mark
	"$2" sudo -S -p '' id -un <"$D/tok/$3" >"$D/out" 2>"$D/err" && closed_ok=1 || closed_ok=0
	log_sync
	log_new | grep -q " reason=proof-missing " || closed_ok=1
	result "$closed_ok" "proof: $1: is refused, proof-missing" "@$D/out" "@$D/err" "$(log_new)"
}
