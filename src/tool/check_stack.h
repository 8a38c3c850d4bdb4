/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks the place of our lines in the stacks of PAM, for `pam-jwt check`. */
#ifndef JWT_CHECK_STACK_H
#define JWT_CHECK_STACK_H

#include "core/base/diag.h"
#include "tool/pam_stack.h"

/* /etc/pam.d and /usr/lib/pam.d, and NULL after the last. */
extern const char *const check_stack_folders[];

/*
 * Add a warning to diag for each service in whose auth stack the module is, and
 * which would still let in an account that is cut off: there is no account
 * line, another line may keep libpam from asking it, or its refusal does not
 * count.  Lines with the config=PATH of another configuration are ignored.
 *
 * folders  check_stack_folders; a test has its own
 * config   the configuration that is checked
 */
void check_stack_note(const char *const *folders, const char *config,
    struct diag *diag);

/* Call tell with the account line of each service that has one. */
void check_stack_each(const char *const *folders, const char *config,
    void (*tell)(const void *context, const char *service,
    const struct pam_line *line), const void *context);

#endif
