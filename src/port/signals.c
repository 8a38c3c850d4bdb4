/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals from a descriptor, in the place of askpass/signals.c where there is
 * no signalfd(): a handler writes their numbers into a pipe.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "askpass/signals.h"
#include "cli/complain.h"

/* A handler has no argument of ours, so this is a variable of the program. */
static volatile sig_atomic_t write_end = -1;

static void
note(int number)
{
	unsigned char byte = (unsigned char)number;
	int saved = errno;
	ssize_t ignored = 0;

	/* If the pipe is full, there is enough to read. */
	if (write_end >= 0)
		ignored = write(write_end, &byte, 1);
	(void)ignored;
	errno = saved;
}

static bool
handle(int number)
{
	struct sigaction action = { .sa_handler = note };

	sigemptyset(&action.sa_mask);
	return sigaction(number, &action, NULL) == 0;
}

static bool
handle_all(int more)
{
	return handle(SIGHUP) && handle(SIGINT) && handle(SIGQUIT) &&
	    handle(SIGTERM) && handle(more);
}

bool
signals_hold(int more, struct signals *out)
{
	int fds[2];

	*out = SIGNALS_NONE;
	if (sigprocmask(SIG_SETMASK, NULL, &out->before) != 0 ||
	    pipe2(fds, O_CLOEXEC | O_NONBLOCK) != 0)
		return complain_errno("signals");
	out->fd = fds[0];
	write_end = fds[1];
	return handle_all(more) || complain_errno("signals");
}

int
signals_next(const struct signals *signals)
{
	unsigned char number;

	if (read(signals->fd, &number, 1) != 1)
		return 0;
	return number;
}

void
signals_release(struct signals *signals)
{
	int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	int fd = write_end;
	size_t i;

	if (signals->fd < 0)
		return;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)signal(numbers[i], SIG_DFL);
	write_end = -1;
	close(fd);
	close(signals->fd);
	*signals = SIGNALS_NONE;
}
