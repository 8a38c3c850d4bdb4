#!/bin/sh
# The key of the issuer is in an ssh-agent: a real one for each algorithm, one with SoftHSM behind it, and one that lies. The issuer
# has no private number, and no signature leaves that hosts would refuse.
#
#     BUILD=build sh tests/issuer/agent.sh     from the top of the tree, as root
set -u
cd "$(dirname "$0")/../.." || exit 1
AREA='issuer agent'
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh
[ "$(id -u)" -eq 0 ] || { skip 'agents' 'root alone may write issuer.conf' && finish; }
for program in ssh-agent ssh-add ssh-keygen setpriv; do
	command -v "$program" >/dev/null || { skip 'agents' "there is no $program" && finish; }
done
# shellcheck source=tests/lib/issuer.sh
. tests/lib/issuer.sh
issuer_begin || { skip 'agents' 'the clock in front of libc cannot be compiled' && finish; }
AGENT_PID=
trap 'agent_stop; rm -rf "$dir"' EXIT
sockets=$dir/sockets
socket=$sockets/agent
install -d -o nobody -m 700 "$sockets" "$dir/keys"

# In the place of the shell that calls it, so that $! is the program itself after "&".
exec_as_nobody() {
	exec setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups env HOME="$dir/keys" SSH_AUTH_SOCK="$socket" "$@"
}

as_nobody() {
	(exec_as_nobody "$@")
}

agent_stop() {
	[ -z "$AGENT_PID" ] || { kill "$AGENT_PID" && wait "$AGENT_PID"; } 2>/dev/null
	AGENT_PID=
	rm -f "$socket"
}

agent_wait() {
	agent_left=500
	while [ "$agent_left" -gt 0 ] && ! [ -S "$socket" ]; do
		sleep 0.02
		agent_left=$((agent_left - 1))
	done
}

agent_start() {	# OPTION...
	agent_stop
	exec_as_nobody ssh-agent -D -a "$socket" "$@" >"$dir/agent.log" 2>&1 &
	AGENT_PID=$!
	agent_wait
}

liar_start() {	# MODE
	agent_stop
	exec_as_nobody "$issuer_build/tests/programs/badagent" "$socket" "$1" "$dir/keys/true.pem" "$dir/keys/other.pem" &
	AGENT_PID=$!
	agent_wait
	sleep 0.1
}

make_key() {	# NAME OPTION...
	make_key_name=$1
	shift
	as_nobody ssh-keygen -q -N '' -C "$make_key_name" -f "$dir/keys/$make_key_name" "$@"
}

by_agent() {	# COMMAND... NAME: with the key of that name
	for by_agent_name; do :; done
	echo "--agent $dir/keys/$by_agent_name.pub --socket $socket"
}

# Whether the issuer has no private number: no key file, and no member d in any file.
has_none() {
	[ -z "$(find "$store" -name '*.jwk')" ] && ! grep -rq '"d"' "$store" "$www"
}

# --- a real agent ----------------------------------------------------------------------------------------------------

make_key ES256 -t ecdsa -b 256
make_key ES384 -t ecdsa -b 384
make_key Ed25519 -t ed25519
make_key RS256 -t rsa -b 2048
make_key absent -t ed25519
agent_start
as_nobody ssh-add -q "$dir/keys/ES256" "$dir/keys/ES384" "$dir/keys/Ed25519" "$dir/keys/RS256" 2>"$dir/err"
for alg in ES256 ES384 Ed25519 RS256; do
	issuer_conf "$alg"
	prepare
	# shellcheck disable=SC2046 # words
	want 0 "$alg: init" init $(by_agent "$alg")
	mint "$dir/token" && takes "$www/jwks.json" "$dir/token"
	result $? "$alg: a host takes the token" "@$dir/err" "@$dir/verdict"
	check "$alg: the issuer has no private number" has_none
done
# One signature in 64 has an r or an s that begins with a zero byte.
issuer_conf ES256
prepare
# shellcheck disable=SC2046 # words
issuer init $(by_agent ES256)
cp "$www/jwks.json" "$dir/set"
python3 - "$try" "$conf" "$jwt" "$host" <<'END' >"$dir/out" 2>&1
import base64, subprocess, sys
short = 0
for _ in range(40):
    tokens = subprocess.run([*sys.argv[1:3], 'ssh://one', '300'], capture_output=True, check=True, text=True).stdout.split()
    for token in tokens:
        raw = base64.urlsafe_b64decode(token.split('.')[2] + '==')
        assert len(raw) == 64, len(raw)
        subprocess.run([sys.argv[3], 'verify', '--config', sys.argv[4], '--service', 'sshd', '--user', 'root'], input=token,
                       text=True, check=True, stdout=subprocess.DEVNULL)
END
result $? 'forty signatures have their full length, and hosts take them' "@$dir/out"

# shellcheck disable=SC2046 # words
refusals() {
	want 1 'a key that the issuer has already' key new $(by_agent ES256)
	want 2 'a key for another algorithm' key new $(by_agent Ed25519)
	says 'is refused by name' 'the key signs by Ed25519, and issuer.conf has algorithm = ES256'
	want 2 'a key that the agent does not have' key new $(by_agent absent)
	says 'is refused by name' 'the ssh-agent does not have the key SHA256:.*, or is locked'
	issuer_conf PS256
	want 2 'an RSA key with PS256' key new $(by_agent RS256)
	says 'is refused by name' 'signs by RS256, and issuer.conf has algorithm = PS256'
	issuer_conf ES256
	want 2 'a socket by a relative path' key new --agent "$dir/keys/ES256.pub" --socket sockets/agent
	want 2 'no socket' key new --agent "$dir/keys/ES256.pub" --socket "$dir/nothing"
	want 2 'a public key without its agent' key new --agent "$dir/keys/ES256.pub"
	want 2 'a private key in the place of the public one' key new --agent "$dir/keys/ES256" --socket "$socket"
	! grep -qE 'PRIVATE|b3Bl' "$dir/out"
	result $? 'which is not shown'
	as_nobody ssh-keygen -q -s "$dir/keys/absent" -I x -n x "$dir/keys/ES256.pub"
	want 2 'a certificate' key new --agent "$dir/keys/ES256-cert.pub" --socket "$socket"
	says 'is refused by name' 'it is a certificate'
	chmod 777 "$sockets"
	want 2 'a socket in a folder that others may write' key new $(by_agent ES256)
	says 'is refused by name' 'others could put a socket of theirs into its folder'
	! mint "$dir/token" && [ ! -s "$dir/token" ]
	result $? 'nor does it sign there'
	chmod 700 "$sockets"
}
refusals

# Hardware joins an issuer that has a key file.
prepare
issuer init
# shellcheck disable=SC2046 # words
want 0 'a key of the agent comes after a key file' key new $(by_agent ES256)
as_nobody ssh-add -q -d "$dir/keys/ES256" 2>"$dir/err"
want 2 'it does not become active while the agent does not have it' key activate --force
says 'and the message says why' 'the ssh-agent does not have the key, or is locked'
[ -n "$(kids published)" ]
result $? 'so it waits'
as_nobody ssh-add -q "$dir/keys/ES256" 2>"$dir/err"
want 0 'then it becomes active' key activate --force
want 0 'and the key file is removed' key remove --force
mint "$dir/token" && takes "$www/jwks.json" "$dir/token" && has_none
result $? 'it signs, and no private number is left'
printf '#!/bin/sh\necho secret\n' >"$dir/keys/askpass"
chmod 755 "$dir/keys/askpass"
locking() {
	as_nobody env SSH_ASKPASS="$dir/keys/askpass" SSH_ASKPASS_REQUIRE=force DISPLAY=:0 "$@" </dev/null >"$dir/out" 2>&1
}
locking ssh-add -x
! mint "$dir/token" && [ ! -s "$dir/token" ] && grep -q 'does not have the key, or is locked' "$dir/err"
result $? 'a locked agent signs nothing' "@$dir/err"
locking ssh-add -X
agent_stop
! mint "$dir/token" && [ ! -s "$dir/token" ]
result $? 'an agent that is gone signs nothing' "@$dir/err"
want 0 'and the commands that need no signature work' key status

# --- an agent that lies ----------------------------------------------------------------------------------------------

make_key true -t ecdsa -b 256
for name in true other; do
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$dir/keys/$name.pem" 2>/dev/null
	chown nobody "$dir/keys/$name.pem"
	ssh-keygen -y -f "$dir/keys/$name.pem" >"$dir/keys/$name.pub" 2>"$dir/err"
done
liar_start honest
prepare
# shellcheck disable=SC2046 # words
want 0 'an agent of the test is as good as a real one' init $(by_agent true)
mint "$dir/token" && takes "$www/jwks.json" "$dir/token"
result $? 'a host takes its token' "@$dir/err"
cp -a "$store" "$dir/kept"
: >"$dir/wrong"
liars=0
for mode in flipped other-key other-text other-name null long cut empty tail outer-tail overrun huge nothing garbage partial closes \
	refuses no-key other-list list-tail; do
	liar_start "$mode"
	liars=$((liars + 1))
	if mint "$dir/token" || [ -s "$dir/token" ] || [ ! -s "$dir/err" ]; then echo "$mode: signed" >>"$dir/wrong"; fi
	# shellcheck disable=SC2046 # words
	if issuer key new $(by_agent true); then echo "$mode: key new" >>"$dir/wrong"; fi
	diff -r "$store" "$dir/kept" >>"$dir/wrong"
done
[ ! -s "$dir/wrong" ] && [ "$liars" -eq 20 ]
result $? "$liars ways to lie: no token, no key, and nothing is changed" "@$dir/wrong"
liar_start short
mint "$dir/token" && takes "$www/jwks.json" "$dir/token"
result $? 'a number that begins with a zero byte is no lie' "@$dir/err"
liar_start silent
begin=$(date +%s)
! mint "$dir/token" && [ ! -s "$dir/token" ] && grep -q 'did not answer in time' "$dir/err"
result $? 'an agent that never answers is given up' "@$dir/err"
[ $(($(date +%s) - begin)) -lt 60 ]
result $? 'in bounded time'

# --- SoftHSM ---------------------------------------------------------------------------------------------------------

at() {	# NAME PATH: the installed program, or the unpacked one
	command -v "$1" || { [ -x "$issuer_build/$2" ] && (cd "$issuer_build" && echo "$PWD/$2"); }
}

hsm() {
	hsm_util=$(at softhsm2-util softhsm2/usr/bin/softhsm2-util) && hsm_tool=$(at pkcs11-tool opensc/usr/bin/pkcs11-tool) ||
		{ skip 'SoftHSM' 'there is no softhsm2 or no opensc (sh tests/check.sh unpacks them)' && return; }
	hsm_module=
	for hsm_file in /usr/lib/softhsm/libsofthsm2.so "${hsm_util%/bin/*}/lib/softhsm/libsofthsm2.so"; do
		[ -e "$hsm_file" ] && hsm_module=$hsm_file
	done
	[ -n "$hsm_module" ] || { skip 'SoftHSM' 'its library is not found' && return; }
	# The account must reach the library, wherever the checkout is.
	cp -L "$hsm_module" "$dir/libsofthsm2.so"
	hsm_libs=$(find "${hsm_util%/bin/*}/lib" "${hsm_tool%/bin/*}/lib" -name 'lib*.so*' -printf '%h\n' 2>/dev/null | sort -u | tr '\n' ':')
	install -d -o nobody -m 700 "$dir/tokens"
	printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$dir/tokens" >"$dir/softhsm2.conf"
	export SOFTHSM2_CONF="$dir/softhsm2.conf"
	LD_LIBRARY_PATH=$hsm_libs "$hsm_util" --module "$dir/libsofthsm2.so" --init-token --free --label issuer --so-pin 4321 --pin 1234 \
		>"$dir/out" 2>&1 &&
		LD_LIBRARY_PATH=$hsm_libs "$hsm_tool" --module "$dir/libsofthsm2.so" --login --pin 1234 --keypairgen --key-type EC:prime256v1 \
			--id 01 --label issuer >>"$dir/out" 2>&1
	result $? 'SoftHSM: a key is made in the token' "@$dir/out"
	chown -R nobody "$dir/tokens"
	LD_LIBRARY_PATH=$hsm_libs "$hsm_tool" --module "$dir/libsofthsm2.so" --login --pin 1234 --list-objects --type privkey >"$dir/out" 2>&1
	grep -q 'Access: .*sensitive.*never extractable' "$dir/out"
	result $? 'SoftHSM: it cannot be taken out of the token' "@$dir/out"
	chown -R nobody "$dir/tokens"
	printf '#!/bin/sh\necho 1234\n' >"$dir/keys/askpass"
	agent_start -P "$dir/*"
	ssh-keygen -D "$dir/libsofthsm2.so" 2>"$dir/err" | sed -n 's/^\(ecdsa[^ ]* [^ ]*\).*/\1 issuer/p' >"$dir/keys/hsm.pub"
	locking ssh-add -s "$dir/libsofthsm2.so"
	result $? 'SoftHSM: the agent opens the token' "@$dir/out" "@$dir/agent.log"
	prepare
	# shellcheck disable=SC2046 # words
	want 0 'SoftHSM: init' init $(by_agent hsm)
	mint "$dir/token" && takes "$www/jwks.json" "$dir/token"
	result $? 'SoftHSM: a host takes the token' "@$dir/err" "@$dir/verdict"
	check 'SoftHSM: the issuer has no private number' has_none
	locking ssh-add -e "$dir/libsofthsm2.so"
	! mint "$dir/token" && [ ! -s "$dir/token" ]
	result $? 'SoftHSM: without the token nothing is signed' "@$dir/err"
}
hsm
finish
