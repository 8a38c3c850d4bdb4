/* SPDX-License-Identifier: BSD-2-Clause */
/* Ends sessions: pam-jwt sessions end, and revoke --end-sessions. */
#ifndef JWT_SESSIONS_END_H
#define JWT_SESSIONS_END_H

#include "tool/sessions.h"

#define SESSIONS_TERM_MSEC 5000	/* until then programs may end by themselves */
#define SESSIONS_KILL_MSEC 5900	/* until then all must be over */

/*
 * End all sessions that have a why, at the same time, but for those of an
 * earlier call.  Each end has a line in the log.  False, with a message for
 * each, if one could not be ended.
 */
bool sessions_end(struct sessions *sessions);

#endif
