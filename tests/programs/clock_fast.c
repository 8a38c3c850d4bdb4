/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In front of libc: a boot clock that is CLOCK_FAST times as fast as the true
 * one since the program has started, for waits of minutes.  WAIT_FAST does the
 * same for the monotonic clock and for the waits of poll(), which belong
 * together: a program of the network would time out too early by that.
 *
 *	cc -shared -fPIC -o clock_fast.so tests/programs/clock_fast.c
 *	CLOCK_FAST=30 LD_PRELOAD=./clock_fast.so pam-jwt login ...
 *	WAIT_FAST=10 LD_PRELOAD=./clock_fast.so pam-jwt-askpass ...
 */
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct timespec boot, monotonic;

__attribute__((constructor)) static void
begin(void)
{
	(void)syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &boot);
	(void)syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &monotonic);
}

/* How many times as fast; 1 where nobody says. */
static long
factor(const char *variable)
{
	const char *text = getenv(variable);

	return text == NULL ? 1 : atol(text);
}

static void
hurry(const struct timespec *began, long times, struct timespec *out)
{
	long long passed = (out->tv_sec - began->tv_sec) * 1000LL +
	    (out->tv_nsec - began->tv_nsec) / 1000000;

	out->tv_sec = began->tv_sec + (time_t)(passed * times / 1000);
	out->tv_nsec = (long)(passed * times % 1000) * 1000000;
}

int
clock_gettime(clockid_t clock, struct timespec *out)
{
	int code = (int)syscall(SYS_clock_gettime, clock, out);

	if (code == 0 && clock == CLOCK_BOOTTIME && factor("CLOCK_FAST") > 1)
		hurry(&boot, factor("CLOCK_FAST"), out);
	if (code == 0 && clock == CLOCK_MONOTONIC && factor("WAIT_FAST") > 1)
		hurry(&monotonic, factor("WAIT_FAST"), out);
	return code;
}

int
poll(struct pollfd *fds, nfds_t count, int msec)
{
	long times = factor("WAIT_FAST");
	struct timespec wait = {
		.tv_sec = msec / times / 1000,
		.tv_nsec = msec / times % 1000 * 1000000
	};

	return (int)syscall(SYS_ppoll, fds, count, msec < 0 ? NULL : &wait,
	    NULL, (size_t)8);
}
