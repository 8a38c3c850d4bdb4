/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lowercase ASCII letters, for names that standards compare without case: media
 * types, host names.  tolower() would ask the locale.  What a token claims is
 * compared by bytes_eq(), with case.
 */
#ifndef JWT_LETTER_H
#define JWT_LETTER_H

#include "core/base/bytes.h"

static inline uint8_t
letter_lower(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint8_t)(c | 0x20);
	return c;
}

/* Whether two texts are the same except for the case of ASCII letters. */
static inline bool
letters_eq(struct bytes a, struct bytes b)
{
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++) {
		if (letter_lower(a.ptr[i]) != letter_lower(b.ptr[i]))
			return false;
	}
	return true;
}

#endif
