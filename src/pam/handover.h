/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hands the grant (core/grant.h) from authenticate to the later phases.
 *
 * In one process PAM data does it.  For keyboard-interactive sshd runs
 * authenticate in a child of the process that opens the session, and the PAM
 * data of that child is lost; so there the grant also lies in a file of root's
 * that is named after the parent (host/records.h).  Nothing of it goes through
 * the environment, which a user may write.
 */
#ifndef JWT_PAM_HANDOVER_H
#define JWT_PAM_HANDOVER_H

#include "core/grant.h"
#include "core/verdict.h"
#include "pam/call.h"

/*
 * Leave the grant of an accepted verdict.  Returns JWT_OK, JWT_OUT_OF_MEMORY,
 * or JWT_INTERNAL if a grant that must not get lost cannot be left.
 */
JWT_MUST_USE enum jwt_reason handover_leave(const struct call *call,
    const struct verdict *verdict);

/*
 * Remove what an earlier or a refused attempt left; handover_clear() only what
 * it left in this process.
 */
void handover_forget(pam_handle_t *pamh);
void handover_clear(pam_handle_t *pamh);

/* The grant in PAM data, borrowed; NULL when another method let the user in. */
struct grant *handover_grant(pam_handle_t *pamh);

/*
 * The same, and where there is none look for one that a child left for this
 * process: it is taken once and kept as PAM data.  False, with a line in the
 * log, if one was left that cannot be used: then nobody knows what the session
 * owes to its token.
 */
JWT_MUST_USE bool handover_take(pam_handle_t *pamh, struct grant **out);

#endif
