/* SPDX-License-Identifier: BSD-2-Clause */
/* Near misses: what of a refused token, or of the policy, is nearly right. */
#ifndef JWT_HINT_H
#define JWT_HINT_H

#include "tool/explain.h"

#define HINT_SIZE 1024	/* bytes, terminated; longer ones are cut */

/*
 * Say for a refusal what differs, and by how little, from public things: the
 * token's header and claims, and the configuration.  "" when there is nothing
 * to say.
 */
void hint_write(const struct explain *explain, char out[HINT_SIZE]);

#endif
