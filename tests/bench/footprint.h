/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory that a function takes: heap, stack, and pages of the process. */
#ifndef TESTS_BENCH_FOOTPRINT_H
#define TESTS_BENCH_FOOTPRINT_H

#include <stddef.h>

struct footprint {
	size_t heap;		/* most bytes at once, above those before */
	size_t stack;		/* deepest byte */
	long rss_kib;		/* pages that it left in the process */
	long private_kib;
};

/* Runs it on a stack of its own.  Heap is 0 in a program without heap.c. */
void footprint_of(void (*run)(void *ctx), void *ctx, struct footprint *out);

#endif
