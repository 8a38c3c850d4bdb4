/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads /proc.  The number of a process is used again later; the number and the
 * start time together are not.
 */
#ifndef JWT_PROCESS_H
#define JWT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/secret.h"

#define PROCESS_SESSION_SIZE 64	/* bytes of the name of a logind session */
#define PROCESS_NO_AUDIT UINT32_MAX	/* no audit session */

struct process {
	pid_t pid;
	pid_t parent;
	int64_t start;	/* clock ticks after the boot: field 22 of its stat */
};

/* Read /proc/PID/stat; false if there is no such process, or no /proc. */
bool process_read(pid_t pid, struct process *out);

/* The same from the text of such a file, for a process of that number. */
bool process_of_stat(const char *text, pid_t pid, struct process *out);

/* The inode of this process's PID namespace; 0 if it cannot be read. */
int64_t process_namespace(void);

/*
 * The audit session of a process, which all its descendants keep; false if it
 * cannot be read, or if the process has none.
 */
bool process_audit_session(pid_t pid, uint32_t *out);

/*
 * The session of logind that a process is in, found in its cgroup as
 * sd_pid_get_session(3) does: a scope session-ID.scope right below slices.  A
 * scope of such a name that a user's own manager made is none.  False, and out
 * is "", if the process is in no session.
 */
bool process_login_session(pid_t pid, char out[PROCESS_SESSION_SIZE]);

/*
 * Read /proc/PID/cgroup, and find the session in it.  For a caller that must
 * not take "cannot be read" for "in no session".  The caller clears *text.
 */
bool process_cgroup(pid_t pid, struct secret *text);
bool process_session_of_cgroup(const char *text,
    char out[PROCESS_SESSION_SIZE]);

/*
 * The user below whose slice, user-UID.slice of logind, a process is: in a
 * session or below the user's own systemd.  False, and out is PROCESS_NO_USER,
 * if it is in none.
 */
#define PROCESS_NO_USER ((uid_t)-1)
bool process_login_user(pid_t pid, uid_t *out);

#endif
