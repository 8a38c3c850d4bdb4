#!/bin/sh
# What pam-jwt does not take: values that would be read in another way than they were meant; what it asks then, and the help.
#
#     BUILD=build sh tests/cli/usage.sh              from the top of the tree
set -u

# shellcheck disable=SC2034 # for cli.sh
AREA=usage
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh

issue() {	# STATUS NAME OPTION...
	issue_want=$1 issue_name=$2
	shift 2
	run "$issue_want" "$issue_name" issue --iss https://i.test --sub alice --aud urn:h "$@"
}

run 0 'a key' key generate --alg ES256 --out "$dir/k.jwk" --public "$dir/k.pub.jwk"
issue 0 'a token' --key "$dir/k.jwk" --ttl 366d
issue 2 'a token that no host accepts' --key "$dir/k.jwk" --ttl 367d
issue 2 'a time with an exponent' --key "$dir/k.jwk" --ttl 10m --now 1e3
issue 2 'a time with a fraction' --key "$dir/k.jwk" --ttl 10m --now 1.0
issue 2 'a time with a sign' --key "$dir/k.jwk" --ttl 10m --now -0
issue 2 'an option in the place of a value' --key "$dir/k.jwk" --ttl --now
run 0 'a size of a key' key generate --alg RS256 --bits 2048 --out "$dir/r.jwk"
run 2 'a size that OpenSSL rounds' key generate --alg RS256 --bits 2049 --out "$dir/r2.jwk"
run 2 'a size that is too small' key generate --alg RS256 --bits 2040 --out "$dir/r2.jwk"
chmod 640 "$dir/k.jwk"
issue 2 'a private key that others may read' --key "$dir/k.jwk" --ttl 10m
chmod 600 "$dir/k.jwk"
if [ "$(id -u)" -eq 0 ]; then
	chown 65534 "$dir/k.jwk"
	issue 2 "somebody else's private key" --key "$dir/k.jwk" --ttl 10m
	grep -q "belongs to .* (uid 65534), who could change it: run this as .*, or chown root $dir/k.jwk\$" "$dir/out"
	result $? 'which says whom to run as, or to chown to'
	chown 0 "$dir/k.jwk"
fi

run 2 'sessions without a verb' sessions
run 2 'a verb that sessions does not have' sessions show
run 2 'an option that sessions list does not have' sessions list --sid s
run 2 'a word' sessions list alice
run 2 'an empty account' sessions list --account=
run 2 'sessions end without a filter' sessions end
run 2 'with two' sessions end --account a --subject s
run 2 'with an issuer alone' sessions end --iss i
run 2 'with an account of an issuer' sessions end --account a --iss i
run 2 'with an account that is due' sessions end --account a --due
run 2 'what is due of an issuer' sessions end --due --iss i
run 2 'with JSON' sessions end --account a --json

# libpam knows a service by its name in lowercase letters.
cat >"$dir/conf" <<-END
	[issuer i]
	iss      = https://i.test
	keys     = $dir/k.pub.jwk
	audience = urn:h
	[service su]
	deny     = if iss exists
	[service *]
	permit   = as $(id -un)
END
issue 0 'a token for now' --key "$dir/k.jwk" --ttl 10m
cp "$dir/out" "$dir/token"
for service in su SU; do
	"$tool" verify --config "$dir/conf" --service $service --json <"$dir/token" >"$dir/out" 2>&1
	grep -q '"reason": *"denied"' "$dir/out"
	result $? "verify --service $service"
done

# --- help ---------------------------------------------------------------------------------------------------------------

says() {	# NAME PATTERN
	grep -qE -e "$2" "$dir/out"
	result $? "$1"
}

"$tool" --help >"$dir/overview" 2>&1
for words in -h help --help; do
	"$tool" $words >"$dir/out" 2>/dev/null && cmp -s "$dir/overview" "$dir/out"
	result $? "the overview: $words"
done
"$tool" >"$dir/none" 2>"$dir/out"
[ $? -eq 2 ] && [ ! -s "$dir/none" ] && cmp -s "$dir/overview" "$dir/out"
result $? 'no command is an error, on standard error'
for words in -V version --version; do
	run 0 "$words" $words
	says 'which is the version' '^pam-jwt [0-9.]+$'
done
"$tool" help key generate >"$dir/out" 2>&1 && head -n 1 "$dir/out" | grep -q '^pam-jwt key generate '
result $? 'help of a command of a command'
run 2 'help of a command that there is not' help verfy
says 'which asks' 'did you mean verify\?'
if [ -x "${BUILD:-build}/pam-jwt-issuer" ]; then
	run 0 'help of the issuer' help issuer people add
	says 'which is that of its command' '^pam-jwt issuer people add '
	run 2 'a command that the issuer does not have' issuer peopel
	says 'which asks' '^pam-jwt issuer: peopel is not a command; did you mean people\? pam-jwt issuer --help lists the commands$'
fi
net=${BUILD:-build}/pam-jwt-net
if [ -x "$net" ]; then
	"$net" --help >"$dir/out" 2>/dev/null && says 'pam-jwt-net --help' '^usage: '
	"$net" -V >"$dir/out" 2>/dev/null && says 'pam-jwt-net -V' '^pam-jwt-net [0-9.]+$'
fi

# The examples of the help are words that the command takes. They are not run: the word at the end stops them before that.
for words in '' $(sed -n 's/^  \([a-z]*\)  .*/\1/p' "$dir/overview"); do
	[ "$words" != issuer ] || continue
	# shellcheck disable=SC2046,SC2086 # words
	for second in '' $("$tool" $words --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
		[ -n "$words" ] || second=
		"$tool" $words $second --help
	done
done | sed -n -e ':a' -e '/\\$/{N;s/\\\n *//;ba' -e '}' -e 's/ *>.*//' -e 's/^  \(sudo \)\{0,1\}pam-jwt //p' | sort -u >"$dir/lines"
while read -r words; do
	# shellcheck disable=SC2086 # words
	"$tool" $words --no-option </dev/null >"$dir/out" 2>&1
	grep -q -e ': --no-option is not an option; ' "$dir/out"
	result $? "the example: pam-jwt $words"
done <"$dir/lines"
[ "$(wc -l <"$dir/lines")" -ge 15 ]
result $? 'there are examples' "@$dir/lines"

# --- did you mean -------------------------------------------------------------------------------------------------------

asks() {	# WORD QUESTION ARGUMENT...
	asks_word=$1 asks_question=$2
	shift 2
	run 2 "$asks_word" "$@"
	says "$asks_word: what it says" "$asks_question"
}

asks verfy '^pam-jwt: verfy is not a command; did you mean verify\? pam-jwt --help lists the commands$' verfy
asks xyz '^pam-jwt: xyz is not a command; pam-jwt --help lists the commands$' xyz
asks 'state lst' '^pam-jwt state: lst is not a command; did you mean list\? pam-jwt state --help lists the commands$' state lst
asks --servce '^pam-jwt verify: --servce is not an option; did you mean --service\? pam-jwt verify --help shows the options$' \
	verify --servce sshd
asks --servce=sshd 'did you mean --service\?' verify --servce=sshd
asks -service 'did you mean --service\?' verify -service sshd
asks --xyz '^pam-jwt verify: --xyz is not an option; pam-jwt verify --help shows the options$' verify --xyz
asks 'a command between options' '^usage: pam-jwt state COMMAND' state
asks 'an option of a command that has only commands' '^pam-jwt state: --xyz is not a command; ' state --xyz
[ "$("$tool" --help | grep -c .)" -gt 10 ] && [ "$("$tool" --help | head -n 3 | grep -c .)" -eq 2 ] &&
	[ "$("$tool" state --help | head -n 3 | grep -c .)" -eq 2 ]
result $? 'one empty line comes after the usage'
asks 'what is missing' '^pam-jwt key generate: --alg, --out are missing; ' key generate
asks 'what is missing, one' '^pam-jwt verify: --service is missing; ' verify
asks 'a list that is missing' ' --aud is missing; ' issue --key k --iss i --sub s --ttl 1m
asks 'an algorithm' '^pam-jwt key generate: --alg HS1: not an algorithm; one of ES256 .* RSA-OAEP; ' key generate --alg HS1 --out x
asks 'an algorithm that is near' '; did you mean ES256\? ' key generate --alg ES265 --out x
asks 'one that encrypts' '; did you mean RSA-OAEP\? ' key generate --alg RSA-OEAP --out x
asks 'two at a time' '--subject and --account: one at a time; ' revoke --account a --subject b
asks 'nothing to revoke' 'it needs one of --jti, ' revoke
asks 'what is revoked' '--list is not an option: pam-jwt state list shows ' revoke --list --json
asks 'an identifier that is called so' '--iss is needed: ' revoke --jti --list
asks 'a second file' '^pam-jwt inspect: b is one word too many; ' inspect a b
asks 'an option twice' '^pam-jwt inspect: --json is there twice; ' inspect --json --json

# --- a token in a file --------------------------------------------------------------------------------------------------

issue 0 'another token' --key "$dir/k.jwk" --ttl 10m
cp "$dir/out" "$dir/token"
for file in "$dir/token" -; do
	"$tool" inspect --json "$file" <"$dir/token" >"$dir/out" 2>&1 && grep -q '"iss": *"https://i.test"' "$dir/out"
	result $? "inspect $file"
	"$tool" verify --config "$dir/conf" --service x "$file" --json <"$dir/token" >"$dir/out" 2>&1
	grep -q '"verdict": *"accept"' "$dir/out"
	result $? "verify $file"
done
for file in "$dir/k.pub.jwk" -; do
	"$tool" key thumbprint "$file" <"$dir/k.jwk" >"$dir/out" 2>&1 && grep -qxE '[A-Za-z0-9_-]{43}' "$dir/out"
	result $? "key thumbprint $file"
done
"$tool" key public "$dir/k.jwk" >"$dir/out" 2>&1 && cmp -s "$dir/out" "$dir/k.pub.jwk"
result $? 'key public FILE'
echo 'no token' >"$dir/garbage"
for file in "$dir/garbage" /dev/null; do
	run 1 "inspect $file" inspect "$file"
	! grep -q '^size' "$dir/out"
	result $? 'which counts no bytes'
done
run 0 'inspect a token' inspect "$dir/token"
says 'which counts its bytes' '^size [0-9]* bytes$'
run 2 'a file that is not there' inspect "$dir/nothing"
says 'which is named' "$dir/nothing: No such file or directory"
run 2 'a folder' inspect "$dir"
says 'which is named, too' "$dir: Is a directory"

# A token on the command line is never shown, wherever it stands.
token=$(cat "$dir/token")
for words in "$token" "inspect $token" "verify --service x $token" "state $token" "key $token" "inspect --json=$token" \
	"verify --service $token" "help $token" "key public $token" "--x=$token" "inspect --x=$token"; do
	"$tool" $words >"$dir/out" 2>&1 </dev/null
	[ $? -eq 2 ] && ! grep -qF -e "$token" "$dir/out"
	result $? "a token is not repeated: $(echo "$words" | sed "s/$token/TOKEN/")"
done

# A full disk must not look like success.
for words in --help --version 'verify --help' 'inspect --help'; do
	# shellcheck disable=SC2086 # words
	"$tool" $words >/dev/full 2>"$dir/out" && full=0 || full=$?
	[ "$full" -eq 2 ] && grep -q '^pam-jwt: standard output: ' "$dir/out"
	result $? "$words, and the output is lost"
done
# A program of another package, which is looked for beside the command, and never in PATH.
mkdir "$dir/bin" "$dir/path"
cp "$tool" "$dir/bin/pam-jwt"
printf '#!/bin/sh\nprintf "[%%s]" "$@"\nexit 7\n' >"$dir/path/pam-jwt-issuer"
chmod 755 "$dir/path/pam-jwt-issuer"
if [ ! -e /usr/libexec/pam-jwt/pam-jwt-issuer ]; then
	PATH=$dir/path:$PATH "$dir/bin/pam-jwt" issuer check >"$dir/out" 2>&1
	[ $? -eq 2 ] && grep -q 'install the package pam-jwt-issuer' "$dir/out"
	result $? 'issuer: without its package' "@$dir/out"
fi
cp "$dir/path/pam-jwt-issuer" "$dir/bin/"
"$dir/bin/pam-jwt" issuer check '' --help 'a b' >"$dir/out" 2>&1
[ $? -eq 7 ] && [ "$(cat "$dir/out")" = '[check][][--help][a b]' ]
result $? 'issuer: its program gets each word, and its status is the status' "@$dir/out"

# An ordinary user may not read every configuration, and then cannot say who logs in.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	mkdir "$dir/hidden"
	cp "$tool" "$dir/hidden/pam-jwt"
	printf '[issuer' >"$dir/hidden/pam_jwt.conf"
	chmod 755 "$dir" "$dir/hidden"
	for mode in 600 644; do
		chmod "$mode" "$dir/hidden/pam_jwt.conf"
		setpriv --reuid=65534 --regid=65534 --clear-groups "$dir/hidden/pam-jwt" check --config "$dir/hidden/pam_jwt.conf" >"$dir/out.$mode" 2>&1
	done
	grep -q 'Permission denied$' "$dir/out.600" && grep -q '^refused: .*: you may not read it, so run this as root$' "$dir/out.600" &&
		! grep -q 'nobody logs in' "$dir/out.600"
	result $? 'check: a configuration that only root may read' "@$dir/out.600"
	! grep -q 'run this as root' "$dir/out.644"
	result $? '... and one that all may read' "@$dir/out.644"
else
	skip 'check: a configuration that only root may read' 'needs root and setpriv'
fi
finish
