#!/bin/sh
# What pam-jwt does not take: values that would be read in another way than they were meant.
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
finish
