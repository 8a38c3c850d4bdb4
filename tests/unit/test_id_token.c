/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of an ID token in the client: each of them alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/b64url.h"
#include "login/id_token.h"
#include "world.h"

#define NOW 1000
#define REST "\"sub\":\"u1\",\"exp\":1060,\"nonce\":\"n\""

static char words[ID_TOKEN_WORDS_SIZE];

static bool
check_as(const char *payload, const struct id_token_wanted *wanted,
    struct id_token *out)
{
	char coded[1024] = { 0 };
	char *token;
	bool ok;

	b64url_encode(bytes_str(payload), coded);
	token = world_text("e30.%s.x", coded);
	ok = id_token_check(bytes_str(token), wanted, out, words);
	assert_int_equal(ok, words[0] == '\0');
	free(token);
	return ok;
}

static void
check(const char *payload, const char *fault)
{
	static const struct id_token_wanted wanted = { .iss = "https://id.test",
		.client = "ssh-cli", .nonce = "n", .sub = "u1", .now = NOW };
	struct id_token token;
	bool ok = check_as(payload, &wanted, &token);

	assert_int_equal(ok, fault == NULL);
	if (fault != NULL && strstr(words, fault) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", fault, words);
	id_token_clear(&token);
}

#define ISS "\"iss\":\"https://id.test\","
#define AUD "\"aud\":\"ssh-cli\","

static void
test_each(void **state)
{
	static const char *const rows[][2] = {
		{ "{" ISS AUD REST "}", NULL },
		{ "{" AUD REST "}", "its iss" },
		{ "{\"iss\":\"https://id.test/\"," AUD REST "}",
		  "its iss is not that of the provider: https://id.test/" },
		{ "{\"iss\":\"\\u001b\"," AUD REST "}", "\\x1b" },
		{ "{" ISS REST "}", "another client" },
		{ "{" ISS "\"aud\":\"SSH-CLI\"," REST "}", "another client" },
		{ "{" ISS "\"aud\":[]," REST "}", "another client" },
		{ "{" ISS "\"aud\":[\"ssh-cli\"]," REST "}", NULL },
		{ "{" ISS "\"aud\":[\"ssh-cli\",\"x\"]," REST "}", "azp" },
		{ "{" ISS "\"aud\":[\"x\",\"ssh-cli\"],\"azp\":\"ssh-cli\","
		  REST "}", NULL },
		{ "{" ISS "\"aud\":[\"x\",\"ssh-cli\"],\"azp\":\"x\","
		  REST "}", "azp" },
		{ "{" ISS AUD "\"azp\":\"ssh-cli\"," REST "}", NULL },
		{ "{" ISS AUD "\"azp\":\"x\"," REST "}", "azp" },
		{ "{" ISS AUD "\"azp\":null," REST "}", "azp" },
		{ "{" ISS AUD "\"sub\":\"u1\",\"nonce\":\"n\"}", "expired" },
		{ "{" ISS AUD "\"exp\":\"1060\",\"sub\":\"u1\","
		  "\"nonce\":\"n\"}", "expired" },
		{ "{" ISS AUD "\"exp\":401,\"sub\":\"u1\",\"nonce\":\"n\"}",
		  NULL },
		{ "{" ISS AUD "\"exp\":400,\"sub\":\"u1\",\"nonce\":\"n\"}",
		  "expired" },
		{ "{" ISS AUD "\"exp\":1060,\"sub\":\"u1\"}", "nonce" },
		{ "{" ISS AUD "\"exp\":1060,\"sub\":\"u1\",\"nonce\":\"N\"}",
		  "nonce" },
		{ "{" ISS AUD "\"exp\":1060,\"nonce\":\"n\"}", "no sub" },
		{ "{" ISS AUD "\"exp\":1060,\"nonce\":\"n\",\"sub\":\"\"}",
		  "no sub" },
		{ "{" ISS AUD "\"exp\":1060,\"nonce\":\"n\",\"sub\":\"u2\"}",
		  "another person: u2" },
		{ "{" ISS AUD REST ",\"sub\":\"u1\"}", "cannot be read" },
		{ "no JSON", "cannot be read" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(rows[i][0], rows[i][1]);
}

static void
test_no_token(void **state)
{
	static const char *const rows[] = { "", ".", "opaque", "a.b.c" };
	static const struct id_token_wanted wanted = { .iss = "i",
		.client = "c" };
	struct id_token token;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_false(id_token_check(bytes_str(rows[i]), &wanted,
		    &token, words));
		id_token_clear(&token);
	}
}

/* A device flow has no nonce, and before the login nobody knows the person. */
static void
test_first(void **state)
{
	static const struct id_token_wanted wanted = {
		.iss = "https://id.test", .client = "ssh-cli", .now = NOW };
	struct id_token token;

	(void)state;
	assert_true(check_as("{" ISS AUD "\"sub\":\"77\",\"exp\":1060,"
	    "\"preferred_username\":\"alice\",\"auth_time\":990}", &wanted,
	    &token));
	assert_true(bytes_eq_str(token.sub, "77"));
	assert_true(bytes_eq_str(token.name, "alice"));
	assert_int_equal(token.auth_time, 990);
	id_token_clear(&token);
	assert_true(check_as("{" ISS AUD "\"sub\":\"77\",\"exp\":1060}",
	    &wanted, &token));
	assert_true(bytes_eq_str(token.name, "77"));
	assert_int_equal(token.auth_time, -1);
	id_token_clear(&token);
}

/* max_age: what counts is the time between auth_time and iat. */
static void
test_auth_time(void **state)
{
	static const struct {
		const char *times;
		int64_t within;
		bool ok;
	} rows[] = {
		{ "\"iat\":990,\"auth_time\":930", 60, true },
		{ "\"iat\":990,\"auth_time\":929", 60, false },
		{ "\"iat\":990,\"auth_time\":929", 0, true },
		{ "\"iat\":990,\"auth_time\":995", 60, true },
		{ "\"iat\":990", 60, true },
		{ "\"auth_time\":990", 60, false },
	};
	struct id_token token;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct id_token_wanted wanted = { .iss = "https://id.test",
			.client = "ssh-cli", .now = NOW,
			.auth_within = rows[i].within };
		char *payload = world_text("{" ISS AUD "\"sub\":\"77\","
		    "\"exp\":1060,%s}", rows[i].times);

		if (check_as(payload, &wanted, &token) != rows[i].ok)
			fail_msg("%s within %d: %s", rows[i].times,
			    (int)rows[i].within, words);
		if (!rows[i].ok)
			assert_non_null(strstr(words, "max_age"));
		id_token_clear(&token);
		free(payload);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_no_token),
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_auth_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
