/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Times as text.  A span may be any, and beside another one any up to twelve
 * days.  A date is any second in each of LEN years after 1970 and before, and in
 * some that are far away.
 */
#include <stdint.h>

#include "core/base/date.c"

static void
write_date(int64_t year)
{
	int64_t days = date_days_to_year(year);
	char text[DATE_SIZE];

	date_text(Frama_C_long_long_interval(days * DAY_SEC,
	    (days + 366) * DAY_SEC - 1), text);
}

static void
write_span(int64_t from, int64_t to)
{
	char text[DATE_DISTANCE_SIZE];

	date_distance(Frama_C_long_long_interval(from, to), 0, text);
}

static void
write_beside(int64_t to)
{
	char text[DATE_SPAN_SIZE];

	date_span_beside(Frama_C_long_long_interval(0, to),
	    Frama_C_long_long_interval(0, to), text);
}

void
main(void)
{
	int64_t i;

	for (i = 0; i < LEN; i++) {
		write_date(1970 + i);
		write_date(1969 - i);
	}
	write_date(9999);
	write_date(INT64_C(292271021000));
	write_span(1, INT64_MAX);
	write_span(-INT64_MAX, 0);
	write_beside((1 << 20) - 1);
	date_other_unit(Frama_C_long_long_interval(INT64_MIN, INT64_MAX));
}
