/* SPDX-License-Identifier: BSD-2-Clause */
/* Back-channel logout tokens, and what a grant carries to the session. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/grant.h"
#include "world.h"

#define EVENT "\"http://schemas.openid.net/event/backchannel-logout\""
#define LOGOUT(rest) \
	"{\"iss\":\"" WORLD_ISS "\",\"aud\":\"urn:h\",\"iat\":1699999990," \
	"\"exp\":1700000100,\"jti\":\"l1\"" rest "}"
#define EVENTS ",\"events\":{" EVENT ":{}}"
#define TYPED(typ) "{\"alg\":\"ES256\",\"kid\":\"ES256\"" typ "}"
#define HEADER TYPED(",\"typ\":\"logout+jwt\"")

static enum jwt_reason
check(const struct world *world, const char *header, const char *payload,
    int64_t now, struct claims_identity *id)
{
	const struct issuer *issuer = &world->policy.issuers[0];
	char *token = world_sign(ALG_ES256, header, payload);
	const struct claims *claims = NULL;
	struct jws *jws = NULL;
	enum jwt_reason reason = jws_parse(bytes_str(token), &jws);

	if (reason == JWT_OK)
		reason = jws_verify(jws, &issuer->set, issuer->algorithms,
		    &claims);
	if (reason == JWT_OK)
		reason = claims_check_logout(claims, issuer,
		    &issuer->audience, now, id);
	/* The views of *id end here: only their lengths are looked at. */
	jws_free(jws);
	free(token);
	return reason;
}

static void
test_logout_tokens(void **state)
{
	static const struct {
		const char *header, *payload;
		enum jwt_reason reason;
	} rows[] = {
		{ HEADER, LOGOUT(EVENTS ",\"sid\":\"s\""), JWT_OK },
		{ HEADER, LOGOUT(EVENTS ",\"sub\":\"alice\""), JWT_OK },
		{ TYPED(""), LOGOUT(EVENTS ",\"sid\":\"s\""), JWT_OK },
		{ TYPED(",\"typ\":\"JWT\""), LOGOUT(EVENTS ",\"sid\":\"s\""),
		  JWT_OK },
		{ TYPED(",\"typ\":\"at+jwt\""), LOGOUT(EVENTS ",\"sid\":\"s\""),
		  JWT_TYPE_NOT_ACCEPTED },
		{ HEADER, LOGOUT(EVENTS), JWT_SUBJECT_MISSING },
		{ HEADER, LOGOUT(",\"sid\":\"s\""), JWT_TYPE_NOT_ACCEPTED },
		{ HEADER, LOGOUT(",\"events\":{},\"sid\":\"s\""),
		  JWT_TYPE_NOT_ACCEPTED },
		{ HEADER, LOGOUT(",\"events\":[" EVENT "],\"sid\":\"s\""),
		  JWT_TYPE_NOT_ACCEPTED },
		{ HEADER, LOGOUT(",\"events\":{" EVENT ":1},\"sid\":\"s\""),
		  JWT_TYPE_NOT_ACCEPTED },
		{ HEADER, LOGOUT(EVENTS ",\"sid\":\"s\",\"nonce\":\"n\""),
		  JWT_TYPE_NOT_ACCEPTED },
		{ HEADER, "{\"iss\":\"" WORLD_ISS "\",\"aud\":\"urn:x\","
		  "\"iat\":1699999990,\"exp\":1700000100,\"jti\":\"l\","
		  "\"sid\":\"s\"" EVENTS "}", JWT_AUDIENCE_MISMATCH },
		{ HEADER, "{\"iss\":\"" WORLD_ISS "\",\"aud\":\"urn:h\","
		  "\"iat\":1699999990,\"jti\":\"l\",\"sid\":\"s\"" EVENTS "}",
		  JWT_EXPIRY_MISSING },
		{ HEADER, "{\"iss\":\"" WORLD_ISS "\",\"aud\":\"urn:h\","
		  "\"exp\":1700000100,\"jti\":\"l\",\"sid\":\"s\"" EVENTS "}",
		  JWT_CLAIM_INVALID },
		{ HEADER, "{\"iss\":\"" WORLD_ISS "\",\"aud\":\"urn:h\","
		  "\"iat\":1699999990,\"exp\":1700000100,\"sid\":\"s\"" EVENTS
		  "}", JWT_CLAIM_INVALID },
		{ HEADER, LOGOUT(EVENTS ",\"sid\":7,\"sub\":\"alice\""),
		  JWT_CLAIM_INVALID },
		{ HEADER, "{\"iss\":\"https://other\",\"aud\":\"urn:h\","
		  "\"iat\":1699999990,\"exp\":1700000100,\"jti\":\"l\","
		  "\"sid\":\"s\"" EVENTS "}", JWT_ISSUER_UNKNOWN },
	};
	struct claims_identity id;
	struct world world;
	size_t i;

	(void)state;
	assert_int_equal(world_load(&world, "", "permit = as claim sub\n",
	    world_set(world_jwk(ALG_ES256), NULL)), JWT_OK);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum jwt_reason reason = check(&world, rows[i].header,
		    rows[i].payload, WORLD_NOW, &id);

		if (reason != rows[i].reason)
			fail_msg("%s: %s", rows[i].payload,
			    reason_name(reason));
	}
	assert_int_equal(check(&world, HEADER, rows[0].payload, 1700000160,
	    &id), JWT_EXPIRED);
	assert_int_equal(check(&world, HEADER, rows[0].payload, 1699999929,
	    &id), JWT_ISSUED_IN_FUTURE);
	assert_int_equal(check(&world, HEADER, rows[0].payload, -1, &id),
	    JWT_INTERNAL);
	/* An iat of 0 is there. */
	assert_int_equal(check(&world, HEADER, "{\"iss\":\"" WORLD_ISS "\","
	    "\"aud\":\"urn:h\",\"iat\":0,\"exp\":100,\"jti\":\"l\","
	    "\"sid\":\"s\"" EVENTS "}", 10, &id), JWT_OK);
	assert_int_equal(check(&world, HEADER, rows[0].payload, WORLD_NOW,
	    &id), JWT_OK);
	assert_int_equal(id.sid.len, 1);
	assert_int_equal(id.iat, 1699999990);
	world_clear(&world);
}

static enum jwt_reason
put(void *ctx, struct state_fact *fact)
{
	*(struct state_fact *)ctx = *fact;
	return JWT_OK;
}

static void
test_grant_revoke(void **state)
{
	struct state_fact fact = { .until = 0 };
	const struct state_store store = { .put = put, .ctx = &fact };
	struct grant grant = {
		.iss = (char[]){ "https://i" }, .sub = (char[]){ "alice" },
		.jti = (char[]){ "j" }, .sid = (char[]){ "" },
		.account = (char[]){ "alice" }, .exp = 1700000600
	};
	struct state_id id;

	(void)state;
	assert_int_equal(grant_revoke(&grant, &store), JWT_OK);
	assert_int_equal(state_id(STATE_TOKEN, bytes_str("https://i"),
	    bytes_str("j"), &id), JWT_OK);
	assert_int_equal(fact.id.kind, STATE_TOKEN);
	assert_memory_equal(fact.id.hash, id.hash, HASH_LEN);
	assert_int_equal(fact.until, 1700000600 + 601);
	grant.jti[0] = '\0';
	assert_int_equal(grant_revoke(&grant, &store), JWT_CLAIM_INVALID);
	grant.has_digest = true;
	assert_int_equal(grant_revoke(&grant, &store), JWT_OK);
	assert_int_equal(fact.id.kind, STATE_DIGEST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logout_tokens),
		cmocka_unit_test(test_grant_revoke),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
