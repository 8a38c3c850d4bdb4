/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares the sections with the services of PAM, for `pam-jwt check`. */
#ifndef JWT_CHECK_SERVICES_H
#define JWT_CHECK_SERVICES_H

#include "core/policy/policy.h"

/*
 * Add a warning to diag for each name of a [service] that no program uses, or
 * whose stack has no auth line of ours, and for services that have such a line
 * and no section, where any token with the right subject logs in.
 *
 * folders  check_stack_folders; a test has its own
 */
void check_services_note(const char *const *folders,
    const struct policy *policy, struct diag *diag);

#endif
