/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that is freed all at once: what a configuration is parsed into
 * lives exactly as long as the configuration.
 */
#ifndef JWT_ARENA_H
#define JWT_ARENA_H

#include "core/base/bytes.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;	/* owned */
};

/* Zeroed memory, aligned for anything, of the arena; NULL when there is none. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of text with a terminator; NULL when there is no memory. */
char *arena_copy(struct arena *arena, struct bytes text);

/*
 * Make room for one more element in an array of the arena that has count of
 * them.  Returns the array, moved perhaps, or NULL.
 */
void *arena_grow(struct arena *arena, const void *array, size_t count,
    size_t size);

/* Free everything, wiped: symmetric keys may be among it. */
void arena_clear(struct arena *arena);

#endif
