#!/bin/sh
# What a host takes for its audience: words with spaces, and names of the host that only this host has.
#
#     BUILD=build sh tests/cli/audience.sh            from the top of the tree; as root it also renames a host of its own
set -u
AREA='audience'
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh

run 0 'a key' key generate --alg ES256 --out "$dir/private" --public "$dir/public"

config() {	# AUDIENCE
	printf '%s\n' '[issuer home]' 'iss = https://id.test' "keys = $dir/public" "audience = $1" >"$dir/conf"
}

has() {	# TEXT NAME
	grep -qF -e "$1" "$dir/out"
	result $? "$2"
}

# Both sides are shown so that one word with a space cannot be taken for two.
token() {	# AUD
	"$tool" issue --key "$dir/private" --iss https://id.test --sub alice --aud "$1" --ttl 10m >"$dir/token"
}
words() {
	config '"openid login" urn:x'
	run 0 'a word between quotes may hold a space' check --config "$dir/conf"
	has 'audience "openid login" urn:x' 'check shows where each word ends'
	token openid
	"$tool" verify --config "$dir/conf" --service sshd <"$dir/token" >"$dir/out" 2>&1
	has 'aud holds "openid", this host accepts "openid login", "urn:x"' 'so does the hint of verify'
	config 'openid "login'
	run 2 'a quote that is not closed is an error' check --config "$dir/conf"
	has 'a quote that is not closed' 'and check names it'
}
words

# host_run KERNEL-NAME STATIC-NAME COMMAND...     on a host with these names; the end of line makes an empty name possible
host_run() {
	printf '%s\n' "$2" >"$dir/hostname"
	printf '127.0.0.1 localhost\n127.0.1.1 %s %s\n' "${fqdn:-$1.example.org}" "$1" >"$dir/hosts"
	unshare --uts --mount sh -c 'mount --bind "$1/hostname" /etc/hostname && mount --bind "$1/hosts" /etc/hosts &&
	    printf "%s\n" "$2" >/proc/sys/kernel/hostname && shift 3 && exec "$@"' sh "$dir" "$@" >"$dir/out" 2>&1
}

# host_check STATUS NAME KERNEL-NAME [STATIC-NAME]     pam-jwt check on a host with these names
host_check() {
	host_want=$1 host_name=$2 host_got=0
	host_run "$3" "${4-$3}" "$tool" check --config "$dir/conf" || host_got=$?
	[ "$host_got" -eq "$host_want" ]
	result $? "$host_name"
}

# host_verify REASON NAME KERNEL-NAME     a token for the host of that name
host_verify() {
	token "ssh://$3"
	host_run "$3" "$3" sh -c '"$1" verify --config "$2/conf" --service sshd --user root --json <"$2/token"' sh "$tool" "$dir" || :
	grep -q "\"reason\" *: *\"$1\"" "$dir/out"
	result $? "$2"
}

names() {
	config 'ssh://%{hostname}'
	host_check 0 'the name of a host' web1
	has 'audience ssh://web1' 'is in its audience'
	! grep -q warning "$dir/out"
	result $? 'a name that /etc/hostname has gives no warning'
	host_check 0 'another name than that of /etc/hostname' evil web1
	has 'a DHCP server may have named it' 'is warned of'
	host_check 2 'localhost is no name' localhost
	has 'one that any host may have' 'and check says why'
	host_check 2 'nor is localhost.localdomain' localhost.localdomain
	host_check 2 'nor is that of a kernel without a name' '(none)'
	host_check 2 'nor is an empty name' ''
	has 'one that any host may have' 'for the same reason'
	host_check 0 'a name without a file' web1 ''
	has 'a DHCP server may have named it' 'is warned of as well'
	config 'ssh://%{fqdn}'
	fqdn=
	host_check 0 'the full name of a host' web1
	has 'audience ssh://web1.example.org' 'is in its audience, too'
	fqdn=localhost.localdomain
	host_check 2 'a full name of localhost is none' web1
	fqdn=
	config 'urn:x'
	host_check 0 'a host that is not in its audience' evil web1
	! grep -q warning "$dir/out"
	result $? 'may have any name'
}

# The same as a login finds it: the token of a host gets in there, that of "localhost" nowhere.
logins() {
	config 'ssh://%{hostname}'
	printf '%s\n' '[service *]' 'permit = as root' >>"$dir/conf"
	host_verify ok 'a token for the host' web1
	host_verify config-invalid 'a token for localhost on a host of that name' localhost
	host_verify config-invalid 'a token for (none) on a kernel without a name' '(none)'
}

# machine_id STATUS NAME TEXT
machine_id() {
	id_want=$1 id_name=$2 id_got=0
	printf '%s' "$3" >"$dir/machine-id"
	unshare --mount sh -c 'mount --bind "$1/machine-id" /etc/machine-id && exec "$2" check --config "$1/conf"' \
	    sh "$dir" "$tool" >"$dir/out" 2>&1 || id_got=$?
	[ "$id_got" -eq "$id_want" ]
	result $? "$id_name"
}

machine_ids() {
	config 'urn:host:%{machine_id}'
	machine_id 0 'a machine ID' "0123456789abcdef0123456789abcdef
"
	machine_id 2 'an empty file is no machine ID' ''
	machine_id 2 'the machine ID of an image that was never booted is none' uninitialized
	machine_id 2 'nor are 32 zeros' 00000000000000000000000000000000
	machine_id 2 'nor is a UUID with hyphens' 01234567-89ab-cdef-0123-456789abcdef
}

can_rename() {
	[ "$(id -u)" -eq 0 ] && [ -f /etc/hostname ] && [ -f /etc/hosts ] && [ -f /etc/machine-id ] &&
	    unshare --uts --mount sh -c 'printf x >/proc/sys/kernel/hostname' 2>/dev/null
}
if can_rename; then
	names
	logins
	machine_ids
else
	skip 'the names of a host' 'not root, or without namespaces; test_host tests the names as well'
fi
finish
