/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts that are written piece by piece, and dates, as the log has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "core/base/date.h"
#include "core/base/line.h"

/* Ten bytes fit, and of eleven the end is cut. */
static void
test_cut(void **state)
{
	char out[11] = "xxxxxxxxxx";
	struct line line = line_begin(out, sizeof(out));

	(void)state;
	assert_string_equal(out, "");
	line_put(&line, "0123456789");
	assert_string_equal(out, "0123456789");
	assert_false(line.is_cut);
	line_put(&line, "");
	assert_false(line.is_cut);
	line_put(&line, "x");
	assert_string_equal(out, "0123456...");
	assert_true(line.is_cut);
	assert_int_equal(line.len, 10);
	line_put(&line, "more");
	assert_string_equal(out, "0123456...");
}

/* An escape is there as a whole or not at all, wherever the end is. */
static void
test_cut_escape(void **state)
{
	static const char *const wanted[] = {
		"...", "a...", "ab...", "ab...", "ab...", "ab\\x0a"
	};
	char out[16];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]) - 2; i++) {
		struct line line = line_begin(out, i + 4);

		line_put_bytes(&line, bytes_str("ab\n"), 99, LINE_QUOTED);
		assert_string_equal(out, i == 3 ? wanted[5] : wanted[i]);
	}
}

/* After the cut a shorter piece would fit, and would seem to be the next one. */
static void
test_cut_ends(void **state)
{
	char out[9];
	struct line line = line_begin(out, sizeof(out));

	(void)state;
	line_put(&line, "abcdef");
	line_put_bytes(&line, bytes_str("\n"), 1, LINE_QUOTED);
	assert_string_equal(out, "abcde...");
	line = line_begin(out, sizeof(out));
	line_put(&line, "abc");
	line_put_bytes(&line, bytes_str("\n\n"), 2, LINE_QUOTED);
	assert_string_equal(out, "abc...");
	line_put(&line, "x");
	assert_string_equal(out, "abc...");
}

/* Every byte: nothing but printable ASCII, no quote, no separator. */
static void
test_bytes(void **state)
{
	char out[2048];
	uint8_t all[256];
	struct line line = line_begin(out, sizeof(out));
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	line_put_bytes(&line, bytes_of(all, sizeof(all)), 256, LINE_BARE);
	for (i = 0; i < line.len; i++) {
		assert_true(out[i] > ' ' && out[i] < 0x7f);
		assert_true(out[i] != '"' && out[i] != '=' && out[i] != ';');
	}
	assert_non_null(strstr(out, "\\x5c"));
	line = line_begin(out, sizeof(out));
	line_put_bytes(&line, bytes_str("a b=c;\"'\\"), 9, LINE_QUOTED);
	assert_string_equal(out, "a b=c;\\x22'\\x5c");
	line = line_begin(out, sizeof(out));
	line_put_bytes(&line, bytes_str("0123"), 4, LINE_QUOTED);
	line_put_bytes(&line, bytes_str("0123"), 3, LINE_QUOTED);
	assert_string_equal(out, "0123012...");
}

/* The calendar is that of libc, from year 1 to the end of NumericDate. */
static void
test_dates(void **state)
{
	int64_t date;
	char out[DATE_SIZE], wanted[DATE_SIZE];
	struct tm utc;

	(void)state;
	for (date = INT64_C(-62135596800); date < INT64_C(9007199254740991);
	    date += date < INT64_C(253402300800) ? 86399 * 7 :
	    INT64_C(98765432109)) {
		time_t when = (time_t)date;

		assert_non_null(gmtime_r(&when, &utc));
		snprintf(wanted, sizeof(wanted), "%04lld-%02d-%02d "
		    "%02d:%02d:%02d UTC", utc.tm_year + 1900LL,
		    utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
		    utc.tm_sec);
		date_text(date, out);
		assert_string_equal(out, wanted);
	}
	date_text(INT64_C(9007199254740991), out);
	assert_string_equal(out, "285428751-11-12 07:36:31 UTC");
}

static void
test_spans(void **state)
{
	char out[DATE_SPAN_SIZE], distance[DATE_DISTANCE_SIZE];

	(void)state;
	date_span(0, out);
	assert_string_equal(out, "0s");
	date_span(-59, out);
	assert_string_equal(out, "59s");
	date_span(3600, out);
	assert_string_equal(out, "1h");
	date_span(86400 * 2 + 3600 + 59, out);
	assert_string_equal(out, "2d1h");
	date_span(-86400, out);
	assert_string_equal(out, "1d");
	date_span(59, out);
	assert_string_equal(out, "59s");
	date_span(60, out);
	assert_string_equal(out, "1m");
	date_span(61, out);
	assert_string_equal(out, "1m1s");
	date_span(3599, out);
	assert_string_equal(out, "59m59s");
	date_span(3600 + 60, out);
	assert_string_equal(out, "1h1m");
	date_span(86399, out);
	assert_string_equal(out, "23h59m");
	date_span(86400, out);
	assert_string_equal(out, "1d");
	date_span(86400 + 3599, out);
	assert_string_equal(out, "1d");
	date_span_beside(3607, 3600, out);
	assert_string_equal(out, "3607s");
	date_span_beside(3600, 3600, out);
	assert_string_equal(out, "1h");
	date_span_beside(3660, 3600, out);
	assert_string_equal(out, "1h1m");
	date_distance(110, 100, distance);
	assert_string_equal(distance, "in 10s");
	date_distance(100, 100, distance);
	assert_string_equal(distance, "0s ago");
	assert_null(date_other_unit(INT64_C(99999999999)));
	assert_string_equal(date_other_unit(INT64_C(100000000000)),
	    "milliseconds");
	assert_string_equal(date_other_unit(INT64_C(100000000000000)),
	    "microseconds");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_escape),
		cmocka_unit_test(test_cut_ends),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_spans),
	};

	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
