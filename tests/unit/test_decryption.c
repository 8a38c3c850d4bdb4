/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encrypted tokens up to the verdict: which key opens them, whose token may be
 * inside, what is refused before and after, and which files of keys load.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/decryption.h"
#include "core/hint.h"
#include "tests/lib/jwe_make.h"
#include "tests/lib/world.h"

#define HEADER	"{\"alg\":\"ES256\",\"kid\":\"ES256\"}"
#define OTHER	"https://other.test"
#define TWO	"decryption_keys = /d\n[issuer o]\niss = " OTHER "\n" \
	"keys = /l\naudience = urn:h\n"
#define EC_MORE(kid)	",\"alg\":\"ECDH-ES\",\"kid\":\"" kid "\""

static const struct jwe_recipe ecdh = { .alg = "ECDH-ES", .enc = "A128GCM" };

static char *
jwk(enum jwe_kind kind, const char *more)
{
	return jwe_make_jwk(jwe_make_key(kind), kind, more);
}

/* The JWK of a key that nothing is encrypted for. */
static char *
fresh_jwk(enum jwe_kind kind, const char *more)
{
	EVP_PKEY *key = jwe_make_fresh(kind);
	char *text = jwe_make_jwk(key, kind, more);

	EVP_PKEY_free(key);
	return text;
}

/* A world whose issuer has the P-256 key with the kid "host". */
static void
load(struct world *world, const char *settings)
{
	assert_int_equal(world_load(world, settings, "", world_jwk(ALG_ES256)),
	    JWT_OK);
	assert_int_equal(world_add_decryption(world, 0, jwk(JWE_P256,
	    EC_MORE("host"))), JWT_OK);
}

static char *
sign(const char *claims)
{
	return world_sign(ALG_ES256, HEADER, claims);
}

/* Encrypt for the P-256 key; frees the token. */
static char *
encrypt(const char *members, char *inner)
{
	struct jwe_recipe recipe = ecdh;
	char *token;

	recipe.members = members;
	token = jwe_make(&recipe, jwe_make_key(JWE_P256), JWE_P256,
	    bytes_str(inner));
	free(inner);
	return token;
}

static enum jwt_reason
decide(const struct world *world, char *token)
{
	enum jwt_reason reason = world_verdict(world, token);

	free(token);
	return reason;
}

#define KID	",\"kid\":\"host\""
#define GOOD	"{" WORLD_CLAIMS "}"

static void
test_accepted(void **state)
{
	static const char *const members[] = {
		KID, "", KID ",\"cty\":\"JWT\"", KID ",\"cty\":\"jwt\"",
		KID ",\"cty\":\"application/jwt\"", KID ",\"typ\":\"JWT\"",
		/* What the header says of the person does not count. */
		KID ",\"iss\":\"x\",\"sub\":\"root\",\"aud\":\"y\",\"exp\":1"
	};
	struct world world;
	size_t i;

	(void)state;
	load(&world, "decryption_keys = /d\n");
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		assert_int_equal(decide(&world, encrypt(members[i],
		    sign(GOOD))), JWT_OK);
	world_clear(&world);
}

/* Whether a token must be encrypted; before the signature is looked at. */
static void
test_required(void **state)
{
	char *forged = world_join(HEADER, GOOD, bytes_str(
	    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));
	struct world world;

	(void)state;
	load(&world, "decryption_keys = /d\n");
	assert_int_equal(decide(&world, sign(GOOD)), JWT_ENCRYPTION_MISSING);
	assert_int_equal(world_verdict(&world, forged),
	    JWT_ENCRYPTION_MISSING);
	world_clear(&world);
	load(&world, "decryption_keys = /d\nencryption = required\n");
	assert_int_equal(decide(&world, sign(GOOD)), JWT_ENCRYPTION_MISSING);
	world_clear(&world);
	load(&world, "encryption = allowed\ndecryption_keys = /d\n");
	assert_false(world.policy.issuers[0].encryption_required);
	world_clear(&world);
	load(&world, "decryption_keys = /d\nencryption = allowed\n");
	assert_int_equal(decide(&world, sign(GOOD)), JWT_OK);
	assert_int_equal(world_verdict(&world, forged), JWT_SIGNATURE_INVALID);
	assert_int_equal(decide(&world, encrypt(KID, sign(GOOD))), JWT_OK);
	world_clear(&world);
	/* The issuer beside it is not concerned. */
	load(&world, TWO);
	assert_int_equal(world_add_keys(&world, 1, world_jwk(ALG_ES256)),
	    JWT_OK);
	assert_int_equal(decide(&world, sign("{\"iss\":\"" OTHER "\",\"sub\":"
	    "\"alice\",\"aud\":\"urn:h\",\"exp\":1700000600}")), JWT_OK);
	world_clear(&world);
	free(forged);
}

/* What is refused by what is inside. */
static void
test_inside(void **state)
{
	static const struct {
		const char *header, *claims;
		enum jwt_reason reason;
	} rows[] = {
		{ HEADER, GOOD, JWT_OK },
		{ HEADER, "{\"iss\":\"https://nobody\"}", JWT_ISSUER_UNKNOWN },
		{ HEADER, "{\"iss\":\"" WORLD_ISS "\",\"sub\":\"alice\","
		  "\"aud\":\"urn:h\",\"exp\":1600000000}", JWT_EXPIRED },
		{ HEADER, "{\"iss\":\"" WORLD_ISS "\",\"sub\":\"alice\","
		  "\"aud\":\"urn:x\",\"exp\":1700000600}",
		  JWT_AUDIENCE_MISMATCH },
		{ "{\"alg\":\"ES256\",\"kid\":\"x\"}", GOOD, JWT_KEY_UNKNOWN },
		{ "{\"alg\":\"ES256\",\"typ\":\"refresh+jwt\"}", GOOD,
		  JWT_TYPE_NOT_ACCEPTED },
		{ "{\"alg\":\"ES256\",\"typ\":\"logout+jwt\"}", GOOD,
		  JWT_TYPE_NOT_ACCEPTED },
		{ "{\"alg\":\"none\"}", GOOD, JWT_ALG_UNSUPPORTED },
		{ "{\"alg\":\"ES256\",\"cty\":\"JWT\"}", GOOD,
		  JWT_HEADER_INVALID },
		{ "{\"alg\":\"ES256\",\"crit\":[]}", GOOD,
		  JWT_CRIT_UNSUPPORTED },
	};
	char *inner = sign(GOOD), *twice = encrypt(KID, sign(GOOD));
	struct world world;
	size_t i;

	(void)state;
	load(&world, "decryption_keys = /d\n");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(decide(&world, encrypt(KID, world_sign(
		    ALG_ES256, rows[i].header, rows[i].claims))),
		    rows[i].reason);
	assert_int_equal(decide(&world, encrypt(KID, twice)),
	    JWT_ENCRYPTION_UNSUPPORTED);
	assert_int_equal(decide(&world, encrypt(KID, world_text("%s ",
	    inner))), JWT_TOKEN_FORM);
	assert_int_equal(decide(&world, encrypt(KID, world_text("x"))),
	    JWT_TOKEN_FORM);
	assert_int_equal(decide(&world, encrypt(KID, world_text("%s", ""))),
	    JWT_TOKEN_EMPTY);
	assert_int_equal(decide(&world, encrypt(KID, world_text("%s",
	    GOOD))), JWT_TOKEN_FORM);
	inner[strlen(inner) - 5] = inner[strlen(inner) - 5] == 'A' ? 'B' : 'A';
	assert_int_equal(decide(&world, encrypt(KID, world_text("%s",
	    inner))), JWT_SIGNATURE_INVALID);
	world_clear(&world);
	free(inner);
}

/*
 * The key is the issuer's: a token of another issuer inside is refused, though
 * that issuer is known, requires no encryption, and signed it.
 */
static void
test_issuer_of_key(void **state)
{
	static const char claims[] = "{\"iss\":\"" OTHER "\",\"sub\":\"alice\","
	    "\"aud\":\"urn:h\",\"exp\":1700000600}";
	struct world world;

	(void)state;
	load(&world, TWO);
	assert_int_equal(world_add_keys(&world, 1, world_jwk(ALG_ES256)),
	    JWT_OK);
	assert_int_equal(decide(&world, encrypt(KID, sign(claims))),
	    JWT_ISSUER_UNKNOWN);
	/* One key may serve both. */
	assert_int_equal(world_add_decryption(&world, 1, jwk(JWE_P256,
	    EC_MORE("host"))), JWT_OK);
	assert_int_equal(decide(&world, encrypt(KID, sign(claims))), JWT_OK);
	assert_int_equal(decide(&world, encrypt(KID, sign(GOOD))), JWT_OK);
	assert_int_equal(decide(&world, encrypt("", sign(GOOD))), JWT_OK);
	assert_int_equal(decide(&world, encrypt("", sign(claims))), JWT_OK);
	world_clear(&world);
}

/* Two issuers have one key, and call it by two kids, or one of them by none. */
static void
test_kids_of_one_key(void **state)
{
	static const char claims[] = "{\"iss\":\"" OTHER "\",\"sub\":\"alice\","
	    "\"aud\":\"urn:h\",\"exp\":1700000600}";
	static const char *const mores[] = {
		EC_MORE("b"), ",\"alg\":\"ECDH-ES\""
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(mores) / sizeof(mores[0]); i++) {
		struct world world;

		load(&world, TWO);
		assert_int_equal(world_add_keys(&world, 1, world_jwk(
		    ALG_ES256)), JWT_OK);
		assert_int_equal(world_add_decryption(&world, 1, jwk(JWE_P256,
		    mores[i])), JWT_OK);
		assert_int_equal(decide(&world, encrypt("", sign(claims))),
		    JWT_OK);
		assert_int_equal(decide(&world, encrypt("", sign(GOOD))),
		    JWT_OK);
		assert_int_equal(decide(&world, encrypt(KID, sign(claims))),
		    JWT_OK);
		world_clear(&world);
		/* The same numbers for another alg are another key. */
		load(&world, TWO);
		assert_int_equal(world_add_keys(&world, 1, world_jwk(
		    ALG_ES256)), JWT_OK);
		assert_int_equal(world_add_decryption(&world, 1, jwk(JWE_P256,
		    ",\"alg\":\"ECDH-ES+A128KW\"")), JWT_OK);
		assert_int_equal(decide(&world, encrypt("", sign(claims))),
		    JWT_ISSUER_UNKNOWN);
		world_clear(&world);
	}
}

/* A service that does not take the issuer has none of its keys. */
static void
test_issuers_of_service(void **state)
{
	struct world world;

	(void)state;
	assert_int_equal(world_load(&world, TWO, "issuers = o", world_jwk(
	    ALG_ES256)), JWT_OK);
	assert_int_equal(world_add_keys(&world, 1, world_jwk(ALG_ES256)),
	    JWT_OK);
	assert_int_equal(world_add_decryption(&world, 0, jwk(JWE_P256,
	    EC_MORE("host"))), JWT_OK);
	assert_int_equal(decide(&world, encrypt(KID, sign(GOOD))),
	    JWT_ENCRYPTION_UNSUPPORTED);
	assert_int_equal(world_add_decryption(&world, 1, jwk(JWE_X25519,
	    EC_MORE("o"))), JWT_OK);
	assert_int_equal(decide(&world, encrypt(KID, sign(GOOD))),
	    JWT_KEY_UNKNOWN);
	world_clear(&world);
}

static void
test_choice(void **state)
{
	static const char oaep[] = ",\"alg\":\"RSA-OAEP\",\"kid\":\"rsa\"";
	struct world world;

	(void)state;
	load(&world, "decryption_keys = /d\n");
	assert_int_equal(decide(&world, encrypt(",\"kid\":\"nobody\"",
	    sign(GOOD))), JWT_KEY_UNKNOWN);
	assert_int_equal(decide(&world, encrypt(",\"kid\":\"HOST\"",
	    sign(GOOD))), JWT_KEY_UNKNOWN);
	assert_int_equal(decide(&world, encrypt(",\"kid\":\"\"",
	    sign(GOOD))), JWT_KEY_UNKNOWN);
	/* A second key fits only tokens of its own curve and alg. */
	assert_int_equal(world_add_decryption(&world, 0, jwk(JWE_X25519,
	    EC_MORE("x"))), JWT_OK);
	assert_int_equal(world_add_decryption(&world, 0, jwk(JWE_RSA, oaep)),
	    JWT_OK);
	assert_int_equal(decide(&world, encrypt("", sign(GOOD))), JWT_OK);
	assert_int_equal(decide(&world, encrypt(",\"kid\":\"x\"",
	    sign(GOOD))), JWT_ALG_KEY_MISMATCH);
	assert_int_equal(decide(&world, encrypt(",\"kid\":\"rsa\"",
	    sign(GOOD))), JWT_ALG_KEY_MISMATCH);
	/* The same key under another kid is no second key. */
	assert_int_equal(world_add_decryption(&world, 0, jwk(JWE_P256,
	    EC_MORE("again"))), JWT_OK);
	assert_int_equal(decide(&world, encrypt("", sign(GOOD))), JWT_OK);
	/* Rotation: the old and the new one, each by its kid. */
	assert_int_equal(world_add_decryption(&world, 0, fresh_jwk(JWE_P256,
	    EC_MORE("new"))), JWT_OK);
	assert_int_equal(decide(&world, encrypt(KID, sign(GOOD))), JWT_OK);
	assert_int_equal(decide(&world, encrypt(",\"kid\":\"new\"",
	    sign(GOOD))), JWT_DECRYPT_FAILED);
	assert_int_equal(decide(&world, encrypt("", sign(GOOD))),
	    JWT_KEY_AMBIGUOUS);
	world_clear(&world);
}

/* A key without a kid serves tokens without one, and no others. */
static void
test_no_kid(void **state)
{
	struct world world;

	(void)state;
	assert_int_equal(world_load(&world, "decryption_keys = /d\n", "",
	    world_jwk(ALG_ES256)), JWT_OK);
	assert_int_equal(world_add_decryption(&world, 0, jwk(JWE_P256,
	    ",\"alg\":\"ECDH-ES\"")), JWT_OK);
	assert_int_equal(decide(&world, encrypt("", sign(GOOD))), JWT_OK);
	assert_int_equal(decide(&world, encrypt(KID, sign(GOOD))),
	    JWT_KEY_UNKNOWN);
	assert_int_equal(decide(&world, encrypt(",\"kid\":\"\"",
	    sign(GOOD))), JWT_KEY_UNKNOWN);
	world_clear(&world);
}

static void
reach(const struct world *world, const char *token, bool is_cut,
    struct verdict *out)
{
	struct verdict_input in = {
		.policy = &world->policy,
		.service = policy_service(&world->policy, "s"),
		.user = "nobody", .now = WORLD_NOW, .is_cut = is_cut
	};

	verdict_parse(bytes_str(token), &in);
	(void)!verdict_reach(&in, out);
}

/* Whether a token is refused for this reason, with this hint in the log. */
static void
expect_hint(const struct world *world, char *token, enum jwt_reason reason,
    const char *wanted)
{
	struct verdict_input in = {
		.policy = &world->policy, .user = "alice", .now = WORLD_NOW,
		.service = policy_service(&world->policy, "s"),
		.accounts = world_accounts()
	};
	struct verdict verdict;
	struct hint_facts facts = {
		.in = &in, .verdict = &verdict, .service = "s"
	};
	char hint[HINT_SIZE];

	verdict_parse(bytes_str(token), &in);
	assert_int_equal(verdict_reach(&in, &verdict), reason);
	hint_write(&facts, HINT_LOG, hint, sizeof(hint));
	assert_string_equal(hint, wanted);
	verdict_clear(&verdict);
	free(token);
}

/* Of an encrypted token a hint has kid and iss alone. */
static void
test_hints(void **state)
{
	struct world world;

	(void)state;
	assert_int_equal(world_load(&world, "", "", world_jwk(ALG_ES256)),
	    JWT_OK);
	expect_hint(&world, encrypt(KID, sign(GOOD)),
	    JWT_ENCRYPTION_UNSUPPORTED, "five parts: an encrypted token (JWE), "
	    "and no issuer of this service has decryption_keys");
	world_clear(&world);
	load(&world, TWO);
	assert_int_equal(world_add_keys(&world, 1, world_jwk(ALG_ES256)),
	    JWT_OK);
	expect_hint(&world, sign(GOOD), JWT_ENCRYPTION_MISSING, "three parts: "
	    "it is only signed, and [issuer t] has decryption_keys without "
	    "encryption = allowed");
	expect_hint(&world, encrypt(",\"kid\":\"x\"", sign(GOOD)),
	    JWT_KEY_UNKNOWN, "it is encrypted for the key 'x'; the "
	    "decryption_keys of this service are 'host' for ECDH-ES on P-256: "
	    "does its issuer have an old key of this host?");
	expect_hint(&world, encrypt(KID, sign("{\"iss\":\"" OTHER "\"}")),
	    JWT_ISSUER_UNKNOWN, "iss is '" OTHER "', and the key that it is "
	    "encrypted for is not among the decryption_keys of that issuer");
	assert_int_equal(world_add_decryption(&world, 0, jwk(JWE_X25519,
	    EC_MORE("x"))), JWT_OK);
	expect_hint(&world, encrypt(",\"kid\":\"x\"", sign(GOOD)),
	    JWT_ALG_KEY_MISMATCH, "its key is 'x' for ECDH-ES on X25519; the "
	    "curve of a token is in its epk");
	assert_int_equal(world_add_decryption(&world, 0, fresh_jwk(JWE_P256,
	    EC_MORE("new"))), JWT_OK);
	expect_hint(&world, encrypt(",\"kid\":\"new\"", sign(GOOD)),
	    JWT_DECRYPT_FAILED, "");
	expect_hint(&world, encrypt("", sign(GOOD)), JWT_KEY_AMBIGUOUS,
	    "it names no key, and more than one fits its alg: 'host' for "
	    "ECDH-ES on P-256, 'x' for ECDH-ES on X25519, 'new' for ECDH-ES "
	    "on P-256");
	world_clear(&world);
}

/* What the log gets of a token that is refused before its signature is good. */
static void
test_fields(void **state)
{
	char *other = encrypt(KID, sign("{\"iss\":\"" OTHER "\"}"));
	char *unknown = encrypt(",\"kid\":\"x\"", sign(GOOD));
	struct verdict out;
	struct world world;

	(void)state;
	load(&world, TWO);
	assert_int_equal(world_add_keys(&world, 1, world_jwk(ALG_ES256)),
	    JWT_OK);
	reach(&world, other, false, &out);
	assert_int_equal(out.reason, JWT_ISSUER_UNKNOWN);
	assert_null(out.issuer);
	assert_null(out.claims);
	assert_true(bytes_eq_str(out.kid, "ES256"));
	verdict_clear(&out);
	reach(&world, unknown, false, &out);
	assert_int_equal(out.reason, JWT_KEY_UNKNOWN);
	assert_null(out.issuer);
	assert_true(bytes_eq_str(out.kid, "x"));
	verdict_clear(&out);
	reach(&world, unknown, true, &out);
	assert_int_equal(out.reason, JWT_TOKEN_CUT);
	verdict_clear(&out);
	world_clear(&world);
	free(unknown);
	free(other);
}

/* After a refusal the caller has neither a key nor a token, but NULL. */
static void
test_refused_results(void **state)
{
	char *token = encrypt(",\"kid\":\"x\"", sign(GOOD));
	void *before = token;
	const struct jwe_key *key = before;
	struct jws *inner = before;
	struct jwe *jwe;
	struct world world;

	(void)state;
	load(&world, "decryption_keys = /d\n");
	assert_int_equal(jwe_parse(bytes_str(token), &jwe), JWT_OK);
	assert_int_equal(decryption_open(&world.policy, NULL, jwe, &key,
	    &inner), JWT_KEY_UNKNOWN);
	assert_null(key);
	assert_null(inner);
	jwe_free(jwe);
	world_clear(&world);
	free(token);
}

/* The results of loading the keys of issuers, and those that decrypt. */
struct sources {
	enum jwt_reason keys, decryption;
};

static enum jwt_reason
give_keys(void *ctx, const struct issuer *issuer, bool all)
{
	assert_non_null(issuer);
	assert_false(all);
	return ((const struct sources *)ctx)->keys;
}

static enum jwt_reason
give_decryption(void *ctx, const struct service *service)
{
	assert_non_null(service);
	return ((const struct sources *)ctx)->decryption;
}

/* Keys that cannot be loaded refuse the token, though others are there. */
static void
test_source(void **state)
{
	struct sources rows[] = {
		{ JWT_OK, JWT_OK }, { JWT_OK, JWT_KEY_FILE_UNSAFE },
		{ JWT_KEY_FILE_INVALID, JWT_OK },
	};
	char *token = encrypt(KID, sign(GOOD));
	struct world world;
	size_t i;

	(void)state;
	load(&world, "decryption_keys = /d\n");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct policy_source source = {
			.keys = give_keys, .decryption = give_decryption,
			.ctx = &rows[i]
		};
		struct verdict_input in = {
			.policy = &world.policy, .user = "alice",
			.service = policy_service(&world.policy, "s"),
			.now = WORLD_NOW, .accounts = world_accounts(),
			.source = &source
		};
		struct verdict out;

		verdict_parse(bytes_str(token), &in);
		assert_int_equal(verdict_reach(&in, &out),
		    rows[i].keys != JWT_OK ? rows[i].keys : rows[i].decryption);
		verdict_clear(&out);
	}
	world_clear(&world);
	free(token);
}

/* A start of 511 characters was cut by sudo; what is inside was not. */
static void
test_cut(void **state)
{
	char *token = encrypt(KID, sign(GOOD)), *start, *inner;
	struct world world;

	(void)state;
	load(&world, "decryption_keys = /d\n");
	assert_true(strlen(token) > 511);
	start = world_text("%.511s", token);
	assert_int_equal(decide(&world, start), JWT_TOKEN_CUT);
	start = world_text("%.509s", token);
	assert_int_equal(decide(&world, start), JWT_TOKEN_FORM);
	inner = world_text("eyJhbGciOiJFUzI1NiJ9.%0490d", 0);
	assert_int_equal(strlen(inner), 511);
	assert_int_equal(decide(&world, encrypt(KID, inner)), JWT_TOKEN_FORM);
	world_clear(&world);
	free(token);
}

static enum jwt_reason
keep_question(void *ctx, const struct state_question *question,
    struct state_answer *answer)
{
	*(struct state_question *)ctx = *question;
	answer->made_at = 0;
	return JWT_OK;
}

/* What the store is asked about a token; the token is freed. */
static void
ask_store(const struct world *world, char *token, struct state_question *out)
{
	const struct state_store store = { .ask = keep_question, .ctx = out };
	struct verdict_input in = {
		.policy = &world->policy,
		.service = policy_service(&world->policy, "s"),
		.user = "alice", .now = WORLD_NOW, .state = &store,
		.accounts = world_accounts()
	};
	struct verdict verdict;

	memset(out, 0, sizeof(*out));
	verdict_parse(bytes_str(token), &in);
	assert_int_equal(verdict_reach(&in, &verdict), JWT_OK);
	verdict_clear(&verdict);
	free(token);
}

static bool
asks_same(const struct state_question *a, const struct state_question *b)
{
	size_t i;

	for (i = 0; i < a->count && a->count == b->count; i++) {
		if (a->ask[i].id.kind != b->ask[i].id.kind ||
		    memcmp(a->ask[i].id.hash, b->ask[i].id.hash, HASH_LEN) != 0)
			return false;
	}
	return a->count == b->count;
}

/*
 * The state knows a token by what is inside.  Whoever has the token of another
 * can encrypt it anew: it must stay revoked, and used.
 */
static void
test_state(void **state)
{
	static const char *const claims[] = {
		GOOD, "{" WORLD_CLAIMS ",\"jti\":\"1\"}"
	};
	struct state_question plain, one, two;
	struct world world;
	size_t i;

	(void)state;
	load(&world, "decryption_keys = /d\nencryption = allowed\n");
	for (i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
		char *token = sign(claims[i]);

		ask_store(&world, world_text("%s", token), &plain);
		ask_store(&world, encrypt(KID, world_text("%s", token)), &one);
		ask_store(&world, encrypt(KID, token), &two);
		assert_true(plain.count > 0);
		assert_true(asks_same(&plain, &one));
		assert_true(asks_same(&plain, &two));
	}
	world_clear(&world);
}

/* Two keys of one kid, in one issuer or in two. */
static void
test_same_kid(void **state)
{
	size_t issuer;

	(void)state;
	for (issuer = 0; issuer < 2; issuer++) {
		struct world world;

		load(&world, TWO);
		assert_int_equal(world_add_decryption(&world, issuer,
		    jwk(JWE_P256, EC_MORE("host"))), JWT_OK);
		assert_int_equal(world_add_decryption(&world, issuer,
		    fresh_jwk(JWE_P256, EC_MORE("host"))),
		    JWT_KEY_FILE_INVALID);
		world_clear(&world);
		load(&world, TWO);
		assert_int_equal(world_add_decryption(&world, issuer,
		    jwk(JWE_P256, ",\"alg\":\"ECDH-ES+A256KW\","
		    "\"kid\":\"host\"")), JWT_KEY_FILE_INVALID);
		world_clear(&world);
	}
}

/* Files of keys: members beside the numbers. */
static void
test_key_files(void **state)
{
	static const struct {
		enum jwe_kind kind;
		const char *more;
		enum jwt_reason reason;
	} rows[] = {
		{ JWE_P256, EC_MORE("k"), JWT_OK },
		{ JWE_P384, EC_MORE("k"), JWT_OK },
		{ JWE_P521, EC_MORE("k"), JWT_OK },
		{ JWE_X25519, EC_MORE("k"), JWT_OK },
		{ JWE_RSA, ",\"alg\":\"RSA-OAEP-256\"", JWT_OK },
		{ JWE_RSA, ",\"alg\":\"RSA-OAEP\",\"use\":\"enc\"", JWT_OK },
		{ JWE_P256, "", JWT_KEY_FILE_INVALID },
		{ JWE_P256, ",\"alg\":1", JWT_KEY_FILE_INVALID },
		{ JWE_P256, ",\"alg\":\"RSA-OAEP\"", JWT_KEY_FILE_INVALID },
		{ JWE_RSA, EC_MORE("k"), JWT_KEY_FILE_INVALID },
		{ JWE_RSA, ",\"alg\":\"RSA1_5\"", JWT_KEY_FILE_INVALID },
		{ JWE_P256, ",\"alg\":\"ES256\"", JWT_KEY_FILE_INVALID },
		{ JWE_P256, ",\"alg\":\"ecdh-es\"", JWT_KEY_FILE_INVALID },
		{ JWE_P256, EC_MORE("k") ",\"use\":\"sig\"",
		  JWT_KEY_FILE_INVALID },
		{ JWE_P256, EC_MORE("k") ",\"use\":null",
		  JWT_KEY_FILE_INVALID },
		{ JWE_P256, EC_MORE("k") ",\"key_ops\":[\"deriveKey\"]",
		  JWT_OK },
		{ JWE_P256, EC_MORE("k") ",\"key_ops\":[\"deriveBits\"]",
		  JWT_OK },
		{ JWE_RSA, ",\"alg\":\"RSA-OAEP\",\"key_ops\":[\"wrapKey\","
		  "\"unwrapKey\"]", JWT_OK },
		{ JWE_RSA, ",\"alg\":\"RSA-OAEP\",\"key_ops\":[\"decrypt\"]",
		  JWT_OK },
		{ JWE_P256, EC_MORE("k") ",\"key_ops\":[\"sign\"]",
		  JWT_KEY_FILE_INVALID },
		{ JWE_P256, EC_MORE("k") ",\"key_ops\":[]",
		  JWT_KEY_FILE_INVALID },
		{ JWE_P256, EC_MORE("k") ",\"key_ops\":\"deriveKey\"",
		  JWT_KEY_FILE_INVALID },
		{ JWE_P256, ",\"alg\":\"ECDH-ES\",\"kid\":1",
		  JWT_KEY_FILE_INVALID },
		{ JWE_RSA, ",\"alg\":\"RSA-OAEP\",\"oth\":[]",
		  JWT_KEY_FILE_INVALID },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world world;

		assert_int_equal(world_load(&world, "decryption_keys = /d\n",
		    "", world_jwk(ALG_ES256)), JWT_OK);
		assert_int_equal(world_add_decryption(&world, 0, jwk(
		    rows[i].kind, rows[i].more)), rows[i].reason);
		assert_int_equal(world.diag.count > 0,
		    rows[i].reason != JWT_OK);
		world_clear(&world);
	}
}

static enum jwt_reason
add(char *text, bool readable)
{
	struct jwe_key_file file = { .name = "k", .readable = readable };
	struct jwe_key_set set = { .count = 0 };
	struct diag diag = { 0 };
	struct secret copy;
	enum jwt_reason reason;

	assert_int_equal(secret_copy(bytes_str(text), &copy), JWT_OK);
	reason = jwe_key_set_add(&set, &file, &copy, &diag);
	assert_int_equal(diag.reason, reason);
	secret_clear(&copy);
	jwe_key_set_clear(&set);
	diag_clear(&diag);
	free(text);
	return reason;
}

/* A set of that many keys of different kids. */
static char *
many(unsigned count)
{
	char *text = world_text("{\"keys\":["), *key, *next;
	unsigned i;

	for (i = 0; i < count; i++) {
		char *more = world_text(",\"alg\":\"ECDH-ES\",\"kid\":\"%u\"",
		    i);

		key = jwk(JWE_P256, more);
		next = world_text("%s%s%s", text, i > 0 ? "," : "", key);
		free(more);
		free(key);
		free(text);
		text = next;
	}
	next = world_text("%s]}", text);
	free(text);
	return next;
}

static void
test_key_texts(void **state)
{
	static const char *const texts[] = {
		"", "{}", "[]", "{\"keys\":{}}", "{\"keys\":[]}",
		"{\"keys\":[1]}", "{\"keys\":[{}]}", "-----BEGIN PRIVATE KEY",
		("{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAA\","
		"\"alg\":\"A128KW\"}"),
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(add(world_text("%s", texts[i]), false),
		    JWT_KEY_FILE_INVALID);
	assert_int_equal(add(many(JWE_KEYS_MAX), false), JWT_OK);
	assert_int_equal(add(many(JWE_KEYS_MAX + 1), false),
	    JWT_KEY_FILE_INVALID);
	assert_int_equal(add(jwk(JWE_P256, EC_MORE("k")), true),
	    JWT_KEY_FILE_UNSAFE);
}

/* Give a member of a JWK the value that it has in another one. */
static char *
swap_member(const char *into, const char *from, const char *name)
{
	char *label = world_text("\"%s\":\"", name), *text;
	const char *here = strstr(into, label) + strlen(label);
	const char *there = strstr(from, label) + strlen(label);

	text = world_text("%.*s%.*s%s", (int)(here - into), into,
	    (int)strcspn(there, "\""), there, here + strcspn(here, "\""));
	free(label);
	return text;
}

/* Leave a member out, by another name for it. */
static char *
without_member(const char *jwk_text, const char *name)
{
	char *label = world_text("\"%s\":\"", name);
	char *text = world_text("%s", jwk_text);

	memcpy(strstr(text, label), "\"_", 2);
	free(label);
	return text;
}

/*
 * The generator of P-256 with d = 1, which is a key, and with d = n + 1, which
 * gives the same point.
 */
static void
test_range(void **state)
{
	static const char text[] = "{\"kty\":\"EC\",\"crv\":\"P-256\","
	    "\"alg\":\"ECDH-ES\","
	    "\"x\":\"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY\","
	    "\"y\":\"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU\","
	    "\"d\":\"%s\"}";

	(void)state;
	assert_int_equal(add(world_text(text,
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"), false),
	    JWT_OK);
	assert_int_equal(add(world_text(text,
	    "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVI"), false),
	    JWT_KEY_FILE_INVALID);
	assert_int_equal(add(world_text(text,
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), false),
	    JWT_KEY_FILE_INVALID);
}

/* Put zero bytes in front of a number: the same one, but longer. */
static char *
with_zeros(const char *jwk_text, const char *name, size_t groups)
{
	char *label = world_text("\"%s\":\"", name), *text;
	const char *at = strstr(jwk_text, label) + strlen(label);
	char *zeros = calloc(1, 4 * groups + 1);

	assert_non_null(zeros);
	memset(zeros, 'A', 4 * groups);
	text = world_text("%.*s%s%s", (int)(at - jwk_text), jwk_text, zeros,
	    at);
	free(zeros);
	free(label);
	return text;
}

/* Numbers that are longer than their key. */
static void
test_long_numbers(void **state)
{
	static const struct {
		enum jwe_kind kind;
		const char *more, *names;
	} rows[] = {
		{ JWE_P256, EC_MORE("k"), "x y d" },
		{ JWE_P521, EC_MORE("k"), "x y d" },
		{ JWE_X25519, EC_MORE("k"), "x d" },
		{ JWE_RSA, ",\"alg\":\"RSA-OAEP\"", "n e d p q dp dq qi" },
	};
	size_t i, groups;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *own = jwk(rows[i].kind, rows[i].more);
		struct bytes rest = bytes_str(rows[i].names);

		while (rest.len > 0) {
			struct bytes word = bytes_cut(&rest, ' ');
			char *name = world_text("%.*s", BYTES_SHOW(word));

			for (groups = 88; groups <= 1000; groups += 456)
				assert_int_equal(add(with_zeros(own, name,
				    groups), false), JWT_KEY_FILE_INVALID);
			free(name);
		}
		free(own);
	}
}

/* Each number of a key replaced by that of another key, and left out. */
static void
test_halves(void **state)
{
	static const struct {
		enum jwe_kind kind;
		const char *more, *names;
	} rows[] = {
		{ JWE_P256, EC_MORE("k"), "x y d" },
		{ JWE_P384, EC_MORE("k"), "x y d" },
		{ JWE_P521, EC_MORE("k"), "x y d" },
		{ JWE_X25519, EC_MORE("k"), "x d" },
		{ JWE_RSA, ",\"alg\":\"RSA-OAEP\"", "n d p q dp dq qi" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *own = jwk(rows[i].kind, rows[i].more);
		char *other = fresh_jwk(rows[i].kind, rows[i].more);
		struct bytes rest = bytes_str(rows[i].names);

		assert_int_equal(add(world_text("%s", own), false), JWT_OK);
		while (rest.len > 0) {
			struct bytes word = bytes_cut(&rest, ' ');
			char *name = world_text("%.*s", BYTES_SHOW(word));

			assert_int_equal(add(swap_member(own, other, name),
			    false), JWT_KEY_FILE_INVALID);
			assert_int_equal(add(without_member(own, name),
			    false), JWT_KEY_FILE_INVALID);
			free(name);
		}
		free(own);
		free(other);
	}
}

/* A text of exactly 16 KiB in all is taken, and one byte more is not. */
static void
test_size(void **state)
{
	struct world world;
	size_t pad, last = 0;

	(void)state;
	load(&world, "decryption_keys = /d\n");
	for (pad = 8000; pad < 9000; pad++) {
		char *claims = world_text("{" WORLD_CLAIMS ",\"p\":\"%0*d\"}",
		    (int)pad, 0);
		char *token = encrypt(KID, sign(claims));
		size_t len = strlen(token);

		assert_int_equal(decide(&world, token), len <= TOKEN_MAX ?
		    JWT_OK : JWT_TOKEN_TOO_LONG);
		free(claims);
		if (len > TOKEN_MAX + 4)
			break;
		last = len;
	}
	assert_true(last >= TOKEN_MAX - 4);
	world_clear(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_required),
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_issuer_of_key),
		cmocka_unit_test(test_kids_of_one_key),
		cmocka_unit_test(test_issuers_of_service),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_no_kid),
		cmocka_unit_test(test_hints),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_refused_results),
		cmocka_unit_test(test_source),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_same_kid),
		cmocka_unit_test(test_key_files),
		cmocka_unit_test(test_key_texts),
		cmocka_unit_test(test_halves),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_long_numbers),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
