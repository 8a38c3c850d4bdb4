/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds settings that are valid but not what was meant, for `pam-jwt check`. */
#ifndef JWT_CHECK_HOST_H
#define JWT_CHECK_HOST_H

#include "core/policy/policy.h"

/*
 * Add warnings to diag about what is around the configuration on this host: a
 * store that was not made yet, sudo's ticket, which bypasses one-time tokens
 * and step-up, a host name in an audience that others may choose, stacks of
 * PAM, settings of sshd, and units of systemd that do not reach the store.  A
 * store that is unsafe or damaged is an error (JWT_STATE_UNAVAILABLE).
 *
 * Returns NULL, or a static sentence that says what was not looked at.
 */
const char *check_host_note(const struct policy *policy, struct diag *diag);

#endif
