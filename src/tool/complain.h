/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages of the command about what is wrong. */
#ifndef JWT_COMPLAIN_H
#define JWT_COMPLAIN_H

#include <stdbool.h>

/* "pam-jwt: ..." on stderr; returns false. */
bool complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
