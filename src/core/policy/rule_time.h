/* SPDX-License-Identifier: BSD-2-Clause */
/* The test of the local time: its parser, and its evaluation. */
#ifndef JWT_RULE_TIME_H
#define JWT_RULE_TIME_H

#include "core/policy/outcome.h"
#include "core/policy/rule_lex.h"

/* HH:MM-HH:MM [ DAYS ], after the word time. */
bool rule_parse_time(struct rule_lex *in, struct rule_test *test);

/* Unknown if the time is: a clock that was never set opens no door. */
struct outcome rule_time(const struct rule_span *span, struct zone_time now);

/* "sun" to "sat"; static. */
const char *rule_day_name(unsigned weekday);

#endif
