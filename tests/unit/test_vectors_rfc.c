/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The examples of the standards: those of RFC 7515 and RFC 8037 stand here,
 * those of RFC 7520, 7797 and 8037 are read from the cookbook beside us.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/lib/vectors.h"

/* RFC 7515 A.1 to A.4, RFC 8037 A.2; public halves only. */
#define KEY_A1 "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-Est" \
	"JQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}"
#define KEY_A2 "{\"kty\":\"RSA\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJc" \
	"yQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-" \
	"SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bS" \
	"f63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmt" \
	"dVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco" \
	"9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\",\"e\":\"AQAB\"}"
#define KEY_A3 "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9t" \
	"Le1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pC" \
	"yStikYjKIWI5a0\"}"
#define KEY_A4 "{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"AekpBQ8ST8a8VcfVOTN" \
	"l353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWce" \
	"qwQGk\",\"y\":\"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3" \
	"S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2\"}"
#define KEY_OKP "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7" \
	"TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

/* {"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true} */
#define JOE "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leG" \
	"FtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

static const struct example {
	const char *name;
	const char *key;
	alg_set algorithms;	/* 0: the key allows one only */
	const char *token;
	enum jwt_reason verify;		/* the signature, any payload */
	enum jwt_reason whole;		/* as a login token */
} examples[] = {
	{ "RFC 7515 A.1 HS256", KEY_A1, ALG_BIT(ALG_HS256),
	  "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." JOE
	  ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
	  JWT_OK, JWT_OK },
	{ "RFC 7515 A.2 RS256", KEY_A2, ALG_BIT(ALG_RS256),
	  "eyJhbGciOiJSUzI1NiJ9." JOE
	  ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7"
	  "AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4"
	  "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K"
	  "0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv"
	  "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrB"
	  "p0igcN_IoypGlUPQGe77Rw", JWT_OK, JWT_OK },
	{ "RFC 7515 A.3 ES256", KEY_A3, 0, "eyJhbGciOiJFUzI1NiJ9." JOE
	  ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
	  "pmWQxfKTUJqPP3-Kg6NU1Q", JWT_OK, JWT_OK },
	{ "RFC 7515 A.4 ES512", KEY_A4, 0,
	  "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA"
	  ".AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZq"
	  "wqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8Kp"
	  "EHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn",
	  JWT_OK, JWT_JSON_INVALID },
	{ "RFC 8037 A.4 Ed25519", KEY_OKP, 0,
	  "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
	  ".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5B"
	  "hVsPt9g7sVvpAr_MuM0KAg", JWT_OK, JWT_JSON_INVALID },
	{ "RFC 7515 A.5 unsecured", KEY_A3, 0, "eyJhbGciOiJub25lIn0." JOE ".",
	  JWT_ALG_UNSUPPORTED, JWT_ALG_UNSUPPORTED },
	{ "RFC 7515 E crit", KEY_A3, 0,
	  "eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ER"
	  "UZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxlLmNvbS9VTkRFRklORUQiOnRydWUNC"
	  "n0.RkFJTA.", JWT_CRIT_UNSUPPORTED, JWT_CRIT_UNSUPPORTED },
	{ "RFC 7515 A.3 under the key of A.1", KEY_A1, ALG_BIT(ALG_HS256),
	  "eyJhbGciOiJFUzI1NiJ9." JOE
	  ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
	  "pmWQxfKTUJqPP3-Kg6NU1Q", JWT_ALG_NOT_ALLOWED, JWT_ALG_NOT_ALLOWED },
};

/* The way that a login takes, up to the signature. */
static enum jwt_reason
verify_whole(const char *token, const struct vectors_issuer *keys)
{
	const struct claims *claims;
	struct jws *jws;
	enum jwt_reason reason = jws_parse(bytes_str(token), &jws);

	if (reason == JWT_OK)
		reason = jws_verify(jws, &keys->issuer.set,
		    keys->issuer.algorithms, &claims);
	jws_free(jws);
	return reason;
}

static void
test_examples(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		const struct example *example = &examples[i];
		struct vectors_issuer keys;

		assert_int_equal(vectors_load(example->key,
		    example->algorithms, &keys), JWT_OK);
		if (vectors_verify(example->token, &keys) != example->verify ||
		    verify_whole(example->token, &keys) != example->whole)
			fail_msg("%s", example->name);
		vectors_clear(&keys);
	}
	printf("RFC 7515 and 8037: %zu examples\n", i);
}

/* Every character of the examples' tokens replaced once: none verifies. */
static void
test_examples_changed(void **state)
{
	unsigned changed = 0;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct vectors_issuer keys;
		char *token = strdup(examples[i].token);

		assert_non_null(token);
		assert_int_equal(vectors_load(examples[i].key,
		    examples[i].algorithms, &keys), JWT_OK);
		for (k = 0; token[k] != '\0'; k++) {
			char c = token[k];

			token[k] = c == 'A' ? 'B' : 'A';
			assert_int_not_equal(vectors_verify(token, &keys),
			    JWT_OK);
			token[k] = c;
			changed++;
		}
		free(token);
		vectors_clear(&keys);
	}
	printf("RFC 7515 and 8037: %u changed examples refused\n", changed);
}

/* A member of a member, as "output.json_flat". */
static struct json_object *
at(struct json_object *root, const char *path)
{
	char name[64];

	while (root != NULL && *path != '\0') {
		size_t len = strcspn(path, ".");

		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		root = json_object_object_get(root, name);
		path += len + (path[len] == '.');
	}
	return root;
}

/* The cookbook gives the private half; a host has the other. */
static void
drop_private_members(struct json_object *key)
{
	static const char *const names[] = { "d", "p", "q", "dp", "dq", "qi" };
	size_t i;

	for (i = 0; key != NULL && i < sizeof(names) / sizeof(names[0]); i++)
		json_object_object_del(key, names[i]);
}

#define COOKBOOK "ietf-jose-cookbook/"

/* Tokens of the cookbook: which member is the token, and what becomes of it. */
static const struct recipe {
	const char *file;
	const char *key;
	const char *token;
	alg_set algorithms;
	enum jwt_reason verify;
	enum jwt_reason whole;
} recipes[] = {
	{ "jws/4_1.rsa_v15_signature.json", "input.key", "output.compact",
	  ALG_BIT(ALG_RS256), JWT_OK, JWT_JSON_INVALID },
	{ "jws/4_1.rsa_v15_signature.json", "input.key", "output.json",
	  ALG_BIT(ALG_RS256), JWT_TOKEN_FORM, JWT_TOKEN_FORM },
	{ "jws/4_1.rsa_v15_signature.json", "input.key", "output.compact",
	  ALG_BIT(ALG_PS256), JWT_ALG_NOT_ALLOWED, JWT_JSON_INVALID },
	{ "jws/4_2.rsa-pss_signature.json", "input.key", "output.compact",
	  ALG_BIT(ALG_PS384), JWT_OK, JWT_JSON_INVALID },
	{ "jws/4_3.ecdsa_signature.json", "input.key", "output.compact", 0,
	  JWT_OK, JWT_JSON_INVALID },
	{ "jws/4_4.hmac-sha2_integrity_protection.json", "input.key",
	  "output.compact", 0, JWT_OK, JWT_JSON_INVALID },
	{ "jws/4_5.signature_with_detached_content.json", "input.key",
	  "output.compact", 0, JWT_SIGNATURE_INVALID, JWT_TOKEN_FORM },
	{ "jws/4_6.protecting_specific_header_fields.json", "input.key",
	  "output.json_flat", 0, JWT_TOKEN_FORM, JWT_TOKEN_FORM },
	{ "jws/4_7.protecting_content_only.json", "input.key",
	  "output.json_flat", 0, JWT_TOKEN_FORM, JWT_TOKEN_FORM },
	{ "6.nesting_signatures_and_encryption.json", "sign.input.key",
	  "sign.output.compact", ALG_BIT(ALG_PS256), JWT_OK, JWT_OK },
	{ "6.nesting_signatures_and_encryption.json", "sign.input.key",
	  "encrypt.output.compact", ALG_BIT(ALG_PS256), JWT_TOKEN_FORM,
	  JWT_TOKEN_FORM },
	{ "curve25519/jws.json", "input.key", "output.compact", 0, JWT_OK,
	  JWT_JSON_INVALID },
	{ "rfc7797/hmac-sha2_b64_false.json", "input.key", "output.compact", 0,
	  JWT_TOKEN_FORM, JWT_TOKEN_FORM },
	{ "rfc7797/4.2.hmac-sha2_b64_false.json", "input.key", "output.json",
	  0, JWT_TOKEN_FORM, JWT_TOKEN_FORM },
	{ "jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2.json", NULL,
	  "output.compact", 0, JWT_TOKEN_FORM, JWT_TOKEN_FORM },
	{ "jwe/5_6.direct_encryption_using_aes-gcm.json", NULL,
	  "output.compact", 0, JWT_TOKEN_FORM, JWT_TOKEN_FORM },
	{ "curve25519/ecdh-es.json", NULL, "output.compact", 0,
	  JWT_TOKEN_FORM, JWT_TOKEN_FORM },
};

/* False when the cookbook is not here. */
static bool
run_recipe(const struct recipe *recipe)
{
	char file[128];
	struct json_object *root, *key, *token;
	struct vectors_issuer keys;
	const char *text;

	snprintf(file, sizeof(file), COOKBOOK "%s", recipe->file);
	root = vectors_read("cookbook tokens", file);
	if (root == NULL)
		return false;
	key = recipe->key == NULL ? NULL : at(root, recipe->key);
	drop_private_members(key);
	text = key == NULL ? KEY_A3 : json_object_to_json_string(key);
	assert_int_equal(vectors_load(text, recipe->algorithms, &keys), JWT_OK);
	token = at(root, recipe->token);
	text = json_object_get_string(token);
	if (vectors_verify(text, &keys) != recipe->verify ||
	    verify_whole(text, &keys) != recipe->whole)
		fail_msg("%s %s", recipe->file, recipe->token);
	vectors_clear(&keys);
	json_object_put(root);
	return true;
}

static void
test_cookbook_tokens(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++) {
		if (!run_recipe(&recipes[i]))
			return;
	}
	printf("RFC 7520, 7797, 8037 cookbook: %zu tokens\n", i);
}

/*
 * The headers of RFC 7797, with a payload that can be read.  Its section 6
 * asks for crit; without one a reader that knows no b64 would verify another
 * text than was signed.
 */
static void
test_unencoded_payload(void **state)
{
	struct vectors_issuer keys;

	(void)state;
	assert_int_equal(vectors_load(KEY_A1, ALG_BIT(ALG_HS256), &keys),
	    JWT_OK);
	assert_int_equal(verify_whole("eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2V9."
	    "e30.GsyM6AQJbQHY8aQKCbZSPJHzMRWo3HKIlcDuXof7nqs", &keys),
	    JWT_HEADER_INVALID);
	assert_int_equal(verify_whole("eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsI"
	    "mNyaXQiOlsiYjY0Il19.e30.ciks0B6Hs-amhOqxI5_iG6mPKnMDlWCb7J2Wu7mt"
	    "Icg", &keys), JWT_CRIT_UNSUPPORTED);
	vectors_clear(&keys);
}

static const struct cookbook_key {
	const char *file;
	alg_set algorithms;
	enum jwt_reason load;
} cookbook_keys[] = {
	{ "jwk/3_1.ec_public_key.json", 0, JWT_OK },
	{ "jwk/3_2.ec_private_key.json", 0, JWT_KEY_FILE_INVALID },
	/* An RSA key without alg fits six algorithms. */
	{ "jwk/3_3.rsa_public_key.json", 0, JWT_CONFIG_INVALID },
	{ "jwk/3_3.rsa_public_key.json", ALG_BIT(ALG_RS256), JWT_OK },
	{ "jwk/3_3.rsa_public_key.json",
	  ALG_BIT(ALG_RS256) | ALG_BIT(ALG_PS256), JWT_CONFIG_INVALID },
	{ "jwk/3_4.rsa_private_key.json", 0, JWT_KEY_FILE_INVALID },
	{ "jwk/3_5.symmetric_key_mac_computation.json", 0, JWT_OK },
	{ "jwk/3_5.symmetric_key_mac_computation.json", ALG_BIT(ALG_RS256),
	  JWT_KEY_FILE_INVALID },
	{ "jwk/3_6.symmetric_key_encryption.json", 0, JWT_KEY_FILE_INVALID },
};

static void
test_cookbook_keys(void **state)
{
	char file[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cookbook_keys) / sizeof(cookbook_keys[0]); i++) {
		const struct cookbook_key *want = &cookbook_keys[i];
		struct vectors_issuer keys;
		struct json_object *root;

		snprintf(file, sizeof(file), COOKBOOK "%s", want->file);
		root = vectors_read("cookbook keys", file);
		if (root == NULL)
			return;
		if (vectors_load(json_object_to_json_string(root),
		    want->algorithms, &keys) != want->load)
			fail_msg("%s", want->file);
		vectors_clear(&keys);
		json_object_put(root);
	}
	printf("RFC 7520 cookbook: %zu keys\n", i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_examples_changed),
		cmocka_unit_test(test_cookbook_tokens),
		cmocka_unit_test(test_unencoded_payload),
		cmocka_unit_test(test_cookbook_keys),
	};

	return cmocka_run_group_tests_name("vectors rfc", tests, NULL, NULL);
}
