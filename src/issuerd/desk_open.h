/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A desk with everything that it works with: the settings, the people, the
 * database and the key, read at each call, so that a change counts at once.
 */
#ifndef JWT_DESK_OPEN_H
#define JWT_DESK_OPEN_H

#include "issuerd/desk.h"

struct desk_context {
	struct desk desk;
	struct desk_parts *parts;	/* owned */
};

/*
 * Become the owner of the directory of issuer.conf, and open everything there.
 * openlog() was called before.  False, with a line in the log, if anything
 * cannot be used; without a key that signs, the desk still logs out.  The
 * caller must close *out whatever the result.
 */
JWT_MUST_USE bool desk_open(struct desk_context *out);

/* Wipes what is secret. */
void desk_close(struct desk_context *context);

#endif
