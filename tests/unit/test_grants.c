/* SPDX-License-Identifier: BSD-2-Clause */
/* Grants of issuer.conf: which one a person has for an audience. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/glob.h"
#include "issuerd/grants.h"

static void
test_uri(void **state)
{
	static const struct {
		const char *text;
		bool is_one;
	} cases[] = {
		{ "ssh://host", true },
		{ "ssh://host:22/a?b=c", true },
		{ "ssh://[2001:db8::1]", true },
		{ "urn:example:host:a", true },
		{ "a:b", true },
		{ "a+b-c.d1:b", true },
		/* Here nothing is an authority, and so nobody is a user. */
		{ "urn:a@b", true },
		{ "ssh://host/a@b", true },
		{ "ssh://host?a@b", true },
		{ "ssh://a%40b", true },
		{ "", false },
		{ ":", false },
		{ "a:", false },
		{ "host", false },
		{ "//host", false },
		{ "1a:b", false },
		{ "-a:b", false },
		{ "a_b:c", false },
		{ "a b:c", false },
		{ "a:b c", false },
		{ "a:b\n", false },
		{ "a:b\x7f", false },
		{ "a:\xc3\xa9", false },
		{ "a:b#", false },
		{ "a:b#c", false },
		{ "ssh://alice@host", false },
		{ "ssh://@host", false },
		{ "ssh://alice:x@host/", false },
		{ "a:\"", false },
		{ "a:<b>", false },
		{ "a:b\\c", false },
		{ "a:{b}", false },
		{ "a:b%4", false },
		{ "a:b%", false },
		{ "a:b%4g", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool is_one = grants_audience_is_valid(
		    bytes_str(cases[i].text));

		if (is_one != cases[i].is_one)
			fail_msg("%s", cases[i].text);
	}
	assert_false(grants_audience_is_valid(bytes_of("a:b\0c", 5)));
	assert_false(grants_audience_is_valid(bytes_of("a\0:bc", 5)));
	/* What is after the end does not count. */
	assert_false(grants_audience_is_valid(bytes_of("a:b%41", 5)));
	assert_true(grants_audience_is_valid(bytes_of("a:b%41", 6)));
}

/* A pattern may have stars, an audience that somebody asks for may not. */
static void
test_star(void **state)
{
	(void)state;
	assert_null(grants_uri_fault(bytes_str("ssh://*")));
	assert_false(grants_audience_is_valid(bytes_str("ssh://*")));
	assert_non_null(grants_uri_fault(bytes_str("**://host")));
	assert_non_null(grants_uri_fault(bytes_str("**")));
}

static void
test_length(void **state)
{
	char text[GRANTS_AUDIENCE_MAX + 1];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[1] = ':';
	assert_true(grants_audience_is_valid(bytes_of(text,
	    GRANTS_AUDIENCE_MAX)));
	assert_false(grants_audience_is_valid(bytes_of(text,
	    GRANTS_AUDIENCE_MAX + 1)));
}

static const char *const text =
    "[issuer]\niss = https://t.example\npublish = /p\n"
    "[grant literal]\npeople = alice %ops root\naudience = ssh://a\n"
    "[grant star]\npeople = alice\naudience = urn:x ssh://*\n"
    "[grant all]\npeople = %ops\naudience = ssh://**\n"
    "[grant late]\npeople = alice\naudience = ssh://**\n";

static const char *
find(const struct grants_person *person, const char *audience)
{
	struct issuer_conf conf;
	struct diag diag = { .reason = JWT_OK };
	const struct issuer_grant *grant;
	static char name[16];

	assert_int_equal(issuer_conf_parse(bytes_str(text), "c", &diag, &conf),
	    JWT_OK);
	grant = grants_find(&conf, person, bytes_str(audience));
	strcpy(name, "-");
	if (grant != NULL)
		strcpy(name, grant->name);
	issuer_conf_clear(&conf);
	diag_clear(&diag);
	return name;
}

static void
test_first(void **state)
{
	const struct words none = { .count = 0 };
	const struct grants_person alice = { "alice", &none, false };
	const struct grants_person bob = { "bob", &none, false };

	(void)state;
	assert_string_equal(find(&alice, "ssh://a"), "literal");
	assert_string_equal(find(&alice, "ssh://b"), "star");
	assert_string_equal(find(&alice, "urn:x"), "star");
	/* One star stays between slashes and colons. */
	assert_string_equal(find(&alice, "ssh://b/c"), "late");
	assert_string_equal(find(&alice, "ssh://b:22"), "late");
	assert_string_equal(find(&alice, "urn:y"), "-");
	assert_string_equal(find(&alice, "SSH://a"), "-");
	assert_string_equal(find(&alice, "ssh://*"), "-");
	assert_string_equal(find(&alice, "ssh://x@a"), "-");
	assert_string_equal(find(&bob, "ssh://a"), "-");
}

static void
test_groups(void **state)
{
	const char *names[] = { "users", "ops" };
	const char *alike[] = { "%ops", "op", "opsx", "alice", "lice" };
	const struct words groups = { .item = names, .count = 2 };
	const struct words others = { .item = alike, .count = 5 };
	const struct grants_person bob = { "bob", &groups, false };
	const struct grants_person carol = { "carol", &others, false };
	const struct grants_person ops = { "ops", &others, false };
	const struct grants_person trick = { "%ops", &others, false };

	(void)state;
	assert_string_equal(find(&bob, "ssh://a"), "literal");
	assert_string_equal(find(&bob, "ssh://b/c"), "all");
	assert_string_equal(find(&bob, "urn:x"), "-");
	assert_string_equal(find(&carol, "ssh://a"), "-");
	assert_string_equal(find(&ops, "ssh://a"), "-");
	assert_string_equal(find(&trick, "ssh://a"), "-");
}

/* Root and the accounts of the system need a line that names them. */
static void
test_protected(void **state)
{
	const char *names[] = { "ops" };
	const struct words groups = { .item = names, .count = 1 };
	const struct grants_person root = { "root", &groups, true };
	const struct grants_person daemon = { "daemon", &groups, true };

	(void)state;
	assert_string_equal(find(&root, "ssh://a"), "literal");
	assert_string_equal(find(&root, "ssh://b"), "-");
	assert_string_equal(find(&daemon, "ssh://a"), "-");
	assert_string_equal(find(&daemon, "ssh://b"), "-");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uri),
		cmocka_unit_test(test_star),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_protected)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
