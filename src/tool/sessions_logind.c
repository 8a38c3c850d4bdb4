/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks logind to end sessions, by loginctl(1), and looks whose they are. */
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

#define BOOTED		"/run/systemd/system"
#define SESSIONS	"/run/systemd/sessions"
#define STATE_SIZE	3072	/* bytes; what logind writes has some 500 */

bool
logind_is_there(void)
{
	return access(BOOTED, F_OK) == 0;
}

/* Whether the text has this line. */
static bool
has_line(const char *text, const char *line)
{
	size_t len = strlen(line);

	while (*text != '\0') {
		size_t has = strcspn(text, "\n");

		if (has == len && memcmp(text, line, len) == 0)
			return true;
		text += has;
		text += strspn(text, "\n");
	}
	return false;
}

/*
 * What sd_session_get_leader(3) reads.  A file that is too long is not believed:
 * its last line may be a part of one.
 */
static bool
leads(const char *login, pid_t leader)
{
	char path[sizeof(SESSIONS) + PROCESS_SESSION_SIZE + 1];
	char text[STATE_SIZE], line[32];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), SESSIONS "/%s", login);
	snprintf(line, sizeof(line), "LEADER=%ld", (long)leader);
	fd = file_open_at(AT_FDCWD, path, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return false;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (len < 0 || len == (ssize_t)sizeof(text) - 1)
		return false;
	text[len] = '\0';
	return has_line(text, line);
}

bool
logind_own_session(pid_t leader, pid_t parent, char out[PROCESS_SESSION_SIZE])
{
	char around[PROCESS_SESSION_SIZE];

	if (!logind_is_there() || !process_login_session(leader, out))
		return false;
	process_login_session(parent, around);
	if (strcmp(out, around) != 0 && leads(out, leader))
		return true;
	out[0] = '\0';
	return false;
}

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
