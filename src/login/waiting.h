/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waiting for a person: how much time is left, and a line at the terminal that
 * says so.  The clock goes on while a laptop sleeps.
 */
#ifndef JWT_WAITING_H
#define JWT_WAITING_H

#include <stdbool.h>
#include <stdint.h>

struct waiting {
	int64_t end;	/* boot clock, s */
	int shown;	/* columns of the line; 0: none is shown */
	bool quiet;
	bool has_told;	/* once is enough where there is no terminal */
};

/* Wait for seconds from now on.  quiet  show nothing */
void waiting_start(struct waiting *waiting, int64_t seconds, bool quiet);

/* Seconds that are left; 0: it is over. */
int64_t waiting_left(const struct waiting *waiting);

/*
 * Show "TEXT (9m58s left)" in the place of what was shown before.  Anywhere
 * else than at a terminal it is shown once.
 */
void waiting_show(struct waiting *waiting, const char *text);

/* Take the line away again. */
void waiting_end(struct waiting *waiting);

#endif
