/* SPDX-License-Identifier: BSD-2-Clause */
/* The store that a configuration names, whichever it is. */
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
 * Opens nothing yet: the first question does, so that no forged token touches
 * a disk or a network.
 */
void state_open(const struct state_settings *settings, struct state *out);
void state_close(struct state *state);

/* Redis answers all: the directory is not used. */
bool state_is_live(const struct state_settings *settings);

/*
 * The directory that a host has when nobody wrote another one.  Cut-offs that
 * were ever noted there hold, whatever has become of the configuration: one
 * that cannot be used, or was cut short, does not let anybody back in.
 */
extern const struct state_settings state_default;

/* Whether settings name it already, so that it need not be asked as well. */
bool state_is_default(const struct state_settings *settings);

/* The store, or NULL where the configuration keeps no state. */
const struct state_store *state_store(const struct state *state);

#endif
