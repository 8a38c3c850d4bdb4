/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The asker of a prompt.  The OpenSSH client puts "(user@host) " in front of
 * the prompt of a server.  The server cannot change that; it can only write
 * such words after it.  A prompt without one comes from sudo, doas or an old
 * client.  A word in a prompt of these is somebody else's, and counts for none.
 */
#ifndef JWT_ASKPASS_ASKER_H
#define JWT_ASKPASS_ASKER_H

#include <stdio.h>
#include <sys/types.h>

#include "core/base/arena.h"

enum asker_kind {
	ASKER_FORGED,	/* a server wrote a word of its own */
	ASKER_UNKNOWN,	/* nobody who can be believed says who asks */
	ASKER_HOST,	/* the OpenSSH client says it */
	ASKER_HERE	/* this host, by sudo or doas */
};

/* The strings are in the arena; NULL: not known. */
struct asker {
	enum asker_kind kind;
	const char *user;	/* to be logged in; here: the one who asks */
	const char *host;	/* lowercase; here: as `uname -n` shows it */
	const char *host_short;	/* here: up to its first dot */
	pid_t program;		/* the ssh or sudo that asks; 0: not known */
};

/* The asker, for a message. */
void asker_print(const struct asker *asker, FILE *out);

/*
 * The name by which the patterns of hosts mean the host that asks; NULL if they
 * do not mean it, or if it is not known.  This host has two names: they may
 * mean either, and must exclude neither.
 */
const char *asker_meant(const struct asker *asker,
    const char *const *patterns, size_t count);

/* Find out who asks; false, with a message, for want of memory. */
bool asker_find(struct bytes prompt, struct arena *arena, struct asker *out);

#endif
