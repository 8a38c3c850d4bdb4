/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A search for secrets on the stack that a function used.  The function runs
 * in a thread whose stack is ours, so that a test can read the frames after
 * their functions have returned.  For tests of cmocka; they fail if there is no
 * memory or no thread.
 */
#ifndef TESTS_RESIDUE_H
#define TESTS_RESIDUE_H

#include <stdbool.h>
#include <stdlib.h>

#include <pthread.h>

#include "core/base/bytes.h"

#define RESIDUE_STACK	((size_t)262144)
#define RESIDUE_WINDOW	12	/* bytes in a row that count as found */

struct residue_call {
	void (*work)(void *ctx);
	void *ctx;
};

/* Below a frame of this size the end of the thread overwrites nothing. */
static __attribute__((noinline)) void *
residue_thread(void *ctx)
{
	volatile uint8_t room[3072];
	struct residue_call *call = ctx;

	room[0] = 0;
	call->work(call->ctx);
	room[sizeof(room) - 1] = room[0];
	return NULL;
}

/* Run work(ctx) on a stack full of one byte; the caller frees that stack. */
static uint8_t *
residue_run(void (*work)(void *ctx), void *ctx, uint8_t byte)
{
	struct residue_call call = { .work = work, .ctx = ctx };
	pthread_attr_t attr;
	pthread_t thread;
	uint8_t *stack;

	assert_int_equal(posix_memalign((void **)&stack, 4096, RESIDUE_STACK),
	    0);
	memset(stack, byte, RESIDUE_STACK);
	pthread_attr_init(&attr);
	assert_int_equal(pthread_attr_setstack(&attr, stack, RESIDUE_STACK), 0);
	assert_int_equal(pthread_create(&thread, &attr, residue_thread, &call),
	    0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	pthread_attr_destroy(&attr);
	return stack;
}

/* Whether a stack has a piece of the secret. */
static bool
residue_holds(const uint8_t *stack, struct bytes secret)
{
	bool found = false;
	size_t i;

	for (i = 0; i + RESIDUE_WINDOW <= secret.len && !found; i++)
		found = memmem(stack, RESIDUE_STACK, secret.ptr + i,
		    RESIDUE_WINDOW) != NULL;
	return found;
}

/* Forget to wipe a copy of the secret, which residue_holds() must then find. */
static __attribute__((noinline)) void
residue_leave(struct bytes secret)
{
	volatile uint8_t copy[64];
	size_t i;

	for (i = 0; i < secret.len && i < sizeof(copy); i++)
		copy[i] = secret.ptr[i];
}

#endif
