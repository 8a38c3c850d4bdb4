/* SPDX-License-Identifier: BSD-2-Clause */
/* Decodes names and values of application/x-www-form-urlencoded. */
#include "core/base/urlencoded.h"

/* The value of a hexadecimal digit; -1 for any other byte. */
static int
digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Decode the character at the start of *text, and move past it. */
static bool
decode_one(struct bytes *text, uint8_t *out)
{
	size_t len = text->ptr[0] == '%' ? 3 : 1;
	int high, low;

	if (len > text->len)
		return false;
	if (len == 3) {
		high = digit(text->ptr[1]);
		low = digit(text->ptr[2]);
		if (high < 0 || low < 0)
			return false;
		*out = (uint8_t)(high * 16 + low);
	} else if (text->ptr[0] == '+') {
		*out = ' ';
	} else {
		*out = text->ptr[0];
	}
	text->ptr += len;
	text->len -= len;
	return true;
}

bool
urlencoded_decode(uint8_t *text, size_t *len)
{
	struct bytes rest = bytes_of(text, *len);
	size_t done = 0;

	while (rest.len > 0) {
		if (!decode_one(&rest, &text[done]))
			return false;
		done++;
	}
	*len = done;
	return true;
}
