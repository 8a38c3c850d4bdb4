/* SPDX-License-Identifier: BSD-2-Clause */
/* The exit statuses that all programs share. */
#ifndef JWT_EXIT_H
#define JWT_EXIT_H

enum tool_exit {
	EXIT_YES = 0,		/* accepted, done */
	EXIT_NO = 1,		/* refused */
	EXIT_TROUBLE = 2	/* usage, configuration, system */
};

#endif
