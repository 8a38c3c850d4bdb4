#!/bin/sh
# Encrypted tokens log in by ssh and sudo: those of pam-jwt issue --encrypt-to, of python3-jwcrypto and of jose, with each alg, each
# kind of key and each enc; by pam-jwt-askpass, which gives the longer ones in parts.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip encrypted 'needs root' && finish; }
[ -x "$ASKPASS" ] || { skip encrypted 'pam-jwt-askpass is not built' && finish; }

ENCS='A128GCM A256GCM A128CBC-HS256 A256CBC-HS512'
KEYS='ECDH-ES:P-256 ECDH-ES:X25519 ECDH-ES+A128KW:P-384 ECDH-ES+A128KW:P-256 ECDH-ES+A256KW:P-521 ECDH-ES+A256KW:X25519
	ECDH-ES+A256KW:P-256 RSA-OAEP-256: RSA-OAEP:'
LIBRARY_KEYS='ECDH-ES:P-256 ECDH-ES+A128KW:P-384 ECDH-ES+A256KW:P-521 RSA-OAEP-256: RSA-OAEP:'

# The python that has jwcrypto, which need not be the first one.
PYTHON=
for python in python3 /usr/bin/python3; do
	if [ -z "$PYTHON" ] && "$python" -c 'import jwcrypto' 2>/dev/null; then PYTHON=$python; fi
done

# Makes the private keys of the host, and a configuration with all of them. A key is called ALG@CURVE.
host_keys() {
	host_files=
	for key in $KEYS; do
		host_name=${key%:*}@${key#*:}
		host_curve=${key#*:}
		"$JWT" key generate --alg "${key%:*}" ${host_curve:+--curve "$host_curve"} --out "$D/$host_name.jwk" \
			--public "$D/$host_name.pub.jwk"
		host_files="$host_files $D/$host_name.jwk"
	done
	configure "$host_files"
}

configure() {	# FILES
	conf_write sshd sudo
	sed -i "s|^audience.*|&\ndecryption_keys = $1|" "$CONF"
}

# Encrypts a signed token for a key, and fails where the library is not there.
encrypt_ours() {	# KEY ENC FILE
	"$JWT" issue --key "$D/test.jwk" --iss "$ISS" --sub alice --aud "$AUD" --ttl 10m --encrypt-to "$D/$1.pub.jwk" --enc "$2" \
		${FILL:+--claim "fill=$FILL"} >"$3"
}

encrypt_jwcrypto() {
	"$PYTHON" "$P/tests/lib/encrypt_tokens.py" "$2" "$D/$1.pub.jwk" <"$D/tok/signed" >"$3"
}

encrypt_jose() {
	jose jwe enc -c -k "$D/$1.pub.jwk" -I "$D/tok/bare" -o "$3" \
		-i "{\"protected\":{\"alg\":\"${1%@*}\",\"enc\":\"$2\",\"kid\":\"$(jwk_kid "$D/$1.pub.jwk")\",\"cty\":\"JWT\"}}"
}

keep_token() {	# FILE
	cp "$1" "$D/home/alice/token"
	chown "$ALICE" "$D/home/alice/token"
	chmod 600 "$D/home/alice/token"
}

# What a program says that let alice in, and one accepted token in the log.
let_in() {	# SERVICE WANT STATUS
	[ "$3" -eq 0 ] && grep -q -- "$2" "$D/out" && [ "$(log_decisions "$1" | wc -l)" -eq 1 ] &&
		[ "$(log_decisions "$1" | grep -c 'accepted;.* user=alice reason=ok ')" -eq 1 ]
}

arrived() {	# SERVICE NAME WANT STATUS
	log_sync
	arrived_status=0
	let_in "$1" "$3" "$4" || arrived_status=$?
	result "$arrived_status" "$1: $2" "status $4" "$(cut -c 1-300 "$D/out")" "$(log_new)"
}

refused() {	# SERVICE NAME REASON
	log_sync
	check "$1: $2: $3" test "$(log_decisions "$1" | log_reason)" = "$3"
}

through_sudo() {
	log_mark
	sudo_status=0
	as_alice env SUDO_ASKPASS="$ASKPASS" PAM_JWT_TOKEN_FILE="$D/home/alice/token" sudo -A id -u </dev/null >"$D/out" 2>&1 ||
		sudo_status=$?
}

by_sudo() {	# NAME FILE
	[ -z "$NO_SUDO" ] || return 0
	keep_token "$2"
	through_sudo
	arrived sudo "$1" '^0$' "$sudo_status"
}

through_ssh() {	# FILE
	log_mark
	ssh_status=0
	SSH_ASKPASS=$ASKPASS PAM_JWT_TOKEN_FILE=$1 timeout -k 5 "$LIMIT" setsid ssh -F "$D/ssh_config" alice@localhost id -un \
		</dev/null >"$D/out" 2>&1 || ssh_status=$?
}

by_ssh() {	# NAME FILE
	[ -n "${SSHD_PID-}" ] || return 0
	through_ssh "$2"
	arrived sshd "$1" '^alice$' "$ssh_status"
}

# Logs in with tokens of one maker: by ssh with one enc for each key, by sudo with another, so that both see each enc.
log_in() {	# MAKER KEY...
	log_maker=$1
	shift
	# shellcheck disable=SC2086 # words
	set -- "$@" -- $ENCS
	while [ "$1" != -- ]; do
		log_key=${1%:*}@${1#*:}
		shift
		# The first of the encs for ssh and the second for sudo; the next key begins with the second.
		log_encs=$(printf '%s ' "$@" | sed 's/.*-- //')
		log_first=$(echo "$log_encs" | cut -d' ' -f$((log_turn % 4 + 1)))
		log_second=$(echo "$log_encs" | cut -d' ' -f$(((log_turn + 1) % 4 + 1)))
		log_turn=$((log_turn + 1))
		"encrypt_$log_maker" "$log_key" "$log_first" "$D/tok/one"
		by_ssh "$log_maker: $log_key $log_first ($(wc -c <"$D/tok/one") bytes)" "$D/tok/one"
		"encrypt_$log_maker" "$log_key" "$log_second" "$D/tok/two"
		by_sudo "$log_maker: $log_key $log_second ($(wc -c <"$D/tok/two") bytes)" "$D/tok/two"
	done
}

# Every enc with every key of another library, by the verdict alone.
agrees() {	# MAKER KEY...
	agrees_bad=
	agrees_maker=$1
	shift
	for key in "$@"; do
		for enc in $ENCS; do
			agrees_key=${key%:*}@${key#*:}
			"encrypt_$agrees_maker" "$agrees_key" "$enc" "$D/tok/one" &&
				"$JWT" verify --config "$CONF" --service sshd --user alice <"$D/tok/one" >"$D/out" 2>&1 ||
				agrees_bad="$agrees_bad $agrees_key/$enc"
		done
	done
	check "$agrees_maker: a token of each key and each enc is accepted" test -z "$agrees_bad"
}

# A host has an old key until no token for it is left.
rotation() {
	old=ECDH-ES+A256KW@P-256 new=RSA-OAEP-256@
	encrypt_ours "$old" A256GCM "$D/tok/old"
	encrypt_ours "$new" A256GCM "$D/tok/new"
	configure "$D/$old.jwk $D/$new.jwk"
	by_ssh 'rotation: both keys, a token for the old one' "$D/tok/old"
	by_ssh 'rotation: both keys, a token for the new one' "$D/tok/new"
	configure "$D/$new.jwk"
	by_sudo 'rotation: the old key is removed, a token for the new one' "$D/tok/new"
	[ -n "${SSHD_PID-}" ] || return 0
	through_ssh "$D/tok/old"
	refused sshd 'rotation: the old key is removed, a token for the old one' key-unknown
}

# What must not log in, by a real program.
refusals() {
	encrypt_ours RSA-OAEP-256@ A256GCM "$D/tok/good"	# log_clean needs it, too
	[ -n "${SSHD_PID-}" ] || return 0
	through_ssh "$D/tok/signed"
	refused sshd 'a token that is only signed' encryption-missing
	sed 's/.....$/AAAAA/' "$D/tok/good" >"$D/tok/changed"
	through_ssh "$D/tok/changed"
	refused sshd 'a token with another tag' decrypt-failed
	# Anybody can encrypt a token that leaked: aud must name this host.
	"$JWT" issue --key "$D/test.jwk" --iss "$ISS" --sub alice --aud urn:elsewhere --ttl 10m \
		--encrypt-to "$D/RSA-OAEP-256@.pub.jwk" >"$D/tok/elsewhere"
	through_ssh "$D/tok/elsewhere"
	refused sshd "another host's token, encrypted for this one" audience-mismatch
	"$JWT" issue --key "$D/stranger.jwk" --iss "$ISS" --sub alice --aud "$AUD" --ttl 10m \
		--encrypt-to "$D/RSA-OAEP-256@.pub.jwk" >"$D/tok/stranger"
	through_ssh "$D/tok/stranger"
	refused sshd "a stranger's token, encrypted for this host" key-unknown
	sed -i '/^decryption_keys/d' "$CONF"
	through_ssh "$D/tok/good"
	refused sshd 'a host without decryption_keys' encryption-unsupported
}

keys_make sshd sudo
pam_service sshd
pam_service sudo
host_keys
mint test alice "$AUD" >"$D/tok/signed"
tr -d '\n' <"$D/tok/signed" >"$D/tok/bare"
NO_SUDO=$(setuid_obstacle sudo)
if [ -z "$NO_SUDO" ]; then sudoers_write; else skip 'encrypted: sudo' "$NO_SUDO"; fi
if sshd_find; then
	sshd_start
	ssh_configure
else
	skip 'encrypted: sshd' 'it is not installed (sh tests/check.sh unpacks it)'
fi

SERVICE=encrypted	# for log_clean
log_turn=0
FILL=
# shellcheck disable=SC2086 # words
log_in ours $KEYS
FILL=$(printf '%1500s' '' | tr ' ' x)	# in parts through ssh, too
log_in ours ECDH-ES+A256KW:P-256 RSA-OAEP-256:
FILL=
if [ -n "$PYTHON" ]; then
	# shellcheck disable=SC2086 # words
	set -- $LIBRARY_KEYS ECDH-ES+A256KW:X25519
	log_in jwcrypto "$@"
	agrees jwcrypto "$@"
else
	skip 'encrypted: tokens of jwcrypto' 'python3-jwcrypto is not installed'
fi
if command -v jose >/dev/null; then
	# Not every build of jose has RSA-OAEP, and none has X25519.
	set --
	for key in $LIBRARY_KEYS; do
		if jose alg | grep -qxF "${key%:*}"; then set -- "$@" "$key"; else skip "encrypted: jose: ${key%:*}" 'this jose does not have it'; fi
	done
	log_in jose "$@"
	agrees jose "$@"
else
	skip 'encrypted: tokens of jose' 'it is not installed'
fi
rotation
refusals
log_clean
finish
