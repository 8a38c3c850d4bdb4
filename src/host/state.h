/* SPDX-License-Identifier: BSD-2-Clause */
/* The store that a configuration names, whichever it is. */
#ifndef JWT_HOST_STATE_H
#define JWT_HOST_STATE_H

#include "core/policy.h"
#include "host/state_dir.h"
#include "host/state_redis.h"

struct state {
	struct state_store store;	/* what the core asks */
	struct state_dir dir;
	struct state_redis redis;
	unsigned max_stale_sec;
	bool is_pulled;		/* the directory answers, but for one-time use */
};

/*
 * Open the store of settings; without [state] there is none, and store.ask
 * is NULL.  One that cannot be opened answers each question with
 * JWT_STATE_UNAVAILABLE, and store.fault says why: so whoever needs no answer
 * is not refused.  settings is borrowed until state_close().
 */
void state_open(const struct state_settings *settings, struct state *out);
void state_close(struct state *state);

#endif
