/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The small print of the verifier: what jws.h, claims.h and verdict.h promise
 * and no attack looks at.  Most of it was found by changing the code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "world.h"

#define HEADER "{\"alg\":\"ES256\",\"kid\":\"ES256\"}"

static struct world world;

static int
set_up(void **state)
{
	(void)state;
	return world_load(&world, "", "", world_jwk(ALG_ES256)) == JWT_OK ?
	    0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	world_clear(&world);
	return 0;
}

/* A key file of three keys of one algorithm, the good one at that place (3: nowhere). */
static void
load_three(struct world *out, size_t place)
{
	static const char *const others[] = {
		"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
		"\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
		"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
		"\"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw\"}",
		"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
		"\"_FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU\"}"
	};
	char *keys[3];
	size_t i, next = 0;

	for (i = 0; i < 3; i++)
		keys[i] = i == place ? world_jwk_with(ALG_ED25519, "") :
		    world_text("%s", others[next++]);
	assert_int_equal(world_load(out, "", "", world_set(keys[0], keys[1],
	    keys[2], NULL)), JWT_OK);
}

/* Without a kid each key is tried, wherever the right one stands. */
static void
test_any_key(void **state)
{
	char *token = world_sign(ALG_ED25519, "{\"alg\":\"EdDSA\"}",
	    "{" WORLD_CLAIMS "}");
	struct world three;
	size_t place;

	(void)state;
	for (place = 0; place < 4; place++) {
		load_three(&three, place);
		assert_int_equal(world_verdict(&three, token), place < 3 ?
		    JWT_OK : JWT_SIGNATURE_INVALID);
		world_clear(&three);
	}
	free(token);
}

/* JWK_KID_MAX bytes of kid are read, one more is not. */
static void
test_kid_length(void **state)
{
	size_t len;

	(void)state;
	for (len = JWK_KID_MAX; len <= JWK_KID_MAX + 1; len++) {
		char *header = world_text("{\"alg\":\"ES256\",\"kid\":\"%0*d\"}",
		    (int)len, 0);
		char *token = world_sign(ALG_ES256, header,
		    "{" WORLD_CLAIMS "}");

		assert_int_equal(world_verdict(&world, token),
		    len == JWK_KID_MAX ? JWT_KEY_UNKNOWN : JWT_HEADER_INVALID);
		free(token);
		free(header);
	}
}

/* A payload signed with the good key, against what it must give. */
static void
expect(const char *payload, enum jwt_reason wanted)
{
	char *token = world_sign(ALG_ES256, HEADER, payload);
	enum jwt_reason reason = world_verdict(&world, token);

	if (reason != wanted)
		fail_msg("%s: %s", payload, reason_name(reason));
	free(token);
}

#define NO_SUB "{\"iss\":\"" WORLD_ISS "\",\"aud\":\"urn:h\",\"exp\":1700000600"

/* Control characters: the first, the last, and both sides of each end. */
static void
test_control_characters(void **state)
{
	(void)state;
	expect(NO_SUB ",\"sub\":\"\\u0001lice\"}", JWT_CLAIM_INVALID);
	expect(NO_SUB ",\"sub\":\"alice\\u001f\"}", JWT_CLAIM_INVALID);
	expect(NO_SUB ",\"sub\":\"alice\\u0020\"}", JWT_ACCOUNT_INVALID);
	expect(NO_SUB ",\"sub\":\"alice\\u007e\"}", JWT_ACCOUNT_INVALID);
	expect(NO_SUB ",\"sub\":\"alice\\u007f\"}", JWT_CLAIM_INVALID);
	expect(NO_SUB ",\"sub\":\"alice\\u0080\"}", JWT_ACCOUNT_INVALID);
}

/* jti: a string of one byte is one, none is not. */
static void
test_jti(void **state)
{
	(void)state;
	expect("{" WORLD_CLAIMS ",\"jti\":\"\"}", JWT_CLAIM_INVALID);
	expect("{" WORLD_CLAIMS ",\"jti\":\"x\"}", JWT_OK);
	expect("{" WORLD_CLAIMS ",\"jti\":\"x\\u0000\"}", JWT_CLAIM_INVALID);
	expect("{" WORLD_CLAIMS ",\"jti\":[\"x\"]}", JWT_CLAIM_INVALID);
}

/* Claims of a token, checked by claims_check() alone; jws is to be freed. */
static enum jwt_reason
check(const char *payload, struct claims_identity *out, struct jws **jws)
{
	static char *token;	/* borrowed by jws */
	const struct issuer *issuer = world.policy.issuers;
	const struct claims *claims;

	free(token);
	token = world_sign(ALG_ES256, HEADER, payload);
	assert_int_equal(jws_parse(bytes_str(token), jws), JWT_OK);
	assert_int_equal(jws_verify(*jws, &issuer->set, issuer->algorithms,
	    &claims), JWT_OK);
	return claims_check(claims, issuer, WORLD_NOW, out);
}

/* What claims_check() hands out: all of it, or what it says when absent. */
static void
test_identity(void **state)
{
	struct claims_identity id;
	struct jws *jws;

	(void)state;
	assert_int_equal(check("{" WORLD_CLAIMS ",\"jti\":\"j\"}", &id, &jws),
	    JWT_OK);
	assert_true(bytes_eq_str(id.iss, WORLD_ISS));
	assert_true(bytes_eq_str(id.sub, "alice"));
	assert_true(bytes_eq_str(id.jti, "j"));
	assert_int_equal(id.exp, 1700000600);
	assert_int_equal(id.iat, 1699999990);
	jws_free(jws);
	assert_int_equal(check(NO_SUB ",\"sub\":\"bob\"}", &id, &jws), JWT_OK);
	assert_int_equal(id.iat, -1);
	assert_int_equal(id.jti.len, 0);
	jws_free(jws);
	assert_int_equal(check("{\"sub\":7}", &id, &jws), JWT_ISSUER_UNKNOWN);
	assert_int_equal(id.iss.len, 0);
	assert_int_equal(id.sub.len, 0);
	assert_int_equal(id.iat, -1);
	jws_free(jws);
}

/* What a header or payload does not say is empty, not near it. */
static void
test_unverified(void **state)
{
	static const struct {
		const char *header, *payload;
		const char *kid, *iss;
	} rows[] = {
		{ "{\"alg\":\"ES256\"}", "{}", "", "" },
		{ "{\"alg\":\"ES256\",\"kid\":\"k\"}", "{\"iss\":\"i\"}", "k",
		    "i" },
		{ "{\"alg\":\"ES256\"}", "{\"iss\":7}", "", "" },
	};
	struct jws *jws;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *token = world_sign(ALG_ES256, rows[i].header,
		    rows[i].payload);

		assert_int_equal(jws_parse(bytes_str(token), &jws), JWT_OK);
		assert_true(bytes_eq_str(jws_unverified_kid(jws),
		    rows[i].kid));
		assert_true(bytes_eq_str(jws_unverified_iss(jws),
		    rows[i].iss));
		jws_free(jws);
		free(token);
	}
	jws_free(NULL);
}

/* iss must be that of the issuer whose key it was; claims_check() asks again. */
static void
test_issuer_again(void **state)
{
	struct claims_identity id;
	struct jws *jws;

	(void)state;
	assert_int_equal(check("{\"iss\":\"https://other.test\"}", &id, &jws),
	    JWT_ISSUER_UNKNOWN);
	jws_free(jws);
	assert_int_equal(check("{\"iss\":[\"" WORLD_ISS "\"]}", &id, &jws),
	    JWT_ISSUER_UNKNOWN);
	jws_free(jws);
}

/* The last of several audiences, of the token and of the issuer. */
static void
test_audiences(void **state)
{
	struct world several;
	char *token = world_sign(ALG_ES256, HEADER, "{\"iss\":\"" WORLD_ISS
	    "\",\"sub\":\"alice\",\"aud\":[\"a\",\"b\",\"urn:last\"],"
	    "\"exp\":1700000600}");
	char *good = world_sign(ALG_ES256, HEADER, "{" WORLD_CLAIMS "}");

	(void)state;
	assert_int_equal(world_load(&several, "[issuer u]\niss = https://u\n"
	    "keys = /u\naudience = urn:first urn:last\n", "",
	    world_jwk(ALG_ES256)), JWT_OK);
	assert_int_equal(world_verdict(&several, token),
	    JWT_AUDIENCE_MISMATCH);
	several.policy.issuers[0].audience = several.policy.issuers[1].audience;
	assert_int_equal(world_verdict(&several, token), JWT_OK);
	assert_int_equal(world_verdict(&several, good), JWT_AUDIENCE_MISMATCH);
	world_clear(&several);
	free(token);
	free(good);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_key),
		cmocka_unit_test(test_kid_length),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_jti),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_unverified),
		cmocka_unit_test(test_issuer_again),
		cmocka_unit_test(test_audiences),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
