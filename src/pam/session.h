/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The grant (core/grant.h) from phase to phase.
 *
 * sshd runs authenticate in a child for keyboard-interactive, whose PAM data
 * is lost; of the PAM environment it brings a copy back.  So both are set.
 */
#ifndef JWT_PAM_SESSION_H
#define JWT_PAM_SESSION_H

#include "core/grant.h"
#include "core/verdict.h"
#include "pam/call.h"

/* Leave the grant for the other phases: JWT_OK or JWT_OUT_OF_MEMORY. */
JWT_MUST_USE enum jwt_reason session_leave(const struct call *call,
    const struct verdict *verdict);

/* Nothing of an earlier or a refused attempt stays. */
void session_forget(pam_handle_t *pamh);

/*
 * The grant, borrowed from PAM data; NULL when another method let the user
 * in.  session_accepted(): of authenticate in this process alone.
 * session_grant(): also the one that setcred has taken over.
 */
const struct grant *session_accepted(pam_handle_t *pamh);
const struct grant *session_grant(pam_handle_t *pamh);

/*
 * As session_grant(), for setcred with its flags.  In sshd the first one that
 * establishes credentials takes over what is in the environment, and no later
 * one: by then it may be a user's.  False when it is no grant, or memory ran
 * out.
 */
bool session_take_over(pam_handle_t *pamh, int flags,
    const struct grant **out);

/* Who it was, for the session; never the token.  False when memory runs out. */
bool session_export(pam_handle_t *pamh, const struct grant *grant);

/*
 * Tell pam_systemd, after us, how long the session may last.  False when
 * nobody would keep the limit.
 */
bool session_limit(struct call *call, const struct grant *grant);

/* The token that opened the session opens no other one: revoke_on_logout. */
int session_revoke(struct call *call, const struct grant *grant);

#endif
