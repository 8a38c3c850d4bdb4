/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The small parsers: base64url, numbers, UTF-8, addresses, media types, PEM
 * and DER, and the arena and secrets under them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/b64url.h"
#include "core/base/json.h"
#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/jose/media_type.h"
#include "core/jose/spki.h"
#include "world.h"

static void
test_b64url(void **state)
{
	static const char *const bad[] = {
		"A", "AAAAA", "AB", "AAB", "AA=", "A+AA", "A/AA", "AA A", "@AAA",
		"[AAA", "`AAA", "{AAA", ":AAA", "AA\n", "\x80" "AAA"
	};
	uint8_t bytes[256], back[256];
	char text[400];
	size_t len, i;

	(void)state;
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 167 + 13);
	for (len = 0; len <= sizeof(bytes); len++) {
		size_t text_len = b64url_encoded_len(len);

		b64url_encode(bytes_of(bytes, len), text);
		assert_int_equal(b64url_decoded_len(text_len), len);
		assert_int_equal(b64url_decode(bytes_of(text, text_len), back),
		    JWT_OK);
		assert_memory_equal(bytes, back, len);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(b64url_decode(bytes_str(bad[i]), back),
		    JWT_TOKEN_BASE64);
	for (i = 0; i < 256; i++)
		assert_int_equal(b64url_is_char((uint8_t)i), i != 0 && strchr(
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		    "0123456789-_", (int)i) != NULL);
}

static void
test_numbers(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		int order;
	} rows[] = {
		{ "0", "-0", 0 }, { "1", "1.0", 0 }, { "10", "1e1", 0 },
		{ "0.05", "5e-2", 0 }, { "100", "1.00e2", 0 }, { "1", "2", -1 },
		{ "-1", "1", -1 }, { "-2", "-1", -1 }, { "9", "10", -1 },
		{ "0.1", "0.11", -1 }, { "1e400", "1e401", -1 },
		{ "1e-400", "0", 1 }, { "-1e400", "0", -1 },
		{ "9007199254740992", "9007199254740993", -1 },
		{ "123.456", "123.4560", 0 }, { "1e99999999999999", "1", 1 },
	};
	static const char *const bad[] = {
		"", "-", "+1", "01", "1.", ".1", "1e", "1e+", "0x1", "1 ", "NaN"
	};
	struct number_date date;
	int64_t digits;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(number_is_valid(bytes_str(rows[i].a)));
		if (number_compare(bytes_str(rows[i].a), bytes_str(rows[i].b)) !=
		    rows[i].order || number_compare(bytes_str(rows[i].b),
		    bytes_str(rows[i].a)) != -rows[i].order)
			fail_msg("%s and %s", rows[i].a, rows[i].b);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(number_is_valid(bytes_str(bad[i])));
	assert_true(number_digits(bytes_str("08"), 8, &digits));
	assert_int_equal(digits, 8);
	assert_false(number_digits(bytes_str("9"), 8, &digits));
	assert_false(number_digits(bytes_str("10"), 8, &digits));
	assert_false(number_digits(bytes_str(""), 8, &digits));
	assert_int_equal(number_date(bytes_str("9007199254740991"), &date),
	    JWT_OK);
	assert_int_equal(date.floor_sec, NUMBER_DATE_MAX);
	assert_int_equal(number_date(bytes_str("9007199254740990.5"), &date),
	    JWT_OK);
	assert_int_equal(date.ceil_sec, NUMBER_DATE_MAX);
	assert_int_equal(number_date(bytes_str("9007199254740991.5"), &date),
	    JWT_CLAIM_INVALID);
	assert_int_equal(number_date(bytes_str("9007199254740992"), &date),
	    JWT_CLAIM_INVALID);
	assert_int_equal(number_date(bytes_str("-0.5"), &date),
	    JWT_CLAIM_INVALID);
	assert_int_equal(number_date(bytes_str("0.5"), &date), JWT_OK);
	assert_int_equal(date.floor_sec, 0);
	assert_int_equal(date.ceil_sec, 1);
	assert_int_equal(number_date(bytes_str("17e8"), &date), JWT_OK);
	assert_int_equal(date.floor_sec, 1700000000);
}

/* Every code point there and back; every pair of bytes by the table. */
static void
test_utf8(void **state)
{
	uint8_t text[4];
	uint32_t code;
	unsigned two;

	(void)state;
	for (code = 1; code <= 0x10ffff; code++) {
		size_t len = utf8_put(code, text);
		bool surrogate = code >= 0xd800 && code <= 0xdfff;

		assert_int_equal(utf8_len(bytes_of(text, len)),
		    surrogate ? 0 : len);
		assert_int_equal(utf8_len(bytes_of(text, len - 1)),
		    len == 1 ? 0 : 0);
	}
	for (two = 0; two < 0x10000; two++) {
		text[0] = (uint8_t)(two >> 8);
		text[1] = (uint8_t)two;
		if (text[0] >= 0xc2 && text[0] <= 0xdf)
			assert_int_equal(utf8_len(bytes_of(text, 2)),
			    (text[1] & 0xc0) == 0x80 ? 2 : 0);
		else
			assert_int_equal(utf8_len(bytes_of(text, 2)),
			    text[0] < 0x80 ? 1 : 0);
	}
}

/* Letters are equal in both cases, and "application/" may be left out. */
static void
test_media_types(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} rows[] = {
		{ "JWT", "jwt", true }, { "", "", true },
		{ "application/AT+JWT", "at+jwt", true },
		{ "Application/jwt", "APPLICATION/JWT", true },
		{ "text/at+jwt", "at+jwt", false }, { "at+jw", "at+jwt", false },
		{ "application/", "", false },
		{ "application/a/b", "a/b", false },
		{ "application/a", "a", true }, { "applicatiom/a", "a", false },
		{ "applications/a", "a", false }, { "xapplication/a", "a", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (media_type_eq(bytes_str(rows[i].a), bytes_str(rows[i].b)) !=
		    rows[i].equal)
			fail_msg("%s and %s", rows[i].a, rows[i].b);
	}
	assert_true(media_type_never_logs_in(bytes_str("APPLICATION/logout+jwt")));
	assert_true(media_type_never_logs_in(bytes_str("refresh+jwt")));
	assert_false(media_type_never_logs_in(bytes_str("at+jwt")));
	assert_false(media_type_never_logs_in(bytes_str("logout+jw")));
	assert_false(media_type_never_logs_in(bytes_str("")));
}

/* A media type has the characters of RFC 6838 section 4.2 and one slash. */
static void
test_media_type_form(void **state)
{
	static const char *const good[] = { "a", "a/b", "a+b/c", "9" };
	static const char *const bad[] = {
		"", "/", "a/", "/a", "a/b/c", "a//b", "a b", "a;b"
	};
	uint8_t text[3] = { 'a', 0, 'b' };
	size_t i;
	int c;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(media_type_is_valid(bytes_str(good[i])));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(media_type_is_valid(bytes_str(bad[i])));
	for (c = 0; c < 256; c++) {
		bool valid = c != 0 && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "abcdefghijklmnopqrstuvwxyz0123456789/!#$&-^_.+", c) !=
		    NULL;

		text[1] = (uint8_t)c;
		assert_int_equal(media_type_is_valid(bytes_of(text, 3)),
		    valid);
		/* It may also be the first one, but for a slash. */
		assert_int_equal(media_type_is_valid(bytes_of(text + 1, 2)),
		    valid && c != '/');
	}
}

/* Base64 with its alphabet, for PEM bodies. */
static char *
pem_of(const uint8_t *der, size_t len, const char *before, const char *after)
{
	char body[512] = "", *p;

	b64url_encode(bytes_of(der, len), body);
	for (p = body; *p != '\0'; p++)
		*p = *p == '-' ? '+' : *p == '_' ? '/' : *p;
	while (strlen(body) % 4 != 0)
		strcat(body, "=");
	return world_text("%s-----BEGIN PUBLIC KEY-----\n%s\n"
	    "-----END PUBLIC KEY-----%s", before, body, after);
}

static bool
pem_loads(const uint8_t *der, size_t len, const char *before,
    const char *after)
{
	char *pem = pem_of(der, len, before, after);
	struct secret buffer;
	struct keymat mat;
	const char *fault;
	enum jwt_reason reason = spki_parse_pem(bytes_str(pem), &buffer, &mat,
	    &fault);

	assert_true((reason == JWT_OK) == (fault == NULL));
	secret_clear(&buffer);
	free(pem);
	return reason == JWT_OK;
}

/* SubjectPublicKeyInfo of an Ed25519 and of a P-256 key, and what differs. */
static void
test_spki(void **state)
{
	static const uint8_t ed[44] = {
		0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03,
		0x21, 0x00, 9, 9, 9
	};
	static const uint8_t ec_head[] = {
		0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce,
		0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
		0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04
	};
	uint8_t der[128] = { 0 };
	size_t i;

	(void)state;
	assert_true(pem_loads(ed, sizeof(ed), "", ""));
	assert_true(pem_loads(ed, sizeof(ed), "", "\n\r\n"));
	assert_false(pem_loads(ed, sizeof(ed), "junk\n", "\n"));
	assert_false(pem_loads(ed, sizeof(ed), "", "\njunk\n"));
	assert_false(pem_loads(ed, sizeof(ed), "", "\n-----BEGIN PUBLIC KEY"
	    "-----\nAAAA\n-----END PUBLIC KEY-----\n"));
	/* Every length and tag matters: no byte of the head may differ. */
	for (i = 0; i < 12; i++) {
		memcpy(der, ed, sizeof(ed));
		der[i] ^= 0x01;
		assert_true(i == 8 || !pem_loads(der, sizeof(ed), "", ""));
	}
	assert_false(pem_loads(ed, sizeof(ed) - 1, "", ""));
	memcpy(der, ed, sizeof(ed));
	assert_false(pem_loads(der, sizeof(ed) + 1, "", ""));
	memcpy(der, ec_head, sizeof(ec_head));
	assert_true(pem_loads(der, sizeof(ec_head) + 64, "", ""));
	der[sizeof(ec_head) - 1] = 0x06;	/* S7: hybrid form */
	assert_false(pem_loads(der, sizeof(ec_head) + 64, "", ""));
	der[sizeof(ec_head) - 1] = 0x00;	/* S6: infinity */
	assert_false(pem_loads(der, sizeof(ec_head) + 64, "", ""));
	for (i = 0; i < sizeof(ec_head); i++) {
		memcpy(der, ec_head, sizeof(ec_head));
		der[i] ^= 0x80;
		assert_false(pem_loads(der, sizeof(ec_head) + 64, "", ""));
	}
}

static void
test_memory(void **state)
{
	struct arena arena = { 0 };
	struct secret secret;
	int *numbers = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		numbers = arena_grow(&arena, numbers, i, sizeof(*numbers));
		assert_non_null(numbers);
		numbers[i] = (int)i;
	}
	for (i = 0; i < 5000; i++)
		assert_int_equal(numbers[i], i);
	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_null(arena_grow(&arena, NULL, SIZE_MAX / 2 + 1, 8));
	arena_clear(&arena);
	assert_int_equal(secret_alloc(0, &secret), JWT_OK);
	assert_int_equal(secret.len, 0);
	assert_int_equal(secret.ptr[0], 0);
	secret_clear(&secret);
	assert_null(secret.ptr);
	assert_int_equal(secret_copy(bytes_str("abc"), &secret), JWT_OK);
	assert_true(bytes_eq_str(secret_bytes(&secret), "abc"));
	assert_string_equal((const char *)secret.ptr, "abc");
	secret_clear(&secret);
	secret_clear(&secret);
}

/* Names are an interface: each once, lower case, and each has its class. */
static void
test_reasons(void **state)
{
	int a, b;

	(void)state;
	for (a = 0; a < JWT_REASON_COUNT; a++) {
		const char *name = reason_name((enum jwt_reason)a);

		assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz-46"),
		    strlen(name));
		assert_true(strlen(reason_text((enum jwt_reason)a)) > 5);
		for (b = 0; b < a; b++)
			assert_string_not_equal(name,
			    reason_name((enum jwt_reason)b));
	}
	assert_string_equal(reason_name((enum jwt_reason)9999), "internal");
	assert_int_equal(reason_class(JWT_OK), JWT_CLASS_OK);
	assert_int_equal(reason_class((enum jwt_reason)-1),
	    JWT_CLASS_INTERNAL);
}

/* The reason for an object of that many members; two have the name same0. */
static enum jwt_reason
json_members(const char *same, unsigned count, unsigned first, unsigned second)
{
	char *text = calloc(count + 2, 16);
	enum jwt_reason reason;
	struct json_doc doc;
	size_t len = 1;
	unsigned i;

	assert_non_null(text);
	text[0] = '{';
	for (i = 0; i < count; i++) {
		len += (size_t)sprintf(text + len, "%s\"%s%u\":{}",
		    i == 0 ? "" : ",", i == first || i == second ?
		    same : "a", i == first || i == second ? 0 : i);
	}
	text[len++] = '}';
	reason = json_parse((uint8_t *)text, len, &json_file_limits, &doc);
	json_clear(&doc);
	free(text);
	return reason;
}

/* Every two places of 40 names; the other names begin with an a. */
static void
check_places(const char *same)
{
	unsigned first, second;

	for (first = 0; first < 40; first++) {
		for (second = first + 1; second < 40; second++)
			assert_int_equal(json_members(same, 40, first, second),
			    JWT_JSON_DUPLICATE);
		assert_int_equal(json_members(same, 40, first, first), JWT_OK);
	}
}

/* A name twice is found wherever the two are; 256 members are the most. */
static void
test_json_names(void **state)
{
	(void)state;
	/* The longest names of all, the shortest, and some in the middle. */
	check_places("same");
	check_places("");
	check_places("b");
	assert_int_equal(json_members("b", 0, 1, 1), JWT_OK);
	assert_int_equal(json_members("b", 256, 256, 256), JWT_OK);
	assert_int_equal(json_members("b", 256, 0, 255), JWT_JSON_DUPLICATE);
	assert_int_equal(json_members("b", 257, 257, 257), JWT_JSON_LIMIT);
	assert_int_equal(json_members("b", 16384, 0, 1), JWT_JSON_LIMIT);
}

/* The table of values grows; it holds each number of them. */
static void
test_json_sizes(void **state)
{
	char text[512];
	unsigned count, i;

	(void)state;
	for (count = 1; count < 200; count++) {
		const struct json_node *item;
		size_t len = (size_t)sprintf(text, "[");
		struct json_doc doc;

		for (i = 0; i < count; i++)
			len += (size_t)sprintf(text + len, "%s%u",
			    i == 0 ? "" : ",", i % 10);
		text[len++] = ']';
		assert_int_equal(json_parse_value((uint8_t *)text, len,
		    &json_token_limits, &doc), JWT_OK);
		assert_int_equal(doc.count, count + 1);
		i = 0;
		for (item = json_first(json_root(&doc)); item != NULL;
		    item = json_next(json_root(&doc), item))
			assert_int_equal(item->ptr[0], '0' + i++ % 10);
		assert_int_equal(i, count);
		json_clear(&doc);
		assert_null(doc.nodes);
		assert_null(json_root(&doc));
	}
}

/* Names of one length, of one start, or one inside of another object. */
static void
test_json_alike_names(void **state)
{
	static const struct {
		const char *text;
		enum jwt_reason reason;
	} rows[] = {
		{ "{\"yacrqcbaxy\":1,\"yacrqcbaxz\":2}", JWT_OK },
		{ "{\"\":1,\"\":2}", JWT_JSON_DUPLICATE },
		{ "{\"\":1,\"a\":2}", JWT_OK },
		{ "{\"ab\":1,\"a\":{\"ab\":2}}", JWT_OK },
		{ "{\"a\":{\"b\":1,\"b\":2}}", JWT_JSON_DUPLICATE },
		{ "{\"a\":[1,{\"b\":{\"c\":1,\"c\":2}}]}",
		    JWT_JSON_DUPLICATE },
		{ "{\"a\":[{\"b\":1},{\"b\":1}]}", JWT_OK },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = world_text("%s", rows[i].text);
		struct json_doc doc;

		assert_int_equal(json_parse((uint8_t *)text, strlen(text),
		    &json_token_limits, &doc), rows[i].reason);
		json_clear(&doc);
		free(text);
	}
}

/* Plain text, escapes and other characters in each order. */
static void
test_json_strings(void **state)
{
	static const struct {
		const char *text;
		const char *value;	/* NULL: it is refused */
	} rows[] = {
		{ "\"\"", "" }, { "\"plain\"", "plain" },
		{ "\"\\n\"", "\n" }, { "\"\\nplain\"", "\nplain" },
		{ "\"plain\\\"plain\\\\\"", "plain\"plain\\" },
		{ "\"a\\u00e9b\\u20acc\\ud83d\\ude00d\"",
		  "a\303\251b\342\202\254c\360\237\230\200d" },
		{ "\"\\/a\303\251b\177c\"", "/a\303\251b\177c" },
		{ "\"plain", NULL }, { "\"plain\\\"", NULL },
		{ "\"plain\nplain\"", NULL }, { "\"plain\037\"", NULL },
		{ "\"plain\200\"", NULL }, { "\"plain\303\"", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = world_text("{\"a\":%s}", rows[i].text);
		struct json_doc doc;
		bool good = json_parse((uint8_t *)text, strlen(text),
		    &json_token_limits, &doc) == JWT_OK;

		assert_int_equal(good, rows[i].value != NULL);
		if (good)
			assert_true(bytes_eq_str(json_text(json_get(
			    json_root(&doc), bytes_str("a"))), rows[i].value));
		json_clear(&doc);
		free(text);
	}
}

/* A colon and a comma must stand where JSON has them. */
static void
test_json_separators(void **state)
{
	static const struct {
		const char *text;
		enum jwt_reason reason;
	} rows[] = {
		{ "{ \"a\" : 1 , \"b\" : [ 2 , 3 ] }", JWT_OK },
		{ "{\"a\" 1}", JWT_JSON_INVALID },
		{ "{\"a\"\"b\"}", JWT_JSON_INVALID },
		{ "{\"a\",1}", JWT_JSON_INVALID },
		{ "{\"a\"::1}", JWT_JSON_INVALID },
		{ "{\"a\":1 \"b\":2}", JWT_JSON_INVALID },
		{ "{\"a\":[2 3]}", JWT_JSON_INVALID },
		{ "{\"a\":[2:3]}", JWT_JSON_INVALID },
		/* A name is a string. */
		{ "{:1}", JWT_JSON_INVALID }, { "{1:1}", JWT_JSON_INVALID },
		{ "{a\":1}", JWT_JSON_INVALID },
		{ "{\"a\":1,:1}", JWT_JSON_INVALID },
		{ "{\"a\":1,b\":1}", JWT_JSON_INVALID },
		/* A name with a 0 is refused, whatever follows. */
		{ "{\"a\\u0000\":1}", JWT_JSON_INVALID },
		{ "{\"a\\u0000\"1}", JWT_JSON_INVALID },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = world_text("%s", rows[i].text);
		struct json_doc doc;

		assert_int_equal(json_parse((uint8_t *)text, strlen(text),
		    &json_token_limits, &doc), rows[i].reason);
		json_clear(&doc);
		free(text);
	}
}

/* Numbers and words of JSON, and texts that are nearly one. */
static void
test_json_scalars(void **state)
{
	static const struct {
		const char *text;
		enum json_node_type type;
	} good[] = {
		{ "0", JSON_NUMBER }, { "-0", JSON_NUMBER },
		{ "7", JSON_NUMBER }, { "-12", JSON_NUMBER },
		{ "0.5", JSON_NUMBER }, { "-0.05", JSON_NUMBER },
		{ "1e5", JSON_NUMBER }, { "1E5", JSON_NUMBER },
		{ "1e+5", JSON_NUMBER }, { "1e-5", JSON_NUMBER },
		{ "0e0", JSON_NUMBER }, { "12.34E-56", JSON_NUMBER },
		{ "true", JSON_TRUE }, { "false", JSON_FALSE },
		{ "null", JSON_NULL },
	};
	static const char *const bad[] = {
		"", "-", "+1", "01", "-01", "1.", ".5", "1.e5", "1e", "1e+",
		"1e-", "1e+-5", "1ee5", "--1", "1-", "1.2.3", "0x1", "tru",
		"truE", "truee", "fals", "falsee", "nul", "nullx", "t", "x"
	};
	struct json_doc doc;
	char text[16];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		size_t len = strlen(good[i].text);

		memcpy(text, good[i].text, len);
		assert_int_equal(json_parse_value((uint8_t *)text, len,
		    &json_token_limits, &doc), JWT_OK);
		assert_true(json_is(json_root(&doc), good[i].type));
		if (good[i].type == JSON_NUMBER)
			assert_true(bytes_eq_str(json_text(json_root(&doc)),
			    good[i].text));
		json_clear(&doc);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memcpy(text, bad[i], strlen(bad[i]));
		assert_int_equal(json_parse_value((uint8_t *)text,
		    strlen(bad[i]), &json_token_limits, &doc),
		    JWT_JSON_INVALID);
		json_clear(&doc);
	}
}

/* Four characters may stand between the others, and no other byte. */
static void
test_json_space(void **state)
{
	static const char pattern[] = " { \"a\" : 1 , \"b\" : [ 2 , { } ] } ";
	char text[sizeof(pattern)];
	unsigned byte;
	size_t at;

	(void)state;
	for (at = 0; at < strlen(pattern); at++) {
		for (byte = 0; byte < 256 && pattern[at] == ' '; byte++) {
			bool good = byte == ' ' || byte == '\t' ||
			    byte == '\n' || byte == '\r';
			struct json_doc doc;

			memcpy(text, pattern, sizeof(text));
			text[at] = (char)byte;
			/* These join the number that they stand beside. */
			if (byte != 0 && strchr("-0123456789", (int)byte))
				continue;
			assert_true((json_parse((uint8_t *)text,
			    strlen(pattern), &json_token_limits, &doc) ==
			    JWT_OK) == good);
			json_clear(&doc);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_strings),
		cmocka_unit_test(test_b64url),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_media_types),
		cmocka_unit_test(test_media_type_form),
		cmocka_unit_test(test_spki),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_json_names),
		cmocka_unit_test(test_json_sizes),
		cmocka_unit_test(test_json_space),
		cmocka_unit_test(test_json_scalars),
		cmocka_unit_test(test_json_alike_names),
		cmocka_unit_test(test_json_separators),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
