/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks of memory, handed out in pieces and freed together. */
#include <stdalign.h>
#include <stdlib.h>

#include "core/base/arena.h"

#define BLOCK_SIZE 4096	/* a small configuration fits in two of them */

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) uint8_t data[];
};

static struct arena_block *
block_with_room(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;
	size_t room = BLOCK_SIZE;

	if (block != NULL && block->size - block->used >= size)
		return block;
	if (size > room)
		room = size;
	block = calloc(1, sizeof(*block) + room);
	if (block == NULL)
		return NULL;
	block->size = room;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *block;
	void *out;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = (size + align - 1) / align * align;
	block = block_with_room(arena, size);
	if (block == NULL)
		return NULL;
	out = block->data + block->used;
	block->used += size;
	return out;
}

char *
arena_copy(struct arena *arena, struct bytes text)
{
	char *out = arena_alloc(arena, text.len + 1);

	if (out != NULL && text.len > 0)
		memcpy(out, text.ptr, text.len);
	return out;
}

void *
arena_grow(struct arena *arena, const void *array, size_t count, size_t size)
{
	union {
		const void *from;
		void *to;
	} same = { .from = array };	/* the arena's own memory */
	void *out;

	/* The array grows at 0, 1, 2, 4, 8 … elements; else it has room. */
	if (count != 0 && (count & (count - 1)) != 0)
		return same.to;
	if (count > SIZE_MAX / 4 / size)
		return NULL;
	out = arena_alloc(arena, (count == 0 ? 1 : count * 2) * size);
	if (out != NULL && count > 0)
		memcpy(out, array, count * size);
	return out;
}

void
arena_clear(struct arena *arena)
{
	struct arena_block *block;

	while ((block = arena->blocks) != NULL) {
		arena->blocks = block->next;
		explicit_bzero(block->data, block->used);
		free(block);
	}
}
