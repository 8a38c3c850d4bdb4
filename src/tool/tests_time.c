/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dates and times of tests.  strptime() is not used: it skips spaces, takes
 * short numbers and asks the locale.
 */
#include <time.h>

#include "core/base/number.h"
#include "tool/tests_time.h"

#define FORM "a date and time is expected here: 2026-12-01T09:00:00, which " \
	"is local time, or the same with Z or +01:00 at its end"

/* Take a number of exactly len digits; false for anything else. */
static bool
take_number(struct bytes *rest, size_t len, int *out)
{
	int64_t value;

	if (rest->len < len ||
	    !number_digits(bytes_of(rest->ptr, len), 9999, &value))
		return false;
	*out = (int)value;
	*rest = bytes_of(rest->ptr + len, rest->len - len);
	return true;
}

static bool
take_sign(struct bytes *rest, uint8_t sign)
{
	if (rest->len == 0 || rest->ptr[0] != sign)
		return false;
	*rest = bytes_of(rest->ptr + 1, rest->len - 1);
	return true;
}

static bool
take_date(struct bytes *rest, struct tm *out)
{
	if (!take_number(rest, 4, &out->tm_year) || !take_sign(rest, '-') ||
	    !take_number(rest, 2, &out->tm_mon) || !take_sign(rest, '-') ||
	    !take_number(rest, 2, &out->tm_mday))
		return false;
	out->tm_year -= 1900;
	out->tm_mon -= 1;
	return out->tm_year >= 70;
}

static bool
take_time(struct bytes *rest, struct tm *out)
{
	return take_number(rest, 2, &out->tm_hour) && take_sign(rest, ':') &&
	    take_number(rest, 2, &out->tm_min) && take_sign(rest, ':') &&
	    take_number(rest, 2, &out->tm_sec);
}

/* Take Z, or a sign with hours and minutes, as seconds east of Greenwich. */
static bool
take_zone(struct bytes *rest, int64_t *out)
{
	int hours, minutes, sign = 1;

	*out = 0;
	if (take_sign(rest, 'Z'))
		return rest->len == 0;
	if (take_sign(rest, '-'))
		sign = -1;
	else if (!take_sign(rest, '+'))
		return false;
	if (!take_number(rest, 2, &hours) || !take_sign(rest, ':') ||
	    !take_number(rest, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*out = (int64_t)sign * (hours * 60 + minutes) * 60;
	return rest->len == 0;
}

static bool
are_same(const struct tm *a, const struct tm *b)
{
	return a->tm_year == b->tm_year && a->tm_mon == b->tm_mon &&
	    a->tm_mday == b->tm_mday && a->tm_hour == b->tm_hour &&
	    a->tm_min == b->tm_min && a->tm_sec == b->tm_sec;
}

/* timegm() takes the 31st of February for a day in March; we do not. */
static bool
of_utc(const struct tm *wanted, int64_t *out)
{
	struct tm copy = *wanted, got;
	time_t when = timegm(&copy);

	*out = (int64_t)when;
	return gmtime_r(&when, &got) != NULL && are_same(wanted, &got);
}

/* Try it as winter or as summer time; false if the clock never shows it so. */
static bool
of_local(const struct tm *wanted, int is_summer, int64_t *out)
{
	struct tm copy = *wanted, got;
	time_t when;

	copy.tm_isdst = is_summer;
	when = mktime(&copy);
	*out = (int64_t)when;
	return localtime_r(&when, &got) != NULL && are_same(wanted, &got);
}

static const char *
read_local(const struct tm *wanted, int64_t *out)
{
	int64_t winter, summer;
	bool in_winter = of_local(wanted, 0, &winter);
	bool in_summer = of_local(wanted, 1, &summer);

	if (!in_winter && !in_summer)
		return "there is no such local time here";
	if (in_winter && in_summer && winter != summer)
		return "this local time comes twice, at the end of summer "
		    "time: say which by a zone at its end, as +01:00";
	*out = in_winter ? winter : summer;
	return NULL;
}

const char *
tests_time_read(struct bytes text, int64_t *out)
{
	struct bytes rest = text;
	struct tm wanted = { .tm_year = 0 };
	int64_t utc, east_sec;

	*out = 0;
	if (!take_date(&rest, &wanted) || !take_sign(&rest, 'T') ||
	    !take_time(&rest, &wanted))
		return FORM;
	if (!of_utc(&wanted, &utc))
		return "there is no such date and time";
	if (rest.len == 0)
		return read_local(&wanted, out);
	if (!take_zone(&rest, &east_sec))
		return FORM;
	*out = utc - east_sec;
	if (*out < 0)
		return "before 1970";
	return NULL;
}
