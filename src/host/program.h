/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the programs of other packages that pam-jwt runs. */
#ifndef JWT_PROGRAM_H
#define JWT_PROGRAM_H

#include "core/base/bytes.h"
#include "core/reason.h"

#define PROGRAM_PATH_MAX 1024	/* bytes with terminator */

/*
 * Find a program in the folder of our own program, otherwise in the folder that
 * was compiled in.  PATH is never used, or the environment could choose the
 * program.  False when it is in neither folder.
 *
 * name  without a slash
 */
JWT_MUST_USE bool program_find(const char *name, char path[PROGRAM_PATH_MAX]);

#endif
