/* SPDX-License-Identifier: BSD-2-Clause */
/* Counting malloc(); one thread only. */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/heap.h"

/* Libraries must find them, too. */
#pragma GCC visibility push(default)

/* glibc's own, under the names that it keeps for this purpose. */
extern void *__libc_malloc(size_t size);
extern void *__libc_realloc(void *ptr, size_t size);
extern void __libc_free(void *ptr);

static size_t live, base, peak;

void
heap_mark(void)
{
	base = peak = live;
}

size_t
heap_peak(void)
{
	return peak - base;
}

static void *
count(void *ptr)
{
	if (ptr != NULL)
		live += malloc_usable_size(ptr);
	if (live > peak)
		peak = live;
	return ptr;
}

void *
malloc(size_t size)
{
	return count(__libc_malloc(size));
}

void
free(void *ptr)
{
	if (ptr != NULL)
		live -= malloc_usable_size(ptr);
	__libc_free(ptr);
}

void *
calloc(size_t number, size_t size)
{
	void *out;

	if (size != 0 && number > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	/* Not malloc(): the compiler would make a call of calloc() of it. */
	out = count(__libc_malloc(number * size));
	if (out != NULL)
		memset(out, 0, number * size);
	return out;
}

/* While it moves, both blocks are there. */
void *
realloc(void *ptr, size_t size)
{
	size_t before = ptr == NULL ? 0 : malloc_usable_size(ptr);
	void *out = __libc_realloc(ptr, size);

	if (out == NULL)
		return NULL;
	count(out);
	live -= before;
	return out;
}

void *
reallocarray(void *ptr, size_t number, size_t size)
{
	if (size != 0 && number > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(ptr, number * size);
}
