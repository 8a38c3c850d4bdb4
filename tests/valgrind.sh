#!/bin/sh
# The unit tests under valgrind: no invalid access, no use of what was never set, no leak.
set -u

AREA=valgrind
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
command -v valgrind >/dev/null || { skip 'the unit tests' 'it is not installed' && finish; }
for program in "${BUILD:-build}"/tests/test_*; do
	case $program in
	*.d | *signatures | *vectors*) continue ;;	# thousands of signatures: hours under valgrind
	*/test_b64url_all) continue ;;	# millions of short texts; make check-asan runs it
	*/test_fetcher)	# make check-asan runs it
		skip test_fetcher 'valgrind refuses the limit of open files that the child sets for itself'
		continue
		;;
	*/test_jwe_residue | */test_jws_residue)	# make check-asan runs it
		skip "$(basename "$program")" 'it reads the stack of a thread that has ended, which valgrind calls invalid'
		continue
		;;
	*/test_jwe_nomemory | */test_jws_nomemory)	# make check-unit runs it
		skip "$(basename "$program")" 'its malloc() is not called: valgrind has its own'
		continue
		;;
	*/test_number)	# make check-unit and check-asan run it
		skip test_number 'valgrind computes long double as double, which cannot hold 1e900'
		continue
		;;
	*/test_confine)	# make check-unit and check-asan run it
		skip test_confine 'valgrind does not know the system call seccomp'
		continue
		;;
	esac
	# CI has not the time for those that take more than four seconds here: the sanitizers run them there.
	case ${VALGRIND_BRIEF:-}$program in
	1*/test_access | 1*/test_agent | 1*/test_attacks | 1*/test_decryption | 1*/test_dpop | 1*/test_ecdsa | 1*/test_event | \
		1*/test_family_db* | 1*/test_fetched | 1*/test_json_words | 1*/test_jwe | 1*/test_key_sets | 1*/test_keyset | \
		1*/test_line | 1*/test_parts* | 1*/test_presets_* | 1*/test_spki | 1*/test_verifier | 1*/test_zone)
		skip "$(basename "$program")" 'VALGRIND_BRIEF is set'
		continue
		;;
	esac
	[ -x "$program" ] || continue
	valgrind -q --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=99 "$program" \
		>/dev/null 2>"${BUILD:-build}/valgrind.log"
	result $? "$(basename "$program")" "@${BUILD:-build}/valgrind.log"
done
finish
