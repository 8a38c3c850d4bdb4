/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the source of the token, and reads it: the file that the user names,
 * the file in its known place, the command of the configuration, or a session
 * of pam-jwt login, in this order.
 */
#ifndef JWT_SOURCE_H
#define JWT_SOURCE_H

#include "askpass/asker.h"
#include "askpass/config.h"
#include "cli/exit.h"
#include "cli/places.h"
#include "core/base/secret.h"

/* Borrowed. */
struct source_query {
	const struct config *config;
	const struct places *places;
	const struct asker *asker;
	struct arena *arena;
	bool is_first;	/* the token is wanted from its first byte */
};

enum source_kind {
	SOURCE_STEADY,		/* gives the same token at the next prompt */
	SOURCE_CHANGING,	/* may give another one */
	SOURCE_SESSION		/* so may this; its token is surely in time */
};

/*
 * Read the token, with the spaces around it, for the one who asks.  A source
 * counts only if it is there and means this host.  The first one decides: if
 * it fails, that is an error, and no other one is tried.
 *
 * Returns EXIT_YES, EXIT_NO where this host gets none, or EXIT_TROUBLE; both
 * with a message.  The caller must clear *out, whatever the result.
 */
enum tool_exit source_get(const struct source_query *query,
    struct secret *out, enum source_kind *kind);

#endif
