/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps what is in memory from others. */
#ifndef JWT_DUMP_H
#define JWT_DUMP_H

#include <stdbool.h>

/*
 * From now on no other process of the user can look into this one, and it
 * leaves no core dump.  Call it before the first secret is read.  False, with a
 * message, if that fails.
 */
bool dump_forbid(void);

#endif
