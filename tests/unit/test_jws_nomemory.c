/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory runs out while keys are loaded and tokens verified: each allocation
 * fails in turn.  Either that is the result, or all is as it is with memory: no
 * key is missing, none that is ambiguous is used, no bad token is accepted, and
 * nothing stays allocated.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <openssl/evp.h>

#include "core/jose/jws.h"
#include "tests/lib/nomemory.h"
#include "tests/lib/nomemory_start.h"
#include "world.h"

#define MANY	240	/* entries of a set: they need several blocks of an arena */

/* A text of keys, and a token for one of them. */
struct job {
	struct jwk_file file;
	char *keys;
	char *token;	/* or NULL */
	alg_set algs;
};

struct outcome {
	enum jwt_reason reason;
	size_t keys, unsound, ambiguous, skipped;
	bool has_iss, is_padded;
};

static enum jwt_reason
verify(const struct job *job, const struct jwk_set *set)
{
	const struct claims *claims = NULL;
	struct jws *jws;
	enum jwt_reason reason = jws_parse(bytes_str(job->token), &jws);

	if (reason == JWT_OK)
		reason = jws_verify(jws, set, job->algs, &claims);
	assert_int_equal(reason == JWT_OK, claims != NULL);
	jws_free(jws);
	return reason;
}

static enum jwt_reason
settle(const struct job *job, struct jwk_set *set, struct diag *diag)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		(void)alg_single(set->keys[i].algs & job->algs,
		    &set->keys[i].alg);
	return jwk_set_settle(set, (struct diag_place){ .file = "k" }, diag);
}

/* Load the keys, move them to another set, and verify the token. */
static enum jwt_reason
do_all(const struct job *job, struct secret *text, struct jwk_set *from,
    struct jwk_set *to, struct diag *diag)
{
	struct diag_place place = { .file = "k" };
	enum jwt_reason reason = jwk_set_add(from, &job->file, text, diag);

	if (reason == JWT_OK)
		reason = settle(job, from, diag);
	if (reason == JWT_OK)
		reason = jwk_set_join(to, from, place, diag);
	if (reason == JWT_OK && job->token != NULL)
		reason = verify(job, to);
	return reason;
}

static struct outcome
run(const struct job *job, enum nomemory_whose whose, unsigned long at,
    bool onwards)
{
	struct jwk_set from = { .count = 0 }, to = { .count = 0 };
	struct diag diag = { 0 };
	struct outcome out = { 0 };
	struct secret text;
	size_t i;
	long live;

	assert_int_equal(secret_copy(bytes_str(job->keys), &text), JWT_OK);
	live = nomemory.live;
	nomemory_arm(whose, at, onwards);
	out.reason = do_all(job, &text, &from, &to, &diag);
	(void)nomemory_disarm();
	out.keys = to.count;
	out.ambiguous = to.ambiguous_count;
	out.unsound = from.unsound_count;
	out.skipped = from.skipped_count;
	for (i = 0; i < from.skipped_count; i++)
		assert_non_null(from.skipped[i]);
	for (i = 0; i < from.unsound_count; i++)
		assert_non_null(from.unsound[i].kid.ptr);
	out.has_iss = from.iss != NULL && strcmp(from.iss, WORLD_ISS) == 0;
	out.is_padded = to.count > 0 && to.keys[0].padded;
	jwk_set_clear(&from);
	jwk_set_clear(&to);
	diag_clear(&diag);
	assert_int_equal(nomemory.live, live);
	secret_clear(&text);
	return out;
}

static void
expect_same(const struct outcome *a, const struct outcome *b)
{
	assert_int_equal(a->reason, b->reason);
	assert_int_equal(a->keys, b->keys);
	assert_int_equal(a->unsound, b->unsound);
	assert_int_equal(a->ambiguous, b->ambiguous);
	assert_int_equal(a->skipped, b->skipped);
	assert_int_equal(a->has_iss, b->has_iss);
	assert_int_equal(a->is_padded, b->is_padded);
}

/* Our allocations: returns what comes out if none fails. */
static struct outcome
sweep_ours(const struct job *job)
{
	struct outcome usual = run(job, NOMEMORY_OURS, 0, false);
	unsigned long sites = nomemory.count, at, refused = 0;

	assert_int_equal(sites > 0, NOMEMORY_HAS_OURS);
	for (at = 1; at <= 2 * sites; at++) {
		struct outcome out = run(job, NOMEMORY_OURS, (at + 1) / 2,
		    at % 2 == 0);

		refused += out.reason == JWT_OUT_OF_MEMORY;
		if (out.reason != JWT_OUT_OF_MEMORY)
			expect_same(&out, &usual);
	}
	assert_int_equal(refused > 0, NOMEMORY_HAS_OURS);
	return usual;
}

/*
 * Those of libcrypto, which does not always say that it lacked memory.  Some of
 * the results must be the one that is expected.
 */
static void
sweep_theirs(const struct job *job, enum jwt_reason some)
{
	struct outcome usual = run(job, NOMEMORY_LIBCRYPTO, 0, false);
	unsigned long sites = nomemory.count, at, found = 0;

	for (at = 1; at <= 2 * sites; at++) {
		struct outcome out = run(job, NOMEMORY_LIBCRYPTO,
		    (at + 1) / 2, at % 2 == 0);

		found += out.reason == some;
		assert_true(out.reason != JWT_OK || usual.reason == JWT_OK);
	}
	assert_true(found > 0);
}

/* MANY entries in a set with an iss; frees the last one. */
static char *
many(char *(*entry)(unsigned number), char *last)
{
	char *set = world_text("{\"iss\":\"" WORLD_ISS "\",\"keys\":["), *more;
	unsigned i;

	for (i = 0; i < MANY; i++) {
		char *next = entry(i);

		more = world_text("%s%s,", set, next);
		free(next);
		free(set);
		set = more;
	}
	more = world_text("%s%s]}", set, last);
	free(set);
	free(last);
	return more;
}

/* Every third kid stands twice. */
static char *
secret_entry(unsigned number)
{
	return world_text("{\"kty\":\"oct\",\"alg\":\"HS256\","
	    "\"kid\":\"%0150u\",\"k\":\"%043u\"}", number / 3 * 3 + number % 2,
	    number * 10);
}

static char *
unsound_entry(unsigned number)
{
	return world_text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\","
	    "\"kid\":\"%0*u\"}", 100 + (int)number % 16, number);
}

static char *
odd_entry(unsigned number)
{
	return world_text("%u", number);
}

static void
test_secrets(void **state)
{
	struct job job = {
		.file = { .name = "k", .symmetric = true },
		.keys = many(secret_entry, world_text("7")),
		.algs = ALG_BIT(ALG_HS256)
	};
	struct outcome usual = sweep_ours(&job);

	(void)state;
	assert_int_equal(usual.reason, JWT_OK);
	assert_int_equal(usual.keys + 2 * usual.ambiguous, MANY);
	assert_int_equal(usual.ambiguous, MANY / 3);
	free(job.keys);
}

/* A sound key has the name of one that is not, so it is not used. */
static void
test_unsound(void **state)
{
	char *kid = world_text(",\"kid\":\"%0100u\"", 16);
	char *header = world_text("{\"alg\":\"ES256\"%s}", kid);
	struct job job = {
		.file = { .name = "k" }, .algs = ALG_BIT(ALG_ES256),
		.keys = many(unsound_entry, world_jwk_with(ALG_ES256, kid)),
		.token = world_sign(ALG_ES256, header, "{}")
	};
	struct outcome usual = sweep_ours(&job);

	(void)state;
	assert_int_equal(usual.reason, JWT_KEY_UNKNOWN);
	assert_int_equal(usual.unsound, MANY);
	assert_int_equal(usual.ambiguous, 1);
	assert_int_equal(usual.keys, 0);
	free(job.keys);
	free(job.token);
	free(header);
	free(kid);
}

/* A key whose y lacks its leading zero. */
static char *
short_entry(unsigned number)
{
	return world_text("{\"kty\":\"EC\",\"crv\":\"P-256\","
	    "\"kid\":\"%0*u\","
	    "\"x\":\"TO1z1BMZTeS0BVS8LIXdC3iqSw5RT8JdPC_L-5f-cL4\","
	    "\"y\":\"tIhYA4RxxQB6vixwMGNn7ZNHp-0UmKdsv-X9P2XmtQ\"}",
	    100 + (int)number % 16, number);
}

/* Fetched sets: of entries that are no keys, and of keys without zeros. */
static void
test_published(void **state)
{
	struct job job = {
		.file = { .name = "k", .published = true, .lazy = true },
		.keys = many(odd_entry, short_entry(0)),
		.algs = ALG_BIT(ALG_ES256)
	};
	struct outcome usual = sweep_ours(&job);

	(void)state;
	assert_int_equal(usual.reason, JWT_OK);
	assert_int_equal(usual.keys, 1);
	assert_int_equal(usual.skipped, MANY);
	assert_true(usual.has_iss && usual.is_padded);
	free(job.keys);
	job.keys = many(short_entry, short_entry(MANY));
	usual = sweep_ours(&job);
	assert_int_equal(usual.reason, JWT_OK);
	assert_int_equal(usual.keys, MANY + 1);
	free(job.keys);
}

static void
sweep_token(enum alg_id alg, char *token, enum jwt_reason wanted)
{
	struct job job = {
		.file = { .name = "k", .lazy = true,
		    .symmetric = alg_row(alg)->kind == KEY_OCT },
		.keys = world_jwk(alg), .token = token, .algs = ALG_BIT(alg)
	};
	struct outcome usual = sweep_ours(&job);
	enum jwt_reason some = JWT_OUT_OF_MEMORY;

	if (job.file.symmetric)
		some = JWT_INTERNAL;
	assert_int_equal(usual.reason, wanted);
	sweep_theirs(&job, some);
	job.file.lazy = false;
	sweep_theirs(&job, some);
	free(job.keys);
	free(token);
}

static void
test_tokens(void **state)
{
	static const enum alg_id algs[] = {
		ALG_ES256, ALG_RS256, ALG_PS256, ALG_ED25519, ALG_HS256
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		char *header = world_text("{\"alg\":\"%s\"}",
		    alg_row(algs[i])->name);
		char *good = world_sign(algs[i], header, "{}");
		char *bad = world_text("%s", good);
		char *byte = strrchr(bad, '.') + 9;

		*byte = *byte == 'A' ? 'B' : 'A';
		sweep_token(algs[i], good, JWT_OK);
		sweep_token(algs[i], bad, JWT_SIGNATURE_INVALID);
		free(header);
	}
}

static const uint8_t zeros[1952];

/* Use a key that is all zeros for the first time. */
static enum jwt_reason
start_with(enum key_kind kind, size_t x, size_t y)
{
	struct keymat mat = {
		.kind = kind, .x = bytes_of(zeros, x), .y = bytes_of(zeros, y)
	};
	struct sig_key *key;
	enum jwt_reason reason;

	assert_int_equal(sig_key_new(&mat, &key), JWT_OK);
	if (kind == KEY_OCT)
		reason = sig_verify(key, ALG_HS256, bytes_str("x"),
		    bytes_of(zeros, 32));
	else
		reason = sig_key_build(key);
	sig_key_free(key);
	return reason;
}

/*
 * The result of a verification with a key that is built, while the allocation
 * of libcrypto of that number fails; 0: none does.
 */
static enum jwt_reason
verify_at(enum alg_id alg, struct sig_key *key, struct bytes signature,
    unsigned long at)
{
	enum jwt_reason reason;

	nomemory_arm(NOMEMORY_LIBCRYPTO, at, false);
	reason = sig_verify(key, alg, bytes_str("x"), signature);
	(void)nomemory_disarm();
	return reason;
}

/* How many allocations the hash of ES256 takes. */
static unsigned long
count_hash(void)
{
	uint8_t hash[EVP_MAX_MD_SIZE];

	nomemory_arm(NOMEMORY_LIBCRYPTO, 0, false);
	assert_int_equal(EVP_Digest("x", 1, hash, NULL, EVP_sha256(), NULL),
	    1);
	return nomemory_disarm();
}

/*
 * Without the memory for a hash or for a context it is not the signature that
 * is wrong; and a key that lacks memory is not called unsound for that.
 */
static void
test_first(void **state)
{
	struct keymat mat = keypair_keymat(world_key(ALG_ES256));
	unsigned long at, sites, hash, lacking = 0;
	enum jwt_reason reason;
	struct secret signature;
	struct sig_key *key;

	(void)state;
	assert_true(keypair_sign(world_key(ALG_ES256), bytes_str("x"),
	    &signature));
	assert_int_equal(sig_key_new(&mat, &key), JWT_OK);
	assert_int_equal(verify_at(ALG_ES256, key, secret_bytes(&signature),
	    0), JWT_OK);
	/* OpenSSL can do without some; the first one that it needs tells. */
	hash = count_hash();
	assert_int_equal(verify_at(ALG_ES256, key, secret_bytes(&signature),
	    1), JWT_OUT_OF_MEMORY);
	for (at = 2; at <= hash; at++) {
		reason = verify_at(ALG_ES256, key, secret_bytes(&signature),
		    at);
		if (reason != JWT_OK)
			assert_int_equal(reason, JWT_OUT_OF_MEMORY);
	}
	do {
		reason = verify_at(ALG_ES256, key, secret_bytes(&signature),
		    at++);
	} while (reason == JWT_OK);
	assert_int_equal(reason, JWT_OUT_OF_MEMORY);
	sig_key_free(key);
	secret_clear(&signature);
	nomemory_arm(NOMEMORY_LIBCRYPTO, 0, false);
	assert_int_equal(start_with(KEY_P256, 32, 32), JWT_KEY_FILE_INVALID);
	sites = nomemory_disarm();
	for (at = 1; at <= sites; at++) {
		nomemory_arm(NOMEMORY_LIBCRYPTO, at, false);
		lacking += start_with(KEY_P256, 32, 32) == JWT_OUT_OF_MEMORY;
		(void)nomemory_disarm();
	}
	assert_true(lacking > 0);
}

static enum jwt_reason
start_hmac(void)
{
	return start_with(KEY_OCT, 32, 0);
}

static enum jwt_reason
start_ec(void)
{
	return start_with(KEY_P256, 32, 32);
}

static enum jwt_reason
start_ml_dsa(void)
{
	struct keymat mat = {
		.kind = KEY_ML_DSA_65, .x = bytes_of(zeros, sizeof(zeros))
	};
	struct sig_key *key;

	return sig_key_new(&mat, &key);
}

static enum jwt_reason
start_support(void)
{
	return sig_supports(ALG_ML_DSA_65) ? JWT_OK : JWT_OUT_OF_MEMORY;
}

static void
test_start(void **state)
{
	(void)state;
	nomemory_expect_start(start_hmac);
	nomemory_expect_start(start_ec);
	nomemory_expect_start(start_ml_dsa);
	nomemory_expect_start(start_support);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_start),	/* before others start it */
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_unsound),
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_first),
	};

	nomemory_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
