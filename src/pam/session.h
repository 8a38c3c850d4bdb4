/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Carries the grant (core/grant.h) from phase to phase.
 *
 * For keyboard-interactive sshd runs authenticate in a child.  Its PAM data is
 * lost, but sshd copies its PAM environment back.  So the grant is put into
 * both.
 */
#ifndef JWT_PAM_SESSION_H
#define JWT_PAM_SESSION_H

#include "core/grant.h"
#include "core/verdict.h"
#include "pam/call.h"

/* Leave the grant for the other phases: JWT_OK or JWT_OUT_OF_MEMORY. */
JWT_MUST_USE enum jwt_reason session_leave(const struct call *call,
    const struct verdict *verdict);

/* Remove everything that an earlier or a refused attempt left. */
void session_forget(pam_handle_t *pamh);

/*
 * The grant, borrowed from PAM data; NULL when another method let the user in.
 * session_accepted() knows only the one that authenticate left in this process,
 * session_grant() also the one that setcred has taken over.
 */
const struct grant *session_accepted(pam_handle_t *pamh);
const struct grant *session_grant(pam_handle_t *pamh);

/*
 * session_grant() for setcred, with its flags.  In sshd the first setcred that
 * establishes credentials takes over the grant of the PAM environment; no later
 * one does, because by then a user may have written it.  False when the
 * environment has something that is not a grant, or when memory runs out.
 */
bool session_take_over(pam_handle_t *pamh, int flags,
    const struct grant **out);

/*
 * Put the grant into the PAM environment, for programs of the session; it never
 * has the token.  False when memory runs out.
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
