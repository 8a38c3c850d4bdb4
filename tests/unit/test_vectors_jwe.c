/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encrypted texts of others: Wycheproof's json_web_encryption, RFC 7520 section
 * 5, RFC 8037 appendix A.6.  What each holds is no token, so the text inside is
 * compared and not parsed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/jose/jwe.h"
#include "tests/lib/vectors.h"
#include "tests/lib/world.h"

#define WYCHEPROOF	"wycheproof json_web_encryption"
#define COOKBOOK	"RFC 7520 section 5"

/* Load one private JWK; the caller clears *out. */
static enum jwt_reason
load(const char *jwk, struct jwe_key_set *out)
{
	struct jwe_key_file file = { .name = "k" };
	struct diag diag = { 0 };
	struct secret text;
	enum jwt_reason reason;

	*out = (struct jwe_key_set){ .count = 0 };
	assert_int_equal(secret_copy(bytes_str(jwk), &text), JWT_OK);
	reason = jwe_key_set_add(out, &file, &text, &diag);
	secret_clear(&text);
	diag_clear(&diag);
	return reason;
}

static enum jwt_reason
decrypt(const struct jwe_key *key, struct jwe *jwe)
{
	struct jws *jws;
	enum jwt_reason reason;

	if (!jwe_key_fits(jwe, key))
		return JWT_ALG_KEY_MISMATCH;
	reason = jwe_decrypt(jwe, key, &jws);
	jws_free(jws);
	/* Five sentences have the dots of a token that is encrypted again. */
	if (reason == JWT_ENCRYPTION_UNSUPPORTED)
		return JWT_OK;
	return reason;
}

/* Open a text; JWT_INTERNAL if it holds something else than plain. */
static enum jwt_reason
open_text(const char *jwk, const char *text, struct bytes plain)
{
	struct jwe_key_set set;
	struct jwe *jwe;
	enum jwt_reason reason = load(jwk, &set);

	if (reason == JWT_OK) {
		reason = jwe_parse(bytes_str(text), &jwe);
		if (reason == JWT_OK)
			reason = decrypt(&set.keys[0], jwe);
		if (reason == JWT_OK && !bytes_eq(jwe_inner(jwe), plain))
			reason = JWT_INTERNAL;
		jwe_free(jwe);
	}
	jwe_key_set_clear(&set);
	return reason;
}

/* Decode hexadecimal; the caller frees it. */
static uint8_t *
from_hex(const char *hex, size_t *len)
{
	uint8_t *out = calloc(1, strlen(hex) / 2 + 1);
	size_t i;

	assert_non_null(out);
	*len = strlen(hex) / 2;
	for (i = 0; i < *len; i++) {
		char pair[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

		out[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return out;
}

/* One case; a valid one that is refused must be one of those that we know. */
static void
run_case(const char *jwk, struct json_object *test,
    struct vectors_tally *valid, struct vectors_tally *invalid)
{
	size_t len;
	const char *hex = vectors_string(test, "pt");
	uint8_t *plain = from_hex(hex != NULL ? hex : "", &len);
	enum jwt_reason reason = open_text(jwk, vectors_string(test, "jwe"),
	    bytes_of(plain, len));

	if (strcmp(vectors_string(test, "result"), "valid") == 0)
		valid->count[reason]++;
	else
		invalid->count[reason]++;
	free(plain);
}

static void
test_wycheproof(void **state)
{
	struct json_object *file = vectors_read(WYCHEPROOF,
	    "wycheproof/json_web_encryption_test.json"), *groups, *tests, *key;
	struct vectors_tally valid = { { 0 } }, invalid = { { 0 } };
	size_t i, k;

	(void)state;
	if (file == NULL)
		skip();
	assert_true(json_object_object_get_ex(file, "testGroups", &groups));
	for (i = 0; i < json_object_array_length(groups); i++) {
		struct json_object *group = json_object_array_get_idx(groups,
		    i);

		json_object_object_get_ex(group, "tests", &tests);
		json_object_object_get_ex(group, "private", &key);
		for (k = 0; k < json_object_array_length(tests); k++)
			run_case(json_object_to_json_string(key),
			    json_object_array_get_idx(tests, k), &valid,
			    &invalid);
	}
	vectors_print(WYCHEPROOF ", valid", &valid);
	vectors_print(WYCHEPROOF ", invalid", &invalid);
	/* All with the algorithms that are supported; the others have none. */
	assert_int_equal(valid.count[JWT_OK], 29);
	assert_int_equal(valid.count[JWT_ENCRYPTION_UNSUPPORTED] +
	    valid.count[JWT_KEY_FILE_INVALID], 36);
	assert_int_equal(invalid.count[JWT_OK], 0);
	assert_int_equal(invalid.count[JWT_INTERNAL], 0);
	assert_int_equal(valid.count[JWT_INTERNAL], 0);
	json_object_put(file);
}

/* The JWK of a vector, with the alg that it may lack. */
static char *
with_alg(struct json_object *key, const char *alg)
{
	struct json_object *named = NULL;
	char *text;

	if (!json_object_object_get_ex(key, "alg", &named))
		json_object_object_add(key, "alg",
		    json_object_new_string(alg));
	text = world_text("%s", json_object_to_json_string(key));
	return text;
}

static void
run_file(const char *name, enum jwt_reason wanted)
{
	char *path = world_text("ietf-jose-cookbook/%s", name), *jwk;
	struct json_object *file = vectors_read(COOKBOOK, path);
	struct json_object *input, *output, *key;
	enum jwt_reason reason;

	free(path);
	if (file == NULL)
		skip();
	json_object_object_get_ex(file, "input", &input);
	json_object_object_get_ex(file, "output", &output);
	json_object_object_get_ex(input, "key", &key);
	jwk = with_alg(key, vectors_string(input, "alg"));
	reason = open_text(jwk, vectors_string(output, "compact"),
	    bytes_str(vectors_string(input, "plaintext")));
	if (reason != wanted)
		print_error("%s: %s\n", name, reason_name(reason));
	assert_int_equal(reason, wanted);
	free(jwk);
	json_object_put(file);
}

static void
test_cookbook(void **state)
{
	static const struct {
		const char *name;
		enum jwt_reason reason;
	} files[] = {
		/* RSA1_5, and keys that are shared, are not supported. */
		{ "jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2.json",
		  JWT_KEY_FILE_INVALID },
		{ "jwe/5_2.key_encryption_using_rsa-oaep_with_aes-gcm.json",
		  JWT_OK },
		{ "jwe/5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_"
		  "aes-keywrap_with_aes-gcm.json", JWT_OK },
		{ "jwe/5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2."
		  "json", JWT_OK },
		{ "jwe/5_6.direct_encryption_using_aes-gcm.json",
		  JWT_KEY_FILE_INVALID },
		{ "jwe/5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-"
		  "sha2.json", JWT_KEY_FILE_INVALID },
		{ "jwe/5_8.key_wrap_using_aes-keywrap_with_aes-gcm.json",
		  JWT_KEY_FILE_INVALID },
		{ "jwe/5_9.compressed_content.json", JWT_KEY_FILE_INVALID },
		{ "curve25519/ecdh-es.json", JWT_OK },	/* RFC 8037 A.6 */
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		run_file(files[i].name, files[i].reason);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wycheproof),
		cmocka_unit_test(test_cookbook),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
