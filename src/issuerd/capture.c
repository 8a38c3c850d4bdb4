/* SPDX-License-Identifier: BSD-2-Clause */
/* One child, one pipe, one deadline. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/clock.h"
#include "host/file.h"
#include "issuerd/capture.h"

#define NOT_THERE 127	/* as a shell says it */

_Noreturn static void
become(char *const argv[], int output)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char *const environment[] = { path, NULL };
	int null = file_above_stdio(open("/dev/null", O_RDONLY | O_CLOEXEC));

	if (null >= 0 && dup2(null, STDIN_FILENO) == STDIN_FILENO &&
	    dup2(output, STDOUT_FILENO) == STDOUT_FILENO)
		(void)execve(argv[0], argv, environment);
	_exit(NOT_THERE);
}

/* Read up to the end; false after the deadline, an error, or too much. */
static bool
read_all(int fd, int64_t deadline_msec, struct secret *out)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	ssize_t got;

	while (out->len < out->size) {
		int64_t left = deadline_msec - clock_msec();

		if (left <= 0)
			return false;
		if (poll(&poller, 1, (int)left) <= 0)
			continue;
		got = read(fd, out->ptr + out->len, out->size - out->len);
		if (got == 0)
			return true;
		if (got < 0 && errno != EINTR)
			return false;
		if (got > 0)
			out->len += (size_t)got;
	}
	return false;
}

/* Wait for the end of the child; kill it at the deadline. */
static bool
reap(pid_t child, int64_t deadline_msec, int *status)
{
	const struct timespec pause = { .tv_nsec = 5000000 };
	pid_t got;

	while ((got = waitpid(child, status, WNOHANG)) == 0) {
		if (clock_msec() >= deadline_msec)
			(void)kill(child, SIGKILL);
		(void)nanosleep(&pause, NULL);
	}
	return got == child && WIFEXITED(*status);
}

enum capture_result
capture_run(char *const argv[], unsigned timeout_sec, struct secret *out)
{
	int64_t deadline_msec = clock_msec() + (int64_t)timeout_sec * 1000;
	bool is_whole;
	int ends[2], status = 0;
	pid_t child;

	if (secret_alloc(CAPTURE_MAX, out) != JWT_OK)
		return CAPTURE_FAILED;
	out->len = 0;
	if (access(argv[0], X_OK) != 0)
		return CAPTURE_MISSING;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return CAPTURE_FAILED;
	child = fork();
	if (child == 0)
		become(argv, ends[1]);
	(void)close(ends[1]);
	is_whole = child > 0 && read_all(ends[0], deadline_msec, out);
	(void)close(ends[0]);
	if (child < 0)
		return CAPTURE_FAILED;
	if (!is_whole)
		deadline_msec = 0;
	if (!reap(child, deadline_msec, &status) || !is_whole)
		return CAPTURE_FAILED;
	if (WEXITSTATUS(status) == NOT_THERE)
		return CAPTURE_MISSING;
	if (WEXITSTATUS(status) != 0)
		return CAPTURE_FAILED;
	return CAPTURE_OK;
}
