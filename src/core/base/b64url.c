/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strict base64url.  The secret of a JWK is decoded here, so the decoder has no
 * branch and no table index that depends on a character.
 *
 * It works on eight characters at a time, one in each byte of a word of 64 bits
 * whose first character is in the highest byte; the bytes do not touch each
 * other, because no sum of one leaves it.
 */
#include "core/base/b64url.h"

#define GROUP	8	/* characters; they are six bytes */
#define GROUP_BYTES 6
#define EACH	UINT64_C(0x0101010101010101)	/* times n: n in each byte */
#define TOPS	(0x80 * EACH)

/* Between the order of the machine and the first byte in the highest place. */
static inline uint64_t
swap(uint64_t word)
{
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		word = __builtin_bswap64(word);
	return word;
}

/* A word of eight bytes, the first of them in the highest byte. */
static inline uint64_t
load(const uint8_t *from)
{
	uint64_t word;

	memcpy(&word, from, sizeof(word));
	return swap(word);
}

/* The top bit of each byte that is at least lo; all are below 0x80. */
static inline uint64_t
at_least(uint64_t word, unsigned lo)
{
	return word + (0x80 - lo) * EACH;
}

/* The same of each byte from lo to hi. */
static inline uint64_t
in_range(uint64_t word, unsigned lo, unsigned hi)
{
	return at_least(word, lo) & ~at_least(word, hi + 1);
}

/* The value in each byte whose top bit is set, otherwise 0. */
static inline uint64_t
where(uint64_t tops, unsigned value)
{
	return ((tops & TOPS) >> 7) * value;
}

/*
 * The low six bits of each byte become those of its character.  *bad gets the
 * top bit of each byte that is not of the alphabet.
 *
 * The letters with and without the bit 0x20 follow each other, with six other
 * characters between them: Z is 25, [ to ` are left out, a is 26.  The digits
 * and the minus have that bit, too.  The top bits keep a byte from borrowing.
 */
static inline uint64_t
values_of(uint64_t word, uint64_t *bad)
{
	uint64_t low = word & ~TOPS;
	uint64_t letter = in_range(low | 0x20 * EACH, 'a', 'z');
	uint64_t digit = in_range(low, '0', '9');
	uint64_t minus = ~at_least(low ^ '-' * EACH, 1);
	uint64_t under = ~at_least(low ^ '_' * EACH, 1);

	*bad |= (word | ~(letter | digit | minus | under)) & TOPS;
	return (low | TOPS) - 'A' * EACH - (low >> 5 & EACH) * 6 +
	    where(digit, 52 + 'A' + 6 - '0') +
	    where(minus, 62 + 'A' + 6 - '-') + where(under, 63 + 'A' - '_');
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
	uint64_t word = swap(bits << 16);

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
	uint64_t word = 'A' * EACH;
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

	for (at = 0; text.len - at >= GROUP; at += GROUP)
		(void)values_of(load(text.ptr + at), &bad);
	(void)values_of(load_rest(text, at), &bad);
	return bad == 0;
}

enum jwt_reason
b64url_decode(struct bytes text, uint8_t *out)
{
	uint64_t bad = 0, bits;
	size_t at, len;

	if (text.len % 4 == 1)
		return JWT_TOKEN_BASE64;
	for (at = 0; text.len - at >= GROUP; at += GROUP) {
		bits = pack(values_of(load(text.ptr + at), &bad));
		store_group(bits, out);
		out += GROUP_BYTES;
	}
	bits = pack(values_of(load_rest(text, at), &bad));
	len = b64url_decoded_len(text.len - at);
	store(bits, out, len);
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
