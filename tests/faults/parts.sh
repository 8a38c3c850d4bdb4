# shellcheck shell=sh
# The parts of the fault tests: each breaks something under a login, and looks whether that lets anybody in, kills the host
# program, or leaves anything behind. Sourced by tests/pam/quick.sh, which takes samples, and by tests/faults/run.sh, which
# takes all.
#
#     P=/path/of/the/checkout; . "$P/tests/faults/parts.sh"; faults_start

# shellcheck source=tests/pam/lib/stage.sh
. "$P/tests/pam/lib/stage.sh"

# The folder, what is in it, and the programs of tests/faults. Sets F: a folder with stacks and a configuration that uses much
# of what there is.
faults_start() {
	stage_start
	F=$D/faults
	faults_prepare
	program alloc tests/faults/alloc.c
	program hoststate tests/faults/hoststate.c -lcrypto -lm
	program residue tests/faults/residue.c
	program threads tests/faults/threads.c -pthread
}

# --- what they work on -----------------------------------------------------------------------------------------------

# Tokens that are good, and tokens that a check must refuse: FILE USER EXPECTED.
BAD_TOKENS='tampered forever bound banned old revoked sealed-old sealed-cut'

faults_prepare() {
	mkdir -p "$F/pam.d"
	"$JWT" key generate --alg Ed25519 --kid ed --out "$D/ed.key" --public "$D/ed.jwk"
	printf 'corp alice-at-home alice\nmac bob bob,alice\n' >"$F/accounts"
	issue "$D/tok/sealed" --claim-json 'state={"banned":false}'
	issue "$D/tok/sealed-old" --claim-json 'state={"banned":false}' --now $((NOW - 660))
	"$B/tests/programs/jweseal" "$D/host.key" P-256 ECDH-ES+A256KW A256GCM "$D/tok/sealed" "$D/tok/sealed-old"
	for faults_token in sealed sealed-old; do
		mv "$D/tok/$faults_token.jwe" "$D/tok/$faults_token"
	done
	# The last byte of the tag is another one.
	sed 's/\(.*\)....$/\1AAAA/' "$D/tok/sealed" >"$D/tok/sealed-cut"
	cat >"$F/pam_jwt.conf" <<-END
	[issuer corp]
	iss      = $ISS
	keys     = $D/corp.jwk $D/ed.jwk
	audience = $AUD ssh://%{hostname}
	decryption_keys = $D/host.key
	encryption = allowed
	[issuer mac]
	iss        = $MAC_ISS
	keys       = $D/mac.jwk
	algorithms = HS256
	audience   = $AUD
	[service sudo]
	permit = as root if sub = alice
	[service sshd]
	deny   = if rhost not in 192.0.2.0/24
	deny   = if /state/banned = true
	deny   = if not time 00:00-24:00
	permit = as map $F/accounts
	permit = as claim sub
	help   = get a token
	[state]
	directory = $F/state
	END
	chmod 755 "$F"
	"$JWT" state init --config "$F/pam_jwt.conf" >/dev/null
	faults_more cut
	echo 'account required pam_permit.so' >>"$F/cut/pam.d/sshd"
	faults_more once '/^\[service sshd\]/a single_use = yes'
	"$JWT" revoke --config "$F/cut/pam_jwt.conf" --account alice >/dev/null 2>&1
	ln -s pam_jwt.conf "$F/link.conf"
	for faults_type in auth account session password; do
		echo "$faults_type required $MODULE config=$F/link.conf"
	done >"$F/pam.d/sshd"
	cp "$D/pam.d/other" "$F/pam.d"
	printf 'UID_MIN 1001\n' >"$D/login.defs"	# so that the account "first" is one of the system
	faults_tokens
	"$JWT" revoke --config "$F/pam_jwt.conf" --token "$D/tok/revoked" >/dev/null
	once_use >/dev/null
}

# Another folder with the same, but for what a sed script changes, and with a state of its own.
faults_more() {	# NAME [SCRIPT]
	mkdir -p "$F/$1/pam.d"
	sed -e "s|$F/state|$F/$1/state|" -e "${2:-}" "$F/pam_jwt.conf" >"$F/$1/pam_jwt.conf"
	for faults_type in auth account session password; do
		echo "$faults_type required $MODULE config=$F/$1/pam_jwt.conf"
	done >"$F/$1/pam.d/sshd"
	cp "$D/pam.d/other" "$F/$1/pam.d"
	chmod -R go-w "$F/$1"
	"$JWT" state init --config "$F/$1/pam_jwt.conf" >/dev/null
}

# Logs in with the one-time token "used"; prints the transcript.
once_use() {
	printf '@file %s\n' "$D/tok/used" >"$D/answers"
	"$PAMTRY" "$F/once/pam.d" sshd now="$NOW" login_defs="$D/login.defs" answers="$D/answers" user=alice rhost=192.0.2.7 \
		authenticate
}

# A deny rule takes what is not known for true, so every token says that it is not banned.
faults_tokens() {
	issue "$D/tok/good" --claim-json 'state={"banned":false}'
	issue "$D/tok/ed" --claim-json 'state={"banned":false}' --key "$D/ed.key"
	issue "$D/tok/first" --claim-json 'state={"banned":false}' --sub first
	issue "$D/tok/bound" --claim-json 'state={"banned":false}' --claim-json 'cnf={"jkt":"x"}'
	JTI=yes issue "$D/tok/revoked" --claim-json 'state={"banned":false}'
	JTI=yes issue "$D/tok/used" --claim-json 'state={"banned":false}'
	issue "$D/tok/banned" --claim-json 'state={"banned":true}'
	issue "$D/tok/old" --claim-json 'state={"banned":false}' --now $((NOW - 660))
	tamper "$D/tok/good" "$D/tok/tampered"
	# R = S = 0: libcrypto notes an error for it, while it is silent about most bad signatures.
	awk -F . '{ printf "%s.%s.", $1, $2; for (i = 0; i < 86; i++) printf "A" }' "$D/tok/good" >"$D/tok/zero"
	printf password >"$D/tok/password"
	: >"$D/tok/empty"
	if command -v openssl >/dev/null; then
		faults_claims=$(mac_claims | sed 's/}$/,"state":{"banned":false}}/')
		sign "$D/tok/mac" '{"alg":"HS256"}' "$faults_claims"
		sign "$D/tok/forever" '{"alg":"HS256"}' "$(printf '%s' "$faults_claims" | sed 's/,"exp":[0-9]*//')"
	else
		BAD_TOKENS='tampered bound banned old revoked sealed-old sealed-cut'
	fi
}

# A test program: its own result lines count.
run_program() {	# NAME COMMAND...
	run_name=$1
	shift
	run_status=0
	"$@" >"$D/output" 2>&1 || run_status=$?
	cat "$D/output"
	grep -q '^not ok - ' "$D/output" && FAILED=$((FAILED + 1))
	if [ "$run_status" -ne 0 ] && ! grep -q '^not ok - ' "$D/output"; then
		fail "$run_name" "exit status $run_status"
	fi
}

# --- allocations -----------------------------------------------------------------------------------------------------

# One token: allocations TOKEN USER accept|refuse|cut STRIDE cold|warm [FOLDER]. The last line of the program has the counts.
allocations() {
	allocations_name="faults: allocations, $5, $1"
	allocations_status=0
	FAKE_LOGIN_DEFS="$D/login.defs" "$T/alloc" "${6:-$F}" "$2" "$D/tok/$1" "$3" "$4" "$5" >"$D/output" 2>&1 ||
		allocations_status=$?
	if [ "$allocations_status" -eq 0 ]; then
		pass "$allocations_name: $(tail -n 1 "$D/output" | cut -c 3-)"
	else
		fail "$allocations_name" "$(grep -v '^# [0-9]* sites' "$D/output" | head -n 8)" "$(tail -n 1 "$D/output")"
	fi
}

all_allocations() {	# STRIDE cold|warm
	if [ -n "$SAN" ]; then
		skip "faults: allocations, $2" 'a sanitizer has an allocator of its own'
		return 0
	fi
	allocations good alice accept "$1" "$2"
	allocations ed alice accept "$1" "$2"
	allocations sealed alice accept "$1" "$2"
	[ ! -e "$D/tok/mac" ] || allocations mac alice accept "$1" "$2"
	for all_token in $BAD_TOKENS; do
		allocations "$all_token" alice refuse "$1" "$2"
	done
	allocations used alice refuse "$1" "$2" "$F/once"
	# Only root is refused what he cannot look up.
	[ "$(id -u)" -ne 0 ] || allocations empty alice cut "$1" "$2" "$F/cut"
	# It hangs on one allocation alone: a sample would miss it.
	if [ "$2" = warm ]; then allocations first first refuse 1 warm; else allocations first first refuse "$1" "$2"; fi
}

# --- limits ----------------------------------------------------------------------------------------------------------

# Plays a login under a limit: limited TOKEN STEP... ; the transcript is in $D/transcript, the exit status in $limited_status.
limited() {
	printf '@file %s\n' "$D/tok/$1" >"$D/answers"
	shift
	# By way of a pipe: writing to a file may be what the limit is on.
	{
		limited_status=0
		"$PAMTRY" "$F/pam.d" sshd now="$NOW" login_defs="$D/login.defs" answers="$D/answers" user=alice \
			rhost=192.0.2.7 "$@" 2>&1 || limited_status=$?
		echo "$limited_status" >"$D/status"
	} | cat >"$D/transcript"
	read -r limited_status <"$D/status"
}

# 0: accepted, 1: refused or not decided, 2: died of a signal, or a PAM code that the module has not. The loader may die
# before there is a first line; and that the module cannot be loaded is for libpam to say.
limited_verdict() {
	[ "$limited_status" -lt 128 ] || [ ! -s "$D/transcript" ] || return 2
	case $(sed -n 's/^authenticate //p' "$D/transcript") in
	PAM_SUCCESS) return 0 ;;
	'' | PAM_MODULE_UNKNOWN | PAM_AUTH_ERR | PAM_USER_UNKNOWN | PAM_SERVICE_ERR | PAM_BUF_ERR | PAM_SYSTEM_ERR | \
		PAM_AUTHINFO_UNAVAIL) return 1 ;;
	*) return 2 ;;
	esac
}

# Both tokens under one limit; counts how often the good one was accepted.
under_limit() {	# NAME STEP...
	under_name=$1
	shift
	for under_token in good tampered; do
		limited "$under_token" "$@" authenticate
		under_verdict=0
		limited_verdict || under_verdict=$?
		[ "$under_verdict" -ne 0 ] || accepted=$((accepted + 1))
		case $under_token$under_verdict in
		good0 | good1 | tampered1) ;;
		*)
			wrong=$((wrong + 1))
			sed 's/^/#   /' "$D/transcript"
			echo "#   $under_name, $under_token: exit status $limited_status"
			;;
		esac
	done
}

# How it ended: limits_end NAME TRIES LEAST_ACCEPTED
limits_end() {
	if [ "$wrong" -eq 0 ] && [ "$accepted" -ge "$3" ]; then
		pass "faults: $1: $2 values, $accepted of the good tokens accepted"
	else
		fail "faults: $1" "$wrong wrong, $accepted good tokens accepted, at least $3 wanted"
	fi
	wrong=0
	accepted=0
}

wrong=0
accepted=0

limit_memory() {	# STEP_KIB LAST_KIB
	if [ -n "$SAN" ]; then
		skip 'faults: RLIMIT_AS' 'a sanitizer maps more than any limit'
		return 0
	fi
	limit_tries=0
	limit_kib=0
	while [ "$limit_kib" -le "$2" ]; do
		under_limit "RLIMIT_AS +$limit_kib" limit_as="$limit_kib"
		limit_tries=$((limit_tries + 1))
		limit_kib=$((limit_kib + $1))
	done
	limits_end RLIMIT_AS "$limit_tries" 1
}

limit_files() {	# VALUE...
	limit_tries=$#
	for limit_value in "$@"; do
		under_limit "RLIMIT_NOFILE $limit_value" limit_nofile="$limit_value"
	done
	limits_end RLIMIT_NOFILE "$limit_tries" 1
	under_limit 'RLIMIT_FSIZE 0' limit_fsize=0
	limits_end 'RLIMIT_FSIZE 0' 1 1
}

# Descriptors 0 to 2 closed, in all combinations: the same transcript.
closed_descriptors() {
	limited good authenticate acct_mgmt
	cp "$D/transcript" "$D/usual"
	closed_tries=0
	for closed_in in '' '<&-'; do
		for closed_out in '' '>&-'; do
			for closed_err in '' '2>&-'; do
				eval "closed_login $closed_in $closed_out $closed_err"
				cmp -s "$D/transcript" "$D/usual" || wrong=$((wrong + 1))
				closed_tries=$((closed_tries + 1))
			done
		done
	done
	accepted=$closed_tries
	limits_end 'descriptors 0 to 2 closed' "$closed_tries" "$closed_tries"
}

closed_login() {
	"$PAMTRY" "$F/pam.d" sshd output=3 now="$NOW" login_defs="$D/login.defs" answers="$D/answers" user=alice \
		rhost=192.0.2.7 authenticate acct_mgmt 3>"$D/transcript" || :
}

# --- system calls ----------------------------------------------------------------------------------------------------

# The n-th call of a kind fails, for each n and each error: injected LEAST_ACCEPTED CALL ERROR...
injected() {
	injected_least=$1
	injected_call=$2
	shift 2
	injected_tries=0
	for injected_token in good tampered first revoked; do
		injected_user=alice
		[ "$injected_token" != first ] || injected_user=first
		limited_by "$injected_user" "$injected_token" -e trace="$injected_call" -o "$D/calls"
		injected_count=$(grep -c '(' "$D/calls")
		for injected_error in "$@"; do
			injected_at=1
			while [ "$injected_at" -le "$injected_count" ]; do
				limited_by "$injected_user" "$injected_token" -o /dev/null -e trace="$injected_call" \
					-e inject="$injected_call:error=$injected_error:when=$injected_at"
				judge "$injected_token" "$injected_call $injected_at of $injected_count, $injected_error"
				injected_tries=$((injected_tries + 1))
				injected_at=$((injected_at + 1))
			done
		done
	done
	limits_end "system call $injected_call ($*)" "$injected_tries" "$injected_least"
}

limited_by() {	# USER TOKEN STRACE_OPTION...
	by_user=$1
	printf '@file %s\n' "$D/tok/$2" >"$D/answers"
	shift 2
	limited_status=0
	ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" strace -qq "$@" "$PAMTRY" "$F/pam.d" sshd output=3 \
		now="$NOW" login_defs="$D/login.defs" answers="$D/answers" user="$by_user" rhost=192.0.2.7 authenticate \
		3>"$D/transcript" 2>"$D/noise" <&- || limited_status=$?
}

judge() {	# TOKEN WHAT
	judge_verdict=0
	limited_verdict || judge_verdict=$?
	case $1$judge_verdict in
	good0) accepted=$((accepted + 1)) ;;
	*1) ;;
	*)
		wrong=$((wrong + 1))
		echo "#   $1, $2: exit status $limited_status, $(grep -E '^(log|authenticate)' "$D/transcript" | tail -n 2)"
		;;
	esac
}

system_calls() {
	if ! command -v strace >/dev/null || ! strace -qq -o /dev/null true 2>/dev/null; then
		skip 'faults: system calls' 'strace is not installed, or not allowed'
		return 0
	fi
	injected 1 openat EIO EACCES EMFILE ENOMEM EINTR
	injected 1 read EIO EINTR EAGAIN
	injected 1 newfstatat,fstat EIO ENOMEM
	injected 0 readlinkat EIO EACCES ENOMEM
	injected 1 fcntl EMFILE EINTR
	injected 0 uname EFAULT
	injected 1 mmap,brk ENOMEM
	injected 0 fstatfs EIO
	for calls_name in symlinkat fsync; do
		for calls_error in EIO ENOSPC EROFS EDQUOT; do
			use_fails "$calls_name" "$calls_error"
		done
	done
}

error_words() {	# ERROR
	case $1 in
	EIO) echo 'Input/output error' ;;
	ENOSPC) echo 'No space left on device' ;;
	EROFS) echo 'Read-only file system' ;;
	EDQUOT) echo 'Disk quota exceeded' ;;
	esac
}

# A use that may not be on the disk has not been noted: refused, and never let in twice.
use_fails() {	# CALL ERROR
	rm -rf "$F/once/state"
	"$JWT" state init --config "$F/once/pam_jwt.conf" >/dev/null
	printf '@file %s\n' "$D/tok/used" >"$D/answers"
	ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" strace -qq -o /dev/null -e trace="$1" \
		-e inject="$1:error=$2:when=1" "$PAMTRY" "$F/once/pam.d" sshd output=3 now="$NOW" login_defs="$D/login.defs" \
		answers="$D/answers" user=alice rhost=192.0.2.7 authenticate 3>"$D/transcript" 2>/dev/null <&- || :
	once_use >"$D/second"
	once_use >"$D/third"
	if grep -q '^authenticate PAM_AUTHINFO_UNAVAIL' "$D/transcript" && grep -qF "$(error_words "$2")" "$D/transcript" &&
		grep -q '^authenticate PAM_AUTH_ERR' "$D/third"; then
		pass "faults: a use that is not noted: $1, $2: then $(sed -n 's/.* reason=\([a-z-]*\).*/\1/p' "$D/second")"
	else
		fail "faults: a use that is not noted: $1, $2" "$(cat "$D/transcript" "$D/third")"
	fi
}

# --- the host, memory, environment, threads ---------------------------------------------------------------------------

host_state() {
	mkdir -p "$D/broken/pam.d"
	printf '[issuer\n' >"$D/broken/pam_jwt.conf"
	for host_folder in "$F" "$D/broken"; do
		: >"$D/streams"
		host_tokens="tampered=$D/tok/tampered zero=$D/tok/zero empty=$D/tok/empty password=$D/tok/password old=$D/tok/old bound=$D/tok/bound sealed-old=$D/tok/sealed-old sealed-cut=$D/tok/sealed-cut"
		if [ "$host_folder" = "$F" ]; then
			host_tokens="good=$D/tok/good sealed=$D/tok/sealed $host_tokens"
		else
			sed "s|config=.*|config=$D/broken/pam_jwt.conf|" "$F/pam.d/sshd" >"$D/broken/pam.d/sshd"
			cp "$D/pam.d/other" "$D/broken/pam.d"
		fi
		# shellcheck disable=SC2086 # words
		run_program 'host: it ends' host_run "$host_folder" $host_tokens
	done
}

# Without the cache of the allocator the size of the heap can be compared to the byte.
host_run() {
	host_folder_now=$1
	shift
	GLIBC_TUNABLES=glibc.malloc.tcache_count=0 "$T/hoststate" "$host_folder_now" alice "$@" \
		3>&1 >"$D/streams" 2>"$D/streams2" || {
		host_status=$?
		cat "$D/streams2"
		return "$host_status"
	}
}

residue() {
	if [ -n "$SAN" ]; then
		skip residue 'a sanitizer maps terabytes, and keeps what was freed'
		return 0
	fi
	for residue_token in good ed tampered old bound; do
		echo "# $residue_token"
		run_program 'residue: it ends' "$T/residue" "$F" alice "$D/tok/$residue_token"
	done
	[ ! -e "$D/tok/mac" ] || run_program 'residue: it ends' "$T/residue" "$F" alice "$D/tok/mac"
	# What is inside an encrypted token, the keys it was encrypted with, and the private key of the host.
	for residue_token in sealed sealed-old; do
		echo "# $residue_token"
		run_program 'residue: it ends' "$T/residue" "$F" alice "$D/tok/$residue_token" "$D/tok/$residue_token.secrets"
	done
}

# What a user may set before he starts sudo: the login is the same, to the last byte of its log.
poisoned() {
	env OPENSSL_CONF="$D/none.cnf" OPENSSL_MODULES="$D" OPENSSL_ENGINES="$D" OPENSSL_CONF_INCLUDE="$D" SSL_CERT_FILE="$D/x" \
		SSL_CERT_DIR="$D" SSLKEYLOGFILE="$D/keylog" RANDFILE="$D/rand" OPENSSL_ia32cap=:~0 CTLOG_FILE="$D/x" \
		LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8 LANGUAGE=tr NLSPATH="$D/%N" LOCPATH="$D" GCONV_PATH="$D" TZ=Pacific/Apia TZDIR="$D" \
		HOME="$D/home" TMPDIR="$D/tmp" PATH="$D" IFS=x HOSTALIASES="$D/x" RES_OPTIONS=debug LOCALDOMAIN=evil.test \
		XDG_CONFIG_HOME="$D" XDG_RUNTIME_DIR="$D" MALLOC_PERTURB_=165 MALLOC_CHECK_=3 MALLOC_ARENA_MAX=1 \
		http_proxy=http://evil.test https_proxy=http://evil.test POSIXLY_CORRECT=1 BASH_ENV="$D/x" ENV="$D/x" \
		PAM_JWT_CONFIG="$D/evil.conf" PAM_JWT_CONF="$D/evil.conf" JWT_CONFIG="$D/evil.conf" JWT_ISS=evil JWT_SUB=root \
		JWT_TOKEN=x PAM_USER=root PAM_TYPE=auth PAM_RHOST=192.0.2.7 LOGNAME=root USER=root DEBUG=1 "$@"
}

environment() {
	for environment_token in good tampered old first; do
		printf '@file %s\n' "$D/tok/$environment_token" >"$D/answers"
		set -- "$PAMTRY" "$F/pam.d" sshd now="$NOW" login_defs="$D/login.defs" answers="$D/answers" user=alice \
			rhost=192.0.2.7 authenticate acct_mgmt setcred:establish open_session
		env -i FAKE_RUN="$FAKE_RUN" "$@" >"$D/usual" 2>&1
		poisoned "$@" >"$D/transcript" 2>&1
		if [ -s "$D/usual" ] && cmp -s "$D/usual" "$D/transcript"; then
			pass "environment: the login is the same with a poisoned one ($environment_token)"
		else
			fail "environment: the login is the same with a poisoned one ($environment_token)" \
				"$(diff "$D/usual" "$D/transcript")"
		fi
	done
	environment_openssl
}

# The account phase asks libcrypto for hashes only where there is a state: with such a libcrypto it refuses there, and nowhere else.
account_alone() {
	mkdir -p "$F/alone/pam.d" "$F/alone/lib"
	printf '[issuer corp]\niss = %s\nkeys = %s\naudience = %s\n' "$ISS" "$D/corp.jwk" "$AUD" >"$F/alone/pam_jwt.conf"
	printf '%s\n' "account required $MODULE config=$F/alone/pam_jwt.conf" 'account required pam_permit.so' >"$F/alone/pam.d/sshd"
	cp "$D/pam.d/other" "$F/alone/pam.d"
	chmod -R go-w "$F/alone"
	account_gives 'without a state it does not start libcrypto' '^acct_mgmt PAM_SUCCESS$'
	(unset OPENSSL_CONF && sed "\$a [state]\ndirectory = $F/alone/lib/state" "$F/alone/pam_jwt.conf" >"$F/alone/state.conf" &&
		"$JWT" state init --config "$F/alone/state.conf" >/dev/null)
	account_gives 'with one it needs libcrypto' '^acct_mgmt PAM_BUF_ERR$'
}

account_gives() {	# NAME PATTERN
	"$PAMTRY" "$F/alone/pam.d" sshd now="$NOW" login_defs="$D/login.defs" var_lib="$F/alone/lib" user=alice acct_mgmt >"$D/transcript" 2>&1 || :
	check "account phase: $1" grep -q "$2" "$D/transcript"
}

# libcrypto may be told by its configuration to do nothing; then nobody gets in.
environment_openssl() {
	printf '%s\n' 'openssl_conf = a' '[a]' 'providers = b' 'alg_section = d' '[b]' 'null = c' '[c]' 'activate = 1' '[d]' \
		'default_properties = "provider=none"' >"$D/openssl.cnf"
	OPENSSL_CONF=$D/openssl.cnf
	export OPENSSL_CONF
	under_limit OPENSSL_CONF
	account_alone
	unset OPENSSL_CONF
	limits_end 'a configuration of libcrypto without algorithms' 1 0
}

threads() {	# THREADS LOGINS
	run_program 'threads: it ends' "$T/threads" "$F" "$1" "$2" "$D/tok/good" "$D/tok/tampered"
}

# The same under TSan, with a module of its own: neither make nor the build is needed.
threads_tsan() {	# THREADS LOGINS
	mkdir -p "$D/tsan/pam.d"
	if [ -n "$SAN" ] || ! echo 'int main(void) { return 0; }' |
		$CC -fsanitize=thread -x c -o "$D/tsan/try" - 2>/dev/null || ! "$D/tsan/try"; then
		skip 'threads: TSan' 'it is not installed, cannot run here, or another sanitizer is there'
		return 0
	fi
	# shellcheck disable=SC2046 # a list of files
	(cd "$P" && $CC -std=c11 -D_GNU_SOURCE -O1 -g -fPIC -shared -Isrc -I. -fvisibility=hidden -fsanitize=thread \
		-Wl,--version-script=src/pam_jwt.map,-z,nodelete -o "$D/tsan/pam_jwt.so" pam_jwt.c $(find src/pam src/core src/host -name '*.c') \
		-lpam -lcrypto)
	compile "$D/tsan/threads" -fsanitize=thread -rdynamic tests/faults/threads.c -lpam
	sed "s|$MODULE|$D/tsan/pam_jwt.so|" "$F/pam.d/sshd" >"$D/tsan/pam.d/sshd"
	cp "$D/pam.d/other" "$D/tsan/pam.d"
	# libpam tells the kernel's audit, through a library with a static buffer; what OpenSSL 3.5 does without locks TSan
	# cannot see, as libcrypto is not built with it.
	printf 'race:libaudit.so\nrace:libcrypto.so\n' >"$D/tsan/known"
	TSAN_OPTIONS="exitcode=66 suppressions=$D/tsan/known" run_program 'threads: TSan' "$D/tsan/threads" "$D/tsan" "$1" "$2" "$D/tok/good" \
		"$D/tok/tampered"
}

# --- constant time ---------------------------------------------------------------------------------------------------

constant_time() {
	if ! command -v valgrind >/dev/null || ! echo '#include <valgrind/memcheck.h>' | $CC -E - >/dev/null 2>&1; then
		skip 'constant time: HMAC' 'valgrind or its header is not installed'
		return 0
	fi
	constant_sig=$(cd "$P" && find src/core -name sig.c)
	constant_rest=$(cd "$P" && find src/core -name '*.c' ! -name sig.c)
	# shellcheck disable=SC2086 # words
	compile "$D/hmac" -rdynamic tests/faults/hmac.c $constant_rest "$constant_sig" -lcrypto -ldl
	compile "$D/sig.o" -c -DCRYPTO_memcmp=memcmp -fno-builtin "$constant_sig"
	# shellcheck disable=SC2086 # words
	compile "$D/control" -rdynamic tests/faults/hmac.c $constant_rest "$D/sig.o" -lcrypto -ldl
	if valgrind -q --error-exitcode=9 "$D/hmac" >"$D/output" 2>&1; then
		pass 'constant time: the HMAC comparison has no branch on the MAC'
	else
		fail 'constant time: the HMAC comparison has no branch on the MAC' "$(cat "$D/output")"
	fi
	constant_status=0
	valgrind -q --error-exitcode=9 "$D/control" >"$D/output" 2>&1 || constant_status=$?
	if [ "$constant_status" -eq 9 ]; then
		pass 'constant time: memcmp() in its place is seen'
	else
		fail 'constant time: memcmp() in its place is seen' "exit status $constant_status" "$(cat "$D/output")"
	fi
}
