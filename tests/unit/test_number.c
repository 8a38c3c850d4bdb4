/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * number.c beside other makes of the same: every short text of the characters
 * that numbers have, and of the two beside the digits.  A regular expression
 * says whether it is a number, and strtold() its value, which is exact enough
 * for texts as short as these.
 */
#include <math.h>
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/number.h"

#define ALPHABET "-+.eE019/:"
#define LETTERS	(sizeof(ALPHABET) - 1)
#define LEN_MAX	5
#define VALID_MAX 20000

struct valid {
	long double value;
	char text[LEN_MAX + 1];
};

/* All short numbers, in the order of their values. */
static struct valid numbers[VALID_MAX];
static size_t number_count;

/*
 * A copy that ends where its memory ends, also if it is empty, so that a
 * sanitizer sees what reads on.
 */
static struct bytes
exact(const char *text)
{
	size_t len = strlen(text);
	uint8_t *copy = malloc(len + 1);

	assert_non_null(copy);
	memcpy(copy + 1, text, len);
	return bytes_of(copy + 1, len);
}

static void
release(struct bytes text)
{
	free((void *)(uintptr_t)(text.ptr - 1));
}

static int
by_value(const void *va, const void *vb)
{
	const struct valid *a = va, *b = vb;

	return (a->value > b->value) - (a->value < b->value);
}

static void
check_valid(const regex_t *grammar, const char *text)
{
	bool want = regexec(grammar, text, 0, NULL, 0) == 0;
	struct bytes copy = exact(text);

	if (number_is_valid(copy) != want)
		fail_msg("\"%s\" is %s number", text, want ? "a" : "no");
	release(copy);
	if (!want)
		return;
	assert_true(number_count < VALID_MAX);
	numbers[number_count].value = strtold(text, NULL);
	strcpy(numbers[number_count++].text, text);
}

/* RFC 8259 section 6. */
static void
test_grammar(void **state)
{
	regex_t grammar;
	unsigned long total = 1, n, rest;
	size_t len, i;

	(void)state;
	assert_int_equal(regcomp(&grammar, "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?"
	    "([eE][-+]?[0-9]+)?$", REG_EXTENDED | REG_NOSUB), 0);
	for (len = 0; len <= LEN_MAX; len++, total *= LETTERS) {
		for (n = 0; n < total; n++) {
			char text[LEN_MAX + 1] = { 0 };

			for (i = 0, rest = n; i < len; i++, rest /= LETTERS)
				text[i] = ALPHABET[rest % LETTERS];
			check_valid(&grammar, text);
		}
	}
	regfree(&grammar);
	qsort(numbers, number_count, sizeof(numbers[0]), by_value);
	assert_true(number_count > 1000);
}

/* Where long double is no larger than double, 1e900 and 9e900 are infinite. */
static bool
are_too_large(const struct valid *a, const struct valid *b)
{
	return isinf(a->value) && isinf(b->value);
}

/* Each with itself, its neighbours, and some that are further away. */
static void
test_order(void **state)
{
	size_t i, step;

	(void)state;
	for (i = 0; i < number_count; i++) {
		for (step = 0; i + step < number_count;
		    step = step < 8 ? step + 1 : step * 2) {
			const struct valid *a = &numbers[i], *b = a + step;
			struct bytes one = exact(a->text);
			struct bytes other = exact(b->text);
			int want = by_value(a, b);

			if (!are_too_large(a, b) &&
			    (number_compare(one, other) != want ||
			    number_compare(other, one) != -want))
				fail_msg("%s and %s", a->text, b->text);
			release(one);
			release(other);
		}
	}
}

static void
test_dates(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < number_count; i++) {
		long double value = numbers[i].value;
		struct bytes text = exact(numbers[i].text);
		bool want = value >= 0 && value <= NUMBER_DATE_MAX;
		struct number_date date;
		int64_t whole = want ? (int64_t)value : 0;
		int64_t up = want && value > (long double)whole ? whole + 1 :
		    whole;

		if ((number_date(text, &date) == JWT_OK) != want ||
		    (want && (date.floor_sec != whole || date.ceil_sec != up)))
			fail_msg("%s", numbers[i].text);
		release(text);
	}
}

/* What is longer than the texts above: many digits, on both sides. */
static void
test_long_dates(void **state)
{
	static const struct {
		const char *text;
		bool good;
		int64_t floor_sec, ceil_sec;
	} rows[] = {
		{ "9007199254740991", true, NUMBER_DATE_MAX, NUMBER_DATE_MAX },
		{ "9007199254740991.0", true, NUMBER_DATE_MAX,
		    NUMBER_DATE_MAX },
		{ "9007199254740992", false, 0, 0 },
		{ "9999999999999999", false, 0, 0 },
		{ "10000000000000000", false, 0, 0 },
		{ "90071992547409910", false, 0, 0 },
		{ "90071992547409910e-1", true, NUMBER_DATE_MAX,
		    NUMBER_DATE_MAX },
		{ "0.9007199254740991e16", true, NUMBER_DATE_MAX,
		    NUMBER_DATE_MAX },
		{ "1700000000.25", true, 1700000000, 1700000001 },
		{ "17000000.0025e2", true, 1700000000, 1700000001 },
		{ "1e-400", true, 0, 1 }, { "-1e-400", false, 0, 0 },
		{ "0e999999999", true, 0, 0 }, { "-0.000", true, 0, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes text = exact(rows[i].text);
		struct number_date date;

		if ((number_date(text, &date) == JWT_OK) != rows[i].good ||
		    (rows[i].good && (date.floor_sec != rows[i].floor_sec ||
		    date.ceil_sec != rows[i].ceil_sec)))
			fail_msg("%s", rows[i].text);
		release(text);
	}
}

/* Digits alone, up to a number; both sides of it, and of what 64 bits hold. */
static void
test_digits(void **state)
{
	static const struct {
		const char *text;
		int64_t max;
		int64_t value;	/* -1: refused */
	} rows[] = {
		{ "", 9, -1 }, { "0", 0, 0 }, { "1", 0, -1 }, { "00", 0, 0 },
		{ "9", 9, 9 }, { "9", 8, -1 }, { "10", 9, -1 },
		{ "19", 19, 19 }, { "20", 19, -1 }, { "19", 18, -1 },
		{ "100", 100, 100 }, { "101", 100, -1 }, { "99", 100, 99 },
		{ "/", 99, -1 }, { ":", 99, -1 }, { "1/", 99, -1 },
		{ "1:", 99, -1 }, { "-1", 99, -1 }, { "+1", 99, -1 },
		{ " 1", 99, -1 }, { "1 ", 99, -1 },
		{ "9223372036854775807", INT64_MAX, INT64_MAX },
		{ "9223372036854775808", INT64_MAX, -1 },
		{ "92233720368547758070", INT64_MAX, -1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes text = exact(rows[i].text);
		int64_t value = -1;
		bool good = number_digits(text, rows[i].max, &value);

		if (good != (rows[i].value >= 0) ||
		    (good && value != rows[i].value))
			fail_msg("\"%s\" up to %lld", rows[i].text,
			    (long long)rows[i].max);
		release(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_long_dates),
		cmocka_unit_test(test_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
