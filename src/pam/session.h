/* SPDX-License-Identifier: BSD-2-Clause */
/* A session that a token opened: its environment, its limit and its end. */
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

/* Remove everything that an earlier or a refused attempt left. */
void session_forget(pam_handle_t *pamh);

/*
 * Put the names of the grant into the PAM environment, for people and for
 * programs of the session.  Nothing reads them back, as a user may change them.
 * False when memory runs out.
 */
bool session_export(pam_handle_t *pamh, const struct grant *grant);

/*
 * Tell pam_systemd, which comes after us, how long the session may last.  False
 * when nothing would enforce the limit.
 */
bool session_limit(struct call *call, const struct grant *grant);

/* With revoke_on_logout, revoke the token that opened the session. */
int session_revoke(struct call *call, const struct grant *grant);

#endif
