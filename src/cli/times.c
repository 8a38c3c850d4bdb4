/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints times in UTC and independent of the locale, so that a report reads the
 * same on every host of a fleet.
 */
#include <string.h>
#include <time.h>

#include "cli/times.h"

#define SPAN_SIZE	32	/* bytes of a span as text */
/* In seconds the year 5138; in milliseconds 1973, and so on. */
#define MILLISECONDS	INT64_C(100000000000)
#define MICROSECONDS	INT64_C(100000000000000)

void
times_print_date(int64_t date, FILE *out)
{
	time_t when = (time_t)date;
	struct tm utc;

	if (gmtime_r(&when, &utc) == NULL) {
		fputs("beyond the calendar", out);
		return;
	}
	fprintf(out, "%04lld-%02d-%02d %02d:%02d:%02d UTC",
	    (long long)utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
	    utc.tm_hour, utc.tm_min, utc.tm_sec);
}

/* The two largest units that fit, and the second only if it is not 0. */
static void
format_span(int64_t span_sec, char out[SPAN_SIZE])
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
	len = snprintf(out, SPAN_SIZE, "%lld%c", rest / units[i].length,
	    units[i].name);
	rest %= units[i].length;
	if (i < 3 && rest / units[i + 1].length != 0)
		snprintf(out + len, SPAN_SIZE - (size_t)len, "%lld%c",
		    rest / units[i + 1].length, units[i + 1].name);
}

void
times_print_span(int64_t span_sec, FILE *out)
{
	char text[SPAN_SIZE];

	format_span(span_sec, text);
	fputs(text, out);
}

void
times_print_beside(int64_t span_sec, int64_t limit_sec, FILE *out)
{
	char text[SPAN_SIZE], limit[SPAN_SIZE];

	format_span(span_sec, text);
	format_span(limit_sec, limit);
	if (span_sec != limit_sec && strcmp(text, limit) == 0)
		fprintf(out, "%llds", (long long)span_sec);
	else
		fputs(text, out);
}

const char *
times_other_unit(int64_t date)
{
	if (date >= MICROSECONDS)
		return "microseconds";
	return date >= MILLISECONDS ? "milliseconds" : NULL;
}

void
times_print_distance(int64_t date, int64_t now, FILE *out)
{
	if (date > now)
		fputs("in ", out);
	times_print_span(date - now, out);
	if (date <= now)
		fputs(" ago", out);
}
