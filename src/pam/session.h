/* SPDX-License-Identifier: BSD-2-Clause */
/* A session that a token opened: its environment, its limit, its end. */
#ifndef JWT_PAM_SESSION_H
#define JWT_PAM_SESSION_H

#include "core/grant.h"
#include "core/verdict.h"
#include "pam/call.h"

/*
 * Leave the grant for the other phases (handover.h) and the environment for the
 * programs of the session.  The results are those of handover_leave().
 */
JWT_MUST_USE enum jwt_reason session_leave(const struct call *call,
    const struct verdict *verdict);

/*
 * Remove everything that an earlier or a refused attempt left.  session_clear()
 * leaves the file for another process, which an accepted attempt replaces.
 */
void session_forget(pam_handle_t *pamh);
void session_clear(pam_handle_t *pamh);

/*
 * Put iss, sub, jti and exp into the PAM environment, and the limit in force.
 * PAM_SUCCESS, PAM_BUF_ERR, or PAM_CRED_ERR if nobody would keep the limit.
 */
int session_set_up(struct call *call, const struct grant *grant);

/*
 * Open the session: put its limit in force, record it, and look once more
 * whether the token counts.  PAM_SUCCESS, or PAM_PERM_DENIED with a line in the
 * log.
 */
int session_open(struct call *call, struct grant *grant);

/* End the session, and with revoke_on_logout revoke its token. */
int session_close(struct call *call, const struct grant *grant);

#endif
