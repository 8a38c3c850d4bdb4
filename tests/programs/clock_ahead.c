/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In front of libc: a wall clock that is $CLOCK_AHEAD seconds ahead, for a
 * server that forgets by it.
 *
 *	cc -shared -fPIC -o clock_ahead.so tests/programs/clock_ahead.c
 *	CLOCK_AHEAD=10800 LD_PRELOAD=./clock_ahead.so redis-server ...
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t ahead_sec;

/* At the start: a program may drop its environment. */
__attribute__((constructor)) static void
start(void)
{
	const char *text = getenv("CLOCK_AHEAD");

	if (text != NULL)
		ahead_sec = (time_t)atol(text);
}

int
clock_gettime(clockid_t clock, struct timespec *out)
{
	int code = (int)syscall(SYS_clock_gettime, clock, out);

	if (code == 0 && clock == CLOCK_REALTIME)
		out->tv_sec += ahead_sec;
	return code;
}

int
gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	struct timespec now = { 0 };

	(void)zone;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	out->tv_sec = now.tv_sec;
	out->tv_usec = now.tv_nsec / 1000;
	return 0;
}

time_t
time(time_t *out)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (out != NULL)
		*out = now.tv_sec;
	return now.tv_sec;
}
