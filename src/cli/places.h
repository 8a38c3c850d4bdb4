/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the user's files are, by the XDG Base Directory Specification. */
#ifndef JWT_PLACES_H
#define JWT_PLACES_H

#include "core/base/arena.h"

/* Of the arena; NULL where the environment does not say. */
struct places {
	const char *config;	/* askpass.conf */
	const char *token;	/* the user's token */
	const char *folder;	/* the one that token and parts are in */
	const char *parts;	/* a token of which parts are still to come */
	const char *rest;	/* of a token whose prompts are overridden */
	const char *draft;	/* either while it is written, for mkostemp() */
};

/* False when memory runs out. */
bool places_find(struct arena *arena, struct places *out);

#endif
