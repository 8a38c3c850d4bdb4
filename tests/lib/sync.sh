# shellcheck shell=sh
# Runs pam-jwt sync for an issuer called corp, and looks at what it says. Sourced after ns.sh.
#
#     sync_prepare                inside the namespace: the fetcher beside the command, its user, and KEYS, the folder of sets
#     sync STATUS OPTION...       succeeds if that is the exit status; $D/out and $D/err hold what it said
#     want NAME STATUS LINE OPTION...      a result: the status, and the one line as a basic regular expression
#     quiet NAME STATUS OPTION...          a result: the status, and no line at all
#     age SECONDS                 what corp's memory says happened so much earlier

SYNC_USER=990

sync_prepare() {
	KEYS=$D/keys
	cp "$B/pam-jwt-net" "$D"
	printf '_pam-jwt:x:%d:%d::/:/usr/sbin/nologin\n' "$SYNC_USER" "$SYNC_USER" >>"$D/etc/passwd"
}

sync() {	# STATUS OPTION...
	sync_want=$1
	shift
	sync_got=0
	timeout 120 "$JWT" sync --config "$CONF" "$@" >"$D/out" 2>"$D/err" || sync_got=$?
	[ "$sync_got" -eq "$sync_want" ]
}

# One run, its exit status, and its one line as a basic regular expression.
want() {	# NAME STATUS LINE OPTION...
	want_name=$1 want_status=$2 want_line=$3
	shift 3
	want_ok=0
	sync "$want_status" "$@" || want_ok=1
	[ "$(wc -l <"$D/out")" -eq 1 ] && grep -q -- "^$want_line\$" "$D/out" || want_ok=1
	result "$want_ok" "$want_name" "status $sync_got, wanted $want_status: $want_line" @"$D/out" @"$D/err"
}

# One run that says nothing at all.
quiet() {	# NAME STATUS OPTION...
	quiet_name=$1 quiet_status=$2
	shift 2
	quiet_ok=0
	sync "$quiet_status" "$@" || quiet_ok=1
	[ ! -s "$D/out" ] && [ ! -s "$D/err" ] || quiet_ok=1
	result "$quiet_ok" "$quiet_name" "status $sync_got" @"$D/out" @"$D/err"
}

# The attempt that is remembered was so many seconds earlier.
age() {	# SECONDS
	python3 - "$KEYS/corp.state" "$1" <<-'END'
		import json, sys
		with open(sys.argv[1]) as file:
		    state = json.load(file)
		for name in 'tried', 'next', 'retry_at', 'warned', 'synced':
		    state[name] = max(0, state[name] - int(sys.argv[2]))
		with open(sys.argv[1], 'w') as file:
		    json.dump(state, file)
	END
}
