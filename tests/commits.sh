#!/bin/sh
# Looks at the messages of the commits: "area: verb phrase" of at most 72 characters, a blank line, and a body that says why
# and how it was tested. A part of make lint.
#
#     sh tests/commits.sh             from the top of the tree; CHECKOUT is another one
#
# It judges what came after this file, or after the last release tag when that is later: older commits are as they are. Merge
# commits say nothing of their own. A shallow clone begins with a commit that adds everything, this file too, so that only
# what comes after it is judged.
set -u

AREA=commits
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
SUBJECT_MAX=72
at() { git -C "${CHECKOUT:-.}" "$@"; }

# Prints the commit after which the rules hold.
since() {
	since_begin=$(at log --diff-filter=A --format=%H -- tests/commits.sh | tail -n 1)
	since_tag=$(at describe --tags --abbrev=0 2>/dev/null) || since_tag=
	if [ -n "$since_tag" ] && at merge-base --is-ancestor "$since_begin" "$since_tag" 2>/dev/null; then
		echo "$since_tag"
	else
		echo "$since_begin"
	fi
}

# Prints what is wrong with one message.
wrong() {	# COMMIT
	at log -1 --format=%B "$1" | LC_ALL=C.UTF-8 awk -v max="$SUBJECT_MAX" '
	NR == 1 && length($0) > max { print length($0) " characters in the subject, " max " are allowed: " $0 }
	NR == 1 && !/^[A-Za-z0-9_.,\/* +-]+(\([1-8]\)[A-Za-z0-9_.,\/* +-]*)*: [^ A-Z]/ { print "the subject is not of the form \"area: verb phrase\": " $0 }
	NR == 1 && /\.$/ { print "a full stop ends the subject: " $0 }
	NR == 2 && $0 != "" { print "no blank line after the subject" }
	NR > 2 && $0 != "" { body = 1 }
	END { if (!body) print "no body: it says why, and how it was tested" }' | sed "s/^/$(at log -1 --format=%h "$1"): /"
}

if ! at rev-parse --verify -q HEAD >/dev/null 2>&1; then
	skip 'subjects and bodies' 'this is no git checkout, or git is not installed'
	finish
fi
base=$(since)
if [ -z "$base" ]; then
	skip 'subjects and bodies' 'tests/commits.sh is not committed yet'
	finish
fi
found=$(for commit in $(at rev-list --no-merges "$base..HEAD"); do wrong "$commit"; done)
[ -z "$found" ]
result $? "subjects and bodies since $(at log -1 --format='%h of %as' "$base")" "$found"
finish
