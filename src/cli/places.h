/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the user's files are, by the XDG Base Directory Specification. */
#ifndef JWT_PLACES_H
#define JWT_PLACES_H

#include "core/base/arena.h"

/* Paths, owned by the arena; NULL if the environment does not say where. */
struct places {
	const char *config;	/* askpass.conf */
	const char *token;	/* the user's token */
	const char *folder;	/* the folder of token, and of what is kept */
	const char *draft;	/* what is being written: mkostemp(3) */
	const char *login;	/* the user's login.conf */
	const char *login_system;	/* login.conf for everybody; never NULL */
	const char *state;	/* below it are sessions that outlive a boot */
};

/* False when memory runs out. */
bool places_find(struct arena *arena, struct places *out);

#endif
