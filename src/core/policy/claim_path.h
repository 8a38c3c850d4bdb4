/* SPDX-License-Identifier: BSD-2-Clause */
/* The place of a claim in a token: a name, or a JSON Pointer (RFC 6901). */
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
 * Make the path of a top-level member; a / or ~ in its name is nothing special.
 * False if memory runs out.
 */
bool claim_path_of_name(struct bytes name, struct arena *arena,
    struct claim_path *out);

/*
 * Parse a JSON Pointer, which must start with a slash.  Returns JWT_OK,
 * JWT_CONFIG_INVALID with *fault (static), or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason claim_path_of_pointer(struct bytes pointer,
    struct arena *arena, struct claim_path *out, const char **fault);

/* Get the value at the path; NULL if it is absent. */
const struct json_node *claim_path_get(const struct claim_path *path,
    const struct json_node *claims);

#endif
