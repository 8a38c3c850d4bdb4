#!/bin/sh
# Tokens that are bound to an ssh key, on the command line: thumbprints of the keys that ssh-keygen makes, against a second
# way to compute them where there is one; issue --cnf-ssh-key; verify --ssh-auth-info, each token with each key; inspect.
#
#     BUILD=build sh tests/cli/proof.sh              from the top of the tree
set -u
AREA='bound tokens'
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh

command -v ssh-keygen >/dev/null || { skip keys 'ssh-keygen is not installed'; finish; }
KINDS='ed25519 p256 p384 p521 rsa'

make_keys() {
	for kind in $KINDS; do
		case $kind in
		ed25519) set -- -t ed25519 ;;
		p*) set -- -t ecdsa -b "${kind#p}" ;;
		rsa) set -- -t rsa -b 2048 ;;
		esac
		ssh-keygen -q "$@" -N '' -C "alice@$kind" -f "$dir/$kind"
	done
	ssh-keygen -q -t rsa -b 1024 -N '' -f "$dir/weak"
	ssh-keygen -q -t ed25519 -N '' -f "$dir/ca"
	for kind in $KINDS; do
		ssh-keygen -q -s "$dir/ca" -I alice -n alice "$dir/$kind.pub"
	done
}

setup() {
	make_keys
	run 0 'a key of the issuer' key generate --alg ES256 --out "$dir/issuer" --public "$dir/issuer.pub"
	cat >"$dir/conf" <<-END
		[issuer one]
		iss      = https://id.test
		keys     = $dir/issuer.pub
		audience = urn:h
		[service sshd]
		proof  = ssh-key
		permit = as "$(id -un)" if sshca exists
		permit = as "$(id -un)" if not sshkey = ssh-rsa
		[service sshd-bound]
		proof  = ssh-key
		require_proof = yes
		permit = as "$(id -un)"
		[service login]
		permit = as "$(id -un)"
	END
	for kind in $KINDS; do
		token "$kind" --cnf-ssh-key "$dir/$kind.pub"
	done
	token plain
}

token() {	# NAME OPTION...
	token_name=$1
	shift
	run 0 "a token: $token_name" issue --key "$dir/issuer" --iss https://id.test --sub alice --aud urn:h --ttl 5m "$@"
	cp "$dir/out" "$dir/$token_name.token"
}

info() {	# KEY-FILE...
	for info_key in "$@"; do
		printf 'publickey %s\n' "$(cut -d' ' -f1,2 "$dir/$info_key.pub")"
	done
}

verify() {	# WORDS-OF-THE-ANSWER NAME TOKEN OPTION...
	verify_want=$1 verify_name=$2 verify_token=$3
	shift 3
	"$tool" verify --config "$dir/conf" "$@" <"$dir/$verify_token.token" >"$dir/out" 2>&1
	grep -qF -- "$verify_want" "$dir/out"
	result $? "$verify_name"
}

thumbprint() {	# FILE
	"$tool" key thumbprint <"$1" 2>&1
}

# openssl reads what ssh-keygen writes as PKCS8, but not Ed25519 (probe.md 0.3).
test_thumbprints() {
	for kind in $KINDS; do
		[ "$(thumbprint "$dir/$kind.pub")" = "$(thumbprint "$dir/$kind-cert.pub")" ]
		result $? "$kind: a certificate has the thumbprint of the key inside"
		[ "$kind" != ed25519 ] || continue
		ssh-keygen -e -m PKCS8 -f "$dir/$kind.pub" >"$dir/pem"
		[ "$(thumbprint "$dir/$kind.pub")" = "$(thumbprint "$dir/pem")" ]
		result $? "$kind: the thumbprint is that of the key in PEM"
	done
	cat "$dir/ed25519.pub" "$dir/rsa.pub" >"$dir/both.pub"
	[ "$(thumbprint "$dir/both.pub" | wc -l)" -eq 2 ]
	result $? 'two keys in a file have two thumbprints'
	thumbprint "$dir/weak.pub" | grep -qF 'RSA of 2,048'
	result $? 'a short RSA key is named'
	cut -c1-60 "$dir/ed25519.pub" >"$dir/cut.pub"
	thumbprint "$dir/cut.pub" | grep -qF 'damaged'
	result $? 'a damaged key is named'
}

test_pairs() {
	for kind in $KINDS; do
		for key in $KINDS; do
			want='refused: proof-mismatch'
			[ "$kind" != "$key" ] || want=accepted:
			verify "$want" "token of $kind, key $key" "$kind" --service sshd-bound --ssh-auth-info "$(info "$key")"
			verify "$want" "token of $kind, certificate of $key" "$kind" --service sshd-bound \
			    --ssh-auth-info "$(info "$key-cert")"
		done
		verify accepted: "token of $kind, two keys" "$kind" --service sshd-bound --ssh-auth-info "$(info weak ca "$kind")"
		verify 'refused: proof-missing' "token of $kind, no key" "$kind" --service sshd-bound
		verify 'has no proof' "token of $kind, a service without proof" "$kind" --service login \
		    --ssh-auth-info "$(info "$kind")"
	done
}

test_rules() {
	verify accepted: 'a token that is not bound, and no key for the rules' plain --service login
	verify 'refused: not-permitted' 'sshkey is unknown without a key' plain --service sshd
	verify accepted: 'sshkey is another type' plain --service sshd --ssh-auth-info "$(info ed25519)"
	verify 'refused: not-permitted' 'sshkey is that type' plain --service sshd --ssh-auth-info "$(info rsa)"
	verify accepted: 'sshca exists' plain --service sshd --ssh-auth-info "$(info rsa-cert)"
	verify 'refused: not-permitted' 'sshca is unknown where lines do not agree' plain --service sshd \
	    --ssh-auth-info "$(info rsa rsa-cert)"
	verify 'refused: not-permitted' 'two keys and no cnf' plain --service sshd --ssh-auth-info "$(info ed25519 p256)"
	verify accepted: 'two keys, and the token is bound to one' p256 --service sshd --ssh-auth-info "$(info rsa p256)"
	verify 'refused: proof-missing' 'require_proof' plain --service sshd-bound --ssh-auth-info "$(info ed25519)"
	verify 'require_proof is set' 'the hint of require_proof' plain --service sshd-bound
	verify "$(ssh-keygen -lf "$dir/rsa.pub" | cut -d' ' -f2)" 'a mismatch names the key that was proved' p256 \
	    --service sshd-bound --ssh-auth-info "$(info rsa)"
	verify 'has no key that counts' 'a line without a method' p256 --service sshd-bound \
	    --ssh-auth-info "$(cat "$dir/p256.pub")"
	verify 'refused: proof-missing' 'hostbased is no proof' p256 --service sshd-bound \
	    --ssh-auth-info "$(info p256 | sed s/publickey/hostbased/)"
}

test_cnf() {
	verify 'refused: claim-invalid' 'cnf with two members' two --service sshd --ssh-auth-info "$(info p256)"
	verify accepted: 'cnf with a fingerprint' kid --service sshd-bound --ssh-auth-info "$(info p384)"
	verify 'refused: proof-mismatch' 'cnf with another fingerprint' kid --service sshd-bound --ssh-auth-info "$(info p521)"
	verify accepted: 'cnf with a jwk' jwk --service sshd-bound --ssh-auth-info "$(info p256)"
}

cnf_tokens() {
	token two --claim-json 'cnf={"jkt":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k","x":1}'
	token kid --claim-json "cnf={\"kid\":\"$(ssh-keygen -lf "$dir/p384.pub" | cut -d' ' -f2)\"}"
	ssh-keygen -e -m PKCS8 -f "$dir/p256.pub" >"$dir/pem"
	token jwk --claim-json "cnf={\"jwk\":$("$tool" key public <"$dir/pem")}"
}

test_check() {
	printf '[service sudo]\nproof = session\n' >>"$dir/conf"
	"$tool" check --config "$dir/conf" >"$dir/out" 2>&1
	for words in 'proof ssh-key' 'require_proof yes' 'proof session'; do
		grep -qx "    $words" "$dir/out"
		result $? "check: $words" "@$dir/out"
	done
}

test_issue() {
	run 2 'issue: --cnf-ssh-key and a claim cnf' issue --key "$dir/issuer" --iss i --sub s --aud a --ttl 5m \
	    --cnf-ssh-key "$dir/rsa.pub" --claim-json 'cnf={}'
	run 2 'issue: a private key of ssh' issue --key "$dir/issuer" --iss i --sub s --aud a --ttl 5m --cnf-ssh-key "$dir/rsa"
	run 2 'issue: two keys' issue --key "$dir/issuer" --iss i --sub s --aud a --ttl 5m --cnf-ssh-key "$dir/both.pub"
	run 2 'issue: no such file' issue --key "$dir/issuer" --iss i --sub s --aud a --ttl 5m --cnf-ssh-key "$dir/none.pub"
}

test_inspect() {
	"$tool" inspect <"$dir/p256.token" >"$dir/out" 2>&1
	grep -qF "bound to the key of the thumbprint $(thumbprint "$dir/p256.pub")" "$dir/out"
	result $? 'inspect: what the token is bound to'
	"$tool" inspect <"$dir/two.token" >"$dir/out" 2>&1
	grep -qF 'that no ssh key can prove' "$dir/out"
	result $? 'inspect: a cnf that is not understood'
	"$tool" inspect <"$dir/plain.token" >"$dir/out" 2>&1
	! grep -qF 'bound to' "$dir/out"
	result $? 'inspect: a token that is not bound'
}

setup
cnf_tokens
test_thumbprints
test_pairs
test_rules
test_cnf
test_issue
test_inspect
test_check
finish
