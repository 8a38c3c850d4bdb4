/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Base64url one character at a time, as RFC 4648 section 5 writes it down: what
 * b64url.c, which takes eight at a time, is compared with.
 */
#ifndef TEST_PLAIN64_H
#define TEST_PLAIN64_H

#include "core/base/b64url.h"

#define PLAIN64_ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz0123456789-_"

/* The value of a character; -1 for one that is not of the alphabet. */
static inline int
plain64_value(uint8_t byte)
{
	const char *at = byte == 0 ? NULL : strchr(PLAIN64_ALPHABET, byte);

	if (at == NULL)
		return -1;
	return (int)(at - PLAIN64_ALPHABET);
}

/* As b64url_decode(). */
static inline bool
plain64_decode(struct bytes text, uint8_t *out)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t i;

	if (text.len % 4 == 1)
		return false;
	for (i = 0; i < text.len; i++) {
		int value = plain64_value(text.ptr[i]);

		if (value < 0)
			return false;
		bits = (bits << 6 | (uint32_t)value) & 0xfff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			*out++ = (uint8_t)(bits >> have);
		}
	}
	return (bits & ((1U << have) - 1)) == 0;
}

#define PLAIN64_LEN_MAX 24	/* of a text that is compared */

/* Whether b64url.c says the same of a text: the verdict and the bytes. */
static inline bool
plain64_agrees(struct bytes text)
{
	uint8_t ours[PLAIN64_LEN_MAX], plain[PLAIN64_LEN_MAX];
	bool good = plain64_decode(text, plain);
	bool known = true;
	size_t i;

	for (i = 0; i < text.len; i++)
		known = known && plain64_value(text.ptr[i]) >= 0;
	return (b64url_decode(text, ours) == JWT_OK) == good &&
	    b64url_is_text(text) == known &&
	    (!good || memcmp(ours, plain, b64url_decoded_len(text.len)) == 0);
}

#endif
