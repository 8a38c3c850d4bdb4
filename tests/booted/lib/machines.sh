# shellcheck shell=sh
# Several booted systems in one network, for a test that runs outside of them. Sourced by tests/booted/*.sh with a line "machines:"
# in the head; run.sh has started them, each without a network.
#
#     on NAME COMMAND...              runs a command as root there
#     network NAME NAME...            10.77.0.1 is the first one, 10.77.0.2 the next; all know the others' short names
#     repository NAME                 apt has the packages of this working copy, and those of the head of the test
#
# W is a folder of the test's own, outside of the systems.

: "${MACHINES:?from run.sh}" "${P:?}"
# shellcheck source=tests/lib/results.sh
. "$P/tests/lib/results.sh"
W=$MACHINES/test
rm -rf --one-file-system "$W"	# that of the release before
mkdir "$W"

leader() {	# NAME
	cat "$MACHINES/$1/leader"
}

on() {	# NAME COMMAND...
	on_leader=$(leader "$1")
	shift
	nsenter -t "$on_leader" -a env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root USER=root \
		LOGNAME=root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive setsid "$@"
}

# The folder of a system, as seen from outside.
root_of() {	# NAME
	echo "$MACHINES/$1/root"
}

# A bridge in the first one, and a cable from it to each of the others: the machine that runs the test has no part in it.
network() {	# NAME NAME...
	network_first=$1 network_number=1 network_hosts=
	on "$1" ip link add bridge type bridge && on "$1" ip addr add 10.77.0.1/24 dev bridge && on "$1" ip link set bridge up || return
	for network_name; do
		network_hosts="${network_hosts}10.77.0.$network_number $network_name
"
		network_number=$((network_number + 1))
	done
	network_number=1
	for network_name; do
		printf '%s' "$network_hosts" >>"$(root_of "$network_name")/etc/hosts"
		[ "$network_name" = "$network_first" ] || cable "$network_name" "$network_number" || return
		network_number=$((network_number + 1))
	done
}

cable() {	# NAME NUMBER
	nsenter -t "$(leader "$network_first")" -n ip link add "cable$2" type veth peer name host0 netns "$(leader "$1")" || return
	on "$network_first" ip link set "cable$2" master bridge up
	on "$1" ip addr add "10.77.0.$2/24" dev host0 && on "$1" ip link set host0 up
}

repository() {	# NAME
	rm -f "$(root_of "$1")"/etc/apt/sources.list.d/*
	echo 'deb [trusted=yes] file:/packages ./' >"$(root_of "$1")/etc/apt/sources.list"
	# What Enter does at the question whether to continue.
	echo 'APT::Get::Assume-Yes "true";' >"$(root_of "$1")/etc/apt/apt.conf.d/yes"
	on "$1" sh -c 'cd /packages && dpkg-scanpackages -m . 2>/dev/null >Packages && apt-get -q update' >"$W/repository" 2>&1
}
