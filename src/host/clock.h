/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock for deadlines, which nobody sets. */
#ifndef JWT_CLOCK_H
#define JWT_CLOCK_H

#include <stdint.h>

/* Milliseconds of CLOCK_MONOTONIC; -1 when there is none. */
int64_t clock_msec(void);

#endif
