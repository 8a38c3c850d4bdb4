/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * b64url.c takes eight characters at a time.  It is compared with a decoder
 * that takes one, on few texts; test_b64url_all.c has all the short ones.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "plain64.h"

static void
compare(const uint8_t *ptr, size_t len)
{
	if (!plain64_agrees(bytes_of(ptr, len)))
		fail_msg("%zu bytes, %.*s", len, (int)len, (const char *)ptr);
}

/* A good text: its last character has spare bits, which must be zero. */
static void
make_text(uint8_t *text, size_t len, size_t first)
{
	size_t i;

	for (i = 0; i + 1 < len; i++)
		text[i] = (uint8_t)PLAIN64_ALPHABET[(first + i * 37) % 64];
	text[len - 1] = 'A';
}

/* Every byte at every place of a text of every length. */
static void
test_each_byte(void **state)
{
	uint8_t text[PLAIN64_LEN_MAX];
	size_t len, at;
	unsigned byte;

	(void)state;
	compare(text, 0);
	for (len = 1; len <= PLAIN64_LEN_MAX; len++) {
		for (at = 0; at < len; at++) {
			make_text(text, len, len);
			for (byte = 0; byte < 256; byte++) {
				text[at] = (uint8_t)byte;
				compare(text, len);
			}
		}
	}
}

/* No byte changes the answer for the one beside it. */
static void
test_neighbours(void **state)
{
	static const uint8_t edges[] = {
		0x00, 0x01, ',', '-', '.', '/', '0', '9', ':', '@', 'A', 'Z',
		'[', '^', '_', '`', 'a', 'z', '{', 0x7f, 0x80, 0x81, 0xad,
		0xb0, 0xc1, 0xdf, 0xe1, 0xff
	};
	uint8_t text[8];
	size_t at, i, k;

	(void)state;
	for (at = 0; at + 1 < sizeof(text); at++) {
		make_text(text, sizeof(text), at);
		for (i = 0; i < sizeof(edges); i++) {
			for (k = 0; k < sizeof(edges); k++) {
				text[at] = edges[i];
				text[at + 1] = edges[k];
				compare(text, sizeof(text));
			}
		}
	}
}

static void
test_characters(void **state)
{
	unsigned byte;

	(void)state;
	for (byte = 0; byte < 256; byte++)
		assert_true(b64url_is_char((uint8_t)byte) ==
		    (plain64_value((uint8_t)byte) >= 0));
}

/* Nothing after the decoded bytes changes, also in the text's own memory. */
static void
test_memory(void **state)
{
	uint8_t text[PLAIN64_LEN_MAX + 1], plain[PLAIN64_LEN_MAX];
	uint8_t out[PLAIN64_LEN_MAX];
	size_t len, out_len;

	(void)state;
	for (len = 2; len <= PLAIN64_LEN_MAX; len++) {
		if (len % 4 == 1)
			continue;
		make_text(text, len, 5);
		text[len] = 'x';
		out_len = b64url_decoded_len(len);
		out[out_len] = 'x';
		assert_true(plain64_decode(bytes_of(text, len), plain));
		assert_int_equal(b64url_decode(bytes_of(text, len), out),
		    JWT_OK);
		assert_memory_equal(out, plain, out_len);
		assert_int_equal(out[out_len], 'x');
		assert_int_equal(b64url_decode(bytes_of(text, len), text),
		    JWT_OK);
		assert_memory_equal(text, plain, out_len);
		assert_int_equal(text[len], 'x');
	}
}

/* RFC 4648 section 10, and the two characters that base64 does not have. */
static void
test_encode(void **state)
{
	static const struct {
		const char *from, *text;
	} rows[] = {
		{ "", "" }, { "f", "Zg" }, { "fo", "Zm8" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg" }, { "fooba", "Zm9vYmE" },
		{ "foobar", "Zm9vYmFy" }, { "\377\377\377", "____" },
		{ "\373\357\276", "----" }, { "\377", "_w" },
		{ "\377\377", "__8" },
	};
	char text[16];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(text, 0, sizeof(text));
		b64url_encode(bytes_str(rows[i].from), text);
		assert_string_equal(text, rows[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_byte),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_characters),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_encode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
