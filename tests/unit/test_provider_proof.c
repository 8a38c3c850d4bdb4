/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an answer says about the next proof, when a request is made again, and
 * which tokens are bound to the key.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/base/b64url.h"
#include "login/provider_post.h"

#define JKT "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"

static struct provider_answer
answer_of(unsigned status, const char *body)
{
	return (struct provider_answer){ .status = status, .document = {
		.content_type = bytes_str("application/json"),
		.body = bytes_str(body) } };
}

static void
learn_nonce(struct provider_proof *proof, struct bytes nonce)
{
	struct provider_answer answer = answer_of(400, "{}");

	answer.nonce = nonce;
	provider_proof_learn(proof, &answer);
}

static void
test_nonces(void **state)
{
	static const char *const bad[] = { "", " ", "a b", "a\"", "a\\",
		"a\r\nX: y", "a\x7f", "a\xc3\xa4", "\x1b[2J" };
	struct provider_proof proof = { .which = "ssh-agent" };
	char longest[DPOP_NONCE_MAX + 1];
	size_t i;

	(void)state;
	learn_nonce(&proof, bytes_str("!#[]~n-1"));
	assert_string_equal(proof.nonce, "!#[]~n-1");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		learn_nonce(&proof, bytes_str(bad[i]));
		assert_string_equal(proof.nonce, "!#[]~n-1");
	}
	learn_nonce(&proof, bytes_of("a\0b", 3));
	assert_string_equal(proof.nonce, "!#[]~n-1");
	memset(longest, 'n', sizeof(longest));
	learn_nonce(&proof, bytes_of(longest, DPOP_NONCE_MAX + 1));
	assert_string_equal(proof.nonce, "!#[]~n-1");
	learn_nonce(&proof, bytes_of(longest, DPOP_NONCE_MAX));
	assert_int_equal(strlen(proof.nonce), DPOP_NONCE_MAX);
	learn_nonce(&proof, bytes_str("n-2"));
	assert_string_equal(proof.nonce, "n-2");
}

static int64_t
learn_date(int64_t off)
{
	struct provider_proof proof = { .clock_off = 7 };
	struct provider_answer answer = answer_of(200, "{}");

	answer.date = (int64_t)time(NULL) + off;
	provider_proof_learn(&proof, &answer);
	return proof.clock_off;
}

static void
test_dates(void **state)
{
	struct provider_proof proof = { .clock_off = 7 };
	struct provider_answer answer = answer_of(200, "{}");

	(void)state;
	assert_in_range(learn_date(300), 290, 300);
	assert_in_range(learn_date(86400 - 5), 86000, 86400);
	assert_true(learn_date(-300) <= -300 && learn_date(-300) >= -310);
	assert_int_equal(learn_date(86400 + 20), 7);
	assert_int_equal(learn_date(-86400 - 20), 7);
	answer.date = -1;
	provider_proof_learn(&proof, &answer);
	answer.date = 0;
	provider_proof_learn(&proof, &answer);
	answer.date = INT64_C(9007199254740991);
	provider_proof_learn(&proof, &answer);
	assert_int_equal(proof.clock_off, 7);
}

/* The answer to a proof with the nonce "n-1" and a clock that is right. */
static bool
repeats(unsigned status, const char *body, const char *nonce, int64_t off)
{
	struct provider_proof sent = { .which = "ssh-agent", .nonce = "n-1" };
	struct provider_proof proof = sent;
	struct provider_answer answer = answer_of(status, body);

	(void)snprintf(proof.nonce, sizeof(proof.nonce), "%s", nonce);
	proof.clock_off = off;
	return provider_proof_is_better(&proof, &sent, &answer);
}

#define WANTS	"{\"error\":\"use_dpop_nonce\"}"
#define REFUSES "{\"error\":\"invalid_dpop_proof\"}"

static void
test_repeats(void **state)
{
	struct provider_proof sent = { .nonce = "n-1" }, proof = sent;
	struct provider_answer answer = answer_of(400, WANTS);

	(void)state;
	assert_true(repeats(400, WANTS, "n-2", 0));
	assert_true(repeats(401, WANTS, "n-2", 0));
	assert_false(repeats(400, WANTS, "n-1", 0));
	assert_false(repeats(400, WANTS, "n-1", 300));
	assert_false(repeats(200, WANTS, "n-2", 0));
	assert_false(repeats(403, WANTS, "n-2", 0));
	assert_false(repeats(500, WANTS, "n-2", 0));
	assert_false(repeats(0, WANTS, "n-2", 0));
	assert_false(repeats(400, "{\"error\":\"invalid_grant\"}", "n-2", 9));
	assert_false(repeats(400, "use_dpop_nonce", "n-2", 9));
	assert_false(repeats(400, "", "n-2", 9));
	assert_true(repeats(400, REFUSES, "n-1", 3));
	assert_true(repeats(401, REFUSES, "n-1", -3));
	assert_false(repeats(400, REFUSES, "n-1", 2));
	assert_false(repeats(400, REFUSES, "n-2", -2));
	assert_false(repeats(200, REFUSES, "n-2", 300));
	/* Without a proof there is nothing to do better. */
	strcpy(proof.nonce, "n-2");
	assert_false(provider_proof_is_better(&proof, &sent, &answer));
}

static bool
is_bound(struct provider *provider, const char *claims)
{
	char token[1024];
	size_t len;

	strcpy(token, "eyJhbGciOiJFUzI1NiJ9.");
	len = strlen(token);
	b64url_encode(bytes_str(claims), token + len);
	len += b64url_encoded_len(strlen(claims));
	strcpy(token + len, ".c2ln");
	provider->words[0] = '\0';
	return provider_is_bound(provider, bytes_str(token));
}

static void
test_bound(void **state)
{
	static const char *const bad[] = {
		"{}", "{\"cnf\":null}", "{\"cnf\":\"" JKT "\"}",
		"{\"cnf\":{}}", "{\"cnf\":{\"jkt\":1}}",
		"{\"cnf\":{\"jkt\":\"\"}}",
		"{\"cnf\":{\"jkt\":\"" JKT "x\"}}",
		/* A host takes exactly one member. */
		"{\"cnf\":{\"jkt\":\"" JKT "\",\"kid\":\"x\"}}",
		"{\"cnf\":{\"jkt\":\"1ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
		"\"}}",
	};
	struct provider provider = { .proof = { .which = "ssh-agent",
		.jkt = JKT, .key = "SHA256:x" } };
	size_t i;

	(void)state;
	assert_true(is_bound(&provider, "{\"cnf\":{\"jkt\":\"" JKT "\"}}"));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(is_bound(&provider, bad[i]));
		assert_non_null(strstr(provider.words, "not bound"));
	}
	/* Nobody can look into an opaque one. */
	assert_true(provider_is_bound(&provider, bytes_str("opaque")));
	provider.proof.which = NULL;
	assert_true(is_bound(&provider, "{}"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nonces),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
