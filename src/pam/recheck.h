/* SPDX-License-Identifier: BSD-2-Clause */
/* The account phase, pam_sm_acct_mgmt(3), and the look when a session opens. */
#ifndef JWT_PAM_RECHECK_H
#define JWT_PAM_RECHECK_H

#include "core/grant.h"
#include "pam/call.h"

/*
 * Check again the token that was accepted.  If another method let the user in,
 * check whether the account is cut off.  Returns a PAM code.
 */
int recheck_account(struct call *call);

/*
 * Check again the token of a grant, and whether its account is cut off.  The
 * settings must be loaded before; the state of the call is not usable after it.
 */
JWT_MUST_USE enum jwt_reason recheck_grant(struct call *call,
    const struct grant *grant);

#endif
