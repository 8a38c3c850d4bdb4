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

#include "core/hint.h"
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

/* The end of sessions that a token names is handed out, or -1. */
static void
test_identity_session_expiry(void **state)
{
	static const struct {
		const char *claim;
		enum jwt_reason reason;
		int64_t expiry;
	} rows[] = {
		{ "", JWT_OK, -1 },
		{ ",\"session_expiry\":1700000100.5", JWT_OK, 1700000100 },
		{ ",\"session_expiry\":\"1\"", JWT_CLAIM_INVALID, -1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *payload = world_text("{" WORLD_CLAIMS "%s}",
		    rows[i].claim);
		struct claims_identity id;
		struct jws *jws;

		assert_int_equal(check(payload, &id, &jws), rows[i].reason);
		assert_int_equal(id.session_expiry, rows[i].expiry);
		jws_free(jws);
		free(payload);
	}
}

/* What a token says of itself, for a revocation: no date makes it unknown. */
static void
test_identify(void **state)
{
	static const struct {
		const char *payload;
		int64_t exp, iat;
	} rows[] = {
		{ "{\"exp\":17.9,\"iat\":5}", 17, 5 },
		{ "{\"exp\":17}", 17, -1 },
		{ "{\"iat\":5}", -1, 5 },
		{ "{\"exp\":\"17\",\"iat\":null}", -1, -1 },
		{ "{\"exp\":1e400,\"iat\":-5}", -1, -1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct issuer *issuer = world.policy.issuers;
		char *token = world_sign(ALG_ES256, HEADER, rows[i].payload);
		struct jws *jws = world_parse(bytes_str(token));
		const struct claims *claims;
		struct claims_identity id;

		assert_int_equal(jws_verify(jws, &issuer->set,
		    issuer->algorithms, &claims), JWT_OK);
		claims_identify(claims, &id);
		assert_int_equal(id.exp, rows[i].exp);
		assert_int_equal(id.iat, rows[i].iat);
		jws_free(jws);
		free(token);
	}
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

/* max_age counts from iat, which must be there then; without it any age does. */
static void
test_max_age(void **state)
{
	static const struct {
		const char *settings, *iat;
		enum jwt_reason reason;
	} rows[] = {
		{ "max_age = 1h", ",\"iat\":1699996400", JWT_OK },
		{ "max_age = 1h", ",\"iat\":1699996399", JWT_TOO_OLD },
		{ "max_age = 1h", ",\"iat\":1700000000", JWT_OK },
		{ "max_age = 1h", "", JWT_CLAIM_INVALID },
		{ "", ",\"iat\":1699996399", JWT_OK },
		{ "", "", JWT_OK },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *payload = world_text(NO_SUB ",\"sub\":\"alice\"%s}",
		    rows[i].iat);
		char *token = world_sign(ALG_ES256, HEADER, payload);
		struct world aged;
		enum jwt_reason reason;

		assert_int_equal(world_load(&aged, rows[i].settings, "",
		    world_jwk(ALG_ES256)), JWT_OK);
		reason = world_verdict(&aged, token);
		if (reason != rows[i].reason)
			fail_msg("%s%s: %s", rows[i].settings, rows[i].iat,
			    reason_name(reason));
		world_clear(&aged);
		free(token);
		free(payload);
	}
}

#define LONGEST "a2345678901234567890123456789012"	/* ACCOUNT_CLAIM_MAX */

/*
 * alice and the longest names are all there are; no answer for broken, and the
 * refusal of a file that others can write for unsafe.
 */
static enum jwt_reason
look_up(void *ctx, const char *name, struct account_facts *out)
{
	(void)ctx;
	if (strcmp(name, "broken") == 0)
		return JWT_INTERNAL;
	if (strcmp(name, "unsafe") == 0)
		return JWT_CONFIG_UNSAFE;
	out->exists = strcmp(name, "alice") == 0 || strcmp(name, LONGEST) == 0 ||
	    strlen(name) == ACCOUNT_NAME_MAX;
	return JWT_OK;
}

/* What an observer is told: checks and claims are counted. */
struct told {
	unsigned checks, rules, tests, claims;
	enum verdict_check last;
};

static void
tell_check(void *ctx, enum verdict_check check, enum jwt_reason result)
{
	struct told *told = ctx;

	(void)result;
	assert_true(told->checks == 0 || check > told->last);
	told->last = check;
	told->checks++;
}

static void
tell_rule(void *ctx, const struct rule *rule, enum tri value,
    enum jwt_reason account)
{
	(void)rule;
	(void)value;
	(void)account;
	((struct told *)ctx)->rules++;
}

static void
tell_test(void *ctx, const struct rule_test *test, enum tri value,
    const char *why)
{
	(void)test;
	(void)value;
	(void)why;
	((struct told *)ctx)->tests++;
}

static void
tell_claims(void *ctx, const struct issuer *issuer,
    const struct claims *claims)
{
	assert_non_null(issuer);
	assert_non_null(claims);
	((struct told *)ctx)->claims++;
}

/* The verdict of a world for a user; the token is to be freed behind it. */
static void
reach_as(const char *user, const struct world *of, const char *token,
    struct told *told, struct verdict *out)
{
	static const struct account_host accounts = { .look_up = look_up };
	struct verdict_observer observer = {
		.check = tell_check, .rule = tell_rule, .test = tell_test,
		.claims = tell_claims, .ctx = told
	};
	struct verdict_input in = {
		.policy = &of->policy,
		.service = policy_service(&of->policy, "s"), .user = user,
		.now = WORLD_NOW, .jws = world_parse(bytes_str(token)),
		.accounts = &accounts, .observer = told == NULL ? NULL : &observer
	};
	enum jwt_reason reason;

	reason = verdict_reach(&in, out);
	assert_int_equal(reason, out->reason);
}

static void
reach(const struct world *of, const char *token, struct told *told,
    struct verdict *out)
{
	reach_as("alice", of, token, told, out);
}

/* What is missing is told only where nothing else is, and the rule is plain. */
static void
test_needs(void **state)
{
	static const struct {
		const char *rule, *claims, *need;
	} rows[] = {
		{ "if amr has \"hwk\"", "", "amr has \"hwk\"" },
		{ "if amr has \"hwk\"", ",\"amr\":[\"hwk\"]", NULL },
		{ "if acr = \"2\"", ",\"acr\":\"1\"", "acr = \"2\"" },
		{ "if auth_time within 15m", ",\"auth_time\":1",
		    "auth_time within 15m" },
		{ "if groups has \"a\" and amr has \"hwk\"", "", NULL },
		{ "if amr has \"hwk\" and groups has \"a\"", "", NULL },
		{ "if groups has \"a\" and amr has \"hwk\"",
		    ",\"groups\":[\"a\"]", "amr has \"hwk\"" },
		{ "if amr has \"hwk\" and acr = \"2\"", "",
		    "amr has \"hwk\"" },
		{ "if amr has \"hwk\" or acr = \"2\"", "", NULL },
		{ "if not amr has \"pwd\"", ",\"amr\":[\"pwd\"]", NULL },
		{ "if /amr/0 = \"hwk\"", ",\"amr\":[\"pwd\"]", NULL },
		{ "if groups has \"a\"", "", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *line = world_text("permit = as claim sub %s",
		    rows[i].rule);
		char *payload = world_text("{" WORLD_CLAIMS "%s}",
		    rows[i].claims);
		char *token = world_sign(ALG_ES256, HEADER, payload);
		struct world other;
		struct told told = { 0 };
		struct verdict out;

		assert_int_equal(world_load(&other, "", line,
		    world_jwk(ALG_ES256)), JWT_OK);
		reach(&other, token, i % 2 == 0 ? &told : NULL, &out);
		assert_int_equal(told.rules, i % 2 == 0);
		assert_int_equal(told.tests > 0, i % 2 == 0);
		if (rows[i].need == NULL)
			assert_null(out.missing_test);
		else if (out.missing_test == NULL)
			fail_msg("%s: nothing is said", rows[i].rule);
		else
			assert_string_equal(out.missing_test->text,
			    rows[i].need);
		verdict_clear(&out);
		world_clear(&other);
		free(token);
		free(payload);
		free(line);
	}
}

/* What the verdict carries for the log, before and behind the signature. */
static void
test_verdict_fields(void **state)
{
	char *good = world_sign(ALG_ES256, HEADER, "{" WORLD_CLAIMS "}");
	char *other = world_sign(ALG_ES256, HEADER, "{\"iss\":\"x\"}");
	struct told told = { 0 };
	struct verdict out;

	(void)state;
	reach(&world, good, &told, &out);
	assert_int_equal(out.reason, JWT_OK);
	assert_true(bytes_eq_str(out.kid, "ES256"));
	assert_non_null(out.claims);
	assert_string_equal(out.account, "alice");
	assert_int_equal(told.checks, CHECK_STATE - CHECK_FORM + 1);
	assert_int_equal(told.claims, 1);
	verdict_clear(&out);
	told = (struct told){ 0 };
	reach(&world, other, &told, &out);
	assert_int_equal(out.reason, JWT_ISSUER_UNKNOWN);
	assert_true(bytes_eq_str(out.kid, "ES256"));
	assert_null(out.claims);
	assert_string_equal(out.account, "");
	assert_int_equal(told.checks, CHECK_ISSUER - CHECK_FORM + 1);
	assert_int_equal(told.claims, 0);
	verdict_clear(&out);
	other[0] = '-';
	told = (struct told){ 0 };
	reach(&world, other, &told, &out);
	assert_int_equal(out.kid.len, 0);
	assert_int_equal(told.checks, 1);
	verdict_clear(&out);
	free(good);
	free(other);
}

/* Which rule stands in the log, and for which reason. */
static void
test_deciding_rule(void **state)
{
	static const struct {
		const char *rules;	/* the first stands in line 7 */
		enum jwt_reason reason;
		unsigned line;		/* 0: none */
		bool lacks_test;
	} rows[] = {
		{ "permit = as alice", JWT_OK, 7, false },
		{ "permit = as bob\npermit = as alice", JWT_OK, 8, false },
		{ "permit = as bob\npermit = as carol",
		    JWT_ACCOUNT_MISMATCH, 7, false },
		{ "permit = as claim n\npermit = as bob",
		    JWT_ACCOUNT_MISMATCH, 8, false },
		{ "permit = as bob\npermit = as claim n",
		    JWT_ACCOUNT_MISMATCH, 7, false },
		{ "permit = as alice if x = 1", JWT_NOT_PERMITTED, 0, false },
		{ "permit = as alice if amr has \"a\"\npermit = as alice",
		    JWT_OK, 8, false },
		{ "permit = as alice if amr has \"a\"", JWT_NOT_PERMITTED, 0,
		    true },
		{ "permit = as bob if amr has \"a\"", JWT_NOT_PERMITTED, 0,
		    false },
		{ "deny = if sub = \"x\"\npermit = as alice", JWT_OK, 8,
		    false },
		{ "deny = if sub = \"alice\"\npermit = as alice", JWT_DENIED,
		    7, false },
		{ "deny = if sub = \"x\"\ndeny = if y = 1\npermit = as alice",
		    JWT_DENIED, 8, false },
	};
	char *token = world_sign(ALG_ES256, HEADER, "{" WORLD_CLAIMS
	    ",\"n\":\"-\"}");
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct told told = { 0 };
		struct verdict out;
		struct world other;

		assert_int_equal(world_load(&other, "", rows[i].rules,
		    world_jwk(ALG_ES256)), JWT_OK);
		reach(&other, token, &told, &out);
		if (out.reason != rows[i].reason)
			fail_msg("%s: %s", rows[i].rules,
			    reason_name(out.reason));
		assert_int_equal(out.rule == NULL ? 0 : out.rule->line,
		    rows[i].line);
		assert_int_equal(out.missing_test != NULL,
		    rows[i].lacks_test);
		assert_true(told.rules > 0);
		verdict_clear(&out);
		assert_int_equal(out.reason, JWT_INTERNAL);
		world_clear(&other);
	}
	free(token);
}

/* A deny rule that does not hold is not tried as a permit rule. */
static void
test_deny_is_no_permit(void **state)
{
	char *token = world_sign(ALG_ES256, HEADER, "{" WORLD_CLAIMS "}");
	struct told told = { 0 };
	struct verdict out;
	struct world two;

	(void)state;
	assert_int_equal(world_load(&two, "", "deny = if not amr has \"a\" and "
	    "sub = \"x\"\npermit = as bob\n", world_jwk(ALG_ES256)), JWT_OK);
	reach(&two, token, &told, &out);
	assert_int_equal(out.reason, JWT_ACCOUNT_MISMATCH);
	assert_int_equal(told.rules, 2);
	assert_null(out.missing_test);
	verdict_clear(&out);
	world_clear(&two);
	free(token);
}

/* The longest name of an account, and an account that cannot be told. */
static void
test_accounts(void **state)
{
	char *longest = world_sign(ALG_ES256, HEADER, NO_SUB ",\"sub\":\""
	    LONGEST "\"}");
	char *broken = world_sign(ALG_ES256, HEADER, NO_SUB
	    ",\"sub\":\"broken\"}");
	char *nobody = world_sign(ALG_ES256, HEADER, NO_SUB
	    ",\"sub\":\"nobody\"}");
	struct verdict out;

	(void)state;
	assert_int_equal(strlen(LONGEST), ACCOUNT_CLAIM_MAX);
	reach_as(LONGEST, &world, longest, NULL, &out);
	assert_int_equal(out.reason, JWT_OK);
	assert_string_equal(out.account, LONGEST);
	assert_true(out.account_facts.exists);
	verdict_clear(&out);
	reach_as(NULL, &world, longest, NULL, &out);
	assert_string_equal(out.account, LONGEST);
	verdict_clear(&out);
	reach_as("broken", &world, broken, NULL, &out);
	assert_int_equal(out.reason, JWT_INTERNAL);
	assert_string_equal(out.account, "");
	verdict_clear(&out);
	reach_as("nobody", &world, nobody, NULL, &out);
	assert_int_equal(out.reason, JWT_ACCOUNT_UNKNOWN);
	verdict_clear(&out);
	free(longest);
	free(broken);
	free(nobody);
}

/* A rule may name an account of a directory, which may be longer. */
static void
test_longest_rule(void **state)
{
	char *rule = world_text("permit = as %0*d", ACCOUNT_NAME_MAX, 0);
	char *token = world_sign(ALG_ES256, HEADER, "{" WORLD_CLAIMS "}");
	struct verdict out;
	struct world two;

	(void)state;
	memset(strchr(rule, '0'), 'a', ACCOUNT_NAME_MAX);
	assert_int_equal(world_load(&two, "", rule, world_jwk(ALG_ES256)),
	    JWT_OK);
	reach_as(NULL, &two, token, NULL, &out);
	assert_int_equal(out.reason, JWT_OK);
	assert_string_equal(out.account, strstr(rule, "aaa"));
	verdict_clear(&out);
	world_clear(&two);
	free(token);
	free(rule);
}

/*
 * A rule that cannot be applied ends the search, whichever class its fault is
 * of; a refusal does not.
 */
static void
test_fault_ends(void **state)
{
	static const struct {
		const char *sub;
		enum jwt_reason reason;
	} rows[] = {
		{ "broken", JWT_INTERNAL }, { "unsafe", JWT_CONFIG_UNSAFE },
		{ "nobody", JWT_OK },
	};
	struct world two;
	size_t i;

	(void)state;
	assert_int_equal(world_load(&two, "",
	    "permit = as claim sub\npermit = as alice\n",
	    world_jwk(ALG_ES256)), JWT_OK);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *payload = world_text(NO_SUB
		    ",\"sub\":\"%s\"}", rows[i].sub);
		char *token = world_sign(ALG_ES256, HEADER, payload);
		struct verdict out;

		reach_as(NULL, &two, token, NULL, &out);
		assert_int_equal(out.reason, rows[i].reason);
		assert_string_equal(out.account,
		    rows[i].reason == JWT_OK ? "alice" : "");
		assert_int_equal(out.rule->line,
		    rows[i].reason == JWT_OK ? 8 : 7);
		verdict_clear(&out);
		free(token);
		free(payload);
	}
	world_clear(&two);
}

/* A store that has no fact, or that fails with *ctx. */
static enum jwt_reason
ask(void *ctx, const struct state_question *question,
    struct state_answer *answer)
{
	(void)question;
	answer->made_at = 0;
	return *(const enum jwt_reason *)ctx;
}

/* The verdict with a store, or without one. */
static enum jwt_reason
decide_with(const struct world *of, const char *token,
    const struct state_store *store)
{
	struct verdict_input in = {
		.policy = &of->policy,
		.service = policy_service(&of->policy, "s"), .user = "alice",
		.now = WORLD_NOW, .jws = world_parse(bytes_str(token)),
		.accounts = world_accounts(), .state = store
	};
	struct verdict out;
	enum jwt_reason reason = verdict_reach(&in, &out);

	verdict_clear(&out);
	return reason;
}

/*
 * Without an answer of the state the token is refused if its issuer wants
 * revocation or if it is good once; otherwise it is accepted.
 */
static void
test_needs_state(void **state)
{
	static const struct {
		const char *issuer, *service;
		enum jwt_reason without;
	} rows[] = {
		{ "revocation = off", "", JWT_OK },
		{ "revocation = require", "", JWT_STATE_UNAVAILABLE },
		{ "revocation = off", "single_use = yes",
		    JWT_STATE_UNAVAILABLE },
		{ "revocation = require", "single_use = yes",
		    JWT_STATE_UNAVAILABLE },
	};
	char *token = world_sign(ALG_ES256, HEADER, "{" WORLD_CLAIMS
	    ",\"jti\":\"j\"}");
	enum jwt_reason answer = JWT_OK;
	const struct state_store store = { .ask = ask, .ctx = &answer };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world kept;

		assert_int_equal(world_load(&kept, rows[i].issuer,
		    rows[i].service, world_jwk(ALG_ES256)), JWT_OK);
		assert_int_equal(decide_with(&kept, token, NULL),
		    rows[i].without);
		answer = JWT_STATE_UNAVAILABLE;
		assert_int_equal(decide_with(&kept, token, &store),
		    rows[i].without);
		answer = JWT_OK;
		assert_int_equal(decide_with(&kept, token, &store), JWT_OK);
		world_clear(&kept);
	}
	free(token);
}

/* A token that the state refuses leads to no account. */
static void
test_refused_by_state(void **state)
{
	char *token = world_sign(ALG_ES256, HEADER, "{" WORLD_CLAIMS "}");
	enum jwt_reason answer = JWT_STATE_UNAVAILABLE;
	const struct state_store store = { .ask = ask, .ctx = &answer };
	struct world kept;
	struct verdict_input in = {
		.policy = &kept.policy, .user = "alice", .now = WORLD_NOW,
		.accounts = world_accounts(), .state = &store
	};
	struct verdict out;

	(void)state;
	assert_int_equal(world_load(&kept, "revocation = require", "",
	    world_jwk(ALG_ES256)), JWT_OK);
	in.service = policy_service(&kept.policy, "s");
	verdict_parse(bytes_str(token), &in);
	assert_int_equal(verdict_reach(&in, &out), JWT_STATE_UNAVAILABLE);
	assert_true(out.account_facts.exists);
	assert_string_equal(out.account, "");
	verdict_clear(&out);
	world_clear(&kept);
	free(token);
}

/*
 * While fetched keys may not be used, a bad signature is only called bad if one
 * of the other keys has the name of the token, whichever of them.
 */
static void
test_stale_keys(void **state)
{
	static const struct {
		const char *kid;
		enum jwt_reason reason;
	} rows[] = {
		{ "ES256", JWT_SIGNATURE_INVALID },
		{ "second", JWT_SIGNATURE_INVALID }, { "third", JWT_KEYS_STALE },
	};
	struct world two;
	size_t i;

	(void)state;
	assert_int_equal(world_load(&two, "", "", world_set(
	    world_jwk(ALG_ES256), world_jwk_fresh(ALG_ES256,
	    ",\"alg\":\"ES256\",\"kid\":\"second\""), NULL)), JWT_OK);
	two.policy.issuers[0].fetched = JWT_KEYS_STALE;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *header = world_text("{\"alg\":\"ES256\",\"kid\":\"%s\"}",
		    rows[i].kid);
		char *token = world_join(header, "{" WORLD_CLAIMS "}",
		    bytes_str("0123456789abcdef0123456789abcdef"
		    "0123456789abcdef0123456789abcdef"));

		assert_int_equal(world_verdict(&two, token), rows[i].reason);
		free(token);
		free(header);
	}
	world_clear(&two);
}

/* The input gets one form of the token, and nothing of the other one. */
static void
test_parse(void **state)
{
	struct verdict_input in;

	(void)state;
	memset(&in, 0xff, sizeof(in));
	verdict_parse(bytes_str("eyJhbGciOiJ4In0.b.c"), &in);
	assert_non_null(in.jws);
	assert_null(in.jwe);
	jws_free(in.jws);
	memset(&in, 0xff, sizeof(in));
	verdict_parse(bytes_str("eyJhbGciOiJ4In0.b.c.d.e"), &in);
	assert_null(in.jws);
	assert_non_null(in.jwe);
	jwe_free(in.jwe);
}

static enum jwt_reason
keep_id(void *ctx, const struct state_question *question,
    struct state_answer *answer)
{
	*(struct state_id *)ctx = question->ask[0].id;
	answer->made_at = 0;
	return JWT_OK;
}

/* The state knows a token without a jti by its digest: each is another one. */
static void
test_state_digest(void **state)
{
	char *token = world_sign(ALG_ES256, HEADER, "{" WORLD_CLAIMS "}");
	char *other = world_sign(ALG_ES256, HEADER, "{" WORLD_CLAIMS
	    ",\"x\":1}");
	struct state_id one, two;
	struct state_store store = { .ask = keep_id, .ctx = &one };

	(void)state;
	assert_int_equal(decide_with(&world, token, &store), JWT_OK);
	store.ctx = &two;
	assert_int_equal(decide_with(&world, other, &store), JWT_OK);
	assert_int_equal(one.kind, STATE_DIGEST);
	assert_int_equal(two.kind, STATE_DIGEST);
	assert_memory_not_equal(one.hash, two.hash, sizeof(one.hash));
	free(token);
	free(other);
}

#define JKT_A "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
#define JKT_B "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"

/* The verdict for a token with such a cnf, where key A is proved or none is. */
static enum jwt_reason
prove(const char *settings, const char *cnf, bool has_key)
{
	static const struct account_host accounts = { .look_up = look_up };
	static const struct proof key = {
		.key[0] = { .type = "ssh-ed25519", .jkt = JKT_A }, .count = 1
	};
	char *payload = world_text("{" WORLD_CLAIMS "%s}", cnf);
	char *token = world_sign(ALG_ES256, HEADER, payload);
	struct verdict_input in = {
		.user = "alice", .now = WORLD_NOW, .accounts = &accounts,
		.proof = has_key ? &key : NULL
	};
	enum jwt_reason reason;
	struct verdict out;
	struct hint_facts facts = { .verdict = &out, .service = "s" };
	char hint[HINT_SIZE];
	struct world of;

	assert_int_equal(world_load(&of, "", settings,
	    world_set(world_jwk(ALG_ES256), NULL)), JWT_OK);
	in.policy = &of.policy;
	in.service = policy_service(&of.policy, "s");
	in.jws = world_parse(bytes_str(token));
	reason = verdict_reach(&in, &out);
	facts.in = &in;
	hint_write(&facts, HINT_TERMINAL, hint, sizeof(hint));
	/* Each refusal for want of a proof says what the token is bound to. */
	if (reason_class(reason) == JWT_CLASS_PROOF)
		assert_true(strstr(hint, "bound") != NULL ||
		    strstr(hint, "cnf") != NULL ||
		    strstr(hint, "proved") != NULL);
	verdict_clear(&out);
	world_clear(&of);
	free(payload);
	free(token);
	return reason;
}

static void
test_proof(void **state)
{
	static const char proof[] = "proof = session\n";
	static const char needed[] = "proof = session\nrequire_proof = yes\n";
	static const char bound[] = ",\"cnf\":{\"jkt\":\"" JKT_A "\"}";
	static const char other[] = ",\"cnf\":{\"jkt\":\"" JKT_B "\"}";
	static const struct {
		const char *settings, *cnf;
		bool has_key;
		enum jwt_reason reason;
	} rows[] = {
		/* A service without proof takes no token that is bound. */
		{ "", "", false, JWT_OK }, { "", "", true, JWT_OK },
		{ "", bound, true, JWT_PROOF_MISSING },
		{ "", ",\"cnf\":null", true, JWT_PROOF_MISSING },
		{ proof, "", false, JWT_OK },
		{ proof, bound, true, JWT_OK },
		{ proof, bound, false, JWT_PROOF_MISSING },
		{ proof, other, true, JWT_PROOF_MISMATCH },
		{ proof, other, false, JWT_PROOF_MISSING },
		{ proof, ",\"cnf\":null", true, JWT_CLAIM_INVALID },
		{ proof, ",\"cnf\":{}", true, JWT_CLAIM_INVALID },
		{ needed, "", true, JWT_PROOF_MISSING },
		{ needed, bound, true, JWT_OK },
		{ needed, other, true, JWT_PROOF_MISMATCH },
		/* A status list is not read, with a proof or without. */
		{ proof, ",\"cnf\":{\"jkt\":\"" JKT_A "\"},\"status\":{}",
		    true, JWT_STATUS_STALE },
		{ "", ",\"status\":{}", true, JWT_STATUS_STALE },
		/* Rules see the key. */
		{ "proof = session\npermit = as alice if sshkey = "
		    "ssh-ed25519\n", bound, true, JWT_OK },
		{ "proof = session\npermit = as alice if sshkey = ssh-rsa\n",
		    bound, true, JWT_NOT_PERMITTED },
		{ "proof = session\ndeny = if sshkey = ssh-rsa\n", "", false,
		    JWT_DENIED },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (prove(rows[i].settings, rows[i].cnf, rows[i].has_key) !=
		    rows[i].reason)
			fail_msg("row %zu", i);
	}
}

/* session_expiry is a date, or the token is not taken. */
static void
test_session_expiry(void **state)
{
	static const char *const bad[] = { "null", "\"1700000000\"", "-1",
	    "1e400", "{}", "true" };
	char cnf[64];
	size_t i;

	(void)state;
	assert_int_equal(prove("", ",\"session_expiry\":1700000100.5", false),
	    JWT_OK);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(cnf, sizeof(cnf), ",\"session_expiry\":%s", bad[i]);
		assert_int_equal(prove("", cnf, false), JWT_CLAIM_INVALID);
	}
}

/* A token whose rest did not come: no more is looked at, but its kid. */
static void
test_is_cut(void **state)
{
	static const struct account_host accounts = { .look_up = look_up };
	char *good = world_sign(ALG_ES256, HEADER, "{" WORLD_CLAIMS "}");
	struct verdict_input in = {
		.policy = &world.policy,
		.service = policy_service(&world.policy, "s"), .user = "alice",
		.now = WORLD_NOW, .jws = world_parse(bytes_str(good)),
		.is_cut = true, .accounts = &accounts
	};
	struct verdict out;

	(void)state;
	assert_int_equal(verdict_reach(&in, &out), JWT_TOKEN_CUT);
	assert_true(bytes_eq_str(out.kid, "ES256"));
	verdict_clear(&out);
	in.jws = world_parse(bytes_of(NULL, 0));
	assert_int_equal(verdict_reach(&in, &out), JWT_TOKEN_CUT);
	verdict_clear(&out);
	free(good);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_key),
		cmocka_unit_test(test_proof),
		cmocka_unit_test(test_session_expiry),
		cmocka_unit_test(test_kid_length),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_jti),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_identity_session_expiry),
		cmocka_unit_test(test_identify),
		cmocka_unit_test(test_unverified),
		cmocka_unit_test(test_issuer_again),
		cmocka_unit_test(test_audiences),
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_verdict_fields),
		cmocka_unit_test(test_deciding_rule),
		cmocka_unit_test(test_max_age),
		cmocka_unit_test(test_deny_is_no_permit),
		cmocka_unit_test(test_accounts),
		cmocka_unit_test(test_longest_rule),
		cmocka_unit_test(test_fault_ends),
		cmocka_unit_test(test_needs_state),
		cmocka_unit_test(test_refused_by_state),
		cmocka_unit_test(test_stale_keys),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_state_digest),
		cmocka_unit_test(test_is_cut),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
