#!/bin/sh
# Somebody types what README and pam-jwt-login(1) show, as it stands there: the login of a day, on a fresh machine, with hosts that
# are set up as README says. The names are those of the documents: id.example.com is npm's oidc-provider here.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/day_enter.sh
. "$P/tests/lib/day_enter.sh"
# shellcheck disable=SC2034 # for results.sh
AREA=newcomer
day_enter 'a first day' "$0" "$@"
DESK=laptop

# ---- what the documents show ----

# The block of README below a heading that has a line; without its indentation.
readme() {	# HEADING LINE
	awk -v heading="$1" -v line="$2" '
		/^#/ { inside = ($0 == heading) }
		!inside && heading != "" { next }
		/^    / { block = block substr($0, 5) "\n"; if (index($0, line)) found = 1; next }
		found && !/^$/ { exit }
		/^$/ { block = block "\n"; next }
		{ block = "" }
		END { printf "%s", block }' "$P/README.md"
}

# The Nth display of pam-jwt-login(1), or of another page, counted from its start, without the sign of the shell.
manual() {	# N [PAGE]
	awk -v n="$1" '
		/^\.Bd -literal/ { on = (++count == n); next }
		/^\.Ed/ { on = 0 }
		on { sub(/^\$ /, ""); gsub(/\\e/, "\\"); print }' "$P/man/${2:-pam-jwt-login.1}"
}

# ---- the company ----

# Its hosts have an address and a host name of their own, and the configuration of README.
company_host() {	# NAME ADDRESS SERVICE
	host_make "$1" "$3" "$2"
	readme '## ssh, in five minutes' 'audience =' |
		sed -e "s|^keys .*|keys = $D/keys.jwks|" -e "s|/var/lib/pam_jwt|$D/$1|" >"$D/$1/pam_jwt.conf"
	"$JWT" state init --directory "$D/$1/state" >/dev/null
}

company_sshd() {	# NAME ADDRESS
	company_host "$1" "$2" sshd
	sed "s/^ListenAddress.*/ListenAddress $2/" "$D/sshd_config" >"$D/$1/sshd_config"
	# shellcheck disable=SC2016 # of the inner shell
	unshare --mount --uts sh -c 'hostname "$1" && mount --bind "$0/pam.d" /etc/pam.d && shift && exec "$@"' "$D/$1" "${1%%.*}" \
		"$SSHD" -D -e -p 22 -f "$D/$1/sshd_config" >"$D/$1/sshd.log" 2>&1 &
	NS_PIDS="$! $NS_PIDS"
	wait_for 10 host_up "$1" || { cat "$D/$1/sshd.log" >&2 && return 1; }
}

# The laptop: sudo takes any login by a token; apt only says that it was called.
company() {
	provider_names id.example.com
	op_start id.example.com
	web -f "$OP/jwks" >"$D/keys.jwks"
	sshd_configure
	company_sshd bastion.corp.example 127.0.0.2
	company_sshd db1.corp.example 127.0.0.3
	company_host "$DESK" 127.0.0.4 sudo
	sed -i -e 's/^deny .*/permit = as claim sub/' -e '/^prompt   = Password:/d' "$D/$DESK/pam_jwt.conf"
	sudo_start
	printf '#!/bin/sh\necho "apt $*"\n' >"$D/apt"
	chmod 755 "$D/apt"
	ns_cover "$D/apt" /usr/bin/apt
}

# The lines in $D/lines; the provider's certificate is of an authority of this test.
login_conf() {
	{ cat "$D/lines" && echo "ca_file = $D/ca.pem"; } >"$HOME_OF/.config/pam-jwt/login.conf"
}

# A machine as it comes: no ~/.ssh, no ~/.profile.
fresh_machine() {
	cp "$B/pam-jwt-net" "$D"
	chmod 755 "$D"
	mkdir -p "$D/run-alice" "$D/person" "$HOME_OF/.config/pam-jwt"
	chmod 700 "$D/run-alice"
	person_browser "$D/browser" "$D/person/jar"
	readme '### Log in once a day' 'iss ' >"$D/lines"
	login_conf
	chown -R "$ALICE" "$D/run-alice" "$D/person" "$HOME_OF"
}

# ---- what alice types ----

# The lines in $D/lines. Keys of hosts are not what this is about.
typed() {
	sed 's/^ssh /ssh -o StrictHostKeyChecking=accept-new -o LogLevel=ERROR /' "$D/lines" >"$D/typed"
	typed_rc=0
	alice sh -e "$D/typed" >"$D/out" 2>"$D/err" || typed_rc=$?
}

works() {	# NAME [LINE]
	if [ "$typed_rc" -eq 0 ] && [ -s "$D/typed" ] && { [ -z "${2:-}" ] || grep -qx "$2" "$D/out"; }; then
		pass "$1"
	else
		fail "$1" "status $typed_rc" @"$D/typed" @"$D/out" @"$D/err" "$(log_new | tail -n 3)"
	fi
}

accepted() {	# NAME NUMBER
	log_sync
	accepted_ok=$(log_decisions '[a-z]*' | grep -c ' reason=ok ' || :)
	check "$1" test "$accepted_ok $(log_decisions '[a-z]*' | wc -l)" = "$2 $2"
	log_mark
}

first_day() {
	readme '### Log in once a day' 'pam-jwt login --shell' >"$D/lines"
	typed
	works 'README: the lines that are typed once'
	readme '' 'pam-jwt login    ' | sed -e '/^alice at corp/d' -e 's/^\$ //' >"$D/lines"
	typed
	works 'README: the first picture' 'apt update'
	check '... it shows what comes' grep -qx 'alice at corp.*' "$D/out"
	accepted '... which are two logins, and no refusal' 2
}

manual_day() {
	rm -rf "$HOME_OF/.profile" "$HOME_OF/.ssh/config"
	{ manual 1 && manual 2; } >"$D/lines"
	typed
	works 'pam-jwt-login(1): setting it up'
	manual 4 >"$D/lines"
	typed
	works 'pam-jwt-login(1): a day' 'apt update'
	accepted '... two logins, and no refusal' 2
	typed_rc=0
	alice pam-jwt login --status >"$D/out" 2>&1 || typed_rc=$?
	check '... and in the evening nobody is logged in' test "$typed_rc" -eq 1
}

code_shown() {
	cat "$D/out" "$D/err" | grep -o '[A-Z]\{4\}-[A-Z]\{4\}'
}

# The lines for programs that ask nothing: the first ssh takes a token, and the next one, with BatchMode, its connection.
shared() {
	manual 3 | cat - "$HOME_OF/.ssh/config" >"$D/shared"
	cp "$HOME_OF/.ssh/config" "$D/ssh.config"
	cat "$D/shared" >"$HOME_OF/.ssh/config"
	echo 'pam-jwt login' >"$D/lines"
	typed
	log_mark
	echo 'ssh -o BatchMode=yes db1.corp.example echo in' >"$D/lines"
	typed
	check 'pam-jwt-login(1): with BatchMode there is no token' grep -q 'Permission denied' "$D/err"
	printf 'ssh db1.corp.example echo in\nssh -o BatchMode=yes db1.corp.example echo in\nssh -O exit db1.corp.example\n' >"$D/lines"
	typed
	works 'pam-jwt-login(1): a shared connection' in
	accepted '... which takes one token' 1
	cat "$D/ssh.config" >"$HOME_OF/.ssh/config"
}

# With the rule of README for sudo, and a provider that says in its access tokens when she authenticated.
step_up() {
	op_control 'state?auth_time=yes'
	cp "$D/$DESK/pam_jwt.conf" "$D/desk.conf"
	readme '### And sudo' 'auth_time within' >>"$D/$DESK/pam_jwt.conf"
	manual 7 >"$D/lines"
	echo 'sudo -A id -un' >>"$D/lines"
	typed
	works 'pam-jwt-login(1): a login for the 15 minutes of sudo' root
	cp "$D/desk.conf" "$D/$DESK/pam_jwt.conf"
}

by_device() {
	manual 5 >"$D/lines"
	: >"$D/out"
	: >"$D/err"
	typed &
	device_pid=$!
	wait_for 10 code_shown >"$D/code" || :
	op_approve "$(code_shown | head -n 1)"
	wait "$device_pid" || :
	check 'pam-jwt-login(1): by a code' grep -qx 'alice at corp.*' "$D/out"
}

# A machine that only a pattern matches, and a program that wants the token.
others() {
	sed -i 's/^hosts .*/hosts = *.corp.example/' "$HOME_OF/.config/pam-jwt/login.conf"
	manual 8 >"$D/lines"
	typed
	works 'pam-jwt-login(1): a new machine' 'alice at corp.*'
	manual 8 | sed 's/new/api/' >"$D/lines"
	typed
	manual 9 | sed 's/curl .*/cat/' >"$D/lines"
	typed
	works 'pam-jwt-login(1): the token in a header' 'Authorization: Bearer [A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*'
}

# The examples of login.conf(5), with hosts as the texts above them say.
examples() {
	echo '127.0.0.2 bastion.corp.example bastion' >>"$D/etc/hosts"	# for %{fqdn}
	sed -i 's|^audience.*|audience = ssh://%{fqdn}|' "$D/bastion.corp.example/pam_jwt.conf"
	manual 1 login.conf.5 >"$D/lines"
	login_conf
	printf 'pam-jwt login\nssh bastion.corp.example echo in\n' >"$D/lines"
	typed
	works 'login.conf(5): a token for each host' in
	sed -i 's|^audience.*|audience = ssh-cli|' "$D/bastion.corp.example/pam_jwt.conf"
	manual 2 login.conf.5 >"$D/lines"
	login_conf
	printf 'pam-jwt login\nssh bastion.corp.example echo in\n' >"$D/lines"
	typed
	works 'login.conf(5): the ID token for all' in
	echo '127.0.0.2 old.corp.example' >>"$D/etc/hosts"
	echo 'ssh -o NumberOfPasswordPrompts=1 old.corp.example echo in' >"$D/lines"
	typed
	check '... but for the host that is excluded' grep -q 'alice@old.corp.example asks for a token and gets none' "$D/err"
}

company
fresh_machine
log_mark
first_day
manual_day
shared
step_up
by_device
others
examples
finish
