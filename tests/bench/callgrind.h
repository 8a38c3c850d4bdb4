/* SPDX-License-Identifier: BSD-2-Clause */
/* The requests of callgrind; nothing where valgrind is not installed. */
#ifndef TESTS_BENCH_CALLGRIND_H
#define TESTS_BENCH_CALLGRIND_H

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS_AT(text)	((void)(text))
#endif

#endif
