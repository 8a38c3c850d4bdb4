/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The writer of JSON: what it writes the gate reads back, byte for byte; and
 * what it cannot write does not come out in part.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/base/json.h"
#include "core/base/json_write.h"

#define LIMIT ((size_t)4096)

/* AddressSanitizer ends a program whose calloc() fails, unless it is told. */
const char *__asan_default_options(void)
    __attribute__((visibility("default")));
const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* Finish, and compare with the text. */
static void
expect(struct json_write *json, const char *text)
{
	struct secret out;

	assert_int_equal(json_write_finish(json, &out), JWT_OK);
	assert_int_equal(out.len, strlen(text));
	assert_memory_equal(out.ptr, text, out.len);
	secret_clear(&out);
}

/* Finish, and get the reason and nothing else. */
static void
expect_failure(struct json_write *json, enum jwt_reason reason)
{
	struct secret out = { .len = 1 };

	assert_null(json->text.ptr);
	assert_int_equal(json_write_finish(json, &out), reason);
	assert_null(out.ptr);
	assert_int_equal(out.len, 0);
	/* And it stays so. */
	json_write_array(json);
	json_write_close(json);
	assert_int_equal(json_write_finish(json, &out), JWT_INTERNAL);
}

static void
test_shapes(void **state)
{
	struct json_write json;

	(void)state;
	json_write_start(&json, LIMIT);
	json_write_object(&json);
	json_write_close(&json);
	expect(&json, "{}");

	json_write_start(&json, LIMIT);
	json_write_object(&json);
	json_write_member(&json, "a", "b");
	json_write_name(&json, bytes_str("list"));
	json_write_array(&json);
	json_write_integer(&json, INT64_MIN);
	json_write_integer(&json, INT64_MAX);
	json_write_array(&json);
	json_write_close(&json);
	json_write_object(&json);
	json_write_name(&json, bytes_str(""));
	json_write_raw(&json, bytes_str("null"));
	json_write_close(&json);
	json_write_close(&json);
	json_write_name(&json, bytes_str("number"));
	json_write_b64url(&json, bytes_of("\xff\xef\x00", 3));
	json_write_close(&json);
	expect(&json, "{\"a\":\"b\",\"list\":[-9223372036854775808,"
	    "9223372036854775807,[],{\"\":null}],\"number\":\"_-8A\"}");

	json_write_start(&json, LIMIT);
	json_write_integer(&json, 0);
	expect(&json, "0");

	json_write_start(&json, LIMIT);
	json_write_b64url(&json, bytes_of(NULL, 0));
	expect(&json, "\"\"");
}

/* What the writer makes of a string must be what the gate reads there. */
static void
expect_round_trip(struct bytes text)
{
	struct json_write json;
	struct json_doc doc;
	struct secret out;

	json_write_start(&json, LIMIT);
	json_write_object(&json);
	json_write_name(&json, bytes_str("value"));
	json_write_string(&json, text);
	json_write_close(&json);
	assert_int_equal(json_write_finish(&json, &out), JWT_OK);
	assert_int_equal(json_parse(out.ptr, out.len, &json_token_limits,
	    &doc), JWT_OK);
	assert_true(bytes_eq(json_text(json_get(json_root(&doc),
	    bytes_str("value"))), text));
	json_clear(&doc);
	secret_clear(&out);
}

/* Each byte of ASCII: RFC 8259 section 7 says which are escaped. */
static void
test_ascii(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < 0x80; i++) {
		uint8_t one = (uint8_t)i;
		struct json_write json;
		char wanted[16];

		if (i < 0x20)
			snprintf(wanted, sizeof(wanted), "\"\\u%04x\"", i);
		else if (i == '"' || i == '\\')
			snprintf(wanted, sizeof(wanted), "\"\\%c\"", (int)i);
		else
			snprintf(wanted, sizeof(wanted), "\"%c\"", (int)i);
		json_write_start(&json, LIMIT);
		json_write_string(&json, bytes_of(&one, 1));
		expect(&json, wanted);
		expect_round_trip(bytes_of(&one, 1));
	}
}

/* Names are escaped as values are. */
static void
test_names(void **state)
{
	struct json_write json;

	(void)state;
	json_write_start(&json, LIMIT);
	json_write_object(&json);
	json_write_member(&json, "\"\n", "");
	json_write_close(&json);
	expect(&json, "{\"\\\"\\u000a\":\"\"}");

	json_write_start(&json, LIMIT);
	json_write_object(&json);
	json_write_member(&json, "\xff", "");
	json_write_close(&json);
	expect_failure(&json, JWT_JSON_INVALID);
}

static void
test_utf8(void **state)
{
	static const char *const good[] = {
		"\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
		"\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
		"\xe2\x80\xa8", "\x7f"
	};
	static const char *const bad[] = {
		"\x80", "\xc1\xbf", "\xc3", "\xe0\x9f\xbf", "\xed\xa0\x80",
		"\xed\xbf\xbf", "\xef\xbf", "\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xffz"
	};
	struct json_write json;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		expect_round_trip(bytes_str(good[i]));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		json_write_start(&json, LIMIT);
		json_write_string(&json, bytes_str(bad[i]));
		expect_failure(&json, JWT_JSON_INVALID);
	}
}

/* Every length around the sizes of the buffer. */
static void
test_growth(void **state)
{
	char text[2000];
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(text); len++) {
		text[len] = (char)('a' + len % 26);
		if (len < 1100)
			expect_round_trip(bytes_of(text, len));
	}
}

/* "abc" with its quotes has five bytes. */
static void
test_limit(void **state)
{
	struct json_write json;
	size_t limit;

	(void)state;
	for (limit = 0; limit < 5; limit++) {
		json_write_start(&json, limit);
		json_write_string(&json, bytes_str("abc"));
		expect_failure(&json, JWT_JSON_LIMIT);
	}
	json_write_start(&json, 5);
	json_write_string(&json, bytes_str("abc"));
	expect(&json, "\"abc\"");

	/* An escape is all there or it is not. */
	json_write_start(&json, 7);
	json_write_string(&json, bytes_str("\n"));
	expect_failure(&json, JWT_JSON_LIMIT);
	json_write_start(&json, 8);
	json_write_string(&json, bytes_str("\n"));
	expect(&json, "\"\\u000a\"");
}

static void
test_depth(void **state)
{
	struct json_write json;
	unsigned i, depth;

	(void)state;
	for (depth = JSON_WRITE_DEPTH; depth <= JSON_WRITE_DEPTH + 1; depth++) {
		struct secret out;
		enum jwt_reason reason;

		json_write_start(&json, LIMIT);
		for (i = 0; i < depth; i++)
			json_write_array(&json);
		for (i = 0; i < depth; i++)
			json_write_close(&json);
		reason = json_write_finish(&json, &out);
		assert_int_equal(reason, depth == JSON_WRITE_DEPTH ? JWT_OK :
		    JWT_JSON_LIMIT);
		secret_clear(&out);
	}
}

/* No machine has that much: the allocation fails, nothing is read. */
static void
test_no_memory(void **state)
{
	static const char there[] = "there";
	struct json_write json;

	(void)state;
	json_write_start(&json, SIZE_MAX / 2);
	json_write_raw(&json, bytes_of(there, SIZE_MAX / 4));
	expect_failure(&json, JWT_OUT_OF_MEMORY);

	/* With something written already, which must not come out alone. */
	json_write_start(&json, SIZE_MAX / 2);
	json_write_object(&json);
	json_write_member(&json, "a", "b");
	json_write_name(&json, bytes_str("c"));
	json_write_raw(&json, bytes_of(there, SIZE_MAX / 4));
	json_write_close(&json);
	expect_failure(&json, JWT_OUT_OF_MEMORY);

	/* A length that would wrap around is beyond any limit. */
	json_write_start(&json, SIZE_MAX / 2);
	json_write_array(&json);
	json_write_raw(&json, bytes_of(there, SIZE_MAX));
	expect_failure(&json, JWT_JSON_LIMIT);
}

/* Each letter is a piece; none of these is a JSON text. */
static void
play(struct json_write *json, const char *pieces)
{
	json_write_start(json, LIMIT);
	for (; *pieces != '\0'; pieces++) {
		if (*pieces == '{')
			json_write_object(json);
		else if (*pieces == '[')
			json_write_array(json);
		else if (*pieces == 'x')
			json_write_close(json);
		else if (*pieces == 'n')
			json_write_name(json, bytes_str("n"));
		else if (*pieces == 's')
			json_write_string(json, bytes_str("s"));
		else if (*pieces == 'i')
			json_write_integer(json, 1);
		else if (*pieces == 'b')
			json_write_b64url(json, bytes_str("b"));
		else
			json_write_raw(json, bytes_str(""));
	}
}

static void
test_places(void **state)
{
	static const char *const wrong[] = {
		"", "{", "[", "{n", "{nx", "{s", "{i", "{b", "{{", "{[", "{nn",
		"n", "x", "[n", "[]", "[xx", "{xx", "ss", "si", "[xs", "{x{",
		"sn", "sx", "{nss", "{nsx[", "[e", "e", "{ns", "[s", "[{x",
		"{nnsx", "{sx", "{ix", "{bx", "{{xx", "{[xx", "{nx", "[nsx", "{nssx", "[ex"
	};
	struct json_write json;
	struct secret out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		play(&json, wrong[i]);
		if (json_write_finish(&json, &out) != JWT_INTERNAL)
			fail_msg("%s is written", wrong[i]);
		assert_null(out.ptr);
	}
	play(&json, "{nsn[i{x[xs]x");
	assert_int_equal(json_write_finish(&json, &out), JWT_INTERNAL);
	play(&json, "{nsn[i{x[xsbxx");
	expect(&json, "{\"n\":\"s\",\"n\":[1,{},[],\"s\",\"Yg\"]}");
}

/* Thrown away half-way, and finished without a start. */
static void
test_clear(void **state)
{
	struct json_write json = { .reason = JWT_OK };
	struct secret out;

	(void)state;
	play(&json, "{nsn[");
	json_write_clear(&json);
	assert_null(json.text.ptr);
	json_write_clear(&json);
	json_write_string(&json, bytes_str("s"));
	assert_int_equal(json_write_finish(&json, &out), JWT_INTERNAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
