# shellcheck shell=sh
# Tells whether the tests changed the machine. Sourced by tests/check.sh, outside of any namespace.

# Prints a fingerprint of everything that the scripts cover with private copies, seen from outside. If it is the same before and
# after the tests, they left the machine alone.
machine_state() {
	{
		for machine_file in /etc/pam.d /etc/pam_jwt /etc/passwd /etc/group /etc/shadow /etc/sudoers /etc/sudoers.d; do
			echo "$machine_file"
			find "$machine_file" -exec ls -ld --time-style=full-iso {} + 2>/dev/null
			find "$machine_file" -type f -exec cksum {} + 2>/dev/null
		done
		ls -d /dev/log /run/sshd 2>/dev/null
		grep -F /pam_jwt. /proc/self/mounts
	} | cksum
}
