/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks the lines of our module in /etc/pam.d, for `pam-jwt check`. */
#ifndef JWT_CHECK_LINES_H
#define JWT_CHECK_LINES_H

#include "core/base/diag.h"

/*
 * Add a warning to diag for each line that libpam cannot load our module from,
 * because its name is misspelt or the file is not there, and for each line
 * whose arguments the module refuses.
 *
 * folders  check_stack_folders; a test has its own
 * modules  pam_module_folders; a test has its own
 */
void check_lines_note(const char *const *folders, const char *const *modules,
    struct diag *diag);

#endif
