/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration and its store, opened for a subcommand. */
#ifndef JWT_SETUP_H
#define JWT_SETUP_H

#include "core/base/diag.h"
#include "host/state/state.h"

struct setup {
	struct policy policy;
	struct state state;
};

/* One that is not open yet. */
#define SETUP_CLOSED	{ .state = { .dir = { .fd = -1 } } }

/*
 * Load a configuration, and set up its store.
 *
 * config     NULL: LOAD_CONFIG_DEFAULT
 * with_keys  keys and maps too, else the configuration alone
 *
 * False, with messages on stderr.  *out is to be closed whatever the result.
 */
bool setup_open(const char *config, bool with_keys, struct setup *out);
void setup_close(struct setup *setup);

/* Whether the configuration keeps state; else a message. */
bool setup_has_state(const struct setup *setup);

/* "pam-jwt: WHAT"; returns EXIT_TROUBLE. */
int setup_fail(const char *what);

/* As above, when the store gave no answer. */
int setup_fail_state(const struct setup *setup);

#endif
