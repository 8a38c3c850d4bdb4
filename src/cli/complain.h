/* SPDX-License-Identifier: BSD-2-Clause */
/* Error messages of the programs, each on a line of its own. */
#ifndef JWT_COMPLAIN_H
#define JWT_COMPLAIN_H

#include <stdbool.h>

/* Print "PROGRAM: MESSAGE" to standard error, and return false. */
bool complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for a failed system call: what it failed on, and errno in words. */
bool complain_errno(const char *what);

#endif
