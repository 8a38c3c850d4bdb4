#!/bin/sh
# pam-jwt login, token and logout with an issuer over ssh: what ssh is run with, and what becomes of each answer. A stand-in plays
# ssh, because the real one cannot be made to fail in each of these ways; tests/issuer/home.sh has the real one.
#
#     BUILD=build sh tests/login/home.sh         from the top of the tree
set -u

# shellcheck disable=SC2034 # for cli.sh
AREA=home
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh
: "${tool:?}" "${dir:?}"
if [ -e /etc/pam_jwt/login.conf ]; then
	skip 'an issuer over ssh' 'this machine has a login.conf for everybody'
	finish
fi

config=$dir/config/pam-jwt/login.conf
session=$dir/run/pam-jwt/session/home
mkdir -p "$dir/config/pam-jwt" "$dir/home" "$dir/bin" "$dir/seen"
mkdir -m 700 "$dir/run"
XDG_CONFIG_HOME=$dir/config XDG_RUNTIME_DIR=$dir/run HOME=$dir/home
export XDG_CONFIG_HOME XDG_RUNTIME_DIR HOME
unset XDG_STATE_HOME SSH_AUTH_SOCK SSH_CONNECTION SSH_TTY
SSH_ASKPASS=/bin/false SSH_ASKPASS_REQUIRE=force
export SSH_ASKPASS SSH_ASKPASS_REQUIRE
PATH=$dir/bin:$PATH

b64() {
	base64 -w 0 | tr '+/' '-_' | tr -d '='
}

# A token that nobody has signed: hosts verify signatures, and login does not.
jwt() {	# AUD-AS-JSON SUB LIFE [MEMBERS]
	jwt_now=$(date +%s)
	printf '%s.%s.c2ln' "$(printf '{"alg":"ES256","typ":"at+jwt"}' | b64)" \
		"$(printf '{"iss":"https://id.test","sub":"%s","aud":%s,"iat":%s,"exp":%s%s}' "$2" "$1" "$jwt_now" "$((jwt_now + $3))" \
			"${4:-}" | b64)"
}

# The stand-in notes how it was run, and does what $dir/plan says with its words.
cat >"$dir/bin/ssh" <<END
#!/bin/sh
n=\$(ls "$dir/seen" | wc -l)
{
	printf 'argv'
	printf ' %s' "\$@"
	printf '\naskpass %s%s\n' "\${SSH_ASKPASS-unset}" "\${SSH_ASKPASS_REQUIRE-unset}"
	printf 'session %s\n' "\$([ "\$(ps -o sid= -p \$\$ | tr -d ' ')" = \$\$ ] && echo own)"
	printf 'stdin '
	cat
	printf '\n'
} >"$dir/seen/\$n"
exec sh "$dir/plan"
END
chmod 755 "$dir/bin/ssh"

plan() {	# SHELL-TEXT
	printf '%s\n' "$1" >"$dir/plan"
}

# An answer, and the status.
answers() {	# TEXT STATUS
	printf '%s' "$1" >"$dir/answer"
	plan "cat '$dir/answer'; exit $2"
}

conf() {	# LINE...
	{ printf '[login home]\nissuer = tokens@issuer.test\n' && printf '%s\n' "$@"; } >"$config"
}

one() {	# [LIFE [REFRESH-TOKEN [SUB]]]
	printf '{"token_type":"Bearer","access_token":"%s","expires_in":%s,"refresh_token":"%s"}\n' \
		"$(jwt '"ssh://one.test"' "${3:-alice}" "${1:-600}")" "${1:-600}" "${2:-R1}"
}

says() {	# TEXT
	grep -qF -e "$1" "$dir/out"
	result $? "  it says: $1" "@$dir/out"
}

asked() {	# NUMBER NAME
	asked_now=$(find "$dir/seen" -type f | wc -l)
	result "$((asked_now != $1))" "  ssh ran so often: $2" "$asked_now, wanted $1"
}

saw() {	# LINE: of the last ssh, which is forgotten
	saw_last=$(find "$dir/seen" -type f | wc -l)
	grep -qxF -e "$1" "$dir/seen/$((saw_last - 1))"
	result $? "  it ran: $1" "@$dir/seen/$((saw_last - 1))"
}

forget() {
	rm -f "$dir/seen/"*
}

# A session whose token is over.
expire() {
	sed -i -e 's/"taken":[0-9]*/"taken":0/g' -e 's/"life":[0-9]*/"life":1/g' "$session"
}

holds() {	# REFRESH-TOKEN
	grep -qF "\"refresh_token\":\"$1\"" "$session" && grep -q '"is_over":false' "$session"
	result $? "  the session is kept, with the refresh token $1" "@$session"
}

options='-T -a -x -o ClearAllForwardings=yes -o PermitLocalCommand=no'
leave='pam-jwt login home'

# --- a login ----------------------------------------------------------------------------------------------------------

conf 'hosts = one.test'
run 1 'nobody has logged in' token home --host one.test
says "you are not logged in at home: $leave"
answers "$(one)" 0
run 0 'a login for one host' login home
says 'alice at home'
[ "$(wc -l <"$dir/out")" -eq 1 ]
result $? '  and no warning: the token is bound to no key' "@$dir/out"
saw "argv $options -- tokens@issuer.test login ssh://one.test"
saw 'askpass unsetunset'
saw 'session '
saw 'stdin '
run 0 'its token' token home --host one.test
forget
run 0 'again, without ssh' token --host one.test
asked 0 never
run 0 '--status' login --status
says 'home: alice at tokens@issuer.test, a token for '
says ', renewed until the issuer ends it'
run 0 '--status --json' login --status --json
says '"issuer":"tokens@issuer.test","subject":"alice","usable":true'
run 0 '--ssh-config' login --ssh-config
says 'Match host one.test exec "pam-jwt login --status --quiet home"'
says 'PreferredAuthentications publickey,keyboard-interactive,gssapi-with-mic,hostbased,password'
conf 'hosts = one.test' 'bearer = yes'
run 0 '--ssh-config, with tokens that no key is bound to' login --ssh-config
says 'PreferredAuthentications keyboard-interactive,gssapi-with-mic,hostbased,publickey,password'
conf 'hosts = one.test'
[ "$(stat -c %a "$session")" = 600 ]
result $? 'the session is for nobody else'
run 2 '--device' login home --device
says 'home is an issuer over ssh: --device, --browser and --max-age are for a provider'
run 2 '--max-age' login home --max-age 5m

conf 'hosts = one.test two.test' 'compact = yes' 'bearer = yes'
two() {	# AUD-OF-THE-SECOND SUB-OF-THE-SECOND
	printf '{"token_type":"bearer","tokens":{"ssh://one.test":{"access_token":"%s","expires_in":600},"%s":{"access_token":"%s"' \
		"$(jwt '"ssh://one.test"' alice 600)" "$1" "$(jwt "[\"$1\"]" "$2" 300)"
	printf '}},"refresh_token":"R2","refresh_expires_in":7200}\n'
}
answers "$(two ssh://two.test alice)" 0
forget
run 0 'a login for two hosts' login home
says 'alice at home until '
grep -qxF "argv $options -- tokens@issuer.test login --compact --bearer ssh://one.test ssh://two.test" "$dir/seen/0"
result $? '  with compact and bearer' "@$dir/seen/0"
saw "argv $options -o BatchMode=yes -- tokens@issuer.test logout"
saw 'stdin R1'
run 0 'the token of the other host' token home --host two.test
run 1 'a third host' token home --host three.test
answers "$(two ssh://three.test alice)" 0
run 2 'an answer without the token of a host' login home
says 'login at home: it gave no token for ssh://two.test'
holds R2
answers "$(two ssh://two.test bob)" 0
run 2 "an answer with somebody else's token" login home
says "its token belongs to another person: bob"
holds R2

# --- the key ------------------------------------------------------------------------------------------------------------

if command -v ssh-agent >"$dir/out" && command -v ssh-keygen >>"$dir/out"; then
	conf 'hosts = one.test'
	ssh-keygen -q -t ed25519 -N '' -f "$dir/key"
	print=$(ssh-keygen -lf "$dir/key.pub" | cut -d ' ' -f 2)
	answers "$(printf '{"token_type":"Bearer","access_token":"%s","refresh_token":"R2"}' \
		"$(jwt '"ssh://one.test"' alice 600 ",\"cnf\":{\"jkt\":\"$("$tool" key thumbprint <"$dir/key.pub")\"}")")" 0
	bound='warning: the tokens of home are bound to the ssh key that you have just used, and hosts will ask for it: '
	run 0 'tokens that are bound to a key, and no ssh-agent' login home
	says "${bound}no ssh-agent answers at SSH_AUTH_SOCK"
	eval "$(ssh-agent -a "$dir/agent")" >"$dir/out"
	run 0 'an ssh-agent without the key' login home
	says "${bound}the ssh-agent does not have it: run ssh-add"
	ssh-add -q "$dir/key"
	run 0 'an ssh-agent with the key' login home
	says "alice at home, by the ssh key $print"
	[ "$(wc -l <"$dir/out")" -eq 1 ]
	result $? '  and no warning' "@$dir/out"
	kill "$SSH_AGENT_PID"
	unset SSH_AUTH_SOCK SSH_AGENT_PID
else
	skip 'the key of the tokens' 'there is no ssh-agent'
fi

# --- answers that are none --------------------------------------------------------------------------------------------

conf 'hosts = one.test'
answers "$(one)" 0
run 0 'a login' login home

refuses() {	# STATUS NAME TEXT: of a login, whose session stays
	run "$1" "login: $2" login home
	says "$3"
	grep -q '[^[:print:][:space:]]' "$dir/out"
	result "$((! $?))" '  nothing but what can be printed' "@$dir/out"
	holds R1
}

answers '' 0
refuses 2 'nothing' 'its answer is not accepted: it is empty; does sshd there run pam-jwt issuer serve for this user?'
answers "$(one)
$(one)" 0
refuses 2 'two lines' 'its answer is not accepted: it is not a JSON object'
answers '{"token_type":"Bearer","token_type":"Bearer"}' 0
refuses 2 'a member twice' 'an object in it has two members of one name'
answers "$(one | sed 's/Bearer/DPoP/')" 0
refuses 2 'another token_type' 'its token_type is not Bearer'
answers "$(one | sed 's/{/{"error":"x",/')" 0
refuses 2 'an error and a status of 0' 'it has an error'
answers "$(one | sed 's/"access_token":"[^"]*"/"access_token":"opaque"/')" 0
refuses 2 'an opaque token' 'its token is not a JWT'
answers "$(one | sed 's/"refresh_token":"R1"/"refresh_token":"R\\u001b1"/')" 0
refuses 2 'an escape sequence in the refresh token' 'it gave no valid refresh token'
answers "$(printf '{"token_type":"Bearer","access_token":"%s","refresh_token":"R3"}' "$(jwt '"ssh://two.test"' alice 600)")" 0
refuses 2 'a token for another host' 'its token is not for what was asked, ssh://one.test'
answers "$(printf '{"token_type":"Bearer","access_token":"%s","refresh_token":"R3"}' \
	"$(jwt '["ssh://one.test","ssh://two.test"]' alice 600)")" 0
refuses 2 'a token for another host as well' 'its token is not for what was asked'
answers "$(one 0)" 0
refuses 2 'a token that ends at once' 'its token has no end, or ends before it begins'
answers '{"error":"access_denied","error_description":"\u001b[31mno\u202e"}' 1
refuses 1 'a refusal, with an escape sequence' 'the login was denied (access_denied: \x1b[31mno\xe2\x80\xae)'
answers '{"error":"invalid_target"}' 1
refuses 2 'a host that it gives no token for' 'none of its grants gives you such a token for one of these hosts: ask its administrator'
answers 'login: Cannot possibly work without effective root' 1
refuses 2 'another program there' 'it refused, and did not say why; does sshd there run pam-jwt issuer serve for this user?'
answers '{"error":"server_error"}' 2
refuses 2 'trouble' 'it has trouble, try again later'
answers '' 126
refuses 2 'another status' 'it ended with status 126'
plan 'kill -9 $$'
refuses 2 'ssh that is killed' 'ssh was ended by a signal'
# shellcheck disable=SC2016 # the stand-in's
plan 'head -c 10000000 /dev/zero | tr "\\0" a; touch '"$dir/all"
refuses 2 'ten megabytes' 'it wrote more than any answer has'
[ ! -e "$dir/all" ]
result $? '  ssh was ended before that'

# A person who presses ^C: the session of before is still there.
# shellcheck disable=SC2016 # the stand-in's
plan 'kill -INT $PPID; sleep 0.2'
run 130 '^C at a login' login home
holds R1

# --- what ssh says ----------------------------------------------------------------------------------------------------

fails() {	# NAME SAID ADVICE
	printf '%s\n' "$2" >"$dir/said"
	plan "cat '$dir/said' >&2; exit 255"
	refuses 2 "$1" "$3"
	says "ssh: $(printf '%s' "$2" | tail -n 1)"
}

fails 'a key that is not listed' 'tokens@issuer.test: Permission denied (publickey).' \
	'is your key in the ssh-agent (ssh-add -l), and listed there (pam-jwt issuer people add)?'
fails 'an unknown host key' 'No ED25519 host key is known for issuer.test and you have requested strict checking.
Host key verification failed.' 'ssh does not trust its host key'
fails 'another host key' '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
Host key verification failed.' 'its host key is not the one that ssh knows'
fails 'a name that nobody has' 'ssh: Could not resolve hostname issuer.test: Name or service not known' \
	'is issuer in login.conf right, and is the network there?'
fails 'a host that is down' 'ssh: connect to host issuer.test port 22: Connection refused' 'it cannot be reached: try again later'
fails 'a fault in its configuration' "$HOME/.ssh/config: terminating, 1 bad configuration options" '.ssh/config has an error'
fails 'something else' 'kex_exchange_identification: read: Connection reset by peer' 'login at home: ssh failed'
# shellcheck disable=SC2016 # the stand-in's
plan 'printf "Welcome\\033[31m\\r\\n\\033]0;x\\007bye\\n" >&2; cat "'"$dir/answer"'"'
one >"$dir/answer"
run 0 'a banner with escape sequences' login home
says 'ssh: Welcome\x1b[31m'
says 'ssh: \x1b]0;x\x07bye'
plan "yes x >&2 & cat '$dir/answer'; kill \$!"
run 0 'words without an end' login home
[ "$(grep -c '^ssh: x$' "$dir/out")" -le 100 ]
result $? '  a hundred lines are shown'
mv "$dir/bin/ssh" "$dir/bin/ssh.off"
kept=$PATH
PATH=$dir/bin
run 2 'no ssh' login home
PATH=$kept
mv "$dir/bin/ssh.off" "$dir/bin/ssh"
says 'ssh: ssh cannot be run: No such file or directory'
says 'login at home: ssh failed: is the client of OpenSSH installed, and in PATH?'
holds R1
# A process that outlives ssh, and holds its pipes, is not waited for.
plan "sleep 20 & cat '$dir/answer'"
before=$(date +%s)
run 0 'a master of ControlPersist' login home
[ "$(($(date +%s) - before))" -lt 15 ]
result $? '  nobody waits for it'

# --- a refresh --------------------------------------------------------------------------------------------------------

fresh() {
	answers "$(one)" 0
	"$tool" login home --quiet >/dev/null 2>&1
	expire
	forget
}

fresh
answers "$(one 600 R2)" 0
run 0 'a refresh' token home --host one.test
asked 1 once
saw "argv $options -o BatchMode=yes -- tokens@issuer.test refresh ssh://one.test"
saw 'askpass unsetunset'
saw 'session own'
saw 'stdin R1'
holds R2
[ "$(wc -l <"$dir/out")" -eq 1 ]
result $? '  it prints the token alone' "@$dir/out"

answers "$(one 601 R2)" 0
expire
forget
for n in 1 2 3 4 5 6 7 8; do
	"$tool" token home --host one.test >"$dir/token.$n" 2>&1 </dev/null &
done
wait
asked 1 'once, for eight at the same time'
[ "$(cat "$dir"/token.* | sort -u | wc -l)" -eq 1 ] && grep -q '^e' "$dir/token.8"
result $? '  they have the same token' "@$dir/token.1" "@$dir/token.8"

keeps() {	# STATUS NAME TEXT TIMES [REFRESH-TOKEN]: of a refresh
	expire
	forget
	run "$1" "refresh: $2" token home --host one.test
	says "$3"
	asked "$4" "$4"
	holds "${5:-R2}"
}

plan 'echo "tokens@issuer.test: Permission denied (publickey)." >&2; exit 255'
keeps 2 'the agent lacks the key' 'home gives no new token now, and your login is kept: ssh failed: tokens@issuer.test: Permission denied' 1
plan 'echo "ssh: connect to host issuer.test port 22: Connection refused" >&2; exit 255'
keeps 2 'the host is down' 'it cannot be reached: try again later' 1
plan 'echo "Connection to issuer.test closed by remote host." >&2; exit 255'
keeps 2 'a connection that ends in between: it is asked again' 'closed by remote host' 2
answers '' 0
keeps 2 'nothing' 'its answer is not accepted: it is empty' 2
answers '{"error":"server_error"}' 2
keeps 2 'trouble' 'it has trouble, try again later' 1
answers '{"error":"invalid_grant"}' 2
keeps 2 'invalid_grant with a status of trouble' 'it has trouble, try again later' 1
answers '{"error":"invalid_grant"}' 0
keeps 2 'invalid_grant with a status of 0' 'its answer is not accepted' 2
answers '{"error":"invalid_grant"}' 255
keeps 2 'invalid_grant, and ssh fails' 'ssh failed' 2
# shellcheck disable=SC2016 # the stand-in's
plan 'kill -TERM $$; sleep 0.1; cat '"'$dir/answer'"
keeps 2 'a signal' 'ssh was ended by a signal' 2
answers 'sh: refresh: not found' 127
keeps 2 'no issuer there' 'it ended with status 127' 1
answers '' 1
keeps 1 'a refusal that says nothing' 'home does not renew your login, and it is kept: it refused, and did not say why' 1
answers '{"error":"invalid_target"}' 1
keeps 1 'no token for this host any more' 'log in again with --host one.test' 1
answers "$(one 600 R5 bob)" 0
keeps 2 "another person's token; the new refresh token counts" "its token belongs to another person: bob" 1 R5
answers "$(printf '{"token_type":"Bearer","access_token":"%s","refresh_token":"R6"}' "$(jwt '"ssh://two.test"' alice 600)")" 0
keeps 2 "another host's token" 'its token is not for what was asked, ssh://one.test' 1 R6
plan 'trap "" TERM; sleep 30'
expire
before=$(date +%s)
run 2 'refresh: ssh that hangs' token home --host one.test
says 'ssh took too long and was ended: if your key wants a touch, token_endpoint in login.conf renews without ssh'
[ "$(($(date +%s) - before))" -lt 20 ]
result $? '  it took no longer than a provider may'
holds R6

# A host that the login did not ask for.
conf 'hosts = one.test four.test'
forget
run 1 'a host that the login did not ask for' token home --host four.test
says 'your login at home gives no token for four.test: log in again with --host four.test'
asked 0 never
conf 'hosts = one.test'

# Signals that wait while it runs do not wait in ssh. A shell would not show it: it unblocks them itself.
mv "$dir/bin/ssh" "$dir/bin/ssh.off"
cat >"$dir/bin/ssh" <<END
#!$(command -v python3)
import shutil, sys
shutil.copy("/proc/self/status", "$dir/status")
sys.stdout.write(open("$dir/answer").read())
END
chmod 755 "$dir/bin/ssh"
one 600 R6 >"$dir/answer"
expire
run 0 'a refresh, by another stand-in' token home --host one.test
grep -q '^SigBlk:[[:space:]]*0*$' "$dir/status"
result $? '  no signal is blocked in it' "@$dir/status"
mv "$dir/bin/ssh.off" "$dir/bin/ssh"

# ^C between the question and the answer: the session has what came.
plan "kill -INT \$PPID; kill -TERM \$PPID; sleep 0.3; cat '$dir/answer'"
one 600 R7 >"$dir/answer"
expire
"$tool" token home --host one.test >"$dir/out" 2>&1 </dev/null
holds R7

answers '{"error":"invalid_grant"}' 1
expire
forget
run 1 'invalid_grant' token home --host one.test
says "your login at home is over: $leave"
asked 1 once
grep -q '"is_over":true' "$session"
result $? '  the session is over' "@$session"
run 1 'its status' login --status
says "home: the login is over: $leave"

# --- a logout ---------------------------------------------------------------------------------------------------------

fresh
answers '' 0
run 0 'a logout' logout home
says 'logged out: home'
saw "argv $options -- tokens@issuer.test logout"
saw 'stdin R1'
[ ! -e "$session" ]
result $? '  the session is gone'
fresh
plan 'echo "ssh: connect to host issuer.test port 22: Connection refused" >&2; exit 255'
run 1 'a logout that the issuer does not hear' logout home
says 'home could not be told, and the login may go on there: ssh failed: it cannot be reached: try again later'
says 'logged out: home'
[ ! -e "$session" ]
result $? '  the session is gone'
fresh
rm "$config"
answers '' 0
run 0 'a logout without its section' logout home
saw "argv $options -- tokens@issuer.test logout"
conf 'hosts = one.test'
fresh
sed -i 's/"issuer":"tokens@issuer.test"/"issuer":"-oProxyCommand=x"/' "$session"
run 1 'a session that names an option' logout home
says 'the session does not say where'
asked 0 never

# --- token_endpoint ---------------------------------------------------------------------------------------------------

conf 'hosts = one.test' 'token_endpoint = https://127.0.0.1:1/token'
fresh
forget
run 2 'a refresh by token_endpoint, where nobody listens' token home --host one.test
asked 0 never
holds R1
finish
