/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration of the user, askpass.conf. */
#ifndef JWT_ASKPASS_CONFIG_H
#define JWT_ASKPASS_CONFIG_H

#include "core/base/arena.h"

/*
 * How long to wait for a token: long enough for a provider that answers slowly,
 * short enough that people do not believe that ssh hangs.
 */
#define TIMEOUT_DEFAULT_SEC	20
#define TIMEOUT_MAX_SEC		300	/* no login waits longer */

struct config_list {
	const char **item;
	size_t count;
};

struct config {
	struct arena arena;
	const char *command;	/* prints a token; NULL: there is no command */
	unsigned timeout_sec;	/* for the command, or the writer of a pipe */
	struct config_list prompts;	/* the first prompts; at least one */
	struct config_list overrides;	/* each replaces all */
	struct config_list hosts;	/* patterns; none: any host */
};

/*
 * Read the file; a path of NULL or a missing file gives the defaults.  False,
 * with every error on standard error; *out then has the prompts that were read
 * and the default ones, so that a foreign prompt can be told from them.  The
 * caller must clear *out, whatever the result.
 */
bool config_load(const char *path, struct config *out);

void config_clear(struct config *config);

#endif
