/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What /proc says of a process.  A number of a process is used again; together
 * with its start time it is not.
 */
#ifndef JWT_PROCESS_H
#define JWT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PROCESS_SESSION_SIZE 64	/* bytes of the name of a logind session */
#define PROCESS_NO_AUDIT UINT32_MAX	/* no audit session */

struct process {
	pid_t pid;
	pid_t parent;
	int64_t start;	/* clock ticks after the boot: field 22 of its stat */
};

/* Read /proc/PID/stat; false if there is no such process, or no /proc. */
bool process_read(pid_t pid, struct process *out);

/* The inode of this process's PID namespace; 0 if it cannot be read. */
int64_t process_namespace(void);

/*
 * The audit session of a process, which all its descendants keep; false if it
 * cannot be read, or if the process has none.
 */
bool process_audit_session(pid_t pid, uint32_t *out);

/*
 * The session of logind that a process is in, found in its cgroup as
 * sd_pid_get_session(3) does: a scope session-NAME.scope.  False, and out is
 * "", if it is in none.
 */
bool process_login_session(pid_t pid, char out[PROCESS_SESSION_SIZE]);

#endif
