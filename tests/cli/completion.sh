#!/bin/sh
# The bash completion of pam-jwt offers every command, and every option that a command's --help names.
#
#     BUILD=build sh tests/cli/completion.sh         from the top of the tree
set -u

AREA=completion
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
command -v bash >/dev/null || { skip 'what it offers' 'there is no bash' && finish; }
dir=$(cd "${BUILD:-build}" && pwd) || exit 1

# Prints what is offered for the last of the words.
offered() {	# WORD...
	PATH="$dir:$PATH" bash -c '
		. conf/completion/pam-jwt
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		_pam_jwt
		printf "%s\n" "${COMPREPLY[@]}"' - "$@" | sort -u
}

offers() {	# NAME WANTED WORD...
	offers_name=$1 offers_want=$2
	shift 2
	offers_got=$(offered "$@" | tr '\n' ' ')
	[ "$offers_got" = "$offers_want " ]
	result $? "$offers_name" "wanted: $offers_want" "got: $offers_got"
}

sorted() {
	printf '%s\n' "$@" | sort -u | tr '\n' ' ' | sed 's/ $//'
}

# shellcheck disable=SC2046 # words
commands=$(sorted --help --version $("$dir/pam-jwt" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'))
offers 'the commands' "$commands" pam-jwt ''
offers 'the start of one' verify pam-jwt ver
offers 'key' '--help generate public thumbprint' pam-jwt key ''
offers 'sessions' '--help end list' pam-jwt sessions ''
offers 'state' '--help init list pull purge stats' pam-jwt state ''
for name in verify inspect check issue revoke sync login logout; do
	# shellcheck disable=SC2046 # words
	wanted=$(sorted --help $("$dir/pam-jwt" "$name" --help | grep -oE -e '--[a-z-]+'))
	offers "the options of $name" "$wanted" pam-jwt "$name" -
done
offers 'what people of the issuer takes' '--help add list remove' pam-jwt issuer people ''
offers 'the options of issuer check' '--config --help --people --sshd' pam-jwt issuer check -
offers 'a command of the issuer' check pam-jwt issuer che
offers 'algorithms' 'ES256 ES384 ES512' pam-jwt key generate --alg ES
offers 'algorithms that encrypt' 'RSA-OAEP RSA-OAEP-256' pam-jwt key generate --alg RSA
offers 'none of these for keys that verify' '' pam-jwt check --algorithms RSA
offers 'how a token is encrypted' 'A128CBC-HS256 A128GCM' pam-jwt issue --enc A128
offers 'curves' X25519 pam-jwt key generate --curve X
offers 'algorithms of a key file' 'ES256 ES384 ES512' pam-jwt check --algorithms ES
offers 'a key file' conf/pam_jwt.conf pam-jwt check --keys conf/pam_jwt.c
offers 'the issuers whose keys are fetched' keycloak pam-jwt sync --config conf/examples/keycloak.conf ''
offers 'no others' '' pam-jwt sync --config conf/pam_jwt.conf ''
logins=$(mktemp -d) || exit 1
trap 'rm -rf "$logins"' EXIT
mkdir "$logins/pam-jwt"
printf '[login corp]\nhosts = a\n[login  home ]\n' >"$logins/pam-jwt/login.conf"
XDG_CONFIG_HOME=$logins
export XDG_CONFIG_HOME
if [ ! -e /etc/pam_jwt/login.conf ]; then
	offers 'the logins of login.conf' 'corp home' pam-jwt login ''
	offers 'one of them' home pam-jwt login --status h
fi
offers 'nothing for a host' '' pam-jwt login --host ''
offers 'a folder' conf/pam.d pam-jwt state init --directory conf/pam.d
offers 'nothing for what only the user knows' '' pam-jwt issue --iss ''
finish
