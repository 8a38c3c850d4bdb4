/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals as something to wait for, so that what must be undone before the
 * program ends or stops is undone: a command that runs, a terminal without echo.
 */
#ifndef JWT_ASKPASS_SIGNALS_H
#define JWT_ASKPASS_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

struct signals {
	int fd;			/* can be read when one came; -1: not open */
	sigset_t before;	/* the mask of the caller */
};

#define SIGNALS_NONE ((struct signals){ .fd = -1 })

/*
 * Hold back SIGHUP, SIGINT, SIGQUIT, SIGTERM, and one more.  False, with a
 * message, when that fails.
 */
bool signals_hold(int more, struct signals *out);

/* The number of a signal that came; 0 when there is no more. */
int signals_next(const struct signals *signals);

/* Give back the mask, and close the descriptor; it may not be open. */
void signals_release(struct signals *signals);

#endif
