#!/bin/sh
# Logins whose tokens are bound to an ssh key (RFC 9449): by device and by browser at npm's oidc-provider, with the keys of a real
# ssh-agent, and what happens when the agent, its user, the provider or the clock does not do its part.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck source=tests/lib/session.sh
. "$P/tests/lib/session.sh"
AREA=dpop
command -v ssh-agent >/dev/null || { skip dpop 'there is no ssh-agent' && exit 0; }
provider_enter "$0" "$@"
why=$(op_missing)
[ -z "$why" ] || { skip dpop "$why" && exit 0; }
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip dpop 'needs root' && finish; }
# shellcheck source=tests/lib/dpop.sh
. "$P/tests/lib/dpop.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"

KEPT='your login at corp cannot be renewed now, and is kept: '
KEEPS='corp gives no new token now, and your login is kept: '

# A login that succeeds, with this key.
logs_in() {	# NAME FLOW KEY
	logs_ok=0
	dpop_login "$2" 0 || logs_ok=1
	cp "$D/err" "$D/login.err"
	grep -qx "alice at corp.*, by the ssh key $(dpop_print "$3")" "$D/out" || logs_ok=1
	result "$logs_ok" "$1" @"$D/out" @"$D/err"
	[ "$(session_member dpop)" = "$(dpop_print "$3")" ] || fail "$1: the session has the key" @"$SESSION"
	bound "$1: its token is bound" "$3"
}

bound() {	# NAME KEY
	bound_got=$(dpop_token one.test | token_jkt)
	check "$1" test "$bound_got" = "$(dpop_jkt "$2")"
}

# One that is refused with these words, and leaves the session as it was.
refused() {	# NAME STATUS WORDS FLOW
	cp "$SESSION" "$D/before"
	refused_ok=0
	dpop_login "$4" "$2" || refused_ok=1
	grep -q -- "^pam-jwt: login at corp: $3" "$D/err" || refused_ok=1
	result "$refused_ok" "$1" @"$D/out" @"$D/err"
	check "$1: the session before is still there" cmp -s "$SESSION" "$D/before"
}

# A refresh that fails, costs so many requests, and leaves the session as it was.
survives() {	# NAME REQUESTS LINE
	session_expire
	tr -d '\n' <"$SESSION" >"$D/before"
	survives_before=$(op_requests '^POST /token')
	says "$1" 2 "$3" token --host one.test
	check "$1: $2 requests" test "$(($(op_requests '^POST /token') - survives_before))" -eq "$2"
	tr -d '\n' <"$SESSION" >"$D/after"
	check "$1: the session is kept" cmp -s "$D/before" "$D/after"
	check "$1: nothing of it writes to the terminal" sh -c "[ -z \"\$(tr -d '\\n -~' <'$D/err')\" ]"
}

renewed() {	# NAME REQUESTS KEY
	session_expire
	renewed_before=$(session_member refresh_token)
	ASKED=$(refreshes)
	bound "$1" "$3"
	asked "$1: $2 requests" "$2"
	check "$1: the refresh token is a new one" test "$renewed_before" != "$(session_member refresh_token)"
}

kinds() {
	dpop_key ed25519 -t ed25519
	dpop_key p256 -t ecdsa -b 256
	dpop_key p384 -t ecdsa -b 384
	dpop_key rsa -t rsa -b 2048
	for kinds_key in ed25519 p256 rsa; do
		dpop_hold "$kinds_key"
		logs_in "an $kinds_key key, by device" device "$kinds_key"
		renewed "an $kinds_key key, renewed" 1 "$kinds_key"
	done
	logs_in 'by browser' browser rsa
	check 'the code was bound to the key' grep -q "[?&]dpop_jkt=$(dpop_jkt rsa)\(&\|\$\)" "$D/login.err"
	renewed 'by browser, renewed' 1 rsa
	dpop_hold p384 p256 ed25519
	logs_in 'the first key that can' browser p256
}

chosen() {
	dpop_conf "$(dpop_print ed25519)"
	logs_in 'the key that login.conf chose' browser ed25519
	dpop_hold p256 rsa
	refused 'and the agent does not have it' 2 "the ssh-agent does not have the key $(dpop_print ed25519): run ssh-add" browser
	dpop_conf "$(dpop_print p384)"
	dpop_hold p384
	refused 'one that cannot' 2 'the chosen key cannot make a proof: it must be ed25519, ECDSA P-256 or RSA' browser
	dpop_hold
	dpop_conf ssh-agent
	refused 'no key' 2 'the ssh-agent has no key for a proof: ed25519, ECDSA P-256 or RSA; FIDO keys' browser
	check 'nobody was asked to open a page' sh -c "! grep -q http '$D/err'"
}

# An agent whose one key is a FIDO key.
fido() {
	python3 -c 'import os, socket, struct, sys
s = lambda b: struct.pack(">I", len(b)) + b
blob = s(b"sk-ssh-ed25519@openssh.com") + s(bytes(32)) + s(b"ssh:")
answer = s(b"\x0c" + struct.pack(">I", 1) + s(blob) + s(b"key"))
listener = socket.socket(socket.AF_UNIX); listener.bind(sys.argv[1]); listener.listen()
os.chmod(sys.argv[1], 0o777)
while True:
    c = listener.accept()[0]
    if c.recv(100): c.sendall(answer)' "$D/agent/fido" &
	NS_PIDS="$! $NS_PIDS"
	wait_for 5 test -S "$D/agent/fido"
	SESSION_ENV="SSH_AUTH_SOCK=$D/agent/fido"
	refused 'a FIDO key alone' 2 'the ssh-agent has no key for a proof: .*; FIDO keys cannot make one' browser
	SESSION_ENV="SSH_AUTH_SOCK=$AGENT"
}

# The agent does not have the key of the session.
gone() {
	dpop_hold ed25519
	logs_in 'once more' browser ed25519
	dpop_hold p256 rsa
	gone_words="${KEPT}the ssh-agent does not have the key $(dpop_print ed25519): run ssh-add"
	survives 'a key that is gone' 0 "$gone_words"
	SESSION_ENV=
	survives 'no agent' 0 "${KEPT}no ssh-agent answers at SSH_AUTH_SOCK"
	SESSION_ENV="SSH_AUTH_SOCK=$AGENT"
	dpop_hold rsa ed25519
	renewed 'it is there again, and not the first' 1 ed25519
	SESSION_ENV=
	says 'a token that is good needs no agent' 0 '' token --host one.test
	SESSION_ENV="SSH_AUTH_SOCK=$AGENT"
	dpop_conf
	says 'dpop was taken out of login.conf' 1 'login.conf has changed since you logged in at corp: pam-jwt login corp' token --host one.test
	dpop_conf "$(dpop_print rsa)"
	says 'another key is in login.conf' 1 'login.conf has changed since you logged in at corp: pam-jwt login corp' token --host one.test
	dpop_conf "$(dpop_print ed25519)"
	says 'the same key' 0 '' token --host one.test
	dpop_conf ssh-agent
}

# What the provider takes, and what it gives.
provider() {
	dpop_hold ed25519
	op_control 'state?dpop_algs=ES256%20RS256'
	refused 'an alg that the provider does not take' 2 \
		'the provider accepts no proof by a key of the ssh-agent, only by a key for ES256 RS256' browser
	op_control 'state?dpop_algs=ES256%20Ed25519'
	logs_in 'the new name of EdDSA' browser ed25519
	check 'the session has it' test "$(session_member dpop_alg)" = Ed25519
	renewed 'the new name of EdDSA, renewed' 1 ed25519
	op_control 'state?dpop_algs=ES256%20EdDSA%20RS256'
	op_control 'state?dpop=no'
	refused 'a provider without DPoP' 2 'it does not bind its tokens to the ssh key, as dpop in login.conf wants; its token_type is Bearer' browser
	op_control 'state?dpop=yes'
	op_control 'state?fault=unbound'
	refused 'a token without cnf' 2 "its token is not bound to the ssh key $(dpop_print ed25519): its cnf is missing" browser
	op_control 'state?fault=stranger'
	refused 'a token for the key of another' 2 "its token is not bound to the ssh key $(dpop_print ed25519): its cnf names another key" browser
	op_control 'state?fault=none'
	logs_in 'a provider that does it right' browser ed25519
	for provider_fault in bearer unbound stranger; do
		op_control "state?fault=$provider_fault"
		survives "renewed: $provider_fault" 1 "$KEEPS.*"
	done
	op_control 'state?fault=none'
}

nonces() {
	op_control 'state?dpop=nonce'
	logs_in 'a nonce, by browser' browser ed25519
	renewed 'a nonce, renewed' 2 ed25519
	nonces_before=$(op_requests '^POST /token .*device_code use_dpop_nonce')
	logs_in 'a nonce, by device' device ed25519
	nonces_now=$(op_requests '^POST /token .*device_code use_dpop_nonce')
	check 'the nonce of an answer was kept for the next request' test "$((nonces_now - nonces_before))" -eq 1
	op_control 'state?dpop=yes'
	for nonces_fault in nonce-loop proof-loop; do
		op_control "state?fault=$nonces_fault"
		survives "without end: $nonces_fault" 2 "${KEEPS}it wants a proof by an ssh key.*"
	done
	for nonces_fault in nonce-line nonce-long proof-year; do
		op_control "state?fault=$nonces_fault"
		survives "not taken: $nonces_fault" 1 "${KEEPS}it wants a proof by an ssh key.*"
	done
	# No answer comes out of pam-jwt-net, and a question without an answer is asked again once.
	op_control 'state?fault=nonce-big'
	survives 'a nonce of 1 MB' 2 "$KEEPS.*"
	op_control 'state?fault=none'
	renewed 'a provider that is well again' 1 ed25519
}

# oidc-provider takes a proof for 300 s.
clocks() {
	if ! cc -shared -fPIC -D_GNU_SOURCE -o "$D/clock_ahead.so" "$P/tests/programs/clock_ahead.c" 2>/dev/null; then
		skip 'a wrong clock' 'there is no compiler'
		return
	fi
	for clocks_dpop in yes nonce; do
		op_control "state?dpop=$clocks_dpop"
		for clocks_off in 320 -320 3600; do
			SESSION_ENV="SSH_AUTH_SOCK=$AGENT CLOCK_AHEAD=$clocks_off LD_PRELOAD=$D/clock_ahead.so"
			renewed "a clock that is off by $clocks_off s, dpop=$clocks_dpop" 2 ed25519
		done
		# Not with 3600: the browser has this clock, too, and would take its cookies for old.
		SESSION_ENV="SSH_AUTH_SOCK=$AGENT CLOCK_AHEAD=320 LD_PRELOAD=$D/clock_ahead.so"
		logs_in "a login by browser, dpop=$clocks_dpop, the clock off" browser ed25519
	done
	SESSION_ENV="SSH_AUTH_SOCK=$AGENT"
	op_control 'state?dpop=yes'
}

# ssh-add -c: the agent asks its user before each signature.
confirmed() {
	provider_end "$AGENT_PID"
	rm -f "$AGENT"
	printf '#!/bin/sh\nsleep "$(cat "%s/wait")"\nexit "$(cat "%s/says")"\n' "$D" "$D" >"$D/confirm"
	chmod 755 "$D/confirm"
	echo 0 >"$D/wait"
	echo 0 >"$D/says"
	CONFIRM=$D/confirm
	dpop_agent
	dpop_add -c "$D/keys/ed25519"
	renewed 'the user of the agent agrees' 1 ed25519
	echo 1 >"$D/says"
	survives 'the user of the agent does not' 0 "${KEPT}the ssh-agent did not sign"
	echo 20 >"$D/wait"
	confirmed_start=$(date +%s)
	survives 'the user of the agent is not there' 0 "${KEPT}the ssh-agent did not answer in time"
	confirmed_took=$(($(date +%s) - confirmed_start))
	check "it is given up in time: $confirmed_took s" test "$confirmed_took" -le 10
	echo 0 >"$D/wait"
	echo 0 >"$D/says"
	dpop_hold ed25519
}

# alice came by ssh -A, so that the agent is on another machine.
forwarded() {
	sshd_find || { skip 'an agent that is forwarded' 'there is no sshd' && return; }
	SSHD_MORE=forwarded_sshd
	sshd_start || { fail 'an agent that is forwarded: sshd starts' @"$D/sshd.log" && return; }
	session_expire
	# shellcheck disable=SC2016 # for the shell over there
	forwarded_command='case $SSH_AUTH_SOCK in "'$AGENT'" | "") exit 1 ;; esac; exec env '
	as_alice "SSH_AUTH_SOCK=$AGENT" ssh -F none -A -p "$PORT" -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR \
		alice@127.0.0.1 "${forwarded_command}HOME=$SESSION_HOME XDG_RUNTIME_DIR=$SESSION_RUNTIME $JWT token corp --host one.test" \
		>"$D/out" 2>"$D/err" </dev/null || :
	forwarded_got=$(token_jkt <"$D/out")
	check 'an agent that is forwarded by ssh -A' test "$forwarded_got" = "$(dpop_jkt ed25519)"
	[ -n "$forwarded_got" ] || fail 'what it said' @"$D/err" @"$D/sshd.log"
}

# shellcheck disable=SC2317,SC2329 # called by sshd_configure
forwarded_sshd() {
	sed -i -e 's/^UsePAM yes/UsePAM no/' -e 's/^PubkeyAuthentication no/PubkeyAuthentication yes/' "$D/sshd_config"
	echo "AuthorizedKeysFile $D/keys/ed25519.pub" >>"$D/sshd_config"
}

provider_names provider.test
op_start provider.test || { fail 'oidc-provider starts' @"$D/op/log" && finish; }
session_prepare
dpop_prepare
kinds
chosen
fido
gone
provider
nonces
clocks
confirmed
forwarded
says 'logout' 0 '' logout corp
finish
