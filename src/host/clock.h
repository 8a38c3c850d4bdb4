/* SPDX-License-Identifier: BSD-2-Clause */
/* Clocks that nobody sets. */
#ifndef JWT_CLOCK_H
#define JWT_CLOCK_H

#include <stdint.h>

/* Milliseconds of CLOCK_MONOTONIC; -1 when there is none. */
int64_t clock_msec(void);

/* Seconds since the host was started; 0 when nobody knows. */
int64_t clock_boot_sec(void);

#endif
