/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which sessions pam-jwt sessions means.  Each case is tried on both sides: a
 * wrong answer would end somebody else's session.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/sessions.h"

#define BOOT	"01234567-89ab-4cde-8f01-23456789abcd"
#define OTHER	"01234567-89ab-4cde-8f01-23456789abce"

/* The record of alice, who became root by sudo. */
static char account[] = "alice", user[] = "root", iss[] = "https://id.test";
static char sub[] = "a-1", jti[] = "j-1", sid[] = "s-1", none[] = "";

static struct grant grant = {
	.account = account, .iss = iss, .sub = sub, .jti = jti, .sid = sid
};

static struct record record = {
	.grant = &grant, .user = user, .boot_id = BOOT, .pid_namespace = 7,
	.end = RECORD_NO_END
};

static void
test_match(void **state)
{
	static const struct {
		struct sessions_filter filter;
		bool expected;
	} cases[] = {
		{ { .account = NULL }, true },
		{ { .account = "alice" }, true },
		{ { .account = "root" }, true },
		{ { .account = "alic" }, false },
		{ { .account = "alicee" }, false },
		{ { .account = "Alice" }, false },
		{ { .account = "a-1" }, false },
		{ { .subject = "a-1" }, true },
		{ { .subject = "a-11" }, false },
		{ { .subject = "alice" }, false },
		{ { .iss = "https://id.test" }, true },
		{ { .iss = "https://id.test/" }, false },
		{ { .iss = "id", .section_iss = "https://id.test" }, true },
		{ { .iss = "id", .section_iss = "https://id.tes" }, false },
		{ { .iss = "id" }, false },
		{ { .jti = "j-1" }, true },
		{ { .jti = "j-" }, false },
		{ { .sid = "s-1" }, true },
		{ { .sid = "j-1" }, false },
		{ { .subject = "a-1", .iss = "https://id.test" }, true },
		{ { .subject = "a-1", .iss = "https://x.test" }, false },
		{ { .account = "root", .subject = "b" }, false },
		{ { .account = "alice", .jti = "j-1", .sid = "s-2" }, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (sessions_match(&record, &cases[i].filter) !=
		    cases[i].expected)
			fail_msg("case %zu", i);
	}
}

/* A claim that the token did not have is equal to nothing. */
static void
test_match_absent(void **state)
{
	static const struct sessions_filter jti_of = { .jti = "" },
	    sid_of = { .sid = "" };

	(void)state;
	grant.jti = none;
	grant.sid = NULL;
	assert_false(sessions_match(&record, &jti_of));
	assert_false(sessions_match(&record, &sid_of));
	grant.jti = jti;
	grant.sid = sid;
}

static void
test_place(void **state)
{
	(void)state;
	assert_int_equal(sessions_place(&record, BOOT, 7), SESSIONS_HERE);
	assert_int_equal(sessions_place(&record, BOOT, 8),
	    SESSIONS_ELSEWHERE);
	assert_int_equal(sessions_place(&record, OTHER, 7), SESSIONS_OVER);
	assert_int_equal(sessions_place(&record, OTHER, 8), SESSIONS_OVER);
}

static void
test_over_limit(void **state)
{
	(void)state;
	assert_false(sessions_over_limit(&record, INT64_MAX));
	record.end = 100;
	assert_false(sessions_over_limit(&record, 99));
	assert_true(sessions_over_limit(&record, 100));
	assert_true(sessions_over_limit(&record, 101));
	record.end = 0;
	assert_true(sessions_over_limit(&record, 0));
	record.end = RECORD_NO_END;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_match_absent),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_over_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
