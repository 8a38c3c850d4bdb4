/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock of the programs that measure. */
#ifndef BENCH_CPU_H
#define BENCH_CPU_H

#include <stdint.h>
#include <time.h>

/* Processor time of this process, in nanoseconds. */
static inline int64_t
cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

#endif
