/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the command asks of logind.  loginctl does it, so that pam-jwt needs no
 * library of systemd on hosts that only verify tokens.
 */
#ifndef JWT_SESSIONS_LOGIND_H
#define JWT_SESSIONS_LOGIND_H

#include "host/logind.h"

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
