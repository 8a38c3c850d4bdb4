/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The boot and the time since then.  The tokens of a person and the limits of
 * sessions are counted by this clock: the wall clock may be minutes off, or be
 * set while a token is good or a session is open.
 */
#ifndef JWT_BOOT_H
#define JWT_BOOT_H

#include <stdint.h>

#define BOOT_ID_LEN 36	/* a UUID as text */

/* The boot, and how long ago it was.  Setting the clock changes neither. */
struct boot {
	char id[BOOT_ID_LEN + 1];	/* "": not known */
	int64_t now;	/* s */
};

void boot_read(struct boot *out);

#endif
