/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json.c takes eight plain characters at a time, and looks at marks before
 * names.  Both are compared with what takes one byte, and every name.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/json.h"
#include "core/base/utf8.h"

#define LEN_MAX		40
#define RANDOM_TEXTS	200000
#define NAMES_MAX	40

/* ---- strings ------------------------------------------------------------- */

/*
 * Read what stands between quotes, byte by byte; of the escapes it knows \\ and
 * \" alone.  Returns the length, or -1 if it is not a string to the end.
 */
static int
read_plainly(struct bytes text, uint8_t *out)
{
	int len = 0;
	size_t i = 0, k;

	while (i < text.len) {
		size_t width = utf8_len(bytes_of(text.ptr + i, text.len - i));
		bool is_escape = text.ptr[i] == '\\';

		if (is_escape && (++i == text.len ||
		    (text.ptr[i] != '\\' && text.ptr[i] != '"')))
			return -1;
		if (!is_escape && (text.ptr[i] == '"' || text.ptr[i] < 0x20 ||
		    width == 0))
			return -1;
		for (k = 0; k < width; k++)
			out[len++] = text.ptr[i++];
	}
	return len;
}

/* The same by the gate, in memory of exactly the size of the document. */
static void
compare(const uint8_t *ptr, size_t len)
{
	uint8_t *text = malloc(len + 2), plain[LEN_MAX];
	int want = read_plainly(bytes_of(ptr, len), plain);
	enum jwt_reason reason;
	struct json_doc doc;
	struct bytes got;

	assert_non_null(text);
	text[0] = '"';
	memcpy(text + 1, ptr, len);
	text[len + 1] = '"';
	reason = json_parse_value(text, len + 2, &json_token_limits, &doc);
	got = json_text(json_root(&doc));
	if ((reason == JWT_OK) != (want >= 0) || (want >= 0 &&
	    !bytes_eq(got, bytes_of(plain, (size_t)want))))
		fail_msg("%zu bytes, first %02x %02x %02x", len, ptr[0],
		    ptr[1], ptr[2]);
	json_clear(&doc);
	free(text);
}

/* Escapes that stand for something else are left to the other tests. */
static bool
is_other_escape(const uint8_t *text, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len; i++) {
		if (text[i] != '\\')
			continue;
		i++;
		if (text[i] != '\0' && strchr("/bfnrtu", text[i]) != NULL)
			return true;
	}
	return false;
}

static void
compare_known(const uint8_t *text, size_t len)
{
	if (!is_other_escape(text, len))
		compare(text, len);
}

static void
test_every_short_string(void **state)
{
	uint8_t text[LEN_MAX] = { 0 };
	unsigned n;

	(void)state;
	compare(text, 0);
	for (n = 0; n < 256 * 256; n++) {
		text[0] = (uint8_t)n;
		text[1] = (uint8_t)(n >> 8);
		if (n < 256)
			compare_known(text, 1);
		compare_known(text, 2);
	}
}

/* Every byte at every place, and every pair at two places side by side. */
static void
test_places(void **state)
{
	uint8_t text[LEN_MAX];
	size_t len, at;
	unsigned n;

	(void)state;
	for (len = 3; len < 20; len++) {
		for (at = 0; at < len; at++) {
			memset(text, 'x', sizeof(text));
			for (n = 0; n < 256; n++) {
				text[at] = (uint8_t)n;
				compare_known(text, len);
			}
		}
	}
	for (at = 0; at < 16; at++) {
		memset(text, 'x', sizeof(text));
		for (n = 0; n < 256 * 256; n++) {
			text[at] = (uint8_t)n;
			text[at + 1] = (uint8_t)(n >> 8);
			compare_known(text, 20);
		}
	}
}

/* Bytes of which most are plain, and some at the borders of what is. */
static uint8_t
random_byte(void)
{
	static const uint8_t borders[] = {
		0x1f, 0x20, 0x7f, 0x80, 0xff, '"', '\\', '!', '#', '[', ']'
	};

	if (random() % 16 != 0)
		return (uint8_t)(0x20 + random() % 0x5f);
	return borders[(size_t)random() % sizeof(borders)];
}

static void
test_long_strings(void **state)
{
	uint8_t text[LEN_MAX];
	unsigned n;
	size_t i;

	(void)state;
	srandom(1);
	for (n = 0; n < RANDOM_TEXTS; n++) {
		size_t len = (size_t)random() % (sizeof(text) + 1);

		for (i = 0; i < len; i++)
			text[i] = random_byte();
		compare_known(text, len);
	}
}

/* ---- escapes of code points ---------------------------------------------- */

/*
 * The document is a string of escapes, which must become the code points, or be
 * refused if there are none.
 */
static void
check_escapes(const char *document, const uint32_t *codes, size_t count)
{
	uint8_t text[LEN_MAX], want[LEN_MAX];
	size_t len = strlen(document), want_len = 0, i;
	enum jwt_reason reason;
	struct json_doc doc;

	memcpy(text, document, len);
	for (i = 0; i < count; i++)
		want_len += utf8_put(codes[i], want + want_len);
	reason = json_parse_value(text, len, &json_token_limits, &doc);
	if ((reason == JWT_OK) != (count > 0) || (count > 0 &&
	    !bytes_eq(json_text(json_root(&doc)), bytes_of(want, want_len))))
		fail_msg("%s", document);
	json_clear(&doc);
}

static bool
is_between(uint32_t code, uint32_t first, uint32_t last)
{
	return code >= first && code <= last;
}

/* In lowercase and in capitals; half of a pair is no character. */
static void
test_every_escape(void **state)
{
	char text[LEN_MAX];
	uint32_t code;

	(void)state;
	for (code = 0; code <= 0xffff; code++) {
		size_t count = is_between(code, 0xd800, 0xdfff) ? 0 : 1;

		snprintf(text, sizeof(text), "\"\\u%04x\"", code);
		check_escapes(text, &code, count);
		snprintf(text, sizeof(text), "\"\\u%04X\"", code);
		check_escapes(text, &code, count);
	}
}

/* Both sides of each border of the two halves; RFC 8259 section 7. */
static void
test_pairs(void **state)
{
	static const uint32_t borders[] = {
		0x41, 0xd7ff, 0xd800, 0xd801, 0xdbfe, 0xdbff, 0xdc00, 0xdc01,
		0xdffe, 0xdfff, 0xe000, 0xffff
	};
	const size_t count = sizeof(borders) / sizeof(borders[0]);
	char text[LEN_MAX];
	size_t i, k;

	(void)state;
	for (i = 0; i < count * count; i++) {
		uint32_t codes[2] = { borders[i / count], borders[i % count] };
		size_t want = 2;

		snprintf(text, sizeof(text), "\"\\u%04x\\u%04x\"", codes[0],
		    codes[1]);
		for (k = 0; k < 2; k++) {
			if (is_between(codes[k], 0xd800, 0xdfff))
				want = 0;
		}
		if (is_between(codes[0], 0xd800, 0xdbff) &&
		    is_between(codes[1], 0xdc00, 0xdfff)) {
			codes[0] = 0x10000 + (codes[0] - 0xd800) * 0x400 +
			    (codes[1] - 0xdc00);
			want = 1;
		}
		check_escapes(text, codes, want);
	}
	check_escapes("\"\\ud800xudc00\"", NULL, 0);
	check_escapes("\"\\ud800\\ndc00\"", NULL, 0);
	check_escapes("\"\\ud800\\\"", NULL, 0);
}

/* Every byte in the place of each of the four digits. */
static void
test_hex_digits(void **state)
{
	char text[] = "\"\\u0000\"";
	size_t place;
	int c;

	(void)state;
	for (place = 3; place < 7; place++) {
		for (c = 1; c < 256; c++) {
			char digits[5] = { 0 };
			uint32_t code;
			bool good = isxdigit(c) != 0;

			text[place] = (char)c;
			memcpy(digits, text + 3, 4);
			code = (uint32_t)strtoul(digits, NULL, 16);
			check_escapes(text, &code, good ? 1 : 0);
			text[place] = '0';
		}
	}
}

/* ---- limits -------------------------------------------------------------- */

static void
check_limit(char *text, bool good)
{
	struct json_doc doc;

	assert_int_equal(json_parse_value((uint8_t *)text, strlen(text),
	    &json_token_limits, &doc), good ? JWT_OK : JWT_JSON_LIMIT);
	json_clear(&doc);
}

/* As deep as a token may be, and deeper. */
static void
test_depth(void **state)
{
	char text[2 * (JSON_TOKEN_DEPTH + 1) + 1];
	size_t depth;

	(void)state;
	for (depth = JSON_TOKEN_DEPTH; depth <= JSON_TOKEN_DEPTH + 1; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		text[2 * depth] = '\0';
		check_limit(text, depth == JSON_TOKEN_DEPTH);
	}
}

/* A token, a header and a key are objects; json_parse() takes nothing else. */
static void
test_object(void **state)
{
	static const char *const texts[] = { "[1]", "1", "\"a\"", "null", "{}" };
	struct json_doc doc;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		uint8_t text[LEN_MAX];

		memcpy(text, texts[i], strlen(texts[i]));
		assert_int_equal(json_parse(text, strlen(texts[i]),
		    &json_token_limits, &doc), texts[i][0] == '{' ? JWT_OK :
		    JWT_JSON_INVALID);
		json_clear(&doc);
	}
}

/* The members of all objects count together. */
static void
test_members(void **state)
{
	char text[3072];
	unsigned more, i;

	(void)state;
	for (more = 0; more <= 1; more++) {
		size_t len = (size_t)sprintf(text, "[{\"a\":0");

		for (i = 1; i < JSON_TOKEN_MEMBERS + more; i++)
			len += (size_t)sprintf(text + len, "%s\"n%u\":0",
			    i == JSON_TOKEN_MEMBERS / 2 ? "},{" : ",", i);
		sprintf(text + len, "}]");
		check_limit(text, more == 0);
	}
}

/* ---- names --------------------------------------------------------------- */

/* Write an object of so many members, of which the k-th has i's name. */
static size_t
write_object(char *out, size_t size, unsigned count, unsigned i, unsigned k)
{
	size_t len = (size_t)snprintf(out, size, "{");
	unsigned n;

	for (n = 0; n < count; n++)
		len += (size_t)snprintf(out + len, size - len, "%s\"n%u\":%u",
		    n == 0 ? "" : ",", n == k ? i : n, n);
	return len + (size_t)snprintf(out + len, size - len, "}");
}

static enum jwt_reason
parse_object(char *text, size_t len)
{
	struct json_doc doc;
	enum jwt_reason reason = json_parse((uint8_t *)text, len,
	    &json_token_limits, &doc);

	json_clear(&doc);
	return reason;
}

/* A name that stands twice is found at any two places of few and of many. */
static void
test_twice(void **state)
{
	unsigned count, i, k;
	char text[1024];
	size_t len;

	(void)state;
	for (count = 1; count <= NAMES_MAX; count++) {
		len = write_object(text, sizeof(text), count, 0, 0);
		assert_int_equal(parse_object(text, len), JWT_OK);
		for (k = 1; k < count; k++) {
			for (i = 0; i < k; i++) {
				len = write_object(text, sizeof(text), count,
				    i, k);
				assert_int_equal(parse_object(text, len),
				    JWT_JSON_DUPLICATE);
			}
		}
	}
}

/* Whether the object has a name is what a walk through it says. */
static void
compare_look_up(const struct json_node *object, struct bytes name)
{
	const struct json_node *item, *want = NULL;

	for (item = json_first(object); item; item = json_next(object, item)) {
		if (bytes_eq(json_text(item), name))
			want = json_value(item);
	}
	assert_ptr_equal(json_get(object, name), want);
}

/* Every name of up to two bytes, in an object of the names of real tokens. */
static void
test_look_up(void **state)
{
	char text[] = "{\"\":0,\"a\":1,\"ab\":2,\"\\u0062a\":3,\"iss\":{\"b\":4},"
	    "\"sub\":5,\"aud\":[6],\"auth_time\":7,\"x\\\"\":8}";
	struct json_doc doc;
	uint8_t name[2];
	unsigned n;

	(void)state;
	assert_int_equal(json_parse((uint8_t *)text, strlen(text),
	    &json_token_limits, &doc), JWT_OK);
	compare_look_up(json_root(&doc), bytes_of(NULL, 0));
	for (n = 0; n < 256 * 256; n++) {
		name[0] = (uint8_t)n;
		name[1] = (uint8_t)(n >> 8);
		compare_look_up(json_root(&doc), bytes_of(name, 1));
		compare_look_up(json_root(&doc), bytes_of(name, 2));
	}
	compare_look_up(json_root(&doc), bytes_str("iss"));
	compare_look_up(json_root(&doc), bytes_str("auth_time"));
	compare_look_up(json_root(&doc), bytes_str("auth_timf"));
	/* What is no object has no members, and what is absent has none. */
	assert_null(json_get(json_get(json_root(&doc), bytes_str("sub")),
	    bytes_str("a")));
	assert_null(json_get(json_get(json_root(&doc), bytes_str("aud")),
	    bytes_str("a")));
	assert_null(json_get(NULL, bytes_str("a")));
	assert_null(json_root(&(struct json_doc){ .count = 0 }));
	assert_null(json_get(json_get(json_root(&doc), bytes_str("iss")),
	    bytes_str("a")));
	assert_non_null(json_get(json_get(json_root(&doc), bytes_str("iss")),
	    bytes_str("b")));
	json_clear(&doc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_short_string),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_long_strings),
		cmocka_unit_test(test_every_escape),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_hex_digits),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_object),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_look_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
