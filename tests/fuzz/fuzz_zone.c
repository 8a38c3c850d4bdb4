/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time zones.  The first line is a time, the rest the file.  A file that is
 * read gives a time that a clock can show, at each moment at which clocks are
 * set; one that is refused gives none.
 */
#include "core/base/zone.h"
#include "tests/fuzz/fuzz.h"

static void
check_time(const struct zone *zone, bool is_read, int64_t now)
{
	struct zone_time time = zone_time(zone, now);

	FUZZ_CHECK(time.is_known == (is_read && now >= ZONE_NOW_MIN &&
	    now <= ZONE_NOW_MAX));
	FUZZ_CHECK(time.weekday < 7 && time.minute < 1440);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	char *line = fuzz_string(fuzz_until(&rest, '\n'));
	struct secret text = fuzz_copy(rest);
	struct zone zone;
	bool is_read = zone_read(secret_bytes(&text), &zone);
	int64_t now = strtoll(line, NULL, 10), month;

	FUZZ_CHECK(zone.is_known == is_read);
	check_time(&zone, is_read, now);
	for (month = 0; month < 12; month++)
		check_time(&zone, is_read, ZONE_NOW_MIN + now % 86400 +
		    month * 30 * 86400);
	check_time(&zone, is_read, ZONE_NOW_MIN);
	check_time(&zone, is_read, ZONE_NOW_MAX);
	free(line);
	free(text.ptr);
	return 0;
}
