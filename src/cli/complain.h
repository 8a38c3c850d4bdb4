/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages of a program about what is wrong, each on a line of its own. */
#ifndef JWT_COMPLAIN_H
#define JWT_COMPLAIN_H

#include <stdbool.h>

/* Print "PROGRAM: MESSAGE" to standard error, and return false. */
bool complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for a system call that failed on something, with errno in words. */
bool complain_errno(const char *what);

#endif
