# shellcheck shell=sh
# Logins of alice whose tokens are bound to a key of her ssh-agent (RFC 9449). Sourced after ns.sh, setuid.sh, provider.sh and
# session.sh; the provider runs, and session_prepare was called.
#
#     dpop_prepare [WHICH]        DPoP is on at oidc-provider and in login.conf (WHICH: ssh-agent), and alice's agent has no key
#     dpop_conf [WHICH]           writes her login.conf anew; "" for one without dpop
#     dpop_key NAME WORD...       makes $D/keys/NAME and NAME.pub, with WORDs of ssh-keygen, unless it is there
#     dpop_hold NAME...           the agent has these keys and no others
#     dpop_print NAME             the fingerprint of a key, as ssh-keygen -l shows it
#     dpop_jkt NAME               its thumbprint, by pam-jwt key thumbprint
#     dpop_login device|browser STATUS [WORD...]     alice logs in: succeeds if that is the exit status; $D/out and $D/err
#     dpop_token HOST             prints a token of her login
#     token_jkt                   prints cnf.jkt of the token on stdin
#
# SSH_AUTH_SOCK is $AGENT; it is in SESSION_ENV, so that session_run has it.

AGENT=$D/agent/socket

dpop_prepare() {	# [WHICH]
	op_control 'state?dpop=yes'
	mkdir -p "$D/agent" "$D/keys"
	chown "$ALICE:$ALICE" "$D/agent" "$D/keys"
	chmod 700 "$D/agent"
	dpop_conf "${1:-ssh-agent}"
	dpop_agent
	person_browser "$D/browser" "$D/agent/jar"
}

# ssh-add -c asks by the program that CONFIRM names.
dpop_agent() {
	# shellcheck disable=SC2086 # several words
	setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups env -i "PATH=$PATH" "HOME=$SESSION_HOME" ${CONFIRM:+SSH_ASKPASS=$CONFIRM \
		SSH_ASKPASS_REQUIRE=force DISPLAY=:0} ssh-agent -D -a "$AGENT" >"$D/agent.log" 2>&1 &
	AGENT_PID=$!
	NS_PIDS="$AGENT_PID $NS_PIDS"
	SESSION_ENV="SSH_AUTH_SOCK=$AGENT"
	wait_for 10 test -S "$AGENT"
}

dpop_conf() {	# [WHICH]
	dpop_conf_file=$SESSION_HOME/.config/pam-jwt/login.conf
	sed -i '/^dpop/d' "$dpop_conf_file"
	[ -z "${1:-}" ] || echo "dpop = $1" >>"$dpop_conf_file"
}

dpop_key() {	# NAME WORD...
	dpop_file=$D/keys/$1
	shift
	[ -e "$dpop_file" ] || as_alice ssh-keygen -q -N '' -C test -f "$dpop_file" "$@"
}

dpop_add() {	# WORD...
	as_alice "SSH_AUTH_SOCK=$AGENT" ssh-add -q "$@" 2>"$D/agent.err"
}

dpop_hold() {	# NAME...
	dpop_add -D
	for dpop_name in "$@"; do
		dpop_add "$D/keys/$dpop_name"
	done
}

dpop_print() {	# NAME
	ssh-keygen -lf "$D/keys/$1.pub" | cut -d ' ' -f 2
}

dpop_jkt() {	# NAME
	"$JWT" key thumbprint <"$D/keys/$1.pub"
}

dpop_login() {	# device|browser STATUS [WORD...]
	dpop_flow=$1 dpop_want=$2
	shift 2
	if [ "$dpop_flow" = browser ]; then
		rm -f "$D/agent/jar"
		dpop_env=$SESSION_ENV
		SESSION_ENV="$SESSION_ENV BROWSER=$D/browser"
		alice "$dpop_want" login corp --browser "$@" && dpop_ok=0 || dpop_ok=1
		SESSION_ENV=$dpop_env
		return "$dpop_ok"
	fi
	rm -f "$D/rc"
	{
		alice "$dpop_want" login corp --device "$@" && echo 0 >"$D/rc.new" || echo 1 >"$D/rc.new"
		mv "$D/rc.new" "$D/rc"
	} &
	dpop_pid=$!
	wait_for 15 dpop_has_code || :
	[ -z "$(dpop_code)" ] || op_approve "$(dpop_code)"
	wait "$dpop_pid"
	return "$(cat "$D/rc")"
}

dpop_code() {
	sed -n 's/^    \([A-Z]*-[A-Z]*\)$/\1/p' "$D/err" 2>/dev/null | head -n 1
}

# Or it has ended, and there will be none.
dpop_has_code() {
	[ -e "$D/rc" ] || [ -n "$(dpop_code)" ]
}

dpop_token() {	# HOST
	alice 0 token corp --host "$1" && cat "$D/out"
}

token_jkt() {
	cut -d . -f 2 | tr '_-' '/+' | awk '{ while (length($0) % 4) $0 = $0 "="; print }' | base64 -d | json_member jkt
}
