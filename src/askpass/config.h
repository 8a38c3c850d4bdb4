/* SPDX-License-Identifier: BSD-2-Clause */
/* The user's configuration, askpass.conf. */
#ifndef JWT_ASKPASS_CONFIG_H
#define JWT_ASKPASS_CONFIG_H

#include "core/base/arena.h"

/*
 * How long a token may take to come.  Long enough for a provider that answers
 * slowly, short enough that people do not take it for a hanging ssh.
 */
#define TIMEOUT_DEFAULT_SEC	20
#define TIMEOUT_MAX_SEC		300	/* no login waits longer */

struct config_prompts {
	const char **item;
	size_t count;
};

struct config {
	struct arena arena;
	const char *command;	/* prints a token; NULL: none */
	unsigned timeout_sec;	/* for the command, or the writer of a pipe */
	struct config_prompts prompts;	/* the first ones of services; not none */
	struct config_prompts overrides;	/* in place of all prompts */
};

/*
 * Read the file, of path NULL or missing: the defaults.  False, with every
 * error on standard error; *out is to be cleared whatever the result.
 */
bool config_load(const char *path, struct config *out);

void config_clear(struct config *config);

#endif
