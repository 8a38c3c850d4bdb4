/* SPDX-License-Identifier: BSD-2-Clause */
/* Running a command, and waiting for it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "askpass/command.h"
#include "askpass/complain.h"
#include "askpass/userfile.h"

#define EXIT_NOT_RUN 127	/* as a shell says it */

/* In the child.  It must not read the terminal of the program that asks. */
static _Noreturn void
become(const char *command, int out)
{
	int in;

	(void)dup2(out, STDOUT_FILENO);
	in = open("/dev/null", O_RDONLY);
	if (in >= 0 && dup2(in, STDIN_FILENO) >= 0)
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(EXIT_NOT_RUN);
}

static bool
succeeded(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return complain_errno("the command");
	}
	if (WIFSIGNALED(status))
		return complain("the command was ended by signal %d",
		    WTERMSIG(status));
	return WEXITSTATUS(status) == 0 || complain("the command failed, "
	    "with exit status %d", WEXITSTATUS(status));
}

bool
command_run(const char *command, struct secret *out)
{
	bool ok = false;
	pid_t child;
	int fds[2];

	/* A program that ignores it would take the exit status from us. */
	(void)signal(SIGCHLD, SIG_DFL);
	if (pipe2(fds, O_CLOEXEC) != 0)
		return complain_errno("a pipe");
	child = fork();
	if (child == 0)
		become(command, fds[1]);
	close(fds[1]);
	if (child > 0)
		ok = userfile_drain(fds[0], "what the command prints", out);
	else
		complain_errno("the command");
	close(fds[0]);
	return child > 0 && succeeded(child) && ok;
}
