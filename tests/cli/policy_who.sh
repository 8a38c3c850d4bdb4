#!/bin/sh
# pam-jwt check --who: each rule that can lead to an account, and none that cannot; for the default rules, maps and deny rules.
#
#     BUILD=build sh tests/cli/policy_who.sh          from the top of the tree
set -u
AREA='policy who'
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh

run 0 'a key' key generate --alg ES256 --out "$dir/private" --public "$dir/public"
cat >"$dir/map" <<'END'
corp 4711 somebody,deploy
corp "47 12" deploy
build job somebody
old 1 somebody
corp 4713 root,somebody-else
END
cat >"$dir/conf" <<END
[issuer corp]
iss = https://id.test/corp
keys = $dir/public
audience = h
[issuer build]
iss = https://id.test/build
keys = $dir/public
audience = h
[service sshd]
issuers = corp
deny = if user = root
deny = if not auth_time within 12h
permit = as root if groups has "admins"
permit = as somebody if groups has "a"
permit = as claim sub if user = somebody and groups has "b"
permit = as claim sub if user in { other, root }
permit = as claim email lower without "@example.com" if not user = other
permit = as map $dir/map
[service sudo sudo-i]
permit = as root if groups has "admins"
permit = as claim name without prefix "CORP-"
permit = as map $dir/map
permit = as claim upn exactly if email_verified = true
permit = as claim upn lower exactly if email_verified = true
[service ci]
issuers = build
permit = as map $dir/map if sub = "job"
[service open]
single_use = yes
END

who() {	# ACCOUNT
	run 0 "$1" check --who "$1" --config "$dir/conf"
}
# lists NUMBER TEXT: so many lines have this text.
lists() {
	[ "$(grep -cF -e "$2" "$dir/out")" -eq "$1" ]
	result $? "lists $1 times: $2"
}
# Of one service.
of() {	# SERVICE
	awk -v head="$1:" '/^[a-z]/ { on = ($0 == head) } on' "$dir/out" >"$dir/part"
}
exactly() {	# SERVICE LINES...
	of "$1"
	exactly_name=$1
	shift
	exactly_want=$(printf '%s ' "$@")
	exactly_got=$(grep -oE '(conf:[0-9]+: (permit|but not|deny)|by default|nobody: no rule|map:[0-9]+|nobody: .*conf:[0-9]+)' "$dir/part" |
		sed -E 's/^conf:([0-9]+): (permit|but not|deny)/\2:\1/; s/^nobody: no rule/none/; s/^nobody: .*conf:([0-9]+).*/bar:\1/; s/by default/default/; s/but not/but/' | tr '\n' ' ')
	[ "$exactly_want" = "$exactly_got" ]
	result $? "$exactly_name: $exactly_want" "got: $exactly_got" "@$dir/part"
}

who root
exactly 'service sshd' bar:11
exactly 'service sudo sudo-i' permit:20
exactly 'service ci' none
exactly 'service open' none
exactly 'every other service' none
lists 1 'account root: it is root, which no claim and no map leads to'
lists 1 "$dir/conf:20: permit as root if groups has \"admins\""
lists 1 'whoever has a token of corp or build, if the condition holds'

who somebody
exactly 'service sshd' permit:14 permit:15 permit:17 permit:18 map:1 but:12
exactly 'service sudo sudo-i' permit:21 permit:22 map:1 map:3 permit:23 permit:24
exactly 'service ci' permit:27 map:3
exactly 'service open' default
exactly 'every other service' default
lists 1 'whose claim email is or lists "somebody@example.com" in lowercase letters or capitals, if the condition holds'
lists 1 'whose claim name is or lists "CORP-somebody"'
lists 2 "$dir/map:1: \"4711\" of corp"
lists 0 ' of old'
lists 1 'account somebody: this host has none of that name'

# "user = other" is false for others, and "not user = other" for it.
who other
exactly 'service sshd' permit:16 but:12
exactly 'service ci' none

# A name that a claim may only have with "exactly", and one that lower never makes.
who Other
exactly 'service sshd' none
exactly 'service sudo sudo-i' permit:23
who deploy
exactly 'service sshd' permit:17 permit:18 map:2 map:1 but:12
lists 2 "$dir/map:2: \"47 12\" of corp"

# A system account that is there: no claim and no map, as with root.
who daemon
exactly 'service sudo sudo-i' none
exactly 'every other service' none
lists 1 'account daemon: it is a system account'

# [service *] is about the rest.
printf '[service *]\ndeny = if iss exists\n' >>"$dir/conf"
who somebody
exactly 'every other service' default but:31

# The verdict agrees: what is listed can log in, and what is not listed cannot.
says() {	# REASON SERVICE USER SUB [OPTION...]
	says_want=$1 says_service=$2 says_user=$3 says_sub=$4
	shift 4
	"$tool" issue --key "$dir/private" --iss https://id.test/corp --sub "$says_sub" --aud h --ttl 5m "$@" 2>/dev/null |
		"$tool" verify --config "$dir/conf" --service "$says_service" --user "$says_user" >"$dir/out" 2>&1
	tail -n 1 "$dir/out" | grep -qE "^(accepted|refused): $says_want\b"
	result $? "verdict: $says_service as $says_user by $says_sub: $says_want"
}
says root sudo root x --claim-json 'groups=["admins"]'
says denied sshd root x --claim-json 'groups=["admins"]'
says account-protected sudo root 4713
says account-unknown sudo somebody 4711

# --- JSON, and usage --------------------------------------------------------------------------------------------------
"$tool" check --who root --json --config "$dir/conf" | tr -d ' ' >"$dir/out"
grep -qF '"account":"root","exists":true,"protected":true,"services":[' "$dir/out" && [ "$(wc -l <"$dir/out")" -eq 1 ] &&
	grep -qF '{"services":["sshd"],"issuers":["corp"],"permits":[],"denies":[{"line":11,"rule":"deny","text":"ifuser=root"}' "$dir/out" &&
	grep -qF '"permits":[{"line":20,"rule":"permit","text":"asrootifgroupshas\"admins\"","by":"name"}]' "$dir/out"
result $? 'as JSON'
"$tool" check --who somebody --json --config "$dir/conf" | tr -d ' ' >"$dir/out"
grep -qF '"by":"map","subjects":[{"sub":"job","issuer":"build","file":"'"$dir"'/map","line":3}]' "$dir/out"
result $? 'as JSON: subjects of a map'
# Another account of uid 0 is root as well: the service may log in as it. It takes a passwd of its own, so a mount namespace.
cp "$dir/conf" "$dir/toor"
printf '[service other]\npermit = as toor if groups has "admins"\npermit = as daemon\n' >>"$dir/toor"
if [ "$(id -u)" -eq 0 ] && unshare --mount true 2>/dev/null; then
	{ cat /etc/passwd && echo 'toor:x:0:0::/:/bin/sh'; } >"$dir/passwd"
	unshare --mount sh -c 'mount --bind "$1/passwd" /etc/passwd && exec "$2" check --who root --config "$1/toor"' sh "$dir" "$tool" >"$dir/out" 2>&1
	lists 1 "$dir/toor:33: toor has uid 0 as well"
	lists 1 'has uid 0 as well'
	unshare --mount sh -c 'mount --bind "$1/passwd" /etc/passwd && exec "$2" check --who root --json --config "$1/toor"' sh "$dir" "$tool" >"$dir/out" 2>&1
	lists 1 '"also_root":[{"account":"toor","line":33}]'
else
	skip 'another account of uid 0' 'it needs root and a mount namespace'
fi
run 0 'and where there is no such account' check --who root --config "$dir/toor"
lists 0 'has uid 0 as well'
lists 1 'sudo and doas ask for the account of their caller'
run 0 'another account' check --who daemon --config "$dir/toor"
lists 0 'sudo and doas'

run 2 'with --keys' check --who root --keys "$dir/public"
run 2 'with --tests' check --who root --tests "$dir/conf" --config "$dir/conf"
echo '[broken' >>"$dir/conf"
run 2 'a configuration with an error' check --who root --config "$dir/conf"
finish
