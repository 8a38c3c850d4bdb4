/* SPDX-License-Identifier: BSD-2-Clause */
/* What is legal, and yet not what was meant: for `pam-jwt check`. */
#ifndef JWT_CHECK_HOST_H
#define JWT_CHECK_HOST_H

#include "core/policy/policy.h"

/*
 * Note what is outside of the configuration: a warning about a store that
 * is still to be made, about sudo's ticket, which skips one-time tokens and
 * step-up, and about a host name in an audience that others may choose; an error (JWT_STATE_UNAVAILABLE) about a store that is unsafe
 * or damaged.
 */
void check_host_note(const struct policy *policy, struct diag *diag);

#endif
