/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of keyset.c share: one set on its way. */
#ifndef JWT_KEYSET_MAKER_H
#define JWT_KEYSET_MAKER_H

#include "sync/keyset.h"

/* Why keys are not used, each reason once. */
struct reason_count {
	const char *why;
	size_t count;
};

struct maker {
	const struct keyset_input *input;
	struct keyset *out;
	struct jwk_set set;	/* what is published, then all that is installed */
	struct jwk_set old;	/* what the old set has, at whatever age */
	struct bytes *kids;	/* that are published, used or not */
	size_t kid_count;
	struct reason_count *reasons;	/* of out's arena, like kids */
	size_t reason_count;
	size_t unused;		/* keys, for these reasons */
	size_t named;		/* keys that got this alg from the configuration */
	const char *named_alg;
	size_t kept;		/* keys that are published no more */
};

/* Note why the answer is judged bad; returns JWT_KEY_FILE_INVALID. */
enum jwt_reason keyset_refuse(struct keyset *out, const char *fault);

/* Add to what is said of a set that is taken, made printable. */
void keyset_note(struct keyset *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "s" of more than one. */
const char *keyset_plural(size_t count);

/*
 * Of the published keys in in->set those that are used, each with its one alg;
 * all else is counted, noted and removed.
 *
 * Returns JWT_OK; JWT_KEY_FILE_INVALID when none is left; JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason keyset_normalise(struct maker *in);

/*
 * Add to in->set the keys of in->old that are published no more, for as long
 * as keep_old lets them stay.  Returns JWT_OK or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason keyset_keep_old(struct maker *in);

/* The key of that kid, alg and numbers in a set, or NULL. */
const struct jwk *keyset_find(const struct jwk_set *set,
    const struct jwk *key);

#endif
