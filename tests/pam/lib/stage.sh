# shellcheck shell=sh
# A private folder with a key, a configuration and stacks, in which test programs meet the module through the real libpam.
# Sourced by tests/pam/*.sh and tests/faults/*.sh; needs neither root nor an account nor the network.
#
#     P=/path/of/the/checkout; . "$P/tests/pam/lib/stage.sh"; stage_start
#
# Set from there on: B (where the module was built), T (programs that the scripts compile), D (the private folder), MODULE,
# JWT (the command), PAMTRY, NOW (the time in which all tests live), SAN (compiler flags of the module's sanitizers).

: "${P:?the root of the checkout}"
B=${BUILD:-$P/build}	# absolute, or relative to the checkout
case $B in
/*) ;;
*) B=$P/$B ;;
esac
T=$B/tests/pam
CC=${CC:-cc}
NOW=1700000000	# 2023-11-14 22:13:20
ISS=https://id.test
AUD=urn:test

# shellcheck source=tests/lib/results.sh
. "$P/tests/lib/results.sh"

stage_leave() {
	stage_status=$?
	trap - EXIT
	[ -z "$D" ] || rm -rf "$D"
	leave "$stage_status"
}

# --- programs --------------------------------------------------------------------------------------------------------

# A module with a sanitizer in it runs only in a program with the same one, made by the same compiler.
stage_sanitizers() {
	SAN=
	stage_symbols=$(nm -D "$B/pam_jwt.so" 2>/dev/null)
	case $stage_symbols in *__asan_*) SAN=address ;; esac
	case $stage_symbols in *__tsan_*) SAN=thread ;; esac
	case $stage_symbols in *__ubsan_*) SAN=${SAN:+$SAN,}undefined ;; esac
	SAN=${SAN:+-fsanitize=$SAN -fno-sanitize-recover=all -fno-omit-frame-pointer}
}

# compile OUTPUT ARGUMENT...: with the flags of the Makefile, as far as they matter here.
compile() {
	mkdir -p "$T"
	stage_output=$1
	shift
	# shellcheck disable=SC2086 # flags
	(cd "$P" && $CC -std=c11 -D_GNU_SOURCE -O1 -g -Isrc -I. -Wall -Wextra -o "$stage_output" "$@")
}

# A program against libpam that the module looks symbols up in: program NAME SOURCE...
program() {
	stage_name=$1
	shift
	# shellcheck disable=SC2086 # flags
	compile "$T/$stage_name" $SAN -rdynamic -Wl,-z,now "$@" -lpam -ldl
}

# --- the stage -------------------------------------------------------------------------------------------------------

D=
stage_start() {
	umask 022
	trap stage_leave EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	# A state in memory knows nothing of what was before it, so it must not be on a tmpfs, as /tmp is in Debian 13.
	stage_place=/tmp
	[ "$(stat -f -c %T /tmp)" != tmpfs ] || stage_place=/var/tmp
	D=$(mktemp -d "$stage_place/pam_jwt.XXXXXX")	# not below TMPDIR: the module looks at each folder on the way
	mkdir "$D/pam.d" "$D/tok" "$D/run"
	export FAKE_RUN="$D/run"	# where root's sessions leave their records
	MODULE=$D/pam_jwt.so	# the checkout may have blanks in its name, which pam.d lines cannot
	JWT=$B/pam-jwt
	PAMTRY=$B/tests/pam/pamtry
	cp "$B/pam_jwt.so" "$MODULE"
	printf "auth required pam_deny.so\naccount required pam_deny.so\n" >"$D/pam.d/other"
	printf 'UID_MIN\t1000\n' >"$D/login.defs"
	stage_sanitizers
	[ -x "$PAMTRY" ] || program pamtry tests/pam/pamtry.c
	stage_keys
	stage_conf "$D/pam_jwt.conf"
}

# The issuer "mac" shares a secret with this host, so that openssl(1) alone can sign whatever a test likes.
MAC_ISS=https://m.test

stage_keys() {
	for stage_key in corp stranger; do
		"$JWT" key generate --alg ES256 --kid k1 --out "$D/$stage_key.key" --public "$D/$stage_key.jwk"
	done
	(
		umask 077
		head -c 32 /dev/urandom >"$D/mac"
		printf '{"kty":"oct","alg":"HS256","k":"%s"}' "$(b64url <"$D/mac")" >"$D/mac.jwk"
	)
	MAC_KEY=$(od -An -v -tx1 "$D/mac" | tr -d ' \n')
}

# The rules of the service stand at line 12 and below.
stage_conf() {	# FILE [RULES]
	cat >"$1" <<-END
	[issuer corp]
	iss      = $ISS
	keys     = $D/corp.jwk
	audience = $AUD

	[issuer mac]
	iss        = $MAC_ISS
	keys       = $D/mac.jwk
	algorithms = HS256
	audience   = $AUD
	[service *]
	${2:-permit = as claim sub}
	END
}

# One stack for all four types: stage_stack SERVICE [ARGUMENT...]
stage_stack() {
	stage_service=$1
	shift
	for stage_type in auth account session password; do
		echo "$stage_type required $MODULE config=$D/pam_jwt.conf $*"
	done >"$D/pam.d/$stage_service"
}

# --- tokens ----------------------------------------------------------------------------------------------------------

# The claim "secret" is in every token, and must be found nowhere afterwards.
SECRET=do-not-show-this-to-anybody

# issue FILE [OPTION...]: as pam-jwt issue, which is told what is not given.
issue() {
	stage_file=$1
	shift
	case " $* " in *' --key '*) ;; *) set -- "$@" --key "$D/corp.key" ;; esac
	case " $* " in *' --iss '*) ;; *) set -- "$@" --iss "$ISS" ;; esac
	case " $* " in *' --aud '*) ;; *) set -- "$@" --aud "$AUD" ;; esac
	case " $* " in *' --sub '*) ;; *) set -- "$@" --sub alice ;; esac
	case " $* " in *' --ttl '*) ;; *) set -- "$@" --ttl 10m ;; esac
	case " $* " in *' --now '*) ;; *) set -- "$@" --now "$NOW" ;; esac
	[ "${JTI:-no}" = yes ] || set -- "$@" --no-jti
	"$JWT" issue "$@" --claim "secret=$SECRET" >"$D/issued" 2>"$D/complaint" || {
		cat "$D/complaint"
		return 1
	}
	tr -d '\n' <"$D/issued" >"$stage_file"
}

b64url() {
	base64 -w 0 | tr '+/' '-_' | tr -d '='
}

# raw FILE HEADER PAYLOAD SIGNATURE: the first two as JSON.
raw() {
	{
		printf '%s' "$2" | b64url
		printf .
		printf '%s' "$3" | b64url
		printf '.%s' "$4"
	} >"$1"
}

# sign FILE HEADER PAYLOAD: by the issuer "mac".
sign() {
	sign_input=$(printf '%s' "$2" | b64url).$(printf '%s' "$3" | b64url)
	sign_mac=$(printf '%s' "$sign_input" | openssl dgst -sha256 -mac HMAC -macopt hexkey:"$MAC_KEY" -binary | b64url)
	printf '%s.%s' "$sign_input" "$sign_mac" >"$1"
}

# sized FILE BYTES: a token of the issuer "mac" that is good, and so long.
sized() {
	for sized_blank in '' ' ' '  '; do
		sized_header="{\"alg\":\"HS256\"$sized_blank}"
		sized_rest=$((${2} - 45 - $(printf '%s' "$sized_header" | b64url | wc -c)))	# dots and signature: 45
		[ $((sized_rest % 4)) -ne 1 ] || continue	# no number of bytes has that length in base64url
		sized_claims=$(mac_claims)
		sized_pad=$((sized_rest * 3 / 4 - ${#sized_claims} - 9))
		sign "$1" "$sized_header" "${sized_claims%\}},\"pad\":\"$(printf '%*s' "$sized_pad" '' | tr ' ' x)\"}"
		return
	done
}

# A good claim set of the issuer "mac".
mac_claims() {
	printf '{"iss":"%s","sub":"alice","aud":"%s","iat":%s,"exp":%s}' "$MAC_ISS" "$AUD" "$NOW" "$((NOW + 600))"
}

# tamper FROM FILE: another character in the middle of the signature.
tamper() {
	awk '{
		n = length($0) - 40
		c = substr($0, n, 1) == "A" ? "B" : "A"
		printf "%s%s%s", substr($0, 1, n - 1), c, substr($0, n + 1)
	}' "$1" >"$2"
}
