#!/bin/sh
# The completion of pam-jwt offers every command, and every option that the code takes, the same in bash, zsh and fish.
#
#     BUILD=build sh tests/cli/completion.sh         from the top of the tree
set -u

# shellcheck disable=SC2034 # for results.sh
AREA=completion
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
build=$(cd "${BUILD:-build}" && pwd) || exit 1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
tool=$build/pam-jwt
PATH=$build:$PATH
XDG_CONFIG_HOME=$dir
export PATH XDG_CONFIG_HOME
# They name a file of an installation; here it is that of the tree.
mkdir "$dir/completion"
for file in pam-jwt _pam-jwt pam-jwt.fish; do
	sed "s,/usr/libexec/pam-jwt/complete,$PWD/conf/completion/complete," "conf/completion/$file" >"$dir/completion/$file"
done

sorted() {
	printf '%s\n' "$@" | sort -u | tr '\n' ' ' | sed 's/ $//'
}

# Each prints what a shell offers for the last of the words.
offers_bash() {	# WORD...
	bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pam_jwt; printf "%s\n" "${COMPREPLY[@]}"' "$dir/completion/pam-jwt" "$@"
}

# What zsh itself would choose from is written out, and the choice is left to grep.
offers_zsh() {	# WORD...
	zsh -f -c '
		_describe() { print -rl -- "${(@P)4}" | sed -e "s/\\([^\\\\]\\):.*/\\1/" -e "s/\\\\:/:/g" }
		_files() { if [[ $1 = -/ ]]; then print -rl -- "$PREFIX"*(N/); else print -rl -- "$PREFIX"*(N); fi }
		_users() { cut -d: -f1 /etc/passwd }
		words=("$@")
		CURRENT=$#
		PREFIX=$words[-1]
		file=$0
		f() { . $file }
		f' "$dir/completion/_pam-jwt" "$@" | awk -v start="$zsh_last" 'index($0, start) == 1'
}

offers_fish() {	# WORD...
	fish --no-config -c '
		source $argv[1]
		complete -C (string join " " -- $argv[2..-1])' "$dir/completion/pam-jwt.fish" "$@" | sed -e 's/	.*//' -e 's,/$,,'
}

offers_of() {	# SHELL WORD...
	offers_shell=$1
	shift
	for zsh_last in "$@"; do :; done
	"offers_$offers_shell" "$@" | grep . | sort -u | tr '\n' ' ' | sed 's/ $//'
}

offers() {	# NAME WANTED WORD...
	offers_name=$1 offers_want=$2
	shift 2
	for shell in $shells; do
		offers_got=$(offers_of "$shell" "$@")
		[ "$offers_got" = "$offers_want" ]
		result $? "$shell: $offers_name" "wanted: $offers_want" "got: $offers_got"
	done
}

shells=
for shell in bash zsh fish; do
	if command -v "$shell" >/dev/null; then
		shells="$shells $shell"
	else
		skip "what $shell offers" "there is no $shell"
	fi
done

# --- the options of the help are those of the code ------------------------------------------------------------------------

commands_of() {	# PROGRAM [COMMAND]...
	"$@" --help | sed -n 's/^  \([a-z][a-z]*\)   *.*/\1/p'
}

# Prints "verify", "key generate", "issuer people add", ...
usages_of() {	# PROGRAM [COMMAND]...
	usages=
	[ $# -gt 3 ] || usages=$(commands_of "$@")	# there are no more levels
	[ -n "$usages" ] || { shift && echo "$*"; }
	for usage in $usages; do
		(usages_of "$@" "$usage")
	done
}

options_of() {	# COMMAND...
	"$tool" "$@" --help | grep -oE -e '(^|[^a-z-])--[a-z-]+' | grep -o -e '--.*' | sort -u | grep -vx -e --help
}

usages_of "$tool" | if [ -x "$build/pam-jwt-issuer" ]; then cat; else grep -v '^issuer'; fi >"$dir/usages"
while read -r words; do
	# shellcheck disable=SC2086 # words
	for option in $(options_of $words); do
		echo "$option" >>"$dir/helped"
		# It is looked at before anything is done.
		"$tool" $words "$option=" --no-option </dev/null 2>&1 | grep -qE -e "$option (needs a|takes no) value|takes no (words|arguments)" ||
			echo "pam-jwt $words: $option"
	done
done <"$dir/usages" >"$dir/strangers"
[ ! -s "$dir/strangers" ]
result $? 'the code takes each option of the help' "@$dir/strangers"
if [ -x "$build/pam-jwt-issuer" ]; then
	# A command that has commands and options of its own.
	"$tool" issuer people --help | grep -o -e '--[a-z-]*' >>"$dir/helped"
	sed -n 's/.*{ \.name = "\([a-z][a-z-]*\)",.*/--\1/p' src/tool/*.c src/issuerd/*.c src/port/*.c | sort -u >"$dir/coded"
	sort -u "$dir/helped" | comm -13 - "$dir/coded" >"$dir/untold"
	[ -s "$dir/coded" ] && [ ! -s "$dir/untold" ]
	result $? 'the help has each option of the code' "@$dir/untold"
else
	skip 'the help has each option of the code' 'pam-jwt-issuer is not built'
fi

# --- what a word does -----------------------------------------------------------------------------------------------------

# zsh and fish show it beside the word.
sh conf/completion/complete ver >"$dir/told"
grep -qx "verify$(printf '\t')accept or refuse a token as the module does, and say why" "$dir/told"
result $? 'what a command does' "@$dir/told"
sh conf/completion/complete state list - >"$dir/told"
grep -qx -e "--json$(printf '\t')one JSON array instead of text" "$dir/told" && grep -qx -e "--help$(printf '\t')show this help" "$dir/told"
result $? 'what an option does' "@$dir/told"

# --- what is offered ------------------------------------------------------------------------------------------------------

# shellcheck disable=SC2046 # words
offers 'the commands' "$(sorted $(commands_of "$tool"))" pam-jwt ''
offers 'the start of one' verify pam-jwt ver
offers 'key' 'generate public thumbprint' pam-jwt key ''
offers 'sessions' 'end list' pam-jwt sessions ''
offers 'state' 'init list pull purge show stats' pam-jwt state ''
grep -v '^issuer' "$dir/usages" >"$dir/own"
while read -r words; do
	# shellcheck disable=SC2046,SC2086 # words
	offers "the options of $words" "$(sorted --help $(options_of $words))" pam-jwt $words -
done <"$dir/own"
if [ -x "$build/pam-jwt-issuer" ]; then
	offers 'what people of the issuer takes' 'add list remove' pam-jwt issuer people ''
	offers 'the options of issuer check' '--config --help --people --sshd' pam-jwt issuer check -
	offers 'a command of the issuer' check pam-jwt issuer che
fi
offers 'algorithms' 'ES256 ES384 ES512' pam-jwt key generate --alg ES
offers 'the one that a comma follows' 'HS256 HS384 HS512' pam-jwt key generate --alg HS
offers 'algorithms that encrypt' 'RSA-OAEP RSA-OAEP-256' pam-jwt key generate --alg RSA
offers 'none of these for keys that verify' '' pam-jwt check --algorithms RSA
offers 'how a token is encrypted' 'A128CBC-HS256 A128GCM' pam-jwt issue --enc A128
offers 'curves' X25519 pam-jwt key generate --curve X
offers 'a key file' conf/pam_jwt.conf pam-jwt check --keys conf/pam_jwt.c
offers 'a configuration' conf/pam_jwt.conf pam-jwt check --config conf/pam_jwt.c
offers 'a file of a token' conf/pam_jwt.conf pam-jwt inspect conf/pam_jwt.c
offers 'the issuers whose keys are fetched' keycloak pam-jwt sync --config conf/examples/keycloak.conf ''
printf '[issuer a:b]\nkeys = sync\n' >"$dir/colon.conf"
offers 'a name with a colon' a:b pam-jwt sync --config "$dir/colon.conf" ''
offers 'no others' '' pam-jwt sync --config conf/pam_jwt.conf ''
# shellcheck disable=SC2016 # no shell may run one of them, and nobody who presses Enter
for name in "\$(touch $dir/planted)" "\`touch $dir/planted\`" '${planted:=1}' 'a;b' 'a b' "it's" "<(touch $dir/planted)" '~root' '*' '!!'; do
	printf '[issuer %s]\nkeys = sync\n[issuer good-1.x]\nkeys = sync\n' "$name" >"$dir/evil.conf"
	offers "no issuer of the name $name" good-1.x pam-jwt sync --config "$dir/evil.conf" ''
done
[ ! -e "$dir/planted" ]
result $? 'and no shell ran one of them'
mkdir "$dir/pam-jwt"
printf '[login corp]\nhosts = a\n[login  home ]\n' >"$dir/pam-jwt/login.conf"
if [ ! -e /etc/pam_jwt/login.conf ]; then
	offers 'the logins of login.conf' 'corp home' pam-jwt login ''
	offers 'one of them' home pam-jwt login --status h
fi
offers 'nothing for a host' '' pam-jwt login --host ''
offers 'folders alone' 'conf/pam-configs conf/pam.d' pam-jwt state init --directory conf/pam
offers 'nothing for what only the user knows' '' pam-jwt issue --iss ''
finish
