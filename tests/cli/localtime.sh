#!/bin/sh
# The test of the time in a rule, on a host whose /etc/localtime is of another place, missing, malformed or another user's:
# what pam-jwt verify decides, and what pam-jwt check says. It is the wall clock of the host that counts, not TZ.
#
#     BUILD=build sh tests/cli/localtime.sh        from the top of the tree; root, for a mount namespace
set -u
AREA=localtime
if [ -z "${LOCALTIME_NS-}" ] && [ "$(id -u)" -eq 0 ] && unshare --mount true 2>/dev/null; then
	LOCALTIME_NS=1 exec unshare --mount sh "$0" "$@"
fi
# shellcheck source=tests/lib/cli.sh
. tests/lib/cli.sh
[ -n "${LOCALTIME_NS-}" ] || { skip 'the time zone of the host' 'it needs root and a mount namespace' && finish; }

NOW=1795996800	# 2026-11-30 00:00 UTC, a Monday; in Kiritimati it is 14:00, in Pago Pago Sunday 13:00

setup() {
	cp -a /etc "$dir/etc"
	mount --bind "$dir/etc" /etc || { skip 'the time zone of the host' 'no mount is possible here' && finish; }
	run 0 'a key' key generate --alg ES256 --kid ec --out "$dir/key" --public "$dir/key.pub"
	run 0 'a token' issue --key "$dir/key" --iss https://id.test --sub alice --aud urn:h --ttl 10m --now "$NOW"
	mv "$dir/out" "$dir/token"
}

leave() {
	umount /etc 2>/dev/null || :
	rm -rf "$dir"
}
trap leave EXIT

config() {	# RULE...
	printf '[issuer one]\niss = https://id.test\nkeys = %s\naudience = urn:h\n[service sshd]\n' "$dir/key.pub" >"$dir/conf"
	printf '%s\n' "$@" >>"$dir/conf"
}

zone() {	# NAME
	ln -sfn "/usr/share/zoneinfo/$1" /etc/localtime
}

verdict() {	# NAME REASON
	"$tool" verify --config "$dir/conf" --service sshd --user root --now "$NOW" <"$dir/token" >"$dir/out" 2>&1 || :
	case $2 in
	ok) grep -q '^accepted: root' "$dir/out" ;;
	*) grep -q "^refused: $2 " "$dir/out" ;;
	esac
	result $? "$1: $2"
}

# A permit holds by the time and a deny does not fire; nothing is known without it.
permits_and_denies() {	# NAME REASON-OF-PERMIT REASON-OF-DENY TIME
	config "permit = as root if time $4"
	verdict "$1, permit" "$2"
	config 'permit = as root' "deny = if not time $4"
	verdict "$1, deny" "$3"
}

says() {	# NAME TEXT
	grep -qF -e "$2" "$dir/out"
	result $? "$1"
}

zones() {
	zone Pacific/Kiritimati
	permits_and_denies 'Kiritimati' ok ok '14:00-14:01 mon'
	permits_and_denies 'Kiritimati, the minute before' not-permitted denied '13:59-14:00 mon'
	zone Pacific/Pago_Pago
	permits_and_denies 'Pago Pago' ok ok '13:00-14:00 sun'
	permits_and_denies 'Pago Pago has Sunday' not-permitted denied '13:00-14:00 mon'
	says 'verify says what the clock shows' 'the clock of the host shows sun 13:00'
	export TZ=Pacific/Kiritimati
	permits_and_denies 'TZ does not count' ok ok '13:00-14:00 sun'
	unset TZ
	"$tool" check --config "$dir/conf" >"$dir/out" 2>&1 || :
	! grep -q localtime "$dir/out"
	result $? 'check says nothing of a sound zone'
}

# verify is told the time of the token, so that its clock is set in all cases.
faults() {
	rm /etc/localtime
	permits_and_denies 'without a zone it is UTC' ok ok '00:00-00:01 mon'
	ln -s /usr/share/zoneinfo/No/Where /etc/localtime
	permits_and_denies 'a zone that is not there is UTC' ok ok '00:00-00:01 mon'
	rm /etc/localtime
	echo 'TZif2 and nothing' >/etc/localtime
	unknown 'a malformed zone' 'is not a time zone'
	cp /usr/share/zoneinfo/Pacific/Kiritimati /etc/localtime
	permits_and_denies 'a copy of a zone' ok ok '14:00-14:01 mon'
	chmod g+w /etc/localtime
	unknown 'a zone that others may write' '/etc/localtime: '
	rm /etc/localtime && mkdir /etc/localtime
	unknown 'a folder' '/etc/localtime: '
	rmdir /etc/localtime
}

unknown() {	# NAME WARNING
	permits_and_denies "$1" not-permitted denied '00:00-24:00'
	says "$1: verify says so" 'or its time zone is not known'
	"$tool" check --config "$dir/conf" >"$dir/out" 2>&1 || :
	says "$1: check says so" "$2"
	says "$1: check says what follows" 'each test of the time is unknown'
	# Rules that do not ask for the time do not mind.
	config 'permit = as root'
	verdict "$1, a rule without time" ok
}

setup
zones
faults
finish
