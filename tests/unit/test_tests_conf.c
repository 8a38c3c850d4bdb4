/* SPDX-License-Identifier: BSD-2-Clause */
/* tests.conf: dates in three zones, and what its parser makes of a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "tool/tests_conf.h"
#include "tool/tests_time.h"

#define NO (-1)		/* the text is refused */

static void
set_zone(const char *zone)
{
	assert_int_equal(setenv("TZ", zone, 1), 0);
	tzset();
}

static void
check_time(const char *text, int64_t wanted)
{
	int64_t got = 0;
	const char *fault = tests_time_read(bytes_str(text), &got);

	if ((fault != NULL) != (wanted == NO) ||
	    (fault == NULL && got != wanted))
		fail_msg("%s: %lld, %s", text, (long long)got,
		    fault == NULL ? "taken" : fault);
}

static void
test_form(void **state)
{
	(void)state;
	set_zone("UTC0");
	check_time("2026-12-01T09:00:00Z", 1796115600);
	check_time("2026-12-01T10:00:00+01:00", 1796115600);
	check_time("2026-11-30T23:30:00-09:30", 1796115600);
	check_time("2026-12-01T09:00:00", 1796115600);
	check_time("1970-01-01T00:00:00Z", 0);
	check_time("1970-01-01T00:30:00+01:00", NO);
	check_time("1969-12-31T23:59:59Z", NO);
	check_time("9999-12-31T23:59:59Z", 253402300799);
	check_time("2028-02-29T00:00:00Z", 1835395200);
	check_time("2027-02-29T00:00:00Z", NO);
	check_time("2026-13-01T00:00:00Z", NO);
	check_time("2026-00-01T00:00:00Z", NO);
	check_time("2026-12-00T00:00:00Z", NO);
	check_time("2026-12-31T24:00:00Z", NO);
	check_time("2026-12-31T23:60:00Z", NO);
	check_time("2026-12-31T23:59:60Z", NO);
	check_time("2026-12-01T09:00:00+24:00", NO);
	check_time("2026-12-01T09:00:00+01:60", NO);
	check_time("2026-12-01T09:00:00+0100", NO);
	check_time("2026-12-01T09:00:00+01:00 ", NO);
	check_time("2026-12-01T09:00:00z", NO);
	check_time("2026-12-01T09:00:00Zx", NO);
	check_time("2026-12-01T09:00:00.5Z", NO);
	check_time("2026-12-01T09:00", NO);
	check_time("2026-12-01 09:00:00", NO);
	check_time("2026-12-1T09:00:00", NO);
	check_time("+026-12-01T09:00:00", NO);
	check_time("2026-12-01", NO);
	check_time("1796115600", NO);
	check_time("", NO);
}

/* Summer time: an hour that does not come, and one that comes twice. */
static void
test_summer_time(void **state)
{
	(void)state;
	set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
	check_time("2026-12-01T10:00:00", 1796115600);
	check_time("2026-07-01T11:00:00", 1782896400);
	check_time("2026-03-29T01:59:59", 1774745999);
	check_time("2026-03-29T02:00:00", NO);
	check_time("2026-03-29T02:59:59", NO);
	check_time("2026-03-29T03:00:00", 1774746000);
	check_time("2026-10-25T01:59:59", 1792886399);
	check_time("2026-10-25T02:00:00", NO);
	check_time("2026-10-25T02:59:59", NO);
	check_time("2026-10-25T03:00:00", 1792893600);
	/* With a zone neither matters. */
	check_time("2026-03-29T02:30:00Z", 1774751400);
	check_time("2026-10-25T02:30:00+02:00", 1792888200);
	check_time("2026-10-25T02:30:00+01:00", 1792891800);
	set_zone("UTC0");
}

static enum jwt_reason
parse(const char *text, struct diag *diag, struct tests_conf *out)
{
	return tests_conf_parse(bytes_str(text), "tests.conf", diag, out);
}

/* Read a file that has no fault; the caller clears *out. */
static void
parse_good(const char *text, struct tests_conf *out)
{
	struct diag diag = { .reason = JWT_OK };

	if (parse(text, &diag, out) != JWT_OK)
		fail_msg("%s", diag.entries[0].text);
	assert_int_equal(diag.count, 0);
	diag_clear(&diag);
}

static void
test_settings(void **state)
{
	struct tests_conf conf;
	const struct tests_case *first, *second;

	(void)state;
	set_zone("UTC0");
	parse_good("# two\n[test a b]\nservice = sshd\nissuer = corp\n"
	    "user = alice\nrhost = 192.0.2.7\nnow = 2026-12-01T09:00:00\n"
	    "claims = {\"sub\": \\\n  \"#1 alice\"}\n"
	    "expect = accept alice\n\n"
	    "[test  c ]\nexpect = refuse not-permitted\nservice = su\n",
	    &conf);
	assert_int_equal(conf.count, 2);
	first = &conf.cases[0];
	second = &conf.cases[1];
	assert_string_equal(first->name, "a b");
	assert_string_equal(first->service, "sshd");
	assert_string_equal(first->issuer, "corp");
	assert_string_equal(first->user, "alice");
	assert_string_equal(first->rhost, "192.0.2.7");
	assert_true(first->has_now && first->now == 1796115600);
	assert_string_equal(first->claims, "{\"sub\":    \"#1 alice\"}");
	assert_string_equal(first->account, "alice");
	assert_int_equal(first->reason, JWT_OK);
	assert_int_equal(first->line, 2);
	assert_int_equal(first->issuer_line, 4);
	assert_int_equal(first->expect_line, 10);
	assert_string_equal(second->name, "c");
	assert_null(second->account);
	assert_int_equal(second->reason, JWT_NOT_PERMITTED);
	assert_false(second->has_now);
	assert_null(second->user);
	assert_null(second->claims);
	assert_null(second->key);
	tests_conf_clear(&conf);
}

/* Every refusal can be expected by its name, and nothing else can. */
static void
test_reasons(void **state)
{
	struct tests_conf conf;
	char text[128];
	size_t i;

	(void)state;
	for (i = (size_t)JWT_OK + 1; i < JWT_REASON_COUNT; i++) {
		snprintf(text, sizeof(text),
		    "[test a]\nservice = su\nexpect = refuse %s\n",
		    reason_name((enum jwt_reason)i));
		parse_good(text, &conf);
		assert_int_equal(conf.cases[0].reason, i);
		tests_conf_clear(&conf);
	}
}

/* As many tests as are allowed, and one more. */
static void
test_limit(void **state)
{
	static char text[64 * (TESTS_CONF_MAX + 1)];
	struct diag diag = { .reason = JWT_OK };
	struct tests_conf conf;
	size_t len = 0, i;

	(void)state;
	for (i = 0; i < TESTS_CONF_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "[test %zu]\nservice = su\nexpect = accept a\n", i);
	parse_good(text, &conf);
	assert_int_equal(conf.count, TESTS_CONF_MAX);
	tests_conf_clear(&conf);
	snprintf(text + len, sizeof(text) - len,
	    "[test x]\nservice = su\nexpect = accept a\n");
	assert_int_equal(parse(text, &diag, &conf), JWT_CONFIG_INVALID);
	assert_int_equal(diag.count, 1);
	assert_int_equal(diag.entries[0].line, 3 * TESTS_CONF_MAX + 1);
	tests_conf_clear(&conf);
	diag_clear(&diag);
}

/* One error for a section that is not one, and none for the lines in it. */
static void
test_errors(void **state)
{
	struct diag diag = { .reason = JWT_OK };
	struct tests_conf conf;

	(void)state;
	assert_int_equal(parse("[tset a]\nservice = sshd\nx = y\n"
	    "[test a]\nservice = sshd\nx = y\n", &diag, &conf),
	    JWT_CONFIG_INVALID);
	assert_int_equal(diag.count, 3);
	assert_int_equal(diag.entries[0].line, 1);
	assert_int_equal(diag.entries[1].line, 6);
	assert_int_equal(diag.entries[2].line, 4);
	tests_conf_clear(&conf);
	diag_clear(&diag);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_summer_time),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
