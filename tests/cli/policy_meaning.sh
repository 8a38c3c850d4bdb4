#!/bin/sh
# Lines of a rule that do not mean what they seem to mean: pam-jwt check warns of each, with the line that was meant; and it warns
# neither of that line nor of one that only looks alike.
#
#     BUILD=build sh tests/cli/policy_meaning.sh      from the top of the tree
set -u
AREA='policy meaning'
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh

run 0 'a key' key generate --alg ES256 --out "$dir/private" --public "$dir/public"
printf 'corp 1 alice\n' >"$dir/map"
iss=https://id.test

warnings() {	# RULE...
	printf '%s\n' '[issuer home]' "iss = $iss" "keys = $dir/public" 'audience = h' '[service sshd]' "$@" >"$dir/conf"
	"$tool" check --config "$dir/conf" >"$dir/out" 2>&1 || return 1
	grep "^$dir/conf:[0-9]*: warning: " "$dir/out" >"$dir/warnings" || :
}

# warned TEXT RULE...: the last rule gets one warning, with this text.
warned() {
	warned_text=$1
	shift
	warnings "$@"
	for warned_rule; do :; done
	[ "$(wc -l <"$dir/warnings")" -eq 1 ] && grep -qF -e "$warned_text" "$dir/warnings" && grep -q "^$dir/conf:$(($# + 5)): " "$dir/warnings"
	result $? "warned of: $warned_rule" "wanted: $warned_text"
}

# right RULE...: no warning.
right() {
	warnings "$@" && ! [ -s "$dir/warnings" ]
	right_got=$?
	for right_rule; do :; done
	result $right_got "not warned of: $right_rule"
}

# --- the name of a claim as a value -------------------------------------------------------------------------------------
warned 'requester = claim sub; if the text is meant' 'deny = if requester = sub'
right 'deny = if requester = claim sub'
right 'deny = if requester = "sub"'
right 'deny = if requester = nobody'
warned 'requester != claim sub' 'permit = as root if requester != sub'
warned 'approver = claim owner' 'deny = if owner exists and approver = owner'
right 'deny = if owner exists and approver = "owner"'
warned 'write "email" between quotes' 'permit = as deploy if events has email'
warned 'user in claim sub' 'permit = as map '"$dir"'/map if user = sub'
right 'permit = as map '"$dir"'/map if user in claim sub'
warned 'as claim sub' 'permit = as sub'
right 'permit = as claim sub'
right 'permit = as "sub"'
# The words of that rule are no claims, though another rule has one of that name.
right 'permit = as deploy if ref_type = branch'

# --- patterns -----------------------------------------------------------------------------------------------------------
warned 'sub matches "svc-*"' 'permit = as deploy if sub = "svc-*"'
right 'permit = as deploy if sub matches "svc-*"'
warned 'not sub matches "svc-*"' 'permit = as deploy if sub != "svc-*"'
warned 'groups has matching "ops-*"' 'permit = as deploy if groups has "ops-*"'
warned 'groups has matching "dev-*"' 'permit = as deploy if groups has any { "ops", "dev-*" }'
right 'permit = as deploy if groups has matching "ops-*"'
warned 'user knows no pattern' 'deny = if user in { root, "adm*" }'
right 'deny = if user in { root, admin }'
warned 'sub matches "repo:example/**"' 'permit = as deploy if sub matches "repo:example/*"'
right 'permit = as deploy if sub matches "repo:example/**"'
right 'permit = as deploy if sub matches "repo:example/app:ref:refs/heads/*"'
warned 'sub matches "system:serviceaccount:ops:*"' 'permit = as deploy if sub matches "system:serviceaccount:ops/*"'
warned 'sub matches "system:serviceaccount:**"' 'permit = as deploy if sub matches "system:serviceaccount:*"'
warned 'sub matches "system:serviceaccount:ops:**"' 'permit = as deploy if sub matches "system:serviceaccount:ops/**"'
right 'permit = as deploy if sub matches "system:serviceaccount:ops:*"'
warned 'sub matches "spiffe://**"' 'permit = as deploy if sub matches "spiffe://*"'
right 'permit = as deploy if sub matches "spiffe://example.org/ns/*/sa/backup"'
warned 'ref matches "refs/**"' 'permit = as deploy if ref matches "refs/*"'
right 'permit = as deploy if ref matches "refs/heads/*"'
warned 'email matches "*@example.com"' 'permit = as deploy if email matches "*example.com" and email_verified = true'
right 'permit = as deploy if email matches "*@example.com" and email_verified = true'
right 'permit = as deploy if email matches "*@*.example.com" and email_verified = true'
right 'permit = as deploy if email matches "*.example.com" and email_verified = true'

# --- values that no claim has -------------------------------------------------------------------------------------------
warned 'a pattern is not a regular expression' 'deny = if sub matches "^svc-"'
warned 'a pattern is not a regular expression' 'deny = if sub matches "**-admin$"'
warned 'a pattern is not a regular expression' 'deny = if groups has matching "ops|dev"'
right 'deny = if sub matches "v1.*" or sub matches "a$b" or sub matches "x^y" or sub = "^svc-" or sub matches "$"'
warned 'email matches "*@example.org"' 'deny = if email = "@example.org"'
warned 'email matches "*@example.org"' 'deny = if email has "@example.org"'
warned 'email matches "*@example.org"' 'deny = if email matches "@example.org"'
warned 'not upn matches "*@example.org"' 'deny = if upn != "@example.org"'
warned 'email matches "*@b.test"' 'deny = if email has any { "x@a.test", "@b.test" }'
right 'deny = if email matches "*@example.org" or login = "@example.org" or email = "a@example.org" or upn = "@"'
warned 'takes single quotes as letters: write "staff"' "permit = as deploy if groups has 'staff'"
warned 'write "b"' "deny = if groups has any { \"a\", 'b' }"
right "deny = if sub = \"'a'\" or sub = o'neil or sub = 'a or sub = ''"
warned 'no [issuer] of this service has the iss "https://id.test/"' 'deny = if iss = "https://id.test/" and groups has "a"'
warned 'no [issuer] of this service' 'permit = as root if iss in { "https://id.test", "https://other.test" }'
warned 'no [issuer] of this service' 'permit = as root if iss matches "https://id.test/*"'
right 'permit = as root if iss = "https://id.test" and iss has "https://id.test" and iss matches "https://*" and iss exists'
printf '%s\n' '[issuer home]' "iss = $iss" "keys = $dir/public" 'audience = h' '[issuer away]' "iss = https://away.test" "keys = $dir/public" \
	'audience = h' '[service sshd]' 'issuers = home' 'deny = if iss = "https://away.test"' '[service su]' 'deny = if iss = "https://away.test"' >"$dir/conf"
"$tool" check --config "$dir/conf" 2>&1 | grep 'warning: no .issuer' >"$dir/out"
[ "$(cut -d: -f2 "$dir/out")" = 11 ]
result $? 'warned of: the iss of an issuer that this service does not take, and only there'

# --- types --------------------------------------------------------------------------------------------------------------
warned 'groups has "admins"' 'permit = as root if groups = "admins"'
warned 'not groups has "contractors"' 'permit = as root if groups != "contractors"'
warned 'groups has any { "a", "b" }' 'permit = as root if groups in { "a", "b" }'
warned 'groups has matching "ops-*"' 'permit = as root if groups matches "ops-*"'
warned '/realm_access/roles has "admin"' 'permit = as root if /realm_access/roles = "admin"'
warned 'amr has mfa' 'permit = as root if amr = mfa'
right 'permit = as root if amr has mfa and /realm_access/roles has "admin" and groups has any { "a", "b" }'
right 'permit = as root if group = "admins"'
warned 'scope has "login"' 'permit = as root if scope = "login"'
right 'permit = as root if scope has "login"'
warned 'write "4242" between quotes' 'permit = as deploy if project_id = 4242'
right 'permit = as deploy if project_id = "4242"'
warned 'write "true" between quotes' 'permit = as deploy if project_id = "1" and ref_protected = true'
right 'permit = as deploy if project_id = "1" and ref_protected = "true"'
right 'permit = as deploy if email_verified = true and level >= 3 and level = 4'

# --- times --------------------------------------------------------------------------------------------------------------
warned 'auth_time within 15m; for the age of the token: max_age' 'permit = as root if iat within 15m'
warned 'auth_time older 1h' 'deny = if iat older 1h'
warned 'max_lifetime in its [issuer]' 'permit = as root if exp within 1h'
right 'permit = as root if auth_time within 15m'
warned 'deny = if not auth_time within 15m' 'deny = if auth_time within 15m'
right 'deny = if not auth_time within 15m'
right 'deny = if auth_time older 15m'
warned 'auth_time within 1h' 'permit = as root if auth_time older 1h'
warned 'auth_time within 1h' 'permit = as root if groups has "a" and not auth_time within 1h'
right 'permit = as root if not auth_time older 1h'

# --- names that others can have -----------------------------------------------------------------------------------------
warned 'add "and email_verified = true"' 'permit = as alice if email = "alice@example.com"'
right 'permit = as alice if email = "alice@example.com" and email_verified = true'
right 'deny = if not email_verified = true' 'permit = as alice if email = "alice@example.com"'
warned 'add "and email_verified = true"' 'permit = as alice if email = "alice@example.com" and email_verified exists'
right 'deny = if email = "alice@example.com"'
right 'permit = as alice if email exists'
warned 'add "and email_verified = true"' 'permit = as claim email without "@example.com"'
right 'permit = as claim email without "@example.com" if email_verified = true'
warned 'as claim email without "@example.com"' 'permit = as claim email if email_verified = true'
warned 'as claim email without "@example.com"' 'permit = as claim email without "example.com" if email_verified = true'
right 'permit = as claim email exactly if email_verified = true'
warned 'as claim upn without "@example.com"' 'permit = as claim upn'
warned 'add "and project_id' 'permit = as deploy if project_path = "group/app"'
right 'permit = as deploy if project_path = "group/app" and project_id = "7"'
right 'permit = as deploy if repository = "octocat/app"'
iss=https://token.actions.githubusercontent.com
warned 'add "and repository_id' 'permit = as deploy if repository = "octocat/app"'
warned 'add "and repository_id' 'permit = as deploy if sub = "repo:octocat/app:ref:refs/heads/main"'
warned 'add "and repository_id' 'permit = as deploy if sub matches "repo:octocat/**"'
right 'permit = as deploy if sub = "repo:octocat@123456/app@456789:ref:refs/heads/main"'
right 'permit = as deploy if repository = "octocat/app" and repository_owner_id = "7"'
right 'deny = if repository_owner_id != "7"' 'permit = as deploy if repository = "octocat/app"'
warned 'ref = "refs/heads/main"' 'permit = as deploy if repository_id = "1" and ref = "main"'
right 'permit = as deploy if repository_id = "1" and ref = "refs/heads/main"'
iss=https://gitlab.test
right 'permit = as deploy if project_id = "1" and ref = "main"'

# --- rules that never decide --------------------------------------------------------------------------------------------
warned 'line 6 lets in everybody whom this rule lets in' 'permit = as deploy' 'permit = as deploy if groups has "a"'
right 'permit = as deploy if groups has "a"' 'permit = as deploy'
right 'permit = as deploy' 'permit = as root if groups has "a"'
right 'permit = as claim sub' 'permit = as claim preferred_username'
warned 'line 6 lets in' 'permit = as claim sub' 'permit = as claim sub if groups has "a"'
right 'permit = as claim sub without "-x"' 'permit = as claim sub if groups has "a"'
right 'permit = as claim sub' 'permit = as claim sub exactly'
warned 'line 6 lets in' 'permit = as claim sub exactly' 'permit = as claim sub'
warned 'line 6 lets in' 'permit = as root if groups has "a"' 'permit = as root if acr = "2" and groups has "a"'
right 'permit = as root if groups has "a"' 'permit = as root if groups has "b"'
right 'permit = as root if groups has "a" or groups has "b"' 'permit = as root if groups has "c"'
right 'permit = as root if not groups has "a"' 'permit = as root if groups has "a"'
right 'permit = as root' 'permit = as root if act exists'
warned 'permit = as root if' 'permit = as claim sub if user = root'
right 'permit = as root if user = root'
right 'permit = as claim sub if not user = root'

# --- a deny rule that fires for want of a claim: the tests show it --------------------------------------------------------
tests() {	# RULE CLAIMS EXPECT...
	printf '%s\n' '[issuer home]' "iss = $iss" "keys = $dir/public" 'audience = h' '[service sshd]' "$1" 'permit = as claim sub' >"$dir/conf"
	shift
	n=0
	while [ $# -gt 0 ]; do
		n=$((n + 1))
		printf '%s\n' "[test $n]" 'service = sshd' "claims = $1" "expect = $2"
		shift 2
	done >"$dir/tests"
	"$tool" check --any-account --config "$dir/conf" --tests "$dir/tests" >"$dir/out" 2>&1
	grep -F 'denies every token of the tests' "$dir/out" | grep -qF 'conf:6: warning: '
}
tests 'deny = if department = "guests"' '{"sub":"alice"}' 'accept alice' '{"sub":"bob"}' 'accept bob' &&
	grep -qF 'because none has the claim department' "$dir/out" && grep -qF 'department exists and department = "guests"' "$dir/out"
result $? 'warned of: a deny rule that fires for every token of the tests'
# meant RULE TEXT: nobody has the claim, and the line that was meant has this text.
meant() {
	tests "$1" '{"sub":"alice"}' 'accept alice' && grep -qF -e "tokens with it: $2" "$dir/out"
	result $? "warned of: $1, every token" "wanted: $2"
}
meant 'deny = if sub = claim owner' 'owner exists and sub = claim owner'
meant 'deny = if owner != claim sub' 'owner exists and owner != claim sub'
meant 'deny = if "claim" = claim "the owner"' '"claim" exists and "claim" = claim "the owner"'
meant 'deny = if not sub = claim owner' 'owner exists and (not sub = claim owner)'
meant 'deny = if not groups has "staff"' 'groups exists and (not groups has "staff")'
meant 'deny = if sub = "x" or (not groups has "staff")' 'groups exists and (sub = "x" or (not groups has "staff"))'
meant 'deny = if sub = "x" or department = "guests"' 'department exists and department = "guests"'
meant 'deny = if level > 3' 'level exists and level > 3'
! tests 'deny = if owner exists and (sub = claim owner)' '{"sub":"alice"}' 'accept alice'
result $? 'not warned of: the line that was meant, of two claims'
! tests 'deny = if not groups has "staff"' '{"sub":"alice"}' 'accept alice' '{"sub":"bob","groups":["staff"]}' 'accept bob'
result $? 'not warned of: a claim that some token has, under not'
! tests 'deny = if department exists and department = "guests"' '{"sub":"alice"}' 'accept alice'
result $? 'not warned of: the line that was meant'
! tests 'deny = if department = "guests"' '{"sub":"alice"}' 'accept alice' '{"sub":"bob","department":"it"}' 'accept bob'
result $? 'not warned of: a rule that some token passes'
! tests 'deny = if department = "guests"' '{"sub":"alice"}' 'refuse denied'
result $? 'not warned of: tokens that must be refused'
! tests 'deny = if department = "guests"' '{"sub":"alice","department":"guests"}' 'accept alice'
result $? 'not warned of: a token that has the claim'

# The example configurations are right.
for file in conf/examples/*.conf; do
	"$tool" check --config "$file" | grep 'warning: ' | grep -v 'fetched' >"$dir/out"
	! [ -s "$dir/out" ]
	result $? "not warned of: $file"
done
finish
