/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When `pam-jwt sync --due` asks a provider, and when it waits: pure, with the
 * time and the chance given.
 */
#ifndef JWT_SCHEDULE_H
#define JWT_SCHEDULE_H

#include "sync/memory.h"

/* Seconds. */
#define SCHEDULE_WAIT_MAX	3600	/* of max-age, back-off and Retry-After */
#define SCHEDULE_FAILURE_MIN	60	/* after a failure; without a set */
#define SCHEDULE_WANTED		30	/* between two requests for logins */
#define SCHEDULE_WANTED_FAILING	300	/* the same while the provider fails */
#define SCHEDULE_WARNING	3600	/* between two lines in the log */

struct schedule_question {
	int64_t now;		/* seconds since the epoch */
	unsigned every_sec;	/* sync_every */
	bool has_set;		/* there is one, and it still counts */
	bool is_wanted;		/* by a login */
};

/*
 * Whether a provider is asked now.  What is remembered is of the same settings,
 * or zeroed.
 *
 * It is as good as forgotten when it says that the last attempt is still to
 * come, or that the next one is later than any wait: the clock was set back,
 * or somebody else wrote it.
 */
bool schedule_is_due(const struct memory *memory,
    const struct schedule_question *question);

/*
 * Note a success of an attempt that began at now.
 *
 * max_age  seconds for which the provider's set may be kept; -1: not said.
 *          It lengthens sync_every, to an hour at most, and never shortens it.
 */
void schedule_note_success(struct memory *memory, int64_t now,
    unsigned every_sec, int64_t max_age);

/*
 * Note a failure of an attempt that began at now.
 *
 * retry_after  seconds; -1: not said
 * chance       0 to UINT_MAX: the back-off is up to a tenth shorter, so that
 *              not all hosts come back at once
 */
void schedule_note_failure(struct memory *memory, int64_t now,
    unsigned every_sec, int64_t retry_after, unsigned chance);

/*
 * Whether --due logs the failure that was just noted: the first since the last
 * success, and then one in an hour.  If so, that is noted.
 */
bool schedule_take_warning(struct memory *memory, int64_t now);

#endif
