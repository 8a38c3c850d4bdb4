/* SPDX-License-Identifier: BSD-2-Clause */
/* The store that a configuration names: a directory, a Redis, or both. */
#ifndef JWT_HOST_STATE_H
#define JWT_HOST_STATE_H

#include "core/policy/policy.h"
#include "host/state/state_dir.h"
#include "host/state/state_redis.h"

#define STATE_FAULT_MAX (STATE_FAULT_SIZE + 256)

struct state {
	struct state_store store;	/* what the core asks */
	const struct state_settings *settings;	/* borrowed */
	struct state_dir dir;	/* opened by the first question */
	struct state_redis redis;
	char fault[STATE_FAULT_MAX];
};

/*
 * Set up the store of settings, which are borrowed until state_close().
 * The first question opens the store, so that a forged token never touches a
 * disk or a network.
 */
void state_open(const struct state_settings *settings, struct state *out);
void state_close(struct state *state);

/* Whether Redis answers all questions; the directory is not used then. */
bool state_is_live(const struct state_settings *settings);

/*
 * The default directory.  Cut-offs that were ever noted there hold even if the
 * configuration names another store now, cannot be read or was truncated: a
 * broken configuration must not let an account that is cut off back in.
 */
extern const struct state_settings state_default;

/* Whether settings name that directory, so that asking it again is needless. */
bool state_is_default(const struct state_settings *settings);

/*
 * Whether the directory was never made, so that nothing was noted in it.  Asking
 * that first spares the hashes of a question, and so the start of libcrypto.
 */
bool state_is_missing(struct state *state);

/* The store, or NULL if the configuration keeps no state. */
const struct state_store *state_store(const struct state *state);

#endif
