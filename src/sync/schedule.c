/* SPDX-License-Identifier: BSD-2-Clause */
/* All waits are added to the start of the attempt that they come after. */
#include <limits.h>

#include "sync/schedule.h"

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Whether the times can be those of an attempt before now. */
static bool
is_sound(const struct memory *memory, const struct schedule_question *question)
{
	int64_t longest = most(question->every_sec, SCHEDULE_WAIT_MAX);

	return memory->tried != 0 && memory->tried <= question->now &&
	    memory->next - memory->tried <= longest &&
	    memory->retry_at - memory->tried <= SCHEDULE_WAIT_MAX;
}

/* A login that misses a key shortens the wait. */
static int64_t
next_for_login(const struct memory *memory)
{
	int64_t wait = memory->failures == 0 ? SCHEDULE_WANTED :
	    SCHEDULE_WANTED_FAILING;

	return memory->tried + wait;
}

bool
schedule_is_due(const struct memory *memory,
    const struct schedule_question *question)
{
	int64_t next = memory->next;

	if (!is_sound(memory, question))
		return true;
	/* A set that vanished, or does not count, is not waited for. */
	if (!question->has_set && memory->failures == 0)
		next = least(next, memory->tried + SCHEDULE_FAILURE_MIN);
	if (question->is_wanted)
		next = least(next, next_for_login(memory));
	return question->now >= most(next, memory->retry_at);
}

void
schedule_note_success(struct memory *memory, int64_t now, unsigned every_sec,
    int64_t max_age)
{
	int64_t wait = most(every_sec, least(max_age, SCHEDULE_WAIT_MAX));

	memory->tried = now;
	memory->failures = 0;
	memory->next = now + wait;
	memory->retry_at = 0;
	memory->warned = 0;
}

/* Doubled for each failure after the first, up to the longest. */
static int64_t
back_off(unsigned every_sec, unsigned failures, unsigned chance)
{
	int64_t wait = most(every_sec, SCHEDULE_FAILURE_MIN);

	while (failures-- > 1 && wait < SCHEDULE_WAIT_MAX)
		wait *= 2;
	wait = least(wait, SCHEDULE_WAIT_MAX);
	return wait - wait * (int64_t)chance / UINT_MAX / 10;
}

void
schedule_note_failure(struct memory *memory, int64_t now, unsigned every_sec,
    int64_t retry_after, unsigned chance)
{
	memory->tried = now;
	if (memory->failures < MEMORY_FAILURES_MAX)
		memory->failures++;
	memory->next = now + back_off(every_sec, memory->failures, chance);
	memory->retry_at = 0;
	if (retry_after >= 0)
		memory->retry_at = now + least(retry_after, SCHEDULE_WAIT_MAX);
}

bool
schedule_take_warning(struct memory *memory, int64_t now)
{
	if (memory->failures > 1 && memory->warned != 0 &&
	    memory->warned <= now && now - memory->warned < SCHEDULE_WARNING)
		return false;
	memory->warned = now;
	return true;
}
