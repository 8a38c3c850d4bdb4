/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tokens taken apart, without a policy: what their headers may say, what counts
 * as the start of a longer token, and which key of a set verifies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/b64url.h"
#include "core/jose/jws.h"
#include "world.h"

static const uint8_t zeros[2420];	/* the longest signature here */

/* The token of a header and {}, with so many zeros for a signature. */
static char *
token_of(const char *header, size_t signature)
{
	return world_join(header, "{}", bytes_of(zeros, signature));
}

/* Parse a text, which is freed. */
static bool
is_begun(char *token, enum jwt_reason wanted)
{
	struct jws *jws;
	bool begun;

	assert_int_equal(jws_parse(bytes_str(token), &jws), wanted);
	assert_int_equal(jws_parsed(jws), wanted);
	assert_int_equal(jws_len(jws), strlen(token));
	begun = jws_is_begun(jws);
	jws_free(jws);
	free(token);
	return begun;
}

#define H "eyJhbGciOiJIUzI1NiJ9"	/* {"alg":"HS256"} */

static void
test_begun(void **state)
{
	static const struct {
		const char *token;
		enum jwt_reason reason;
		bool begun;
	} rows[] = {
		{ H, JWT_TOKEN_FORM, true },
		{ H ".", JWT_TOKEN_FORM, true },
		{ H ".e30", JWT_TOKEN_FORM, true },
		{ H ".e30.", JWT_TOKEN_FORM, true },
		{ H ".e30.AA", JWT_OK, true },
		{ H ".e30.AA.", JWT_TOKEN_FORM, false },
		{ H "..AA", JWT_TOKEN_FORM, false },
		{ H "..", JWT_TOKEN_FORM, false },
		{ "." H ".AA", JWT_TOKEN_FORM, false },
		{ H ".e30.A=", JWT_TOKEN_FORM, false },
		{ "correct-horse", JWT_TOKEN_FORM, false },
		{ "", JWT_TOKEN_EMPTY, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (is_begun(world_text("%s", rows[i].token),
		    rows[i].reason) != rows[i].begun)
			fail_msg("%s", rows[i].token);
	}
	assert_true(is_begun(token_of("{\"alg\":\"HS256\"}", 31), JWT_OK));
	assert_false(is_begun(token_of("{\"alg\":\"HS256\"}", 32), JWT_OK));
	/* A JWE begins with enc; what else is wrong with it does not count. */
	assert_true(is_begun(token_of("{\"alg\":\"HS256\",\"enc\":1}", 32),
	    JWT_HEADER_INVALID));
	assert_true(is_begun(token_of("{\"enc\":1}", 32),
	    JWT_HEADER_INVALID));
	assert_false(is_begun(token_of("{\"alg\":\"none\"}", 0),
	    JWT_ALG_UNSUPPORTED));
	assert_false(is_begun(token_of("[\"enc\"]", 0), JWT_JSON_INVALID));
}

/* The first fault counts, in the order of the text. */
static void
test_reasons(void **state)
{
	static const struct {
		const char *token;
		enum jwt_reason reason;
	} rows[] = {
		{ H ".e30.AA", JWT_OK },
		{ H ".e30.AB", JWT_TOKEN_BASE64 },
		{ H ".e30.A", JWT_TOKEN_BASE64 },
		{ H ".e31.AA", JWT_TOKEN_BASE64 },
		{ H ".e31.AB", JWT_TOKEN_BASE64 },
		{ H ".W10.AB", JWT_JSON_INVALID },
		{ "e31.e30.AA", JWT_TOKEN_BASE64 },
		{ "W10.e31.AA", JWT_JSON_INVALID },
		{ "e30.e31.AA", JWT_HEADER_INVALID },
		{ "e30.e30.", JWT_HEADER_INVALID },
		{ H ".e31.", JWT_TOKEN_FORM },
		{ "e31.e30.A=", JWT_TOKEN_FORM },
		{ H ".e3=.AA", JWT_TOKEN_FORM },
		{ H "=.e30.AA", JWT_TOKEN_FORM },
	};
	static const char *const headers[] = {
		"{\"alg\":\"HS256\",\"typ\":7}", "{\"alg\":7}", "{}",
		"{\"alg\":\"HS256\",\"cty\":\"JWT\"}",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		(void)is_begun(world_text("%s", rows[i].token),
		    rows[i].reason);
	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		(void)is_begun(token_of(headers[i], 32), JWT_HEADER_INVALID);
}

static enum jws_signature
length_of(const char *header, size_t signature)
{
	char *token = token_of(header, signature);
	struct jws *jws;
	enum jws_signature length;

	(void)!jws_parse(bytes_str(token), &jws);
	length = jws_signature_length(jws);
	jws_free(jws);
	free(token);
	return length;
}

static void
test_signature_length(void **state)
{
	static const struct {
		const char *header;
		size_t bytes;
		enum jws_signature length;
	} rows[] = {
		{ "{\"alg\":\"ES256\"}", 0, JWS_SIGNATURE_SHORT },
		{ "{\"alg\":\"ES256\"}", 63, JWS_SIGNATURE_SHORT },
		{ "{\"alg\":\"ES256\"}", 64, JWS_SIGNATURE_WHOLE },
		{ "{\"alg\":\"ES512\"}", 131, JWS_SIGNATURE_SHORT },
		{ "{\"alg\":\"ES512\"}", 132, JWS_SIGNATURE_WHOLE },
		{ "{\"alg\":\"ML-DSA-44\"}", 2419, JWS_SIGNATURE_SHORT },
		{ "{\"alg\":\"ML-DSA-44\"}", 2420, JWS_SIGNATURE_WHOLE },
		{ "{\"alg\":\"RS256\"}", 255, JWS_SIGNATURE_SHORT },
		{ "{\"alg\":\"RS256\"}", 256, JWS_SIGNATURE_COMMON },
		{ "{\"alg\":\"RS256\"}", 257, JWS_SIGNATURE_ODD },
		{ "{\"alg\":\"PS512\"}", 383, JWS_SIGNATURE_ODD },
		{ "{\"alg\":\"PS512\"}", 384, JWS_SIGNATURE_COMMON },
		{ "{\"alg\":\"RS256\"}", 385, JWS_SIGNATURE_ODD },
		{ "{\"alg\":\"RS256\"}", 511, JWS_SIGNATURE_ODD },
		{ "{\"alg\":\"RS256\"}", 512, JWS_SIGNATURE_COMMON },
		{ "{\"alg\":\"RS256\"}", 513, JWS_SIGNATURE_ODD },
		{ "{\"alg\":\"RS256\"}", 1023, JWS_SIGNATURE_ODD },
		{ "{\"alg\":\"RS256\"}", 1024, JWS_SIGNATURE_WHOLE },
		{ "{\"alg\":\"EdDSA\"}", 63, JWS_SIGNATURE_SHORT },
		{ "{\"alg\":\"EdDSA\"}", 64, JWS_SIGNATURE_COMMON },
		{ "{\"alg\":\"EdDSA\"}", 65, JWS_SIGNATURE_ODD },
		{ "{\"alg\":\"EdDSA\"}", 113, JWS_SIGNATURE_ODD },
		{ "{\"alg\":\"EdDSA\"}", 114, JWS_SIGNATURE_WHOLE },
		{ "{\"alg\":\"ES256\",\"enc\":1}", 64, JWS_SIGNATURE_SHORT },
		{ "{\"alg\":\"none\"}", 0, JWS_SIGNATURE_WHOLE },
		{ "{\"alg\":\"none\"}", 1, JWS_SIGNATURE_WHOLE },
		{ "[]", 0, JWS_SIGNATURE_WHOLE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (length_of(rows[i].header, rows[i].bytes) != rows[i].length)
			fail_msg("%s with %zu", rows[i].header, rows[i].bytes);
	}
}

/* The views of a token are of its text, and the kid is known once it is read. */
static void
test_views(void **state)
{
	char *token = world_join("{\"alg\":\"HS256\",\"kid\":\"k\"}",
	    "{\"iss\":\"i\"}", bytes_of(zeros, 32));
	struct bytes input;
	struct jws *jws;

	(void)state;
	assert_int_equal(jws_parse(bytes_str(token), &jws), JWT_OK);
	input = jws_signing_input(jws);
	assert_ptr_equal(input.ptr, token);
	assert_int_equal(input.len, strrchr(token, '.') - token);
	assert_true(bytes_eq_str(jws_unverified_kid(jws), "k"));
	assert_true(bytes_eq_str(jws_unverified_iss(jws), "i"));
	jws_free(jws);
	free(token);
	/* A member that is absent, or is no string, is read as empty. */
	token = world_join("{\"alg\":\"HS256\",\"kid\":7}", "{\"iss\":7}",
	    bytes_of(zeros, 32));
	assert_int_equal(jws_parse(bytes_str(token), &jws),
	    JWT_HEADER_INVALID);
	assert_int_equal(jws_unverified_kid(jws).len, 0);
	assert_int_equal(jws_unverified_iss(jws).len, 0);
	jws_free(jws);
	free(token);
	jws_free(NULL);
}

/* A kid of 256 bytes is read, one of 257 is not. */
static void
test_long_kid(void **state)
{
	int len;

	(void)state;
	for (len = JWK_KID_MAX; len <= JWK_KID_MAX + 1; len++) {
		char *header = world_text("{\"alg\":\"HS256\",\"kid\":"
		    "\"%0*d\"}", len, 0);

		assert_false(is_begun(token_of(header, 32),
		    len == JWK_KID_MAX ? JWT_OK : JWT_HEADER_INVALID));
		free(header);
	}
}

/* The keys of a set, each a secret of equal bytes. */
struct keys {
	struct jwk keys[KEY_TRIES_MAX + 1];
	struct jwk_set set;
};

static void
add_key(struct keys *to, const char *kid, enum alg_id alg, struct bytes secret)
{
	struct keymat mat = { .kind = KEY_OCT, .x = secret };
	struct jwk *key = &to->keys[to->set.count++];

	to->set.keys = to->keys;
	*key = (struct jwk){
		.kid = bytes_str(kid == NULL ? "" : kid),
		.has_kid = kid != NULL, .kind = KEY_OCT,
		.algs = ALG_BIT(alg), .alg = alg
	};
	assert_int_equal(sig_key_new(&mat, &key->key), JWT_OK);
}

static void
clear_keys(struct keys *keys)
{
	size_t i;

	for (i = 0; i < keys->set.count; i++)
		sig_key_free(keys->keys[i].key);
	*keys = (struct keys){ 0 };
}

/* The result for a token that HS256 signed with the key of the world. */
static enum jwt_reason
verify(struct keys *keys, const char *header, alg_set allowed)
{
	char *token = world_sign(ALG_HS256, header, "{\"a\":1}");
	const struct claims *claims = (const struct claims *)zeros;
	enum jwt_reason reason;
	struct jws *jws;
	bool has_typ;

	assert_int_equal(jws_parse(bytes_str(token), &jws), JWT_OK);
	reason = jws_verify(jws, &keys->set, allowed, &claims);
	assert_int_equal(reason == JWT_OK, claims != NULL);
	if (claims != NULL) {
		assert_non_null(claims_get(claims, "a"));
		assert_int_equal(bytes_eq_str(claims_typ(claims, &has_typ),
		    "t"), strstr(header, "\"t\"") != NULL);
		assert_int_equal(has_typ, strstr(header, "\"t\"") != NULL);
	}
	jws_free(jws);
	free(token);
	return reason;
}

#define HS256(more) "{\"alg\":\"HS256\"" more "}"
#define KID(kid) HS256(",\"kid\":\"" kid "\"")

static void
test_choice(void **state)
{
	struct bytes good = secret_bytes(&world_key(ALG_HS256)->values[0]);
	struct bytes bad = bytes_of(zeros, 32);
	alg_set all = ALG_SYMMETRIC;
	struct keys keys = { 0 };

	(void)state;
	assert_int_equal(verify(&keys, HS256(), all), JWT_KEY_UNKNOWN);
	add_key(&keys, NULL, ALG_HS256, good);
	assert_int_equal(verify(&keys, HS256(), all), JWT_OK);
	assert_int_equal(verify(&keys, HS256(",\"typ\":\"t\""), all), JWT_OK);
	assert_int_equal(verify(&keys, KID("a"), all), JWT_OK);
	assert_int_equal(verify(&keys, HS256(), ALG_BIT(ALG_HS384)),
	    JWT_ALG_NOT_ALLOWED);
	assert_int_equal(verify(&keys, HS256(), 0), JWT_ALG_NOT_ALLOWED);
	/* A key without an algorithm of the issuer verifies nothing. */
	keys.keys[0].algs = 0;
	assert_int_equal(verify(&keys, HS256(), all), JWT_KEY_UNKNOWN);
	clear_keys(&keys);
	/* A kid of no bytes is a name, which a key without one does not have. */
	add_key(&keys, "", ALG_HS256, bad);
	add_key(&keys, NULL, ALG_HS256, good);
	assert_int_equal(verify(&keys, KID(""), all), JWT_SIGNATURE_INVALID);
	assert_int_equal(verify(&keys, KID("a"), all), JWT_OK);
	assert_int_equal(verify(&keys, HS256(), all), JWT_OK);
	clear_keys(&keys);
	/* The kid names a key of another algorithm. */
	add_key(&keys, "a", ALG_HS512, bad);
	add_key(&keys, "b", ALG_HS256, good);
	add_key(&keys, NULL, ALG_HS256, bad);
	assert_int_equal(verify(&keys, KID("a"), all), JWT_ALG_KEY_MISMATCH);
	assert_int_equal(verify(&keys, KID("b"), all), JWT_OK);
	clear_keys(&keys);
	/* Only a key without a name is tried for a name that none has. */
	add_key(&keys, "b", ALG_HS256, good);
	assert_int_equal(verify(&keys, KID("a"), all), JWT_KEY_UNKNOWN);
	assert_int_equal(verify(&keys, HS256(), all), JWT_OK);
	clear_keys(&keys);
	/* A key that another result than a mismatch comes from is the last. */
	add_key(&keys, NULL, ALG_HS256, good);
	add_key(&keys, NULL, ALG_HS256, bad);
	assert_int_equal(verify(&keys, HS256(), all), JWT_OK);
	clear_keys(&keys);
}

/* Eight keys are tried, until one verifies; of nine none is. */
static void
test_many(void **state)
{
	struct bytes good = secret_bytes(&world_key(ALG_HS256)->values[0]);
	struct keys keys = { 0 };
	size_t i;

	(void)state;
	for (i = 1; i < KEY_TRIES_MAX; i++)
		add_key(&keys, NULL, ALG_HS256, bytes_of(zeros, 32 + i));
	assert_int_equal(verify(&keys, HS256(), ALG_SYMMETRIC),
	    JWT_SIGNATURE_INVALID);
	add_key(&keys, NULL, ALG_HS256, good);
	assert_int_equal(verify(&keys, HS256(), ALG_SYMMETRIC), JWT_OK);
	add_key(&keys, NULL, ALG_HS256, good);
	assert_int_equal(verify(&keys, HS256(), ALG_SYMMETRIC),
	    JWT_KEY_AMBIGUOUS);
	clear_keys(&keys);
}

/* A token that was refused stays refused, whoever signed it. */
static void
test_refused(void **state)
{
	struct bytes good = secret_bytes(&world_key(ALG_HS256)->values[0]);
	char *token = world_sign(ALG_HS256, HS256(",\"cty\":\"JWT\""), "{}");
	const struct claims *claims;
	struct keys keys = { 0 };
	struct jws *jws;

	(void)state;
	add_key(&keys, NULL, ALG_HS256, good);
	assert_int_equal(jws_parse(bytes_str(token), &jws),
	    JWT_HEADER_INVALID);
	assert_int_equal(jws_verify(jws, &keys.set, ALG_SYMMETRIC, &claims),
	    JWT_HEADER_INVALID);
	assert_null(claims);
	jws_free(jws);
	free(token);
	clear_keys(&keys);
}

/* An algorithm that nobody has, and that this OpenSSL has not. */
static void
test_not_allowed(void **state)
{
	char *token = token_of("{\"alg\":\"ML-DSA-65\"}", 100);
	const struct claims *claims;
	struct jwk_set set = { 0 };
	struct jws *jws;

	(void)state;
	assert_int_equal(jws_parse(bytes_str(token), &jws), JWT_OK);
	assert_int_equal(jws_verify(jws, &set, ALG_BIT(ALG_ES256), &claims),
	    sig_supports(ALG_ML_DSA_65) ? JWT_ALG_NOT_ALLOWED :
	    JWT_ALG_UNSUPPORTED);
	assert_null(claims);
	jws_free(jws);
	free(token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_begun),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_signature_length),
		cmocka_unit_test(test_views),
		cmocka_unit_test(test_long_kid),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_not_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
