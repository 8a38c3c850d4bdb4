/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks logind to end sessions, by loginctl(1). */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/clock.h"
#include "host/file.h"
#include "tool/sessions_logind.h"

/* The environment is empty: it could name another bus. */
static int
spawn(const char *path, const char *verb, const char *id, pid_t *out)
{
	const char *const words[] = {
		"loginctl", "--no-ask-password", "--", verb, id, NULL
	};
	char *argv[sizeof(words) / sizeof(words[0])], *envp[] = { NULL };
	posix_spawn_file_actions_t actions;
	int error, fd;

	memcpy(argv, words, sizeof(words));
	error = posix_spawn_file_actions_init(&actions);
	if (error != 0)
		return error;
	for (fd = 0; fd < 3 && error == 0; fd++)
		error = posix_spawn_file_actions_addopen(&actions, fd,
		    "/dev/null", O_RDWR, 0);
	if (error == 0)
		error = posix_spawn(out, path, &actions, NULL, argv, envp);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

void
logind_begin(const char *verb, const char *id, struct logind_call *out)
{
	*out = (struct logind_call){ .pid = -1, .fd = -1 };
	if (spawn("/usr/bin/loginctl", verb, id, &out->pid) != 0 &&
	    spawn("/bin/loginctl", verb, id, &out->pid) != 0) {
		out->pid = -1;
		return;
	}
	out->fd = (int)syscall(SYS_pidfd_open, out->pid, 0U);
}

static int
until(int64_t time_msec)
{
	int64_t left = time_msec - clock_msec();

	return left > 0 ? (int)left : 0;
}

bool
logind_finish(struct logind_call *call, int64_t until_msec)
{
	struct pollfd poll_fd = { .fd = call->fd, .events = POLLIN };
	int status = -1, got;

	if (call->pid < 0)
		return false;
	do
		got = poll(&poll_fd, 1, until(until_msec));
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		kill(call->pid, SIGKILL);	/* our own child, not reaped */
	while (waitpid(call->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (call->fd >= 0)
		close(call->fd);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
