/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks that sshd asks for a token, for `pam-jwt check`. */
#ifndef JWT_CHECK_SSHD_H
#define JWT_CHECK_SSHD_H

#include "core/base/diag.h"

/*
 * Add a warning to diag for each setting by which sshd does not ask for a
 * token, or takes only a short one.  A host whose sshd has no auth line of ours
 * gets none.
 *
 * folders   check_stack_folders; a test has its own
 * config    the configuration that is checked
 * settings  of check_sshd_ask()
 * place     CHECK_SSHD_CONFIG, in which the settings are looked for
 */
void check_sshd_note(const char *const *folders, const char *config,
    const char *settings, const char *place, struct diag *diag);

#endif
