/* SPDX-License-Identifier: BSD-2-Clause */
/* The limit of a session, and who ends the session when it is reached. */
#ifndef JWT_PAM_LIMIT_H
#define JWT_PAM_LIMIT_H

#include "core/grant.h"
#include "pam/call.h"

/*
 * Put the limit of a session in force.  The settings must be loaded before.
 *
 * seconds  how long the session may last; GRANT_NO_LIMIT
 *
 * False, with a line in the log, if nothing would end the session in time, or
 * if it would be over already.
 */
JWT_MUST_USE bool limit_set(const struct call *call, const struct grant *grant,
    int64_t *seconds);

/* Remove what an earlier login left: its limit is not the next one's. */
void limit_forget(pam_handle_t *pamh);

#endif
