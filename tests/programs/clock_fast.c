/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In front of libc: a boot clock that is CLOCK_FAST times as fast as the true
 * one since the program has started, for waits of minutes.
 *
 *	cc -shared -fPIC -o clock_fast.so tests/programs/clock_fast.c
 *	CLOCK_FAST=30 LD_PRELOAD=./clock_fast.so pam-jwt login ...
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct timespec began;

__attribute__((constructor)) static void
begin(void)
{
	(void)syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &began);
}

int
clock_gettime(clockid_t clock, struct timespec *out)
{
	int code = (int)syscall(SYS_clock_gettime, clock, out);
	const char *text = getenv("CLOCK_FAST");
	long long passed;

	if (code != 0 || clock != CLOCK_BOOTTIME || text == NULL)
		return code;
	passed = (out->tv_sec - began.tv_sec) * 1000LL +
	    (out->tv_nsec - began.tv_nsec) / 1000000;
	out->tv_sec = began.tv_sec + (time_t)(passed * atol(text) / 1000);
	return code;
}
