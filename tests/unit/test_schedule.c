/* SPDX-License-Identifier: BSD-2-Clause */
/* When sync asks a provider: both sides of each line. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sync/schedule.h"

#define NOW INT64_C(1800000000)

static bool
is_due(const struct memory *memory, int64_t now, unsigned every_sec)
{
	struct schedule_question question = {
		.now = now, .every_sec = every_sec, .has_set = true
	};

	return schedule_is_due(memory, &question);
}

static bool
is_due_for_login(const struct memory *memory, int64_t now)
{
	struct schedule_question question = {
		.now = now, .every_sec = 600, .has_set = true, .is_wanted = true
	};

	return schedule_is_due(memory, &question);
}

static bool
is_due_without_set(const struct memory *memory, int64_t now)
{
	struct schedule_question question = { .now = now, .every_sec = 600 };

	return schedule_is_due(memory, &question);
}

/* The first second, at or after from, in which a provider is asked. */
static int64_t
wait_of(const struct memory *memory, unsigned every_sec)
{
	int64_t wait = 0;

	while (wait < 200000 && !is_due(memory, NOW + wait, every_sec))
		wait++;
	return wait;
}

static void
test_never_tried(void **state)
{
	struct memory memory = { 0 };

	(void)state;
	assert_true(is_due(&memory, NOW, 600));
	assert_true(is_due(&memory, 1, 600));
}

static void
test_success(void **state)
{
	static const struct {
		unsigned every_sec;
		int64_t max_age;
		int64_t wait;
	} cases[] = {
		{ 600, -1, 600 },
		{ 600, 0, 600 },
		{ 600, 599, 600 },
		{ 600, 601, 601 },
		{ 600, 3599, 3599 },
		{ 600, 3600, 3600 },
		{ 600, 3601, 3600 },
		{ 600, INT64_C(2147483647), 3600 },
		{ 60, -1, 60 },
		{ 86400, 0, 86400 },
		{ 86400, 86400, 86400 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct memory memory = { .failures = 3, .retry_at = NOW + 9,
			.warned = 4 };

		schedule_note_success(&memory, NOW, cases[i].every_sec,
		    cases[i].max_age);
		assert_int_equal(wait_of(&memory, cases[i].every_sec),
		    cases[i].wait);
		assert_int_equal(memory.failures, 0);
		assert_int_equal(memory.warned, 0);
	}
}

static void
test_back_off(void **state)
{
	static const struct {
		unsigned every_sec;
		unsigned failures;	/* this one counted */
		int64_t wait;
	} cases[] = {
		{ 60, 1, 60 },
		{ 60, 2, 120 },
		{ 60, 6, 1920 },
		{ 60, 7, 3600 },
		{ 60, 64, 3600 },
		{ 600, 1, 600 },
		{ 600, 2, 1200 },
		{ 600, 3, 2400 },
		{ 600, 4, 3600 },
		{ 86400, 1, 3600 },
		{ 86400, 9, 3600 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct memory memory = { .failures = cases[i].failures - 1 };

		schedule_note_failure(&memory, NOW, cases[i].every_sec, -1, 0);
		assert_int_equal(wait_of(&memory, cases[i].every_sec),
		    cases[i].wait);
	}
}

/* Up to a tenth shorter, never longer. */
static void
test_chance(void **state)
{
	struct memory memory = { 0 };

	(void)state;
	schedule_note_failure(&memory, NOW, 600, -1, UINT_MAX);
	assert_int_equal(wait_of(&memory, 600), 540);
	memory.failures = 0;
	schedule_note_failure(&memory, NOW, 600, -1, UINT_MAX / 2);
	assert_in_range(wait_of(&memory, 600), 569, 571);
	memory.failures = 63;
	schedule_note_failure(&memory, NOW, 86400, -1, UINT_MAX);
	assert_int_equal(wait_of(&memory, 86400), 3240);
}

static void
test_failures_are_counted_up_to_a_limit(void **state)
{
	struct memory memory = { .failures = MEMORY_FAILURES_MAX - 1 };

	(void)state;
	schedule_note_failure(&memory, NOW, 60, -1, 0);
	assert_int_equal(memory.failures, MEMORY_FAILURES_MAX);
	schedule_note_failure(&memory, NOW, 60, -1, 0);
	assert_int_equal(memory.failures, MEMORY_FAILURES_MAX);
	assert_int_equal(wait_of(&memory, 60), 3600);
}

static void
test_retry_after(void **state)
{
	static const struct {
		int64_t retry_after;
		int64_t wait;
	} cases[] = {
		{ -1, 600 },
		{ 0, 600 },
		{ 600, 600 },
		{ 601, 601 },
		{ 3600, 3600 },
		{ 3601, 3600 },
		{ INT64_C(2147483647), 3600 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct memory memory = { 0 };

		schedule_note_failure(&memory, NOW, 600, cases[i].retry_after,
		    0);
		assert_int_equal(wait_of(&memory, 600), cases[i].wait);
	}
}

/* The next answer without Retry-After ends that of the one before. */
static void
test_retry_after_is_forgotten(void **state)
{
	struct memory memory = { 0 };

	(void)state;
	schedule_note_failure(&memory, NOW, 600, 3600, 0);
	schedule_note_failure(&memory, NOW, 600, -1, 0);
	assert_int_equal(wait_of(&memory, 600), 1200);
	schedule_note_failure(&memory, NOW, 600, 3600, 0);
	schedule_note_success(&memory, NOW, 600, -1);
	assert_int_equal(wait_of(&memory, 600), 600);
}

static void
test_login(void **state)
{
	struct memory memory = { 0 };

	(void)state;
	schedule_note_success(&memory, NOW, 600, 3600);
	assert_false(is_due_for_login(&memory, NOW + 29));
	assert_true(is_due_for_login(&memory, NOW + 30));
	schedule_note_failure(&memory, NOW, 600, -1, 0);
	assert_false(is_due_for_login(&memory, NOW + 299));
	assert_true(is_due_for_login(&memory, NOW + 300));
	/* Where the back-off is shorter, it is the back-off. */
	memory.failures = 0;
	schedule_note_failure(&memory, NOW, 60, -1, 0);
	assert_false(is_due_for_login(&memory, NOW + 59));
	assert_true(is_due_for_login(&memory, NOW + 60));
}

static void
test_login_waits_for_retry_after(void **state)
{
	struct memory memory = { 0 };

	(void)state;
	schedule_note_failure(&memory, NOW, 600, 500, 0);
	assert_false(is_due_for_login(&memory, NOW + 499));
	assert_true(is_due_for_login(&memory, NOW + 500));
}

static void
test_without_set(void **state)
{
	struct memory memory = { 0 };

	(void)state;
	schedule_note_success(&memory, NOW, 600, -1);
	assert_false(is_due_without_set(&memory, NOW + 59));
	assert_true(is_due_without_set(&memory, NOW + 60));
	/* A provider that fails is not asked more often for it. */
	schedule_note_failure(&memory, NOW, 600, -1, 0);
	assert_false(is_due_without_set(&memory, NOW + 599));
	assert_true(is_due_without_set(&memory, NOW + 600));
}

static void
test_clock(void **state)
{
	struct memory memory = { 0 };

	(void)state;
	schedule_note_failure(&memory, NOW, 600, 3600, 0);
	assert_false(is_due(&memory, NOW, 600));
	assert_true(is_due(&memory, NOW - 1, 600));
	assert_true(is_due(&memory, NOW - 86400, 600));
}

/* Times that no attempt can have left. */
static void
test_odd_memory(void **state)
{
	struct memory memory = { .tried = NOW, .next = NOW + 3600 };

	(void)state;
	assert_false(is_due(&memory, NOW, 600));
	memory.next = NOW + 3601;
	assert_true(is_due(&memory, NOW, 600));
	assert_false(is_due(&memory, NOW, 86400));
	memory.next = NOW + 86401;
	assert_true(is_due(&memory, NOW, 86400));
	memory.next = NOW + 60;
	memory.retry_at = NOW + 3600;
	assert_false(is_due(&memory, NOW, 600));
	memory.retry_at = NOW + 3601;
	assert_true(is_due(&memory, NOW, 600));
}

static void
test_warning(void **state)
{
	struct memory memory = { 0 };

	(void)state;
	schedule_note_failure(&memory, NOW, 600, -1, 0);
	assert_true(schedule_take_warning(&memory, NOW));
	schedule_note_failure(&memory, NOW + 3599, 600, -1, 0);
	assert_false(schedule_take_warning(&memory, NOW + 3599));
	assert_true(schedule_take_warning(&memory, NOW + 3600));
	assert_false(schedule_take_warning(&memory, NOW + 3601));
	/* The clock went back. */
	assert_true(schedule_take_warning(&memory, NOW));
	schedule_note_success(&memory, NOW, 600, -1);
	schedule_note_failure(&memory, NOW + 1, 600, -1, 0);
	assert_true(schedule_take_warning(&memory, NOW + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never_tried),
		cmocka_unit_test(test_success),
		cmocka_unit_test(test_back_off),
		cmocka_unit_test(test_chance),
		cmocka_unit_test(test_failures_are_counted_up_to_a_limit),
		cmocka_unit_test(test_retry_after),
		cmocka_unit_test(test_retry_after_is_forgotten),
		cmocka_unit_test(test_login),
		cmocka_unit_test(test_login_waits_for_retry_after),
		cmocka_unit_test(test_without_set),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_odd_memory),
		cmocka_unit_test(test_warning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
