/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests at the loopback address: which one is the answer to our login. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/jose/jws.h"
#include "login/callback.h"
#include "world.h"

#define HOST "Host: 127.0.0.1:8765\r\n"
#define GET(query) "GET /callback?" query " HTTP/1.1\r\n" HOST "\r\n"

static struct callback_wanted wanted = { .port = 8765, .path = "/callback",
	.state = "abc", .iss = "https://id.test", .sends_iss = true };
static struct callback callback;

static enum callback_kind
reads(const char *request)
{
	enum callback_kind kind;

	secret_clear(&callback.code);
	kind = callback_read(bytes_str(request), &wanted, &callback);
	assert_int_equal(kind == CALLBACK_CODE, callback.code.len > 0);
	assert_int_equal(kind == CALLBACK_REFUSED, callback.words[0] != '\0');
	return kind;
}

#define RIGHT "code=c%2Bd&state=abc&iss=https%3A%2F%2Fid.test"

static void
test_code(void **state)
{
	static const char *const rows[] = {
		GET(RIGHT),
		GET("iss=https://id.test&x=y&state=abc&&code=c%2bd"),
		"GET /callback?" RIGHT " HTTP/1.0\r\nA: b\r\nhOST:127.0.0.1:8765"
		"\r\nB: c\r\n\r\n",
		"GET /callback?" RIGHT " HTTP/1.1\nHost: 127.0.0.1:8765\n\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(reads(rows[i]), CALLBACK_CODE);
		assert_true(bytes_eq_str(secret_bytes(&callback.code), "c+d"));
	}
}

/* Every cut of a good request waits for the rest of it. */
static void
test_more(void **state)
{
	const char *request = GET(RIGHT);
	size_t len;

	(void)state;
	for (len = 0; len < strlen(request); len++) {
		secret_clear(&callback.code);
		assert_int_equal(callback_read(bytes_of(request, len), &wanted,
		    &callback), CALLBACK_MORE);
	}
}

static void
test_others(void **state)
{
	static const struct {
		const char *request;
		enum callback_kind kind;
	} rows[] = {
		{ "\r\n\r\n", CALLBACK_BAD },
		{ "GET\r\n\r\n", CALLBACK_BAD },
		{ "POST /callback?" RIGHT " HTTP/1.1\r\n" HOST "\r\n",
		  CALLBACK_BAD },
		{ "get /callback?" RIGHT " HTTP/1.1\r\n" HOST "\r\n",
		  CALLBACK_BAD },
		{ "GET /callback?" RIGHT "\r\n" HOST "\r\n", CALLBACK_BAD },
		{ "GET /callback?" RIGHT " HTTP/2.0\r\n" HOST "\r\n",
		  CALLBACK_BAD },
		{ "GET /callback?" RIGHT " HTTP/1.1 x\r\n" HOST "\r\n",
		  CALLBACK_BAD },
		/* No page can point a name of its own here. */
		{ "GET /callback?" RIGHT " HTTP/1.1\r\n\r\n", CALLBACK_BAD },
		{ "GET /callback?" RIGHT " HTTP/1.1\r\nHost: evil.test\r\n\r\n",
		  CALLBACK_BAD },
		{ "GET /callback?" RIGHT " HTTP/1.1\r\nHost: localhost:8765"
		  "\r\n\r\n", CALLBACK_BAD },
		{ "GET /callback?" RIGHT " HTTP/1.1\r\nHost: 127.0.0.1:8766"
		  "\r\n\r\n", CALLBACK_BAD },
		{ "GET /callback?" RIGHT " HTTP/1.1\r\nHost: 127.0.0.1:87654"
		  "\r\n\r\n", CALLBACK_BAD },
		{ "GET /callback?" RIGHT " HTTP/1.1\r\n" HOST HOST "\r\n",
		  CALLBACK_BAD },
		{ "GET /callback?" RIGHT " HTTP/1.1\r\n" HOST
		  "Host: evil.test\r\n\r\n", CALLBACK_BAD },
		{ "GET /?" RIGHT " HTTP/1.1\r\n" HOST "\r\n",
		  CALLBACK_ELSEWHERE },
		{ "GET /callback/?" RIGHT " HTTP/1.1\r\n" HOST "\r\n",
		  CALLBACK_ELSEWHERE },
		{ "GET /favicon.ico HTTP/1.1\r\n" HOST "\r\n",
		  CALLBACK_ELSEWHERE },
		{ "GET http://127.0.0.1:8765/callback?" RIGHT " HTTP/1.1\r\n"
		  HOST "\r\n", CALLBACK_ELSEWHERE },
		{ "GET /callback HTTP/1.1\r\n" HOST "\r\n", CALLBACK_BAD },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(reads(rows[i].request), rows[i].kind);
}

/* One answer has our state; without it nothing else is looked at. */
static void
test_state(void **state)
{
	static const char *const rows[] = {
		GET("code=c&iss=https://id.test"),
		GET("code=c&state=&iss=https://id.test"),
		GET("code=c&state=ab&iss=https://id.test"),
		GET("code=c&state=abcd&iss=https://id.test"),
		GET("code=c&state=abd&iss=https://id.test"),
		GET("code=c&state=ABC&iss=https://id.test"),
		GET("code=c&state=abc&state=abc&iss=https://id.test"),
		GET("code=c&state=abc&state=x&iss=https://id.test"),
		GET("code=c&state=abc%00&iss=https://id.test"),
		GET("code=c&State=abc&iss=https://id.test"),
		GET("error=access_denied&state=x&iss=https://id.test"),
		GET("code=c&state=x&iss=https://other.test"),
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(reads(rows[i]), CALLBACK_BAD);
	assert_int_equal(reads(GET("code=c&st%61te=abc&iss=https://id.test")),
	    CALLBACK_BAD);
}

static void
refuses(const char *request, enum provider_result result, const char *text)
{
	assert_int_equal(reads(request), CALLBACK_REFUSED);
	assert_int_equal(callback.result, result);
	if (strstr(callback.words, text) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", text, callback.words);
}

static void
test_iss(void **state)
{
	(void)state;
	refuses(GET("code=c&state=abc"), PROVIDER_SETTING, "(iss)");
	refuses(GET("code=c&state=abc&iss="), PROVIDER_SETTING, "(iss)");
	refuses(GET("code=c&state=abc&iss=https://id.test/"), PROVIDER_SETTING,
	    "https://id.test/");
	refuses(GET("code=c&state=abc&iss=%1b%5b2J"), PROVIDER_SETTING,
	    "\\x1b[2J");
	refuses(GET("code=c&state=abc&iss=https://id.test&iss=x"),
	    PROVIDER_SETTING, "(iss)");
	/* One that was not announced counts as well; none may be missing. */
	wanted.sends_iss = false;
	assert_int_equal(reads(GET("code=c&state=abc")), CALLBACK_CODE);
	assert_int_equal(reads(GET(RIGHT)), CALLBACK_CODE);
	refuses(GET("code=c&state=abc&iss=https://other.test"),
	    PROVIDER_SETTING, "https://other.test");
	refuses(GET("code=c&state=abc&iss=%zz"), PROVIDER_SETTING, "(iss)");
	wanted.sends_iss = true;
}

static void
test_error(void **state)
{
	(void)state;
	refuses(GET("error=access_denied&state=abc&iss=https://id.test"),
	    PROVIDER_DENIED, "denied (access_denied)");
	refuses(GET("error=access_denied&error_description=a+%1b&code=c&"
	    "state=abc&iss=https://id.test"), PROVIDER_DENIED,
	    "(access_denied: a \\x1b)");
	refuses(GET("error=invalid_scope&state=abc&iss=https://id.test"),
	    PROVIDER_SETTING, "invalid_scope");
	refuses(GET("error=temporarily_unavailable&state=abc&"
	    "iss=https://id.test"), PROVIDER_LATER, "trouble");
	refuses(GET("error=login_required&state=abc&iss=https://id.test"),
	    PROVIDER_SETTING, "it refused (login_required)");
	refuses(GET("error&state=abc&iss=https://id.test"), PROVIDER_SETTING,
	    "it refused");
	refuses(GET("error=a&error=b&state=abc&iss=https://id.test"),
	    PROVIDER_SETTING, "it refused ()");
	refuses(GET("error=access_denied&state=abc"), PROVIDER_SETTING,
	    "(iss)");
}

static void
test_bad_code(void **state)
{
	static const char *const rows[] = {
		GET("state=abc&iss=https://id.test"),
		GET("code=&state=abc&iss=https://id.test"),
		GET("code&state=abc&iss=https://id.test"),
		GET("code=a&code=a&state=abc&iss=https://id.test"),
		GET("code=a+b&state=abc&iss=https://id.test"),
		GET("code=%0a&state=abc&iss=https://id.test"),
		GET("code=%&state=abc&iss=https://id.test"),
		GET("code=%c3%a4&state=abc&iss=https://id.test"),
	};
	size_t i;
	char *request;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(reads(rows[i]), CALLBACK_BAD);
	request = world_text(GET("state=abc&iss=https://id.test&code=%0*d"),
	    TOKEN_MAX, 0);
	assert_int_equal(reads(request), CALLBACK_CODE);
	free(request);
	request = world_text(GET("state=abc&iss=https://id.test&code=%0*d"),
	    TOKEN_MAX + 1, 0);
	assert_int_equal(reads(request), CALLBACK_BAD);
	free(request);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_code),
		cmocka_unit_test(test_more),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_iss),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_bad_code),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	secret_clear(&callback.code);
	return failed;
}
