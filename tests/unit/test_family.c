/* SPDX-License-Identifier: BSD-2-Clause */
/* Families of refresh tokens: what is derived, and what a token gets when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "issuerd/family.h"

#define LOGIN	1000000		/* seconds */

static const uint8_t secret_bytes_of_test[FAMILY_SECRET_LEN] = { 1, 2, 3 };
static const struct family_rules rules = { .ttl_sec = 10000, .idle_sec = 1000,
	.grace_sec = 10 };

static struct bytes
secret(void)
{
	return bytes_of(secret_bytes_of_test, FAMILY_SECRET_LEN);
}

/* ---- what is derived ---------------------------------------------------- */

static struct family_token
first_token(void)
{
	struct family_token token = { .generation = 0 };

	memset(token.id, 7, sizeof(token.id));
	memset(token.value, 9, sizeof(token.value));
	return token;
}

static void
test_token_round(void **state)
{
	struct family_token token = first_token(), back;
	char text[FAMILY_TOKEN_LEN + 1];

	(void)state;
	token.generation = 0x01020304;
	assert_int_equal(family_token_write(secret(), &token, text), JWT_OK);
	assert_int_equal(strlen(text), FAMILY_TOKEN_LEN);
	assert_null(strchr(text, '.'));
	assert_int_equal(family_token_read(secret(), bytes_str(text), &back),
	    JWT_OK);
	assert_memory_equal(back.id, token.id, sizeof(token.id));
	assert_memory_equal(back.value, token.value, sizeof(token.value));
	assert_int_equal(back.generation, token.generation);
}

static void
assert_unknown(struct bytes key, struct bytes text)
{
	static const struct family_token zero;
	struct family_token token;

	assert_int_equal(family_token_read(key, text, &token), JWT_TOKEN_FORM);
	assert_memory_equal(&token, &zero, sizeof(token));
}

/* Each character counts, and so do the length and the secret. */
static void
test_token_foreign(void **state)
{
	static const uint8_t other[FAMILY_SECRET_LEN] = { 1, 2, 4 };
	struct family_token token = first_token();
	char text[FAMILY_TOKEN_LEN + 2];
	size_t i;

	(void)state;
	assert_int_equal(family_token_write(secret(), &token, text), JWT_OK);
	for (i = 0; i < FAMILY_TOKEN_LEN; i++) {
		const char kept = text[i];

		text[i] = kept == 'A' ? 'Q' : 'A';
		assert_unknown(secret(), bytes_str(text));
		text[i] = '!';
		assert_unknown(secret(), bytes_str(text));
		text[i] = kept;
		assert_unknown(secret(), bytes_of(text, i));
	}
	assert_unknown(bytes_of(other, sizeof(other)), bytes_str(text));
	text[FAMILY_TOKEN_LEN] = 'A';
	assert_unknown(secret(), bytes_of(text, FAMILY_TOKEN_LEN + 1));
	assert_unknown(secret(), bytes_of(NULL, 0));
}

static void
hash_of(const struct family_token *token, uint8_t out[HASH_LEN])
{
	assert_int_equal(family_token_hash(secret(), token, out), JWT_OK);
}

/* The next token is always the same, and depends on all of this one. */
static void
test_next(void **state)
{
	struct family_token token = first_token(), next, other;
	uint8_t a[HASH_LEN], b[HASH_LEN];

	(void)state;
	assert_int_equal(family_token_next(secret(), &token, &next), JWT_OK);
	assert_int_equal(family_token_next(secret(), &token, &other), JWT_OK);
	assert_memory_equal(&next, &other, sizeof(next));
	assert_int_equal(next.generation, 1);
	assert_memory_equal(next.id, token.id, sizeof(token.id));
	assert_memory_not_equal(next.value, token.value, sizeof(token.value));
	hash_of(&token, a);
	hash_of(&next, b);
	assert_memory_not_equal(a, b, HASH_LEN);
	assert_memory_not_equal(a, next.value, HASH_LEN);

	token.value[31] ^= 1;
	assert_int_equal(family_token_next(secret(), &token, &other), JWT_OK);
	assert_memory_not_equal(next.value, other.value, HASH_LEN);
	token.value[31] ^= 1;
	token.id[15] ^= 1;
	assert_int_equal(family_token_next(secret(), &token, &other), JWT_OK);
	assert_memory_not_equal(next.value, other.value, HASH_LEN);
	token.id[15] ^= 1;
	token.generation = 1;
	assert_int_equal(family_token_next(secret(), &token, &other), JWT_OK);
	assert_memory_not_equal(next.value, other.value, HASH_LEN);
	hash_of(&token, b);
	assert_memory_not_equal(a, b, HASH_LEN);
}

/* After the last generation comes none: it would be the first again. */
static void
test_last_generation(void **state)
{
	struct family_token token = first_token(), next;

	(void)state;
	token.generation = UINT32_MAX - 1;
	assert_int_equal(family_token_next(secret(), &token, &next), JWT_OK);
	token.generation = UINT32_MAX;
	assert_int_equal(family_token_next(secret(), &token, &next),
	    JWT_INTERNAL);
}

static void
test_jti(void **state)
{
	static const struct {
		uint8_t id;
		uint32_t generation;
		const char *audience;
	} cases[] = {
		{ 1, 0, "ssh://a" }, { 2, 0, "ssh://a" }, { 1, 1, "ssh://a" },
		{ 1, 0, "ssh://b" }, { 1, 0, "" },
	};
	char jti[5][FAMILY_JTI_LEN + 1], again[FAMILY_JTI_LEN + 1];
	size_t i, k;

	(void)state;
	for (i = 0; i < 5; i++) {
		const uint8_t id[FAMILY_ID_LEN] = { cases[i].id };
		struct bytes audience = bytes_str(cases[i].audience);

		assert_int_equal(family_jti(secret(), id, cases[i].generation,
		    audience, jti[i]), JWT_OK);
		assert_int_equal(family_jti(secret(), id, cases[i].generation,
		    audience, again), JWT_OK);
		assert_string_equal(jti[i], again);
		assert_int_equal(strlen(again), FAMILY_JTI_LEN);
		for (k = 0; k < i; k++)
			assert_string_not_equal(jti[i], jti[k]);
	}
}

static void
test_jti_long(void **state)
{
	static const uint8_t id[FAMILY_ID_LEN];
	char long_one[1025], jti[FAMILY_JTI_LEN + 1];

	(void)state;
	memset(long_one, 'a', sizeof(long_one));
	assert_int_equal(family_jti(secret(), id, 0, bytes_of(long_one, 1024),
	    jti), JWT_OK);
	assert_int_equal(family_jti(secret(), id, 0, bytes_of(long_one, 1025),
	    jti), JWT_INTERNAL);
}

static void
test_sid(void **state)
{
	const uint8_t id[FAMILY_ID_LEN] = { 1, 2, 255 };
	uint8_t back[FAMILY_ID_LEN];
	char sid[FAMILY_SID_LEN + 1];

	(void)state;
	family_sid_write(id, sid);
	assert_int_equal(strlen(sid), FAMILY_SID_LEN);
	assert_true(family_sid_read(sid, back));
	assert_memory_equal(id, back, sizeof(id));
	assert_false(family_sid_read("", back));
	assert_false(family_sid_read("AAAAAAAAAAAAAAAAAAAAA", back));
	assert_false(family_sid_read("AAAAAAAAAAAAAAAAAAAAAAA", back));
	assert_false(family_sid_read("AAAAAAAAAAAAAAAAAAAAA!", back));
	/* A second spelling of the same bytes. */
	assert_false(family_sid_read("AAAAAAAAAAAAAAAAAAAAAB", back));
}

/* ---- what a token gets when --------------------------------------------- */

/* The family of generation 5, whose current token is of LOGIN + 500. */
static struct family
family_of_test(void)
{
	struct family family = { .auth_time = LOGIN, .ends = LOGIN + 10000,
		.last_iat = LOGIN + 500, .generation = 5 };

	memset(family.current, 5, HASH_LEN);
	memset(family.previous, 4, HASH_LEN);
	return family;
}

struct decision {
	uint32_t generation;
	int64_t now;		/* after LOGIN */
	enum family_result result;
};

static enum family_result
decide(const struct family *family, uint32_t generation, int64_t now)
{
	uint8_t hash[HASH_LEN];

	memset(hash, (int)generation, HASH_LEN);
	return family_decide(family, &rules, generation, hash, LOGIN + now);
}

static void
check(const struct family *family, const struct decision *cases, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		enum family_result result = decide(family, cases[i].generation,
		    cases[i].now);

		if (result != cases[i].result)
			fail_msg("generation %u at %d: %s",
			    cases[i].generation, (int)cases[i].now,
			    family_result_text(result));
	}
}

#define CHECK(family, cases) \
	check(family, cases, sizeof(cases) / sizeof((cases)[0]))

static void
test_live(void **state)
{
	static const struct decision cases[] = {
		/* the current one: from its own second to the idle end */
		{ 5, 499, FAMILY_CLOCK },
		{ 5, 500, FAMILY_OK },
		{ 5, 501, FAMILY_OK },
		{ 5, 1499, FAMILY_OK },
		{ 5, 1500, FAMILY_OVER },
		/* the one before: the same answer within the grace time */
		{ 4, 500, FAMILY_REPEAT },
		{ 4, 510, FAMILY_REPEAT },
		{ 4, 511, FAMILY_REUSED },
		{ 4, 1499, FAMILY_REUSED },
		{ 4, 1500, FAMILY_REUSED_AGAIN },
		{ 4, 490, FAMILY_REPEAT },
		{ 4, 489, FAMILY_CLOCK },
		/* older ones, whatever the clock says */
		{ 3, 500, FAMILY_REUSED },
		{ 3, 100, FAMILY_REUSED },
		{ 0, 501, FAMILY_REUSED },
		{ 0, 1500, FAMILY_REUSED_AGAIN },
		/* newer than the database */
		{ 6, 500, FAMILY_AHEAD },
		{ UINT32_MAX, 500, FAMILY_AHEAD },
		{ 6, 1500, FAMILY_OVER },
	};
	const struct family family = family_of_test();

	(void)state;
	CHECK(&family, cases);
}

static void
test_ended(void **state)
{
	static const struct decision cases[] = {
		{ 5, 501, FAMILY_OVER },
		{ 6, 501, FAMILY_OVER },
		/* Its answer may have been lost: that is no reuse. */
		{ 4, 510, FAMILY_OVER },
		{ 4, 511, FAMILY_REUSED_AGAIN },
		{ 3, 501, FAMILY_REUSED_AGAIN },
	};
	struct family family = family_of_test();

	(void)state;
	family.ended = LOGIN + 501;
	family.end = FAMILY_END_LOGOUT;
	CHECK(&family, cases);
}

/* The absolute end holds, however often the family is used. */
static void
test_absolute_end(void **state)
{
	static const struct decision cases[] = {
		{ 5, 9999, FAMILY_OK },
		{ 5, 10000, FAMILY_OVER },
		{ 4, 9999, FAMILY_REPEAT },
		{ 4, 10000, FAMILY_OVER },
	};
	struct family family = family_of_test();

	(void)state;
	family.last_iat = LOGIN + 9990;
	CHECK(&family, cases);
}

/* A refresh_ttl that is changed makes it shorter, and never longer. */
static void
test_ttl_changed(void **state)
{
	struct family family = family_of_test();
	struct family_rules changed = rules;

	(void)state;
	family.last_iat = LOGIN + 9990;
	changed.ttl_sec = 9995;
	assert_true(family_is_live(&family, &changed, LOGIN + 9994));
	assert_false(family_is_live(&family, &changed, LOGIN + 9995));
	changed.ttl_sec = 20000;
	assert_true(family_is_live(&family, &changed, LOGIN + 9999));
	assert_false(family_is_live(&family, &changed, LOGIN + 10000));
}

static void
test_no_grace(void **state)
{
	const struct family family = family_of_test();
	struct family_rules strict = rules;

	(void)state;
	strict.grace_sec = 0;
	assert_int_equal(family_decide(&family, &strict, 4, family.previous,
	    LOGIN + 500), FAMILY_REUSED);
	strict.grace_sec = 1;
	assert_int_equal(family_decide(&family, &strict, 4, family.previous,
	    LOGIN + 501), FAMILY_REPEAT);
	assert_int_equal(family_decide(&family, &strict, 4, family.previous,
	    LOGIN + 502), FAMILY_REUSED);
}

/* A token of ours that has another hash in the database: that is damaged. */
static void
test_other_hash(void **state)
{
	const struct family family = family_of_test();
	uint8_t hash[HASH_LEN];

	(void)state;
	memset(hash, 5, HASH_LEN);
	hash[31] ^= 1;
	assert_int_equal(family_decide(&family, &rules, 5, hash, LOGIN + 501),
	    FAMILY_TROUBLE);
	memset(hash, 4, HASH_LEN);
	hash[0] ^= 1;
	assert_int_equal(family_decide(&family, &rules, 4, hash, LOGIN + 501),
	    FAMILY_TROUBLE);
	assert_int_equal(family_decide(&family, &rules, 4, family.current,
	    LOGIN + 501), FAMILY_TROUBLE);
}

/* Before the first use there is no token before the current one. */
static void
test_first(void **state)
{
	static const struct decision cases[] = {
		{ 0, 500, FAMILY_OK },
		{ 1, 500, FAMILY_AHEAD },
		{ UINT32_MAX, 500, FAMILY_AHEAD },
	};
	struct family family = family_of_test();

	(void)state;
	family.generation = 0;
	memset(family.current, 0, HASH_LEN);
	CHECK(&family, cases);
}

static void
test_texts(void **state)
{
	int i;

	(void)state;
	for (i = FAMILY_TROUBLE; i <= FAMILY_AGAIN; i++)
		assert_true(strlen(family_result_text(
		    (enum family_result)i)) > 10);
	for (i = FAMILY_END_NONE + 1; i < FAMILY_END_COUNT; i++)
		assert_true(strlen(family_end_name(
		    (enum family_end)i)) > 3);
	assert_string_equal(family_end_name(FAMILY_END_NONE), "");
	assert_string_equal(family_end_name(FAMILY_END_REUSE), "reuse");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_token_round),
		cmocka_unit_test(test_token_foreign),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_last_generation),
		cmocka_unit_test(test_jti),
		cmocka_unit_test(test_jti_long),
		cmocka_unit_test(test_sid),
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_ended),
		cmocka_unit_test(test_absolute_end),
		cmocka_unit_test(test_ttl_changed),
		cmocka_unit_test(test_no_grace),
		cmocka_unit_test(test_other_hash),
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
