#!/bin/sh
# pam-jwt login where it asks no provider: login.conf, --status, --ssh-config and --shell.
#
#     BUILD=build sh tests/cli/login_conf.sh         from the top of the tree
set -u

# shellcheck disable=SC2034 # for cli.sh
AREA=login_conf
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh
if [ -e /etc/pam_jwt/login.conf ]; then
	skip 'what login.conf says' 'this machine has one for everybody'
	finish
fi

config=$dir/config/pam-jwt/login.conf
sessions=$dir/run/pam-jwt/session
mkdir -p "$dir/config/pam-jwt" "$dir/home"
mkdir -m 700 "$dir/run"
mkdir -m 700 "$dir/run/pam-jwt"
mkdir -m 700 "$sessions"
XDG_CONFIG_HOME=$dir/config XDG_RUNTIME_DIR=$dir/run HOME=$dir/home
export XDG_CONFIG_HOME XDG_RUNTIME_DIR HOME
unset XDG_STATE_HOME

shows() {	# TEXT
	grep -qF -e "$1" "$dir/out"
	result $? "  it says: $1"
}

section() {	# NAME LINE...
	printf '[login %s]\niss = https://id.test\nclient = cli\n' "$1"
	shift
	printf '%s\n' "$@"
}

# --- the file ---------------------------------------------------------------------------------------------------------

run 2 'no login.conf' login --status
shows 'there is no login.conf'
section corp 'hosts = bastion *.corp.test !old.corp.test' >"$config"
run 2 'a login of another name' login --status corb
shows 'there is no login of that name, only: corp'
chmod 664 "$config"
run 2 'a login.conf that others may change' login --status
shows 'others may change it'
chmod 600 "$config"
section corp 'hosts = a' 'dpop = SHA256:x' >"$config"
run 2 'a key that is none' login --status
shows "$config:5: error: dpop must be ssh-agent, or the fingerprint of a key as ssh-keygen -l prints it"
{ section corp 'host = a'; section corp 'hosts = a'; section two 'hosts = a@b' 'ports = 0'; } >"$config"
run 2 'four faults' login --status
shows "$config:4: error: host is not a setting of this section"
shows "$config:1: error: [login corp] has no hosts"
shows "$config:5: error: [login corp] is there twice"
shows "$config:12: error: a@b: write the host alone, without a user"
shows "$config:13: error: 0 is not a port"
run 2 'four faults, and --quiet' login --status --quiet
[ ! -s "$dir/out" ]
result $? '  it prints nothing' "@$dir/out"

# --- status -----------------------------------------------------------------------------------------------------------

boot=$(cat /proc/sys/kernel/random/boot_id)
uptime=$(cut -d. -f1 /proc/uptime)

session() {	# NAME REFRESH-TOKEN TOKENS MEMBERS
	printf '{"issuer":"https://id.test","client":"cli","use":"access_token","refresh_token":"%s","boot_id":"%s","tokens":[%s]%s}' \
		"$2" "$boot" "$3" "$4" >"$sessions/$1"
	chmod 600 "$sessions/$1"
}

status() {	# STATUS NAME TEXT OPTION...
	status_want=$1 status_name=$2 status_text=$3
	shift 3
	status_got=0
	"$tool" login --status "$@" >"$dir/out" 2>"$dir/err" </dev/null || status_got=$?
	[ "$status_got" -eq "$status_want" ] && [ "$(cat "$dir/out")" = "$status_text" ] && [ ! -s "$dir/err" ]
	result $? "$status_name" "exit $status_got" "@$dir/out" "@$dir/err"
}

# ssh lets the standard error of "Match exec" through.
quiet() {	# NAME
	run 2 "$1: --quiet" login --status --quiet corp
	[ ! -s "$dir/out" ]
	result $? '  it prints nothing' "@$dir/out"
}

section corp 'hosts = bastion *.corp.test !old.corp.test' >"$config"
again='pam-jwt login corp'
status 1 'nobody is logged in' "corp: nobody is logged in: $again"
status 1 'the same, quietly' '' --quiet
status 1 'the same as JSON' '[{"name":"corp","issuer":"https://id.test","subject":null,"usable":false,"access_until":null,"session_until":null,"hosts":["bastion","*.corp.test","!old.corp.test"]}]' --json
[ -z "$(find "$dir/home" -type f)" ] && [ -z "$(find "$dir/run" -type f)" ]
result $? 'to look makes no file'
session corp R '' ',"is_over":false,"subject":"alice"'
status 0 'a session' 'corp: alice at https://id.test, renewed until the provider ends it'
status 0 'the same by its name, quietly' '' corp --quiet
session corp R '' ',"is_over":true'
status 1 'one that the provider ended' "corp: the login is over: $again"
session corp R '' ',"is_over":false,"subject":"a\u001b[31m\u0007\u202e\"","session_until":4102444800'
status 0 'control characters of the provider do nothing' 'corp: a\x1b[31m\x07\xe2\x80\xae\x22 at https://id.test, renewed until 2100-01-01 00:00:00 UTC'
status 0 'nor in JSON' '[{"name":"corp","issuer":"https://id.test","subject":"a\u001b[31m\u0007\u202e\"","usable":true,"access_until":null,"session_until":4102444800,"hosts":["bastion","*.corp.test","!old.corp.test"]}]' --json
session corp R '' ',"is_over":false,"session_until":1000'
status 1 'one that has ended' "corp: the login has ended: $again"
session corp R '' ',"is_over":false,"session_until":1000,"ends":'"$((uptime + 3600))"
run 0 'one that only a wrong wall clock ends' login --status
"$tool" login --status --json | grep -qE '"session_until":[0-9]{10},'
result $? '  its end is shown by the clock that there is'
session corp R '' ',"is_over":false,"session_until":4102444800,"ends":1'
status 1 'one that only a wrong wall clock keeps' "corp: the login has ended: $again"
boot_kept=$boot boot=another
session corp R '' ',"is_over":false,"session_until":4102444800,"ends":1'
status 0 'one of another boot, by the wall clock' 'corp: logged in at https://id.test, renewed until 2100-01-01 00:00:00 UTC'
boot=$boot_kept
session corp '' '{"resource":"","token":"T","taken":'"$uptime"',"life":86400}' ',"is_over":false'
run 0 'a token that nobody can renew' login --status
shows 'corp: logged in at https://id.test, a token for '
"$tool" login --status --json | grep -qE '"access_until":[0-9]{10},"session_until":null'
result $? '  it says until when'
session corp '' '{"resource":"","token":"T","taken":'"$uptime"',"life":0}' ',"is_over":false'
status 1 'one that is over' "corp: the token has expired, and the provider gave no refresh token: $again"
boot=another
session corp '' '{"resource":"","token":"T","taken":'"$uptime"',"life":86400}' ',"is_over":false'
status 1 'one of another boot' "corp: the token has expired, and the provider gave no refresh token: $again"
session corp R '' ',"is_over":false'
status 0 'but a session outlives it' 'corp: logged in at https://id.test, renewed until the provider ends it'
sed -i 's/client = .*/client = other/' "$config"
status 1 'a session of another client' "corp: login.conf has another iss, client, audience, use or dpop than at the last login: $again"
section corp 'hosts = *' >"$config"
: >"$sessions/corp"
run 1 'a damaged session' login --status
shows "$sessions/corp: the session is damaged: $again"
chmod 640 "$sessions/corp"
run 2 'a session that others may read' login --status
shows 'others may read or change it: chmod 600'
rm "$sessions/corp"

{ section corp 'hosts = *'; section two 'hosts = *' 'store = home'; } >"$config"
session corp R '' ',"is_over":false'
status 1 'two sections, and one of them is usable' "corp: logged in at https://id.test, renewed until the provider ends it
two: nobody is logged in: pam-jwt login two"
(umask 077 && mkdir -p "$dir/home/.local/state/pam-jwt")
mv "$sessions" "$dir/home/.local/state/pam-jwt/session"
mkdir -m 700 "$sessions"
mv "$dir/home/.local/state/pam-jwt/session/corp" "$dir/home/.local/state/pam-jwt/session/two"
status 0 'store = home' 'two: logged in at https://id.test, renewed until the provider ends it' two
chmod 755 "$sessions"
run 2 'a folder of sessions that others may look into' login --status
shows 'others have a right to the folder: chmod 700; with store = home in [login corp]'
shows 'two: logged in'
chmod 700 "$sessions"
unset XDG_RUNTIME_DIR
run 2 'no XDG_RUNTIME_DIR' login --status corp
shows 'store = home in [login corp]'
quiet 'no XDG_RUNTIME_DIR'
run 0 'which store = home does not need' login --status two
XDG_RUNTIME_DIR=$dir/run
export XDG_RUNTIME_DIR

# --- no core dump -----------------------------------------------------------------------------------------------------

# The session has a refresh token, so the call must come before the session is opened.
if strace -qq -o "$dir/strace" true 2>/dev/null; then
	for words in 'login --status corp' 'token corp' 'logout corp'; do
		session corp refresh-token '' ''
		# shellcheck disable=SC2086 # words
		strace -qq -o "$dir/strace" -e trace=prctl,openat "$tool" $words >"$dir/out" 2>&1 </dev/null
		sed -n '/PR_SET_DUMPABLE, SUID_DUMP_DISABLE) *= 0/,$p' "$dir/strace" | grep -q ' "corp", O_RDONLY' &&
			! sed '/PR_SET_DUMPABLE/,$d' "$dir/strace" | grep -q '"corp"'
		result $? "pam-jwt $words leaves no core dump" "@$dir/strace" "@$dir/out"
	done
	rm -f "$sessions/corp"
else
	skip 'no core dump' 'strace is not installed, or not allowed'
fi

# --- for ssh and the shell --------------------------------------------------------------------------------------------

{ section corp 'hosts = bastion *.corp.test !old.corp.test'; section two 'hosts = two.test' 'store = home'; } >"$config"
run 0 'a block for ssh_config' login --ssh-config
shows 'Match host bastion,*.corp.test,!old.corp.test exec "pam-jwt login --status --quiet corp"'
shows 'Match host two.test exec "pam-jwt login --status --quiet two"'
run 0 'that of one login' login --ssh-config two
! grep -q corp "$dir/out"
result $? '  and of no other'

# What ssh makes of it: which methods it would try first.
methods() {	# HOST
	PATH=$(cd "$(dirname "$tool")" && pwd):$PATH ssh -G -F "$dir/ssh_config" "$1" 2>/dev/null |
		sed -nE 's/^(preferredauthentications|numberofpasswordprompts) ([^,]*).*/\2/p' | sort | tr '\n' ' '
}

if command -v ssh >/dev/null; then
	"$tool" login --ssh-config >"$dir/ssh_config"
	[ "$(methods two.test)" = '1 keyboard-interactive ' ]
	result $? 'ssh takes it for a host of a session that is usable' "$(methods two.test)"
	[ "$(methods bastion)" = '3 ' ] && [ "$(methods other.test)" = '3 ' ]
	result $? '  and for no other host' "$(methods bastion), $(methods other.test)"
	cp "$dir/home/.local/state/pam-jwt/session/two" "$sessions/corp"
	[ "$(methods db.CORP.test)" = '1 keyboard-interactive ' ] && [ "$(methods old.corp.test)" = '3 ' ]
	result $? '  with the patterns of login.conf' "$(methods db.CORP.test), $(methods old.corp.test)"
	printf 'Host nick\n\tHostName db.corp.test\nHost *.corp.test\n\tForwardAgent yes\n' >"$dir/ssh_hosts"
	"$tool" login --ssh-config | cat "$dir/ssh_hosts" - >"$dir/ssh_config"
	[ "$(methods nick)" = '1 keyboard-interactive ' ]
	result $? '  by the HostName of a line above it' "$(methods nick)"
	ssh -G -F "$dir/ssh_config" nick 2>/dev/null | grep -qx 'forwardagent no'
	result $? '  and no other block matches because of it'
else
	skip 'what ssh makes of --ssh-config' 'there is no ssh'
fi

odd="$dir/it's \$HOME"
mkdir "$odd"
cp "$tool" "$odd/pam-jwt"
"$odd/pam-jwt" login --shell >"$dir/out" 2>&1
[ $? -eq 2 ] && grep -q 'pam-jwt-askpass: No such file' "$dir/out"
result $? 'no pam-jwt-askpass beside it'
cp "$(dirname "$tool")/pam-jwt-askpass" "$odd/"
exported=$(eval "$("$odd/pam-jwt" login --shell)" && sh -c 'echo "$SSH_ASKPASS|$SSH_ASKPASS_REQUIRE|$SUDO_ASKPASS"')
[ "$exported" = "$odd/pam-jwt-askpass|force|$odd/pam-jwt-askpass" ]
result $? 'what --shell prints is for a shell' "$exported"

# --- the command line -------------------------------------------------------------------------------------------------

run 2 'no name of two' login
shows 'name one of the logins: corp two'
for words in '--status --ssh-config' '--status --shell' '--quiet' '--json' '--status --quiet --json' '--device --browser' \
	'--status --device' '--shell --host a' '--ssh-config --max-age 5m' 'corp two' '--shell corp' '--max-age 5' '--nothing'; do
	# shellcheck disable=SC2086 # words
	run 2 "login $words" login $words
done
run 2 'a token in the place of a name' login "$(printf 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJpIn0.%043d' 0)"
shows 'other users can see the command line'
finish
