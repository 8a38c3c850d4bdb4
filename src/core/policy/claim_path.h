/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a claim is: a name, or a JSON Pointer (RFC 6901). */
#ifndef JWT_CLAIM_PATH_H
#define JWT_CLAIM_PATH_H

#include "core/base/arena.h"
#include "core/base/json.h"

#define CLAIM_PATH_STEPS_MAX 16	/* no token is deeper: JSON_TOKEN_DEPTH */

struct claim_path {
	const struct bytes *steps;	/* unescaped; in the arena */
	size_t count;
};

/*
 * A top-level member, its name taken literally.  False when memory
 * runs out.
 */
bool claim_path_of_name(struct bytes name, struct arena *arena,
    struct claim_path *out);

/*
 * A JSON Pointer, which starts with a slash.  Returns JWT_OK,
 * JWT_CONFIG_INVALID with *fault (static), or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason claim_path_of_pointer(struct bytes pointer,
    struct arena *arena, struct claim_path *out, const char **fault);

/* The value there; NULL when there is none. */
const struct json_node *claim_path_get(const struct claim_path *path,
    const struct json_node *claims);

#endif
