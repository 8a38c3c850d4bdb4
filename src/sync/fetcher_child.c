/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Turns a child of root into a process that can only talk to the network.
 *
 * An attacker who takes over the fetcher has what is left here: one user
 * without rights, no capability and no way to get one, no file of ours, no
 * environment, little memory and little time.  A step that fails ends the
 * child, so a fetcher with one right too many never runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/file.h"
#include "sync/fetcher_child.h"

#define MIB ((rlim_t)1024 * 1024)

/* The fetcher must not inherit signals that the caller blocks or ignores. */
static bool
reset_signals(void)
{
	sigset_t none;
	int number;

	for (number = 1; number < NSIG; number++)
		(void)signal(number, SIG_DFL);
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) == 0;
}

/* Keep the socket alone: any other open file would be a right of ours. */
static bool
keep_only(int socket)
{
	int null = file_above_stdio(open("/dev/null", O_RDWR | O_CLOEXEC));

	if (null < 0)
		return false;
	if (dup2(socket, STDIN_FILENO) != STDIN_FILENO)
		return false;
	if (dup2(socket, STDOUT_FILENO) != STDOUT_FILENO)
		return false;
	if (dup2(null, STDERR_FILENO) != STDERR_FILENO)
		return false;
	return syscall(SYS_close_range, 3, ~0U, 0) == 0;
}

/*
 * Against an answer that unpacks to all memory of the host, and against files
 * and core dumps.  The limit of the stack is small because each thread reserves
 * as much.
 */
static bool
limit(void)
{
	static const struct {
		int resource;
		rlim_t most;
	} limits[] = {
		{ RLIMIT_CORE, 0 }, { RLIMIT_FSIZE, 0 }, { RLIMIT_CPU, 10 },
		{ RLIMIT_NOFILE, 32 }, { RLIMIT_STACK, MIB },
		{ RLIMIT_DATA, 24 * MIB }, { RLIMIT_AS, 192 * MIB },
		{ RLIMIT_MEMLOCK, 0 }, { RLIMIT_MSGQUEUE, 0 }
	};
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		const struct rlimit both = { limits[i].most, limits[i].most };
		struct rlimit now;

		if (getrlimit((__rlimit_resource_t)limits[i].resource,
		    &now) != 0)
			return false;
		/*
		 * A limit that is lower already stays: raising needs a right.
		 */
		if (now.rlim_max < limits[i].most)
			continue;
		if (setrlimit((__rlimit_resource_t)limits[i].resource,
		    &both) != 0)
			return false;
	}
	return true;
}

/* Without its bounding set no program of the child can gain a capability. */
static bool
drop_bounding(void)
{
	int capability;

	for (capability = 0; capability <= 63; capability++) {
		int has = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);

		if (has < 0 && errno == EINVAL)
			return capability > 0;
		if (has != 0 && prctl(PR_CAPBSET_DROP, capability, 0, 0,
		    0) != 0)
			return false;
	}
	return true;
}

/* The groups go before the user: without root's rights they could not. */
static bool
change_user(const struct fetcher_user *user)
{
	if (!drop_bounding())
		return false;
	if (setgroups(0, NULL) != 0)
		return false;
	if (setresgid(user->gid, user->gid, user->gid) != 0)
		return false;
	if (setresuid(user->uid, user->uid, user->uid) != 0)
		return false;
	/* If root can be taken back, something went wrong. */
	if (setresuid(0, 0, 0) == 0)
		return false;
	return setresgid(0, 0, 0) != 0;
}

/* A process that is not root may still hold some, such as ambient ones. */
static bool
drop_capabilities(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {
		{ .effective = 0 }
	};

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
		return false;
	return syscall(SYS_capset, &head, none) == 0;
}

/* This must follow the change of user, which resets the signal. */
static bool
die_with(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return false;
	return getppid() == parent;
}

/* Each step is needed; the first one that fails ends the child. */
static bool
give_up(const struct fetcher_user *user, pid_t parent, int socket)
{
	(void)umask(077);
	/*
	 * In a session of its own it has no terminal: otherwise it could type
	 * a command into the one that root started us from (TIOCSTI).
	 */
	if (setsid() < 0)
		return false;
	if (!reset_signals())
		return false;
	if (!keep_only(socket))
		return false;
	if (chdir("/") != 0)
		return false;
	if (!limit())
		return false;
	if (user->change && !change_user(user))
		return false;
	if (!drop_capabilities())
		return false;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	return die_with(parent);
}

_Noreturn void
fetcher_child(const char *program, const struct fetcher_user *user,
    pid_t parent, int socket)
{
	char name[] = "pam-jwt-net", command[] = "fetch";
	char *const args[] = { name, command, NULL };
	char *const environment[] = { NULL };

	if (!give_up(user, parent, socket))
		_exit(FETCHER_EXIT_RIGHTS);
	(void)execve(program, args, environment);
	_exit(FETCHER_EXIT_EXEC);
}
