/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the rule of a time zone, and finds the offset that it has at a time. */
#include "core/base/date.h"
#include "core/base/zone_rule.h"

#define DAY_SEC 86400

/* One of the two changes in each year. */
struct change {
	char form;		/* 'J': day without February 29, 'D', 'M' */
	unsigned day;		/* 'J' 1 to 365, 'D' 0 to 365; 'M': 0 to 6 */
	unsigned week;		/* 'M': 1 to 5, which is the last */
	unsigned month;		/* 'M': 1 to 12 */
	int64_t seconds;	/* of the local time, from that midnight on */
};

static bool
take_byte(struct bytes *rest, uint8_t byte)
{
	if (rest->len == 0 || rest->ptr[0] != byte)
		return false;
	*rest = bytes_of(rest->ptr + 1, rest->len - 1);
	return true;
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* One to three digits, of a number from low to high. */
static bool
take_number(struct bytes *rest, unsigned low, unsigned high, unsigned *out)
{
	size_t digits = 0;
	unsigned value = 0;

	while (digits < rest->len && digits < 3 && is_digit(rest->ptr[digits]))
		value = value * 10 + (rest->ptr[digits++] - '0');
	if (digits == 0 || value < low || value > high)
		return false;
	*rest = bytes_of(rest->ptr + digits, rest->len - digits);
	*out = value;
	return true;
}

/* An abbreviation: letters, or <letters, digits and signs>. */
static bool
take_name(struct bytes *rest)
{
	size_t len = 0;

	if (take_byte(rest, '<')) {
		(void)bytes_cut(rest, '>');
		return rest->len > 0;
	}
	while (len < rest->len && is_letter(rest->ptr[len]))
		len++;
	*rest = bytes_of(rest->ptr + len, rest->len - len);
	return len >= 3;
}

/* [+|-] HH [ : MM [ : SS ] ] */
static bool
take_time(struct bytes *rest, unsigned hours_max, int64_t *out)
{
	unsigned hours, minutes = 0, seconds = 0;
	bool is_negative = take_byte(rest, '-');

	if (!is_negative)
		(void)take_byte(rest, '+');
	if (!take_number(rest, 0, hours_max, &hours))
		return false;
	if (take_byte(rest, ':') && !take_number(rest, 0, 59, &minutes))
		return false;
	if (take_byte(rest, ':') && !take_number(rest, 0, 59, &seconds))
		return false;
	*out = (int64_t)hours * 3600 + (int64_t)minutes * 60 + seconds;
	if (is_negative)
		*out = -*out;
	return true;
}

/* M MONTH . WEEK . DAY, after the M */
static bool
take_month(struct bytes *rest, struct change *out)
{
	out->form = 'M';
	return take_number(rest, 1, 12, &out->month) && take_byte(rest, '.') &&
	    take_number(rest, 1, 5, &out->week) && take_byte(rest, '.') &&
	    take_number(rest, 0, 6, &out->day);
}

static bool
take_day(struct bytes *rest, struct change *out)
{
	if (take_byte(rest, 'M'))
		return take_month(rest, out);
	out->form = 'J';
	if (take_byte(rest, 'J'))
		return take_number(rest, 1, 365, &out->day);
	out->form = 'D';
	return take_number(rest, 0, 365, &out->day);
}

/* , DATE [ / TIME ]; without a time it is at 02:00. */
static bool
take_change(struct bytes *rest, struct change *out)
{
	*out = (struct change){ .seconds = INT64_C(7200) };
	if (!take_byte(rest, ',') || !take_day(rest, out))
		return false;
	return !take_byte(rest, '/') || take_time(rest, 167, &out->seconds);
}

/* Days from January 1 to the day of a month, in a year. */
static int64_t
day_of_month(const struct change *change, int64_t year)
{
	static const unsigned lengths[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};
	unsigned len = lengths[change->month - 1], i;
	int64_t first = 0, day;

	for (i = 0; i + 1 < change->month; i++)
		first += lengths[i];
	if (date_is_leap(year) && change->month > 2)
		first++;
	if (date_is_leap(year) && change->month == 2)
		len++;
	/* The first such weekday; January 1, 1970 was a Thursday. */
	day = ((int64_t)change->day -
	    (date_days_to_year(year) + first + 4) % 7 + 7) % 7;
	day += 7 * ((int64_t)change->week - 1);
	while (day >= (int64_t)len)	/* at most once: week 5 is the last */
		day -= 7;
	return first + day;
}

/* When a change happens in a year: seconds of local time, as if it was UTC. */
static int64_t
change_in(const struct change *change, int64_t year)
{
	int64_t day = change->day;

	if (change->form == 'M')
		day = day_of_month(change, year);
	else if (change->form == 'J' && !(date_is_leap(year) && day >= 60))
		day--;
	return (date_days_to_year(year) + day) * DAY_SEC + change->seconds;
}

/* Whether the summer time of a year has begun and is not over. */
static bool
is_summer(const struct change changes[2], int64_t standard, int64_t summer,
    int64_t now)
{
	int64_t year = date_year_of((now + standard) / DAY_SEC);
	int64_t start = change_in(&changes[0], year) - standard;
	int64_t end = change_in(&changes[1], year) - summer;

	if (start < end)
		return now >= start && now < end;
	return now >= start || now < end;	/* south of the equator */
}

bool
zone_rule_offset(struct bytes rule, int64_t now, int32_t *out)
{
	struct change changes[2];
	int64_t standard, summer;

	if (!take_name(&rule) || !take_time(&rule, 24, &standard))
		return false;
	standard = -standard;	/* POSIX counts from east to west */
	*out = (int32_t)standard;
	if (rule.len == 0)
		return true;
	summer = standard + 3600;
	if (!take_name(&rule))
		return false;
	if (rule.len > 0 && rule.ptr[0] != ',') {
		if (!take_time(&rule, 24, &summer))
			return false;
		summer = -summer;
	}
	if (!take_change(&rule, &changes[0]) ||
	    !take_change(&rule, &changes[1]) || rule.len != 0)
		return false;
	if (is_summer(changes, standard, summer, now))
		*out = (int32_t)summer;
	return true;
}
