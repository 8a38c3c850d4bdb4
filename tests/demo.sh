#!/bin/sh
# Takes a newcomer through pam_jwt in under a minute: a key, a configuration, a token, logins that work and logins that do
# not, each with the module's own log line. It is a test as well: exit 1 when an answer is not the one announced.
#
#     sh tests/demo.sh
set -eu
P=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/deps.sh
. "$P/tests/deps.sh"
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/machine.sh
. "$P/tests/lib/machine.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL	# of "make demo", which may have called us

ISS=https://id.example.com
AUD=urn:example:host:demo
RHOST=127.0.0.1

# --- how it looks ------------------------------------------------------------------------------------------------------

BOLD='' COMMAND='' GOOD='' LINE='' PLAIN=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
	BOLD=$(printf '\033[1m') COMMAND=$(printf '\033[36m') GOOD=$(printf '\033[32m') LINE=$(printf '\033[2m')
	PLAIN=$(printf '\033[0m')
fi

STEP=0

step() {	# TITLE [LINE...]
	STEP=$((STEP + 1))
	printf '\n%s%d. %s%s\n' "$BOLD" "$STEP" "$1" "$PLAIN"
	shift
	[ $# -eq 0 ] || printf '   %s\n' "$@"
	echo
}

# Shows a command, runs it, shows its answer. What is shown is what is run. Prompts and complaints come on stderr, and a
# prompt that is answered from a file lacks its line end.
run() {	# COMMAND
	printf '   %s$ %s%s\n' "$COMMAND" "$1" "$PLAIN"
	run_status=0
	eval "$1" >"$D/out" 2>"$D/err" || run_status=$?
	[ ! -s "$D/err" ] || printf '%s\n' "$(cat "$D/err")" | tr -d '\r' | sed 's/^/   /'
	sed 's/^/   /' "$D/out"
}

show_file() {	# FILE
	sed 's/^/   | /' "$1"
}

differs() {	# WHAT
	printf '\nThis is not what was announced: %s\n' "$1"
	FINISHED=yes
	exit 1
}

must() {	# COMMAND
	run "$1"
	[ "$run_status" -eq 0 ] || differs "exit status $run_status"
}

# One login, the module's log line under it, and the comparison with what was announced.
must_login() {	# COMMAND REASON
	log_mark
	run "$1" </dev/null
	log_sync
	login_line=$(log_decisions sshd)
	printf '   %slog: %s%s\n' "$LINE" "$login_line" "$PLAIN"
	login_in=no
	! grep -qx -e alice -e 'pamtester: successfully authenticated' "$D/out" || login_in=yes
	case $2-$login_in-$run_status in
	ok-yes-0) verdict='alice is in' ;;
	ok-*) differs 'she should have got in' ;;
	*-yes-* | *-0) differs 'this should have been refused' ;;
	*) verdict="refused: $2" ;;
	esac
	[ "$(printf '%s\n' "$login_line" | log_reason)" = "$2" ] || differs "the log line does not say reason=$2"
	printf '   %s=> %s%s\n' "$GOOD" "$verdict" "$PLAIN"
}

# --- the commands, bounded in time and cut off from the terminal ---------------------------------------------------------

# Not before they are needed: deps.sh has to see whether the machine has the real ones.
# shellcheck disable=SC2317 # called by run
define_commands() {
	pamtester() {
		timeout -k 5 "$LIMIT" setsid pamtester "$@"
	}
	ssh() {
		timeout -k 5 "$LIMIT" setsid ssh "$@" </dev/null
	}
}

# --- the steps -----------------------------------------------------------------------------------------------------------

demo_key() {
	step 'Make a key pair' \
		'The private half signs tokens and stays with whoever issues them. The public half goes to the hosts.'
	must 'pam-jwt key generate --alg ES256 --out issuer.jwk --public issuer.pub.jwk'
}

demo_configure() {
	step 'Tell the host whom to trust' \
		'pam_jwt.conf: whose tokens count, with which key, for which host. The subject is the account name.'
	cat >pam_jwt.conf <<-END
		[issuer demo]
		iss      = $ISS
		keys     = $PWD/issuer.pub.jwk
		audience = $AUD

		[service sshd]
		permit   = as claim sub
	END
	show_file pam_jwt.conf
	echo
	must "pam-jwt check --config $CONF"
	printf '\n   /etc/pam.d/sshd, a private one that only this demo sees. After "make install" there is no need for paths:\n'
	printf '   pam_jwt.so is found, and so is /etc/pam_jwt/pam_jwt.conf.\n\n'
	show_file /etc/pam.d/sshd
}

demo_issue() {
	step 'Issue a token' 'For alice, for this host, for ten minutes.'
	must "pam-jwt issue --key issuer.jwk --iss $ISS --sub alice --aud $AUD --ttl 10m > good.jwt"
	must 'cat good.jwt'
	step 'Look inside' 'A token is readable by everybody. Only its signature makes it worth something.'
	must 'pam-jwt inspect < good.jwt'
}

demo_logins() {
	step 'Log in through pamtester' 'The smallest PAM program there is; it reads the token from standard input.'
	must_login 'pamtester sshd alice authenticate acct_mgmt < good.jwt' ok
	step 'Log in through a real sshd, on loopback' \
		'ssh asks a helper for the answer to the prompt; here it prints the file named by the variable TOKEN.'
	must_login 'TOKEN=good.jwt ssh -F ssh_config alice@demo id -un' ok
}

demo_refusals() {
	step 'A tampered token' 'One character in the middle of the signature is another one.'
	token_tamper <good.jwt >tampered.jwt
	must_login 'TOKEN=tampered.jwt ssh -F ssh_config alice@demo id -un' signature-invalid
	step 'An expired token' 'Issued an hour ago for ten minutes.'
	must "pam-jwt issue --key issuer.jwk --iss $ISS --sub alice --aud $AUD --ttl 10m --now $(($(date +%s) - 3600)) > expired.jwt"
	must_login 'TOKEN=expired.jwt ssh -F ssh_config alice@demo id -un' expired
	step "Another user's token" "Valid in every way, but it is bob's, and he wants to be alice."
	must "pam-jwt issue --key issuer.jwk --iss $ISS --sub bob --aud $AUD --ttl 10m > bob.jwt"
	must_login 'TOKEN=bob.jwt ssh -F ssh_config alice@demo id -un' account-mismatch
}

inside() {
	ns_enter "$0"
	define_commands
	PATH=$D:$PATH
	export TOKEN=
	mkdir "$D/demo"
	cd "$D/demo"
	CONF=$PWD/pam_jwt.conf
	pam_service sshd
	demo_key
	demo_configure
	demo_issue
	sshd_find
	sshd_start
	ssh_configure
	cp "$D/ssh_config" .
	demo_logins
	demo_refusals
	finish
}

# --- around them -----------------------------------------------------------------------------------------------------------

cannot() {
	printf '%s\n' "$@" >&2
	exit 77
}

prepare() {
	deps_get demo || cannot 'The demo needs an sshd to log in to.'
	sshd_find || cannot 'The demo needs an sshd to log in to.'
	[ -n "$(ns_kind)" ] || cannot \
		'This machine does not let us make a mount namespace, and without one the demo would have to change /etc/pam.d.' \
		'Run it as root (in a container: with the capability SYS_ADMIN).'
	build
}

# The compiler's lines are of interest only when it fails.
build() {
	echo 'Building pam_jwt ...'
	mkdir -p "$P/build"
	make -s -C "$P" all build/tests/programs/logsink >"$P/build/demo.log" 2>&1 && return
	cat "$P/build/demo.log" >&2
	exit 1
}

welcome() {
	cat <<-END

		${BOLD}pam_jwt: log in with a signed token (JWT) instead of a password${PLAIN}

		Everything below happens in a private corner of this machine (a mount namespace) with its own /etc/pam.d,
		its own users alice and bob, and its own log. Lines that start with \$ are the commands that are run.
	END
}

# Said only after having looked.
farewell() {
	[ "$1" = "$(machine_state)" ] || differs 'something on this machine has changed'
	cat <<-END

		${BOLD}What to do next${PLAIN}

		   make install           the module, the command and the manual pages (as root)
		   README.md              the lines for ssh and for sudo, and what sshd_config needs
		   pam-jwt check          names every mistake in your configuration, before you log out
		   sh tests/check.sh      runs all tests

		Nothing on this machine was changed${DEPS_INSTALLED:+, apart from the packages that apt installed:$DEPS_INSTALLED}.
	END
}

if [ -n "$NS" ]; then
	inside
fi
prepare
welcome
before=$(machine_state)
(ns_enter "$0")
farewell "$before"
