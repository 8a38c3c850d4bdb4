#!/bin/sh
# ansible with the setting of pam-jwt-askpass(1): a play of several tasks on two hosts, after one pam-jwt login.
# Nothing installs ansible-core for it: it is larger than all the rest.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/day_enter.sh
. "$P/tests/lib/day_enter.sh"
# shellcheck disable=SC2034 # for results.sh
AREA=ansible
command -v ansible-playbook >/dev/null || { skip play 'there is no ansible-playbook (ansible-core) here' && exit 0; }
day_enter play "$0" "$@"
# shellcheck disable=SC2034 # for day.sh: a play takes longer than a login
LIMIT=120

# The lines of the manual, as they are there.
manual_setting() {
	sed -n '/^\.Pa ansible\.cfg/,/^\.Ed/p' "$P/man/pam-jwt-askpass.1" | sed -n '/^\.Bd/,/^\.Ed/{/^\./d; p;}' | sed 's/\\e$/\\/'
}

project_make() {
	mkdir "$HOME_OF/play"
	manual_setting >"$HOME_OF/play/ansible.cfg"
	printf '[hosts]\nbastion.test\ndb1.test\n[hosts:vars]\nansible_python_interpreter=/usr/bin/python3\n' >"$HOME_OF/play/inventory"
	cat >"$HOME_OF/play/play.yml" <<-'END'
		- hosts: hosts
		  gather_facts: no
		  tasks:
		    - command: id -un
		      register: who
		    - assert:
		        that: who.stdout == "alice"
		    - copy:
		        content: "from {{ inventory_hostname }}"
		        dest: "~/from-{{ inventory_hostname }}"
		        mode: "0600"
		    - command: cat from-{{ inventory_hostname }}
		      args:
		        chdir: "~"
	END
	chown -R "$ALICE" "$HOME_OF/play"
}

play() {
	play_rc=0
	# shellcheck disable=SC2016 # of the inner shell
	alice env LC_ALL=C.UTF-8 sh -c 'cd "$HOME/play" && exec ansible-playbook -i inventory play.yml' >"$D/out" 2>&1 || play_rc=$?
}

# The masters that ansible has left, one for each host.
play_over() {
	for play_master in "$HOME_OF"/.ansible/cp/*; do
		[ ! -S "$play_master" ] || alice ssh -o ControlPath="$play_master" -O exit any >/dev/null 2>&1 || :
	done
}

count() {	# WANTED
	log_sync
	count_ok=$(log_decisions sshd | grep -c ' reason=ok ' || :)
	[ "$count_ok $(log_decisions sshd | wc -l)" = "$1 $1" ]
}

chmod 1777 /dev/shm	# that of ns_dev; ansible has its locks there
hosts_start
desk_make
project_make
log_mark
alice pam-jwt login --browser >"$D/out" 2>&1
check 'the manual has a setting' grep -q '^ssh_args' "$HOME_OF/play/ansible.cfg"
play
result "$play_rc" 'a play of several tasks on two hosts' @"$D/out"
check '... is one login for each' count 2
check '... and its files have come' test "$(cat "$HOME_OF/from-bastion.test" "$HOME_OF/from-db1.test")" = 'from bastion.testfrom db1.test'
play
result "$play_rc" 'again' @"$D/out"
check '... by the connections that are open' count 2
play_over
check 'the provider saw one login' test "$(op_requests '^POST /token 200 authorization_code')" = 1
# Without the setting it switches keyboard-interactive off.
: >"$HOME_OF/play/ansible.cfg"
play
check 'without the setting nobody gets in' grep -q 'Permission denied' "$D/out"
finish
