# shellcheck shell=sh
# An issuer in a folder of the account nobody, with a clock that can be ahead. Sourced after cli.sh, by root, with $dir set.
#
#     issuer_begin                $store, $www, $conf and $host are there; false without a compiler for the clock
#     prepare                     the two folders, empty, as the package makes them for the account tokens
#     issuer COMMAND ARGUMENT...  the command, $ahead seconds from now; what it says is in $dir/out
#     want STATUS NAME COMMAND ARGUMENT...    the same as a result
#     says NAME PATTERN           a result: the last command printed that
#     kids STATE                  prints the kids that are in that state
#     mint FILE                   a token of the active key; what is wrong is in $dir/err
#     takes SET FILE              whether a host with that key set takes the token

: "${dir:?}"

issuer_begin() {
	cc -shared -fPIC -D_GNU_SOURCE -o "$dir/clock.so" tests/programs/clock_ahead.c 2>"$dir/out" || return 1
	issuer_build=${BUILD:-build}
	tool=$issuer_build/pam-jwt-issuer
	jwt=$issuer_build/pam-jwt
	try=$issuer_build/tests/programs/issuertry
	store=$dir/store www=$dir/www conf=$dir/issuer.conf host=$dir/pam_jwt.conf
	ahead=0
	chmod 755 "$dir"
	issuer_conf ES256
	printf '%s\n' '[issuer home]' 'iss = https://tokens.test' "keys = $dir/set" 'audience = ssh://one' \
		'[service *]' 'permit = as root' >"$host"
}

issuer_conf() {	# ALGORITHM
	cat >"$conf" <<-END
		[issuer]
		iss        = https://tokens.test
		algorithm  = $1
		access_ttl = 5m
		caches     = 10m
		publish    = $www
		directory  = $store
		token_endpoint = https://tokens.test/token
		[grant ssh]
		people     = alice
		audience   = ssh://**
	END
}

prepare() {
	rm -rf "$store" "$www"
	install -d -o nobody -m 700 "$store"
	install -d -o nobody -m 755 "$www"
}

timed() {	# COMMAND...
	CLOCK_AHEAD=$ahead ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" LD_PRELOAD=$dir/clock.so "$@"
}

issuer() {	# COMMAND ARGUMENT...
	issuer_command=$1
	shift
	timed "$tool" "$issuer_command" --config "$conf" "$@" >"$dir/out" 2>&1 </dev/null
}

want() {	# STATUS NAME COMMAND ARGUMENT...
	want_status=$1 want_name=$2 want_got=0
	shift 2
	issuer "$@" || want_got=$?
	[ "$want_got" -eq "$want_status" ]
	result $? "$want_name" "status $want_got" @"$dir/out"
}

says() {	# NAME PATTERN
	grep -qE -e "$2" "$dir/out"
	result $? "$1" "@$dir/out"
}

kids() {	# STATE
	sed 's/},{/}\n{/g' "$store/keys/state.json" | sed -n "s/.*\"kid\":\"\([^\"]*\)\".*\"state\":\"$1\".*/\1/p"
}

# A kid as a word of the command: one may begin with hyphens, which are not needed.
word_of() {	# KID
	printf '%s\n' "$1" | sed 's/^-*//'
}

mint() {	# FILE
	timed "$try" "$conf" ssh://one 300 >"$1" 2>"$dir/err"
}

takes() {	# SET FILE
	cp "$1" "$dir/set"
	"$jwt" verify --config "$host" --service sshd --user root --now $(($(date +%s) + ahead)) <"$2" >"$dir/verdict" 2>&1
}
