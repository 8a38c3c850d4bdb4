/* SPDX-License-Identifier: BSD-2-Clause */
/* The hash of a name in an object, for json.c and json_node.c. */
#ifndef JWT_JSON_HASH_H
#define JWT_JSON_HASH_H

#include "core/base/json.h"

/*
 * FNV-1a, to compare names fast.  Names with the same hash are compared in
 * full, and an object has few of them: collisions help no attacker.
 */
static inline uint32_t
json_hash(struct bytes text)
{
	uint32_t hash = 2166136261U;
	size_t i;

	for (i = 0; i < text.len; i++)
		hash = (hash ^ text.ptr[i]) * 16777619U;
	return hash;
}

#endif
