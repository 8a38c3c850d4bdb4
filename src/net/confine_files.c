/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Takes files away from the process that talks to the network, by Landlock
 * (Linux 5.13).  For pam-jwt login it runs as the person, and could otherwise
 * read what is theirs: keys of ssh, the session with its refresh token, the
 * memory of their other programs.  What the resolver and TLS need belongs to
 * the system, and stays.
 */
#include "cli/complain.h"
#include "net/confine.h"

#if defined(__linux__) && !defined(JWT_CLIENT)
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>
#endif

#ifdef SYS_landlock_create_ruleset

/* The kernel's structure up to version 6; the libc's may be an older one. */
struct ruleset {
	uint64_t files;
	uint64_t network;	/* stays free: the filter limits the sockets */
	uint64_t scoped;
};

#define SCOPED_VERSION	6
#define SCOPED_ABSTRACT	1	/* sockets by name that have no file */
#define SCOPED_SIGNALS	2

#define READING (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* All that the first version knows: reading, writing, running, making. */
#define ALL_FILES ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

/*
 * The libc, its resolver and TLS read these.  The three files may be links; then
 * the files that they lead to are meant.
 */
static const char *const readable[] = {
	"/etc", "/usr", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store",
	"/var/lib/ca-certificates", "/proc/self", "/sys/devices/system/cpu",
	"/dev/null", "/dev/urandom",
	"/etc/hosts", "/etc/nsswitch.conf", "/etc/resolv.conf"
};

/* Allow to read what is there at a path; false with errno. */
static bool
add_path(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = READING };
	struct stat st;
	bool ok;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return true;
	if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
	ok = syscall(SYS_landlock_add_rule, ruleset,
	    LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	(void)close(rule.parent_fd);
	return ok;
}

/* A descriptor; -1 with errno. */
static int
make_ruleset(long version)
{
	struct ruleset rules = { .files = ALL_FILES };

	if (version >= SCOPED_VERSION)
		rules.scoped = SCOPED_ABSTRACT | SCOPED_SIGNALS;
	return (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules),
	    0);
}

bool
confine_files(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	bool ok = true;
	int ruleset;
	size_t i;

	/* A kernel without Landlock: the filter of system calls is all. */
	if (version < 1)
		return true;
	ruleset = make_ruleset(version);
	if (ruleset < 0)
		return complain_errno("Landlock");
	for (i = 0; ok && i < sizeof(readable) / sizeof(readable[0]); i++)
		ok = add_path(ruleset, readable[i]);
	ok = ok && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	if (!ok)
		complain_errno("Landlock");
	(void)close(ruleset);
	return ok;
}
#else

bool
confine_files(void)
{
	return true;
}
#endif
