#!/bin/sh
# The picture in the README: real commands, a real sshd, in a private corner of the machine. What it prints is recorded:
#
#     asciinema rec -q --overwrite --cols 112 --rows 29 -c 'sh tests/picture.sh' build/login.cast
#     termtosvg render build/login.cast build/stills -s -t window_frame
#     sed 's/font-size: 14px/font-size: 13.28px/; s/<svg id="screen"/& xml:space="preserve"/' LAST-STILL >man/login.svg
#
# The sed is for viewers that know neither textLength nor white-space: a letter of this size is as wide as a column.
set -eu
P=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
sshd_find || exit 1
ns_enter "$0" "$@"
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
		sed 's/ logname=.* ruser=//; s/ tty=.* ruser=//; s/ jti=.*//'
	sleep 1.5
}

# ssh says whose prompt it is, and shows nothing of the answer; a picture may show that there was one.
hide() {
	sed -e 's/^([^)]*) Token:.*/Token: ********/' -e '/^alice@/d'
}

# On a terminal of its own, as somebody would do it; the token is not echoed.
log_in() {	# COMMAND
	"$B/tests/programs/ptyrun" 'Token:' "@$D/tok/good" '$ ' "$1" '$ ' exit -- \
		ssh -F "$D/ssh_config" -o SetEnv=PS1='alice@bastion$ ' -tt alice@test sh -i 2>/dev/null |
		tr -d '\r' | sed -e '/^Connection/d' -e '/^exit$/d'
}

ns_mount -t devpts -o newinstance,mode=620,gid=5,ptmxmode=666 devpts /dev/pts
[ -L /dev/ptmx ] || ns_mount --bind /dev/pts/ptmx /dev/ptmx
keys_make sshd
sed -i "s/^leeway.*/&\n/; \$a [state]\ndirectory = $D/state" "$CONF"
"$JWT" state init --config "$CONF" >/dev/null
pam_service sshd
sshd_start
unset SSH_ASKPASS SSH_ASKPASS_REQUIRE
ssh_configure
unset SSH_ASKPASS SSH_ASKPASS_REQUIRE
printf 'AcceptEnv PS1\n' >>"$D/sshd_config"
mint test alice "$AUD" >"$D/tok/good"

printf '\n\n'	# the window's frame lies over these
say '$' 'ssh alice@bastion'
log_mark
log_in 'id -un; echo "$JWT_ISS"' | hide
say 'bastion#' 'journalctl -t sshd | grep pam_jwt'
log_line 'pam_jwt(sshd:auth)'
say 'bastion#' 'pam-jwt verify --service sshd --user alice < token'
"$JWT" verify --config "$CONF" --service sshd --user alice <"$D/tok/good"
sleep 1.5
say 'bastion#' 'pam-jwt revoke --subject alice'
"$JWT" revoke --config "$CONF" --subject alice
say '$' 'ssh alice@bastion'
log_mark
"$B/tests/programs/ptyrun" 'Token:' "@$D/tok/good" -- ssh -F "$D/ssh_config" -tt alice@test 2>/dev/null | tr -d '\r' |
	hide || :
say 'bastion#' 'journalctl -t sshd | grep pam_jwt | tail -n 1'
log_line 'pam_jwt(sshd:auth)'
FINISHED=yes
