/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints times in UTC and independent of the locale, so that a report reads the
 * same on every host of a fleet.
 */
#include <time.h>

#include "cli/times.h"

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

/* Print the two largest units that fit, and the second only if it is not 0. */
void
times_print_span(int64_t span_sec, FILE *out)
{
	static const struct {
		long long length;
		char name;
	} units[] = {
		{ 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' }
	};
	long long rest = (long long)(span_sec < 0 ? -span_sec : span_sec);
	size_t i = 0;

	while (i < 3 && rest < units[i].length)
		i++;
	fprintf(out, "%lld%c", rest / units[i].length, units[i].name);
	rest %= units[i].length;
	if (i < 3 && rest / units[i + 1].length != 0)
		fprintf(out, "%lld%c", rest / units[i + 1].length,
		    units[i + 1].name);
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
