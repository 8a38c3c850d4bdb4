# shellcheck shell=sh
# A private corner of the machine in which real PAM programs use the module. It has its own /etc/pam.d, users, /dev/log and /run,
# in a mount namespace that vanishes with the script. Sourced by tests/e2e/*.sh and demo.sh.
#
#     P=/path/of/the/checkout; . "$P/tests/lib/ns.sh"
#     ns_enter "$0" "$@"          starts the script again inside; afterwards the variables below are set
#     ...; keys_make; suite sshd alice bob; finish
#
# Set inside: NS (root, or user: an ordinary user in a namespace of his own), D (a private folder, a tmpfs), SO (the module),
# JWT (the command), ASKPASS, CONF, LOG (the file with all lines that came to /dev/log), ALICE and BOB (user ids).

: "${P:?the root of the checkout}"
NS=${PAM_JWT_NS:-}	# set by ns_enter when it starts the script again
B=${BUILD:-$P/build}	# where the module was built: absolute, or relative to the checkout
case $B in
/*) ;;
*) B=$P/$B ;;
esac
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

LIMIT=30		# seconds for a single login; the longest, su after a refusal, needs about 2
ISS=https://id.test	# short, like the audience, because sudo takes only tokens below 512 bytes
AUD=urn:test

# shellcheck source=tests/lib/results.sh
. "$P/tests/lib/results.sh"
# shellcheck source=tests/lib/log.sh
. "$P/tests/lib/log.sh"
# shellcheck source=tests/lib/tokens.sh
. "$P/tests/lib/tokens.sh"
# shellcheck source=tests/lib/attempt.sh
. "$P/tests/lib/attempt.sh"

# Prints the kind of namespace that is possible here: root, user or nothing.
ns_kind() {
	if [ "$(id -u)" -eq 0 ]; then
		unshare --mount --propagation "$(ns_propagation)" true 2>/dev/null && echo root
	else
		unshare --user --map-current-user --keep-caps --mount true 2>/dev/null && echo user
	fi
}

# "private" is not possible in a chroot that is not a mount point; ns_leave unmounts everything there anyway.
ns_propagation() {
	if mountpoint -q /; then echo private; else echo unchanged; fi
}

ns_enter() {	# SCRIPT ARGUMENT...
	umask 022
	if [ -n "$NS" ]; then
		ns_prepare
		return
	fi
	case $(ns_kind) in
	root) exec env PAM_JWT_NS=root unshare --mount --propagation "$(ns_propagation)" sh "$@" ;;
	user) exec env PAM_JWT_NS=user unshare --user --map-current-user --keep-caps --mount sh "$@" ;;
	esac
	skip "$1" 'this machine allows no mount namespace'
	exit 0
}

D=
NS_MOUNTS=
NS_PIDS=

ns_mount() {	# OPTION... TARGET
	mount "$@" || return
	for ns_target in "$@"; do :; done
	NS_MOUNTS="$ns_target $NS_MOUNTS"
}

# Mounts a private copy over a file or folder, if the machine has it.
ns_cover() {	# PRIVATE TARGET
	[ ! -e "$2" ] || ns_mount --bind "$1" "$2"
}

# In a user namespace root's folders, / and /tmp among them, seem to belong to nobody, and the module rightly distrusts files
# below such folders. So an ordinary user gets a root folder of his own, with all folders of the machine mounted into it.
ns_own_root() {
	ns_root=$(mktemp -d /tmp/pam_jwt.XXXXXX)
	mount -t tmpfs -o mode=755 pam_jwt "$ns_root"
	for ns_entry in /*; do
		if [ -L "$ns_entry" ]; then
			cp -P "$ns_entry" "$ns_root"
		elif [ -d "$ns_entry" ]; then
			mkdir "$ns_root$ns_entry"
			mount --rbind "$ns_entry" "$ns_root$ns_entry"
		fi
	done
	mkdir "$ns_root/.old"
	pivot_root "$ns_root" "$ns_root/.old"
	cd /
	umount -l /.old
	umount -l "$ns_root"	# the same mount, seen again through the bind of /tmp
	rmdir "$ns_root"
}

ns_prepare() {
	cd /
	trap ns_leave EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	ns_home=/tmp
	if [ "$NS" = user ]; then
		ns_own_root
		ns_home=/
	fi
	D=$(mktemp -d "${ns_home%/}/pam_jwt.XXXXXX")
	ns_mount -t tmpfs -o mode=755 pam_jwt "$D"
	SO=$D/pam_jwt.so
	JWT=$D/pam-jwt
	# shellcheck disable=SC2034 # for the scripts that need it
	ASKPASS=$D/pam-jwt-askpass
	CONF=$D/pam_jwt.conf
	LOG=$D/log
	# A checkout may have spaces in its name, which a line of pam.d cannot have, and alice may not enter a folder like /root.
	cp "$B/pam_jwt.so" "$B/pam-jwt" "$D"
	[ ! -x "$B/pam-jwt-askpass" ] || cp "$B/pam-jwt-askpass" "$D"
	mkdir "$D/etc" "$D/tok"
	ns_dev
	ns_users
	ns_etc
	[ "$NS" != root ] || ns_var
	log_start
}

ns_leave() {
	ns_status=$?
	trap - EXIT HUP INT TERM
	set +e	# if one step fails, the others are tried as well
	for ns_pid in $NS_PIDS; do
		kill "$ns_pid" 2>/dev/null && wait "$ns_pid" 2>/dev/null
	done
	cd /
	for ns_target in $NS_MOUNTS; do
		umount -l "$ns_target"
	done
	[ -z "$D" ] || rmdir "$D"
	leave "$ns_status"
}

# Only a /dev of our own gives a private /dev/log on a machine that has no /dev/log.
ns_dev() {
	mkdir "$D/dev" "$D/dev/shm"
	for ns_node in null zero full random urandom tty; do
		[ ! -e "/dev/$ns_node" ] || ns_device "$ns_node"
	done
	if [ -d /dev/pts ]; then
		mkdir "$D/dev/pts"
		ns_mount --rbind /dev/pts "$D/dev/pts"
	fi
	if [ -c /dev/ptmx ] && [ ! -L /dev/ptmx ]; then ns_device ptmx; else ln -s pts/ptmx "$D/dev/ptmx"; fi
	ln -s /proc/self/fd "$D/dev/fd"
	ns_mount --rbind "$D/dev" /dev
}

ns_device() {
	: >"$D/dev/$1"
	ns_mount --bind "/dev/$1" "$D/dev/$1"
}

# alice and bob exist only in here. An ordinary user has only his own user id to log in with, so he is alice. sshd needs the user
# sshd for its privilege separation.
ns_users() {
	ALICE=2001
	ns_group=2001
	if [ "$NS" = user ]; then
		ALICE=$(id -u)
		ns_group=$(id -g)
	fi
	BOB=$((ALICE + 1))
	cat >"$D/etc/passwd" <<-END
		root:x:0:0::$D/home/root:/bin/sh
		nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin
		sshd:x:22:65534::/run/sshd:/usr/sbin/nologin
		alice:x:$ALICE:$ns_group::$D/home/alice:/bin/sh
		bob:x:$BOB:$BOB::$D/home/bob:/bin/sh
	END
	cat >"$D/etc/group" <<-END
		root:x:0:
		tty:x:5:
		nogroup:x:65534:
		alice:x:$ns_group:
		bob:x:$BOB:
	END
	sed 's/:.*/:*:20000:0:99999:7:::/' "$D/etc/passwd" >"$D/etc/shadow"
	chmod 600 "$D/etc/shadow"
	mkdir -p "$D/home/root" "$D/home/alice" "$D/home/bob"
	if [ "$NS" = root ]; then
		chown "$ALICE:$ns_group" "$D/home/alice"
		chown "$BOB:$BOB" "$D/home/bob"
	fi
}

# /etc/hosts keeps sudo from asking a name server; login.defs says where the ids of ordinary users begin.
ns_etc() {
	mkdir "$D/etc/pam.d"
	printf 'auth required pam_deny.so\naccount required pam_deny.so\n' >"$D/etc/pam.d/other"
	printf '127.0.0.1 localhost %s\n' "$(uname -n)" >"$D/etc/hosts"
	printf 'UID_MIN 1000\nUID_MAX 60000\n' >"$D/etc/login.defs"
	ns_complete_etc passwd group shadow pam.d hosts login.defs
	for ns_file in passwd group shadow pam.d hosts login.defs; do
		ns_cover "$D/etc/$ns_file" "/etc/$ns_file"
	done
}

# If the machine lacks one of the files, as a minimal chroot lacks /etc/hosts, there is nothing to mount the copy on. The machine
# then gets a copy of its /etc that has all of them.
ns_complete_etc() {	# FILE...
	ns_missing=
	for ns_file in "$@"; do
		[ -e "/etc/$ns_file" ] || ns_missing="$ns_missing $ns_file"
	done
	[ -n "$ns_missing" ] || return 0
	cp -a /etc "$D/etc.copy" 2>/dev/null || :	# an ordinary user may not read everything
	for ns_file in $ns_missing; do
		cp -r "$D/etc/$ns_file" "$D/etc.copy"
	done
	ns_mount --bind "$D/etc.copy" /etc
}

# Covers the folders where daemons of root leave traces: pid files and sudo's tickets, wtmp and btmp, sudo's lecture.
ns_var() {
	ns_mount -t tmpfs -o mode=755 run /run
	mkdir -p /run/sshd
	mkdir "$D/varlog" "$D/varsudo"
	ns_cover "$D/varlog" /var/log
	ns_cover "$D/varsudo" /var/lib/sudo
}

# Writes a stack in which the module alone decides. When another method let the user in, the account phase of the module returns
# PAM_IGNORE, so pam_permit comes after it.
pam_service() {	# SERVICE
	cat >"$D/etc/pam.d/$1" <<-END
		auth    required $SO config=$CONF
		account required $SO config=$CONF
		account required pam_permit.so
		session optional $SO config=$CONF
	END
}

# Makes terminals of our own: most machines that run tests have none, and login changes the owner and mode of its terminal.
ns_terminals() {
	[ -d /dev/pts ] || mkdir /dev/pts
	ns_mount -t devpts -o newinstance,mode=620,gid=5,ptmxmode=666 devpts /dev/pts
	[ -L /dev/ptmx ] || ns_mount --bind /dev/pts/ptmx /dev/ptmx
}
