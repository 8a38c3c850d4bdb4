/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The members of one JWK, read without building a key: also of kinds that the
 * OpenSSL of this host does not have.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/json.h"
#include "core/base/secret.h"
#include "core/jose/jwk_entry.h"

/* AQ is 1, Ag 2, Aw 3 and so on: each member has its own number. */
static const char jwk[] = "{\"x\":\"AQ\",\"y\":\"Ag\",\"n\":\"Aw\",\"e\":\"BA\","
    "\"k\":\"BQ\",\"pub\":\"Bg\",\"d\":\"Bw\"}";

/* Which of these a number is; 0: it is empty. */
static unsigned
only_byte(struct bytes number)
{
	if (number.len == 0)
		return 0;
	assert_int_equal(number.len, 1);
	return number.ptr[0];
}

static void
expect_numbers(enum key_kind kind, unsigned x, unsigned y)
{
	struct keymat mat = { .kind = kind };
	struct json_doc doc = { 0 };
	struct secret text;

	assert_int_equal(secret_copy(bytes_str(jwk), &text), JWT_OK);
	assert_int_equal(json_parse(text.ptr, text.len, &json_file_limits,
	    &doc), JWT_OK);
	jwk_entry_numbers(json_root(&doc), &mat);
	assert_int_equal(only_byte(mat.x), x);
	assert_int_equal(only_byte(mat.y), y);
	json_clear(&doc);
	secret_clear(&text);
}

/* RFC 7518 section 6, RFC 8037 section 2 and RFC 9964. */
static void
test_numbers(void **state)
{
	(void)state;
	expect_numbers(KEY_P256, 1, 2);
	expect_numbers(KEY_P384, 1, 2);
	expect_numbers(KEY_P521, 1, 2);
	expect_numbers(KEY_ED25519, 1, 0);
	expect_numbers(KEY_ED448, 1, 0);
	expect_numbers(KEY_RSA, 3, 4);
	expect_numbers(KEY_OCT, 5, 0);
	expect_numbers(KEY_ML_DSA_44, 6, 0);
	expect_numbers(KEY_ML_DSA_65, 6, 0);
	expect_numbers(KEY_ML_DSA_87, 6, 0);
}

/* A value that is not a time sets the result to 0. */
static void
test_epoch(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t epoch;
	} rows[] = {
		{ "0", true, 0 }, { "1", true, 1 },
		{ "9007199254740991", true, 9007199254740991 },
		{ "9007199254740992", false, 0 }, { "-1", false, 0 },
		{ "1.5", false, 0 }, { "\"1\"", false, 0 }, { "null", false, 0 },
	};
	int64_t epoch = 7;
	size_t i;

	(void)state;
	assert_false(jwk_entry_epoch(NULL, &epoch));
	assert_int_equal(epoch, 0);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json_doc doc = { 0 };
		struct secret text;

		assert_int_equal(secret_copy(bytes_str(rows[i].text), &text),
		    JWT_OK);
		assert_int_equal(json_parse_value(text.ptr, text.len,
		    &json_file_limits, &doc), JWT_OK);
		epoch = 7;
		assert_int_equal(jwk_entry_epoch(json_root(&doc), &epoch),
		    rows[i].ok);
		assert_int_equal(epoch, rows[i].epoch);
		json_clear(&doc);
		secret_clear(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_epoch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
