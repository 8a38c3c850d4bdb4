/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local time of a zone: that of libc, for each zone of this machine and for
 * rules as POSIX writes them, at each change to the second; and files that are
 * cut, or say something that cannot be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <ftw.h>
#include <time.h>

#include <cmocka.h>

#include "core/base/zone.h"
#include "core/base/zone_rule.h"
#include "world.h"

#define ZONES "/usr/share/zoneinfo"
#define YEAR_2045 INT64_C(2366841600)	/* beyond 2037, where files end */
#define YEAR_2100 INT64_C(4102444800)
#define YEAR_2400 INT64_C(13569465600)
#define STEP_SEC (5 * 86400)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- a file of one rule ------------------------------------------------- */

struct block {
	uint32_t leap, time, type;
};

static size_t
put_header(uint8_t *out, char version, const struct block *block)
{
	const uint32_t counts[] = { 0, 0, block->leap, block->time,
	    block->type, 4 };
	size_t i, k;

	memset(out, 0, 44);
	memcpy(out, "TZif", 4);
	out[4] = (uint8_t)version;
	for (i = 0; i < COUNT(counts); i++) {
		for (k = 0; k < 4; k++)
			out[20 + 4 * i + k] =
			    (uint8_t)(counts[i] >> (24 - 8 * k));
	}
	return 44;
}

/* The file of a zone that has a rule from the beginning, as zic -b slim does. */
static struct bytes
slim(const char *rule, uint8_t out[512])
{
	static const struct block empty = { .type = 1 };
	size_t len = put_header(out, '2', &empty);

	memset(out + len, 0, 10);
	len += 10;		/* a type, and the abbreviation of it */
	len += put_header(out + len, '2', &empty);
	memset(out + len, 0, 10);
	len += 10;
	len += (size_t)sprintf((char *)out + len, "\n%s\n", rule);
	return bytes_of(out, len);
}

/* ---- against libc ------------------------------------------------------- */

static void
compare(const char *name, const struct zone *zone, int64_t now)
{
	struct zone_time ours = zone_time(zone, now);
	time_t when = (time_t)now;
	struct tm theirs;

	assert_non_null(localtime_r(&when, &theirs));
	if (!ours.is_known || ours.weekday != (unsigned)theirs.tm_wday ||
	    ours.minute != (unsigned)(theirs.tm_hour * 60 + theirs.tm_min))
		fail_msg("%s at %lld: day %u minute %u, and libc has %d %02d:"
		    "%02d", name, (long long)now, ours.weekday, ours.minute,
		    theirs.tm_wday, theirs.tm_hour, theirs.tm_min);
}

static long
libc_offset(int64_t now)
{
	time_t when = (time_t)now;
	struct tm theirs;

	assert_non_null(localtime_r(&when, &theirs));
	return theirs.tm_gmtoff;
}

/* The first second of the offset that holds at late. */
static int64_t
find_change(int64_t early, int64_t late)
{
	while (early + 1 < late) {
		int64_t middle = early + (late - early) / 2;

		if (libc_offset(middle) == libc_offset(late))
			late = middle;
		else
			early = middle;
	}
	return late;
}

static unsigned changes;

static void
compare_years(const char *name, const struct zone *zone, int64_t now,
    int64_t end)
{
	int64_t change;

	for (; now < end; now += STEP_SEC) {
		compare(name, zone, now);
		if (libc_offset(now) == libc_offset(now + STEP_SEC))
			continue;
		change = find_change(now, now + STEP_SEC);
		compare(name, zone, change - 1);
		compare(name, zone, change);
		changes++;
	}
}

/* Up to 2045; and the years 2100, which is no leap year, and 2400. */
static void
compare_zone(const char *name, const struct zone *zone)
{
	compare_years(name, zone, ZONE_NOW_MIN, YEAR_2045);
	compare_years(name, zone, YEAR_2100, YEAR_2100 + 800 * 86400);
	compare_years(name, zone, YEAR_2400, YEAR_2400 + 800 * 86400);
}

static void
set_zone(const char *name)
{
	assert_int_equal(setenv("TZ", name, 1), 0);
	tzset();
}

static unsigned zones;

static int
compare_file(const char *path, const struct stat *info, int type,
    struct FTW *place)
{
	static uint8_t text[65536];
	struct zone zone;
	char *name;
	FILE *file;
	size_t len;

	(void)place;
	if (type != FTW_F || !S_ISREG(info->st_mode) ||
	    strstr(path, "/right/") != NULL || strstr(path, "/posix/") != NULL)
		return 0;
	file = fopen(path, "r");
	assert_non_null(file);
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	if (len < 4 || memcmp(text, "TZif", 4) != 0)
		return 0;
	if (!zone_read(bytes_of(text, len), &zone))
		fail_msg("%s cannot be read", path);
	name = world_text(":%s", path);
	set_zone(name);
	compare_zone(path, &zone);
	free(name);
	zones++;
	return 0;
}

/* Symbolic links are other names of a zone that stands there by itself. */
static void
test_zones(void **state)
{
	struct stat info;

	(void)state;
	if (stat(ZONES "/Europe/Berlin", &info) != 0) {
		print_message("there is no " ZONES ": tzdata\n");
		skip();
	}
	zones = changes = 0;
	assert_int_equal(nftw(ZONES, compare_file, 16, FTW_PHYS), 0);
	print_message("%u zones with %u changes\n", zones, changes);
	assert_true(zones > 100);
	assert_true(changes > 3000);
}

/* Each form that a rule can have, also those that no place has today. */
static void
test_rules(void **state)
{
	static const char *const rules[] = {
		"UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0",
		"<-03>3", "<+0545>-5:45", "IST-1GMT0,M10.5.0,M3.5.0/1",
		"AEST-10AEDT,M10.1.0,M4.1.0/3", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
		"EET-2EEST,M3.4.4/50,M10.4.4/50", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
		"NST3:30NDT,M3.2.0/0:01,M11.1.0/0:01", "ABC+1:02:03",
		"AAA3BBB,J60,J300", "AAA3BBB,J59/0,J363/23", "AAA3BBB,J1,J60/4:05:06",
		"AAA3BBB,0,364", "AAA3BBB,59,60/12", "AAA3BBB,60/3,200",
		"AAA3BBB5,M2.5.1,M2.1.5", "AAA3BBB,M1.1.0,M12.5.6",
		"AAA-14BBB,M2.4.3/24,M9.3.2/-2", "aaa-3:00", "zzz3:30:00",
		"AZaz9", "<A+9>-1", "AAA3BBB,J59,J61", "AAA3BBB,58,60/0",
	};
	uint8_t text[512];
	size_t i;

	(void)state;
	changes = 0;
	for (i = 0; i < COUNT(rules); i++) {
		struct zone zone;

		if (!zone_read(slim(rules[i], text), &zone))
			fail_msg("%s cannot be read", rules[i]);
		set_zone(rules[i]);
		compare_zone(rules[i], &zone);
	}
	assert_true(changes > 500);
	set_zone("Asia/Tokyo");		/* whatever the environment says */
	assert_int_equal(zone_time(&zone_utc, INT64_C(1700000000)).minute,
	    22 * 60 + 13);
	assert_int_equal(unsetenv("TZ"), 0);
}

/*
 * A summer that begins on January 1: the year is that of the place.  libc takes
 * that of UTC, in which it is December 31 still.
 */
static void
test_new_year(void **state)
{
	struct bytes rule = bytes_str("AAA-10BBB,J1,J60");
	int64_t start = INT64_C(1609430400);	/* 2020-12-31 16:00 UTC */
	int32_t offset;

	(void)state;
	assert_true(zone_rule_offset(rule, start - 1, &offset));
	assert_int_equal(offset, 10 * 3600);
	assert_true(zone_rule_offset(rule, start, &offset));
	assert_int_equal(offset, 11 * 3600);
}

/* ---- what is refused ---------------------------------------------------- */

static void
test_malformed_rules(void **state)
{
	static const char *const rules[] = {
		"", "UTC", "0", "U0", "UT0", "UTC0x", "UTC0 ", "UTC25",
		"UTC0000", "UTC0:60", "UTC0:00:60", "UTC:1", "UTC-", "<UTC0",
		"<UTC", "CET-1CEST", "CET-1CEST,", "CET-1CEST,M3.5.0",
		"CET-1CEST,M3.5.0,", "CET-1CEST,M3.5.0,M10.5.0/",
		"CET-1CEST,M3.5.0,M10.5.0/3x", "CET-1CEST,M0.5.0,M10.5.0",
		"CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0",
		"CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
		"CET-1CEST,M3.5,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/168",
		"CET-1CEST,J0,J300", "CET-1CEST,J366,J300", "CET-1CEST,366,1",
		"CET-1CE,M3.5.0,M10.5.0", "CET-1CEST25,M3.5.0,M10.5.0",
		"CET-1CEST,M3.5.0,M10.5.0,", "CET-1CEST,M3.5.0,M10.5.0\n",
		"1AA0", "@AA0", "[AA0", "`aa0", "{aa0", "AA@0", "<>", "<AAA",
		"CET-1CEST,M3.5.0,M10.5.0/0167", "CET-1CEST,J0060,J300",
		"CET-1CEST,M3.5.0/3:60,M10.5.0", "CET-1CEST,M3.5.0:M10.5.0",
	};
	struct zone zone;
	uint8_t text[512];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rules); i++) {
		if (zone_read(slim(rules[i], text), &zone) || zone.is_known)
			fail_msg("%s is read", rules[i]);
		assert_false(zone_time(&zone, WORLD_NOW).is_known);
	}
}

/* Each beginning of a rule, with nothing after it that could be read. */
static void
cut_rule(const char *rule, const char *is_whole)
{
	size_t len;

	assert_int_equal(strlen(rule), strlen(is_whole));
	for (len = 0; len <= strlen(rule); len++) {
		char *cut = malloc(len == 0 ? 1 : len);
		bool want = len > 0 && is_whole[len - 1] == '+';
		int32_t offset;

		assert_non_null(cut);
		memcpy(cut, rule, len);
		if (zone_rule_offset(bytes_of(cut, len), WORLD_NOW, &offset) !=
		    want)
			fail_msg("%.*s", (int)len, rule);
		free(cut);
	}
}

/* Below each character + if the rule up to it is a whole one. */
static void
test_cut_rules(void **state)
{
	(void)state;
	cut_rule("<+01>-1:02:03<+02>-2:30:59,J60/-1:2:3,M10.5.0/167:59:59",
	    "......+.++.++...............................+.+++.++.++");
	cut_rule("CET-1CEST,M3.5.0,M10.5.0/3",
	    "....+..................+.+");
}

/* A file with two changes, in which the bytes of faults are changed. */
static size_t
two_changes(uint8_t out[512])
{
	static const struct block empty = { .type = 1 };
	static const struct block block = { .time = 2, .type = 2 };
	static const uint8_t data[] = {
		0, 0, 0, 0, 0x65, 0x00, 0x00, 0x01,	/* 2023-09-12 */
		0, 0, 0, 0, 0x66, 0x00, 0x00, 0x01,	/* 2024-03-24 */
		1, 0,
		0, 0, 0x0e, 0x10, 0, 0,			/* one hour east */
		0, 0, 0x1c, 0x20, 1, 0,			/* two */
		'A', 'B', 'C', 0
	};
	size_t len = put_header(out, '2', &empty);

	memset(out + len, 0, 10);
	len += 10;
	len += put_header(out + len, '2', &block);
	memcpy(out + len, data, sizeof(data));
	len += sizeof(data);
	return len + (size_t)sprintf((char *)out + len, "\nABC-3\n");
}

#define DATA (44 + 10 + 44)	/* where the data of the second block begin */

static void
test_files(void **state)
{
	static const struct {
		size_t at;
		uint8_t byte;
	} faults[] = {
		{ 0, 't' }, { 4, 0 }, { 4, '1' }, { 54, 't' },
		{ 20, 0xff }, { 32, 0xff },		/* counts */
		{ 54 + 29, 1 }, { 54 + 31, 1 },		/* leap seconds */
		{ 54 + 34, 1 }, { 54 + 35, 3 }, { 54 + 35, 1 },
		{ 54 + 39, 0 }, { 54 + 39, 1 }, { 54 + 39, 3 },
		{ DATA + 4, 0x66 }, { DATA + 4, 0x67 },	/* not ascending */
		{ DATA + 8, 0x80 },
		{ DATA + 16, 2 }, { DATA + 17, 255 },	/* no such type */
		{ DATA + 18, 0x7f }, { DATA + 18, 0x80 }, { DATA + 25, 2 },
		{ DATA + 34, ' ' },			/* the line feed */
	};
	uint8_t text[512];
	size_t len = two_changes(text), i;
	struct zone zone;

	(void)state;
	assert_true(zone_read(bytes_of(text, len), &zone));
	/* The byte before the first type is not one: it would be the second. */
	assert_int_equal(zone_time(&zone, 0x65000001 - 1).minute,
	    (0x65000001 - 1 + 3600) % 86400 / 60);
	assert_int_equal(zone_time(&zone, 0x65000001).minute,
	    (0x65000001 + 7200) % 86400 / 60);
	assert_int_equal(zone_time(&zone, 0x66000001 - 1).minute,
	    (0x66000001 - 1 + 7200) % 86400 / 60);
	assert_int_equal(zone_time(&zone, 0x66000001).minute,
	    (0x66000001 + 10800) % 86400 / 60);	/* the rule's */
	for (i = 0; i < len; i++) {
		uint8_t *cut = malloc(i + 1);	/* so that a sanitizer sees */

		assert_non_null(cut);
		memcpy(cut, text, i);
		assert_false(zone_read(bytes_of(cut, i), &zone));
		free(cut);
	}
	for (i = 0; i < COUNT(faults); i++) {
		uint8_t saved = text[faults[i].at];

		text[faults[i].at] = faults[i].byte;
		if (zone_read(bytes_of(text, len), &zone))
			fail_msg("byte %zu is %u", faults[i].at,
			    faults[i].byte);
		text[faults[i].at] = saved;
	}
}

/* One change, to an offset of 0: the zeros after it are no time before it. */
static void
test_one_change(void **state)
{
	static const struct block empty = { .type = 1 };
	static const struct block block = { .time = 1, .type = 1 };
	static const uint8_t data[] = {
		0, 0, 0, 0, 0x65, 0x00, 0x00, 0x00,	/* 2023-09-12 */
		0,
		0, 0, 0, 0, 0, 0,			/* UTC */
		'A', 'B', 'C', 0, '\n', 'A', 'B', 'C', '0', '\n'
	};
	uint8_t text[512];
	size_t len = put_header(text, '2', &empty);
	struct zone zone;

	(void)state;
	memset(text + len, 0, 10);
	len += 10;
	len += put_header(text + len, '2', &block);
	memcpy(text + len, data, sizeof(data));
	assert_true(zone_read(bytes_of(text, len + sizeof(data)), &zone));
	assert_int_equal(zone_time(&zone, 0x65000000).minute,
	    0x65000000 % 86400 / 60);
}

#define COUNT_MAX 65536

/* Whether a file is read in which one count of the second block is so large. */
static bool
reads_count(size_t field, size_t count)
{
	uint8_t *text = calloc(1, 1024 + count);
	uint8_t head[512];
	size_t start = DATA - 44, skipped = count, len, i;
	struct zone zone;
	bool ok;

	assert_non_null(text);
	len = slim("UTC0", head).len - strlen("\nUTC0\n");
	memcpy(text, head, len);
	for (i = 0; i < 4; i++)
		text[start + 20 + 4 * field + i] = (uint8_t)(count >> (24 - 8 * i));
	if (field != 5)		/* the abbreviations are there, too */
		skipped += 4;
	memcpy(text + DATA + 6 + skipped, "\nUTC0\n", 6);
	ok = zone_read(bytes_of(text, DATA + 6 + skipped + 6), &zone);
	free(text);
	return ok;
}

/* Each kind of bytes that are skipped, as many as may be and one more. */
static void
test_counts(void **state)
{
	static const size_t fields[] = { 0, 1, 5 };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(fields); i++) {
		assert_true(reads_count(fields[i], COUNT_MAX));
		assert_false(reads_count(fields[i], COUNT_MAX + 1));
	}
}

/* The first block may count leap seconds: nobody reads it. */
static void
test_first_block(void **state)
{
	static const struct block leap = { .leap = 1, .type = 1 };
	uint8_t text[512], head[512];
	struct bytes file = slim("UTC0", head);
	size_t len = put_header(text, '2', &leap);
	struct zone zone;

	(void)state;
	memset(text + len, 0, 10 + 8);
	len += 10 + 8;
	memcpy(text + len, file.ptr + DATA - 44, file.len - (DATA - 44));
	len += file.len - (DATA - 44);
	assert_true(zone_read(bytes_of(text, len), &zone));
}

/* RFC 9636 section 3.2: an offset is below 26 hours; there is a type. */
static void
test_limits(void **state)
{
	static const struct {
		int32_t offset;
		bool taken;
	} rows[] = {
		{ 26 * 3600, true }, { 26 * 3600 + 1, false },
		{ -26 * 3600, true }, { -26 * 3600 - 1, false },
	};
	static const struct block none = { .type = 0 };
	struct zone zone;
	uint8_t text[512];
	struct bytes file;
	size_t i, k, len;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		file = slim("UTC0", text);
		for (k = 0; k < 4; k++)
			text[DATA + k] = (uint8_t)((uint32_t)rows[i].offset >>
			    (24 - 8 * k));
		if (zone_read(file, &zone) != rows[i].taken)
			fail_msg("an offset of %d", rows[i].offset);
	}
	len = DATA - 44;
	len += put_header(text + len, '2', &none);
	memset(text + len, 0, 4);
	len += 4;
	len += (size_t)sprintf((char *)text + len, "\nUTC0\n");
	assert_false(zone_read(bytes_of(text, len), &zone));
}

/* A clock that was never set, and a time that no clock shows. */
static void
test_clocks(void **state)
{
	static const int64_t broken[] = {
		-1, 0, 1, ZONE_NOW_MIN - 1, ZONE_NOW_MAX + 1, INT64_MIN,
		INT64_MAX
	};
	struct zone zone = { .is_known = false };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(broken); i++)
		assert_false(zone_time(&zone_utc, broken[i]).is_known);
	assert_true(zone_time(&zone_utc, ZONE_NOW_MIN).is_known);
	assert_true(zone_time(&zone_utc, ZONE_NOW_MAX).is_known);
	assert_int_equal(zone_time(&zone_utc, ZONE_NOW_MIN).weekday, 3);
	assert_int_equal(zone_time(&zone_utc, ZONE_NOW_MAX).minute, 1439);
	assert_false(zone_time(&zone, WORLD_NOW).is_known);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zones),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_new_year),
		cmocka_unit_test(test_malformed_rules),
		cmocka_unit_test(test_cut_rules),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_one_change),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_first_block),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_clocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
