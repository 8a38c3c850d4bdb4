# shellcheck shell=sh
# Logs in through a real program and checks everything that must be true of a login. Part of ns.sh.

# Makes one login and checks everything that must be true of it. The calling script defines
#
#     login USER <TOKEN      runs the real program; WANT is the line on stdout that proves that it let the user in
#
# It prints three results: what the program did, whether the log has exactly one line of the right form, and whether
# "pam-jwt verify" comes to the same reason.
attempt() {	# LABEL TOKEN USER REASON
	attempt_login "$@"
	attempt_verify "$2" "$3" "$4"
}

# The same without "pam-jwt verify", for tests in which the module gets another text than verify: a token that was cut.
attempt_login() {	# LABEL TOKEN USER REASON
	attempt_name="$SERVICE: $1"
	log_mark
	attempt_status=0
	login "$3" <"$D/tok/$2" >"$D/out" 2>"$D/err" || attempt_status=$?
	wait_for 5 attempt_decided || :	# a server may write its line after its client has gone
	log_sync
	attempt_program "$4"
	attempt_log "$3" "$4"
}

attempt_decided() {
	log_decisions "$SERVICE" | grep -q .
}

# Both success and refusal need proof: a program that never ran counts as neither.
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

# The form is an interface, because fail2ban reads it: see "Reasons" in design.md.
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

# Takes the first match: claims come later, and a claim may have that name as well.
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
	attempt 'refresh token of an issuer' refresh "$2" token-form
	attempt 'no token at all' garbage "$2" token-form
	log_clean
}

# No log line of any program may have a piece of a token in it. The first check proves that the search finds one.
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
