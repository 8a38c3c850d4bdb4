#!/bin/sh
# pam-jwt-askpass and questions that are not the module's: asked at the terminal as ssh would, on a terminal of the test's own.
#
#     BUILD=build sh tests/cli/foreign.sh            from the top of the tree
# shellcheck disable=SC2089,SC2090 # the quotes are those of the prompts
set -u

build=${BUILD:-build}
[ "${build#/}" != "$build" ] || build=$PWD/$build
ask=$build/pam-jwt-askpass
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
umask 022
AREA=foreign
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
DETAILS=@$dir/screen
unset PAM_JWT_TOKEN_FILE PAM_JWT_ASKPASS_NEXT SSH_ASKPASS_PROMPT XDG_CONFIG_HOME XDG_RUNTIME_DIR
HOME=$dir/home
export HOME ask dir
mkdir -p "$HOME/.config/pam-jwt"

# Plays a dialogue with a shell that runs a script on a terminal; $prompt is for the script. What it writes to $dir/out is the answer.
play() {	# SCRIPT [EXPECT SEND]...
	play_script=$1
	shift
	rm -f "$dir/out" "$dir/after"
	status=0
	LC_ALL=C timeout 60 "$build/tests/programs/ptyrun" "$@" -- sh -c "$play_script" >"$dir/screen" 2>&1 || status=$?
}

# The program alone: its answer, its exit status.
# shellcheck disable=SC2016 # for the shell on the terminal
alone='"$ask" "$prompt" >"$dir/out"'
# The same in a shell that looks at the terminal afterwards.
# shellcheck disable=SC2016
looked='trap : INT QUIT; "$ask" "$prompt" >"$dir/out"; echo $? >"$dir/status"; stty -a >"$dir/after"'

answered() {	# NAME ANSWER
	[ "$status" -eq 0 ] && printf '%s\n' "$2" | cmp -s - "$dir/out"
	result $? "$1"
}

unanswered() {	# NAME STATUS
	[ "$status" -eq "$2" ] && [ ! -s "$dir/out" ]
	result $? "$1"
}

on_screen() {	# NAME TEXT
	grep -qF -e "$2" "$dir/screen"
	result $? "$1"
}

not_on_screen() {	# NAME TEXT
	! grep -qF -e "$2" "$dir/screen"
	result $? "$1"
}

has_echo() {	# NAME
	grep -q ' echo ' "$dir/after"
	result $? "$1" "@$dir/after" "@$dir/screen"
}

secrets() {
	for prompt in "alice@host's password: " "(yes/no@host's password: " "Enter passphrase for key '/home/alice/.ssh/id_ed25519': " 'GitHub Token: ' \
		'(alice@other) Password: ' '(alice@other) Are you sure (yes/no)? ' "(alice@other) Username for 'x': " "Password for 'https://a@h': "; do
		export prompt
		play "$alone" "$prompt" 'se cret'
		answered "\"$prompt\" is asked" 'se cret'
		not_on_screen '... and the answer is not shown' cret
	done
}

open_questions() {
	host="The authenticity of host 'h (127.0.0.1)' can't be established.
ED25519 key fingerprint is SHA256:x.
Are you sure you want to continue connecting (yes/no/[fingerprint])? "
	for prompt in "$host" "Please type 'yes', 'no' or the fingerprint: " 'Accept updated hostkeys? (yes/no): ' \
		"Username for 'https://git.test': "; do
		export prompt
		play "$alone" "$(printf '%s' "$prompt" | tail -n 1)" 'yes indeed'
		answered "\"$(printf '%s' "$prompt" | tail -n 1)\" is asked" 'yes indeed'
		on_screen '... and the answer is shown' 'yes indeed'
	done
	prompt=$host
	play "$alone" 'fingerprint])' yes
	on_screen 'a question of several lines has all of them' "The authenticity of host 'h (127.0.0.1)'"
}

hints() {
	prompt='Allow use of key a?'
	export prompt SSH_ASKPASS_PROMPT=confirm
	for answer in yes YES; do
		play "$alone" 'Allow use of key a? (yes/no) ' "$answer"
		answered "confirm: $answer" yes
	done
	for answer in no '' y yess; do
		play "$alone" '(yes/no) ' "$answer"
		unanswered "confirm: \"$answer\" is no" 1
	done
	prompt='Token:'
	play "$alone" 'Token: (yes/no) ' yes
	answered 'confirm: even for a prompt of the module a person is asked' yes
	SSH_ASKPASS_PROMPT=none
	prompt='Confirm user presence for key'
	# shellcheck disable=SC2016
	play 'set -m; "$ask" "$prompt" >"$dir/out" 2>&1 & wait $!; echo "ended $?."'
	on_screen 'none: a job in the background ends' 'ended 1.'
	not_on_screen '... and shows nothing' 'Confirm user'
	# shellcheck disable=SC2016
	play '"$ask" "$prompt" >"$dir/out" & child=$!; read -r seen; kill $child; wait $child; echo "ended $?"' 'Confirm user' seen
	on_screen 'none: the message is there until ssh ends it' 'ended 143'
	on_screen '... the message' 'Confirm user presence for key'
	SSH_ASKPASS_PROMPT=other
	play "$alone"
	unanswered 'another word in SSH_ASKPASS_PROMPT is refused' 1
	unset SSH_ASKPASS_PROMPT
}

# A server chooses its prompt, and what comes before it.
hostile() {
	prompt=$(printf '(a@b) \033[2J\007\r\177\302\233x \342\200\256 \342\201\246\330\234 \377 \303\274: ')
	export prompt
	play "$alone" 'b) ' x
	on_screen 'control characters are visible' '(a@b) \x1b[2J\x07\x0d\x7f\xc2\x9bx \xe2\x80\xae \xe2\x81\xa6\xd8\x9c \xff '
	on_screen 'letters of other languages stay' "$(printf ' \303\274: ')"
	prompt=$(printf 'a\010\013\037\176\302\237\302\240\342\200\215\342\200\216\342\200\247\342\200\250\342\200\257\342\201\245\342\201\251\342\201\252: ')
	play "$alone" 'a' x
	on_screen 'the ends of what is made visible' "$(printf 'a\\x08\\x0b\\x1f~\\xc2\\x9f\302\240\342\200\215\\xe2\\x80\\x8e\342\200\247\\xe2\\x80\\xa8\342\200\257\342\201\245\\xe2\\x81\\xa9\342\201\252')"
	not_on_screen '... and no escape reaches the terminal' "$(printf '\033')"
}

ends() {
	prompt='Password: '
	export prompt
	play "$alone" Password: "$(printf '\004')"
	unanswered 'the end of input gives no answer' 1
	for key in 003:130 034:131; do
		play "$looked" Password: "$(printf "\\${key%:*}")"
		[ "$(cat "$dir/status")" -eq "${key#*:}" ]
		result $? "key $key ends it"
		has_echo '... with echo on afterwards'
	done
	for signal in TERM HUP; do
		# shellcheck disable=SC2016
		export signal
		play '(until stty -a | grep -q -e " -echo "; do sleep 0.05; done; kill -"$signal" "$(cat "$dir/pid")") </dev/tty & sh -c "echo \$\$ >\"\$dir/pid\"; exec \"\$ask\" \"\$prompt\"" >"$dir/out"
			echo $? >"$dir/status"; stty -a >"$dir/after"'
		[ "$(cat "$dir/status")" -gt 128 ]
		result $? "SIG$signal ends it"
		has_echo '... with echo on afterwards'
	done
	# The shell has job control, sees it stop, and continues it: the question comes again.
	# shellcheck disable=SC2016
	play 'set -m; "$ask" "$prompt" >"$dir/out"; stty -a >"$dir/after"; echo stopped; fg' Password: "$(printf '\032')" \
		Password: again
	answered 'a job that was stopped asks again' again
	has_echo '... with echo on in between'
	# Whoever wanted the answer is gone: true ends at once.
	# shellcheck disable=SC2016
	play '{ "$ask" "$prompt"; echo $? >"$dir/status"; } | true; stty -a >"$dir/after"'
	[ "$(cat "$dir/status")" -eq 1 ] && [ "$status" -eq 0 ]
	result $? 'it waits for nobody when the program that asked has ended'
	has_echo '... with echo on afterwards'
	prompt='Password: '
	play "$alone" Password: "$(printf '%04000d' 7)"
	answered 'an answer of 4000 bytes' "$(printf '%04000d' 7)"
}

nobody() {
	prompt='Password: '
	export prompt
	# shellcheck disable=SC2016
	play 'set -m; "$ask" "$prompt" >"$dir/out" & wait $!'
	unanswered 'a job in the background is refused' 1
	on_screen '... and told why' 'no terminal in the foreground'
	status=0
	timeout 20 setsid -w "$ask" "$prompt" >"$dir/out" 2>"$dir/screen" </dev/null || status=$?
	unanswered 'without a terminal it is refused' 1
	on_screen '... and told why' 'no terminal in the foreground'
}

# A broken configuration says so, and what is foreign is still asked.
broken() {
	printf 'prompt = PIN:\nnonsense = 1\n' >"$HOME/.config/pam-jwt/askpass.conf"
	prompt='Password: '
	export prompt
	play "$alone" Password: x
	answered 'with a broken askpass.conf a foreign prompt is asked' x
	on_screen '... and the error is shown' 'askpass.conf:2: '
	for prompt in 'Token: ' 'PIN: ' '(a@b) Token or password: '; do
		play "$alone"
		unanswered "... and \"$prompt\" is not" 2
	done
	rm "$HOME/.config/pam-jwt/askpass.conf"
}

if [ ! -x "$build/tests/programs/ptyrun" ]; then
	fail 'tests/programs/ptyrun is not built'
	finish
fi
secrets
open_questions
hints
hostile
ends
nobody
broken
finish
