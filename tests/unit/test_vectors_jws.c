/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wycheproof's signed tokens: each as the file says, but for the cases in
 * deviations[].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/lib/vectors.h"

/* Cases that a strict verifier must answer otherwise than the file says. */
static const struct deviation {
	int id;
	enum jwt_reason reason;
	const char *why;
} signature_deviations[] = {
	{ 346, JWT_ALG_NOT_ALLOWED,
	  "the key says PS256, the token PS384: a key has one algorithm" },
	{ 350, JWT_ALG_NOT_ALLOWED,
	  "the key says PS256, the token PS384: a key has one algorithm" },
	{ 347, JWT_KEY_FILE_INVALID,
	  "the key's alg is ES521, which is not registered" },
	{ 351, JWT_KEY_FILE_INVALID,
	  "the key's alg is ES521, which is not registered" },
	{ 367, JWT_OK,
	  "the token of case 357, which is valid: the padding was lost" },
	{ 370, JWT_OK,
	  "the token of case 357, which is valid: the padding was lost" },
	{ 372, JWT_TOKEN_FORM, "a ? in the header is not base64url" },
	{ 373, JWT_TOKEN_FORM, "a ? in the payload is not base64url" },
};

/* How many cases of a file give which reason: a guard that moves is seen. */
struct expected {
	enum jwt_reason reason;
	unsigned count;
};

struct suite {
	const char *name;
	const char *file;
	const struct deviation *deviations;
	size_t deviation_count;
	const struct expected *expected;
	size_t expected_count;
};

/* One run over a file. */
struct run {
	const struct suite *suite;
	struct vectors_tally tally;
	unsigned deviated;
	unsigned wrong;
};

static const struct deviation *
find_deviation(const struct suite *suite, int id)
{
	size_t i;

	for (i = 0; i < suite->deviation_count; i++) {
		if (suite->deviations[i].id == id)
			return &suite->deviations[i];
	}
	return NULL;
}

/* A refusal must be a judgement, not something that went wrong here. */
static bool
is_expected(struct run *run, struct json_object *test, enum jwt_reason reason)
{
	const struct deviation *deviation;
	bool valid = strcmp(vectors_string(test, "result"), "valid") == 0;

	deviation = find_deviation(run->suite, json_object_get_int(
	    json_object_object_get(test, "tcId")));
	if (deviation != NULL) {
		run->deviated++;
		return reason == deviation->reason &&
		    valid != (reason == JWT_OK);
	}
	if (reason_class(reason) == JWT_CLASS_INTERNAL)
		return false;
	return valid == (reason == JWT_OK);
}

static void
run_case(struct run *run, const char *jwk, struct json_object *test)
{
	const char *token = vectors_string(test, "jws");
	struct vectors_issuer keys;
	enum jwt_reason reason;

	if (json_object_object_get(test, "jws") == NULL)
		return;		/* a JWE */
	if (token == NULL)	/* one case is a JSON serialization */
		token = json_object_to_json_string(
		    json_object_object_get(test, "jws"));
	reason = vectors_load(jwk, 0, &keys);
	if (reason == JWT_OK)
		reason = vectors_verify(token, &keys);
	vectors_clear(&keys);
	run->tally.count[reason]++;
	if (is_expected(run, test, reason))
		return;
	run->wrong++;
	printf("%s: case %s: %s\n", run->suite->file,
	    json_object_get_string(json_object_object_get(test, "tcId")),
	    reason_name(reason));
}

static void
run_group(struct run *run, struct json_object *group)
{
	struct json_object *key = json_object_object_get(group, "public");
	struct json_object *tests = json_object_object_get(group, "tests");
	const char *jwk;
	size_t i;

	if (key == NULL)	/* a secret, or a set with one in it */
		key = json_object_object_get(group, "private");
	jwk = json_object_to_json_string(key);
	for (i = 0; i < json_object_array_length(tests); i++)
		run_case(run, jwk, json_object_array_get_idx(tests, i));
}

static void
check_tally(const struct run *run)
{
	const struct suite *suite = run->suite;
	struct vectors_tally left = run->tally;
	size_t i;

	for (i = 0; i < suite->expected_count; i++) {
		assert_int_equal(left.count[suite->expected[i].reason],
		    suite->expected[i].count);
		left.count[suite->expected[i].reason] = 0;
	}
	for (i = 0; i < JWT_REASON_COUNT; i++)
		assert_int_equal(left.count[i], 0);
}

static void
run_suite(const struct suite *suite)
{
	struct json_object *root = vectors_read(suite->name, suite->file);
	struct run run = { .suite = suite };
	struct json_object *groups;
	size_t i;

	if (root == NULL)
		return;
	groups = json_object_object_get(root, "testGroups");
	for (i = 0; i < json_object_array_length(groups); i++)
		run_group(&run, json_object_array_get_idx(groups, i));
	json_object_put(root);
	vectors_print(suite->name, &run.tally);
	printf("%s: %u deviations from the file, each with its reason\n",
	    suite->name, run.deviated);
	assert_int_equal(run.wrong, 0);
	assert_int_equal(run.deviated, suite->deviation_count);
	check_tally(&run);
}

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static void
test_wycheproof_signature(void **state)
{
	static const struct expected expected[] = {
		{ JWT_OK, 42 },
		{ JWT_TOKEN_EMPTY, 3 },
		{ JWT_TOKEN_FORM, 36 },
		{ JWT_TOKEN_BASE64, 2 },
		{ JWT_HEADER_INVALID, 1 },
		{ JWT_ALG_UNSUPPORTED, 5 },
		{ JWT_ALG_NOT_ALLOWED, 8 },
		{ JWT_KEY_UNKNOWN, 3 },
		{ JWT_SIGNATURE_INVALID, 295 },
		{ JWT_KEY_FILE_INVALID, 6 },
	};
	static const struct suite suite = {
		"wycheproof json_web_signature",
		"wycheproof/json_web_signature_test.json",
		signature_deviations, LEN(signature_deviations),
		expected, LEN(expected)
	};

	(void)state;
	run_suite(&suite);
}

/* The JWE cases of this file are not for us. */
static void
test_wycheproof_crypto(void **state)
{
	static const struct expected expected[] = {
		{ JWT_OK, 4 },
		{ JWT_TOKEN_EMPTY, 3 },
		{ JWT_TOKEN_FORM, 24 },
		{ JWT_HEADER_INVALID, 1 },
		{ JWT_ALG_UNSUPPORTED, 1 },
		{ JWT_ALG_NOT_ALLOWED, 1 },
		{ JWT_KEY_UNKNOWN, 3 },
		{ JWT_SIGNATURE_INVALID, 10 },
		{ JWT_KEY_FILE_INVALID, 2 },
	};
	static const struct suite suite = {
		"wycheproof json_web_crypto (JWS)",
		"wycheproof/json_web_crypto_test.json", NULL, 0,
		expected, LEN(expected)
	};

	(void)state;
	run_suite(&suite);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wycheproof_signature),
		cmocka_unit_test(test_wycheproof_crypto),
	};

	return cmocka_run_group_tests_name("vectors jws", tests, NULL, NULL);
}
