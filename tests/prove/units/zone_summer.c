/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two changes of a year, as take_change() lets them through, and any time
 * of LEN years after the first that zone.c asks for, and of the last one.
 */
#include "core/base/zone.h"
#include "core/base/zone_rule.c"

#define WEEK_SEC (168 * 3600)

static struct change
any_change(char form)
{
	return (struct change){
		.form = form,
		.day = (unsigned)Frama_C_interval(form == 'J', form == 'M' ?
		    6 : 365),
		.week = (unsigned)Frama_C_interval(1, 5),
		.month = (unsigned)Frama_C_interval(1, 12),
		.seconds = Frama_C_interval(-WEEK_SEC, WEEK_SEC)
	};
}

static void
look_at(const struct change changes[2], int64_t from)
{
	int64_t standard = Frama_C_interval(-25 * 3600, 25 * 3600);
	int64_t summer = Frama_C_interval(-25 * 3600, 25 * 3600);

	is_summer(changes, standard, summer, Frama_C_long_long_interval(from,
	    from + 365 * DAY_SEC));
}

void
main(void)
{
	static const char forms[] = { 'J', 'D', 'M' };
	struct change changes[2];
	int64_t year;
	size_t i;

	for (i = 0; i < sizeof(forms); i++) {
		changes[0] = changes[1] = any_change(forms[i]);
		for (year = 0; year < LEN; year++)
			look_at(changes, ZONE_NOW_MIN + year * 365 * DAY_SEC);
		look_at(changes, ZONE_NOW_MAX - 365 * DAY_SEC);
	}
}
