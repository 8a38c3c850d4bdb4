/* SPDX-License-Identifier: BSD-2-Clause */
/* Well-formed UTF-8. */
#include "core/base/utf8.h"

static bool
is_continuation(uint8_t byte)
{
	return (byte & 0xc0) == 0x80;
}

/* The length that a first byte announces; 0 if no character starts with it. */
static size_t
announced_len(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2)
		return 0;	/* a continuation, or overlong (C0, C1) */
	if (first < 0xe0)
		return 2;
	if (first < 0xf0)
		return 3;
	if (first < 0xf5)
		return 4;
	return 0;	/* beyond U+10FFFF */
}

/* The second byte shows overlong forms, surrogates, and what is too large. */
static bool
is_second(uint8_t first, uint8_t second)
{
	switch (first) {
	case 0xe0:
		return second >= 0xa0 && second <= 0xbf;
	case 0xed:
		return second >= 0x80 && second <= 0x9f;
	case 0xf0:
		return second >= 0x90 && second <= 0xbf;
	case 0xf4:
		return second >= 0x80 && second <= 0x8f;
	default:
		return is_continuation(second);
	}
}

size_t
utf8_len(struct bytes text)
{
	size_t len, i;

	if (text.len == 0)
		return 0;
	len = announced_len(text.ptr[0]);
	if (len > text.len || (len > 1 && !is_second(text.ptr[0], text.ptr[1])))
		return 0;
	for (i = 2; i < len; i++) {
		if (!is_continuation(text.ptr[i]))
			return 0;
	}
	return len;
}

size_t
utf8_put(uint32_t code, uint8_t *out)
{
	if (code < 0x80) {
		out[0] = (uint8_t)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (uint8_t)(0xc0 | code >> 6);
		out[1] = (uint8_t)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (uint8_t)(0xe0 | code >> 12);
		out[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
		out[2] = (uint8_t)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | code >> 18);
	out[1] = (uint8_t)(0x80 | (code >> 12 & 0x3f));
	out[2] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
	out[3] = (uint8_t)(0x80 | (code & 0x3f));
	return 4;
}
