/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose the sessions of logind are, by what logind itself has written. */
#ifndef JWT_LOGIND_H
#define JWT_LOGIND_H

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

#endif
