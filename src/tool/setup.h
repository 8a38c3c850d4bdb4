/* SPDX-License-Identifier: BSD-2-Clause */
/* A configuration and its store, opened for a subcommand. */
#ifndef JWT_SETUP_H
#define JWT_SETUP_H

#include "core/base/diag.h"
#include "host/state/state.h"

struct setup {
	struct policy policy;
	struct state state;
};

/* The value of a setup that is not open yet. */
#define SETUP_CLOSED	{ .state = { .dir = { .fd = -1 } } }

/*
 * Load a configuration, and set up its store.
 *
 * config     NULL: LOAD_CONFIG_DEFAULT
 * with_keys  load keys and maps too, otherwise the configuration alone
 *
 * False, with messages on stderr.  The caller must close *out, whatever the
 * result.
 */
bool setup_open(const char *config, bool with_keys, struct setup *out);
void setup_close(struct setup *setup);

/* Whether the configuration keeps state; false, with a message. */
bool setup_has_state(const struct setup *setup);

/* Print "pam-jwt: WHAT" to stderr, and return EXIT_TROUBLE. */
int setup_fail(const char *what);

/* The same with the reason why the store gave no answer. */
int setup_fail_state(const struct setup *setup);

#endif
