#!/bin/sh
# The PAM dialogues of tests/pam/cases, each played by pamtry through the real libpam and compared with its transcript to
# the last byte. How a case is written stands in tests/pam/cases/README; adding one needs no C and no shell.
#
#     sh tests/pam/run.sh [FILE.case...]
#
# Beyond the transcript, each case shows that: nothing was written to stdin, stdout or stderr; nothing of a token is in any
# log line, message or variable; `pam-jwt verify` gives the same reason for the same answer.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/pam/lib/stage.sh
. "$P/tests/pam/lib/stage.sh"
stage_start

# Splits a file of cases: a folder for each case, a file for each of its sections.
split() {	# FILE FOLDER
	awk -v folder="$2" '
	/^=== / {
		n++
		dir = sprintf("%s/%03d", folder, n)
		system("mkdir -p " dir "/tok " dir "/pam.d")
		printf "" >(dir "/tok/none")	# so that there is a file
		print substr($0, 5) >(dir "/name")
		out = ""
		next
	}
	/^\[[a-z]+\]$/ && $0 != "[state]" {	# which is one of a configuration
		if (out != "") close(out)
		out = dir "/" substr($0, 2, length($0) - 2)
		printf "" >out
		next
	}
	/^#/ && (out == "" || out !~ /\/(conf|rules)$/) { next }
	out != "" && $0 != "" { print >out }' "$1"
}

# What [options] sets, and what it leaves to us. Without a process of its own, as are most of the steps of a case.
read_options() {
	SERVICE=sshd
	PAM_NAME=alice
	RHOST=
	TTY=
	RUSER=
	ARGS=
	VERIFY=yes
	[ -e "$C/options" ] || return 0
	while IFS= read -r options_line; do
		options_value=${options_line#*=}
		options_value=${options_value# }
		case $options_line in
		'service ='*) SERVICE=$options_value ;;
		'user ='*) PAM_NAME=$options_value ;;
		'rhost ='*) RHOST=$options_value ;;
		'tty ='*) TTY=$options_value ;;
		'ruser ='*) RUSER=$options_value ;;
		'args ='*) ARGS=$options_value ;;
		'verify ='*) VERIFY=$options_value ;;
		*) fail "$NAME: no such option" "$options_line" ;;
		esac
	done <"$C/options"
}

# The file of a token: that of the case, or one of those that all cases share.
token() {
	if [ -e "$C/tok/$1" ]; then echo "$C/tok/$1"; else echo "$D/tok/$1"; fi
}

# What %{...} stands for, in any section.
fill() {	# SECTION
	[ -e "$C/$1" ] || return 0
	sed -e "s|%{dir}|$D|g; s|%{case}|$C|g; s|%{conf}|$C/pam_jwt.conf|g; s|%{module}|$MODULE|g" \
		-e "s|%{probe}|$D/probe.so|g; s|%{uid}|$UID_NOW|g; s|%{euid}|$UID_NOW|g" \
		-e "s|%{jti}|$JTI_NAMED|g" "$C/$1"
}

# %{NAME} alone on a line of answers is that token.
fill_answers() {
	while IFS= read -r fill_line || [ -n "$fill_line" ]; do
		case $fill_line in
		%\{*\})
			fill_name=${fill_line#%\{}
			echo "@file $(token "${fill_name%\}}")"
			;;
		*) printf '%s\n' "$fill_line" ;;
		esac
	done
}

# The identifier that the token "named" of the case was given, which is random.
jti() {
	cut -d . -f 2 "$C/tok/named" | tr -- '-_' '+/' | base64 -d 2>/dev/null | sed 's/.*"jti":"\([^"]*\)".*/\1/'
}

# "NAME: ARGUMENTS of pam-jwt issue", or "NAME: @HOW ARGUMENTS".
mint() {
	while read -r mint_name mint_rest; do
		mint_file=$C/tok/${mint_name%:}
		set -f
		# shellcheck disable=SC2086 # words
		set -- $mint_rest
		set +f
		case ${1-} in
		@tamper) tamper "$(token "$2")" "$mint_file" ;;
		@raw) raw "$mint_file" "$2" "$3" "${4-}" ;;
		@sign) sign "$mint_file" "$2" "$3" ;;
		@sized) sized "$mint_file" "$2" ;;
		@cut) head -c "$2" "$(token "$3")" >"$mint_file" ;;
		@part) tail -c "+$2" "$(token "$4")" | head -c "$3" >"$mint_file" ;;
		@pad) printf ' \t\r\n%s\r\n \t' "$(cat "$(token "$2")")" >"$mint_file" ;;
		@text) printf '%s' "$2" >"$mint_file" ;;
		@jti)
			shift
			JTI=yes issue "$mint_file" "$@"
			;;
		*) issue "$mint_file" "$@" ;;
		esac
	done <"$C/tokens"
}

# The stack of a case: its own, or the module alone for all types.
write_stack() {
	if [ -e "$C/stack" ]; then
		fill stack
	else
		for stack_type in auth account session password; do
			echo "$stack_type required $MODULE config=$C/pam_jwt.conf $ARGS"
		done
	fi >"$C/pam.d/$SERVICE"
}

write_conf() {
	if [ -e "$C/conf" ]; then
		fill conf >"$C/pam_jwt.conf"
	else
		stage_conf "$C/pam_jwt.conf" "$(fill rules)"
	fi
}

prepare() {
	read_options
	JTI_NAMED=
	[ ! -e "$C/tokens" ] || mint
	if [ -e "$C/tok/named" ]; then
		JTI_NAMED=$(jti)
		[ -n "$JTI_NAMED" ] || fail "$NAME: the token has a jti" "$(cat "$C/tok/named")"
	fi
	write_conf
	write_stack
	fill answers | fill_answers >"$C/answers.in"
	fill expect >"$C/expect.in"
	[ ! -e "$C/setup" ] || (cd "$C" && fill setup | JWT=$JWT sh -eu)
}

# Everything that the program does not write itself goes to "noise", which is to stay empty.
play() {
	set -- now="$NOW" login_defs="$D/login.defs" var_lib="$C/var_lib" answers="$C/answers.in" save="$C/answer"
	[ -z "$PAM_NAME" ] || set -- "$@" user="$PAM_NAME"
	[ -z "$RHOST" ] || set -- "$@" rhost="$RHOST"
	[ -z "$TTY" ] || set -- "$@" tty="$TTY"
	[ -z "$RUSER" ] || set -- "$@" ruser="$RUSER"
	# shellcheck disable=SC2046 # words
	set -- "$@" $(fill run)
	timeout 30 "$PAMTRY" "$C/pam.d" "$SERVICE" output=3 "$@" 3>"$C/transcript" >"$C/noise" 2>&1 </dev/null
}

# Sixteen characters in a row of a payload or a signature, or the claim that nobody may see.
leaks() {
	awk -v secret="$SECRET" '
	FILENAME ~ /\/transcript$/ { text = text "\n" $0; next }
	split($0, part, ".") == 3 && length($0) < 2000 {
		for (p = 2; p <= 3; p++)
			for (i = 1; i + 15 <= length(part[p]); i++)
				if (index(text, substr(part[p], i, 16)) > 0) found = part[p]
	}
	END {
		if (index(text, secret) > 0) found = secret
		if (found != "") print "of a token: " found
	}' "$C/transcript" "$D"/tok/* "$C"/tok/* 2>/dev/null
}

# The reason in the decision that was logged, if there was one.
logged_reason() {
	sed -n 's/^log [a-z]* \(accepted\|authentication failure\);.* reason=\([a-z0-9-]*\) .*/\2/p' "$C/transcript"
}

# The command decides about the answer that the module was given, at the same time, with the same accounts.
verified_reason() {
	[ -e "$C/answer" ] || : >"$C/answer"
	set -- --config "$C/pam_jwt.conf" --service "$SERVICE" --now "$NOW" --json
	[ -z "$PAM_NAME" ] || set -- "$@" --user "$PAM_NAME"
	[ -z "$RHOST" ] || set -- "$@" --rhost "$RHOST"
	ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" FAKE_LOGIN_DEFS="$D/login.defs" \
		LD_PRELOAD="$D/fakehost.so" "$JWT" verify "$@" <"$C/answer" 2>/dev/null |
		sed -n 's/.*"reason": *"\([a-z0-9-]*\)".*/\1/p'
}

compare_with_verify() {
	compare_logged=$(logged_reason)
	case $compare_logged in
	'' | *"
"*) return 0 ;;	# none, or several
	esac
	[ "$VERIFY" = yes ] || return 0
	compare_verified=$(verified_reason)
	if [ "$compare_logged" = "$compare_verified" ]; then
		pass "$NAME: pam-jwt verify agrees"
	else
		fail "$NAME: pam-jwt verify agrees" "module: $compare_logged" "verify: $compare_verified"
	fi
}

run_case() {
	NAME="pam $FILE: $(cat "$C/name")"
	if grep -q '@sign\|@sized' "$C/tokens" 2>/dev/null && ! command -v openssl >/dev/null; then
		skip "$NAME" 'openssl is not installed'
		return 0
	fi
	prepare
	status=0
	play || status=$?
	difference=$(diff -U 3 "$C/expect.in" "$C/transcript" | tail -n +4)
	leak=$(leaks)
	if [ "$status" -eq 0 ] && [ ! -s "$C/noise" ] && [ -z "$difference" ] && [ -z "$leak" ]; then
		pass "$NAME"
	else
		fail "$NAME" "exit status $status" "$(cat "$C/noise")" "$difference" "$leak"
	fi
	compare_with_verify
}

# Every reason of the table is given by some dialogue, but for those that UNREACHED names.
all_reasons() {
	cat "$D"/*/*/transcript |
		sed -n 's/^log [a-z]* \(accepted\|authentication failure\);.* reason=\([a-z0-9-]*\) .*/\2/p' | sort -u >"$D/reached.list"
	sed -n 's/^\tX(JWT_[A-Z0-9_]*, "\([a-z0-9-]*\)".*/\1/p' src/core/reason.h | sort >"$D/all.list"
	sed -n 's/^\([a-z0-9-]*\)\t.*/\1/p' tests/pam/cases/UNREACHED | sort >"$D/excused.list"
	comm -23 "$D/all.list" "$D/reached.list" >"$D/unreached.list"
	all_difference=$(diff "$D/excused.list" "$D/unreached.list" || :)
	if [ -z "$all_difference" ] && [ -s "$D/all.list" ]; then
		pass "pam: $(wc -l <"$D/reached.list") of $(wc -l <"$D/all.list") reasons are reached"
		echo "# not reached: $(tr '\n' ' ' <"$D/unreached.list")(tests/pam/cases/UNREACHED says why)"
	else
		fail 'pam: each reason is reached, or named in tests/pam/cases/UNREACHED' "$all_difference"
	fi
}

UID_NOW=$(id -u)
compile "$D/probe.so" -shared -fPIC tests/pam/probe.c -lpam -ldl
compile "$D/fakehost.so" -shared -fPIC tests/pam/fakehost.c
issue "$D/tok/good"
issue "$D/tok/stranger" --key "$D/stranger.key"
tamper "$D/tok/good" "$D/tok/tampered"

ALL=
[ $# -gt 0 ] || {
	ALL=yes
	set -- "$P"/tests/pam/cases/*.case
}
for file in "$@"; do
	FILE=$(basename "$file" .case)
	split "$file" "$D/$FILE"
	for C in "$D/$FILE"/*; do
		cp "$D/pam.d/other" "$C/pam.d"
		run_case
	done
done

[ -z "$ALL" ] || all_reasons

# shellcheck disable=SC2086 # flags
if compile "$D/codes" $SAN tests/pam/codes.c "$B/obj/src/pam/call.o" "$B/obj/src/pam/settings.o" "$B/host.a" "$B/core.a" -lpam -lcrypto; then
	"$D/codes" || FAILED=$((FAILED + 1))
else
	fail 'codes: it does not compile'
fi
finish
