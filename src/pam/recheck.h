/* SPDX-License-Identifier: BSD-2-Clause */
/* The account phase. */
#ifndef JWT_PAM_RECHECK_H
#define JWT_PAM_RECHECK_H

#include "pam/call.h"

/*
 * Look again at the token that was accepted; or, where another method let the
 * user in, whether the account is cut off.  Returns a PAM code.
 */
int recheck_account(struct call *call);

#endif
