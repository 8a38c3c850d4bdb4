/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Holds and signals processes by descriptor.  The calls go by number, because
 * glibc has them by name only since 2.36.
 */
#include <errno.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/pidfd.h"
#include "host/process.h"

/*
 * First the descriptor, then the start time: were it the other way round, the
 * process could end between them, and another one get its number.
 */
int
pidfd_hold(pid_t pid, int64_t start)
{
	struct process process;
	int fd = (int)syscall(SYS_pidfd_open, pid, 0U);

	if (fd < 0)
		return -1;
	if (process_read(pid, &process) && process.start == start &&
	    !pidfd_is_over(fd))
		return fd;
	close(fd);
	errno = ESRCH;
	return -1;
}

bool
pidfd_is_over(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return poll(&poll_fd, 1, 0) > 0 && (poll_fd.revents & POLLIN) != 0;
}

bool
pidfd_signal(int fd, int signal)
{
	return syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0U) == 0 ||
	    errno == ESRCH;
}

bool
pidfd_lives(pid_t pid, int64_t start)
{
	int fd = pidfd_hold(pid, start);

	if (fd < 0)
		return errno != ESRCH;
	close(fd);
	return true;
}
