#!/bin/sh
# The layers of the program, proved and not hoped for: who includes what, and that the core is pure.
#
#     sh tests/layers.sh [BUILD]      from the top of the tree, after make
#
# The last test plants violations in a copy of the tree and demands that they are found.
set -u

BUILD=${1:-${BUILD:-build}}
AREA=layers
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh

# Prints the lines that include what matches PATTERN in the sources below TREE, but for the allowed files.
strangers() {	# TREE PATTERN ALLOWED-FILES
	(cd "$1" && grep -rnE "^#include <($2)" pam_jwt.c src --include='*.[ch]' | grep -vE "^($3):")
}

check_includes() {	# TREE
	found=$(
		strangers "$1" 'security/' 'pam_jwt\.c|src/pam/.*'
		strangers "$1" 'json-c/' 'src/tool/json_out\.c'
		strangers "$1" 'openssl/' 'src/core/(sig|hash|openssl)\.c|src/host/tls\.c|src/tool/keypair\.c'
		# The core: its own headers, and of libc only what touches nothing.
		(cd "$1" && grep -rnE '^#include' src/core | grep -vE \
			'"core/|<openssl/|<(stdarg|stdalign|stdbool|stddef|stdint|stdio|stdlib|string|sys/types|arpa/inet)\.h>')
		(cd "$1" && grep -rnE '^#include "(tool|host|pam)/' src/core)
		(cd "$1" && grep -rnE '^#include "(tool|pam)/' src/host)
		(cd "$1" && grep -rnE '^#include "tool/' src/pam pam_jwt.c)
		(cd "$1" && grep -rnE '^#include "pam/' src/tool)
		(cd "$1" && grep -rnE '^#include "' src/askpass | grep -vE '"(askpass|core)/|"tool/(complain|exit|look|report|when)\.h"')
		(cd "$1" && grep -rnE '^#include "askpass/' src/core src/host src/pam src/tool pam_jwt.c)
		(cd "$1" && find src -name '*util*' -o -name '*misc*' -o -name '*common*')
	)
	[ -z "$found" ] || { printf '%s\n' "$found"; return 1; }
}

# What the core may ask of others: memory, strings, formatting into memory, OpenSSL. No file, clock, environment, log,
# network or account.
ALLOWED='^(malloc|calloc|realloc|reallocarray|free|memcpy|memmove|memset|memcmp|memchr|memmem|strlen|strchr|strdup|explicit_bzero'
ALLOWED="$ALLOWED|vsnprintf|snprintf|inet_pton|qsort|bsearch|abort|__(mem|str|explicit_|vsn|sn|sprintf|asan|ubsan|gcov)[a-z0-9_]*"
ALLOWED="$ALLOWED|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|__stack_chk_guard|__tls_get_addr"
ALLOWED="$ALLOWED|(EVP|ERR|OSSL|CRYPTO)_[A-Za-z0-9_]*)$"

# Prints the symbols that the objects want from outside the core and that are not allowed.
check_symbols() {	# FOLDER-OF-OBJECTS
	find "$1" -name '*.o' >"$work/objects"
	xargs nm -g --defined-only <"$work/objects" | awk 'NF == 3 { print $3 }' | sort -u >"$work/own"
	found=$(xargs nm -u <"$work/objects" | awk 'NF == 2 { print $2 }' | sort -u | comm -23 - "$work/own" | grep -vE "$ALLOWED")
	[ -z "$found" ] || { printf '%s\n' "$found"; return 1; }
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

details=$(check_includes .)
result $? 'only the right files include PAM, OpenSSL, json-c and each other' "$details"
details=$(check_symbols "$BUILD/obj/src/core")
result $? 'the core asks nothing of the host but memory' "$details"

# Planted: each of these must be noticed.
mkdir "$work/tree" "$work/obj"
cp -R pam_jwt.c src "$work/tree"
for violation in 'src/core/jose/jws.c:#include <time.h>' 'src/host/load.c:#include <security/pam_modules.h>' \
	'src/core/base/json.c:#include <json-c/json.h>' 'src/core/claims.c:#include "host/file.h"' \
	'src/askpass/main.c:#include "host/file.h"' 'src/askpass/main.c:#include "tool/tool.h"' 'src/tool/main.c:#include "askpass/token.h"' \
	'src/tool/main.c:#include "pam/call.h"'; do
	file=$work/tree/${violation%%:*}
	cp "$file" "$work/saved"
	printf '%s\n' "${violation#*:}" >>"$file"
	check_includes "$work/tree" >/dev/null && missed=1 || missed=0
	result "$missed" "a planted ${violation#*:} in ${violation%%:*} is found"
	cp "$work/saved" "$file"
done
cp -R "$BUILD/obj/src/core/." "$work/obj"
printf 'long time(long *);\nlong planted(void);\nlong planted(void)\n{\n\treturn time(0);\n}\n' |
	"${CC:-cc}" -x c -c -o "$work/obj/planted.o" -
check_symbols "$work/obj" >/dev/null && missed=1 || missed=0
result "$missed" 'a planted call of time() is found'
finish
