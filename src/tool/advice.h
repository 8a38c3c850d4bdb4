/* SPDX-License-Identifier: BSD-2-Clause */
/* What is legal, and yet not what was meant: for `pam-jwt check`. */
#ifndef JWT_ADVICE_H
#define JWT_ADVICE_H

#include "core/policy.h"

/*
 * Note warnings about what stands outside of the configuration: a store that
 * is not ready, and sudo's ticket, which skips one-time tokens and step-up.
 */
void advice_note(const struct policy *policy, struct diag *diag);

#endif
