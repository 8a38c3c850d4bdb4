#!/bin/sh
# pam-jwt-askpass: which prompts it answers, with which bytes of which token, and that it says nothing otherwise.
#
#     BUILD=build sh tests/cli/askpass.sh            from the top of the tree
set -u

ask=${BUILD:-build}/pam-jwt-askpass
tool=${BUILD:-build}/pam-jwt
[ "${ask#/}" != "$ask" ] || ask=$PWD/$ask
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
umask 022
AREA=askpass
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
DETAILS=@$dir/err
unset PAM_JWT_TOKEN_FILE PAM_JWT_ASKPASS_NEXT SSH_ASKPASS_PROMPT XDG_CONFIG_HOME
HOME=$dir/home XDG_RUNTIME_DIR=$dir/run
export HOME XDG_RUNTIME_DIR
conf=$HOME/.config/pam-jwt/askpass.conf
box=$XDG_RUNTIME_DIR/pam-jwt
# What is kept for prompts that name no host: of the user here, and of no ssh or sudo.
here=0.$(id -un)@$(uname -n | tr '[:upper:]' '[:lower:]')
parts=$box/parts.$here
rest=$box/rest.$here
mkdir -p "$HOME/.config/pam-jwt"
mkdir -m 700 "$XDG_RUNTIME_DIR"

# run [VARIABLE=VALUE]... PROGRAM [PROMPT]: no run may wait for anything.
run() {
	status=0
	timeout 10 env "$@" >"$dir/out" 2>"$dir/err" </dev/null || status=$?
}

# The last run printed these bytes of the file and a newline, and nothing else.
dealt() {	# NAME FILE FROM
	{ tail -c "+$3" "$2" | head -c 500; echo; } >"$dir/want"
	[ "$status" -eq 0 ] && [ ! -s "$dir/err" ] && cmp -s "$dir/want" "$dir/out"
	result $? "$1"
}

# The last run printed an error of one line and no byte of a token.
refused() {	# NAME STATUS PATTERN
	[ "$status" -eq "$2" ] && [ ! -s "$dir/out" ] && [ "$(wc -l <"$dir/err")" -eq 1 ] &&
	    grep -q "^pam-jwt-askpass: .*$3" "$dir/err"
	result $? "$1"
}

b64url() {
	base64 -w 0 | tr '+/' '-_' | tr -d '='
}

# A token of exactly SIZE bytes whose parts all differ.  A remainder of 1 is no length that base64url can have.
make_token() {	# SIZE FILE [FIRST-NUMBER]
	sign=86
	[ $((($1 - 22 - sign) % 4)) -ne 1 ] || sign=87
	pad=$((($1 - 22 - sign) * 3 / 4 - 25))
	{
		printf 'eyJhbGciOiJFUzI1NiJ9.'
		printf '{"exp":4102444800,"p":"%s"}' "$(seq -s . "${3:-1000}" 9999 | head -c "$pad")" | b64url
		printf ".%0${sign}d" 0 | tr 0 A
	} >"$2"
	chmod 600 "$2"
	[ "$(wc -c <"$2")" -eq "$1" ] || result 1 "a token of $1 bytes has that many"
}

# What the module does: it asks on from the byte behind what has come.  Extra arguments are variables.
joined() {	# NAME FILE [VARIABLE=VALUE]...
	joined_name=$1 joined_file=$2 number=1 want=$(wc -c <"$2")
	shift 2
	: >"$dir/joined"
	prompt='Token: '
	while [ "$number" -le 64 ] && run "$@" "$ask" "$prompt" && [ "$status" -eq 0 ] && [ "$(wc -l <"$dir/out")" -eq 1 ] &&
	    [ "$(wc -c <"$dir/out")" -le 501 ]; do
		tr -d '\n' <"$dir/out" >>"$dir/joined"
		have=$(wc -c <"$dir/joined")
		[ "$have" -lt "$want" ] || break
		number=$((number + 1))
		prompt="Token part $number (from byte $((have + 1))): "
	done
	cmp -s "$joined_file" "$dir/joined" && [ "$number" -eq $(((want + 499) / 500)) ]
	result $? "$joined_name"
}

prompts() {
	make_token 2500 "$dir/token"
	PAM_JWT_TOKEN_FILE=$dir/token
	export PAM_JWT_TOKEN_FILE
	for prompt in 'Token: ' 'Token:' "Token: 	 " '(alice@bastion) Token: ' 'Say it.
Token: ' '(alice@bastion) Say it.
Token: ' 'Token or password: ' '(alice@bastion) Token or password: ' '[sudo: authenticate] Token: ' \
	    '[sudo: what for?] Token: ' '[sudo: ] Token or password: '; do
		run "$ask" "$prompt"
		dealt "\"$prompt\" is the first prompt" "$dir/token" 1
	done
	for prompt in 'Token part 2 (from byte 512): ' '(alice@bastion) Token part 64 (from byte 512): ' \
	    'Token part 9 (from byte 512):' '[sudo: authenticate] Token part 2 (from byte 512): ' \
	    'Token or password part 2 (from byte 512): '; do
		run "$ask" "$prompt"
		dealt "\"$prompt\" asks from byte 512" "$dir/token" 512
	done
	run "$ask" 'Token part 2 (from byte 2): '
	dealt 'from byte 2, the least' "$dir/token" 2
	foreign_prompts
	unset PAM_JWT_TOKEN_FILE
}

foreign_prompts() {
	for prompt in '' 'Password: ' 'xToken: ' '/Token: ' 'GitHub Token: ' '(a)Token: ' '(a) Token: ' '(a@b) c) Token: ' '(a@b)Token: ' '[sudo: x]Token: ' '[sudo: x] y] Token: ' \
	    '[sudo x] Token: ' 'x [sudo: x] Token: ' '[sudo: x] GitHub Token: ' '[sudo] password for alice: ' 'GitHub Token or password: ' \
	    'token: ' 'Token' 'Token : ' 'Token: x' 'Token:)' \
	    'Token part 1 (from byte 512): ' 'Token part 65 (from byte 512): ' 'Token part 0 (from byte 512): ' \
	    'Token part 02 (from byte 512): ' 'Token part +2 (from byte 512): ' 'Token part 2 (from byte 1): ' \
	    'Token part 2 (from byte 0): ' 'Token part 2 (from byte 16385): ' 'Token part 2 (from byte 0512): ' \
	    'Token part 2 (from byte 65537): ' 'Token part 2 (from byte 4294967808): ' 'Token part 2 (from byte -5): ' \
	    'Token part 2 (from byte ): ' 'Token part  (from byte 512): ' 'Token part 2 (from byte 512) ' \
	    'Token part 2  (from byte 512): ' 'Token: part 2 (from byte 512): ' 'xToken part 2 (from byte 512): ' \
	    'Token part 2 (from byte 0x20): ' 'part 2 (from byte 512): ' 'Token part 18446744073709551618 (from byte 512): '; do
		run "$ask" "$prompt"
		refused "\"$prompt\" is not ours" 1 'is not a prompt of pam_jwt'
	done
	run "$ask" "$(printf 'a"\033[2Jb\\: ')"
	refused 'a prompt is shown without what a terminal obeys' 1 '"a\\x22\\x1b\[2Jb\\x5c: " is not'
	for hint in confirm none; do
		run SSH_ASKPASS_PROMPT=$hint "$ask" 'Token: '
		refused "SSH_ASKPASS_PROMPT=$hint gets no token" 1 'is not a prompt'
	done
	run SSH_ASKPASS_PROMPT= "$ask" 'Token: '
	dealt 'an empty SSH_ASKPASS_PROMPT is none' "$dir/token" 1
}

people() {
	run "$ask"
	[ "$status" -eq 2 ] && [ ! -s "$dir/out" ] && grep -q '^usage: ' "$dir/err"
	result $? 'usage for no argument'
	for words in --help -h; do
		run "$ask" $words
		[ "$status" -eq 0 ] && [ ! -s "$dir/err" ] && grep -q '^usage: ' "$dir/out"
		result $? "the usage, asked for by $words, is no error"
	done
	for words in --version -V; do
		run "$ask" $words
		[ "$status" -eq 0 ] && [ ! -s "$dir/err" ] && grep -qE '^pam-jwt-askpass [0-9.]+$' "$dir/out"
		result $? "$words"
	done
	run "$ask" 'Token: ' 'Token: '
	[ "$status" -eq 2 ] && [ ! -s "$dir/out" ] && grep -q '^usage: ' "$dir/err"
	result $? 'usage for two arguments'
}

sizes() {
	for size in 150 499 500 501 999 1000 1001 2500 16000 16384; do
		make_token "$size" "$dir/token"
		joined "the parts of $size bytes give the token" "$dir/token" "PAM_JWT_TOKEN_FILE=$dir/token"
		run "PAM_JWT_TOKEN_FILE=$dir/token" "$ask" "Token part 2 (from byte $size): "
		dealt "$size bytes: the last one" "$dir/token" "$size"
		[ "$size" -lt 16384 ] || continue
		run "PAM_JWT_TOKEN_FILE=$dir/token" "$ask" "Token part 2 (from byte $((size + 1))): "
		check "askpass: $size bytes: a space after the last" sh -c "test '$status' = 0 && printf ' \\n' | cmp -s - '$dir/out'"
	run "PAM_JWT_TOKEN_FILE=$dir/token" "$ask" "Token part 2 (from byte $((size + 2))): "
	refused "$size bytes: the one after that" 1 "has $size bytes.* from byte $((size + 2))"
	done
	make_token 16385 "$dir/token"
	run "PAM_JWT_TOKEN_FILE=$dir/token" "$ask" 'Token: '
	refused '16385 bytes are no token' 1 'longer than allowed'
}

# Signed by the command, with a key of its own.
real_token() {
	"$tool" key generate --alg ES256 --out "$dir/key" --public "$dir/public" && "$tool" issue --key "$dir/key" \
	    --iss https://id.test --sub alice --aud host --ttl 5m --claim "pad=$(seq -s . 1 500)" >"$dir/token" 2>"$dir/err"
	[ "$(wc -c <"$dir/token")" -gt 2000 ]
	result $? 'pam-jwt issue made a long token'
	tr -d '\n' <"$dir/token" >"$dir/bare"
	joined 'the parts of a real token give it' "$dir/bare" "PAM_JWT_TOKEN_FILE=$dir/token"
}

put_own() {	# FILE
	[ -d "$box" ] || mkdir -m 700 "$box"
	cp "$1" "$box/token"
	chmod 600 "$box/token"
}

named_files() {
	make_token 700 "$dir/one"
	make_token 700 "$dir/two" 2000
	put_own "$dir/two"
	run "PAM_JWT_TOKEN_FILE=$dir/one" "$ask" 'Token: '
	dealt 'PAM_JWT_TOKEN_FILE goes before the file in XDG_RUNTIME_DIR' "$dir/one" 1
	run PAM_JWT_TOKEN_FILE= "$ask" 'Token: '
	dealt 'an empty PAM_JWT_TOKEN_FILE is none' "$dir/two" 1
	run "PAM_JWT_TOKEN_FILE=$dir/missing" "$ask" 'Token: '
	refused 'a PAM_JWT_TOKEN_FILE that is missing, and no other source' 2 'missing: there is no such file'
	run "PAM_JWT_TOKEN_FILE=$dir" "$ask" 'Token: '
	refused 'a PAM_JWT_TOKEN_FILE that is a folder' 2 'directory'
	chmod 644 "$dir/one"
	run "PAM_JWT_TOKEN_FILE=$dir/one" "$ask" 'Token: '
	dealt 'PAM_JWT_TOKEN_FILE may be readable by others' "$dir/one" 1
	run PAM_JWT_TOKEN_FILE=/dev/fd/3 "$ask" 'Token: ' 3<"$dir/one"
	dealt 'PAM_JWT_TOKEN_FILE may be /dev/fd/3' "$dir/one" 1
	rm -r "$box"
	blanks
	pipes
}

blanks() {
	{ printf ' \t\r\n'; cat "$dir/one"; printf '\r\n \n'; } >"$dir/blank"
	joined 'blanks around the token are no part of it' "$dir/one" "PAM_JWT_TOKEN_FILE=$dir/blank"
	make_token 16384 "$dir/long"
	{ cat "$dir/long"; printf '%64s' ''; } >"$dir/blank"
	run "PAM_JWT_TOKEN_FILE=$dir/blank" "$ask" 'Token: '
	dealt 'a token of 16384 bytes and 64 blanks is read' "$dir/long" 1
	printf ' ' >>"$dir/blank"
	run "PAM_JWT_TOKEN_FILE=$dir/blank" "$ask" 'Token: '
	refused '65 blanks are too much' 2 'more than 16448 bytes'
	run PAM_JWT_TOKEN_FILE=/dev/zero "$ask" 'Token: '
	refused 'a file without an end' 2 'more than 16448 bytes'
}

# A pipe is read once, also for a token of two parts.
pipes() {
	mkfifo "$dir/pipe"
	cat "$dir/one" >"$dir/pipe" &
	pipes_writer=$!
	joined 'PAM_JWT_TOKEN_FILE may be a pipe' "$dir/one" "PAM_JWT_TOKEN_FILE=$dir/pipe"
	wait "$pipes_writer"
}

own_files() {
	put_own "$dir/one"
	run "$ask" 'Token: '
	dealt 'the file in XDG_RUNTIME_DIR' "$dir/one" 1
	joined 'both parts of the file in XDG_RUNTIME_DIR' "$dir/one"
	[ ! -e "$parts" ]
	result $? 'of a file nothing is kept'
	for mode in 640 620 604 602 610 601; do
		chmod "$mode" "$box/token"
		run "$ask" 'Token: '
		refused "mode $mode of it is refused" 2 'chmod 600'
	done
	chmod 400 "$box/token"
	run "$ask" 'Token: '
	dealt 'mode 400 of it will do' "$dir/one" 1
	own_files_of_others
	rm -f "$box/token"
	mkfifo "$box/token"
	chmod 600 "$box/token"
	run "$ask" 'Token: '
	refused 'a pipe in its place is refused' 2 'not a regular file'
	rm "$box/token"
	own_files_by_link
	ln -s missing "$box/token"
	run "$ask" 'Token: '
	refused 'a link to nothing in its place' 2 'there is no such file'
	rm -r "$box"
	run "XDG_RUNTIME_DIR=run" "$ask" 'Token: '
	refused 'a relative XDG_RUNTIME_DIR is none' 2 '[$]XDG_RUNTIME_DIR/pam-jwt/token'
}

# Somebody else who can write XDG_RUNTIME_DIR would choose which of our files is sent.
own_files_by_link() {
	mv "$box" "$dir/elsewhere"
	ln -s "$dir/elsewhere" "$box"
	install -m 600 "$dir/one" "$dir/elsewhere/token"
	run "$ask" 'Token: '
	refused 'the folder of the token is a link' 2 'pam-jwt: not a folder, or a symbolic link'
	rm "$box"
	mv "$dir/elsewhere" "$box"
	run "$ask" 'Token: '
	dealt '  and is the folder itself' "$dir/one" 1
	rm "$box/token"
}

own_files_of_others() {
	if [ "$(id -u)" -ne 0 ]; then
		skip 'files of somebody else' 'needs root'
		return
	fi
	chown 65534 "$box/token"
	run "$ask" 'Token: '
	refused "somebody else's file is refused" 2 'token: it is not your own'
	printf 'prompt = Token:\n' >"$conf"
	chown 65534 "$conf"
	run "$ask" 'Token: '
	refused "somebody else's configuration is refused" 2 'askpass.conf: it is not your own'
	rm "$conf"
}

no_source() {
	run "$ask" 'Token: '
	refused 'no source: all three are named' 2 "PAM_JWT_TOKEN_FILE .*$box/token.* command in $conf"
	run -u XDG_RUNTIME_DIR -u HOME "$ask" 'Token: '
	refused 'no source and no environment' 2 'PAM_JWT_TOKEN_FILE .*XDG_RUNTIME_DIR/pam-jwt/token.* command in ~/.config'
}

configuration() {
	make_token 700 "$dir/one"
	printf '# mine\n\n  # and more\ncommand = cat "%s"\nprompt = Jeton :\nprompt = PIN\n' "$dir/one" >"$conf"
	for prompt in 'Jeton : ' '(a@b) Jeton : ' 'PIN ' '(a@b) PIN'; do
		run "$ask" "$prompt"
		dealt "\"$prompt\" is configured" "$dir/one" 1
	done
	for prompt in 'Jeton  part 2 (from byte 501): ' 'PIN part 2 (from byte 501): '; do
		run "$ask" "$prompt"
		dealt "\"$prompt\" is configured" "$dir/one" 501
	done
	for prompt in 'Token: ' 'Token or password: ' 'Jeton : part 2 (from byte 501): ' 'xPIN'; do
		run "$ask" "$prompt"
		refused "\"$prompt\" is not, and there is no default then" 1 'is not a prompt'
	done
	wrong_configuration
	mkdir -p "$dir/xdg/pam-jwt"
	printf 'prompt = Elsewhere:\ncommand = cat "%s"\n' "$dir/one" >"$dir/xdg/pam-jwt/askpass.conf"
	run "XDG_CONFIG_HOME=$dir/xdg" "$ask" 'Elsewhere: '
	dealt 'the configuration in XDG_CONFIG_HOME' "$dir/one" 1
	rm "$conf"
}

# wrong NAME PATTERN: the file that is on standard input.
wrong() {
	cat >"$conf"
	run "$ask" 'Token: '
	refused "$1" 2 "$conf:$2"
}

wrong_configuration() {
	printf '\nprompt = a\ncommands = x\n' | wrong 'an unknown key' '3: not command, prompt'
	printf 'command = a\n#\ncommand = b\n' | wrong 'a second command' '3: a second command'
	printf 'timeout = 5s\ntimeout = 5s\n' | wrong 'a second timeout' '2: a second timeout'
	for value in 0s 301s 6m 1h 20 s 1.5s -1s 20sec; do
		printf 'timeout = %s\n' "$value" | wrong "timeout = $value" '1: timeout is from 1s to 5m'
	done
	printf 'prompt_override = :\n' | wrong 'an overriding prompt of a colon' '1: a prompt of a colon'
	printf '[askpass]\n' | wrong 'a section' '1: a section'
	printf 'prompt = :\n' | wrong 'a prompt of a colon' '1: a prompt of a colon'
	printf 'command\n' | wrong 'no equals sign' '1: '
	printf 'command =\n' | wrong 'an empty value' '1: '
	printf 'command = id # mine\n' | wrong 'a comment behind a value' '1: '
	printf 'command = a\033b\n' | wrong 'a control character' '1: '
	printf 'x = 1\ny = 2\n' >"$conf"
	run "$ask" 'Token: '
	[ "$status" -eq 2 ] && [ ! -s "$dir/out" ] && [ "$(grep -c 'askpass.conf:[12]: ' "$dir/err")" -eq 2 ]
	result $? 'every error is shown'
	printf 'prompt = Token:\n%20000s\n' '' >"$conf"
	run "$ask" 'Token: '
	refused 'a configuration that is too long' 2 'more than'
	printf 'command = cat "%s"\n' "$dir/one" >"$conf"
	for mode in 664 646; do
		chmod "$mode" "$conf"
		run "$ask" 'Token: '
		refused "mode $mode of the configuration is refused" 2 'chmod go-w'
	done
	chmod 644 "$conf"
	run "$ask" 'Token: '
	dealt 'mode 644 of it will do' "$dir/one" 1
	rm "$conf"
	mkdir "$conf"
	run "$ask" 'Token: '
	refused 'a folder for a configuration' 2 'not a regular file'
	rmdir "$conf"
	printf 'command = cat "%s"\nprompt = Jeton :\nprompt = PIN\n' "$dir/one" >"$conf"
}

command_is() {	# COMMAND
	printf 'command = %s\n' "$1" >"$conf"
}

commands() {
	make_token 400 "$dir/one"
	command_is "cat '$dir/one'"
	run "$ask" 'Token: '
	dealt 'the token of a command' "$dir/one" 1
	[ ! -e "$parts" ]
	result $? 'of one part nothing is kept'
	command_is "cat; cat '$dir/one'"
	status=0
	echo x | timeout 10 "$ask" 'Token: ' >"$dir/out" 2>"$dir/err" || status=$?
	dealt 'a command has an empty standard input' "$dir/one" 1
	command_is "cat '$dir/one'; exit 3"
	run "$ask" 'Token: '
	refused 'a command that fails' 2 'exit status 3'
	command_is "cat '$dir/one'; kill -9 \$\$"
	run "$ask" 'Token: '
	refused 'a command that is killed' 2 'signal 9'
	command_is 'yes'
	run "$ask" 'Token: '
	grep -q 'more than 16448 bytes' "$dir/err" && [ "$status" -eq 2 ] && [ ! -s "$dir/out" ]
	result $? 'a command without an end'
	command_is "head -c 20000 /dev/zero | tr '\\\\0' a; exit 0"
	run "$ask" 'Token: '
	refused 'a command that prints too much' 2 'more than 16448 bytes'
	command_is true
	run "$ask" 'Token: '
	refused 'a command that says nothing' 1 'the token is empty'
	command_is "echo why >&2; cat '$dir/one'"
	run "$ask" 'Token: '
	[ "$status" -eq 0 ] && [ "$(cat "$dir/err")" = why ] && [ "$(cat "$dir/out")" = "$(cat "$dir/one")" ]
	result $? 'the standard error of a command is ours'
	put_own "$dir/one"
	command_is false
	run "$ask" 'Token: '
	dealt 'the file in XDG_RUNTIME_DIR goes before the command' "$dir/one" 1
	rm -r "$box" "$conf"
}

# Configures a command that writes its process id to a file of that name.
begin() {	# NAME COMMAND [TIMEOUT]
	command_is "echo \$\$ >'$dir/$1.pid'; $2"
	echo "timeout = ${3:-1s}" >>"$conf"
	rm -f "$dir/$1.pid"
}

# No process, or one that only waits to be reaped.
is_gone() {	# PID
	case $(ps -o stat= -p "$1") in
	'' | Z*) return 0 ;;
	esac
	return 1
}

# The command and what it has started are gone.
all_gone() {	# NAME FILE...
	gone_name=$1 gone_left=0
	shift
	for gone_file in "$@"; do
		is_gone "$(cat "$gone_file")" || gone_left=1
	done
	[ "$gone_left" -eq 0 ]
	result $? "$gone_name: nothing of it is left"
}

slow_commands() {
	late='took longer than 1 s and was ended.* log in again'
	begin sleep 'sleep 300'
	run "$ask" 'Token: '
	refused 'a command that does not end' 2 "$late"
	all_gone 'a command that does not end' "$dir/sleep.pid"
	begin trap "trap '' TERM HUP INT; sleep 300 & echo \$! >'$dir/child.pid'; wait; wait; sleep 300"
	run "$ask" 'Token: '
	refused 'a command that ignores signals' 2 "$late"
	all_gone 'a command that ignores signals' "$dir/trap.pid" "$dir/child.pid"
	begin deaf 'exec >&-; sleep 300'
	run "$ask" 'Token: '
	refused 'a command that closes its output and does not end' 2 "$late"
	all_gone 'a command that closes its output' "$dir/deaf.pid"
	begin holder "cat '$dir/one'; sleep 300 & echo \$! >'$dir/child.pid'"
	run "$ask" 'Token: '
	refused 'a command that leaves its output open' 2 "$late"
	all_gone 'a command that leaves its output open' "$dir/child.pid"
	begin drip 'while :; do printf a; sleep 0.2; done'
	run "$ask" 'Token: '
	refused 'a command that prints on and on' 2 "$late"
	all_gone 'a command that prints on and on' "$dir/drip.pid"
	begin loud 'yes & yes'
	run "$ask" 'Token: '
	grep -q 'more than 16448 bytes' "$dir/err" && [ "$status" -eq 2 ]
	result $? 'a command without an end and a limit of time'
	all_gone 'a command without an end' "$dir/loud.pid"
	# The other side: one that is quick enough, and what it leaves in the background lives on.
	begin quick "sleep 300 >/dev/null & echo \$! >'$dir/child.pid'; sleep 0.3; cat '$dir/one'"
	run "$ask" 'Token: '
	dealt 'a command that takes less than its timeout' "$dir/one" 1
	kill "$(cat "$dir/child.pid")"
	result $? '... and what it has left in the background lives'
	slow_pipe
	interrupted
	begin session "[ \"\$(ps -o sid= -p \$\$ | tr -d ' ')\" = \$\$ ] && cat '$dir/one'" 5m
	run "$ask" 'Token: '
	dealt 'a command has a session of its own, and may take 5 minutes' "$dir/one" 1
}

# The same for a pipe that nobody writes into, and one that is never closed.
slow_pipe() {
	printf 'timeout = 1s\n' >"$conf"
	rm -f "$dir/pipe"
	mkfifo "$dir/pipe"
	run "PAM_JWT_TOKEN_FILE=$dir/pipe" "$ask" 'Token: '
	refused 'a pipe without a writer' 2 'nobody wrote a token into the pipe'
	sleep 300 3<>"$dir/pipe" &
	writer=$!
	run "PAM_JWT_TOKEN_FILE=$dir/pipe" "$ask" 'Token: '
	refused 'a pipe that is never closed' 2 'nobody wrote a token into the pipe'
	kill "$writer"
	wait "$writer" 2>"$dir/kill"
	rm "$dir/pipe"
}

# Sends askpass a signal when its command runs, and waits for its end.
signal_comes() {	# SIGNAL NAME-OF-COMMAND
	# A shell without job control ignores INT in the background, and what it starts would inherit that.
	timeout 20 env --default-signal=INT "$ask" 'Token: ' >"$dir/out" 2>"$dir/err" </dev/null &
	child=$!
	tries=0
	while [ ! -s "$dir/$2.pid" ] && [ "$tries" -lt 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	kill -s "$1" "$(ps -o pid= --ppid "$child" | tr -d ' ')"
	wait "$child"
	status=$?
}

# Who ends askpass ends the command too: ssh that is given Ctrl-C, for example.
interrupted() {
	for signal in INT TERM HUP; do
		begin "$signal" 'sleep 300' 1m
		signal_comes "$signal" "$signal"
		refused "SIG$signal ends it" 2 'ended by signal'
		all_gone "SIG$signal" "$dir/$signal.pid"
	done
	# It may finish what it does, such as a refresh of pam-jwt token; also a child of its shell may.
	begin finish "(trap '' TERM; sleep 1; echo >'$dir/finished') & wait; exit" 1m
	signal_comes INT finish
	refused 'SIGINT, and a command that has to finish something' 2 'ended by signal'
	[ -e "$dir/finished" ]
	result $? '... finishes it'
	begin stubborn "trap '' TERM; while :; do sleep 1; done" 3s
	signal_comes INT stubborn
	refused 'SIGINT, and a command that never ends' 2 'ended by signal'
	all_gone '... is ended when its time is over' "$dir/stubborn.pid"
}

# The default, which takes its time: begun first and looked at last.
default_begins() {
	default_home=$dir/default
	mkdir -p "$default_home/pam-jwt"
	printf 'command = sleep 300\n' >"$default_home/pam-jwt/askpass.conf"
	{
		begun=$(date +%s)
		XDG_CONFIG_HOME=$default_home timeout 60 "$ask" 'Token: ' >"$dir/default.out" 2>"$dir/default.err" </dev/null
		echo "$? $(($(date +%s) - begun))" >"$dir/default.end"
	} &
	default_child=$!
}

default_ends() {
	wait "$default_child"
	read -r status took <"$dir/default.end"
	cp "$dir/default.err" "$dir/err"
	cp "$dir/default.out" "$dir/out"
	refused 'without a timeout' 2 'took longer than 20 s and was ended'
	[ "$took" -ge 19 ] && [ "$took" -le 40 ]
	result $? "... it is 20 seconds ($took)"
}

# Somebody sets the wall clock between two prompts.
clock_is_set() {
	${CC:-cc} -shared -fPIC -D_GNU_SOURCE -o "$dir/ahead.so" tests/programs/clock_ahead.c 2>"$dir/err"
	for ahead in 3600 -3600; do
		run "$ask" 'x:'
		dealt "an overridden prompt" "$dir/one" 1
		run ASAN_OPTIONS=verify_asan_link_order=0 "CLOCK_AHEAD=$ahead" "LD_PRELOAD=$dir/ahead.so" "$ask" 'x:'
		dealt "... and the next one, after the clock was set by $ahead s" "$dir/one" 501
		rm -r "$box"
	done
}

# sudo -p and passprompt_override: one prompt for all parts.
overridden() {
	make_token 1200 "$dir/one"
	printf 'prompt_override = [sudo] password for alice:\nprompt_override = x:\ncommand = echo >>"%s"; cat "%s"\n' \
	    "$dir/ran" "$dir/one" >"$conf"
	for round in 1 2; do
		: >"$dir/ran"
		for from in 1 501 1001; do
			run "$ask" 'x:'
			dealt "an overridden prompt, round $round: from byte $from" "$dir/one" "$from"
		done
		[ "$(wc -l <"$dir/ran")" -eq 1 ] && [ -z "$(ls "$box")" ]
		result $? "... the command ran once, and nothing is left"
	done
	run "$ask" 'Token: '
	dealt 'an overridden prompt leaves the other ones as they are' "$dir/one" 1
	run "$ask" '[sudo] password for alice: '
	dealt 'the prompt of passprompt_override' "$dir/one" 1
	make_older 8 "$rest"
	run "$ask" '[sudo] password for alice: '
	dealt '... after 8 seconds goes on' "$dir/one" 501
	make_older 13 "$rest"
	run "$ask" '[sudo] password for alice: '
	dealt '... and after 13 seconds begins again' "$dir/one" 1
	[ "$(stat -c %a "$rest")" = 600 ]
	result $? '... what is left is for the user alone'
	chmod 640 "$rest"
	run "$ask" 'x:'
	refused '... and is refused where others may read it' 2 'chmod 600'
	rm -r "$box"
	clock_is_set
	run "$ask" 'xx:'
	refused 'a prompt that only ends in an overridden one' 1 'is not a prompt'
	run -u XDG_RUNTIME_DIR "$ask" 'x:'
	refused 'an overridden prompt without XDG_RUNTIME_DIR' 2 'the place cannot be kept'
	make_token 500 "$dir/one"
	run -u XDG_RUNTIME_DIR "$ask" 'x:'
	dealt '... but a token of one part needs none' "$dir/one" 1
	printf 'prompt_override = x:\ncommand = echo no.token.here\n' >"$conf"
	run "$ask" 'x:'
	refused 'an overridden prompt gets no malformed token' 1 'malformed'
	rm -f "$conf"
}

# Prints another token at each run; none is left behind the sixth.
counting_command() {	# SIZE
	for number in 1 2 3 4 5 6; do
		make_token "$1" "$dir/count.$number" "${number}000"
	done
	echo 0 >"$dir/count"
	cat >"$dir/next" <<-END
		n=\$((\$(cat '$dir/count') + 1))
		echo \$n >'$dir/count'
		cat "$dir/count.\$n"
	END
	command_is "sh '$dir/next'"
}

runs() {	# NAME NUMBER
	[ "$(cat "$dir/count")" -eq "$2" ]
	result $? "$1"
}

changing_tokens() {
	for size in 501 1000 1001 2500; do
		counting_command "$size"
		joined "$size bytes of a command: parts of one token" "$dir/count.1"
		runs "$size bytes of a command: it ran once" 1
		# A last part that fills its answer may be asked on after.
		if [ $((size % 500)) -eq 0 ]; then
			[ -e "$parts" ]
			result $? "$size bytes of a command: the last part may not be the last"
			run "$ask" "Token part 9 (from byte $((size + 1))): "
			[ "$status" -eq 0 ] && printf ' \n' | cmp -s - "$dir/out"
			result $? "$size bytes of a command: a space after it"
			runs "$size bytes of a command: it still ran once" 1
		fi
		[ ! -e "$parts" ]
		result $? "$size bytes of a command: nothing is left"
	done
	[ "$(stat -c %a "$box")" = 700 ]
	result $? 'the folder is for the user alone'
	counting_command 2500
	run "$ask" 'Token: '
	[ "$(stat -c %a "$parts")" = 600 ] && [ "$(ls "$box")" = "parts.$here" ]
	result $? 'so is the file, and there is nothing else'
	run "$ask" 'Token: '
	dealt 'a first prompt has a new token' "$dir/count.2" 1
	run "$ask" 'Token part 2 (from byte 501): '
	dealt '... and so has the second' "$dir/count.2" 501
	[ -e "$parts" ]
	result $? 'it is kept until the last part'
	old_parts
	unsafe_parts
	failed_first
	folder_of_others
	without_folder
	rm -rf "$box" "$conf"
}

# What is kept has the time of the boot clock.
make_older() {	# SECONDS FILE
	touch -d "@$(($(cut -d . -f 1 /proc/uptime) - $1))" "$2"
}

old_parts() {
	make_older 280 "$parts"
	run "$ask" 'Token part 3 (from byte 1001): '
	dealt 'after 280 seconds it is still good' "$dir/count.2" 1001
	for age in 302 -60; do
		make_older "$age" "$parts"
		run "$ask" 'Token part 2 (from byte 501): '
		[ "$age" = 302 ] && number=3 || number=4
		dealt "written $age seconds ago: a new token" "$dir/count.$number" 501
	done
	make_token 300 "$dir/count.5"
	run "$ask" 'Token: '
	dealt 'a short token comes next' "$dir/count.5" 1
	[ ! -e "$parts" ]
	result $? '... and what was kept is gone'
}

unsafe_parts() {
	counting_command 700
	run "$ask" 'Token: '
	chmod 640 "$parts"
	run "$ask" 'Token part 2 (from byte 501): '
	refused 'parts that others may read are refused' 2 'chmod 600'
	for mode in 770 707; do
		chmod "$mode" "$box"
		run "$ask" 'Token: '
		refused "a folder of mode $mode is refused" 2 'chmod 700'
	done
	rm -r "$box"
	: >"$box"
	run "$ask" 'Token: '
	refused 'a file in place of the folder' 2 'not a folder'
	rm "$box"
	mkdir -m 700 "$dir/elsewhere"
	ln -s "$dir/elsewhere" "$box"
	run "$ask" 'Token: '
	refused 'a link in place of the folder: somebody else could turn it' 2 'or a symbolic link'
	install -m 600 "$dir/one" "$dir/elsewhere/$(basename "$parts")"
	run "$ask" 'Token part 2 (from byte 501): '
	refused '... and for a later part, where it would choose what is sent' 2 'or a symbolic link'
	rm "$dir/elsewhere/$(basename "$parts")"
	rmdir "$dir/elsewhere"
	result $? '  and nothing was kept where it leads'
	rm "$box"
	run "XDG_RUNTIME_DIR=$dir/nowhere" "$ask" 'Token: '
	refused 'an XDG_RUNTIME_DIR that is missing' 2 'nowhere/pam-jwt: No such file'
}

# What a first prompt could not replace is not used either.
failed_first() {
	counting_command 700
	run "$ask" 'Token: '
	echo 9 >"$dir/count"
	run "$ask" 'Token: '
	[ "$status" -eq 2 ] && [ ! -e "$parts" ]
	result $? 'a first prompt whose command fails leaves nothing of the last one'
	rm -rf "$box"
}

folder_of_others() {
	if [ "$(id -u)" -ne 0 ]; then
		skip "somebody else's folder" 'needs root'
		return
	fi
	counting_command 700
	mkdir -m 700 "$box"
	chown 65534 "$box"
	run "$ask" 'Token: '
	refused "somebody else's folder is refused" 2 'pam-jwt: it is not your own'
	rm -r "$box"
}

without_folder() {
	counting_command 700
	run -u XDG_RUNTIME_DIR "$ask" 'Token: '
	dealt 'without XDG_RUNTIME_DIR: the first part' "$dir/count.1" 1
	run -u XDG_RUNTIME_DIR "$ask" 'Token part 2 (from byte 501): '
	dealt 'without XDG_RUNTIME_DIR: the command runs for each part' "$dir/count.2" 501
}

# refuse_token NAME PATTERN: the token that is on standard input.
refuse_token() {
	cat >"$dir/token"
	run "PAM_JWT_TOKEN_FILE=$dir/token" "$ask" 'Token: '
	refused "$1" 1 "$2"
}

payload() {	# JSON
	printf 'eyJhbGciOiJFUzI1NiJ9.%s.AAAA' "$(printf '%s' "$1" | b64url)"
}

bad_tokens() {
	now=$(date +%s)
	"$tool" issue --key "$dir/key" --iss i --sub s --aud a --now 1700000000 --ttl 5m |
	    refuse_token 'an expired token' 'the token expired at 2023-11-14 22:18:20 UTC: get a new one'
	payload "{\"exp\":$now}" | refuse_token 'a token that expires now' 'expired'
	payload '{"exp":1700000000.5}' | refuse_token 'an exp with a fraction' 'expired at 2023-11-14 22:13:20 UTC'
	payload '{"exp":-1}' | refuse_token 'an exp before all time' 'malformed'
	for claims in "{\"exp\":$((now + 60))}" "{\"exp\":$((now + 60)).5}" '{}' '{"exp":"1"}'; do
		payload "$claims" >"$dir/token"
		run "PAM_JWT_TOKEN_FILE=$dir/token" "$ask" 'Token: '
		dealt "sent: $claims" "$dir/token" 1
	done
	printf '' | refuse_token 'an empty file' 'the token is empty'
	printf ' \n' | refuse_token 'nothing but blanks' 'the token is empty'
	for text in secret a.b 'e30.e30' 'e30..AAAA' '.e30.AAAA' 'e30.e30.' 'e30.e30.AAAA.AAAA' 'a.b.c.d.e'; do
		printf '%s' "$text" | refuse_token "\"$text\" is no token" 'malformed.*three base64url parts'
	done
	for text in 'e30=.e30.AAAA' 'e30.e30=.AAAA' 'e30.e30.AAA=' 'e30.e30.AA A' 'e30.e30.AAAAA' 'e30.e30.AB' 'e31.e30.AAAA'; do
		printf '%s' "$text" | refuse_token "\"$text\" is not base64url" 'malformed.*canonical'
	done
	# Five parts: what an encrypted token says, its exp too, cannot be read here; the second part of ECDH-ES is empty.
	jwe=$(printf '{"alg":"x","enc":"y"}' | base64 | tr -d =)
	for text in "$jwe.AAAA.AAAA.AAAA.AAAA" "$jwe..AAAA.AAAA.AAAA" "$jwe.$(printf '{"exp":1}' | base64 | tr -d =).AAAA.AAAA.AAAA"; do
		printf "%s" "$text" >"$dir/token"
		run "PAM_JWT_TOKEN_FILE=$dir/token" "$ask" 'Token: '
		dealt "sent: $text" "$dir/token" 1
	done
	for text in "$jwe.AAAA..AAAA.AAAA" "$jwe.AAAA.AAAA..AAAA" "$jwe.AAAA.AAAA.AAAA." "$jwe.AAAA.AAAA.AAAA" "$jwe.AAAA.AAAA.AAAA.AAAA.AAAA"; do
		printf '%s' "$text" | refuse_token "\"$text\" is no encrypted token" malformed
	done
	printf '%s' "$jwe.AAAA.AAAAA.AAAA.AAAA" | refuse_token 'an IV that is not base64url' 'malformed.*canonical'
	for text in www.example.com e30.W10.AAAA W10.e30.AAAA; do
		printf '%s' "$text" | refuse_token "\"$text\" holds no JSON objects" malformed
	done
}

# A program that shows its argument and the variable.
next_program() {
	# shellcheck disable=SC2016 # for that program
	printf '#!/bin/sh\necho "$#:$1:${PAM_JWT_ASKPASS_NEXT-unset}"\nexit 7\n' >"$dir/other"
	chmod 755 "$dir/other"
	run "PAM_JWT_ASKPASS_NEXT=$dir/other" "$ask" "Password for 'x': "
	[ "$status" -eq 7 ] && [ "$(cat "$dir/out")" = "1:Password for 'x': :unset" ]
	result $? 'a foreign prompt goes to PAM_JWT_ASKPASS_NEXT'
	run "PATH=$dir:$PATH" PAM_JWT_ASKPASS_NEXT=other "$ask" 'Password: '
	[ "$(cat "$dir/out")" = '1:Password: :unset' ]
	result $? '... which is looked for in PATH'
	run "PAM_JWT_TOKEN_FILE=$dir/one" SSH_ASKPASS_PROMPT=confirm "PAM_JWT_ASKPASS_NEXT=$dir/other" "$ask" 'Token: '
	[ "$(cat "$dir/out")" = '1:Token: :unset' ]
	result $? '... as does SSH_ASKPASS_PROMPT=confirm'
	run "PAM_JWT_TOKEN_FILE=$dir/one" "PAM_JWT_ASKPASS_NEXT=$dir/other" "$ask" 'Token: '
	dealt '... and ours does not' "$dir/one" 1
	run "PAM_JWT_TOKEN_FILE=$dir/missing" "PAM_JWT_ASKPASS_NEXT=$dir/other" "$ask" 'Token: '
	refused '... not even without a token' 2 'there is no such file'
	run "PAM_JWT_ASKPASS_NEXT=$ask" "$ask" 'Password: '
	refused 'it cannot be its own successor for ever' 1 'is not a prompt'
	run "PAM_JWT_ASKPASS_NEXT=$dir/missing" "$ask" 'Password: '
	refused 'a successor that is missing' 2 'missing: No such file'
	run PAM_JWT_ASKPASS_NEXT= "$ask" 'Password: '
	refused 'an empty PAM_JWT_ASKPASS_NEXT is none' 1 'is not a prompt'
}

outputs() {
	status=0
	PAM_JWT_TOKEN_FILE=$dir/one "$ask" 'Token: ' >/dev/full 2>"$dir/err" || status=$?
	: >"$dir/out"
	refused 'a full disk is an error' 2 'standard output: No space'
	status=0
	PAM_JWT_TOKEN_FILE=$dir/one "$ask" 'Token: ' >&- 2>"$dir/err" || status=$?
	refused 'a closed standard output is an error' 2 'standard output: Bad file'
	{
		sleep 0.2
		PAM_JWT_TOKEN_FILE=$dir/one "$ask" 'Token: ' 2>"$dir/err"
		echo $? >"$dir/status"
	} | :
	status=$(cat "$dir/status")
	refused 'a reader that is gone is an error, not a signal' 2 'standard output: Broken pipe'
}

# What may not be dumped belongs to root in /proc, also when its user is not root.
dumps_nothing() {	# PROCESS
	[ "$(cat "/proc/$1/comm" 2>/dev/null)" = copy ] && [ "$(stat -c %u "/proc/$1/environ")" -eq 0 ]
}

no_core_dump() {
	if [ "$(id -u)" -eq 0 ]; then
		set -- setpriv --reuid=65534 --clear-groups
	else
		set --
	fi
	cp "$ask" "$dir/copy"
	mkfifo -m 666 "$dir/wait"
	chmod 755 "$dir"
	env -u XDG_RUNTIME_DIR HOME=/nowhere "PAM_JWT_TOKEN_FILE=$dir/wait" "$@" "$dir/copy" 'Token: ' >"$dir/out" 2>"$dir/err" &
	child=$!
	tries=0
	until dumps_nothing "$child" || [ "$tries" -eq 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	dumps_nothing "$child"
	result $? 'it leaves no core dump'
	cat "$dir/one" >"$dir/wait"
	wait "$child"
	status=$?
	dealt '... and deals out the token all the same' "$dir/one" 1
}

if [ ! -x "$ask" ] || [ ! -x "$tool" ]; then
	fail "$ask or $tool is not built"
	finish
fi
default_begins
people
prompts
sizes
real_token
named_files
own_files
no_source
configuration
commands
slow_commands
changing_tokens
overridden
bad_tokens
next_program
outputs
no_core_dump
default_ends
finish
