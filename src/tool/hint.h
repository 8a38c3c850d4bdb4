/* SPDX-License-Identifier: BSD-2-Clause */
/* Hints about a refused token that is nearly right, or a policy that is. */
#ifndef JWT_HINT_H
#define JWT_HINT_H

#include "tool/explain.h"

#define HINT_SIZE 1024	/* bytes with terminator; a longer hint is cut */

/*
 * Write one sentence about a refusal into out: what differs, and by how little.
 * It uses only public things: the header and claims of the token, and the
 * configuration.  "" when there is nothing to say.
 */
void hint_write(const struct explain *explain, char out[HINT_SIZE]);

#endif
