/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Comes before every source that is looked at.  Here and in libc.c are the
 * models: of the C library and of the compiler, the functions that Frama-C does
 * not know, or knows only so vaguely that nothing could be concluded.
 */
#ifndef PROVE_H
#define PROVE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "__fc_builtin.h"

/* Frama-C puts models of its own before a body of these names. */
#define memchr prove_memchr
#define memcmp prove_memcmp
void *prove_memchr(const void *s, int c, size_t n);
int prove_memcmp(const void *a, const void *b, size_t n);

/* run.sh gives the name snprintf to it for the units that name snprintf.c. */
int prove_snprintf(char *out, size_t size, const char *format, ...);

void explicit_bzero(void *s, size_t n);

#define __builtin_bswap64(word) prove_bswap64(word)
uint64_t prove_bswap64(uint64_t word);
#define __builtin_clzll(word) prove_clzll(word)
int prove_clzll(uint64_t word);

/*
 * strchr() of an array that has at most 16 bytes, as comparisons in place: what
 * they say is then known of the byte itself.  A longer one does not compile.
 */
#define PROVE_AT(s, c, i) \
	(i) < sizeof(s) && (c) == (s)[(i) < sizeof(s) ? (i) : 0] ? \
	(char *)(s) + (i) :
#define strchr(s, c) (PROVE_AT(s, c, 0) PROVE_AT(s, c, 1) PROVE_AT(s, c, 2) \
	PROVE_AT(s, c, 3) PROVE_AT(s, c, 4) PROVE_AT(s, c, 5) \
	PROVE_AT(s, c, 6) PROVE_AT(s, c, 7) PROVE_AT(s, c, 8) \
	PROVE_AT(s, c, 9) PROVE_AT(s, c, 10) PROVE_AT(s, c, 11) \
	PROVE_AT(s, c, 12) PROVE_AT(s, c, 13) PROVE_AT(s, c, 14) \
	PROVE_AT(s, c, 15) \
	(char *)(0 * sizeof(char[sizeof(s) <= 16 ? 1 : -1])))

/* The bytes of input in this run, from units.txt. */
#ifndef LEN
#define LEN 8
#endif

/* A buffer of so many bytes; C has no array of none. */
#define ROOM(len) ((len) + ((len) == 0))

/* Bytes of any value. */
static inline void
any_bytes(void *to, size_t len)
{
	Frama_C_make_unknown(to, len);
}

/*
 * Forget LEN bytes of the unit's input, if it sets prove_input: they may have any
 * value again.  hints.txt does that where a reader has moved on.  The value that
 * they had is one of these, so what is found holds for it, too; and paths that
 * differ only in bytes that were read become one.
 */
extern uint8_t *prove_input;
void prove_forget(void);

static inline int
any_bool(void)
{
	return Frama_C_interval(0, 1);
}

/* Read each byte of a view that came out: it must be memory that was set. */
#define READ_ALL(view) do { \
	uint8_t sum = 0; \
	for (size_t at = 0; at < (view).len; at++) \
		sum ^= (view).ptr[at]; \
	(void)sum; \
} while (0)

#endif
