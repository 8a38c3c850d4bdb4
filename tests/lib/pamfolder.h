/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder of a test's own, in the place of /etc/pam.d and others. */
#ifndef JWT_TESTS_PAMFOLDER_H
#define JWT_TESTS_PAMFOLDER_H

#include "core/base/diag.h"

/* The folder, and NULL: as check_stack_folders. */
extern const char *const pamfolder_list[];

/* Set-up and teardown of a group of tests. */
int pamfolder_make(void **state);
int pamfolder_remove(void **state);

/* The path of a name in the folder; overwritten by the next call. */
const char *pamfolder_path(const char *name);

void pamfolder_put(const char *name, const char *text);
void pamfolder_drop(const char *name);

/*
 * Fail unless diag has exactly one warning, of this file of the folder, of this
 * line and with this text, or with that start after a ^; NULL: none at all.
 * Clears diag.
 */
void pamfolder_expect(struct diag *diag, const char *name, unsigned line,
    const char *text);

#endif
