/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An arena: memory that is handed out in pieces and freed all at once.  A
 * configuration is parsed into one, so each part of it lives exactly as long
 * as the whole.
 */
#ifndef JWT_ARENA_H
#define JWT_ARENA_H

#include "core/base/bytes.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;	/* owned */
};

/* Get zeroed memory, aligned for any type; NULL if memory runs out. */
void *arena_alloc(struct arena *arena, size_t size);

/* Copy text and terminate the copy; NULL if memory runs out. */
char *arena_copy(struct arena *arena, struct bytes text);

/*
 * Make room for one more element in an array of the arena that has count of
 * them.  Returns the array, which may have moved, or NULL if memory runs out.
 */
void *arena_grow(struct arena *arena, const void *array, size_t count,
    size_t size);

/* Wipe and free everything: there may be symmetric keys in it. */
void arena_clear(struct arena *arena);

#endif
