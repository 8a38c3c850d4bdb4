/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the command asks of logind.  loginctl does it, so that pam-jwt needs no
 * library of systemd on hosts that only verify tokens.
 */
#ifndef JWT_SESSIONS_LOGIND_H
#define JWT_SESSIONS_LOGIND_H

#include <stdbool.h>
#include <sys/types.h>

#include "host/process.h"

/* Whether systemd runs here (sd_booted(3)). */
bool logind_is_there(void);

/*
 * The session of logind that the login of this leader has made; false, and out
 * is "", without one.  The parent of the leader is in another one, or in none,
 * and logind itself says that this process leads it: a process can go into a
 * control group that is named like a session, and su is in the session of the
 * administrator who ran it.
 */
bool logind_own_session(pid_t leader, pid_t parent,
    char out[PROCESS_SESSION_SIZE]);

/* One request that was begun. */
struct logind_call {
	pid_t pid;	/* of loginctl; -1: it could not be started */
	int fd;		/* the same, held */
};

/* Begin "loginctl VERB ID". */
void logind_begin(const char *verb, const char *id, struct logind_call *out);

/*
 * Wait for the answer until a time of clock_msec(), and not for a late one.
 * Whether logind did it.
 */
bool logind_finish(struct logind_call *call, int64_t until_msec);

#endif
