/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks around a configuration that this host uses, for `pam-jwt check`. */
#ifndef JWT_CHECK_AROUND_H
#define JWT_CHECK_AROUND_H

#include "core/policy/policy.h"

/*
 * Whether the configuration is that of this host: it has the path of the
 * default, or a line of a stack names it by config=PATH.  Another file may be
 * for another host, and what is around it here tells nothing.
 *
 * folders  check_stack_folders; a test has its own
 */
bool check_around_is_here(const char *const *folders, const char *config);

/*
 * Add the warnings that every user of this host may see: of its stacks, of its
 * module and of its clock.
 */
void check_around_note(const struct policy *policy, struct diag *diag);

/* The same for root alone: the settings of sshd, and the folders in /run. */
void check_around_note_root(const struct policy *policy, const char *settings,
    struct diag *diag);

#endif
