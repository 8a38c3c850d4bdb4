/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strict base64url.  The secret of a JWK is decoded here, so the decoder has no
 * branch and no table index that depends on a character.  It works on words of
 * eight characters.
 */
#include "core/base/b64url.h"
#include "core/base/word.h"

#define GROUP_BYTES 6	/* that eight characters are */

/* The top bit of each byte from lo to hi; all are below 0x80. */
static inline uint64_t
in_range(uint64_t word, unsigned lo, unsigned hi)
{
	return word_at_least(word, lo) & ~word_at_least(word, hi + 1);
}

/* The value in each byte whose top bit is set, otherwise 0. */
static inline uint64_t
where(uint64_t tops, unsigned value)
{
	return (tops >> 7 & WORD_EACH) * value;
}

/*
 * The low six bits of each byte become those of its character.  *bad gets the
 * top bit of each byte that is not of the alphabet; its other bits say nothing.
 *
 * The highest bits of a character, 1 for a digit, 2 for an uppercase letter and
 * 3 for a lowercase one, say how far its value is from it: 4, -1 and -7 are
 * 10 - 6 * bits, and one more for a letter.  Of those with the bits of a digit
 * or an uppercase letter, the minus and the underscore are 13 and 33 further.
 * No sum leaves its byte, whatever the character is.
 */
static inline uint64_t
values_of(uint64_t word, uint64_t *bad)
{
	uint64_t low = word & ~WORD_TOPS;
	uint64_t alnum = in_range(low | 0x20 * WORD_EACH, 'a', 'z') |
	    in_range(low, '0', '9');
	uint64_t not_minus = word_is_not(low, '-');
	uint64_t not_under = word_is_not(low, '_');

	*bad |= word | (~alnum & not_minus & not_under);
	return low + (10 + 13 + 33) * WORD_EACH -
	    (low >> 5 & 3 * WORD_EACH) * 6 + (low >> 6 & WORD_EACH) -
	    where(not_minus, 13) - where(not_under, 33);
}

/* Put the low six bits of each byte side by side: 48 bits. */
static inline uint64_t
pack(uint64_t values)
{
	values = (values & UINT64_C(0x3f003f003f003f00)) >> 2 |
	    (values & UINT64_C(0x003f003f003f003f));
	values = (values & UINT64_C(0x0fff00000fff0000)) >> 4 |
	    (values & UINT64_C(0x00000fff00000fff));
	return (values >> 8 & UINT64_C(0xffffff000000)) |
	    (values & UINT64_C(0xffffff));
}

/* Store the six bytes of a group. */
static inline void
store_group(uint64_t bits, uint8_t *out)
{
	uint64_t word = word_swap(bits << 16);

	memcpy(out, &word, GROUP_BYTES);
}

/* Store the first of the 48 bits, as len bytes. */
static void
store(uint64_t bits, uint8_t *out, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = (uint8_t)(bits >> (40 - 8 * i));
}

/*
 * Load the characters from at to the end, fewer than a group.  The letter A,
 * whose value is 0, stands in the places after them.
 */
static uint64_t
load_rest(struct bytes text, size_t at)
{
	uint64_t word = 'A' * WORD_EACH;
	unsigned place = 64;

	for (; at < text.len; at++) {
		place -= 8;
		word ^= (uint64_t)(text.ptr[at] ^ 'A') << place;
	}
	return word;
}

bool
b64url_is_char(uint8_t byte)
{
	uint64_t bad = 0;

	(void)values_of(byte, &bad);
	return (bad & 0x80) == 0;
}

bool
b64url_is_text(struct bytes text)
{
	uint64_t bad = 0;
	size_t at;

	for (at = 0; text.len - at >= WORD_LEN; at += WORD_LEN)
		(void)values_of(word_load(text.ptr + at), &bad);
	(void)values_of(load_rest(text, at), &bad);
	return (bad & WORD_TOPS) == 0;
}

enum jwt_reason
b64url_decode(struct bytes text, uint8_t *out)
{
	uint64_t bad = 0, bits;
	size_t at, len;

	if (text.len % 4 == 1)
		return JWT_TOKEN_BASE64;
	for (at = 0; text.len - at >= WORD_LEN; at += WORD_LEN) {
		bits = pack(values_of(word_load(text.ptr + at), &bad));
		store_group(bits, out);
		out += GROUP_BYTES;
	}
	bits = pack(values_of(load_rest(text, at), &bad));
	len = b64url_decoded_len(text.len - at);
	store(bits, out, len);
	bad &= WORD_TOPS;
	bad |= bits << (16 + 8 * len);	/* spare bits must be zero */
	if (bad != 0)
		return JWT_TOKEN_BASE64;
	return JWT_OK;
}

void
b64url_encode(struct bytes from, char *out)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	uint32_t bits = 0;
	unsigned have = 0;
	size_t i;

	for (i = 0; i < from.len; i++) {
		bits = (bits << 8 | from.ptr[i]) & 0xffff;
		for (have += 8; have >= 6; have -= 6)
			*out++ = alphabet[bits >> (have - 6) & 63];
	}
	if (have > 0)
		*out = alphabet[bits << (6 - have) & 63];
}
