/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds passwords and keys that get around rules, for `pam-jwt check`. */
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

/*
 * The same for sshd, where an ssh key lets in without asking PAM for anything
 * but the account.
 *
 * settings  of check_sshd_ask()
 * config    CHECK_SSHD_CONFIG; a test has its own
 */
void check_door_note_keys(const char *const *folders,
    const struct policy *policy, const char *settings, const char *config,
    struct diag *diag);

#endif
