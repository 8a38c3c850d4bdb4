#!/bin/sh
# Accounts as a directory names them, alice@example.com (SSSD, authd) and DOM\alice (winbind), through sshd, su and sudo: by a
# quoted name, by a map and by "as claim upn exactly"; and nobody else by the same lines.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
ns_enter "$0" "$@"
[ "$NS" = root ] || { skip directory 'needs root' && finish; }

MAIL=alice@example.com
DOM='DOM\alice'

# Each has a number of its own, so that "id -un" prints the name. DOM\svc is the system's by its number. The files are mounted,
# hence changed in place.
accounts() {
	for accounts_file in passwd shadow; do
		sed "s|^alice:|$MAIL:|" "$D/etc/$accounts_file" >"$D/renamed"
		cat "$D/renamed" >"$D/etc/$accounts_file"
	done
	while read -r account_name account_id; do
		printf '%s:x:%s:%s::%s:/bin/sh\n' "$account_name" "$account_id" "$ALICE" "$D/home/alice" >>"$D/etc/passwd"
		printf '%s:*:20000:0:99999:7:::\n' "$account_name" >>"$D/etc/shadow"
	done <<-'END'
		DOM\alice 3001
		Alice 3002
		alice 3003
		DOM\svc 300
	END
}

rules() {	# LINE...
	{
		sed '/^\[service/,$d' "$D/plain.conf"
		printf '[service *]\n'
		printf '%s\n' "$@"
		printf '[state]\ndirectory = %s/state\n' "$D"
	} >"$CONF"
}

token() {	# SUBJECT UPN
	mint test "$1" "$AUD" --claim upn="$2" >"$D/answer"
}

by_ssh() {	# USER
	TOKEN=$D/answer timeout -k 5 "$LIMIT" setsid ssh -F "$D/ssh_config" -l "$1" test id -un </dev/null
}

by_su() {	# USER
	as_alice su -c 'id -un' "$1" <"$D/answer"
}

# The caller is alice@example.com.
by_sudo() {	# USER
	as_alice sudo -S -k id -u <"$D/answer"
}

# Who got in must be the account by name, and the log have that name, escaped.
try() {	# NAME SERVICE USER REASON
	try_escaped=$(printf '%s' "$3" | sed 's/\\/\\\\x5c/g')	# for grep, in a log line that escapes it
	case $4-$2 in
	ok-sudo) try_want=0 ;;
	ok-*) try_want=$3 ;;
	*) try_want= ;;
	esac
	log_mark
	case $2 in
	sshd) by_ssh "$3" ;;
	su) by_su "$3" ;;
	sudo) by_sudo "$3" ;;
	esac >"$D/out" 2>"$D/err" || :
	log_sync
	if [ "$(cat "$D/out")" = "$try_want" ] && log_decisions "$2" | grep -q " user=$try_escaped reason=$4 "; then
		pass "directory: $2: $1 ($4)"
	else
		fail "directory: $2: $1 ($4)" "$(cat "$D/out" "$D/err")" "$(log_new)"
	fi
}

# The programs that this machine has and lets us run.
programs() {
	PROGRAMS=
	if sshd_find && command -v ssh >/dev/null; then PROGRAMS=sshd; else skip directory 'there is no sshd'; fi
	for program in su sudo; do
		program_why=$(setuid_obstacle "$program")
		if [ -z "$program_why" ]; then PROGRAMS="$PROGRAMS $program"; else skip directory "$program_why"; fi
	done
}

accounts
keys_make sshd
cp "$CONF" "$D/plain.conf"
programs
for service in $PROGRAMS; do
	pam_service "$service"
	if [ "$service" = sudo ]; then
		sudoers_write
		printf 'Defaults !lecture, timestamp_timeout=0, passwd_tries=1\nALL ALL=(ALL) ALL\n' >"$D/sudoers"
	elif [ "$service" = sshd ]; then
		sshd_start
		ssh_configure
	fi
done
rules 'permit = as claim upn exactly'
"$JWT" state init --config "$CONF" >/dev/null

for service in $PROGRAMS; do
	rules 'permit = as claim upn exactly'
	token 1 "$MAIL"
	try 'the whole name is in a claim' "$service" "$MAIL" ok
	if [ "$service" != sudo ]; then
		try 'the name before the @ is another account' "$service" alice account-mismatch
		token 1 "$DOM"
		try 'a name with a backslash' "$service" "$DOM" ok
		token 1 Alice
		try 'a name with a capital' "$service" Alice ok
		try 'the same in lowercase is another account' "$service" alice account-mismatch
		token 1 'DOM\svc'
		try 'a system account of the directory' "$service" 'DOM\svc' account-protected
	fi
	rules 'permit = as claim upn'
	token 1 "$MAIL"
	try 'without exactly the claim gives no account' "$service" "$MAIL" account-invalid

	rules "permit = as \"$MAIL\" if sub = \"1\"" 'permit = as "DOM\\alice" if sub = "2"'
	try 'a quoted name' "$service" "$MAIL" ok
	token 2 x
	try 'is for whom the rule says' "$service" "$MAIL" account-mismatch
	[ "$service" = sudo ] || try 'a quoted name with a backslash' "$service" "$DOM" ok

	printf 'test 1 %s,DOM\\alice\n' "$MAIL" >"$D/map"
	rules "permit = as map $D/map"
	token 1 x
	try 'a map' "$service" "$MAIL" ok
	[ "$service" = sudo ] || try 'the second account of a map' "$service" "$DOM" ok
	token 2 x
	try 'another subject than the map has' "$service" "$MAIL" not-permitted
done

# A cut-off knows the same names.
rules 'permit = as claim upn exactly'
token 1 "$DOM"
"$JWT" revoke --config "$CONF" --account "$DOM" >/dev/null
case " $PROGRAMS " in *' su '*)
	try 'an account that is cut off' su "$DOM" revoked ;;
esac
finish
