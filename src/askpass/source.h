/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the token comes from. */
#ifndef JWT_SOURCE_H
#define JWT_SOURCE_H

#include "askpass/config.h"
#include "cli/places.h"
#include "core/base/secret.h"

struct source {
	const char *path;	/* a file, or NULL: the command */
	bool is_named;		/* the path is that of PAM_JWT_TOKEN_FILE */
	bool changes;		/* may give another token at the next prompt */
};

/* Find the first source that there is.  False, with a message: none. */
bool source_find(const struct config *config, const struct places *places,
    struct source *out);

/* Get the token from it, blanks around it included. */
bool source_read(const struct source *source, const struct config *config,
    struct secret *out);

#endif
