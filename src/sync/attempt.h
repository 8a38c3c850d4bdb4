/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One attempt to get the keys of one issuer: find them, fetch them by the
 * fetcher, and make the set from them.  Writes nothing to the disk.
 */
#ifndef JWT_ATTEMPT_H
#define JWT_ATTEMPT_H

#include "sync/fetcher.h"
#include "sync/keyset.h"
#include "sync/memory.h"

struct attempt_input {
	const struct fetcher_options *fetcher;
	const struct policy *policy;
	const struct issuer *issuer;
	struct bytes old;	/* the set as it is; empty: there is none */
	const struct memory *memory;	/* of these settings, or zeroed */
	int64_t now;		/* seconds since the epoch */
};

enum attempt_result {
	ATTEMPT_UNANSWERED,	/* no answer that could be judged */
	ATTEMPT_REFUSED,	/* one that was judged bad */
	ATTEMPT_GOOD		/* keyset.text must be installed */
};

struct attempt {
	enum attempt_result result;
	const char *why;	/* not good; printable ASCII; of the arena or static */
	const char *url;	/* the one that why is about; NULL: none */
	struct keyset keyset;	/* owned; added, removed and notes when good */
	const char *source;	/* the jwks_uri; when good */
	struct bytes etag, last_modified;	/* of the set, when good; of buffer */
	int64_t max_age;	/* seconds, when good; -1: not said */
	int64_t retry_after;	/* seconds, when not good; -1: not said */
	struct arena arena;	/* owned */
	struct secret buffer;	/* owned: the last answer */
};

/*
 * Ask the provider.  The validators of memory are sent only where they belong
 * to the old set and to the address that is asked.  Takes as long as the
 * fetcher does, for each of two or three documents.
 *
 * *out must be cleared.
 */
void attempt_run(const struct attempt_input *input, struct attempt *out);

void attempt_clear(struct attempt *attempt);

/*
 * Whether the set is, byte for byte, the one that memory remembers to have
 * been installed.
 */
bool attempt_is_own_set(const struct memory *memory, struct bytes set);

/*
 * Note in memory what a good attempt has installed.  Without memory for a hash
 * the set is not recognised, which costs one request.
 */
void attempt_remember(const struct attempt *attempt, int64_t now,
    struct memory *memory);

#endif
