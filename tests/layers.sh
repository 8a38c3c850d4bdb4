#!/bin/sh
# The layers of the program, proved by a test: who includes what, and that the core asks nothing of its host.
#
#     sh tests/layers.sh [BUILD]      from the top of the tree, after make
#
# The last tests plant a violation of each rule in a copy of the tree and demand that it is found.
set -u

BUILD=${1:-${BUILD:-build}}
AREA=layers
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh

# One line for each folder: the folders whose headers its files may include, besides its own. Dependencies point
# downwards; core/reason.h, the names of all results, is the one header that every layer shares.
arrows() {
	cat <<-'END'
	core/base
	core/jose       core/base
	core/policy     core/jose core/base
	core            core/policy core/jose core/base
	host            host/state core core/policy core/jose core/base
	host/state      host core core/policy core/jose core/base
	pam             host host/state core core/policy core/jose core/base
	cli             core/policy core/jose core/base
	askpass         cli core/policy core/jose core/base
	issuer          cli host core core/jose core/base
	agent           host core/jose core/base
	issuerd         agent issuer cli host host/state core core/policy core/jose core/base
	sync            host core core/policy core/jose core/base
	login           agent sync cli host core core/policy core/jose core/base
	net             sync cli core/policy core/jose core/base
	port            tool askpass login cli sync core/policy core/jose core/base
	port/include
	port/include/sys
	tool            login cli issuer sync host host/state core core/policy core/jose core/base
	END
}

# Prints the lines of one folder's files that include a header of a folder that is not allowed to them.
check_folder() {	# TREE FOLDER ALLOWED-FOLDER...
	folder_tree=$1
	folder_name=$2
	shift 2
	folder_allowed=$(printf '%s|' "$folder_name" "$@")
	(cd "$folder_tree" && grep -nE '^#include "' src/"$folder_name"/*.[ch] /dev/null |
		grep -vE "#include \"(${folder_allowed%|})/[a-z0-9_]+\.h\"|#include \"core/reason\.h\"")
}

# Prints the lines that include what matches PATTERN in the sources below TREE, but for the allowed files.
strangers() {	# TREE PATTERN ALLOWED-FILES
	(cd "$1" && grep -rnE "^#include <($2)" pam_jwt.c src --include='*.[ch]' | grep -vE "^($3):")
}

# Prints the folders of sources that have no line in arrows(), and files with names that say nothing.
check_names() {	# TREE
	(cd "$1" && find src -name '*.[ch]' | sed -e 's,^src/,,' -e 's,/[^/]*$,,' | sort -u) |
		while read -r folder; do
			arrows | grep -qE "^$folder( |$)" || echo "src/$folder: a folder without a line in arrows()"
		done
	(cd "$1" && find src -name '*util*' -o -name '*misc*' -o -name '*common*')
}

check_includes() {	# TREE
	found=$(
		arrows | while read -r folder allowed; do
			# shellcheck disable=SC2086 # words
			check_folder "$1" "$folder" $allowed
		done
		check_names "$1"
		(cd "$1" && grep -nE '^#include "' pam_jwt.c /dev/null |
			grep -vE '"(pam|host|host/state|core|core/policy|core/jose|core/base)/[a-z0-9_]+\.h"')
		strangers "$1" 'security/' 'pam_jwt\.c|src/pam/.*'
		strangers "$1" 'json-c/' 'src/tool/json_out\.c'
		strangers "$1" 'curl/' 'src/net/http(_headers)?\.[ch]'
		strangers "$1" 'seccomp' 'src/net/confine\.c'
		strangers "$1" 'qrencode' 'src/net/qr\.c'
		strangers "$1" 'sqlite3' 'src/issuerd/family_db(_[a-z]+)?\.[ch]'
		(cd "$1" && grep -nE '^#include "sync/' src/net/*.[ch] | grep -v '"sync/exchange\.h"')
		strangers "$1" 'openssl/' 'src/core/base/(hash|openssl)\.c|src/core/jose/(sig|crypt|crypt_key)\.c|src/core/jose/crypt_pkey\.h|src/host/state/tls(_files\.c|_lib\.h|\.c)|src/issuer/(keypair|encrypt|encrypt_key)\.c'
		# The core has of libc only what touches nothing.
		(cd "$1" && grep -rnE '^#include <' src/core | grep -vE \
			'<openssl/|<(stdarg|stdalign|stdbool|stddef|stdint|stdio|stdlib|string|sys/types|arpa/inet)\.h>')
	)
	[ -z "$found" ] || { printf '%s\n' "$found"; return 1; }
}

# What the core may ask of others: memory, strings, formatting into memory, OpenSSL. No file, clock, environment, log,
# network or account.
ALLOWED='^(malloc|calloc|realloc|reallocarray|free|memcpy|memmove|memset|memcmp|memchr|memmem|strlen|strchr|strdup|explicit_bzero'
ALLOWED="$ALLOWED|vsnprintf|snprintf|inet_pton|qsort|bsearch|abort|__(mem|str|explicit_|vsn|sn|sprintf|asan|ubsan|gcov)[a-z0-9_]*"
ALLOWED="$ALLOWED|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|__stack_chk_guard|__tls_get_addr"
ALLOWED="$ALLOWED|(EVP|ERR|OSSL|CRYPTO|BN|RAND)_[A-Za-z0-9_]*)$"

# Prints the symbols that the objects below FOLDER want from outside the core and that are not allowed.
check_symbols() {	# FOLDER-OF-OBJECTS
	find "$1" -name '*.o' >"$work/objects"
	[ -s "$work/objects" ] || { echo "no object in $1"; return 1; }
	xargs nm -g --defined-only <"$work/objects" | awk 'NF == 3 { print $3 }' | sort -u >"$work/own"
	found=$(xargs nm -u <"$work/objects" | awk 'NF == 2 { print $2 }' | sort -u | comm -23 - "$work/own" |
		grep -vE "$ALLOWED")
	[ -z "$found" ] || { printf '%s\n' "$found"; return 1; }
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

details=$(check_includes .)
result $? 'each folder includes only the folders below it, and only the right files PAM, OpenSSL and json-c' "$details"
details=$(check_symbols "$BUILD/obj/src/core")
result $? 'the core asks nothing of the host but memory' "$details"

# Planted: one violation of each arrow and of each rule about libraries. Each of these must be noticed.
mkdir "$work/tree" "$work/obj"
cp -R pam_jwt.c src "$work/tree"

plant() {	# FILE LINE
	cp "$work/tree/$1" "$work/saved"
	printf '%s\n' "$2" >>"$work/tree/$1"
	check_includes "$work/tree" >/dev/null && missed=1 || missed=0
	result "$missed" "a planted $2 in $1 is found"
	cp "$work/saved" "$work/tree/$1"
}

plant src/core/base/json.c '#include "core/jose/jws.h"'
plant src/core/base/hash.c '#include "core/policy/policy.h"'
plant src/core/base/number.c '#include "core/verdict.h"'
plant src/core/jose/jws.c '#include "core/policy/policy.h"'
plant src/core/jose/jwk.c '#include "core/claims.h"'
plant src/core/policy/rule.c '#include "core/verdict.h"'
plant src/core/policy/policy.c '#include "host/file.h"'
plant src/core/claims.c '#include "host/file.h"'
plant src/host/load.c '#include "pam/call.h"'
plant src/host/state/redis.c '#include "tool/input.h"'
plant src/pam/ask.c '#include "tool/input.h"'
plant pam_jwt.c '#include "tool/input.h"'
plant src/cli/report.c '#include "host/file.h"'
plant src/cli/report.c '#include "tool/input.h"'
plant src/askpass/main.c '#include "host/file.h"'
plant src/askpass/main.c '#include "tool/input.h"'
plant src/issuer/keypair.c '#include "tool/input.h"'
plant src/agent/agent.c '#include "login/session.h"'
plant src/agent/agent.c '#include "issuer/keypair.h"'
plant src/issuer/keypair.c '#include "agent/agent.h"'
plant src/sync/exchange.c '#include "agent/agent.h"'
plant src/issuerd/people.c '#include "tool/input.h"'
plant src/issuerd/people.c '#include "login/session.h"'
plant src/issuerd/people.c '#include "sync/exchange.h"'
plant src/issuerd/people.c '#include <sqlite3.h>'
plant src/issuerd/family.c '#include <sqlite3.h>'
plant src/tool/main.c '#include <sqlite3.h>'
plant src/issuer/keypair.c '#include "issuerd/people.h"'
plant src/tool/main.c '#include "issuerd/people.h"'
plant src/host/load.c '#include "issuerd/people.h"'
plant src/sync/exchange.c '#include "cli/report.h"'
plant src/sync/exchange.c '#include "tool/input.h"'
plant src/sync/exchange.c '#include "host/state/redis.h"'
plant src/login/session.c '#include "tool/input.h"'
plant src/login/session.c '#include "host/state/redis.h"'
plant src/cli/login_conf.c '#include "login/session.h"'
plant src/askpass/main.c '#include "login/session.h"'
plant src/net/fetch.c '#include "login/session.h"'
plant src/net/fetch.c '#include "host/file.h"'
plant src/net/fetch.c '#include "sync/fetcher.h"'
plant src/net/fetch.c '#include <curl/curl.h>'
plant src/sync/fetcher.c '#include <curl/curl.h>'
plant src/net/fetch.c '#include <qrencode.h>'
plant src/sync/fetcher.c '#include "net/http.h"'
plant src/tool/main.c '#include "net/http.h"'
plant src/host/load.c '#include "sync/exchange.h"'
plant src/login/form.c '#include "tool/input.h"'
plant src/login/form.c '#include "net/http.h"'
plant src/login/form.c '#include <curl/curl.h>'
plant src/sync/fetcher.c '#include "login/form.h"'
plant src/askpass/main.c '#include "login/form.h"'
plant src/pam/ask.c '#include "sync/exchange.h"'
plant src/tool/main.c '#include "askpass/token.h"'
plant src/tool/main.c '#include "pam/call.h"'
plant src/tool/main.c '#include "port/port.h"'
plant src/core/jose/jws.c '#include <time.h>'
plant src/host/load.c '#include <security/pam_modules.h>'
plant src/core/base/json.c '#include <json-c/json.h>'
plant src/core/jose/jwk.c '#include <openssl/evp.h>'
mkdir "$work/tree/src/core/status"
echo '#include "core/verdict.h"' >"$work/tree/src/core/status/list.h"
check_includes "$work/tree" >/dev/null && missed=1 || missed=0
result "$missed" 'a folder that the rules do not name is found'
rm -r "$work/tree/src/core/status"

cp -R "$BUILD/obj/src/core" "$work/obj"
printf 'long time(long *);\nlong planted(void);\nlong planted(void)\n{\n\treturn time(0);\n}\n' |
	"${CC:-cc}" -x c -c -o "$work/obj/core/base/planted.o" -
check_symbols "$work/obj" >/dev/null && missed=1 || missed=0
result "$missed" 'a planted call of time() is found'
finish
