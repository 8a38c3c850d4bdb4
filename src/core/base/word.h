/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Eight bytes at a time, in a word of 64 bits whose highest byte is the first.
 *
 * A test of eight bytes puts its answers into their top bits.  No carry leaves
 * a byte, so the bytes do not change each other, and the test needs no branch
 * and no table that depends on them.
 */
#ifndef JWT_WORD_H
#define JWT_WORD_H

#include "core/base/bytes.h"

#define WORD_LEN	8
#define WORD_EACH	UINT64_C(0x0101010101010101)	/* n times it: n in each */
#define WORD_TOPS	(0x80 * WORD_EACH)

/* Between the order of the machine and the first byte in the highest place. */
static inline uint64_t
word_swap(uint64_t word)
{
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		word = __builtin_bswap64(word);
	return word;
}

/* The word of the eight bytes at from. */
static inline uint64_t
word_load(const uint8_t *from)
{
	uint64_t word;

	memcpy(&word, from, sizeof(word));
	return word_swap(word);
}

/* The top bit of each byte that is at least lo; all are below 0x80. */
static inline uint64_t
word_at_least(uint64_t word, unsigned lo)
{
	return word + (0x80 - lo) * WORD_EACH;
}

/* The top bit of each byte that is not this one; all are below 0x80. */
static inline uint64_t
word_is_not(uint64_t word, uint8_t byte)
{
	return word_at_least(word ^ byte * WORD_EACH, 1);
}

/* The place of the first byte whose top bit is set; one of them is. */
static inline size_t
word_first(uint64_t tops)
{
	return (size_t)__builtin_clzll(tops) / 8;
}

#endif
