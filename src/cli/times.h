/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints times and spans of time for people. */
#ifndef JWT_TIMES_H
#define JWT_TIMES_H

#include <stdint.h>
#include <stdio.h>

/* "2026-11-23 17:40:43 UTC"; seconds since the epoch. */
void times_print_date(int64_t date, FILE *out);

/* "59s", "5m30s", "3h5m", "2d1h"; the sign of the span is not shown. */
void times_print_span(int64_t span_sec, FILE *out);

/* "in 5m" or "3h5m ago". */
void times_print_distance(int64_t date, int64_t now, FILE *out);

#endif
