/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the clocks that go on steadily when an administrator sets the time. */
#include <time.h>

#include "host/clock.h"

int64_t
clock_msec(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return -1;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
clock_boot_sec(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_BOOTTIME, &now) != 0)
		return 0;
	return (int64_t)now.tv_sec;
}
