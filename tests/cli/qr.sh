#!/bin/sh
# pam-jwt-net qr: codes that a real reader reads, on dark and on light terminals, and texts that make no code.
#
#     BUILD=build sh tests/cli/qr.sh              from the top of the tree
set -u

# shellcheck disable=SC2034 # for results.sh
AREA=qr
BUILD=${BUILD:-build}
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh

[ -x "$BUILD/pam-jwt-net" ] || { skip 'QR codes' 'there was no libcurl for pam-jwt-net'; finish; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A build without the library says so. Its object alone is made here, so that this runs where the library is, too.
printf 'int qr_run(void);\nint main(void) { return qr_run(); }\n' >"$work/main.c"
"${CC:-cc}" -std=c11 -D_GNU_SOURCE -Isrc -o "$work/without" "$work/main.c" src/net/qr.c "$BUILD/cli.a" "$BUILD/core.a" 2>"$work/err"
printf 'text' | "$work/without" >"$work/out" 2>>"$work/err"
[ $? -eq 2 ] && [ ! -s "$work/out" ] && grep -qx 'without: this build draws no QR codes: it was made without libqrencode' "$work/err"
result $? 'a build without libqrencode' "@$work/err"
readelf -d "$BUILD/pam-jwt-net" | grep -q libqrencode || { skip 'QR codes' 'there was no libqrencode for pam-jwt-net'; finish; }

letters() {	# COUNT
	awk -v count="$1" 'BEGIN { while (i++ < count) printf "x" }'
}

shows() {	# NAME COLUMNS TEXT
	printf %s "$3" | "$BUILD/pam-jwt-net" qr >"$work/code" 2>"$work/err"
	got=$?
	columns=$(python3 tests/lib/qrread.py shape <"$work/code" 2>&1)
	[ "$got" -eq 0 ] && [ ! -s "$work/err" ] && [ "$columns" = "$2" ]
	result $? "$1: $2 columns" "exit status $got, $columns" "@$work/err"
	read=$(python3 tests/lib/qrread.py text <"$work/code" 2>&1)
	if [ $? -eq 77 ]; then
		skip "$1 is read" 'there is no libzbar'
	else
		[ "$read" = "$3" ]
		result $? "$1 is read" "$read"
	fi
}

if command -v python3 >/dev/null; then
	shows 'one letter' 29 A
	shows 'an address' 37 'https://id.example.com/device?user_code=WDJB-MJHT'
	# shellcheck disable=SC2016 # not to be expanded
	shows 'all marks' 37 ' !"#$%&'\''()*+,-./:;<=>?@[\]^_`{|}~'
	shows 'the longest that 80 columns hold' 77 "$(letters 425)"
else
	skip 'QR codes' 'python3 is not here'
fi

# An octal escape for printf, and what is said about it.
refuses() {	# NAME TEXT MESSAGE
	# shellcheck disable=SC2059 # with escapes
	printf "$2" | "$BUILD/pam-jwt-net" qr >"$work/out" 2>"$work/err"
	[ $? -eq 2 ] && [ ! -s "$work/out" ] && grep -qx "pam-jwt-net: $3" "$work/err"
	result $? "$1" "@$work/err"
}

bad='a QR code is made only of printable ASCII, without a newline'
refuses 'a byte more' "$(letters 426)" 'the text is too long for a QR code of 80 columns'
refuses 'the longest text' "$(letters 2048)" 'the text is too long for a QR code of 80 columns'
refuses 'a text of 2,049 bytes' "$(letters 2049)" 'a QR code is made of 1 to 2048 bytes'
refuses 'no text' '' 'a QR code is made of 1 to 2048 bytes'
refuses 'a newline' 'a\n' "$bad"
refuses 'an escape' '\033[2J' "$bad"
refuses 'a NUL' 'a\000b' "$bad"
refuses 'DEL' 'a\177' "$bad"
refuses 'C1 of UTF-8' 'a\302\233' "$bad"

printf text | "$BUILD/pam-jwt-net" qr >/dev/full 2>"$work/err"
[ $? -eq 2 ] && grep -q '^pam-jwt-net: standard output: ' "$work/err"
result $? 'a full device' "@$work/err"
"$BUILD/pam-jwt-net" qr more </dev/null >"$work/out" 2>"$work/err"
[ $? -eq 2 ] && grep -q '^usage: pam-jwt-net fetch | qr$' "$work/err"
result $? 'a word more' "@$work/err"
finish
