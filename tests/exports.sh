#!/bin/sh
# What the module shows to the program that loads it, and what it wants from it; and what pam-jwt-askpass, beside it,
# links.
#
#     sh tests/exports.sh [MODULE]
set -u

so=${1:-${BUILD:-build}/pam_jwt.so}
AREA=exports
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh

same() {	# NAME WANTED GOT
	[ "$2" = "$3" ]
	result $? "$1" "wanted: $2
got: $3"
}

# Instrumented builds bring functions of the compiler along.
if nm -D "$so" | grep -qE '__(asan|ubsan|tsan)_'; then
	skip 'the symbols of the module' "$so is built with a sanitizer"
	finish
fi

same 'exactly the six entry points' \
	'pam_sm_acct_mgmt pam_sm_authenticate pam_sm_chauthtok pam_sm_close_session pam_sm_open_session pam_sm_setcred' \
	"$(nm -D --defined-only "$so" | awk '{ print $3 }' | sort | tr '\n' ' ' | sed 's/ $//')"
needed() {	# FILE
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\([^]]*\)\.so.*/\1/p' | sort | tr '\n' ' ' | sed 's/ $//'
}

same 'needs libpam, libcrypto and libc alone' 'libc libcrypto libpam' "$(needed "$so")"
same 'pam-jwt, which root runs, needs no library of the network' 'libc libcrypto libjson-c' "$(needed "$(dirname "$so")/pam-jwt")"
same 'pam-jwt-askpass needs libc alone' libc "$(needed "$(dirname "$so")/pam-jwt-askpass")"

# What makes, walks and tidies a store is for the command of the administrator. The one name that is wanted shows that nm sees names.
same 'no function that only the command calls' pam_sm_authenticate "$(nm "$so" | awk '{ print $NF }' |
	grep -xE 'pam_sm_authenticate|state_dir_(init|check|copy|set_mark|set_made|reset|walk|sweep|remove|purge)|state_redis_(init|walk)' | sort | tr '\n' ' ' | sed 's/ $//')"
# The tests of a policy run on keys that the command makes. The module has no key to make and nothing to sign, and does not know the
# file: so nothing in it can stand in for the signature of a provider.
signs='^(EVP_(PKEY_(keygen|Q_keygen|generate|sign)|DigestSign)|BN_generate|RSA_generate|EC_KEY_generate)'
same 'the module makes no key and signs nothing' '' "$(nm -D --undefined-only "$so" | awk '{ print $2 }' | sed 's/@.*//' | grep -E "$signs" | tr '\n' ' ')"
nm -D --undefined-only "$(dirname "$so")/pam-jwt" | awk '{ print $2 }' | grep -qE "$signs"
result $? 'and this would be seen: the command does both'
! strings -a "$so" | grep -qF tests.conf && strings -a "$(dirname "$so")/pam-jwt" | grep -qF tests.conf
result $? 'the module does not know tests.conf, and the command does'
readelf -lW "$so" | grep -q GNU_RELRO && readelf -dW "$so" | grep -qE 'BIND_NOW|FLAGS_1.*NOW'
result $? 'read-only relocations, bound at load'
! readelf -dW "$so" | grep -qE 'TEXTREL|RPATH|RUNPATH'
result $? 'no text relocation, no library path'
readelf -lW "$so" | awk '/GNU_STACK/ { if ($7 == "RW" || $7 == "RW ") found = 1 } END { exit !found }'
result $? 'no executable stack'

# Threads may share it: nothing of our own is writable. (.data.rel.ro is read-only once the module is loaded.)
writable=$(objdump -t "$so" | awk '/ O \.(data|bss|tdata|tbss)[ \t]/ { print $NF }' | grep -vE '^(completed\.|__)' || :)
same 'no variable of our own' '' "$writable"

wanted=$(nm -D --undefined-only "$so" | awk '{ print $2 }' | sed 's/@.*//' |
	grep -xE 'getenv|secure_getenv|setenv|putenv|system|popen|vfork|exec[lv][pe]*|setlocale|signal|sigaction|umask|chdir|getaddrinfo|gethostbyname|setuid|seteuid|printf|puts|fopen|exit|localtime|strtod' || :)
same 'no environment, program, network, locale, signal or stdio of the host' '' "$wanted"

# The one way to a network, and the one library that is loaded: for a site that has a Redis.
calls() {	# PATTERN
	(cd "$(dirname "$so")/obj" && for object in pam_jwt.o $(find src/pam src/core src/host -name '*.o' | sort); do
		nm -u "$object" | grep -qwE "$1" && echo "$object"
	done) | tr '\n' ' ' | sed 's/ $//'
}

same 'sockets in host/state/wire.c alone' 'src/host/state/wire.o' "$(calls 'socket|connect|send|recv|bind|listen')"
same 'a library is loaded by host/state/tls.c alone' 'src/host/state/tls.o' "$(calls 'dlopen|dlsym')"

# The one child there is: see src/host/token_file.c.
same 'a child, signals and other rights in the reader of token files alone' 'src/host/token_file.o' \
	"$(calls 'fork|waitpid|kill|setfsuid|pthread_sigmask')"
finish
