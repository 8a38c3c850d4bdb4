/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of a JSON string, one character at a time, as RFC 8259 section 7
 * and RFC 3629 write it down: what json.c, which copies runs of characters at
 * once and in place, is compared with.
 */
#ifndef TEST_PLAIN_STRING_H
#define TEST_PLAIN_STRING_H

#include "core/base/bytes.h"

#define PLAIN_STRING_NONE UINT32_MAX	/* no character is there */

/* Take len bytes off; the caller knows that they are there. */
static inline void
plain_string_skip(struct bytes *rest, size_t len)
{
	*rest = bytes_of(rest->ptr + len, rest->len - len);
}

static inline bool
plain_string_is_surrogate(uint32_t code)
{
	return code >= 0xd800 && code <= 0xdfff;
}

/* The four digits of \uXXXX. */
static inline uint32_t
plain_string_unit(struct bytes *rest)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	uint32_t unit = 0;
	size_t i;

	if (rest->len < 4)
		return PLAIN_STRING_NONE;
	for (i = 0; i < 4; i++) {
		const char *at = rest->ptr[i] == 0 ? NULL :
		    strchr(digits, rest->ptr[i]);

		if (at == NULL)
			return PLAIN_STRING_NONE;
		unit = unit * 16 + (uint32_t)(at - digits);
		if (at - digits >= 16)
			unit -= 6;
	}
	plain_string_skip(rest, 4);
	return unit;
}

/* The character of \uXXXX, after the u; or of two of them, in UTF-16. */
static inline uint32_t
plain_string_utf16(struct bytes *rest)
{
	uint32_t high = plain_string_unit(rest), low;

	if (high == PLAIN_STRING_NONE || !plain_string_is_surrogate(high))
		return high;
	if (!bytes_starts(*rest, bytes_str("\\u")))
		return PLAIN_STRING_NONE;
	plain_string_skip(rest, 2);
	low = plain_string_unit(rest);
	if (low == PLAIN_STRING_NONE || !plain_string_is_surrogate(low) ||
	    high >= 0xdc00 || low < 0xdc00)
		return PLAIN_STRING_NONE;
	return 0x10000 + (high % 0x400) * 0x400 + low % 0x400;
}

/* The character of an escape, after the backslash. */
static inline uint32_t
plain_string_escape(struct bytes *rest)
{
	static const char pairs[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
	uint8_t letter;
	size_t i;

	if (rest->len == 0)
		return PLAIN_STRING_NONE;
	letter = rest->ptr[0];
	plain_string_skip(rest, 1);
	if (letter == 'u')
		return plain_string_utf16(rest);
	for (i = 0; i + 1 < sizeof(pairs); i += 2) {
		if (letter == (uint8_t)pairs[i])
			return (uint8_t)pairs[i + 1];
	}
	return PLAIN_STRING_NONE;
}

/* How many bytes a character has in UTF-8. */
static inline size_t
plain_string_len(uint32_t code)
{
	return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/* The character of UTF-8 at the start, in its shortest form. */
static inline uint32_t
plain_string_utf8(struct bytes *rest)
{
	uint8_t lead = rest->ptr[0];
	size_t len = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	uint32_t code = len == 1 ? lead : lead & (0x7fU >> len);
	size_t i;

	if ((lead >= 0x80 && lead < 0xc0) || lead >= 0xf8 || rest->len < len)
		return PLAIN_STRING_NONE;
	for (i = 1; i < len; i++) {
		if (rest->ptr[i] / 0x40 != 2)
			return PLAIN_STRING_NONE;
		code = code * 0x40 + rest->ptr[i] % 0x40;
	}
	if (plain_string_len(code) != len || code > 0x10ffff ||
	    plain_string_is_surrogate(code))
		return PLAIN_STRING_NONE;
	plain_string_skip(rest, len);
	return code;
}

/* The next character of the text, which has one byte or more. */
static inline uint32_t
plain_string_next(struct bytes *rest)
{
	uint8_t first = rest->ptr[0];

	if (first == '\\') {
		plain_string_skip(rest, 1);
		return plain_string_escape(rest);
	}
	if (first == '"' || first < 0x20)
		return PLAIN_STRING_NONE;
	return plain_string_utf8(rest);
}

/* Put a character as UTF-8, and return how many bytes it has. */
static inline size_t
plain_string_put(uint32_t code, uint8_t *out)
{
	static const uint8_t leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t len = plain_string_len(code), i;

	for (i = len - 1; i > 0; i--) {
		out[i] = (uint8_t)(0x80 + code % 0x40);
		code /= 0x40;
	}
	out[0] = (uint8_t)(leads[len] + code);
	return len;
}

/*
 * The string that stands between two quotes, into out, which has room for as
 * many bytes.  False: no JSON string has that text.
 */
static inline bool
plain_string_read(struct bytes text, uint8_t *out, size_t *len)
{
	*len = 0;
	while (text.len > 0) {
		uint32_t code = plain_string_next(&text);

		if (code == PLAIN_STRING_NONE)
			return false;
		*len += plain_string_put(code, out + *len);
	}
	return true;
}

#endif
