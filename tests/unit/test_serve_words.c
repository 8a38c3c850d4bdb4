/* SPDX-License-Identifier: BSD-2-Clause */
/* The words that an ssh client sends to the issuer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "issuerd/serve_words.h"

static void
takes(const char *text, enum serve_verb verb, size_t audiences,
    struct serve_words *words)
{
	const char *fault = serve_words_read(bytes_str(text), words);

	if (fault != NULL)
		fail_msg("\"%s\": %s", text, fault);
	assert_int_equal(words->verb, verb);
	assert_int_equal(words->audience_count, audiences);
}

static void
refuses(struct bytes text, const char *why)
{
	struct serve_words words;
	const char *fault = serve_words_read(text, &words);

	if (fault == NULL || strstr(fault, why) == NULL)
		fail_msg("\"%.*s\": %s, wanted %s", (int)text.len,
		    (const char *)text.ptr, fault == NULL ? "taken" : fault,
		    why);
}

static void
test_commands(void **state)
{
	struct serve_words words;

	(void)state;
	takes("", SERVE_HELP, 0, &words);
	takes("login", SERVE_LOGIN, 0, &words);
	assert_false(words.compact || words.bearer);
	takes("login ssh://a", SERVE_LOGIN, 1, &words);
	assert_true(bytes_eq_str(words.audience[0], "ssh://a"));
	takes("login ssh://a ssh://b urn:c", SERVE_LOGIN, 3, &words);
	assert_true(bytes_eq_str(words.audience[2], "urn:c"));
	takes("login --compact", SERVE_LOGIN, 0, &words);
	assert_true(words.compact && !words.bearer);
	takes("login --bearer --compact ssh://a", SERVE_LOGIN, 1, &words);
	assert_true(words.compact && words.bearer);
	takes("refresh", SERVE_REFRESH, 0, &words);
	takes("refresh ssh://a", SERVE_REFRESH, 1, &words);
	takes("logout", SERVE_LOGOUT, 0, &words);
	takes("whoami", SERVE_WHOAMI, 0, &words);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "Login", "no such command" },
		{ "loginx", "no such command" },
		{ "log", "no such command" },
		{ "people", "no such command" },
		{ "--help", "no such command" },
		{ "/bin/sh", "no such command" },
		{ "login;id", "no such command" },
		{ "'login'", "no such command" },
		{ "login --help", "neither" },
		{ "login --Bearer", "neither" },
		{ "login --bearer=yes", "neither" },
		{ "login --", "neither" },
		{ "login -c", "neither" },
		{ "login host", "neither" },
		{ "login ssh://*", "neither" },
		{ "login ssh://alice@a", "neither" },
		{ "login ssh://a;id", NULL },
		{ "login ssh://a ;id", "neither" },
		{ "login ssh://a | id", "neither" },
		{ "login ssh://a && id", "neither" },
		{ "login \"ssh://a\"", "neither" },
		{ "login ssh://a\\", "neither" },
		{ "login `id`", "neither" },
		{ "login ssh://`id`", "neither" },
		{ "login ssh://a --bearer", "neither" },
		{ "login --bearer --bearer", "option is there twice" },
		{ "login --compact --bearer --compact", "option is there" },
		{ "login ssh://a ssh://b ssh://a", "audience is there twice" },
		{ "refresh ssh://a ssh://b", "one audience" },
		{ "refresh --bearer", "neither" },
		{ "refresh --compact ssh://a", "one audience" },
		{ "logout ssh://a", "no further word" },
		{ "logout x", "no further word" },
		{ "whoami alice", "no further word" },
		{ " login", "single spaces" },
		{ "login ", "single spaces" },
		{ "login  ssh://a", "single spaces" },
		{ " ", "single spaces" },
		{ "login\tssh://a", "printable" },
		{ "login\nssh://a", "printable" },
		{ "whoami\n", "printable" },
		{ "login ssh://a\r", "printable" },
		{ "login ssh://\xc3\xa9", "printable" },
		{ "login ssh://a\x7f", "printable" },
		{ "whoami\x1b", "printable" },
	};
	struct serve_words words;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		/* A semicolon may be in a URI; it means nothing here. */
		if (cases[i].why == NULL)
			takes(cases[i].text, SERVE_LOGIN, 1, &words);
		else
			refuses(bytes_str(cases[i].text), cases[i].why);
	}
	refuses(bytes_of("whoami\0", 7), "printable");
	refuses(bytes_of("who\0ami", 7), "printable");
}

/* "login" and audiences of that many bytes. */
static struct bytes
make_login(char *out, size_t size, size_t count, size_t bytes)
{
	size_t len = (size_t)snprintf(out, size, "login"), i;

	for (i = 0; i < count; i++)
		len += (size_t)snprintf(out + len, size - len, " a:%0*zu",
		    (int)(bytes - 2), i);
	return bytes_of(out, len);
}

static void
test_limits(void **state)
{
	static char text[2 * SERVE_WORDS_MAX];
	struct serve_words words;

	(void)state;
	assert_null(serve_words_read(make_login(text, sizeof(text),
	    SERVE_AUDIENCES_MAX, GRANTS_AUDIENCE_MAX), &words));
	assert_int_equal(words.audience_count, SERVE_AUDIENCES_MAX);
	refuses(make_login(text, sizeof(text), SERVE_AUDIENCES_MAX + 1, 20),
	    "more than 50");
	refuses(make_login(text, sizeof(text), 1, GRANTS_AUDIENCE_MAX + 1),
	    "neither");
	memset(text, 'x', sizeof(text));
	refuses(bytes_of(text, SERVE_WORDS_MAX), "no such command");
	refuses(bytes_of(text, SERVE_WORDS_MAX + 1), "too long");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
