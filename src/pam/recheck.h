/* SPDX-License-Identifier: BSD-2-Clause */
/* The account phase, pam_sm_acct_mgmt(3). */
#ifndef JWT_PAM_RECHECK_H
#define JWT_PAM_RECHECK_H

#include "pam/call.h"

/*
 * Check again the token that was accepted.  If another method let the user in,
 * check whether the account is cut off.  Returns a PAM code.
 */
int recheck_account(struct call *call);

#endif
