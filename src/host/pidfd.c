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
 * Whether a held process is the one that began at start, and goes on; false
 * with errno.  It is gone only where that is sure: for want of a descriptor
 * /proc cannot be read either.
 */
static bool
is_it(int fd, pid_t pid, int64_t start)
{
	struct process process;
	int error = ESRCH;
	bool is_read;

	errno = EIO;
	is_read = process_read(pid, &process);
	if (!is_read && !pidfd_is_over(fd))
		error = errno;
	else if (is_read && process.start == start && !pidfd_is_over(fd))
		return true;
	errno = error;
	return false;
}

/*
 * First the descriptor, then the start time: were it the other way round, the
 * process could end between them, and another one get its number.
 */
int
pidfd_hold(pid_t pid, int64_t start)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0U);
	int error;

	if (fd < 0)
		return -1;
	if (is_it(fd, pid, start))
		return fd;
	error = errno;
	close(fd);
	errno = error;
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
