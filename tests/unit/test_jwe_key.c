/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys that decrypt, by themselves: what is said about a file that cannot
 * be used, which keys are the same, and sets that are empty or cleared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <openssl/err.h>

#include "core/jose/crypt.h"
#include "core/jose/jwe_key.h"
#include "core/jose/jwk_entry.h"
#include "tests/lib/jwe_make.h"
#include "tests/lib/world.h"

#define ES	",\"alg\":\"ECDH-ES\""
#define OAEP	",\"alg\":\"RSA-OAEP\""
#define A32	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const char not_one[] = "the public numbers do not belong to the "
    "private ones";
static const char no_point[] = "x or y is missing or of the wrong length";
static const char no_d[] = "d is missing or of the wrong length: a private key "
    "is needed";
static const char no_number[] = "d, p, q, dp, dq or qi is missing or not "
    "base64url";
static const char not_supported[] = "its alg is not supported: ECDH-ES, "
    "ECDH-ES+A128KW, ECDH-ES+A256KW, RSA-OAEP-256 or RSA-OAEP";
static const char bad_kid[] = "kid is not a string of at most 256 bytes";

/* Add a text to a set; frees it. */
static enum jwt_reason
add(struct jwe_key_set *set, char *text, struct diag *diag)
{
	struct jwe_key_file file = { .name = "k" };
	struct secret copy;
	enum jwt_reason reason;

	assert_int_equal(secret_copy(bytes_str(text), &copy), JWT_OK);
	reason = jwe_key_set_add(set, &file, &copy, diag);
	secret_clear(&copy);
	free(text);
	return reason;
}

/* Whether a text is refused, in these words; NULL: it is accepted. */
static void
expect(char *text, const char *words)
{
	struct jwe_key_set set = { .count = 0 };
	struct diag diag = { 0 };
	enum jwt_reason reason = add(&set, text, &diag);

	if (words == NULL) {
		assert_int_equal(reason, JWT_OK);
		assert_int_equal(diag.count, 0);
		assert_int_equal(set.count, 1);
	} else {
		assert_int_equal(reason, JWT_KEY_FILE_INVALID);
		assert_int_equal(diag.count, 1);
		assert_string_equal(diag.entries[0].text, words);
	}
	jwe_key_set_clear(&set);
	diag_clear(&diag);
}

static char *
jwk(enum jwe_kind kind, const char *more)
{
	return jwe_make_jwk(jwe_make_key(kind), kind, more);
}

/* Members beside the numbers. */
static void
test_members(void **state)
{
	static const struct {
		enum jwe_kind kind;
		const char *more, *words;
	} rows[] = {
		{ JWE_P256, ES, NULL },
		{ JWE_RSA, OAEP, NULL },
		{ JWE_P256, "", "it has no alg, and a key is used with one "
		  "only" },
		{ JWE_P256, ",\"alg\":\"ES256\"", not_supported },
		{ JWE_RSA, ES, "its alg does not fit the kind of key" },
		{ JWE_P256, OAEP, "its alg does not fit the kind of key" },
		{ JWE_P256, ES ",\"use\":\"sig\"", "use is not enc" },
		{ JWE_P256, ES ",\"key_ops\":[1]", "key_ops does not allow to "
		  "decrypt" },
		{ JWE_P256, ES ",\"key_ops\":[\"sign\",\"deriveKey\"]", NULL },
		{ JWE_P256, ES ",\"kid\":1", bad_kid },
		{ JWE_RSA, OAEP ",\"oth\":[]", "an RSA key of more than two "
		  "primes" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(jwk(rows[i].kind, rows[i].more), rows[i].words);
}

static void
test_kid_length(void **state)
{
	size_t len;

	(void)state;
	for (len = JWK_KID_MAX; len <= JWK_KID_MAX + 1; len++) {
		char *more = world_text(ES ",\"kid\":\"%0*d\"", (int)len, 0);

		expect(jwk(JWE_P256, more), len > JWK_KID_MAX ? bad_kid : NULL);
		free(more);
	}
}

/* Texts around the keys; "%s" is a good key. */
static void
test_texts(void **state)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
		{ "%s", NULL },
		{ "{\"keys\":[%s]}", NULL },
		{ "%s,", "neither a private JWK nor a JWK Set" },
		{ "[]", "neither a private JWK nor a JWK Set" },
		{ "{\"keys\":{}}", "keys is not an array of keys" },
		{ "{\"keys\":{\"a\":%s}}", "keys is not an array of keys" },
		{ "{\"keys\":[]}", "keys is not an array of keys" },
		{ "{\"keys\":[1]}", "key 1 of the set: it is not a JSON "
		  "object" },
		{ "{\"keys\":[%s,{}]}", "key 2 of the set: it has no alg, and "
		  "a key is used with one only" },
		{ "{\"keys\":[{},%s]}", "key 1 of the set: it has no alg, and "
		  "a key is used with one only" },
		{ "{\"kty\":\"oct\",\"k\":\"" A32 "\"" ES "}", "its kty or crv "
		  "is missing or not supported" },
	};
	char *good = jwk(JWE_P256, ES);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes rest = bytes_str(rows[i].text);
		struct bytes first = bytes_cut(&rest, '%');
		bool has_key = first.len < strlen(rows[i].text);

		expect(world_text("%.*s%s%s", BYTES_SHOW(first),
		    has_key ? good : "",
		    has_key ? rows[i].text + first.len + 2 : ""),
		    rows[i].words);
	}
	free(good);
}

/*
 * Change a number, but neither its ends, where X25519 ignores bits, nor its
 * length.
 */
static char *
with_other_number(char *text, const char *name)
{
	char *label = world_text("\"%s\":\"", name);
	char *at = strstr(text, label) + strlen(label) + 10;

	*at = *at == 'B' ? 'C' : 'B';
	free(label);
	return text;
}

/* Put 18 zero bytes in front of a number. */
static char *
with_zeros(char *text, const char *name)
{
	char *label = world_text("\"%s\":\"", name), *out;
	char *at = strstr(text, label) + strlen(label);

	out = world_text("%.*s%s%s", (int)(at - text), text,
	    "AAAAAAAAAAAAAAAAAAAAAAAA", at);
	free(label);
	free(text);
	return out;
}

static char *
without_number(char *text, const char *name)
{
	char *label = world_text("\"%s\":\"", name);

	memcpy(strstr(text, label), "\"_", 2);
	free(label);
	return text;
}

static void
test_numbers(void **state)
{
	static const char long_number[] = "d, p, q, dp, dq or qi is longer "
	    "than n";
	static const struct {
		enum jwe_kind kind;
		const char *more, *name, *missing, *longer, *other;
	} rows[] = {
		{ JWE_P256, ES, "x", no_point, no_point, not_one },
		{ JWE_P256, ES, "y", no_point, no_point, not_one },
		{ JWE_P256, ES, "d", no_d, no_d, not_one },
		{ JWE_X25519, ES, "x", no_point, no_point, not_one },
		{ JWE_X25519, ES, "d", no_d, no_d, not_one },
		{ JWE_RSA, OAEP, "n", "a number of the key is missing or not "
		  "base64url",
		  "n or e has a leading zero octet (RFC 7518 section 2)",
		  not_one },
		{ JWE_RSA, OAEP, "d", no_number, long_number, not_one },
		{ JWE_RSA, OAEP, "p", no_number, NULL, not_one },
		{ JWE_RSA, OAEP, "q", no_number, NULL, not_one },
		{ JWE_RSA, OAEP, "dp", no_number, NULL, not_one },
		{ JWE_RSA, OAEP, "dq", no_number, NULL, not_one },
		{ JWE_RSA, OAEP, "qi", no_number, NULL, not_one },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		expect(without_number(jwk(rows[i].kind, rows[i].more),
		    rows[i].name), rows[i].missing);
		expect(with_other_number(jwk(rows[i].kind, rows[i].more),
		    rows[i].name), rows[i].other);
		expect(with_zeros(jwk(rows[i].kind, rows[i].more),
		    rows[i].name), rows[i].longer);
	}
}

/* The numbers of an RSA key agree among themselves, but not with its e. */
static void
test_exponent(void **state)
{
	char *text = jwk(JWE_RSA, OAEP);
	char *e = strstr(text, "\"e\":\"AQAB\"");

	(void)state;
	assert_non_null(e);
	memcpy(e, "\"e\":\"AQAD\"", strlen("\"e\":\"AQAD\""));
	expect(text, not_one);
}

/* A refusal leaves no old pointer in the variables that it had to fill. */
static void
test_refused(void **state)
{
	static uint8_t byte;
	struct crypt_numbers numbers = { .kind = JWE_P256 };
	const struct crypt_input input = {
		.alg = jwe_alg_by_name(bytes_str("ECDH-ES")),
		.enc = jwe_enc_by_name(bytes_str("A128GCM"))
	};
	struct secret plain = { .ptr = &byte, .len = 1, .size = 1 };
	struct crypt_key *key = (void *)&byte;
	const char *fault;

	(void)state;
	assert_int_equal(crypt_decrypt(NULL, &input, &plain),
	    JWT_DECRYPT_FAILED);
	assert_null(plain.ptr);
	assert_int_equal(plain.len, 0);
	assert_int_equal(crypt_key_new(&numbers, &key, &fault),
	    JWT_KEY_FILE_INVALID);
	assert_null(key);
	assert_string_equal(fault, no_point);
}

/* The keys below: which are equal, and which decrypt the same. */
static void
test_equal(void **state)
{
	static const struct {
		enum jwe_kind kind;
		const char *more;
		bool equal, same;	/* to the first one */
	} rows[] = {
		{ JWE_P256, ES ",\"kid\":\"a\"", true, true },
		{ JWE_P256, ES ",\"kid\":\"b\"", false, true },
		{ JWE_P256, ES ",\"kid\":\"\"", false, true },
		{ JWE_P256, ES, false, true },
		{ JWE_P256, ",\"alg\":\"ECDH-ES+A128KW\",\"kid\":\"a\"",
		  false, false },
		{ JWE_X25519, ES ",\"kid\":\"a\"", false, false },
	};
	struct jwe_key_set all = { .count = 0 }, one = { .count = 0 };
	struct diag diag = { 0 };
	size_t i;

	(void)state;
	assert_int_equal(add(&one, jwk(JWE_P256, rows[0].more), &diag),
	    JWT_OK);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(add(&all, jwk(rows[i].kind, rows[i].more),
		    &diag), JWT_OK);
		assert_int_equal(jwe_key_equal(&all.keys[i], &one.keys[0]),
		    rows[i].equal);
		assert_int_equal(jwe_key_set_has(&one, &all.keys[i]),
		    rows[i].same);
	}
	/* An empty kid is not that of a key without one. */
	assert_false(jwe_key_equal(&all.keys[2], &all.keys[3]));
	assert_true(jwe_key_set_has(&all, &all.keys[i - 1]));
	jwe_key_set_clear(&one);
	assert_false(jwe_key_set_has(&one, &all.keys[0]));
	jwe_key_set_clear(&one);	/* it is as it was before the first */
	jwe_key_set_clear(&all);
}

/* Comparing keys leaves the errors of the host, and no mark among them. */
static void
test_errors(void **state)
{
	static const enum jwe_kind kinds[] = { JWE_P256, JWE_P384, JWE_X25519 };
	struct jwe_key_set set = { .count = 0 };
	struct diag diag = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		assert_int_equal(add(&set, jwk(kinds[i], ES), &diag), JWT_OK);
	ERR_clear_error();
	ERR_raise(ERR_LIB_USER, 7);
	for (i = 0; i < set.count; i++) {
		assert_int_equal(jwe_key_equal(&set.keys[0], &set.keys[i]),
		    i == 0);
		assert_int_equal(ERR_GET_LIB(ERR_peek_last_error()),
		    ERR_LIB_USER);
		assert_int_equal(ERR_GET_REASON(ERR_peek_last_error()), 7);
	}
	assert_int_equal(ERR_pop_to_mark(), 0);
	jwe_key_set_clear(&set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_kid_length),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_exponent),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
