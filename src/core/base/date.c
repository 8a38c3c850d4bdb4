/* SPDX-License-Identifier: BSD-2-Clause */
/* The calendar (Gregorian, also before 1582), and how times are written. */
#include <stdio.h>

#include "core/base/bytes.h"
#include "core/base/date.h"

#define DAY_SEC		INT64_C(86400)
/* In seconds the year 5138; in milliseconds 1973, and so on. */
#define MILLISECONDS	INT64_C(100000000000)
#define MICROSECONDS	INT64_C(100000000000000)

bool
date_is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int64_t
date_days_to_year(int64_t year)
{
	int64_t before = year - 1;

	return (year - 1970) * 365 + (before / 4 - before / 100 + before / 400)
	    - (1969 / 4 - 1969 / 100 + 1969 / 400);
}

int64_t
date_year_of(int64_t days)
{
	/* 400 years have 146097 days: this is too early, by 3 years at most. */
	int64_t year = 1970 + days * 400 / 146097 - 2;

	while (date_days_to_year(year + 1) <= days)
		year++;
	return year;
}

/* Take the months before the day off, and return how many they are. */
static unsigned
take_months(int64_t year, int64_t *day)
{
	static const unsigned lengths[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30
	};
	unsigned month = 0;

	while (month < sizeof(lengths) / sizeof(lengths[0])) {
		int64_t len = lengths[month];

		if (month == 1 && date_is_leap(year))
			len++;
		if (*day < len)
			break;
		*day -= len;
		month++;
	}
	return month;
}

void
date_text(int64_t date, char out[DATE_SIZE])
{
	int64_t days = date / DAY_SEC, rest = date % DAY_SEC, year;
	unsigned month, second;

	if (rest < 0) {
		rest += DAY_SEC;
		days--;
	}
	year = date_year_of(days);
	days -= date_days_to_year(year);
	month = take_months(year, &days);
	second = (unsigned)rest;
	snprintf(out, DATE_SIZE, "%04lld-%02u-%02u %02u:%02u:%02u UTC",
	    (long long)year, month + 1, (unsigned)days + 1, second / 3600,
	    second / 60 % 60, second % 60);
}

/* The two largest units that fit, and the second only if it is not 0. */
void
date_span(int64_t span_sec, char out[DATE_SPAN_SIZE])
{
	static const struct {
		long long length;
		char name;
	} units[] = {
		{ 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' }
	};
	long long rest = (long long)(span_sec < 0 ? -span_sec : span_sec);
	size_t i = 0;
	int len;

	while (i < 3 && rest < units[i].length)
		i++;
	len = snprintf(out, DATE_SPAN_SIZE, "%lld%c", rest / units[i].length,
	    units[i].name);
	rest %= units[i].length;
	if (i < 3 && rest / units[i + 1].length != 0)
		snprintf(out + len, DATE_SPAN_SIZE - (size_t)len, "%lld%c",
		    rest / units[i + 1].length, units[i + 1].name);
}

void
date_span_beside(int64_t span_sec, int64_t limit_sec, char out[DATE_SPAN_SIZE])
{
	char limit[DATE_SPAN_SIZE];

	date_span(span_sec, out);
	date_span(limit_sec, limit);
	if (span_sec != limit_sec && bytes_eq_str(bytes_str(out), limit))
		snprintf(out, DATE_SPAN_SIZE, "%llds", (long long)span_sec);
}

void
date_distance(int64_t date, int64_t now, char out[DATE_DISTANCE_SIZE])
{
	char span[DATE_SPAN_SIZE];

	date_span(date - now, span);
	if (date > now)
		snprintf(out, DATE_DISTANCE_SIZE, "in %s", span);
	else
		snprintf(out, DATE_DISTANCE_SIZE, "%s ago", span);
}

const char *
date_other_unit(int64_t date)
{
	if (date >= MICROSECONDS)
		return "microseconds";
	return date >= MILLISECONDS ? "milliseconds" : NULL;
}
