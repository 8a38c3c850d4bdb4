/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks that the clock can be believed, for `pam-jwt check`. */
#ifndef JWT_CHECK_CLOCK_H
#define JWT_CHECK_CLOCK_H

#include "core/base/diag.h"

enum check_clock {
	CHECK_CLOCK_GOOD,
	CHECK_CLOCK_FREE,	/* nothing keeps it right */
	CHECK_CLOCK_UNKNOWN	/* the kernel does not say, or not for us */
};

/* What the kernel says of the clock of this host. */
enum check_clock check_clock_ask(void);

/*
 * Add a warning to diag if nothing keeps the clock right.
 *
 * config  the configuration that is checked
 */
void check_clock_note(enum check_clock clock, const char *config,
    struct diag *diag);

#endif
