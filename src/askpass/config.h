/* SPDX-License-Identifier: BSD-2-Clause */
/* The user's configuration, askpass.conf. */
#ifndef JWT_ASKPASS_CONFIG_H
#define JWT_ASKPASS_CONFIG_H

#include "core/arena.h"

struct config {
	struct arena arena;
	const char *command;	/* prints a token; NULL: none */
	const char **prompts;	/* the first prompts of services; one at least */
	size_t prompt_count;
};

/*
 * Read the file, of path NULL or missing: the defaults.  False, with every
 * error on standard error; *out is to be cleared whatever the result.
 */
bool config_load(const char *path, struct config *out);

void config_clear(struct config *config);

#endif
