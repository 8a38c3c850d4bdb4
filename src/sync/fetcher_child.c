/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Turns a child of root into a process that can only talk to the network.
 *
 * An attacker who takes over the fetcher has what is left here: one user
 * without rights, no capability and no way to get one, no file of ours, no
 * environment, little memory and little time.  A step that fails ends the
 * child, so a fetcher with one right too many never runs.
 */
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/file.h"
#include "sync/fetcher_rights.h"

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
	return fetcher_rights_close(STDERR_FILENO + 1);
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
#ifdef RLIMIT_MEMLOCK
		{ RLIMIT_MEMLOCK, 0 },
#endif
#ifdef RLIMIT_MSGQUEUE
		{ RLIMIT_MSGQUEUE, 0 },
#endif
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
	if (!fetcher_rights_give_up(user))
		return false;
	return fetcher_rights_die_with(parent);
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
