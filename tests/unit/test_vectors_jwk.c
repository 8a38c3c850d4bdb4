/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wycheproof's keys: what the loader says of each, with its words, and what
 * then becomes of the token that the case has for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/lib/vectors.h"

#define NAME "wycheproof json_web_key"

/* Every case of the file, in its order; note is NULL when nothing is said. */
static const struct expected {
	int id;
	enum jwt_reason load;
	const char *note;
	enum jwt_reason verify;	/* where a key was loaded */
} expected[] = {
	{ 1, JWT_KEY_FILE_INVALID, "key 2 of the set: a public key beside", 0 },
	{ 2, JWT_OK, NULL, JWT_OK },
	{ 3, JWT_OK, NULL, JWT_SIGNATURE_INVALID },
	{ 4, JWT_KEY_FILE_INVALID, "missing or not base64url", 0 },
	{ 5, JWT_OK, NULL, JWT_OK },
	{ 6, JWT_KEY_FILE_INVALID, "use is not sig", 0 },
	{ 7, JWT_KEY_FILE_INVALID, "ROCA", 0 },
	{ 8, JWT_KEY_FILE_INVALID, "below 2048 bits", 0 },
	{ 9, JWT_KEY_FILE_INVALID, "exponent that is even or below 3", 0 },
	{ 10, JWT_KEY_FILE_INVALID, "a secret below 256 bits", 0 },
	{ 11, JWT_KEY_FILE_INVALID, "shorter than the hash of its alg", 0 },
	{ 12, JWT_KEY_FILE_INVALID, "shorter than the hash of its alg", 0 },
	{ 13, JWT_OK, NULL, JWT_OK },
	{ 14, JWT_OK, NULL, JWT_OK },
	{ 15, JWT_OK, NULL, JWT_OK },
	{ 16, JWT_KEY_FILE_INVALID, "missing or not base64url", 0 },
	{ 17, JWT_KEY_FILE_INVALID, "missing or not base64url", 0 },
	{ 18, JWT_KEY_FILE_INVALID, "missing or not base64url", 0 },
	{ 19, JWT_KEY_FILE_INVALID, "alg does not fit the kind of key", 0 },
	{ 20, JWT_KEY_FILE_INVALID, "alg does not fit the kind of key", 0 },
	{ 21, JWT_KEY_FILE_INVALID, "use is not sig", 0 },
	{ 22, JWT_KEY_FILE_INVALID, "not on the curve", 0 },
	{ 23, JWT_KEY_FILE_INVALID, "alg does not fit the kind of key", 0 },
	{ 24, JWT_KEY_FILE_INVALID, "alg does not fit the kind of key", 0 },
	{ 25, JWT_KEY_FILE_INVALID, "alg does not fit the kind of key", 0 },
	{ 26, JWT_KEY_FILE_INVALID, "alg does not fit the kind of key", 0 },
};

#define EXPECTED_LEN (sizeof(expected) / sizeof(expected[0]))

/* The first thing that was noted; "" when nothing was. */
static const char *
first_note(const struct vectors_issuer *keys)
{
	return keys->diag.count == 0 ? "" : keys->diag.entries[0].text;
}

static void
check_load(const struct expected *want, enum jwt_reason load,
    const struct vectors_issuer *keys)
{
	const char *note = first_note(keys);
	bool noted = want->note == NULL ? note[0] == '\0' :
	    strstr(note, want->note) != NULL;

	if (load != want->load || !noted)
		printf(NAME ": case %d: %s, %s\n", want->id,
		    reason_name(load), note);
	assert_int_equal(load, want->load);
	assert_true(noted);
}

/* The file has no faulty case: valid is accepted, all else is not. */
static enum jwt_reason
run_case(const struct expected *want, const char *jwk,
    struct json_object *test)
{
	struct vectors_issuer keys;
	enum jwt_reason reason = vectors_load(jwk, 0, &keys);

	assert_int_equal(json_object_get_int(
	    json_object_object_get(test, "tcId")), want->id);
	check_load(want, reason, &keys);
	if (reason == JWT_OK) {
		reason = vectors_verify(vectors_string(test, "jws"), &keys);
		assert_int_equal(reason, want->verify);
	}
	assert_int_equal(reason == JWT_OK,
	    strcmp(vectors_string(test, "result"), "valid") == 0);
	vectors_clear(&keys);
	return reason;
}

static void
test_wycheproof_keys(void **state)
{
	struct json_object *root = vectors_read(NAME,
	    "wycheproof/json_web_key_test.json");
	struct vectors_tally tally = { { 0 } };
	struct json_object *groups, *group, *tests, *key;
	size_t done = 0, i, k;

	(void)state;
	if (root == NULL)
		return;
	groups = json_object_object_get(root, "testGroups");
	for (i = 0; i < json_object_array_length(groups); i++) {
		group = json_object_array_get_idx(groups, i);
		key = json_object_object_get(group, "public");
		if (key == NULL)
			key = json_object_object_get(group, "private");
		tests = json_object_object_get(group, "tests");
		for (k = 0; k < json_object_array_length(tests); k++) {
			assert_true(done < EXPECTED_LEN);
			tally.count[run_case(&expected[done++],
			    json_object_to_json_string(key),
			    json_object_array_get_idx(tests, k))]++;
		}
	}
	json_object_put(root);
	assert_int_equal(done, EXPECTED_LEN);
	vectors_print(NAME, &tally);
}

/*
 * The private half of each asymmetric key of Wycheproof's signature file: a
 * private key in a host's key file is refused, whatever else it is.
 */
static void
test_private_halves(void **state)
{
	struct json_object *root = vectors_read("wycheproof private keys",
	    "wycheproof/json_web_signature_test.json");
	struct json_object *groups, *group;
	unsigned count = 0;
	size_t i;

	(void)state;
	if (root == NULL)
		return;
	groups = json_object_object_get(root, "testGroups");
	for (i = 0; i < json_object_array_length(groups); i++) {
		struct vectors_issuer keys;

		group = json_object_array_get_idx(groups, i);
		if (json_object_object_get(group, "public") == NULL)
			continue;
		assert_int_equal(vectors_load(json_object_to_json_string(
		    json_object_object_get(group, "private")), 0, &keys),
		    JWT_KEY_FILE_INVALID);
		assert_non_null(strstr(first_note(&keys), "a private key"));
		vectors_clear(&keys);
		count++;
	}
	json_object_put(root);
	printf("wycheproof private keys: %u refused\n", count);
	assert_int_equal(count, 19);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wycheproof_keys),
		cmocka_unit_test(test_private_halves),
	};

	return cmocka_run_group_tests_name("vectors jwk", tests, NULL, NULL);
}
