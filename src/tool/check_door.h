/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds passwords that get around the rules, for `pam-jwt check`. */
#ifndef JWT_CHECK_DOOR_H
#define JWT_CHECK_DOOR_H

#include "core/policy/policy.h"

/*
 * Add a warning to diag for each service whose section demands more than a
 * token of the right person (a network, strong or fresh authentication, an ssh
 * key, a time of day), and whose auth stack also lets a password in, to which
 * none of that applies.
 *
 * folders  check_stack_folders; a test has its own
 */
void check_door_note(const char *const *folders, const struct policy *policy,
    struct diag *diag);

#endif
