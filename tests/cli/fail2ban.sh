#!/bin/sh
# conf/fail2ban/pam-jwt.conf with the real fail2ban-regex: each refusal that the dialogues of tests/pam reach, and each reason of
# src/core/reason.h, is counted or not by what the filter says of it. And what pam_jwt(8) says of the filters of Debian.
#
#     BUILD=build sh tests/cli/fail2ban.sh           from the top of the tree
set -u

AREA=fail2ban
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh
PAGE=man/pam_jwt.8
lines=$dir/lines

# Prints "counted REASON" or "ignored REASON". Who is not to blame is the host's own fault by its class, or stands here by name;
# token-form and token-empty are what a password is logged as.
verdicts() {
	find src/core -name reason.h -exec sed -n 's/^	X(JWT_[A-Z0-9_]*, "\([a-z0-9-]*\)", JWT_CLASS_\([A-Z]*\),.*/\2 \1/p' {} + |
		while read -r class reason; do
			case $class:$reason in
			OK:*) ;;
			CONFIGURATION:* | INTERNAL:* | *:token-form | *:token-empty | *:state-unavailable | *:status-stale | *:keys-stale)
				echo "ignored $reason" ;;
			*) echo "counted $reason" ;;
			esac
		done
}

# Lines of the module as a log has them; a remote address where the dialogue gave none, or one that is no address.
as_logged() {	# <TEXT
	sed -e 's/%{e*uid}/0/g' -e 's/ rhost=\(\|a*\.*\|[^ ]*\\x[^ ]*\) / rhost=192.0.2.7 /' -e 's/^/Nov 29 00:44:07 bastion sshd[4711]: pam_jwt(sshd:auth): /'
}

# Refusals of that verdict: those that are the expected output of tests/pam, and one made up for each reason.
refusals() {	# counted|ignored
	grep "^$1 " "$dir/verdicts" | while read -r _ reason; do
		cat tests/pam/cases/*.case | sed -n 's/^log [a-z]* \(authentication failure; .*\)/\1/p' | grep -F " reason=$reason issuer=" | sort -u
		echo "authentication failure; logname=root uid=0 euid=0 tty=ssh ruser=bob rhost= user=alice reason=$reason issuer=corp" \
			'sub="a b" jti="" kid="rhost=198.51.100.9 user=bob" rule= hint="rhost=198.51.100.9"'
	done | as_logged
}

# How many of the lines a filter counts. The folder is Debian's, with our filter in it.
counts() {	# FILTER WANTED
	fail2ban-regex -c "$dir/etc" "$lines" "$1" >"$dir/out" 2>&1
	counts_got=$(sed -n 's/^Lines: .* \([0-9]*\) matched, .*/\1/p' "$dir/out")
	[ -n "$counts_got" ] && [ "$counts_got" -eq "$2" ]
}

every() {
	wc -l <"$lines"
}

filter_counts() {
	refusals counted >"$lines"
	[ "$(every)" -gt 80 ] && counts pam-jwt "$(every)"
	result $? 'it counts every refused token'
	refusals ignored >"$lines"
	[ "$(every)" -gt 10 ] && counts pam-jwt 0
	result $? 'it counts no password, and nothing that is the fault of the host'
	sed -n 's/^log [a-z]* \(accepted; .*\|session [a-z]*; .*\|account refused; .*\)/\1/p' tests/pam/cases/*.case | as_logged >"$lines"
	[ "$(every)" -gt 10 ] && counts pam-jwt 0
	result $? 'it counts no login that succeeds, and no session'
}

# One line, as another program or another place writes it.
one_line() {	# NAME WANTED LINE
	printf '%s\n' "$3" >"$lines"
	counts pam-jwt "$2"
	result $? "$1"
}

other_lines() {
	tail='authentication failure; logname= uid=1000 euid=0 tty=/dev/pts/1 ruser=alice rhost=2001:db8::7 user=bob reason=expired issuer=corp'
	one_line 'a line of another program, an address of IPv6' 1 "Nov 29 00:44:07 h nginx[1]: pam_jwt(nginx:auth): $tail"
	one_line 'a line of a journal' 1 "2026-11-29T00:44:07.123456+00:00 h sshd-session[1]: pam_jwt(sshd:auth): $tail"
	one_line 'a program without a process id' 1 "Nov 29 00:44:07 h sshd: pam_jwt(sshd:auth): $tail"
	one_line 'nobody is banned for a login without a remote host' 0 \
		"Nov 29 00:44:07 h login[1]: pam_jwt(login:auth): $(echo "$tail" | sed 's/rhost=[^ ]*/rhost=/')"
	one_line 'nor for a remote host that is none' 0 \
		"Nov 29 00:44:07 h x[1]: pam_jwt(x:auth): $(echo "$tail" | sed 's/rhost=[^ ]*/rhost=10.0.0.1\\x20user\\x3droot/')"
	one_line 'another module' 0 "Nov 29 00:44:07 h sshd[1]: pam_unix(sshd:auth): $tail"
	one_line 'the phase account' 0 "Nov 29 00:44:07 h sshd[1]: pam_jwt(sshd:account): $tail"
	one_line 'a field of a stranger that looks like the line' 0 \
		"Nov 29 00:44:07 h x[1]: user pam_jwt(sshd:auth): $tail"
	one_line 'a reason that only starts like an innocent one' 1 \
		"Nov 29 00:44:07 h sshd[1]: pam_jwt(sshd:auth): $(echo "$tail" | sed 's/expired/token-formal/')"
}

# What the manual says of Debian's own filters.
stock_filters() {
	printf 'Nov 29 00:44:07 h sshd[1]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= %s\n' \
		'rhost=192.0.2.7  user=alice' >"$lines"
	counts pam-generic 1
	result $? "Debian's filter counts a line of pam_unix"
	refusals counted >"$lines"
	counts pam-generic 0
	result $? '... and none of pam_jwt'
	counts sshd 0
	result $? "... nor does sshd's"
	counts 'pam-generic[__pam_auth="pam_jwt"]' "$(every)"
	result $? 'pam-generic that is told the name counts every refused token'
	refusals ignored >"$lines"
	counts 'pam-generic[__pam_auth="pam_jwt"]' "$(every)"
	result $? '... and every password as well'
}

# The jail of the manual, as it stands, is one that fail2ban takes.
jail() {
	awk '/^\.Sh FAILED LOGINS/ { inside = 1; next } /^\.Sh / { inside = 0 }
		inside && /^\.Ed/ { exit } on { print } inside && /^\.Bd/ { on = 1 }' "$PAGE" >"$dir/etc/jail.d/pam-jwt.local"
	# Its server is not started, so it needs no journal: but the text must be one that it understands.
	fail2ban-client -c "$dir/etc" -d >"$dir/out" 2>&1
	grep -q "'add', 'pam-jwt', 'systemd'" "$dir/out" && grep -q "'set', 'pam-jwt', 'addjournalmatch', 'SYSLOG_FACILITY=10'" "$dir/out" &&
		grep -q "'pam-jwt', 'addfailregex', .*pam_jwt" "$dir/out"
	result $? 'the jail of pam_jwt(8)'
}

# The same lines out of a journal, where the tools that make one without systemd are installed.
journal() {
	remote=$(PATH=$PATH:/lib/systemd command -v systemd-journal-remote)
	if [ -z "$remote" ] || ! python3 -c 'import systemd.journal' 2>"$dir/out"; then
		skip 'a journal' 'needs systemd-journal-remote and python3-systemd'
		return
	fi
	for reason in expired token-form; do
		printf '__REALTIME_TIMESTAMP=1795913047000000\n__MONOTONIC_TIMESTAMP=1\n_BOOT_ID=%032d\nPRIORITY=5\n' 1
		printf 'SYSLOG_FACILITY=10\nSYSLOG_IDENTIFIER=sshd\nSYSLOG_PID=4711\n_PID=4711\n_HOSTNAME=bastion\n_TRANSPORT=syslog\n'
		printf 'MESSAGE=pam_jwt(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7 user=alice %s\n\n' \
			"reason=$reason issuer=corp sub=\"\" jti=\"\" kid=\"\" rule="
	done | "$remote" -o "$dir/test.journal" - >"$dir/out" 2>&1
	fail2ban-regex -c "$dir/etc" "systemd-journal[journalfiles=\"$dir/test.journal\"]" pam-jwt >"$dir/out" 2>&1
	grep -q '^Lines: 2 lines, .* 1 matched, 1 missed' "$dir/out"
	result $? 'the filter reads a journal'
}

verdicts >"$dir/verdicts"
if ! command -v fail2ban-regex >"$dir/out" || [ ! -d /etc/fail2ban/filter.d ]; then
	skip 'its filter' 'fail2ban is not installed'
	finish
fi
cp -r /etc/fail2ban "$dir/etc"
cp conf/fail2ban/pam-jwt.conf "$dir/etc/filter.d/"
filter_counts
other_lines
stock_filters
jail
journal
finish
