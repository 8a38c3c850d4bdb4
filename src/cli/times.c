/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints times in the form that core/base/date.h gives them. */
#include "cli/times.h"
#include "core/base/date.h"

void
times_print_date(int64_t date, FILE *out)
{
	char text[DATE_SIZE];

	date_text(date, text);
	fputs(text, out);
}

void
times_print_span(int64_t span_sec, FILE *out)
{
	char text[DATE_SPAN_SIZE];

	date_span(span_sec, text);
	fputs(text, out);
}

void
times_print_distance(int64_t date, int64_t now, FILE *out)
{
	char text[DATE_DISTANCE_SIZE];

	date_distance(date, now, text);
	fputs(text, out);
}
