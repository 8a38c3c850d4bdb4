/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that runs out when a test says so, and an arena that gets none at each
 * allocation in turn; include it after cmocka.h.  The program's own malloc(),
 * calloc() and free() are in front of libc's for everybody.
 */
#ifndef JWT_TEST_NO_MEMORY_H
#define JWT_TEST_NO_MEMORY_H

#include <stdlib.h>

#include "core/base/diag.h"

#define NO_MEMORY_BLOCK	4096	/* bytes that an arena gets at once */
#define NO_MEMORY_STEP	16	/* bytes; no allocation of an arena is smaller */

/* Allocations that succeed still; negative: all of them. */
static volatile long memory_left = -1;
/* Allocations minus those that were freed. */
static volatile long memory_live;

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define MEMORY_OF_ALL	__attribute__((visibility("default")))
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void __libc_free(void *memory);

static inline void *
memory_counted(void *memory)
{
	memory_live += memory != NULL;
	return memory;
}

static inline bool
memory_is_out(void)
{
	if (memory_left > 0)
		memory_left--;
	else if (memory_left == 0)
		return true;
	return false;
}

MEMORY_OF_ALL void *
malloc(size_t size)
{
	if (memory_is_out())
		return NULL;
	return memory_counted(__libc_malloc(size));
}

MEMORY_OF_ALL void *
calloc(size_t count, size_t size)
{
	if (memory_is_out())
		return NULL;
	return memory_counted(__libc_calloc(count, size));
}

MEMORY_OF_ALL void
free(void *memory)
{
	memory_live -= memory != NULL;
	__libc_free(memory);
}
#endif

/* False below valgrind and sanitizers, which bring their own functions. */
static inline bool
memory_runs_out(void)
{
	void *volatile memory;
	bool is_out;

	memory_left = 0;
	memory = calloc(1, 1);
	memory_left = -1;
	is_out = memory == NULL;
	free(memory);
	return is_out;
}

/* Call with an arena that has this room, and no more. */
static inline enum jwt_reason
no_memory_call(enum jwt_reason (*call)(const char *text, struct arena *arena,
    struct diag *diag), const char *text, size_t room)
{
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	enum jwt_reason reason;

	assert_non_null(arena_alloc(&arena, NO_MEMORY_BLOCK - room));
	memory_left = 0;
	reason = call(text, &arena, &diag);
	memory_left = -1;
	arena_clear(&arena);
	diag_clear(&diag);
	return reason;
}

/* The result with too little memory says that, and with enough is wanted. */
static inline void
no_memory_each(enum jwt_reason (*call)(const char *text, struct arena *arena,
    struct diag *diag), const char *text, enum jwt_reason wanted)
{
	size_t room = 0;
	enum jwt_reason reason;

	assert_int_equal(no_memory_call(call, text, room), JWT_OUT_OF_MEMORY);
	do {
		room += NO_MEMORY_STEP;
		assert_true(room < NO_MEMORY_BLOCK);
		reason = no_memory_call(call, text, room);
		if (reason != JWT_OUT_OF_MEMORY && reason != wanted)
			fail_msg("%s: %s", text, reason_name(reason));
	} while (reason != wanted);
}

#endif
