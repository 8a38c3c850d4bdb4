/* SPDX-License-Identifier: BSD-2-Clause */
/* What the user is told after a refusal. */
#ifndef JWT_PAM_EXPLAIN_H
#define JWT_PAM_EXPLAIN_H

#include "core/verdict.h"
#include "pam/call.h"

/*
 * Tell the user that the token was refused, what would have helped if that is
 * not secret, and the help text of the service.  Nothing is told of an answer
 * that may be a password: a later module may accept it.
 */
void explain_refusal(const struct call *call, const struct verdict *verdict);

#endif
