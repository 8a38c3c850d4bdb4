#!/bin/sh
# What the module weighs: bytes, relocations, libraries, and what mapping it costs. Prints lines of JSON for report.py.
#
#     sh tests/bench/sizes.sh [--peers]     with other modules, on the machine or in build/bench-modules
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
B=${BUILD:-$P/build}
case $B in /*) ;; *) B=$P/$B ;; esac
D=$(mktemp -d)
trap 'rm -rf "$D"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The middle one of nine.
weight() {	# OBJECT [LIBRARY]
	for _ in 1 2 3 4 5 6 7 8 9; do
		"$B/tests/bench/weigh" "$@"
	done | sort -k 3n | sed -n 5p
}

# An object without debugging symbols, as a package has it.
size() {	# NAME OBJECT [LIBRARY]
	size_name=$1 size_object=$D/${2##*/}
	cp "$2" "$size_object"
	strip "$size_object"
	shift 2
	# shellcheck disable=SC2046 # three numbers
	set -- $(weight "$size_object" "$@")
	size_needs=$(readelf -d "$size_object" | sed -n 's/.*NEEDED.*\[\(.*\)\.so.*\]/\1/p' | tr '\n' ' ')
	printf '{"table": "size", "name": "%s", "bytes": %d, "relocations": %d, "relative": %d, "needs": "%s", "objects": %d, ' "$size_name" \
		"$(stat -c %s "$size_object")" "$(readelf -rW "$size_object" | grep -c ' R_')" \
		"$(readelf -rW "$size_object" | grep -c _RELATIVE)" "${size_needs% }" "$(ldd "$size_object" | wc -l)"
	printf '"rss": %d, "private": %d, "us": %d}\n' "$1" "$2" "$3"
}

size pam_jwt.so "$B/pam_jwt.so"
size 'pam_jwt.so, libcrypto up' "$B/pam_jwt.so" libcrypto.so.3
[ "${1-}" = --peers ] || exit 0
for name in pam_unix pam_google_authenticator pam_u2f pam_sss pam_krb5 pam_ssh_agent_auth; do
	object=$(find "$B/bench-modules" /usr/lib /lib -name "$name.so" 2>/dev/null | head -n 1)
	if [ -n "$object" ] && ! ldd "$object" | grep -q 'not found'; then size "$name.so" "$object"; fi
done
