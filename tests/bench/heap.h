/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much heap a piece of code holds at once.  The program's malloc() and
 * its kin are replaced, for every library in it, by ones that count.
 */
#ifndef TESTS_BENCH_HEAP_H
#define TESTS_BENCH_HEAP_H

#include <stddef.h>

/* Forget the peak; what is allocated now does not count. */
void heap_mark(void);

/* The most bytes beyond the mark that were allocated at any one time. */
size_t heap_peak(void);

#endif
