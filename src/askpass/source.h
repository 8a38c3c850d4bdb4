/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds and reads the source of the token. */
#ifndef JWT_SOURCE_H
#define JWT_SOURCE_H

#include "askpass/config.h"
#include "cli/places.h"
#include "core/base/secret.h"

struct source {
	const char *path;	/* a file; NULL: the command */
	bool is_named;		/* the path comes from PAM_JWT_TOKEN_FILE */
	bool changes;		/* may give another token at the next prompt */
};

/* Find the first source that exists; false, with a message, without any. */
bool source_find(const struct config *config, const struct places *places,
    struct source *out);

/* Read the token, with the spaces around it; false, with a message. */
bool source_read(const struct source *source, const struct config *config,
    struct secret *out);

#endif
