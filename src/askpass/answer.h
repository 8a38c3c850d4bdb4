/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers a prompt of the module with the bytes of the token that it wants. */
#ifndef JWT_ASKPASS_ANSWER_H
#define JWT_ASKPASS_ANSWER_H

#include "askpass/config.h"
#include "cli/exit.h"
#include "cli/places.h"

/* Borrowed. */
struct answer_query {
	struct bytes prompt;
	size_t from;	/* the first byte, from 1; 0: an overriding prompt */
	const struct config *config;
	const struct places *places;
	struct arena *arena;
};

/*
 * Find out who asks, get the token for that host, and print the part.  Returns
 * EXIT_YES, or the exit status of a refusal or an error, with a message; then
 * nothing was printed.
 */
enum tool_exit answer_give(const struct answer_query *query);

#endif
