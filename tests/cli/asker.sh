#!/bin/sh
# Who asks pam-jwt-askpass, which source has a token for that host, and which prompts of a server get none.
#
#     BUILD=build sh tests/cli/asker.sh            from the top of the tree
set -u

build=${BUILD:-build}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
umask 022
AREA=asker
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
DETAILS=@$dir/err
unset PAM_JWT_TOKEN_FILE PAM_JWT_ASKPASS_NEXT SSH_ASKPASS_PROMPT XDG_CONFIG_HOME
HOME=$dir/home XDG_RUNTIME_DIR=$dir/run PAM_JWT_HOST=inherited PAM_JWT_USER=inherited
export HOME XDG_RUNTIME_DIR PAM_JWT_HOST PAM_JWT_USER dir
conf=$HOME/.config/pam-jwt/askpass.conf
login=$HOME/.config/pam-jwt/login.conf
mkdir -p "$HOME/.config/pam-jwt" "$dir/bin" "$dir/path"
mkdir -m 700 "$XDG_RUNTIME_DIR"
me=$(id -un)
here=$(uname -n | tr '[:upper:]' '[:lower:]')

# A program of our own stands beside the copy: what was asked of it, and a token.
cp "$build/pam-jwt-askpass" "$dir/bin"
ask=$dir/bin/pam-jwt-askpass
export ask
token="eyJhbGciOiJFUzI1NiJ9.$(printf '{"exp":4102444800}' | base64 -w 0 | tr '+/' '-_' | tr -d '=').AAAA"
other="eyJhbGciOiJFUzI1NiJ9.$(printf '{"exp":4102444801}' | base64 -w 0 | tr '+/' '-_' | tr -d '=').AAAA"
old="eyJhbGciOiJFUzI1NiJ9.$(printf '{"exp":1700000000}' | base64 -w 0 | tr '+/' '-_' | tr -d '=').AAAA"
pam_jwt_is() {	# COMMANDS
	printf '#!/bin/sh\necho "$*" >>"%s/asked"\n%s\n' "$dir" "$1" >"$dir/bin/pam-jwt"
	chmod 755 "$dir/bin/pam-jwt"
}
pam_jwt_is "echo $token"
printf '#!/bin/sh\necho wrong >>"%s/asked"\necho %s\n' "$dir" "$other" >"$dir/path/pam-jwt"
chmod 755 "$dir/path/pam-jwt"
PATH=$dir/path:$PATH
# Below a program of this name everything comes from a server.
mkdir "$dir/old"
cp "$(readlink -f /bin/sh)" "$dir/old/ssh"
# One that puts the word in front itself has its format in it.
{ cat "$dir/old/ssh"; printf '(%%s@%%s) %%s'; } >"$dir/ssh"
chmod 755 "$dir/ssh"

# What begins with a word comes from an ssh that puts it there.
run() {	# PROMPT [VARIABLE=VALUE]...
	run_prompt=$1
	shift
	: >"$dir/asked"
	: >"$dir/env"
	status=0
	case $run_prompt in
	'('*) set -- "$@" "prompt=$run_prompt" "$dir/ssh" -c '"$ask" "$prompt"; exit $?' ;;
	*) set -- "$@" "$ask" "$run_prompt" ;;
	esac
	timeout 40 env "$@" >"$dir/out" 2>"$dir/err" </dev/null || status=$?
}

# The same below an ssh that does not say who asks.
run_old_client() {	# PROMPT
	run_below "$dir/old/ssh" "$1"
}

run_below() {	# CLIENT PROMPT
	: >"$dir/asked"
	: >"$dir/env"
	status=0
	prompt=$2 timeout 15 "$1" -c '"$ask" "$prompt"; exit $?' >"$dir/out" 2>"$dir/err" </dev/null || status=$?
}

got() {	# NAME TOKEN
	[ "$status" -eq 0 ] && [ "$(cat "$dir/out")" = "$2" ]
	result $? "$1"
}

refused() {	# NAME STATUS PATTERN
	[ "$status" -eq "$2" ] && [ ! -s "$dir/out" ] && grep -q "^pam-jwt-askpass: .*$3" "$dir/err"
	result $? "$1"
}

asked() {	# NAME WORDS
	[ "$(cat "$dir/asked")" = "$2" ]
	result $? "$1" "@$dir/asked" "@$dir/err"
}

put_login() {	# HOSTS
	printf '[login corp]\niss = https://id.example.com\nclient = ssh-cli\nhosts = %s\n' "$1" >"$login"
}

# A command that shows its variables.
put_command() {	# [LINE]...
	printf 'command = printf %%s "${PAM_JWT_USER-none} ${PAM_JWT_HOST-none}" >"%s/env"; echo %s\n' "$dir" "$other" >"$conf"
	[ $# -eq 0 ] || printf '%s\n' "$@" >>"$conf"
}

sessions() {
	put_login 'bastion *.corp.example !old.corp.example ::1'
	for host in bastion db.corp.example ::1; do
		run "(alice@$host) Token: "
		got "$host gets the token of the session" "$token"
		asked '... of the section, for this host, from our own folder' "token corp --host $host"
	done
	run '(alice@BASTION) Token or password: '
	asked 'a host is lowercase for pam-jwt' 'token corp --host bastion'
	run '(alice@corp@bastion) Token: '
	asked 'a user may have an at sign' 'token corp --host bastion'
	for host in evil.example old.corp.example corp.example bastion.evil.example; do
		run "(alice@$host) Token: "
		refused "$host gets nothing" 1 "alice@$host asks for a token and gets none"
		asked '... and pam-jwt is not asked' ''
	done
	printf '[login two]\niss = https://id.example.com\nclient = c\nhosts = *\n' >>"$login"
	run '(alice@bastion) Token: '
	asked 'the first section that means the host' 'token corp --host bastion'
	run '(alice@old.corp.example) Token: '
	asked 'a section that excludes it leaves it to the next' 'token two --host old.corp.example'
	session_ends
	printf 'nonsense\n' >"$login"
	run '(alice@bastion) Token: '
	[ "$status" -eq 2 ] && [ ! -s "$dir/out" ] && grep -q 'login.conf:1: error' "$dir/err"
	result $? 'a broken login.conf is an error'
	rm "$login"
	run '(alice@bastion) Token: '
	refused 'no source at all' 2 'no token: .*no login.conf'
}

# The 30 seconds of a session, on a clock that makes 3 of them.
takes_long() {
	if ! ${CC:-cc} -shared -fPIC -D_GNU_SOURCE -o "$dir/clock_fast.so" tests/programs/clock_fast.c 2>"$dir/err"; then
		skip 'a session that takes long' 'there is no C compiler'
		return
	fi
	pam_jwt_is 'echo $$ >"$dir/pid"; exec sleep 300'
	began=$(date +%s%N)
	run '(alice@bastion) Token: ' WAIT_FAST=10 "LD_PRELOAD=$dir/clock_fast.so" ASAN_OPTIONS=verify_asan_link_order=0
	took=$((($(date +%s%N) - began) / 100000000))
	refused 'a session that takes long' 2 'pam-jwt token took longer than 30 s'
	[ "$took" -ge 29 ] && [ "$took" -le 90 ] && ! kill -0 "$(cat "$dir/pid")" 2>/dev/null
	result $? "... is ended after 30 seconds ($took)"
}

session_ends() {
	put_login bastion
	pam_jwt_is 'echo "pam-jwt: your login is over" >&2; exit 1'
	run '(alice@bastion) Token: '
	refused 'a session that is over' 1 'run: pam-jwt login corp$'
	grep -q '^pam-jwt: your login is over' "$dir/err"
	result $? '... with the words of pam-jwt'
	printf 'resource = ssh://%%{host}\n' >>"$login"
	run '(alice@bastion) Token: '
	refused '... a host that hosts names' 1 'run: pam-jwt login corp$'
	sed -i 's/^hosts .*/hosts = bastion *.corp.example/' "$login"
	run '(alice@BASTION) Token: '
	refused '... in whatever case' 1 'run: pam-jwt login corp$'
	run '(alice@db.corp.example) Token: '
	refused '... one that it does not name needs --host' 1 'run: pam-jwt login corp --host db.corp.example$'
	sed -i 's/%{host}/all/' "$login"
	run '(alice@db.corp.example) Token: '
	refused '... but not for a resource that all hosts have' 1 'run: pam-jwt login corp$'
	put_login bastion
	pam_jwt_is 'exit 2'
	run '(alice@bastion) Token: '
	refused 'a session with trouble' 2 'exit status 2'
	takes_long
	pam_jwt_is "echo $old"
	run '(alice@bastion) Token: '
	got 'a session: its token is in time, whatever our clock says' "$old"
	pam_jwt_is "echo ${old%.*}"
	run '(alice@bastion) Token: '
	refused '... but must have the form of a token' 1 'malformed'
	rm "$dir/bin/pam-jwt"
	if [ -x /usr/bin/pam-jwt ]; then
		skip 'pam-jwt is missing' 'it is installed here'
	else
		run '(alice@bastion) Token: '
		refused 'pam-jwt is missing: it is not looked for in PATH' 2 'pam-jwt is neither'
	fi
	pam_jwt_is "echo $token"
}

# The sources before the session, and the order.
order() {
	put_login '*'
	put_command
	mkdir -m 700 "$XDG_RUNTIME_DIR/pam-jwt"
	run '(alice@bastion) Token: '
	got 'the command goes before the session' "$other"
	printf %s "$old" >"$XDG_RUNTIME_DIR/pam-jwt/token"
	chmod 600 "$XDG_RUNTIME_DIR/pam-jwt/token"
	run '(alice@bastion) Token: '
	got 'a token file whose token is over counts as none' "$other"
	run '(alice@bastion) Token part 2 (from byte 9): '
	refused '... but not between two parts' 1 'expired'
	rm "$conf"
	run '(alice@bastion) Token: '
	got '... nor in front of a session' "$token"
	put_login bastion
	run '(alice@elsewhere) Token: '
	refused '... and without another source it says so' 1 'the token expired'
	printf 'garbage' >"$XDG_RUNTIME_DIR/pam-jwt/token"
	put_command
	run '(alice@bastion) Token: '
	refused 'a token file that is malformed is an error, not a reason to go on' 1 malformed
	rm "$XDG_RUNTIME_DIR/pam-jwt/token"
	printf 'command = false\n' >"$conf"
	run '(alice@bastion) Token: '
	refused 'a command that fails is an error, not a reason to go on' 2 'exit status 1'
	asked '... pam-jwt is not asked' ''
	rm "$conf" "$login"
}

hosts() {
	put_command "host =	bastion	 *.corp.example" 'host = !old.corp.example'
	printf %s "$token" >"$dir/named"
	run '(alice@bastion) Token: '
	got 'host: one that is meant' "$other"
	run '(alice@evil.example) Token: '
	refused 'host: one that is not' 1 'alice@evil.example asks for a token and gets none'
	[ ! -s "$dir/env" ]
	result $? '... and the command is not run'
	run '(alice@old.corp.example) Token: '
	refused 'host: one that is excluded' 1 'gets none'
	run '(alice@evil.example) Token: ' "PAM_JWT_TOKEN_FILE=$dir/named"
	refused 'host: it is for PAM_JWT_TOKEN_FILE as well' 1 'gets none'
	put_login evil.example
	run '(alice@evil.example) Token: '
	got 'host: the session has hosts of its own' "$token"
	rm "$login"
	run '(alice@db.corp.example) Token: '
	got 'host: a tab may stand between two patterns' "$other"
	for line in 'host = a,b' 'host = alice@b' 'host = !' 'host = a/b'; do
		put_command "$line"
		run '(alice@bastion) Token: '
		refused "$line" 2 'askpass.conf:2: '
	done
	put_command 'host = !old.corp.example' 'host = !evil.example'
	run '(alice@bastion) Token: '
	refused 'host: negated patterns alone' 2 'askpass.conf: host has negated patterns only'
	put_command 'host = !old.corp.example' 'host = *'
	run '(alice@bastion) Token: '
	got 'host: ... and one more in another line' "$other"
	put_command
	run '(alice@evil.example) Token: '
	got 'without host any host is meant' "$other"
}

# What a server can write: all but the first word.
forged() {
	put_command
	put_login '*'
	for prompt in '(alice@evil) (alice@bastion) Token: ' '(alice@evil) x
(alice@bastion) Token: ' '(alice@evil) mail (help@corp.example) for help
Token: ' 'x
(alice@bastion) Token: ' '(alice@evil) 
(alice@bastion) Token or password: ' '(alice@evil) x (a@b)
Token part 2 (from byte 5): '; do
		run "$prompt"
		refused "forged: $(printf '%s' "$prompt" | tr '\n' '/')" 1 'the server wrote who asks into its prompt'
		asked '... pam-jwt is not asked' ''
	done
	for prompt in '(alice@b$(id)) Token: ' '(alice@-x) Token: ' '(-x@bastion) Token: ' '(alice@) Token: ' '(@bastion) Token: ' \
		'(al ice@bastion) Token: ' '(alice@bas tion) Token: ' '(alice@../x) Token: ' '(alice@*) Token: '; do
		run "$prompt"
		[ "$status" -ne 0 ] && [ ! -s "$dir/out" ] && [ ! -s "$dir/asked" ] && [ ! -s "$dir/env" ]
		result $? "no name that a host or a user has: $prompt"
	done
	long=$(printf '%0120000d' 0 | tr 0 '(')
	begun=$(date +%s)
	run "(alice@evil) $long
Token: "
	[ "$status" -eq 0 ] && [ $(($(date +%s) - begun)) -le 3 ]
	result $? 'a prompt of 120,000 bytes is read at once'
	run_old_client 'Token: '
	got 'an old client, and a command without host: as ever' "$other"
	[ "$(cat "$dir/env")" = 'none none' ]
	result $? '... the command is told nobody' "@$dir/env"
	put_command "host = *"
	run_old_client 'Token: '
	refused 'an old client, and a command with host' 1 'a host that no ssh client names'
	rm "$conf"
	run_old_client 'Token: '
	refused 'an old client, and a session' 1 'a host that no ssh client names'
	run_old_client '[sudo: authenticate] Token: '
	refused '... also where the server plays sudo-rs' 1 'a host that no ssh client names'
	run_old_client '(alice@bastion) Token: '
	refused '... also where the server writes who asks' 1 'a host that no ssh client names'
	rm "$login"
}

# A word counts if an ssh that puts it there has asked, and only then.
unsaid() {
	put_login 'bastion'
	mkdir "$dir/link"
	ln -s ../ssh "$dir/link/slogin"
	ln -s ../old/ssh "$dir/link/rsh"
	cp "$(readlink -f /bin/sh)" "$dir/sudo"
	for unsaid_client in "$dir/ssh" "$dir/link/slogin"; do
		run_below "$unsaid_client" '(alice@bastion) Token: '
		got "${unsaid_client##*/} says who asks" "$token"
	done
	run_below /bin/sh '(alice@bastion) Token: '
	refused 'a word, and no ssh' 1 'a host that no ssh client names'
	asked '... pam-jwt is not asked' ''
	run_below "$dir/sudo" '(alice@bastion) Token: '
	refused 'a word of sudo -p' 1 'a host that no ssh client names'
	export dir
	prompt='(alice@bastion) Token: ' timeout 15 "$dir/ssh" -c '"$dir/sudo" -c "\"\$ask\" \"\$prompt\"; exit \$?"; exit $?' \
		>"$dir/out" 2>"$dir/err" </dev/null
	status=$?
	refused '... also of a sudo that ssh has started' 1 'a host that no ssh client names'
	put_login "$here"
	run_below "$dir/link/rsh" 'Token: '
	refused 'an old client by another name is not this host' 1 'a host that no ssh client names'
	rm "$login"
	put_command
	run_below /bin/sh '(alice@bastion) Token: '
	got 'a word, no ssh, and a command without host: as ever' "$other"
	[ "$(cat "$dir/env")" = 'none none' ]
	result $? '... the command is told nobody' "@$dir/env"
	hidden
	rm "$conf"
}

# Where the system shows no processes, nobody can say who asks.
hidden() {
	if ! unshare --mount mount -t tmpfs none /proc 2>/dev/null; then
		skip 'processes that are not shown' 'needs root, and a mount namespace'
		return
	fi
	put_command 'host = bastion'
	for hidden_prompt in '(alice@bastion) Token: ' 'Token: '; do
		prompt=$hidden_prompt timeout 15 unshare --mount "$dir/ssh" -c 'mount -t tmpfs none /proc && "$ask" "$prompt"; exit $?' \
			>"$dir/out" 2>"$dir/err" </dev/null
		status=$?
		refused "processes that are not shown: $hidden_prompt" 1 'a host that no ssh client names'
	done
}

variables() {
	put_command
	run '(alice@Bastion.Corp.Example) Token: '
	[ "$(cat "$dir/env")" = 'alice bastion.corp.example' ]
	result $? 'the command knows user and host' "@$dir/env"
	run 'Token: '
	[ "$(cat "$dir/env")" = "$me $here" ]
	result $? 'of sudo: the one who asks, and this host' "@$dir/env"
	rm "$conf"
}

# sudo, doas and sudo-rs: this host, by either of its names.
this_host() {
	for prompt in 'Token: ' '[sudo: authenticate] Token: '; do
		for name in "$here" "${here%%.*}"; do
			put_login "$name"
			run "$prompt"
			asked "\"$prompt\": this host is meant as $name" "token corp --host $name"
		done
	done
	put_login 'elsewhere'
	run 'Token: '
	refused 'this host is not meant' 1 'this host, .*, asks for a token and gets none'
	put_login "* !${here%%.*}"
	run 'Token: '
	refused 'this host is excluded by its first label' 1 'gets none'
	put_login "* !$here"
	run 'Token: '
	refused 'this host is excluded by its name' 1 'gets none'
	rm "$login"
}

# Several logins at once must not take parts of each other's tokens.
parts() {
	put_login '*'
	long="eyJhbGciOiJFUzI1NiJ9.$(printf '{"exp":4102444800,"p":"%0600d"}' 0 | base64 -w 0 | tr '+/' '-_' | tr -d '=').AAAA"
	later="eyJhbGciOiJFUzI1NiJ9.$(printf '{"exp":4102444800,"p":"%0600d"}' 1 | base64 -w 0 | tr '+/' '-_' | tr -d '=').AAAA"
	echo "$long" >"$dir/now"
	echo "$later" >"$dir/later"
	pam_jwt_is 'cat "$dir/now"'
	cat >"$dir/client" <<-'END'
		"$ask" '(alice@one) Token: ' >"$dir/parts.1"
		cp "$dir/later" "$dir/now"
		"$ask" '(alice@two) Token: ' >"$dir/parts.2"
		"$ask" '(bob@one) Token: ' >"$dir/parts.3"
		: >"$dir/asked"
		"$ask" '(alice@one) Token part 2 (from byte 501): ' >"$dir/parts.4"
		"$ask" '(alice@two) Token part 2 (from byte 501): ' >"$dir/parts.5"
		:
	END
	timeout 15 "$dir/ssh" "$dir/client" 2>"$dir/err"
	[ "$(cat "$dir/parts.4")" = "$(printf %s "$long" | tail -c +501 | head -c 500)" ] && [ ! -s "$dir/asked" ]
	result $? 'a token that was renewed meanwhile: the next part is of the first one'
	[ "$(cat "$dir/parts.5")" = "$(printf %s "$later" | tail -c +501 | head -c 500)" ]
	result $? '... and each host has its own'
	up=$(cut -d . -f 1 /proc/uptime)
	touch -d "@$((up - 400))" "$XDG_RUNTIME_DIR"/pam-jwt/parts.*.bob@one
	# What was being written when somebody ended it, and what is being written now.
	for draft in old set new; do
		: >"$XDG_RUNTIME_DIR/pam-jwt/draft.$draft"
	done
	touch -d '-400 seconds' "$XDG_RUNTIME_DIR/pam-jwt/draft.old"
	touch -d "@$up" "$XDG_RUNTIME_DIR/pam-jwt/draft.set"
	run '(alice@three) Token: '
	[ "$(cd "$XDG_RUNTIME_DIR/pam-jwt" && echo parts.*@* | sed 's/parts\.[0-9]*\.//g')" = alice@three ]
	result $? 'what a login left is gone after five minutes'
	[ "$(cd "$XDG_RUNTIME_DIR/pam-jwt" && echo draft.*)" = 'draft.new draft.set' ]
	result $? '... also what was never finished, and not what is being written'
	run '(../a/b@one) Token: '
	[ "$status" -eq 0 ] && [ -e "$(echo "$XDG_RUNTIME_DIR"/pam-jwt/parts.*...%2Fa%2Fb@one)" ]
	result $? 'a user with a slash stays in the folder'
	# Two clients at the same moment, each with its own process.
	pam_jwt_is "echo $long"
	cat >"$dir/client" <<-'END'
		"$ask" '(alice@one) Token: ' >"$dir/$1.1"
		: >"$dir/$1.begun"
		while [ ! -e "$dir/go" ]; do sleep 0.1; done
		"$ask" '(alice@one) Token part 2 (from byte 501): ' >"$dir/$1.2"
		:
	END
	timeout 15 "$dir/ssh" "$dir/client" a &
	a=$!
	while [ ! -e "$dir/a.begun" ]; do sleep 0.1; done
	pam_jwt_is "echo $later"
	timeout 15 "$dir/ssh" "$dir/client" b &
	b=$!
	while [ ! -e "$dir/b.begun" ]; do sleep 0.1; done
	: >"$dir/go"
	wait "$a" "$b"
	[ "$(cat "$dir/a.2")" = "$(printf %s "$long" | tail -c +501 | head -c 500)" ] &&
		[ "$(cat "$dir/b.2")" = "$(printf %s "$later" | tail -c +501 | head -c 500)" ]
	result $? 'two logins at once, and a renewal in between: each has one token'
	rm "$login"
}

# sudo -p with the words of the module's own prompt: each prompt of one sudo wants the next part.
same_prompt() {
	put_login '*'
	pam_jwt_is "echo $long"
	cat >"$dir/client" <<-'END'
		"$ask" 'Token: ' >"$dir/same.1"
		"$ask" 'Token: ' >"$dir/same.2"
		"$ask" 'Token: ' >"$dir/same.3"
		"$ask" 'Token: ' >"$dir/same.4"
		"$ask" 'Token: ' >"$dir/same.5"
		"$ask" 'Token part 2 (from byte 501): ' >"$dir/same.5"
		"$ask" 'Token: ' >"$dir/same.6"
		"$ask" 'Token or password: ' >"$dir/same.7"
		:
	END
	rm -f "$dir"/same.*
	timeout 15 "$dir/sudo" "$dir/client" 2>"$dir/err"
	[ "$(head -qc -1 "$dir"/same.[12])" = "$long" ]
	result $? 'the same prompt of one sudo is answered with the next part'
	cmp -s "$dir/same.1" "$dir/same.3" && cmp -s "$dir/same.2" "$dir/same.4"
	result $? '... and after the last part with the first'
	[ "$(cat "$dir/same.5")" = "$(cat "$dir/same.2")" ] && [ "$(cat "$dir/same.6")" = "$(cat "$dir/same.1")" ]
	result $? '... a prompt that says its part ends that'
	[ "$(cat "$dir/same.7")" = "$(cat "$dir/same.1")" ]
	result $? '... and so does another prompt'
	rm "$login"
}

if [ ! -x "$ask" ]; then
	fail 'pam-jwt-askpass is not built'
	finish
fi
sessions
order
hosts
forged
unsaid
variables
this_host
parts
same_prompt
finish
