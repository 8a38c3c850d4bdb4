/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * b64url.c beside a decoder that takes one character at a time: every short
 * text, and every pair of bytes at any two places of a group.  This takes
 * seconds; test_b64url.c takes none.
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
		fail_msg("%zu bytes, first %02x %02x %02x", len,
		    ptr[0], ptr[1], ptr[2]);
}

static void
test_every_short_text(void **state)
{
	uint8_t text[PLAIN64_LEN_MAX] = { 0 };
	unsigned n;

	(void)state;
	compare(text, 0);
	for (n = 0; n < 256 * 256 * 256; n++) {
		text[0] = (uint8_t)n;
		text[1] = (uint8_t)(n >> 8);
		text[2] = (uint8_t)(n >> 16);
		if (n < 256)
			compare(text, 1);
		if (n < 256 * 256)
			compare(text, 2);
		compare(text, 3);
	}
}

/* Every pair of bytes at two places of a text that is good otherwise. */
static void
compare_pairs(size_t len, size_t a, size_t b)
{
	uint8_t text[PLAIN64_LEN_MAX];
	unsigned n;
	size_t i;

	for (i = 0; i < len; i++)
		text[i] = (uint8_t)PLAIN64_ALPHABET[(i * 37 + len) % 64];
	/* Its last character has spare bits, which must be zero. */
	text[len - 1] = 'A';
	for (n = 0; n < 256 * 256; n++) {
		text[a] = (uint8_t)n;
		text[b] = (uint8_t)(n >> 8);
		compare(text, len);
	}
}

static void
test_pairs_of_a_group(void **state)
{
	size_t a, b;

	(void)state;
	for (a = 0; a < 8; a++) {
		for (b = a + 1; b < 8; b++)
			compare_pairs(8, a, b);
	}
}

/* Whole groups before and after the bytes, and each length of the rest. */
static void
test_lengths(void **state)
{
	size_t len, a;

	(void)state;
	for (len = 4; len <= PLAIN64_LEN_MAX; len++) {
		for (a = 0; a + 1 < len; a += 3)
			compare_pairs(len, a, len - 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_short_text),
		cmocka_unit_test(test_pairs_of_a_group),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
