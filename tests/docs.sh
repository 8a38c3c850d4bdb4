#!/bin/sh
# Compares the documents with the code: reasons, settings, module arguments, the grammar of rules, algorithms, limits, the
# command's options. What the one names the other must name, in the same order where there is one.
#
#     sh tests/docs.sh            BUILD says where pam-jwt was built
set -u

LC_ALL=C
export LC_ALL
P=$(cd "$(dirname "$0")/.." && pwd)
cd "$P" || exit 1
B=${BUILD:-build}
JWT=$B/pam-jwt
PAGE_8=man/pam_jwt.8
PAGE_5=man/pam_jwt.conf.5
PAGE_1=man/pam-jwt.1
PAGE_ASKPASS=man/pam-jwt-askpass.1
PAGE_ISSUER=man/pam-jwt-issuer.1
SAMPLE=conf/pam_jwt.conf

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
AREA=docs
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh

# Compares two lists, one name in a line. An empty one is a fault of the search for it, not a match.
same() {	# NAME EXPECTED ACTUAL
	if [ ! -s "$2" ] || [ ! -s "$3" ]; then
		echo "nothing was found in the code or in the document" >"$work/diff"
	elif diff -U 1 "$2" "$3" >"$work/diff"; then
		pass "$1" && return
	fi
	fail "$1" "@$work/diff"
}

# --- what stands in the manuals ---------------------------------------------------------------------------------------

# Prints a section of a manual page.
section() {	# PAGE TITLE
	awk -v title="$2" '/^\.Sh / { inside = ($0 == ".Sh " title) } inside' "$1"
}

# Prints the names of the items of a list that is marked up with that macro.
items() {	# MACRO
	sed -n "s/^\.It $1 \([^ ]*\).*/\1/p"
}

# Prints the part of a page from the item on to the next one.
item() {	# PAGE START
	awk -v start="$2" '/^\.It / { inside = (index($0, start) == 1) } inside' "$1"
}

# --- the module -------------------------------------------------------------------------------------------------------

reasons() {
	sed -n 's/^	X(JWT_[A-Z0-9_]*, "\([a-z0-9-]*\)",.*/\1/p' src/core/reason.h >"$work/code"
	section "$PAGE_8" REASONS | items Cm >"$work/page"
	same "REASONS of $PAGE_8 are those of src/core/reason.h" "$work/code" "$work/page"
}

arguments() {
	awk '/^arguments_take\(/,/^}/' src/core/arguments.c |
		sed -n -e 's/.*{ "\([a-z_]*\)", &arguments->.*/\1/p' -e 's/.*bytes_str("\([a-z_]*\)=.*/\1/p' | sort >"$work/code"
	section "$PAGE_8" OPTIONS | items Cm | sort >"$work/page"
	same "OPTIONS of $PAGE_8 are the arguments of src/core/arguments.c" "$work/code" "$work/page"
}

# Each says what happens without it.
argument_defaults() {
	section "$PAGE_8" OPTIONS | awk '/^\.It Cm / || /^\.El/ { if (name != "" && !said) print name; name = $3; said = 0 }
		/^Default:/ { said = 1 }' >"$work/defaults"
	if [ -s "$work/defaults" ]; then
		fail "$PAGE_8 has the default of each argument" "@$work/defaults"
	else
		pass "$PAGE_8 has the default of each argument"
	fi
}

# --- the configuration ------------------------------------------------------------------------------------------------

# Prints "SECTION KEY" lines.
settings_of_code() {
	sed -n 's/^	{ PARSER_\([A-Z]*\), "\([a-z_]*\)",.*/\1 \2/p' src/core/policy/*.c
}

settings_of_page() {
	awk '/^\.Sh / { name = $2 } /^\.It Ic / { print name, $3 }' "$PAGE_5"
}

# Settings are commented out without a blank behind the sign; prose has one.
settings_of_sample() {
	awk '/^#\[/ { name = toupper($1); gsub(/[^A-Z]/, "", name) }
		/^#[a-z_]+ = / { print name, substr($1, 2) }' "$SAMPLE"
}

settings() {
	settings_of_code >"$work/code"
	settings_of_page >"$work/page"
	same "$PAGE_5 has the settings of src/core/policy/policy_parse.c, in their order" "$work/code" "$work/page"
	settings_of_sample >"$work/page"
	same "$SAMPLE has the settings of src/core/policy/policy_parse.c, in their order" "$work/code" "$work/page"
	# iss and the rules are shown in another form.
	sed 's,.* ,,' "$work/code" | grep -vxE 'iss|deny|permit' | sort >"$work/wanted"
	sed -n 's/.*(out, "\([a-z_]*\)",.*/\1/p' src/tool/check_force.c | sort -u >"$work/page"
	same 'pam-jwt check shows each setting of src/core/policy/policy_parse.c' "$work/wanted" "$work/page"
}

# Of login.conf.
login_settings() {
	sed -n 's/^	{ "\([a-z_]*\)", [a-z_]* },$/\1/p' src/cli/login_setting.c >"$work/code"
	items Ic <man/login.conf.5 >"$work/page"
	same 'man/login.conf.5 has the settings of src/cli/login_setting.c, in their order' "$work/code" "$work/page"
}

# Of tests.conf.
test_settings() {
	sed -n 's/^	{ "\([a-z]*\)", [a-z]*, set_[a-z]* },$/\1/p' src/tool/tests_conf.c >"$work/code"
	items Ic <man/pam_jwt_tests.conf.5 >"$work/page"
	same 'man/pam_jwt_tests.conf.5 has the settings of src/tool/tests_conf.c, in their order' "$work/code" "$work/page"
}

# Of issuer.conf.
issuer_settings() {
	sed -n 's/^	{ ISSUER_[A-Z]*, "\([a-z_]*\)",.*/\1/p' src/issuerd/issuer_setting.c >"$work/code"
	items Ic <man/issuer.conf.5 >"$work/page"
	same 'man/issuer.conf.5 has the settings of src/issuerd/issuer_setting.c, in their order' "$work/code" "$work/page"
}

# Prints the ways to write a default: a text as it is, a number also as a duration.
spellings() {	# VALUE
	case $1 in
	\"*) echo "$1" | tr -d '"' ;;
	*)
		echo "$(($1))"
		echo "$(($1))s"
		[ "$(($1 % 60))" -ne 0 ] || echo "$(($1 / 60))m"
		[ "$(($1 % 3600))" -ne 0 ] || echo "$(($1 / 3600))h"
		;;
	esac
}

# The defaults of the header, each with its setting.
defaults() {
	: >"$work/defaults"
	sed -n 's/^#define \([A-Z_]*_DEFAULT[A-Z_]*\)[[:space:]]*\(.*\)/\1 \2/p' src/core/policy/policy.h | while read -r defaults_name defaults_value; do
		case $defaults_name in
		LEEWAY_*) defaults_key=leeway ;;
		LIFETIME_*) defaults_key=max_lifetime ;;
		STATE_DIRECTORY_*) defaults_key=directory ;;
		REDIS_PORT_*) defaults_key=redis ;;
		REDIS_TIMEOUT_*) defaults_key=redis_timeout ;;
		MAX_STALE_*) defaults_key=max_stale ;;
		POLICY_PROMPT_*) defaults_key=prompt ;;
		*) defaults_key='no setting that this test knows' ;;
		esac
		spellings "$defaults_value" >"$work/spellings"
		# The text of the item in one line, without its macros.
		item "$PAGE_5" ".It Ic $defaults_key " | sed 's/^\.[A-Z][a-z] //; s/\\&//g' | tr '\n' ' ' |
			grep -oE '([Dd]efault:?|left out:) [^ ]*' | sed -E 's/^.* //; s/[.,]$//' | grep -qxFf "$work/spellings" ||
			echo "$defaults_name, $defaults_value: $defaults_key" >>"$work/defaults"
	done
	if [ -s "$work/defaults" ]; then
		fail "$PAGE_5 has the defaults of src/core/policy/policy.h" "@$work/defaults"
	else
		pass "$PAGE_5 has the defaults of src/core/policy/policy.h"
	fi
}

# The words and signs of the parser: its tables, and what it takes by name.
grammar_of_code() {
	awk '/^rule_is_keyword\(/,/};/' src/core/policy/rule_test.c | grep -o '"[^"]*"'
	awk '/operators\[\] = {/,/};/' src/core/policy/rule_test.c | grep -o '"[^"]*"'
	grep -ho 'take(in, TOKEN_[A-Z]*, "[^"]*"' src/core/policy/rule*.c | grep -o '"[^"]*"'
}

grammar_of_page() {
	section "$PAGE_5" RULES | awk '/^\.Ed/ && inside { exit } inside; /^\.Bd/ { inside = 1 }' | grep -o '"[^"]*"'
}

grammar() {
	grammar_of_code | sort -u >"$work/code"
	grammar_of_page | sort -u >"$work/page"
	same "the grammar in $PAGE_5 is that of src/core/policy/rule.c and what begins with it" "$work/code" "$work/page"
}

# What an administrator does about it stands with each reason, but for those that this version never gives.
remedies() {
	awk '/^\.Sh / { inside = ($2 == "REASONS") }
		!inside { next }
		/^\.It Cm / || /^\.El/ { if (name != "" && !said) print name; name = $3; said = (name == "ok") }
		/^\.Em Remedy :/ || /^Not given by this version/ { said = 1 }' "$PAGE_8" >"$work/remedies"
	if [ -s "$work/remedies" ]; then
		fail "$PAGE_8 says of each reason what to do" "@$work/remedies"
	else
		pass "$PAGE_8 says of each reason what to do"
	fi
}

algorithms() {
	sed -n 's/^	{ "\([A-Za-z0-9-]*\)", ALG_.*/\1/p' src/core/jose/alg.c | sort -u >"$work/code"
	item "$PAGE_5" '.It Ic algorithms ' | sed -e '/^\.Pp/,$d' -e '/^\.Li/!d' |
		tr ' ' '\n' | grep -E '^(E|R|P|H|M)[A-Za-z-]+-?[0-9]*$' | sort -u >"$work/page"
	same "$PAGE_5 has the algorithms of src/core/jose/alg.c" "$work/code" "$work/page"
}

# Types that never log in.
types() {
	awk '/others\[\] = {/,/};/' src/core/jose/media_type.c | grep -o '"[^"]*"' | tr -d '"' | sort >"$work/code"
	item "$PAGE_5" '.It Ic types ' | sed '/^\.Pp/,$!d' | grep -o '[a-z-]*+jwt' | sort >"$work/page"
	same "$PAGE_5 has the types of src/core/jose/media_type.c that never log in" "$work/code" "$work/page"
}

# Rows of a table that a person reads: "polkit, vlock", "511" and "yes" become "511 polkit yes" and "511 vlock yes". One
# number is for all names; the programs are named as in the code. The third field may be left out.
programs_spread() {	# reads NAMES;NUMBERS;PARTS
	awk -F ';' '{ names = split($1, name, ", "); numbers = split($2, number, ", ")
		for (i = 1; i <= names; i++) print number[numbers == 1 ? 1 : i], name[i], $3 }' |
		sed -E -e 's/ (OpenSSH client|OpenSSH keyboard-interactive)/ ssh client/' -e 's/ +$//'
}

# What programs pass on: each row of the code stands in the manual, and the other way round, but for three rows: what is
# typed in a terminal, the module itself, and pamtester, which is a terminal.
programs() {
	sed -nE 's/^	\{ ([0-9]+), "([^"]*)", .*(true|false), (true|false) \},.*/\1 \2 \3/p' src/core/programs.c |
		sed -e '/ typed in a terminal /d' -e 's/ true$/ yes/' -e 's/ false$/ no/' | sort >"$work/code"
	section "$PAGE_8" PROGRAMS |
		sed -nE -e 's/, (keyboard-interactive|password method)/ \1/' -e 's/ not tried/ no/' \
			-e '/Sy program|pamtester/d' -e 's/^\.It (.*) Ta ([0-9][0-9, ]*) Ta ([a-z]*) Ta .*/\1;\2;\3/p' |
		programs_spread | sort >"$work/page"
	same "PROGRAMS of $PAGE_8 are those of src/core/programs.c" "$work/code" "$work/page"

	# README leaves some out, and has no column for parts.
	awk '/^$/ { inside = 0 } /^\| way in \|/ { inside = 1 } inside' README.md |
		sed -nE -e 's/, password method/ password method/' -e 's/anything typed/typed/' -e 's/, about/,/' \
			-e 's/^\| ([^|]*) \| ([0-9][0-9, ]*) \| [^|]*\|$/\1;\2/p' | programs_spread | sort >"$work/page"
	sed -e 's/ [a-z]*$//' "$work/code" >"$work/rows"
	echo '4095 typed in a terminal' >>"$work/rows"
	sort "$work/rows" | comm -12 - "$work/page" >"$work/common"
	same "the program's limits in README.md are those of src/core/programs.c" "$work/common" "$work/page"
}

# --- limits -----------------------------------------------------------------------------------------------------------

# The value of a constant must stand in a document, with what follows it there.
limit() {	# HEADER CONSTANT AFTER DOCUMENT...
	limit_value=$(sed -n "s/^#define $2[[:space:]]*\([0-9]*\).*/\1/p" "$1")
	limit_after=$3
	limit_name=$2
	shift 3
	for limit_page in "$@"; do
		if [ -z "$limit_value" ] || ! grep -qE "(^|[^0-9])$limit_value$limit_after" "$limit_page"; then
			echo "$limit_name, $limit_value$limit_after, in $limit_page" >>"$work/limits"
		fi
	done
}

limits() {
	: >"$work/limits"
	limit src/core/jose/jws.h TOKEN_MAX ' bytes' "$PAGE_8" README.md
	limit src/core/jose/jws.h HEADER_MAX '[., ]' "$PAGE_8" README.md
	limit src/core/jose/jws.h KEY_TRIES_MAX ' (keys|of them)' "$PAGE_8" "$PAGE_5"
	limit src/core/base/json.h JSON_TOKEN_DEPTH ' levels' "$PAGE_8" README.md
	limit src/core/base/json.h JSON_TOKEN_MEMBERS ' members' "$PAGE_8" README.md
	limit src/core/jose/jwk.h JWK_SET_MAX ' keys' "$PAGE_5"
	limit src/core/jose/jwk.h JWK_KID_MAX ' bytes' "$PAGE_8"
	limit src/core/base/glob.h GLOB_MAX ' bytes' "$PAGE_5"
	limit src/core/policy/claim_path.h CLAIM_PATH_STEPS_MAX '$' "$PAGE_5"
	limit src/core/policy/rule.h RULE_DEPTH_MAX ' parentheses' "$PAGE_5"
	limit src/core/jose/keymat.h RSA_BITS_MIN ' to' "$PAGE_5"
	limit src/core/jose/keymat.h RSA_BITS_MAX ' bits' "$PAGE_5"
	limit src/core/policy/account.h ACCOUNT_NAME_MAX ' bytes' "$PAGE_5"
	limit src/core/policy/account.h ACCOUNT_CLAIM_MAX ' bytes' "$PAGE_5"
	limit src/core/policy/policy.h LEEWAY_DEFAULT_SEC s "$PAGE_5" "$SAMPLE"
	limit src/core/policy/policy.h LEEWAY_MAX_SEC s "$PAGE_5" "$SAMPLE"
	limit src/core/policy/policy.h POLICY_PROMPT_MAX ' bytes' "$PAGE_5"
	limit src/core/logline.h LOGLINE_VALUE_MAX ' bytes' "$PAGE_8"
	limit src/core/logline.h LOGLINE_HINT_MAX ' bytes' "$PAGE_8"
	if [ -s "$work/limits" ]; then
		fail 'the documents have the limits of the headers' "@$work/limits"
	else
		pass 'the documents have the limits of the headers'
	fi
}

# --- the command ------------------------------------------------------------------------------------------------------

# Prints the commands of an overview: the first word of each line that two spaces begin, and two or more end.
commands_of() {	# PROGRAM [COMMAND]...
	"$@" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'
}

# Prints "verify", "key generate", "key public", ...: each command that has none of its own.
usages_of() {	# PROGRAM
	for usages_command in $(commands_of "$1"); do
		# Another program has its own manual.
		[ "$usages_command" != issuer ] || { echo issuer && continue; }
		usages_seconds=$(commands_of "$1" "$usages_command")
		[ -n "$usages_seconds" ] || echo "$usages_command"
		for usages_second in $usages_seconds; do
			echo "$usages_command $usages_second"
		done
	done
}

options_of_help() {	# PROGRAM COMMAND...
	"$@" --help | grep -oE -e '(^|[^a-z-])--[a-z-]+' | grep -o -e '--.*' | grep -vx -e --help | sort -u
}

options_of_page() {	# COMMAND
	awk -v name=".Ss $1" '/^\.S[hs] / { inside = ($0 == name) } inside' "$PAGE_1" |
		grep '^\.It .*Fl -' | grep -o 'Fl -[a-z-]*' | sed 's/^Fl -/--/' | sort -u
}

command_options() {	# COMMAND
	# shellcheck disable=SC2086 # "key generate" is two words
	options_of_help "$JWT" $1 >"$work/code"
	options_of_page "$1" >"$work/page"
	[ -s "$work/code" ] || [ -s "$work/page" ] || return 0
	same "$PAGE_1 has the options of pam-jwt $1 --help" "$work/code" "$work/page"
}

synopsis() {
	sed -n 's/^\.It Fl -\([a-z-]*\).*/\1/p' "$PAGE_1" | sort -u >"$work/code"
	section "$PAGE_1" SYNOPSIS | sed -n 's/.*Fl -\([a-z-]*\).*/\1/p' | grep -vx -e 'help.*' -e 'version.*' |
		sort -u >"$work/page"
	same "the SYNOPSIS of $PAGE_1 has the options that it explains" "$work/code" "$work/page"
}

# Each command explains itself, however it is asked, and shows what it does by an example.
helps() {	# COMMAND...
	"$JWT" "$@" --help >"$work/whole" || echo "pam-jwt $* --help: exit status $?"
	for helps_words in "$* -h" "$* --config x --help" "help $*" "$* --help --config x"; do
		# shellcheck disable=SC2086 # words
		"$JWT" $helps_words </dev/null 2>&1 | cmp -s - "$work/whole" || echo "pam-jwt $helps_words"
	done
	grep -q "^pam-jwt $*\( \|\$\)" "$work/whole" || echo "pam-jwt $* --help: how it is used"
	grep -q '^Examples\{0,1\}:$' "$work/whole" || echo "pam-jwt $* --help: an example"
	! grep -nE '.{80}' "$work/whole" || echo "pam-jwt $* --help: more than 79 columns"
}

help_anywhere() {
	usages_of "$JWT" | grep -vx issuer | while read -r help_first help_second; do
		# shellcheck disable=SC2086 # there may be none
		helps "$help_first" $help_second
	done >"$work/help"
	[ ! -s "$work/help" ]
	result $? 'each command of pam-jwt explains itself' "@$work/help"
}

tool() {
	synopsis
	if [ ! -x "$JWT" ]; then
		skip "$PAGE_1 agrees with pam-jwt --help" "$JWT is not built"
		return
	fi
	usages_of "$JWT" | sort -u >"$work/code"
	sed -n 's/^\.Ss //p' "$PAGE_1" | sort >"$work/page"
	same "$PAGE_1 has the commands of pam-jwt --help" "$work/code" "$work/page"
	usages_of "$JWT" | grep -vx issuer >"$work/usages"
	while read -r tool_command; do
		command_options "$tool_command"
	done <"$work/usages"
	help_anywhere
}

# --- pam-jwt-issuer -----------------------------------------------------------------------------------------------------

issuer() {
	if [ ! -x "$B/pam-jwt-issuer" ]; then
		skip "$PAGE_ISSUER agrees with pam-jwt issuer --help" "$B/pam-jwt-issuer is not built"
		return
	fi
	issuer_commands=$(commands_of "$B/pam-jwt-issuer")
	printf '%s\n' $issuer_commands | sort >"$work/code"
	sed -n 's/^\.Ss //p' "$PAGE_ISSUER" | sort >"$work/page"
	same "$PAGE_ISSUER has the commands of pam-jwt issuer --help" "$work/code" "$work/page"
	for issuer_command in $issuer_commands; do
		{
			echo "$issuer_command"
			options_of_help "$B/pam-jwt-issuer" "$issuer_command"
			for issuer_second in $(commands_of "$B/pam-jwt-issuer" "$issuer_command"); do
				options_of_help "$B/pam-jwt-issuer" "$issuer_command" "$issuer_second"
			done
		} | sort -u >"$work/code"
		{ echo "$issuer_command" && awk -v name="$issuer_command" '/^\.S[hs] / { inside = ($1 == ".Ss" && $2 == name) } inside' "$PAGE_ISSUER" |
			grep '^\.It Fl' | grep -o 'Fl -[a-z-]*' | sed 's/^Fl -/--/'; } | sort -u >"$work/page"
		same "$PAGE_ISSUER has the options of pam-jwt issuer $issuer_command --help" "$work/code" "$work/page"
	done
}

# --- pam-jwt-askpass ----------------------------------------------------------------------------------------------------

askpass() {
	sed -n 's/.*bytes_eq_str(in->line.name, "\([a-z_]*\)").*/\1/p' src/askpass/config.c | sort >"$work/code"
	awk '/^\.S[hs] / { inside = ($2 == "Configuration") } inside' "$PAGE_ASKPASS" | items Cm | sort >"$work/page"
	same "$PAGE_ASKPASS has the settings of src/askpass/config.c" "$work/code" "$work/page"
	grep -ohE '(getenv|folder_of|join_xdg)\((arena, )?"[A-Z_]+"' src/askpass/*.c src/cli/places.c src/cli/userfile.c | grep -o '[A-Z_]\{2,\}"' | tr -d '"' | sort -u >"$work/code"
	section "$PAGE_ASKPASS" ENVIRONMENT | sed -n 's/^\.It Ev //p' | tr -s ' ,' '\n' | sort >"$work/page"
	same "$PAGE_ASKPASS has the environment variables of src/askpass" "$work/code" "$work/page"
}

# Whether the module would take a configuration that names keys and maps which are not here, as is a full host name.
parses() {	# NAME FILE
	sed -e "s|/etc/pam_jwt/keys/host.jwk|$work/host.jwk|" -e "s|/etc/pam_jwt/keys/[a-z.]*|$work/key.jwk|" -e "s|/etc/pam_jwt/accounts|$work/accounts|" \
		-e 's/%{fqdn}/%{hostname}/' "$2" >"$work/conf"
	if "$JWT" check --config "$work/conf" >"$work/check" 2>&1; then
		pass "pam-jwt check takes $1"
	else
		fail "pam-jwt check takes $1" "@$work/check"
	fi
}

# Prints a block of the manual that is a whole configuration.
example() {	# SECTION NUMBER
	section "$PAGE_5" "$1" | awk -v number="$2" '
		/^\.Ed/ { inside = 0 }
		inside { gsub(/\\e/, "\\"); print }
		/^\.Bd/ { inside = (++blocks == number) }'
}

configurations() {
	if [ ! -x "$JWT" ]; then
		skip 'pam-jwt check takes the examples' "$JWT is not built"
		return
	fi
	umask 022
	"$JWT" key generate --alg RS256 --bits 2048 --out "$work/private.jwk" --public "$work/key.jwk" || return
	# The key of RFC 7518 appendix C.
	printf '{"kty":"EC","crv":"P-256","alg":"ECDH-ES+A256KW","x":"%s","y":"%s","d":"%s"}\n' \
		weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck \
		VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw >"$work/host.jwk"
	chmod 600 "$work/host.jwk"
	echo 'corp 248289761001 alice' >"$work/accounts"
	# Of two settings that exclude each other the first counts.
	sed -e '/^#\[state\]/,$d' -e '/^#jwks_uri/d' -e 's/^#\([[a-z]\)/\1/' "$SAMPLE" >"$work/example"
	parses "$SAMPLE with every sign taken away" "$work/example"
	example DESCRIPTION 1 >"$work/example"
	parses "the file in the DESCRIPTION of $PAGE_5" "$work/example"
	example EXAMPLES 1 >"$work/example"
	parses "the file in the EXAMPLES of $PAGE_5" "$work/example"
}

# --- files ------------------------------------------------------------------------------------------------------------

# Paths of this repository that the documents name; a pattern must match something.
files() {
	: >"$work/files"
	grep -oHE '\b(src|tests|conf|man)/[A-Za-z0-9_./*-]+' README.md SECURITY.md CONTRIBUTING.md NEWS.md tests/README.md |
		sed 's/[.,]*$//' | sort -u | while IFS=: read -r files_page files_path; do
			# shellcheck disable=SC2086 # it may be a pattern
			ls -d $files_path >/dev/null 2>&1 || echo "$files_page names $files_path" >>"$work/files"
		done
	if [ -s "$work/files" ]; then
		fail 'the files that the documents name are there' "@$work/files"
	else
		pass 'the files that the documents name are there'
	fi
}

# The map of the tests has each folder and each program.
map() {
	for map_name in tests/*/ tests/unit/test_*.c; do
		map_name=${map_name%/}
		grep -qF "\`$map_name\`" tests/README.md || echo "$map_name"
	done >"$work/map"
	[ ! -s "$work/map" ]
	result $? 'tests/README.md has each folder of tests and each program of tests/unit' "@$work/map"
}

functions() {
	: >"$work/functions"
	for functions_name in $(grep -o '`[a-z0-9_]*()' SECURITY.md | tr -d '`()' | sort -u); do
		grep -rqE "^$functions_name\(" pam_jwt.c src || echo "$functions_name()" >>"$work/functions"
	done
	if [ -s "$work/functions" ]; then
		fail 'the functions that SECURITY.md names are there' "@$work/functions"
	else
		pass 'the functions that SECURITY.md names are there'
	fi
}

lint() {
	if ! command -v mandoc >/dev/null 2>&1; then
		skip 'mandoc finds nothing in the manuals' 'mandoc is not installed'
		return
	fi
	for lint_page in man/*.[1-8]; do
		# Which other manuals are there is the machine's affair.
		mandoc -T lint -W style "$lint_page" 2>/dev/null | grep -v 'STYLE: referenced manual not found' >"$work/lint"
		if [ ! -s "$work/lint" ]; then
			pass "mandoc finds nothing in $lint_page"
		else
			fail "mandoc finds nothing in $lint_page" "@$work/lint"
		fi
	done
}

# Words that CONTRIBUTING does not want in what people read; it names them itself.
plain() {
	grep -d skip -nE '\bbut for\b|\bis none\b|\b(is|are) to be\b|\banew\b|\bblanks?\b|\b[Ww]hoever\b|\bsmall letters?\b' \
		man/*.[1-8] README.md SECURITY.md NEWS.md conf/*.conf conf/*/* >"$work/words"
	[ ! -s "$work/words" ]
	result $? 'the documents keep to the words of CONTRIBUTING.md' "@$work/words"
}

# Prints a page as somebody reads it whose terminal has 80 columns.
rendered() {	# PROGRAM PAGE
	case $1 in
	mandoc) mandoc -T utf8 -O width=78 "$2" ;;
	man) LC_ALL=C.UTF-8 MANWIDTH=80 man -P cat -l "$2" ;;
	esac 2>/dev/null
}

# A wider line is broken by the terminal, and a row of a table that does not fit goes on far to the right.
widths() {	# PROGRAM
	for widths_page in man/*.[1-8]; do
		rendered "$1" "$widths_page" | python3 -c '
import re, sys
lines = re.sub("\033\\[[0-9;]*m|.\b", "", sys.stdin.buffer.read().decode()).splitlines()
sys.stdout.buffer.write("".join(line + "\n" for line in lines if len(line) > 80).encode())
if len(lines) < 20:
    print("it has %d lines" % len(lines))' >"$work/wide"
		[ ! -s "$work/wide" ]
		result $? "$widths_page fits 80 columns by $1" "@$work/wide"
	done
}

# A word of a heading that is also a macro, such as "An", would vanish.
headings() {
	if ! command -v mandoc >/dev/null 2>&1; then
		skip 'the headings of the manuals are shown whole' 'mandoc is not installed'
		return
	fi
	for headings_page in man/*.[1-8]; do
		rendered mandoc "$headings_page" | sed -e 's/.\x08//g' -e 's/^ *//' >"$work/shown"
		sed -n 's/^\.S[hs] //p' "$headings_page" | grep -vxFf "$work/shown"
	done >"$work/headings"
	[ ! -s "$work/headings" ]
	result $? 'the headings of the manuals are shown whole' "@$work/headings"
}

# The man of mandoc does not take MANWIDTH.
renders() {	# PROGRAM
	command -v "$1" && command -v python3 && { [ "$1" = mandoc ] || man --version | grep '^man [0-9]'; }
}

pages_fit() {
	for pages_fit_by in man mandoc; do
		if renders "$pages_fit_by" >/dev/null 2>&1; then
			widths "$pages_fit_by"
		else
			skip "the manuals fit 80 columns by $pages_fit_by" "$pages_fit_by (of man-db, or mandoc) or python3 is not here"
		fi
	done
}

# How long the tests take.
test_time() {
	test_time_is="about $(sed -n "s/^USUAL='\(.*\)'$/\1/p" tests/check.sh)"
	for test_time_page in README.md tests/README.md; do
		tr -s '\n\t ' ' ' <"$test_time_page" | grep -qE "tests[^.]* $test_time_is"
		result $? "$test_time_page says how long the tests take: $test_time_is"
	done
}

reasons
arguments
argument_defaults
settings
login_settings
test_settings
issuer_settings
defaults
remedies
grammar
algorithms
types
programs
limits
tool
issuer
askpass
configurations
files
map
functions
lint
plain
headings
pages_fit
test_time
finish
