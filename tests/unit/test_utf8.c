/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UTF-8 byte by byte, against the definition by numbers; test_parsers.c has
 * each code point there and back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/utf8.h"

/* Of a character of 1 to 4 bytes: the bits of its length, and the least one. */
static const uint8_t utf8_marks[] = { 0, 0, 0xc0, 0xe0, 0xf0, 0xf8 };
static const uint32_t utf8_least[] = { 0, 0, 0x80, 0x800, 0x10000 };

static uint32_t
decode(const uint8_t *text, size_t len)
{
	uint32_t code = text[0] - utf8_marks[len];
	size_t i;

	for (i = 1; i < len; i++)
		code = code * 64 + (text[i] - 0x80U);
	return code;
}

/* By RFC 3629: the bits alone, then what the number may be. */
static size_t
utf8_len_by_number(const uint8_t text[4])
{
	size_t len = 2, i;
	uint32_t code;

	if (text[0] < 0x80)
		return 1;
	if (text[0] < utf8_marks[2] || text[0] >= utf8_marks[5])
		return 0;
	while (text[0] >= utf8_marks[len + 1])
		len++;
	for (i = 1; i < len; i++) {
		if (text[i] < 0x80 || text[i] > 0xbf)
			return 0;
	}
	code = decode(text, len);
	if (code < utf8_least[len] || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return len;
}

/* Each two bytes, before those at the borders of what may follow. */
static void
test_utf8_bytes(void **state)
{
	static const uint8_t ends[] = { 0, '"', 0x7f, 0x80, 0xbf, 0xc0, 0xff };
	unsigned two;
	size_t i, k;

	(void)state;
	for (two = 0; two < 0x10000; two++) {
		for (i = 0; i < sizeof(ends); i++) {
			for (k = 0; k < sizeof(ends); k++) {
				const uint8_t text[] = { (uint8_t)(two >> 8),
				    (uint8_t)two, ends[i], ends[k] };

				assert_int_equal(utf8_len(bytes_of(text, 4)),
				    utf8_len_by_number(text));
			}
		}
	}
}

/* The bytes that stand for each code point, and no byte after them. */
static void
test_utf8_put(void **state)
{
	size_t want = 1, len, i;
	uint8_t text[5];
	uint32_t code;

	(void)state;
	for (code = 0; code <= 0x10ffff; code++) {
		if (want < 4 && code == utf8_least[want + 1])
			want++;
		memset(text, 0xfe, sizeof(text));
		len = utf8_put(code, text);
		assert_int_equal(decode(text, len), code);
		assert_int_equal(len, want);
		for (i = len; i < sizeof(text); i++)
			assert_int_equal(text[i], 0xfe);
	}
}

/* A character that is cut is none, and no byte after the text is read. */
static void
test_utf8_cut(void **state)
{
	static const uint32_t codes[] = { 'a', 0xe9, 0x20ac, 0x1f600 };
	uint8_t text[4];
	size_t i, len;

	(void)state;
	assert_int_equal(utf8_len(bytes_of(NULL, 0)), 0);
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		size_t whole = utf8_put(codes[i], text);

		for (len = 1; len <= whole; len++) {
			uint8_t *cut = malloc(len);

			assert_non_null(cut);
			memcpy(cut, text, len);
			assert_int_equal(utf8_len(bytes_of(cut, len)),
			    len == whole ? whole : 0);
			free(cut);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8_bytes),
		cmocka_unit_test(test_utf8_put),
		cmocka_unit_test(test_utf8_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
