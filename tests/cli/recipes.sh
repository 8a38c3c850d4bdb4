#!/bin/sh
# There is one version of each recipe: the files of conf. What README, pam_jwt_recipes(7) and pam_jwt(8) show of a configuration
# or a stack is compared with them, and `pam-jwt check` and sshd read them. Real programs run them: tests/e2e/recipes.sh, sudo.sh,
# greetd.sh and redis.sh.
#
#     BUILD=build sh tests/cli/recipes.sh            from the top of the tree
set -u

# shellcheck disable=SC2034 # for shown.sh
AREA=recipes
# shellcheck source=tests/lib/shown.sh
. tests/lib/shown.sh

# ---- what is shown -----------------------------------------------------------------------------------------------------

# The indented blocks of README, each after a line "= FILE:LINE". Indentation does not count. A line with "# " in front is no
# prompt there, but a label, which would be copied with the block.
blocks_of_readme() {
	awk '/^    / { if (!on) print "= README.md:" FNR; on = 1; sub(/^ +/, ""); sub(/^# /, "label: "); print; next } { on = 0 }' README.md
}

# The displays of a manual, or of some of its sections, as a reader sees them.
blocks_of_page() {	# PAGE [SECTION-PATTERN]
	awk -v page="$1" -v wanted="${2:-.}" '
		/^\.Sh / { inside = (substr($0, 5) ~ wanted) }
		!inside { next }
		/^\.Bd/ { print "= " page ":" FNR; on = 1; next }
		/^\.Ed/ { on = 0 }
		on { gsub(/\\e/, "\\"); gsub(/\\&/, ""); print }' "$1"
}

# Commands are run by other tests. A block of them begins with the name of a program or the prompt of a shell.
COMMANDS='^([#$] |(\(umask|\.|export|make|mkdir|pam-jwt|sh|ssh|sudo) )'

# The lines of each file of conf, without comments and empty lines, between lines "= FILE".
bare_files() {
	find conf -type f ! -path 'conf/systemd/*' | sort | while read -r bare_file; do
		echo "= $bare_file"
		sed -e '/^[[:space:]]*#/d' -e '/^[[:space:]]*$/d' "$bare_file"
	done
}

# Prints the blocks whose lines do not stand in one file of conf, one after the other.
second_versions() {	# <BLOCKS
	awk -v commands="$COMMANDS" '
		function judge() {
			if (text != "" && text !~ commands && index(files, "\n" text) == 0) print place "\n" text
			text = ""
		}
		FNR == NR { files = files "\n" $0; next }
		FNR == 1 { files = files "\n" }
		/^= / { judge(); place = $0; next }
		/^[ \t]*$/ { next }
		{ text = text $0 "\n" }
		END { judge() }' "$dir/files" -
}

bare_files >"$dir/files"
{
	blocks_of_readme
	blocks_of_page man/pam_jwt_recipes.7
	blocks_of_page man/pam_jwt.8 '^(SETTING UP|EXAMPLES)$'
} >"$dir/blocks"
second_versions <"$dir/blocks" >"$dir/out"
[ ! -s "$dir/out" ]
result $? 'what the documents show of a configuration stands in a file of conf'
# Both sides: a word that differs, a line that is left out in the middle, and a label that would be copied with the block.
[ "$(grep -c '^auth *required *pam_jwt.so$' "$dir/blocks")" -ge 3 ] && [ "$(grep -c '^\[service' "$dir/blocks")" -ge 8 ]
result $? '... and there are stacks and configurations among it'
for planted in 's/^session_limit = 8h/session_limit = 9h/' '/^audience = ssh/d' '/^.service greetd.$/i # kiosk.conf' \
	's/^auth     required    pam_jwt.so$/auth     sufficient  pam_jwt.so/' 's/^tls-port.*/&0/'; do
	sed "$planted" "$dir/blocks" | second_versions >"$dir/out"
	[ -s "$dir/out" ]
	result $? "a second version is noticed: $planted"
done
# A stack in any other place would be one, too.
grep -rnE '^ *(auth|account|session) .*pam_jwt\.so' README.md SECURITY.md NEWS.md man conf/examples/README.md |
	grep -v '^README.md:\|^man/pam_jwt_recipes.7:' >"$dir/stacks"
while IFS=: read -r page line _; do
	awk -v line="$line" '/^\.Sh / { name = $0 } FNR == line { exit name !~ /SYNOPSIS|EXAMPLES/ }' "$page" || echo "$page:$line"
done <"$dir/stacks" >"$dir/out"
[ ! -s "$dir/out" ]
result $? 'no other place has a stack'

# Files that nobody is told of help nobody.
for file in conf/recipes/*.conf conf/redis/* conf/sshd_config.d/* conf/pam.d/* conf/login.conf; do
	cat README.md man/*.[1-8] conf/pam.d/* conf/sshd_config.d/* conf/recipes/* conf/issuer/* | grep -v "^# /etc/$file" |
		grep -q "${file#conf/}\|\b${file##*/}\b" || echo "$file"
done >"$dir/out"
[ ! -s "$dir/out" ]
result $? 'each of the files is named where it is of use'

# ---- what reads them -----------------------------------------------------------------------------------------------------

pam-jwt key generate --alg ES256 --out "$dir/issuer.jwk" --public "$dir/etc/keys/home.jwk" >"$dir/out" 2>&1
result $? 'a key of the issuer'
pam-jwt state init --directory "$dir/state" >/dev/null
for file in conf/recipes/*.conf; do
	name=$(basename "$file" .conf)
	local_paths <"$file" >"$dir/etc/$name.conf"
	"$tool" check --any-account --config "$dir/etc/$name.conf" --tests "${file%.conf}.tests" >"$dir/out" 2>&1 &&
		grep -q "^    $(grep -c '^\[test ' "${file%.conf}.tests") passed$" "$dir/out"
	result $? "$name: it is sound, and its tests pass"
	sed -e '/^deny/d' -e 's/^\(permit *= .*\) if .*/\1/' "$dir/etc/$name.conf" >"$dir/etc/open.conf"
	! "$tool" check --any-account --config "$dir/etc/open.conf" --tests "${file%.conf}.tests" >"$dir/out" 2>&1 &&
		grep -q 'and the verdict is accept' "$dir/out"
	result $? "$name: its tests notice rules that let everybody in"
done
for sshd in /usr/sbin/sshd "$PWD/build/sshd/usr/sbin/sshd"; do
	[ ! -x "$sshd" ] || break
done
if [ -x "$sshd" ]; then
	ssh-keygen -q -t ed25519 -N '' -f "$dir/hostkey"
	for file in conf/sshd_config.d/*; do
		{ printf 'UsePAM yes\nHostKey %s\n' "$dir/hostkey" && cat "$file"; } >"$dir/sshd_config"
		"$sshd" -t -f "$dir/sshd_config" >"$dir/out" 2>&1
		[ $? -eq 0 ] || grep -qi 'privilege separation' "$dir/out"
		result $? "${file##*/}: sshd takes it"
	done
else
	skip 'what sshd takes' 'there is no sshd (sh tests/check.sh unpacks one)'
fi

# ---- packages from source ------------------------------------------------------------------------------------------------

# The packages that are installed there are those of debian/control, and no others.
blocks_of_page man/pam_jwt_recipes.7 '^PACKAGES' | grep -o '\.\./[a-z-]*_' | tr -d './_' | sort -u >"$dir/named"
[ -s "$dir/named" ] && sed -n 's/^Package: //p' debian/control | sort | grep -vxFf - "$dir/named" >"$dir/out"
[ ! -s "$dir/out" ]
result $? 'packages from source: they are there' "$(cat "$dir/out")"
finish
