/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares the version of the module with the command's. */
#ifndef JWT_CHECK_VERSION_H
#define JWT_CHECK_VERSION_H

#include "core/base/diag.h"

/*
 * Add a warning to diag for each file of the module, named by a line of
 * /etc/pam.d, that is of another version than this command: what check and
 * verify say may then not be what a login decides.
 *
 * folders  check_stack_folders; a test has its own
 * modules  pam_module_folders; a test has its own
 */
void check_version_note(const char *const *folders,
    const char *const *modules, struct diag *diag);

#endif
