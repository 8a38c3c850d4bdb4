#!/bin/sh
# Verifiers of tokens beside each other in one run, with bare OpenSSL as the floor, and what the first token costs in a fresh
# process. Prints lines of JSON for report.py.
#
#     sh tests/bench/verify.sh --profile [ADAPTER...]        by callgrind: objects and functions of one token
#     sh tests/bench/verify.sh ROUNDS SLOT_MS FRESH [ADAPTER...]     adapters as names: evp jsonc pamjwt; FRESH: runs of a process
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
B=${BUILD:-$P/build}
case $B in /*) ;; *) B=$P/$B ;; esac
JWT=$B/pam-jwt
case $1 in
--profile)
	profile=yes
	shift
	;;
*)
	profile='' rounds=$1 slot_ms=$2 fresh=$3
	shift 3
	;;
esac
D=$(mktemp -d)
trap 'rm -rf "$D"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A header of three members, eight claims, as in shared/reference/jose.md.
token() {	# ALG
	now=$(date +%s)
	"$JWT" issue --key "$D/$1.key" --iss https://id.test --sub alice --aud urn:test --ttl 8h --claim-json "auth_time=$now" \
		--claim 'scope=openid profile' --claim azp=client 2>/dev/null >"$D/$1.token"
}

key() {	# ALG
	set -- "$1" --alg "$1" --kid "key-of-$1" --out "$D/$1.key"
	case $1 in
	HS*) ;;
	[RP]S*) set -- "$@" --bits 2048 --public "$D/$1.jwk" ;;
	*) set -- "$@" --public "$D/$1.jwk" ;;
	esac
	name=$1
	shift
	"$JWT" key generate "$@" 2>/dev/null
	sed -i 's/"alg":"Ed25519"/"alg":"EdDSA"/' "$D/$name".*	# the name that the peers know
	case $name in
	HS*) cp "$D/$name.key" "$D/$name.jwk" ;;
	*) "$B/tests/bench/topem" "$name" <"$D/$name.jwk" >"$D/$name.pem" ;;
	esac
}

for alg in ES256 Ed25519 RS256 PS256 HS256 ES384; do
	key "$alg"
	token "$alg"
done

paths=
for name in "$@"; do
	paths="$paths $B/tests/bench/$name.so"
done
if [ -n "$profile" ]; then
	# shellcheck source=tests/bench/cost.sh
	. "$P/tests/bench/cost.sh"
	# shellcheck disable=SC2086 # options, a list of paths
	valgrind $COST_OPTIONS --callgrind-out-file="$D/out" "$B/tests/bench/verify" instructions "$D" $paths
	cost_read "$D" >"$D/costs"
	cost_calls "$D" '^[a-z-]*[.]so$' >"$D/calls"
	cost_show "$D/costs" "$D/calls"
	exit 0
fi
# shellcheck disable=SC2086 # a list of paths
"$B/tests/bench/verify" "$rounds" "$slot_ms" "$D" $paths

# The dear way first, by turns.
once() {	# ADAPTER ALG [LIBRARY]
	once_us=$("$B/tests/bench/verify" once "$2" "$D" "$B/tests/bench/$1.so" ${3:+"$3"})
	echo "{\"table\": \"fresh\", \"adapter\": \"$1\", \"alg\": \"$2\", \"libcrypto\": \"${3:+up}\", \"us\": $once_us}"
}

while [ "$fresh" -gt 0 ]; do
	for name in jsonc-pem jsonc pamjwt pamjwt-verdict; do
		for alg in ES256 RS256; do
			once "$name" "$alg"
			once "$name" "$alg" libcrypto.so.3
		done
	done
	fresh=$((fresh - 1))
done
