#!/bin/sh
# The instructions of one login, counted by callgrind: the same on a busy machine as on an idle one.
#
#     sh tests/bench/callgrind.sh [BYTES]
#
# Prints one number: what all phases of a login (authenticate to close_session) execute inside the module and below it,
# for an ES256 token of about BYTES characters (default 400). It is the difference of two logins and one in the same
# process, so the start of the process and OpenSSL's own are not in it. KEEP=FILE keeps callgrind's figures of two logins
# for callgrind_annotate(1); CONF=FILE, a shell fragment, may write another $D/pam_jwt.conf.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/pam/lib/stage.sh
. "$P/tests/pam/lib/stage.sh"
command -v valgrind >/dev/null || {
	echo 'skip - callgrind: valgrind is not installed'
	exit 0
}
stage_start
stage_stack sshd
# shellcheck disable=SC1090 # given by hand
[ -z "${CONF-}" ] || . "$CONF"
want=${1:-400}

# The claim "pad" fills the token up; four characters of it are three bytes of the claim.
issue "$D/token"
pad=$(((want - $(wc -c <"$D/token")) * 3 / 4 - 9))
[ "$pad" -le 0 ] || issue "$D/token" --claim "pad=$(printf '%*s' "$pad" '' | tr ' ' x)"
{ cat "$D/token"; echo; cat "$D/token"; echo; } >"$D/answers"

LOGIN='authenticate acct_mgmt setcred:establish open_session close_session'
count() {	# FILE STEP...
	count_file=$1
	shift
	valgrind --tool=callgrind --toggle-collect='pam_sm_*' --callgrind-out-file="$count_file" "$PAMTRY" "$D/pam.d" sshd \
		now="$NOW" login_defs="$D/login.defs" answers="$D/answers" user=alice "$@" >"$D/out" 2>&1
	grep -q 'log info accepted' "$D/out" || {
		cat "$D/out"
		exit 1
	}
	sed -n 's/^totals: //p' "$count_file"
}

# shellcheck disable=SC2086 # words
once=$(count "$D/once" $LOGIN)
# shellcheck disable=SC2086
twice=$(count "$D/twice" $LOGIN $LOGIN)
[ -z "${KEEP-}" ] || cp "$D/twice" "$KEEP"
echo $((twice - once))
FINISHED=yes
