/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The test of the time of day: its grammar, each minute of a week against a
 * model, the nights on which summer time begins and ends, and a clock or a zone
 * that nothing can be said from.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/policy/rule_time.h"
#include "world.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DAY 1440
#define WEEK (7 * DAY)
#define T TRI_TRUE
#define F TRI_FALSE
#define U TRI_UNKNOWN

static enum jwt_reason
parse(const char *text, struct arena *arena, struct diag *diag,
    struct rule *rule)
{
	struct diag_place place = {
		.file = "f", .line = 1, .column = 1, .source = text
	};

	return rule_parse(bytes_str(text), place, true, arena, diag, rule);
}

static void
test_errors(void **state)
{
	static const struct {
		const char *text;
		unsigned column;	/* 0: accepted */
	} rows[] = {
		{ "time 08:00-18:00", 0 }, { "time 22:00-06:00", 0 },
		{ "time 00:00-24:00", 0 }, { "time 23:59-00:00", 0 },
		{ "time 08:00-18:00 mon", 0 },
		{ "time 08:00-18:00 mon-fri", 0 },
		{ "time 08:00-18:00 fri-mon", 0 },
		{ "time 08:00-18:00 mon-mon", 0 },
		{ "time 08:00-18:00 mon-fri,sat , sun", 0 },
		{ "time 08:00-18:00 and s = x", 0 },
		{ "time 08:00-18:00 mon or s = x", 0 },
		{ "(time 08:00-18:00) and not (time 12:00-13:00 sun)", 0 },
		{ "not time 08:00-18:00", 0 }, { "\"time\" = x", 0 },
		{ "/time exists", 0 },
		{ "time", 13 }, { "time = x", 14 }, { "time exists", 14 },
		{ "time 08:00", 14 }, { "time 08:00-", 14 },
		{ "time -18:00", 14 }, { "time 8:00-18:00", 14 },
		{ "time 08:0-18:00", 14 }, { "time 08:00-18:000", 14 },
		{ "time 08:00-24:01", 14 }, { "time 08:00-25:00", 14 },
		{ "time 24:00-08:00", 14 }, { "time 08:60-18:00", 14 },
		{ "time 08:00-18:60", 14 }, { "time 08.00-18.00", 14 },
		{ "time 0x:00-18:00", 14 }, { "time 08:00-1/:00", 14 },
		{ "time 0::00-18:00", 14 }, { "time :0:00-18:00", 14 },
		{ "time 08:00-18::0", 14 }, { "time 08:00-18:0:", 14 },
		{ "time 08:00-18:00:00", 14 }, { "time 08:00 - 18:00", 14 },
		{ "time 08:00-18:00-20:00", 14 },
		{ "time \"08:00-18:00\"", 14 },
		{ "time 08:00-08:00", 14 }, { "time 00:00-00:00", 14 },
		{ "time 08:00-18:00 Mon", 26 },
		{ "time 08:00-18:00 monday", 26 },
		{ "time 08:00-18:00 mon-", 26 },
		{ "time 08:00-18:00 -fri", 26 },
		{ "time 08:00-18:00 mon-fri-sat", 26 },
		{ "time 08:00-18:00 weekdays", 26 },
		{ "time 08:00-18:00 \"mon\"", 26 },
		{ "time 08:00-18:00 mon,", 30 },
		{ "time 08:00-18:00, mon", 25 },
		{ "time 08:00-18:00 { mon }", 26 },
		{ "time 08:00-18:00 mon fri", 30 },
		{ "time 08:00-18:00 mon,and s = x", 30 },
		{ "time not 08:00-18:00", 14 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char *text = world_text("as a if %s", rows[i].text);
		struct arena arena = { 0 };
		struct diag diag = { 0 };
		struct rule rule;
		unsigned column = 0;

		if (parse(text, &arena, &diag, &rule) != JWT_OK)
			column = diag_first_error(&diag)->column;
		if (column != rows[i].column)
			fail_msg("%s: column %u", rows[i].text, column);
		arena_clear(&arena);
		diag_clear(&diag);
		free(text);
	}
}

/* The test of a condition, which is nothing but that test. */
static struct rule_span
span_of(const char *condition)
{
	char *text = world_text("as a if %s", condition);
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct rule_span span;
	struct rule rule;

	if (parse(text, &arena, &diag, &rule) != JWT_OK)
		fail_msg("%s: %s", text, diag_first_error(&diag)->text);
	assert_true(rule.names_time);
	assert_int_equal(rule.cond->test.subject, RULE_TIME);
	assert_int_equal(rule.cond->test.op, RULE_BETWEEN);
	assert_string_equal(rule.cond->test.text, condition);
	span = rule.cond->test.span;
	arena_clear(&arena);
	diag_clear(&diag);
	free(text);
	return span;
}

static void
test_days(void **state)
{
	static const struct {
		const char *condition;
		unsigned days;		/* Sunday is 1, Saturday 64 */
	} rows[] = {
		{ "time 08:00-18:00", 127 }, { "time 08:00-18:00 sun", 1 },
		{ "time 08:00-18:00 mon", 2 }, { "time 08:00-18:00 tue", 4 },
		{ "time 08:00-18:00 wed", 8 }, { "time 08:00-18:00 thu", 16 },
		{ "time 08:00-18:00 fri", 32 }, { "time 08:00-18:00 sat", 64 },
		{ "time 08:00-18:00 mon-fri", 62 },
		{ "time 08:00-18:00 sat-sun", 65 },
		{ "time 08:00-18:00 fri-mon", 99 },
		{ "time 08:00-18:00 sun-sat", 127 },
		{ "time 08:00-18:00 mon-sun", 127 },
		{ "time 08:00-18:00 mon-mon", 2 },
		{ "time 08:00-18:00 mon, wed-thu,sat", 90 },
		{ "time 08:00-18:00 mon,mon", 2 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct rule_span span = span_of(rows[i].condition);

		assert_int_equal(span.from, 8 * 60);
		assert_int_equal(span.until, 18 * 60);
		if (span.days != rows[i].days)
			fail_msg("%s: %u", rows[i].condition, span.days);
	}
	assert_int_equal(span_of("time 00:00-24:00").until, DAY);
	assert_int_equal(span_of("time 09:31-12:00").from, 571);
	assert_int_equal(span_of("time 12:00-19:59").until, 1199);
}

/*
 * A model of another make: each day of the span has one stretch of minutes,
 * which may reach into the next day, or from Saturday into Sunday.
 */
static void
check_week(const struct rule_span *span)
{
	static bool inside[WEEK];
	unsigned length = (span->until + DAY - span->from) % DAY, day, i;

	memset(inside, 0, sizeof(inside));
	length = length == 0 ? DAY : length;
	for (day = 0; day < 7; day++) {
		for (i = 0; i < length && (span->days >> day & 1) != 0; i++)
			inside[(day * DAY + span->from + i) % WEEK] = true;
	}
	for (i = 0; i < WEEK; i++) {
		struct zone_time now = {
			.is_known = true, .weekday = i / DAY, .minute = i % DAY
		};

		if (rule_time(span, now).value != (inside[i] ? T : F))
			fail_msg("%u-%u on %u, minute %u of the week",
			    span->from, span->until, span->days, i);
		now.is_known = false;
		assert_int_equal(rule_time(span, now).value, U);
	}
}

static void
test_weeks(void **state)
{
	static const struct { unsigned from, until; } spans[] = {
		{ 0, DAY }, { 0, 1 }, { 480, 1080 }, { 1439, DAY },
		{ 1439, 0 }, { 1320, 360 }, { 1, 0 }, { 720, 719 }
	};
	size_t i;
	unsigned days;

	(void)state;
	for (i = 0; i < COUNT(spans); i++) {
		for (days = 1; days < 128; days++) {
			struct rule_span span = {
				.from = spans[i].from,
				.until = spans[i].until, .days = days
			};

			check_week(&span);
		}
	}
}

/* ---- on a clock --------------------------------------------------------- */

static const struct zone berlin = {
	.is_known = true,
	.rule = { .ptr = (const uint8_t *)"CET-1CEST,M3.5.0,M10.5.0/3",
	    .len = sizeof("CET-1CEST,M3.5.0,M10.5.0/3") - 1 }
};

static enum tri
at(const char *condition, int64_t now, const struct zone *zone)
{
	struct rule_span span = span_of(condition);

	return rule_time(&span, zone_time(zone, now)).value;
}

#define SPRING INT64_C(1774746000)	/* 2026-03-29, 02:00 becomes 03:00 */
#define AUTUMN INT64_C(1792890000)	/* 2026-10-25, 03:00 becomes 02:00 */
#define HOUR 3600

static void
test_summer_time(void **state)
{
	static const struct {
		const char *condition;
		int64_t now;
		enum tri value;
	} rows[] = {
		/* The hour that does not exist. */
		{ "time 01:00-02:00", SPRING - 1, T },
		{ "time 01:00-02:00", SPRING, F },
		{ "time 02:00-03:00", SPRING - 1, F },
		{ "time 02:00-03:00", SPRING, F },
		{ "time 03:00-04:00", SPRING - 1, F },
		{ "time 03:00-04:00", SPRING, T },
		{ "time 03:00-04:00", SPRING + HOUR - 1, T },
		{ "time 03:00-04:00", SPRING + HOUR, F },
		/* The hour that is there twice. */
		{ "time 02:00-03:00", AUTUMN - HOUR - 1, F },
		{ "time 02:00-03:00", AUTUMN - HOUR, T },
		{ "time 02:00-03:00", AUTUMN - 1, T },
		{ "time 02:00-03:00", AUTUMN, T },
		{ "time 02:00-03:00", AUTUMN + HOUR - 1, T },
		{ "time 02:00-03:00", AUTUMN + HOUR, F },
		{ "time 03:00-04:00", AUTUMN - 1, F },
		{ "time 03:00-04:00", AUTUMN + HOUR, T },
		/* Nights over a change belong to the Saturday. */
		{ "time 22:00-06:00 sat", SPRING - 4 * HOUR, T },
		{ "time 22:00-06:00 sat", SPRING - 4 * HOUR - 1, F },
		{ "time 22:00-06:00 sat", SPRING + 3 * HOUR - 1, T },
		{ "time 22:00-06:00 sat", SPRING + 3 * HOUR, F },
		{ "time 22:00-06:00 sun", SPRING, F },
		{ "time 22:00-06:00 sat", AUTUMN + 4 * HOUR - 1, T },
		{ "time 22:00-06:00 sat", AUTUMN + 4 * HOUR, F },
		{ "time 22:00-06:00 sat", AUTUMN - 5 * HOUR, T },
		{ "time 22:00-06:00 sat", AUTUMN - 5 * HOUR - 1, F },
		/* 08:00 on a wall is not the same second in March and May. */
		{ "time 08:00-18:00 mon-fri", SPRING - 2 * 86400 + 6 * HOUR, T },
		{ "time 08:00-18:00 mon-fri", SPRING - 2 * 86400 + 6 * HOUR - 1,
		    F },
		{ "time 08:00-18:00 mon-fri", SPRING + 86400 + 5 * HOUR, T },
		{ "time 08:00-18:00 mon-fri", SPRING + 86400 + 5 * HOUR - 1,
		    F },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		if (at(rows[i].condition, rows[i].now, &berlin) !=
		    rows[i].value)
			fail_msg("%zu: %s at %lld", i, rows[i].condition,
			    (long long)rows[i].now);
	}
}

/* Midnight, the last second before it, and the end of the week. */
static void
test_midnight(void **state)
{
	const int64_t sunday = INT64_C(1795996800);	/* 2026-11-30 0:00 UTC */

	(void)state;
	assert_int_equal(at("time 00:00-24:00 sun", sunday - 1, &zone_utc), T);
	assert_int_equal(at("time 00:00-24:00 sun", sunday, &zone_utc), F);
	assert_int_equal(at("time 00:00-24:00 mon", sunday, &zone_utc), T);
	assert_int_equal(at("time 00:00-24:00 mon", sunday - 1, &zone_utc), F);
	assert_int_equal(at("time 23:00-24:00", sunday - 1, &zone_utc), T);
	assert_int_equal(at("time 23:00-00:00", sunday - 1, &zone_utc), T);
	assert_int_equal(at("time 23:00-00:00", sunday, &zone_utc), F);
	assert_int_equal(at("time 22:00-06:00 sun", sunday, &zone_utc), T);
	assert_int_equal(at("time 22:00-06:00 mon", sunday, &zone_utc), F);
	/* Two hours east the day is another one. */
	assert_int_equal(at("time 00:00-01:00 mon", sunday - HOUR, &berlin), T);
	assert_int_equal(at("time 00:00-24:00 sun", sunday - HOUR, &berlin), F);
}

/* ---- the verdict -------------------------------------------------------- */

static enum jwt_reason
decide(const char *service, const struct zone *zone, int64_t now)
{
	struct world world;
	enum jwt_reason reason = world_load(&world, "max_lifetime = 366d",
	    service, world_jwk(ALG_ED25519));
	char *payload = world_text("{\"iss\":\"" WORLD_ISS "\",\"aud\":"
	    "\"urn:h\",\"exp\":%lld,\"sub\":\"alice\"}", (long long)now + 60);
	char *token;

	assert_int_equal(reason, JWT_OK);
	world.policy.zone = *zone;
	token = world_sign(ALG_ED25519, "{\"alg\":\"Ed25519\"}", payload);
	reason = world_verdict_bytes(&world, bytes_str(token), "alice", now);
	free(token);
	free(payload);
	world_clear(&world);
	return reason;
}

/* WORLD_NOW is 22:13 UTC on a Tuesday. */
static void
test_verdicts(void **state)
{
	static const struct zone lost = { .is_known = false };
	static const char permit[] = "permit = as alice if time 22:00-06:00 tue";
	static const char others[] = "permit = as alice if time 06:00-22:00";
	static const char deny[] = "permit = as alice\n"
	    "deny = if not time 22:00-06:00 tue";
	static const char night[] = "permit = as alice\n"
	    "deny = if time 00:00-05:00";

	(void)state;
	assert_int_equal(decide(permit, &zone_utc, WORLD_NOW), JWT_OK);
	assert_int_equal(decide(permit, &berlin, WORLD_NOW), JWT_OK);
	assert_int_equal(decide(others, &zone_utc, WORLD_NOW),
	    JWT_NOT_PERMITTED);
	assert_int_equal(decide(deny, &zone_utc, WORLD_NOW), JWT_OK);
	assert_int_equal(decide(night, &zone_utc, WORLD_NOW), JWT_OK);
	assert_int_equal(decide(night, &zone_utc, WORLD_NOW + 2 * HOUR),
	    JWT_DENIED);
	/* No zone, or a clock that was never set: nothing holds, all denies. */
	assert_int_equal(decide(permit, &lost, WORLD_NOW), JWT_NOT_PERMITTED);
	assert_int_equal(decide(deny, &lost, WORLD_NOW), JWT_DENIED);
	assert_int_equal(decide(night, &lost, WORLD_NOW), JWT_DENIED);
	assert_int_equal(decide("permit = as alice if time 00:00-24:00",
	    &zone_utc, 3600), JWT_NOT_PERMITTED);
	assert_int_equal(decide(night, &zone_utc, 12 * HOUR), JWT_DENIED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_weeks),
		cmocka_unit_test(test_summer_time),
		cmocka_unit_test(test_midnight),
		cmocka_unit_test(test_verdicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
