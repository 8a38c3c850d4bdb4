/* SPDX-License-Identifier: BSD-2-Clause */
/* The Redis protocol: what is written, and what is taken for a reply. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "host/state/redis.h"

static void
test_commands(void **state)
{
	static const char wanted[] = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$0\r\n\r\n"
	    "*1\r\n$4\r\nEXEC\r\n";
	char text[64];
	struct resp_out out = { .text = text, .size = sizeof(text) };
	size_t size;

	(void)state;
	resp_command(&out, 3);
	resp_word(&out, bytes_str("SET"));
	resp_word(&out, bytes_str("k"));
	resp_word(&out, bytes_of(NULL, 0));
	resp_command(&out, 1);
	resp_word(&out, bytes_str("EXEC"));
	assert_false(out.full);
	assert_int_equal(out.len, strlen(wanted));
	assert_memory_equal(text, wanted, out.len);
	/* One byte too few, at each place: nothing is to be sent. */
	for (size = 0; size < strlen("*1\r\n$4\r\nEXEC\r\n"); size++) {
		out = (struct resp_out){ .text = text, .size = size };
		resp_command(&out, 1);
		resp_word(&out, bytes_str("EXEC"));
		assert_true(out.full);
		assert_true(out.len <= size);
	}
	out = (struct resp_out){ .text = text, .size = size };
	resp_command(&out, 1);
	resp_word(&out, bytes_str("EXEC"));
	assert_false(out.full);
	assert_int_equal(out.len, size);
}

#define LONG_LINE \
	"+0123456789012345678901234567890123456789012345678901234567890123" \
	"0123456789012345678901234567890123456789012345678901234567890123" \
	"0123456789012345678901234567890123456789012345678901234567890123" \
	"0123456789012345678901234567890123456789012345678901234567890123" \
	"0123456789012345678901234567890123456789012345678901234567890123" \
	"0123456789012345678901234567890123456789012345678901234567890123" \
	"0123456789012345678901234567890123456789012345678901234567890123" \
	"0123456789012345678901234567890123456789012345678901234567890123"

static void
test_replies(void **state)
{
	static const struct {
		const char *text;
		enum resp_result result;
		enum resp_type type;
		size_t used;
		int64_t integer;
	} rows[] = {
		{ "+OK\r\n", RESP_DONE, RESP_STATUS, 5, 0 },
		{ "+\r\n", RESP_DONE, RESP_STATUS, 3, 0 },
		{ "-ERR x\r\n:1\r\n", RESP_DONE, RESP_ERROR, 8, 0 },
		{ ":0\r\n", RESP_DONE, RESP_INTEGER, 4, 0 },
		{ ":-2\r\n", RESP_DONE, RESP_INTEGER, 5, -2 },
		{ ":1700000000\r\n", RESP_DONE, RESP_INTEGER, 13, 1700000000 },
		{ "$3\r\nabc\r\n", RESP_DONE, RESP_BULK, 9, 3 },
		{ "$0\r\n\r\n", RESP_DONE, RESP_BULK, 6, 0 },
		{ "$-1\r\n", RESP_DONE, RESP_NULL, 5, -1 },
		{ "*-1\r\n", RESP_DONE, RESP_NULL, 5, -1 },
		{ "*2\r\n", RESP_DONE, RESP_ARRAY, 4, 2 },
		{ "*0\r\n", RESP_DONE, RESP_ARRAY, 4, 0 },
		{ "", RESP_MORE, 0, 0, 0 }, { "+OK", RESP_MORE, 0, 0, 0 },
		{ "+OK\r", RESP_MORE, 0, 0, 0 },
		{ "$3\r\nab", RESP_MORE, 0, 0, 0 },
		{ "$3\r\nabc\r", RESP_MORE, 0, 0, 0 },
		{ "\r\n", RESP_BAD, 0, 0, 0 }, { "OK\r\n", RESP_BAD, 0, 0, 0 },
		{ "+OK\rx", RESP_BAD, 0, 0, 0 }, { ":\r\n", RESP_BAD, 0, 0, 0 },
		{ ":-\r\n", RESP_BAD, 0, 0, 0 }, { ":1x\r\n", RESP_BAD, 0, 0, 0 },
		{ ":+1\r\n", RESP_BAD, 0, 0, 0 }, { ": 1\r\n", RESP_BAD, 0, 0, 0 },
		{ ":123456789012345678\r\n", RESP_DONE, RESP_INTEGER, 21,
		    123456789012345678 },
		{ ":1234567890123456789\r\n", RESP_BAD, 0, 0, 0 },
		{ "*1048576\r\n", RESP_DONE, RESP_ARRAY, 10, 1048576 },
		{ "*1048577\r\n", RESP_BAD, 0, 0, 0 },
		{ "$3\r\nabc\rx", RESP_BAD, 0, 0, 0 },
		{ "$3\r\nabcx\n", RESP_BAD, 0, 0, 0 },
		{ "$3\r\nabcd\r\n", RESP_BAD, 0, 0, 0 },
		{ "$-2\r\n", RESP_BAD, 0, 0, 0 }, { "*-2\r\n", RESP_BAD, 0, 0, 0 },
		{ "$1048577\r\n", RESP_BAD, 0, 0, 0 },
		{ "$1048576\r\n", RESP_MORE, 0, 0, 0 },
		{ "$2000000000\r\n", RESP_BAD, 0, 0, 0 },
		{ "*2000000000\r\n", RESP_BAD, 0, 0, 0 },
		{ "%1\r\n", RESP_BAD, 0, 0, 0 }, { LONG_LINE, RESP_BAD, 0, 0, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct resp_reply reply;
		size_t used = 0;
		enum resp_result result = resp_parse(bytes_str(rows[i].text),
		    &reply, &used);

		if (result != rows[i].result)
			fail_msg("%s: %d", rows[i].text, (int)result);
		if (result != RESP_DONE)
			continue;
		assert_int_equal(reply.type, rows[i].type);
		assert_int_equal(used, rows[i].used);
		assert_int_equal(reply.integer, rows[i].integer);
	}
}

/* What a reply says stands in its text. */
static void
test_texts(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "+OK\r\n", "OK" }, { "-ERR x\r\n:1\r\n", "ERR x" },
		{ "$3\r\nabc\r\n", "abc" }, { "$0\r\n\r\n", "" },
		{ "$4\r\na\r\nb\r\n", "a\r\nb" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct resp_reply reply;
		size_t used = 0;

		assert_int_equal(resp_parse(bytes_str(rows[i].text), &reply,
		    &used), RESP_DONE);
		assert_true(bytes_eq_str(reply.text, rows[i].want));
	}
}

/* A line that has no end within 512 bytes has none. */
static void
test_long_lines(void **state)
{
	char text[520];
	struct resp_reply reply;
	size_t used;

	(void)state;
	memset(text, '+', sizeof(text));
	assert_int_equal(resp_parse(bytes_of(text, 511), &reply, &used),
	    RESP_MORE);
	assert_int_equal(resp_parse(bytes_of(text, 512), &reply, &used),
	    RESP_BAD);
	memcpy(text + 511, "\r\n", 2);
	assert_int_equal(resp_parse(bytes_of(text, 513), &reply, &used),
	    RESP_DONE);
	assert_int_equal(reply.text.len, 510);
	memcpy(text + 511, "+\r\n", 3);
	assert_int_equal(resp_parse(bytes_of(text, 514), &reply, &used),
	    RESP_BAD);
}

/* Cut anywhere, a reply wants more; and is never read beyond its end. */
static void
test_cut_replies(void **state)
{
	static const char *const texts[] = {
		"+OK\r\n", "-ERR no\r\n", ":12\r\n", "$5\r\nhello\r\n", "*3\r\n"
	};
	struct resp_reply reply;
	size_t i, len, used;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (len = 0; len < strlen(texts[i]); len++) {
			char *copy = malloc(len + 1);	/* of that size alone */

			assert_non_null(copy);
			memcpy(copy, texts[i], len);
			assert_int_equal(resp_parse(bytes_of(copy, len),
			    &reply, &used), RESP_MORE);
			free(copy);
		}
	}
}

static void
test_numbers(void **state)
{
	static const struct {
		const char *text;
		bool good;
		int64_t value;
	} rows[] = {
		{ "0", true, 0 }, { "1700000000", true, 1700000000 },
		{ "9007199254740991", true, STATE_FOREVER },
		{ "9007199254740992", false, 0 }, { "", false, 0 },
		{ "-1", false, 0 }, { "1 ", false, 0 }, { "0x1", false, 0 },
		{ "99999999999999999", false, 0 },
	};
	int64_t value;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(number_digits(bytes_str(rows[i].text),
		    STATE_FOREVER, &value) == rows[i].good);
		if (rows[i].good)
			assert_int_equal(value, rows[i].value);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_cut_replies),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
