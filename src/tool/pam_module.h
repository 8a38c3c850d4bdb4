/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds a module where libpam looks for it. */
#ifndef JWT_PAM_MODULE_H
#define JWT_PAM_MODULE_H

#include <stdbool.h>

#include "host/file.h"

/*
 * Patterns of the folders that distributions have for modules, and NULL after
 * the last.  No system says which of them its libpam was built for.
 */
extern const char *const pam_module_folders[];

/*
 * The file of a module, by its name in a line of pam.d; false if there is none.
 *
 * folders  pam_module_folders; a test has its own
 * name     absolute, or below one of the folders
 */
bool pam_module_find(const char *const *folders, const char *name,
    char path[FILE_PATH_MAX]);

#endif
