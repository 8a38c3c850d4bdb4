/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds settings that are valid but not what was meant, for `pam-jwt check`. */
#ifndef JWT_CHECK_HOST_H
#define JWT_CHECK_HOST_H

#include "core/policy/policy.h"

/*
 * Add warnings to diag about a store that was not made yet, about sudo's
 * ticket, which bypasses one-time tokens and step-up, about a host name in an
 * audience that others may choose, about stacks of PAM that let in whoever is
 * cut off, and about units of systemd that do not reach the store.  A store
 * that is unsafe or damaged is an error (JWT_STATE_UNAVAILABLE).
 */
void check_host_note(const struct policy *policy, struct diag *diag);

#endif
