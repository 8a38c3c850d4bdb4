/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The time of day and the days of the week.  It is the time that a clock on the
 * wall shows: when summer time begins, an hour of one night does not exist, and
 * when it ends, an hour of one night is there twice.
 */
#include "core/policy/rule_time.h"

#define DAY_MINUTES	1440
#define WEEK_DAYS	7
#define ALL_DAYS	0x7fU

/* HH:MM from 00:00 to 24:00, of which the last is only an end. */
static bool
parse_clock(struct bytes text, unsigned *out)
{
	static const char form[] = "00:00";
	unsigned digits[5];
	size_t i;

	if (text.len != sizeof(form) - 1 || text.ptr[2] != ':')
		return false;
	for (i = 0; i < text.len; i++) {
		digits[i] = text.ptr[i] - (unsigned)'0';
		if (form[i] == '0' && digits[i] > 9)
			return false;
	}
	*out = (digits[0] * 10 + digits[1]) * 60 + digits[3] * 10 + digits[4];
	return digits[3] <= 5 && *out <= DAY_MINUTES;
}

/* HH:MM-HH:MM */
static bool
parse_span(struct rule_lex *in, struct rule_span *out)
{
	struct bytes until = in->token.text, from = bytes_cut(&until, '-');

	if (in->token.kind != TOKEN_WORD || !parse_clock(from, &out->from) ||
	    !parse_clock(until, &out->until) || out->from == DAY_MINUTES)
		return rule_lex_fail(in, "a time of day is expected after "
		    "time: 08:00-18:00; a claim of this name must be quoted");
	if (out->from == out->until)
		return rule_lex_fail(in, "a time of day of no length; a whole "
		    "day is 00:00-24:00");
	rule_lex_advance(in);
	return true;
}

static const char *const day_names[WEEK_DAYS] = {
	"sun", "mon", "tue", "wed", "thu", "fri", "sat"
};

const char *
rule_day_name(unsigned weekday)
{
	return day_names[weekday % WEEK_DAYS];
}

static bool
parse_day(struct bytes name, unsigned *out)
{
	unsigned i;

	for (i = 0; i < WEEK_DAYS; i++) {
		if (bytes_eq_str(name, day_names[i])) {
			*out = i;
			return true;
		}
	}
	return false;
}

/* DAY or DAY-DAY, which may go over the end of a week: fri-mon. */
static bool
parse_days(struct rule_lex *in, struct rule_span *out)
{
	struct bytes last = in->token.text, first = bytes_cut(&last, '-');
	unsigned day = 0, end;
	bool ok = in->token.kind == TOKEN_WORD && parse_day(first, &day);

	end = day;
	if (ok && first.len < in->token.text.len)
		ok = parse_day(last, &end);
	if (!ok)
		return rule_lex_fail(in, "a day is expected here, or several: "
		    "mon, wed-fri; the days are mon tue wed thu fri sat sun");
	out->days |= 1U << day;
	while (day != end) {
		day = (day + 1) % WEEK_DAYS;
		out->days |= 1U << day;
	}
	rule_lex_advance(in);
	return true;
}

/* Whether the test ends after the time of day. */
static bool
is_at_end(const struct rule_lex *in)
{
	return rule_lex_at(in, TOKEN_WORD, "and") ||
	    rule_lex_at(in, TOKEN_WORD, "or") ||
	    rule_lex_at(in, TOKEN_SIGN, ")") || in->token.kind == TOKEN_END;
}

bool
rule_parse_time(struct rule_lex *in, struct rule_test *test)
{
	test->subject = RULE_TIME;
	test->op = RULE_BETWEEN;
	in->names_time = true;
	if (!parse_span(in, &test->span))
		return false;
	test->span.days = ALL_DAYS;
	if (is_at_end(in))
		return true;
	test->span.days = 0;
	do {
		if (!parse_days(in, &test->span))
			return false;
	} while (rule_lex_take(in, TOKEN_SIGN, ","));
	return true;
}

static bool
is_on(const struct rule_span *span, unsigned weekday)
{
	return (span->days >> weekday & 1) != 0;
}

struct outcome
rule_time(const struct rule_span *span, struct zone_time now)
{
	unsigned yesterday = (now.weekday + WEEK_DAYS - 1) % WEEK_DAYS;
	bool has_begun = now.minute >= span->from;
	bool is_over = now.minute >= span->until;

	if (!now.is_known)
		return unknown("the clock of the host is not set, or its time "
		    "zone is not known");
	if (span->from < span->until)
		return outcome(has_begun && !is_over &&
		    is_on(span, now.weekday));
	/* It crosses midnight: it began today, or it began yesterday. */
	return outcome((has_begun && is_on(span, now.weekday)) ||
	    (!is_over && is_on(span, yesterday)));
}
