#!/bin/sh
# What pam_jwt_tests.conf(5) shows, as it stands there: the tests, and three ways to put a configuration in force that refuse one
# whose tests fail: by hand, by a script with "set -e", by Ansible (skipped where it is not installed).
#
#     BUILD=build sh tests/cli/policy_hook.sh         from the top of the tree
set -u
# shellcheck disable=SC2034 # for shown.sh
AREA='policy hook'
# shellcheck source=tests/lib/shown.sh
. tests/lib/shown.sh

display() {	# N
	awk -v n="$1" '/^\.Bd/ { on = (++count == n); next } /^\.Ed/ { on = 0 } on { gsub(/\\e/, "\\"); print }' \
	    man/pam_jwt_tests.conf.5 | local_paths | sed -e "s/-o root -g root //" -e 's/^# //'
}

pam-jwt key generate --alg ES256 --out "$dir/private" --public "$dir/etc/keys/corp.jwk" >"$dir/out" 2>&1
write() {	# FILE GROUP
	cat >"$1" <<-END
		[issuer corp]
		iss = https://id.example.com
		keys = $dir/etc/keys/corp.jwk
		audience = ssh://bastion
		[service sshd]
		deny = if rhost not in 192.0.2.0/24
		permit = as claim sub if groups has "$2"
		[service sudo sudo-i]
		permit = as claim sub if groups has "admins"
	END
}

# fakehost knows alice; bob is not asked for before the rules have refused.
write "$conf" ssh-users
cp "$conf" "$dir/good"
display 1 >"$dir/etc/tests.conf"
pam-jwt check --config "$conf" >"$dir/out" 2>&1 && grep -q '^    4 passed$' "$dir/out"
result $? 'the example passes, all four tests of it'

# tried NAME: a configuration whose tests fail stays out, with the place of the test; one whose tests pass comes in. Runs "$dir/hook".
tried() {
	write "$dir/pam_jwt.conf" ssh-user
	cp "$dir/good" "$conf"
	! (cd "$dir" && sh -eu "$dir/hook") >"$dir/out" 2>&1 && cmp -s "$conf" "$dir/good" &&
	    grep -q "tests.conf:.*alice logs in from the office. expects accept alice, and the verdict is refuse not-permitted" "$dir/out"
	result $? "$1: a configuration whose tests fail stays out"
	write "$dir/pam_jwt.conf" ssh-users
	echo '# new' >>"$dir/pam_jwt.conf"
	(cd "$dir" && sh -eu "$dir/hook") >"$dir/out" 2>&1 && cmp -s "$conf" "$dir/pam_jwt.conf"
	result $? "$1: one whose tests pass is put in force"
}

# The editor of the person makes the change.
printf '#!/bin/sh\ncat %s/pam_jwt.conf >"$1"\n' "$dir" >"$dir/bin/change"
chmod 755 "$dir/bin/change"
{ echo "EDITOR=$dir/bin/change" && display 2; } >"$dir/hook"
tried 'by hand'
display 3 >"$dir/hook"
tried 'by a script'

if ! command -v ansible-playbook >/dev/null; then
	skip 'by Ansible' 'there is no ansible-playbook (ansible-core) here'
	finish
fi
# It tries the file in a folder of its own, and takes the tests of the host from the default place: here they are named.
{
	printf -- '- hosts: localhost\n  connection: local\n  gather_facts: no\n  tasks:\n'
	display 4 | sed -e 's/^/    /' -e "s#check --config %s#check --tests $dir/etc/tests.conf --config %s#"
} >"$dir/play.yml"
cp "$dir/etc/tests.conf" "$dir/tests.conf"
cat >"$dir/hook" <<-END
	HOME=$dir LC_ALL=C.UTF-8 ANSIBLE_NOCOLOR=1 ANSIBLE_LOCALHOST_WARNING=False ansible-playbook -i localhost, play.yml
END
tried 'by Ansible'
finish
