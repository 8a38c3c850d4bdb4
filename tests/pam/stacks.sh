#!/bin/sh
# Where our account line stands: what `pam-jwt check` says of a stack is compared with what the real libpam does with it. alice
# is cut off, and came by an ssh key: where check has no warning she is refused, and where it has one she gets in.
#
#     BUILD=build sh tests/pam/stacks.sh        from the top of the tree
#
# pam_debug answers in place of the other modules, as badly as they can. Needs root, for a mount over /etc/pam.d; without it
# test_check_stack has the stacks alone.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/pam/lib/stage.sh
. "$P/tests/pam/lib/stage.sh"
stage_start
if [ "$(id -u)" -ne 0 ] || ! unshare --mount true 2>/dev/null; then
	skip 'pam stacks' 'not root, or without namespaces'
	finish
fi

printf '\n[state]\ndirectory = %s/state\n' "$D" >>"$D/pam_jwt.conf"
"$JWT" state init --config "$D/pam_jwt.conf" >/dev/null
"$JWT" revoke --config "$D/pam_jwt.conf" --account alice >/dev/null 2>&1

# Lines as in pam.d, where JWT is our module, and CODE=WORD one that answers so.
lines() {
	sed -E -e "s|JWT|$MODULE config=$D/pam_jwt.conf|" -e 's|CODE=([a-z_]*)|pam_debug.so acct=\1 auth=\1|'
}

service() {	# NAME: its account lines on standard input
	{
		printf 'auth sufficient JWT\n'
		sed 's/^\[/account [/; /^[a-z-]* /s/^\(required\|requisite\|sufficient\|optional\|include\|substack\) /account &/'
	} | lines >"$D/pam.d/$1"
}

included() {	# NAME: its lines on standard input
	lines >"$D/pam.d/$1"
}

# Where our folder is /etc/pam.d: from there libpam takes what is included.
there() {	# COMMAND...
	unshare --mount sh -c 'mount --bind "$1/pam.d" /etc/pam.d && shift && exec "$@"' sh "$D" "$@"
}

run_check() {
	there "$JWT" check --config "$D/pam_jwt.conf" >"$D/out" 2>&1
}

# What libpam says of somebody.
answer() {	# SERVICE USER
	there "$PAMTRY" /etc/pam.d "$1" "answers=$D/answers" "login_defs=$D/login.defs" "now=$NOW" "user=$2" acct_mgmt \
		>"$D/transcript" 2>&1 || :
	sed -n 's/^acct_mgmt //p' "$D/transcript"
}

verdict() {	# NAME SERVICE STATUS
	if [ "$3" = yes ]; then pass "pam stacks: $1"; else
		fail "pam stacks: $1" "$(cat "$D/out" "$D/transcript" "$D/pam.d/$2")"; fi
}

# No warning about it, its place is printed, alice is refused, bob is not.
asked() {	# NAME [ANSWER-FOR-BOB]
	service s
	asked_ok=yes
	run_check || asked_ok="check failed"
	! grep -q 'warning: s: ' "$D/out" || asked_ok='warning'
	grep -q "^pam service s: account line .*/.*:[0-9]" "$D/out" || asked_ok='no place'
	[ "$(answer s bob)" = "${2:-PAM_SUCCESS}" ] || asked_ok='bob'
	[ "$(answer s alice)" = PAM_PERM_DENIED ] || asked_ok='alice'
	verdict "asked: $1" s "$asked_ok"
}

# A warning of FILE:LINE, and alice gets in.
skipped() {	# NAME FILE:LINE TEXT
	service s
	skipped_ok=yes
	run_check || skipped_ok="check failed"
	grep -qE "/etc/pam\.d/$2: warning: s: .*$3" "$D/out" || skipped_ok='no warning'
	case $(answer s alice) in
	PAM_SUCCESS | PAM_NEW_AUTHTOK_REQD) ;;
	*) skipped_ok='refused' ;;
	esac
	verdict "skipped: $1" s "$skipped_ok"
}

echo >"$D/answers"

# Line 1 of a service is our auth line: the account lines begin at 2.
asked 'the first line' <<-'END'
	required JWT
	required CODE=success
END
asked 'after lines that only refuse' <<-'END'
	required CODE=success
	requisite CODE=success
	optional CODE=success
	[success=ok new_authtok_reqd=ok ignore=ignore user_unknown=bad default=die] CODE=success
	required JWT
END
asked 'after nologin and a jump to it' <<-'END'
	[success=1 default=ignore] CODE=success
	required CODE=perm_denied
	required JWT
	required CODE=success
END
asked 'the profile' <<-'END'
	[success=ok ignore=ignore default=die] JWT
	[success=1 new_authtok_reqd=done default=ignore] CODE=success
	requisite CODE=perm_denied
	required CODE=success
END
included inner <<-'END'
	account sufficient CODE=success
	account required CODE=perm_denied
END
asked 'a substack that ends itself' <<-'END'
	substack inner
	required JWT
END
included jumper <<-'END'
	account [success=1 default=ignore] CODE=success
	account required CODE=perm_denied
END
asked 'a jump inside of a substack' <<-'END'
	substack jumper
	required JWT
	required CODE=success
END

for control in sufficient '[success=done default=ignore]' '[default=done]' \
	'[success = done default=ignore]' '[success=1 default=ignore]' '[success=2 default=ignore]'; do
	skipped "after $control" s:2 'pam_debug\.so may end the account stack or jump' <<-END
		$control CODE=success
		required JWT
		required CODE=success
		required CODE=success
	END
done
skipped 'a password that has aged' s:3 'new_authtok_reqd=done' <<-'END'
	required CODE=success
	[success=1 new_authtok_reqd=done default=ignore] CODE=new_authtok_reqd
	requisite CODE=perm_denied
	required JWT
END
included ours <<-'END'
	# not asked
	account required CODE=success
	account required \
		JWT
END
skipped 'a jump over a substack that has our line' s:2 'success=1' <<-'END'
	[success=1 default=ignore] CODE=success
	substack ours
	required CODE=success
END
included within <<-'END'
	auth    sufficient CODE=success
	account sufficient CODE=success	# ends all of it
END
skipped 'in a file that is included' within:2 'success=done' <<-'END'
	include within
	required JWT
END
skipped 'by @include' within:2 'success=done' <<-'END'
	@include within
	required JWT
END
skipped 'before a substack that has our line' s:2 'success=done' <<-'END'
	sufficient CODE=success
	substack ours
END
included dies <<-'END'
	auth    required  CODE=success
	account requisite JWT
END
included resets <<-'END'
	auth    required        CODE=success
	account [default=reset] CODE=success
	account required        CODE=success
END
asked 'before a substack that resets only itself' <<-'END'
	required JWT
	substack resets
	required CODE=success
END
asked 'before a reset that is not reached' <<-'END'
	requisite JWT
	[default=reset] CODE=success
	required CODE=success
END
skipped 'our line is sufficient' s:2 'is not heeded' <<-'END'
	sufficient JWT
	required CODE=success
END
skipped 'our line is optional' s:2 'is not heeded' <<-'END'
	optional JWT
	required CODE=success
END
skipped 'our line ignores by default' s:2 'is not heeded' <<-'END'
	[success=ok default=ignore] JWT
	required CODE=success
END
skipped 'a line after ours that resets' s:3 'makes libpam forget' <<-'END'
	required JWT
	[default=reset] CODE=success
	required CODE=success
END
skipped 'a reset after a substack that our refusal ends' s:3 'makes libpam forget' <<-'END'
	substack dies
	[default=reset] CODE=success
	required CODE=success
END
skipped 'our line has another configuration' s:1 'no account line' <<-END
	required $MODULE config=$D/other.conf
	sufficient CODE=success
END
skipped 'there is no account line' s:1 'no account line' <<-'END'
	required CODE=success
END
asked 'after a line that ends the stack with a refusal alone' <<-'END'
	[success=ok new_authtok_reqd=ok ignore=ignore default=done] CODE=success
	required JWT
END
asked 'after a line that ends the stack when it has no say' <<-'END'
	required CODE=success
	[success=ok ignore=done] CODE=success
	required JWT
END
skipped 'a jump of a line that refuses' s:2 'acct_expired=1' <<-'END'
	[success=ok acct_expired=1] CODE=acct_expired
	required JWT
	required CODE=success
END
asked 'the second of our lines, by a jump over the first' <<-'END'
	[success=1 default=ignore] CODE=success
	required JWT
	required JWT
	required CODE=success
END
skipped 'a comment does not go on in the next line' s:3 'success=done' <<-'END'
	# ours comes later \
	sufficient CODE=success
	required JWT
END
skipped 'nor does a comment after a line' s:2 'success=done' <<-'END'
	sufficient CODE=success # \
	required JWT
END
skipped 'a line goes on after a backslash' s:2 'default=done' <<-'END'
	[success=ok \
	default=done] CODE=new_authtok_reqd
	required JWT
END
skipped 'a module that need not be there' s:2 'success=done' <<-'END'
	-account sufficient CODE=success
	required JWT
END
asked 'a jump beyond the last line refuses, but is before ours' <<-'END'
	required JWT
	[success=9 default=ignore] CODE=ignore
	required CODE=success
END
asked 'a second line of ours that is asked' <<-'END'
	required JWT
	sufficient CODE=success
	required JWT
END

# The stacks that we ship, before Debian's common-account: nothing to warn of, also with sudo's and su's second names.
rm "$D"/pam.d/*
for type in auth session password; do echo "$type required pam_permit.so" >"$D/pam.d/common-$type"; done
cp "$D/pam.d/common-session" "$D/pam.d/common-session-noninteractive"
cat >"$D/pam.d/common-account" <<-'END'
	account [success=1 new_authtok_reqd=done default=ignore] pam_unix.so
	account requisite pam_deny.so
	account required pam_permit.so
END
for file in "$P"/conf/pam.d/*; do sed "s|pam_jwt\.so|$MODULE config=$D/pam_jwt.conf|" "$file" >"$D/pam.d/${file##*/}"; done
mv "$D/pam.d/kiosk" "$D/pam.d/greetd"	# as its first lines say
shipped_ok=yes
run_check || shipped_ok='check failed'
! grep -v 'the clock of this host' "$D/out" | grep -q warning || shipped_ok='warning'
[ "$(grep -c '^pam service [a-z-]*: account line' "$D/out")" -eq "$(find "$P/conf/pam.d" -type f | wc -l)" ] || shipped_ok='places'
verdict 'conf/pam.d: each account line is asked' sshd "$shipped_ok"
sed -i '/^account/d' "$D/pam.d/sshd"
printf 'account required %s config=%s\n' "$MODULE" "$D/pam_jwt.conf" >>"$D/pam.d/sshd"
run_check || :
shipped_ok=no
! grep -q 'pam\.d/common-account:1: warning: sshd: pam_unix\.so .*new_authtok_reqd=done' "$D/out" || shipped_ok=yes
verdict "conf/pam.d: a line after Debian's common-account is not" sshd "$shipped_ok"
finish
