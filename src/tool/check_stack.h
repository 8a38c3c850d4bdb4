/* SPDX-License-Identifier: BSD-2-Clause */
/* Where our lines stand in the stacks of /etc/pam.d: for `pam-jwt check`. */
#ifndef JWT_CHECK_STACK_H
#define JWT_CHECK_STACK_H

#include "core/base/diag.h"

/* /etc/pam.d and /usr/lib/pam.d, NULL after the last. */
extern const char *const check_stack_folders[];

/*
 * Note in diag, as warnings, where an account that is cut off would get in
 * though the module is in the auth stack of the service: there is no account
 * line, another line may keep libpam from asking it, or its refusal does not
 * count.  Lines with the config=PATH of another configuration are not looked
 * at.
 *
 * folders  check_stack_folders, but for a test
 * config   the configuration that is checked
 */
void check_stack_note(const char *const *folders, const char *config,
    struct diag *diag);

/* Print the place of the account line of each service that has one. */
void check_stack_print(const char *const *folders, const char *config);

#endif
