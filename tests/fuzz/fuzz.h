/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the fuzz targets share: the interface of the engine, a check that
 * stays in every build, and inputs made of lines, so that seeds are text.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "core/base/bytes.h"
#include "core/base/secret.h"

/* libFuzzer, the AFL++ driver and replay_main.c call these. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
    unsigned seed);

/* libFuzzer's own mutator; NULL in the other builds. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
    __attribute__((weak));

/* Not assert(): NDEBUG must not take it away. */
#define FUZZ_CHECK(cond) \
	((cond) ? (void)0 : fuzz_fail(#cond, __FILE__, __LINE__))
_Noreturn void fuzz_fail(const char *what, const char *file, int line);

/* The input up to a separator, or all of it; *rest moves behind it. */
struct bytes fuzz_until(struct bytes *rest, uint8_t separator);

/* A string on the heap, cut at a NUL; freed by the caller. */
char *fuzz_string(struct bytes text);

/* A copy of exactly that size, so that a byte too many is found. */
struct secret fuzz_copy(struct bytes from);

#endif
