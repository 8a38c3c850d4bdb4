#!/bin/sh
# Finds a test by the name that people know it by, for make check TEST=NAME. Prints its file, or several files where several
# tests have that name; for an unknown name it says which names are near, and fails.
#
#     sh tests/find.sh NAME SCRIPT...      NAME: of a program of tests/unit (test_spki, or spki), of a script (usage, or
#                                          cli/usage), of a folder with a run.sh (pam), or of a file of tests/pam/cases (account)
set -u
cd "$(dirname "$0")/.." || exit 1
name=$1
shift

# Prints each test as "NAME FOLDER/NAME FILE". A run.sh goes by the name of its folder.
every() {	# SCRIPT...
	for every_file in tests/unit/test_*.c tests/pam/cases/*.case "$@"; do
		every_name=${every_file#tests/}
		every_name=${every_name%.*}
		case $every_name in
		*/run) echo "${every_name%/run} $every_name $every_file" ;;
		unit/*) echo "${every_name#unit/test_} $every_name $every_file" && echo "${every_name#unit/} $every_name $every_file" ;;
		*) echo "${every_name##*/} $every_name $every_file" ;;
		esac
	done
}

# The names that share their beginning or a part with the given one, or differ from it in at most two letters.
near() {	# NAME <TESTS
	awk -v name="$1" '
	function least(a, b, c) { return a < b ? (a < c ? a : c) : (b < c ? b : c) }
	function distance(a, b,  i, j, row, old, diagonal) {
		for (j = 0; j <= length(b); j++) row[j] = j
		for (i = 1; i <= length(a); i++) {
			diagonal = row[0]
			row[0] = i
			for (j = 1; j <= length(b); j++) {
				old = row[j]
				row[j] = least(row[j] + 1, row[j - 1] + 1, diagonal + (substr(a, i, 1) != substr(b, j, 1)))
				diagonal = old
			}
		}
		return row[length(b)]
	}
	index($1, name) || index(name, $1) || substr($1, 1, 3) == substr(name, 1, 3) || distance($1, name) <= 2 { print $1 }' |
		sort -u | tr '\n' ' '
}

plain=${name#tests/}
plain=${plain%.*}
found=$(every "$@" | awk -v name="$plain" '$1 == name || $2 == name { print $3 }' | sort -u)
if [ -z "$found" ]; then
	alike=$(every "$@" | near "${plain##*/}")
	echo "There is no test that is named $name.${alike:+ Near it are: ${alike% }.} tests/README.md has the map." >&2
	exit 1
fi
echo "$found"
