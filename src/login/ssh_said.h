/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What ssh says on standard error.  Some of it is the server's: a banner, and
 * all that the command over there writes.  So nothing of it reaches a terminal
 * as it is.
 */
#ifndef JWT_SSH_SAID_H
#define JWT_SSH_SAID_H

#include "login/ssh_run.h"

#define SSH_LINE_MAX	512	/* bytes of a line; what comes after is dropped */
#define SSH_LINES_MAX	100	/* lines that are shown */

/* Starts as { .text = …, .show = … }. */
struct ssh_said {
	char *text;		/* of SSH_SAID_SIZE bytes, borrowed; "" at first */
	bool show;		/* each line is shown when it is whole */
	size_t shown;		/* how many were */
	uint8_t line[SSH_LINE_MAX];	/* the last one, which has no end yet */
	size_t len;		/* bytes of it */
};

/* Take bytes as they come, in whatever pieces. */
void ssh_said_add(struct ssh_said *said, struct bytes bytes);

/* Take a last line without an end. */
void ssh_said_end(struct ssh_said *said);

#endif
