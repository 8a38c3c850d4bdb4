#!/bin/sh
# The picture in the README: real commands, a real sshd, in a private corner of the machine. What it prints is recorded:
#
#     asciinema rec -q --overwrite --cols 112 --rows 32 -c 'sh tests/picture.sh' build/login.cast
#     termtosvg render build/login.cast build/stills -s -t window_frame
#     sed 's/font-size: 14px/font-size: 13.28px/; s/<svg id="screen"/& xml:space="preserve"/' LAST-STILL >man/login.svg
#
# The sed is for viewers that know neither textLength nor white-space: a letter of this size is as wide as a column.
set -eu
P=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"
sshd_find || exit 1
provider_enter "$0" "$@"
ns_enter "$0" "$@"
# shellcheck source=tests/lib/day.sh
. "$P/tests/lib/day.sh"
SERVICE=sshd
export TERM=xterm-256color

# "$ COMMAND", as typed.
say() {
	printf '\033[1;34m%s\033[0m ' "$1"
	shift
	printf '%s' "$*" | sed 's/./&\n/g' | while IFS= read -r letter; do
		printf '%s' "$letter"
		sleep 0.03
	done
	printf '\n'
	sleep 0.4
}

log_line() {	# PATTERN
	log_sync
	log_new | grep -o -e "$1.*" | tail -n 1 |
		sed -e 's/ logname=.* ruser=//; s/ tty=.* ruser=//; s/ jti="[^"]*" kid="[^"]*"//; s/ exp=.*//; s/ rule=[0-9]*//' \
			-e 's/ up to .* are revoked, and this one was issued .* UTC:/ are revoked...:/'
	sleep 1.5
}

# The person is curl here; what is long in an address says nothing. The line that counts down is wiped on a terminal.
shorten() {
	sed -e 's/\(auth?response_type=code\)&.*/\1.../' -e '/^Waiting for the browser/d'
}

hosts_start
desk_make
printf '\n[state]\ndirectory = %s\n' "$D/state" >>"$D/bastion.test/pam_jwt.conf"
"$JWT" state init --config "$D/bastion.test/pam_jwt.conf" >/dev/null

printf '\n\n'	# the window's frame lies over these
say '$' 'pam-jwt login'
alice pam-jwt login --browser 2>&1 | shorten
sleep 1.5
say '$' 'ssh bastion.test id -un'
log_mark
alice ssh bastion.test id -un
say '$' 'sudo -A id -un'
alice sudo -A id -un
sleep 1.5
say 'bastion#' 'journalctl -t sshd | grep pam_jwt'
log_line 'pam_jwt(sshd:auth)'
say 'bastion#' 'pam-jwt verify --service sshd --user alice < token'
alice pam-jwt token --host bastion.test >"$D/tok/good"
"$JWT" verify --config "$D/bastion.test/pam_jwt.conf" --service sshd --user alice <"$D/tok/good"
sleep 1.5
say 'bastion#' 'pam-jwt revoke --subject alice'
"$JWT" revoke --config "$D/bastion.test/pam_jwt.conf" --subject alice
say '$' 'ssh bastion.test id -un'
log_mark
alice ssh bastion.test id -un 2>&1 || :
say 'bastion#' 'journalctl -t sshd | grep pam_jwt | tail -n 1'
log_line 'pam_jwt(sshd:auth)'
FINISHED=yes
