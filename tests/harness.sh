#!/bin/sh
# Tests what runs the tests: a failure anywhere must be seen. Also the rules for commits, by commits that break them.
#
#     sh tests/harness.sh            from the top of the tree
set -u

AREA=harness
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
DETAILS=@$dir/out

# --- results.sh -------------------------------------------------------------------------------------------------------

script() {	# NAME <LINES
	{ echo "AREA=made; . $PWD/tests/lib/results.sh" && cat; } >"$dir/$1.sh"
}

script good <<-'END'
	pass one
	result 0 two
	check three true
	skip four 'it is not here'
	finish
END
script bad <<-'END'
	pass one
	result 1 two 'a detail' "@$0"
	check three false
	finish
END
script quiet <<-'END'
	finish
END
script crash <<-'END'
	pass one
	echo 'before the crash'
	kill -SEGV $$
END
script lies <<-'END'
	fail one
	exit 0
END
script half <<-'END'
	trap 'leave $?' EXIT
	pass one
	exit 0
END

sh "$dir/good.sh" >"$dir/out" &&
	[ "$(cat "$dir/out")" = "$(printf 'ok - made: %s\n' one two three && echo 'skip - made: four: it is not here')" ]
result $? 'results.sh prints what passes, and what is skipped with its reason'
sh "$dir/bad.sh" >"$dir/out"
[ $? -eq 1 ] && [ "$(grep -c '^not ok - made: ' "$dir/out")" -eq 2 ] && grep -qx '#   a detail' "$dir/out" &&
	grep -q '^#   pass one' "$dir/out"
result $? 'results.sh shows the details of a failure, and the exit status says it'
! sh "$dir/half.sh" >"$dir/out" && grep -q '^not ok - .*ended before its last test' "$dir/out"
result $? 'a script that ends half-way has failed'

grep -rlE "(echo|printf) ['\"](not )?ok - " tests --include='*.sh' | grep -vxE 'tests/(run|harness|lib/results)\.sh' >"$dir/out"
[ ! -s "$dir/out" ]
result $? 'no script prints results in a way of its own'

# A function that is not there fails like a machine that lacks a program, and the test would be skipped for ever.
for part in sshd setuid sized; do
	functions=$(sed -n 's/^\([a-z_]*\)() .*/\1/p' "tests/lib/$part.sh" | tr '\n' '|')
	grep -lwE "(${functions%|})" tests/*.sh tests/e2e/*.sh | xargs grep -L "tests/lib/$part.sh" >"$dir/out"
	[ ! -s "$dir/out" ]
	result $? "each script that uses lib/$part.sh sources it"
done

# --- run.sh -----------------------------------------------------------------------------------------------------------

runs() {	# PROGRAM...
	env -u VERBOSE BUILD="$dir/build" TEST_TIMEOUT=20 sh tests/run.sh "$@" >"$dir/out" 2>&1
}

runs "$dir/good.sh" "$dir/good.sh" && [ "$(tail -n 1 "$dir/out")" = '6 passed, 0 failed, 2 skipped' ] &&
	! grep -q '^ok - ' "$dir/out" && [ "$(grep -c '^ok - ' "$dir/build/check.log")" -eq 6 ]
result $? 'run.sh adds up, is brief, and keeps everything in check.log'
# Names by folder, in lines that fit a terminal, the seconds of those that take long, and a sum for each folder.
mkdir -p "$dir/tests/cli" "$dir/tests/e2e"
for number in 1 2 3 4 5 6 7 8 9; do
	cp "$dir/good.sh" "$dir/tests/cli/a-rather-long-name-$number.sh"
done
cp "$dir/bad.sh" "$dir/tests/e2e/bad.sh"
cp "$dir/good.sh" "$dir/tests/e2e/good.sh"
{ echo 'sleep 3' && cat "$dir/good.sh"; } >"$dir/tests/e2e/slow.sh"
! TEST_LONG=3 runs "$dir"/tests/cli/*.sh "$dir"/tests/e2e/*.sh
sed -e '/^skipped:/,$d' -e 's/\([d0-9]\) ([0-9]* s)/\1/g' "$dir/out" >"$dir/progress"	# a machine may be slow
[ "$(grep -cxE '(cli|e2e):' "$dir/progress")" -eq 2 ] && [ "$(grep -v '^#' "$dir/progress" | awk 'length($0) > 79' | wc -l)" -eq 0 ] &&
	[ "$(grep -o 'a-rather-long-name-[0-9]' "$dir/progress" | wc -l)" -eq 9 ] && grep -q '= 27 passed, 9 skipped$' "$dir/progress" &&
	grep -qx '  bad: 2 FAILED' "$dir/progress" && grep -qE '^  good slow \([0-9]+ s\) = 7 passed, 2 failed, 2 skipped$' "$dir/progress"
result $? 'run.sh shows its progress by folder' "@$dir/progress"
[ "$(sed -n '/^skipped:$/,/^failed:$/p' "$dir/out" | grep -c 'skip - made: four: it is not here')" -eq 11 ]
result $? 'run.sh lists what was skipped, with the reasons'
! runs "$dir/bad.sh" "$dir/good.sh" && [ "$(tail -n 1 "$dir/out")" = '4 passed, 2 failed, 1 skipped' ] &&
	[ "$(sed -n '/^failed:$/,$p' "$dir/out" | grep -c 'bad.sh: not ok - made: ')" -eq 2 ] && grep -qx '#   a detail' "$dir/out"
result $? 'run.sh shows what failed, and repeats its names in the end'
runs "$dir/good.sh" && grep -q '^ok - made: one$' "$dir/out" && [ "$(tail -n 1 "$dir/out")" = '3 passed, 0 failed, 1 skipped' ]
result $? 'run.sh shows all of a single program'
for kind in quiet:'no test reported a result' crash:'killed by signal 11' lies:'exit status 0 although a test failed' \
	missing:'exit status'; do
	! runs "$dir/${kind%%:*}.sh" "$dir/good.sh" && sed -n '/^failed:$/,$p' "$dir/out" | grep -q "${kind#*:}"
	result $? "run.sh takes no success from a program: ${kind#*:}"
done

# Under "set -e" the line before would have ended the script, without the details of the failure.
for kind in tests/*.sh tests/*/*.sh; do
	grep -q '^set -e' "$kind" && grep -Hn 'result \$?' "$kind"
done >"$dir/out"
[ ! -s "$dir/out" ]
result $? 'no script with "set -e" looks at $? after the fact'

# --- find.sh ----------------------------------------------------------------------------------------------------------

for kind in test_spki:tests/unit/test_spki.c spki:tests/unit/test_spki.c usage:tests/cli/usage.sh cli/usage:tests/cli/usage.sh \
	account:tests/pam/cases/account.case pam:tests/pam/run.sh; do
	sh tests/find.sh "${kind%%:*}" tests/cli/usage.sh tests/pam/run.sh >"$dir/out" 2>&1 &&
		[ "$(cat "$dir/out")" = "${kind#*:}" ]
	result $? "make check TEST=${kind%%:*} is ${kind#*:}"
done
! sh tests/find.sh usgae tests/cli/usage.sh >"$dir/out" 2>&1 && grep -q 'no test that is named usgae.* usage' "$dir/out"
result $? 'a name that is not known is refused, with those near it'
! sh tests/find.sh '.*' tests/cli/usage.sh >"$dir/out" 2>&1
result $? 'a name is no pattern'

# --- commits.sh -------------------------------------------------------------------------------------------------------

# A repository whose first commit, of before the rules, breaks them.
planted() {
	git init -q "$dir/git" && mkdir "$dir/git/tests" && commit 'Before there were rules this was written, at a length that nobody would write today.' &&
		: >"$dir/git/tests/commits.sh" && git -C "$dir/git" add tests && commit 'tests: the rules'
}

commit() {	# SUBJECT [BODY]
	git -C "$dir/git" -c user.name=t -c user.email=t@example.com -c commit.gpgsign=false commit -q --allow-empty -m "$1" ${2:+-m "$2"}
}

judged() {
	CHECKOUT=$dir/git sh tests/commits.sh >"$dir/out" 2>&1
}

length72=$(printf 'tests: %65s' '' | tr ' ' x | sed 's/:x/: /')
if ! command -v git >/dev/null || ! planted >"$dir/out" 2>&1; then
	skip 'commits.sh finds planted commits' 'git is not installed'
	finish
fi
commit "$length72" 'Why.' && commit 'pam_jwt(8), man/x.5: say it' 'Why.'
judged
result $? 'commits.sh takes 72 characters and the name of a manual page, and leaves older commits alone'
for kind in "${length72}x" 'no area at all' 'tests: Write it large' 'tests: end it.' 'tests(x): say it' 'tests: no body'; do
	body='Why.'
	[ "$kind" != 'tests: no body' ] || body=
	commit "$kind" "$body"
	! judged && grep -q '^not ok' "$dir/out"
	result $? "commits.sh finds \"$kind\""
	git -C "$dir/git" reset -q --hard HEAD~1
done
commit 'no area at all' && git -C "$dir/git" tag 1.0 && commit 'tests: begin again' 'Why.'
judged
result $? 'commits.sh judges what came after the last release tag'
git clone -q --depth 2 "file://$dir/git" "$dir/shallow" >"$dir/out" 2>&1 && CHECKOUT=$dir/shallow sh tests/commits.sh >"$dir/out" 2>&1
result $? 'commits.sh works in a shallow clone'
finish
