/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes that are held by a descriptor.  A number of a process that ended is
 * given to another one, and a signal to the number would end that one; a
 * descriptor (pidfd_open(2), Linux 5.3) never means another process.
 */
#ifndef JWT_PIDFD_H
#define JWT_PIDFD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Open a process, if it is the one that began at start (struct process) and it
 * has not ended.  -1 with errno; ESRCH: that process is gone.
 */
int pidfd_hold(pid_t pid, int64_t start);

/*
 * Whether the process has ended, with all its threads.  A process whose first
 * thread alone has ended looks dead in /proc, but goes on.
 */
bool pidfd_is_over(int fd);

/* Send a signal; false with errno.  One that has ended is no failure. */
bool pidfd_signal(int fd, int signal);

/*
 * Whether the process that began at start goes on.  Where it cannot be found
 * out, it does.
 */
bool pidfd_lives(pid_t pid, int64_t start);

#endif
