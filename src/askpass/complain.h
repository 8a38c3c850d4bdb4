/* SPDX-License-Identifier: BSD-2-Clause */
/* All that the program ever says to people: what went wrong. */
#ifndef JWT_COMPLAIN_H
#define JWT_COMPLAIN_H

#include <stdbool.h>

/* Print an error on a line of its own to standard error; returns false. */
bool complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As complain(), for a system call on something, with errno. */
bool complain_errno(const char *what);

#endif
