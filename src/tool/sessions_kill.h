/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ends the processes of sessions, all sessions at the same time: SIGTERM, and
 * SIGKILL for what goes on.
 */
#ifndef JWT_SESSIONS_KILL_H
#define JWT_SESSIONS_KILL_H

#include "host/process_table.h"
#include "tool/sessions.h"

struct target {
	struct session *session;	/* borrowed; NULL: all of a user */
	uid_t user;			/* then this one; or PROCESS_NO_USER */
	uint32_t audit;			/* the login's own, or PROCESS_NO_AUDIT */
	char login[PROCESS_SESSION_SIZE];	/* the login's own, or "" */
	bool by_logind;			/* logind sends SIGTERM */
	bool is_spared;			/* process 1 leads it: as in a container */
	bool is_unknown;		/* memory ran out for what it has */
	bool is_unseen;			/* the last look could not read /proc */
	struct process_known *known;	/* owned */
	size_t count;
	size_t room;
};

struct targets {
	struct target *item;	/* owned */
	size_t count;
	bool failed;		/* memory or descriptors ran out: it was said */
};

/*
 * Hold the leaders, and find out what is the login's own.  Nothing gets a
 * signal yet.
 */
void targets_find(struct targets *targets);

/*
 * Read what is needed of all processes to mark those of the targets.  False,
 * with a message, without; the caller must clear *table whatever the result.
 */
bool targets_read_table(struct targets *targets, struct process_table *table);

/*
 * Send signals and wait, until nothing is left, or the time is up, which counts
 * from a time of clock_msec(): what logind took is a part of it.
 */
void targets_kill(struct targets *targets, int64_t from);

/*
 * Whether a process of the target goes on, or may do so, as it could not be
 * seen or held; whether its leader does.
 */
bool target_lives(const struct target *target);
bool target_has_leader(const struct target *target);

void targets_clear(struct targets *targets);

#endif
