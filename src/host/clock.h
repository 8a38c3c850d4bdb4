/* SPDX-License-Identifier: BSD-2-Clause */
/* Clocks that nobody can set, for time limits and for the time of the boot. */
#ifndef JWT_CLOCK_H
#define JWT_CLOCK_H

#include <stdint.h>

/* Milliseconds of CLOCK_MONOTONIC; -1 if it cannot be read. */
int64_t clock_msec(void);

/* Seconds since the host was started; 0 if that is unknown. */
int64_t clock_boot_sec(void);

#endif
