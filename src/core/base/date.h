/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dates and spans of time as text, in UTC and in one form on every host.
 *
 * Pure, and no call of libc: gmtime() and strftime() look at the environment
 * and the locale, which belong to whoever starts the program.
 */
#ifndef JWT_DATE_H
#define JWT_DATE_H

#include <stdbool.h>
#include <stdint.h>

#define DATE_SIZE	48	/* bytes of a date as text, with terminator */
#define DATE_SPAN_SIZE	32	/* of a span */
#define DATE_DISTANCE_SIZE	40	/* of a distance from now */

bool date_is_leap(int64_t year);

/* Days from the epoch to January 1 of a year after 0. */
int64_t date_days_to_year(int64_t year);

/* The year of a day that is counted from the epoch. */
int64_t date_year_of(int64_t days);

/* "2026-11-23 17:40:43 UTC"; seconds since the epoch. */
void date_text(int64_t date, char out[DATE_SIZE]);

/* "59s", "5m30s", "3h5m", "2d1h"; the sign of the span is not shown. */
void date_span(int64_t span_sec, char out[DATE_SPAN_SIZE]);

/*
 * The same for a span that is compared with a limit: in seconds where the two
 * would otherwise read alike, as 3607s and 3600s do.
 */
void date_span_beside(int64_t span_sec, int64_t limit_sec,
    char out[DATE_SPAN_SIZE]);

/* "in 5m" or "3h5m ago". */
void date_distance(int64_t date, int64_t now, char out[DATE_DISTANCE_SIZE]);

/*
 * In what a date seems to be, "milliseconds" or "microseconds", where it is too
 * late to be in seconds; NULL otherwise.  Static.
 */
const char *date_other_unit(int64_t date);

#endif
