/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks the folders of the module in /run, for `pam-jwt check`. */
#ifndef JWT_CHECK_FOLDERS_H
#define JWT_CHECK_FOLDERS_H

#include "core/base/diag.h"

#define CHECK_FOLDERS_TOP "/run/pam_jwt"

/*
 * Add a warning to diag for each folder that the module will not use, because
 * others may read or write it, or it is not root's.  One that is missing is
 * made by the module.
 *
 * top  CHECK_FOLDERS_TOP; a test has its own
 */
void check_folders_note(const char *top, struct diag *diag);

#endif
