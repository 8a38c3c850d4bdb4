#!/bin/sh
# Lets Frama-C/Eva look at the readers of foreign bytes, in units small enough that each run-time error of them can be excluded for
# every input up to a length. README.md beside this file says what that means, and what it does not.
#
#     sh tests/prove/run.sh [UNIT...]       all units of units.txt without a name; then plants the faults of faults.txt
#
#     PROVE_JOBS=2        runs at a time; otherwise the number of processors
#     PROVE_SECONDS=300   of a processor for one run
#
# BUILD says where the copies of the sources and the logs go. Without Frama-C, or with another version, all is skipped.
set -u
cd "$(dirname "$0")/../.." || exit 1
AREA=prove
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh

VERSION=25.0	# another version may need other hints, and other models
here=tests/prove
out=${BUILD:-build}/prove
tree=$out/tree
# After the headers of Frama-C: those of OpenSSL.
openssl="-idirafter /usr/include -idirafter /usr/include/$(gcc -print-multiarch)"

# --- the copies of the sources ----------------------------------------------------------------------------------------

# Puts the changes of a table into the files that it names: copies them from one tree into another.
edit_into() {	# TABLE FROM TO [awk's -v replace=1]
	edit_table=$1
	edit_from=$2
	edit_to=$3
	shift 3
	sed -n 's/^\([a-z][^@]*\)@@.*/\1/p' "$edit_table" | sort -u | while read -r edit_file; do
		mkdir -p "$edit_to/$(dirname "$edit_file")"
		awk "$@" -v name="$edit_file" -v table="$edit_table" -f "$here/edit.awk" <"$edit_from/$edit_file" \
			>"$edit_to/$edit_file" || exit 1
	done
}

make_tree() {
	rm -rf "$out"
	mkdir -p "$tree" && cp -R src/. "$tree" && edit_into "$here/hints.txt" src "$tree"
}

# --- one run of Eva ---------------------------------------------------------------------------------------------------

# Prints the options that a mode of units.txt stands for. A split keeps states apart, so that pointers and lengths of one view stay
# together; README.md describes the modes.
mode_options() {	# MODE[/FUNCTION:N,...]
	case $1 in
	*/*)
		mode_options "${1%%/*}"
		echo "-eva-slevel-function ${1#*/}"
		;;
	wide) echo '-eva-precision 3' ;;
	exact:*) echo "-eva-precision 5 -eva-slevel ${1#*:} -eva-split-return full" ;;
	paths:*) echo "-eva-precision 1 -eva-slevel ${1#*:} -eva-split-return full -eva-interprocedural-splits" ;;
	unroll:*) echo "-eva-precision 0 -eva-min-loop-unroll 140 -eva-slevel ${1#*:} -eva-split-return full" \
		'-eva-interprocedural-splits -eva-split-limit 1000' ;;
	bytes:*) echo "$(mode_options "unroll:${1#*:}") -eva-ilevel 256" ;;
	esac
}

# A source of units.txt: @NAME is a model of this folder, - is nothing, any other name is below src/, where a planted fault comes first.
source_path() {	# NAME FAULT-TREE
	case $1 in
	-) ;;
	@*) echo "$here/${1#@}.c" ;;
	*) if [ -f "$2/$1" ]; then echo "$2/$1"; else echo "$tree/$1"; fi ;;
	esac
}

eva() {	# LOG FAULT-TREE UNIT LENGTH MODE SOURCES
	eva_sources=
	for eva_source in $(echo "$6" | tr ',' ' '); do
		eva_sources="$eva_sources $(source_path "$eva_source" "$2")"
	done
	eva_names=
	case $6 in *@snprintf*) eva_names=-Dsnprintf=prove_snprintf ;; esac
	# shellcheck disable=SC2046,SC2086 # words
	prlimit --cpu="${PROVE_SECONDS:-300}" frama-c -machdep gcc_x86_64 -c11 -cpp-extra-args="-I$2 -I$tree $openssl -D_GNU_SOURCE $eva_names -DLEN=$4 \
		-include $here/prove.h" -warn-invalid-pointer -eva-alloc-returns-null -eva-alloc-builtin fresh \
		"$here/units/$3.c" "$here/libc.c" $eva_sources \
		-eva $(mode_options "$5") >"$1" 2>&1 </dev/null
}

# Prints the seconds that processes took, which a busy machine does not change, from what "times" wrote.
seconds() {	# FILE
	awk 'NR == 2 { split($1 "m" $2, t, /[ms]+/); printf "%.0f\n", t[1] * 60 + t[2] + t[3] * 60 + t[4] }' "$1"
}

# What makes a finished run no proof: an alarm, a condition that is not known to hold, a function without a body or a model, and an
# end that is never reached.
DOUBTS='eva:alarm|(Preconditions|Assertions) .* [1-9][0-9]* (unknown|invalid)|NON TERMINATING|aborted'
GAPS='Neither code nor specification|overridden by its builtin|implicit prototype|recursive call'

# Prints the alarms of a log, each in one line.
alarms() {	# LOG
	awk '/eva:alarm/ { at = $0; sub(/.*eva:alarm\] */, "", at); sub(/: Warning:.*/, "", at); getline; print at ":" $0 }
		/assertion got status/ { print }' "$1" | sed -e "s,$tree/,," | head -n 12
	grep -E "NON TERMINATING|$GAPS|rror:" "$1" | head -n 5
}

# Prints "FUNCTIONS/STATEMENTS": how many functions were reached, and how many statements of these were not.
reach() {	# LOG
	awk '/ functions analyzed / { functions = $1 }
		/ statements reached / { for (i = 2; i <= NF; i++) if ($i == "statements") { got = $(i - 1); all = $(i + 4) } }
		END { sub(/\)/, "", all); sub(/:.*/, "", all); print functions "/" all - got }' "$1"
}

# --- the units --------------------------------------------------------------------------------------------------------

# The lines of units.txt, one for each length: UNIT MODE LENGTH=REACH SOURCES.
runs() {	# [UNIT...]
	awk -v want=" $* " '!/^#/ && NF == 4 && (want == "  " || index(want, " " $1 " ")) {
		count = split($3, length_, ",")
		for (i = 1; i <= count; i++) print $1, $2, length_[i], $4 }' "$here/units.txt"
}

# Fewer functions, or more statements that are not reached, than units.txt says: the unit looks at less than it did.
reaches_as_listed() {	# REACH LISTED
	[ "${1%/*}" -ge "${2%/*}" ] && [ "${1#*/}" -le "${2#*/}" ]
}

prove() {	# UNIT MODE LENGTH=REACH SOURCES
	prove_length=${3%%=*}
	prove_name="$1, $prove_length bytes"
	prove_log=$out/$1-$prove_length.log
	if ! eva "$prove_log" "$out/none" "$1" "$prove_length" "$2" "$4"; then
		fail "$prove_name: it did not end in time, or cannot be read" "$(alarms "$prove_log")"
	elif grep -Eq "$DOUBTS|$GAPS" "$prove_log" || ! grep -q ' 0 alarms generated' "$prove_log"; then
		fail "$prove_name" "$(alarms "$prove_log")"
	elif ! reaches_as_listed "$(reach "$prove_log")" "${3#*=}"; then
		fail "$prove_name" "it reaches $(reach "$prove_log") (functions/statements left out), units.txt says ${3#*=}"
	else
		times >"$prove_log.times"
		pass "$prove_name: no alarm, $(reach "$prove_log") functions/statements left out, $(seconds "$prove_log.times") s"
	fi
}

# --- planted faults ---------------------------------------------------------------------------------------------------

# The lines of faults.txt: UNIT LENGTH NUMBER, where the number is that of the line.
faults() {	# [UNIT...]
	awk -v want=" $* " '!/^#/ && NF > 2 && (want == "  " || index(want, " " $1 " ")) { print $1, $2, NR }' "$here/faults.txt"
}

# The run of the unit must end, and have an alarm: a fault that stops it otherwise is found by nobody.
find_fault() {	# UNIT LENGTH NUMBER
	fault_tree=$out/fault-$3
	fault_log=$fault_tree/log
	mkdir -p "$fault_tree"
	sed -n "${3}s/^[a-z_0-9]* *[0-9]* *//p" "$here/faults.txt" >"$fault_tree/table"
	fault_name="$1: finds $(sed 's/@@.*@@/: /' "$fault_tree/table")"
	fault_run=$(runs "$1" | awk 'NR == 1 { print $2, $4 }')
	if [ -z "$fault_run" ]; then
		fail "$fault_name" 'units.txt has no such unit'
	elif ! edit_into "$fault_tree/table" "$tree" "$fault_tree" -v replace=1 2>"$fault_log"; then
		fail "$fault_name" "@$fault_log"
	elif ! eva "$fault_log" "$fault_tree" "$1" "$2" "${fault_run% *}" "${fault_run#* }"; then
		fail "$fault_name" "the run did not end" "$(alarms "$fault_log")"
	elif grep -Eq "$DOUBTS" "$fault_log" && ! grep -Eq "$GAPS" "$fault_log"; then
		pass "$fault_name"
	else
		fail "$fault_name" 'there was no alarm'
	fi
}

# Each unit has a fault, otherwise nothing shows that its proof can fail.
each_has_a_fault() {
	runs "$@" | while read -r unit _; do
		[ -n "$(faults "$unit")" ] || echo "$unit"
	done | sort -u >"$out/no-fault"
	[ ! -s "$out/no-fault" ]
	result $? 'each unit has a planted fault' "@$out/no-fault"
}

# --- all of it --------------------------------------------------------------------------------------------------------

# A part of the work, in a process of its own: see each().
case ${1-} in
--prove | --fault)
	part=$1
	shift
	if [ "$part" = --prove ]; then prove "$@"; else find_fault "$@"; fi
	finish
	;;
esac

# Runs the lines of a list, as many at a time as there are processors.
each() {	# --prove|--fault
	xargs -r -P "${PROVE_JOBS:-$(nproc)}" -L 1 sh "$here/run.sh" "$1" || FAILED=$((FAILED + 1))
}

found=$(frama-c -version 2>/dev/null)
case $found in
"$VERSION"*) ;;
'')
	skip 'Frama-C' "it is not installed; version $VERSION is needed"
	finish
	;;
*)
	skip 'Frama-C' "its version is $found, and $VERSION is needed"
	finish
	;;
esac

make_tree || {
	fail 'the hints fit the sources'
	finish
}
pass 'the hints fit the sources'
each_has_a_fault "$@"
runs "$@" >"$out/runs"
each --prove <"$out/runs"
faults "$@" >"$out/faults"
each --fault <"$out/faults"
finish
