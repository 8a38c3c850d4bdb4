/* SPDX-License-Identifier: BSD-2-Clause */
/* Thumbprints of every kind of key, against the RFCs and another program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/b64url.h"
#include "core/base/secret.h"
#include "core/jose/thumbprint.h"

/* RFC 7638 section 3.1 */
#define RFC7638_N							\
	"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu"	\
	"1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4H"	\
	"c5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqz"	\
	"s8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4"	\
	"vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8a"	\
	"wapJzKnqDKgw"

static struct secret
decode(const char *text)
{
	struct secret out;

	assert_int_equal(secret_alloc(b64url_decoded_len(strlen(text)), &out),
	    JWT_OK);
	assert_int_equal(b64url_decode(bytes_str(text), out.ptr), JWT_OK);
	return out;
}

static void
expect(enum key_kind kind, struct bytes x, struct bytes y, const char *wanted)
{
	struct keymat mat = { .kind = kind, .x = x, .y = y };
	struct thumbprint thumbprint;
	struct secret digest = decode(wanted);

	assert_int_equal(thumbprint_make(&mat, &thumbprint), JWT_OK);
	assert_string_equal(thumbprint.text, wanted);
	assert_int_equal(digest.len, HASH_LEN);
	assert_memory_equal(thumbprint.digest, digest.ptr, HASH_LEN);
	secret_clear(&digest);
}

static void
test_published(void **state)
{
	static const struct {
		enum key_kind kind;
		const char *x, *y, *wanted;
	} rows[] = {
		{ KEY_RSA, RFC7638_N, "AQAB",
		    "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs" },
		/* RFC 8037 appendix A.3 */
		{ KEY_ED25519, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "",
		    "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" },
		/* RFC 9449 sections 4.1 and 6.1 */
		{ KEY_P256, "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
		    "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
		    "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct secret x = decode(rows[i].x), y = decode(rows[i].y);

		expect(rows[i].kind, secret_bytes(&x), secret_bytes(&y),
		    rows[i].wanted);
		secret_clear(&x);
		secret_clear(&y);
	}
}

/* The other kinds, and the longest of each, with zeros for numbers. */
static void
test_kinds(void **state)
{
	static const uint8_t zeros[2592];
	static const struct {
		enum key_kind kind;
		size_t x, y;
		const char *wanted;
	} rows[] = {
		{ KEY_P384, 48, 48,
		    "6MrfOQ9Mem0cM45CJGS9INk8aULLwSVO_HOM71GQYLw" },
		{ KEY_P521, 66, 66,
		    "bVUDQ3nWR4ng9uMjuvm3luXo6YHmpbpVlWQi4CtI5uc" },
		{ KEY_ED448, 57, 0,
		    "YlkveYn-VQrhxsRqG_cZoS49AjOKLbpLxvjqyYlM2Oo" },
		{ KEY_RSA, 1024, 8,
		    "qZdd8KbGVkwNRIKhLHmmKjL-y4jEjDTbFHLh1_qogFw" },
		{ KEY_OCT, 1024, 0,
		    "KCR4CS1ikpt29z1J-zayHG8HQyJ9B5JIUlOxqp4HliU" },
		{ KEY_ML_DSA_44, 1312, 0,
		    "2CJAHa1baogysYbpTDvpCwkYgjufJNrkcgQy0gi_2fU" },
		{ KEY_ML_DSA_65, 1952, 0,
		    "bFUn9j2_niUjda0r8RQHTZlaOJoNgYzOOLOiV5T4dd4" },
		{ KEY_ML_DSA_87, 2592, 0,
		    "mJeWMNhJ3Um1HblSE1KALHN27OuZEMAqVkSuoxb9toM" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(rows[i].kind, bytes_of(zeros, rows[i].x),
		    bytes_of(zeros, rows[i].y), rows[i].wanted);
}

/* Beyond any key that is sound: no thumbprint, and nothing left of one. */
static void
test_too_long(void **state)
{
	static const uint8_t zeros[4096];
	struct keymat mat = {
		.kind = KEY_OCT, .x = bytes_of(zeros, sizeof(zeros))
	};
	struct thumbprint thumbprint = { .text = "before" };

	(void)state;
	assert_int_equal(thumbprint_make(&mat, &thumbprint), JWT_JSON_LIMIT);
	assert_string_equal(thumbprint.text, "");
	assert_memory_equal(thumbprint.digest, zeros, HASH_LEN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
