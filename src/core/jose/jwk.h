/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys of one issuer: from JWK, JWK Set (RFC 7517) and PEM files.
 *
 * One odd entry of a provider's key set must not keep everybody out: keys that
 * are not for us, that are not sound, or that stand twice are skipped with a
 * warning.  Only a private key, which must not be in a public file, refuses
 * the whole file.
 */
#ifndef JWT_JWK_H
#define JWT_JWK_H

#include "core/base/diag.h"
#include "core/base/json.h"
#include "core/base/secret.h"
#include "core/jose/sig.h"

#define JWK_SET_MAX	256	/* keys of one issuer */
#define JWK_KID_MAX	256	/* bytes; a kid is compared and logged */
#define JWK_MEMBERS_MAX	64	/* of one JWK; those of RFC 7517 and 7518: 26 */

struct jwk {
	struct bytes kid;	/* of the set's arena; compared, nothing else */
	bool has_kid;		/* false for PEM and for a JWK without one */
	enum key_kind kind;
	alg_set algs;		/* of its own "alg"; else all that its kind fits */
	enum alg_id alg;	/* the one that it verifies: policy_bind_keys() */
	bool is_dropped;	/* has a member "dropped": it is published no more */
	int64_t dropped;	/* since when; 0 where that is no integer */
	bool padded;		/* of a published set: see struct jwk_file */
	struct keymat numbers;	/* of the set's arena; of a published set alone */
	struct sig_key *key;	/* owned */
};

/* What a key that is not sound is called. */
struct jwk_name {
	struct bytes kid;	/* of the set's arena */
	alg_set algs;
};

struct jwk_set {
	struct arena arena;
	struct jwk *keys;
	size_t count;
	struct jwk_name *unsound;	/* keys that are not sound, with a kid */
	size_t unsound_count;
	struct bytes *ambiguous;	/* kids of which no key is used, see below */
	size_t ambiguous_count;
	const char **skipped;	/* why an entry of a published set is no key */
	size_t skipped_count;
	bool has_synced;	/* "synced" at the top of a JWK Set is an integer */
	int64_t synced;		/* when it was fetched, seconds since the epoch */
};

/*
 * What the configuration allows the file to be.
 *
 * A published set is what a provider sent to pam-jwt sync, and no file that a
 * login reads: leading zeros that EC coordinates lack are put back, the numbers
 * of the keys are kept, so that the set can be written again, and of what is
 * skipped it is kept why.
 */
struct jwk_file {
	const char *name;	/* for messages */
	bool symmetric;		/* the issuer's algorithms are HMAC */
	bool readable;		/* others than the owner may read it */
	bool published;
};

/*
 * Add the keys in text to set, which is zeroed or in use.  Changes text.
 * Every fault and every skipped key is noted in diag with file and line.
 *
 * Returns JWT_OK when at least one key was added; JWT_KEY_FILE_INVALID,
 * JWT_KEY_FILE_UNSAFE, JWT_OUT_OF_MEMORY or JWT_INTERNAL.
 */
JWT_MUST_USE enum jwt_reason jwk_set_add(struct jwk_set *set,
    const struct jwk_file *file, struct secret *text, struct diag *diag);

/*
 * Once each key has its one algorithm: a key that stands twice is kept once.
 * Of different keys that share a kid and the algorithm none is kept, sound or
 * not, as nobody can tell which was meant (RFC 7517 section 4.5).  Each is
 * noted in diag.
 *
 * place  of the issuer, for the notes
 *
 * Returns JWT_OK or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason jwk_set_settle(struct jwk_set *set,
    struct diag_place place, struct diag *diag);

/*
 * Whether a key counts: one with "dropped" does until keep_sec after that,
 * unless it is more than leeway_sec to come.
 */
bool jwk_counts(const struct jwk *key, int64_t now, unsigned leeway_sec,
    unsigned keep_sec);

/* Remove the keys that do not count any more. */
void jwk_set_expire(struct jwk_set *set, int64_t now, unsigned leeway_sec,
    unsigned keep_sec);

/*
 * Move the keys of one settled set to another.  A key whose kid and algorithm
 * a key of the other set has, used or not, stays where it is, and so does what
 * is beyond JWK_SET_MAX; both are noted in diag, at place.
 *
 * Returns JWT_OK; JWT_OUT_OF_MEMORY, and then some keys have moved.
 */
JWT_MUST_USE enum jwt_reason jwk_set_join(struct jwk_set *set,
    struct jwk_set *from, struct diag_place place, struct diag *diag);

/* Free a key of the set; those after it move up. */
void jwk_set_remove(struct jwk_set *set, size_t index);

/* Whether a JWK, or what stands in the place of one, has a private number. */
bool jwk_is_private(const struct json_node *jwk);

/* Frees the keys; accepts a zeroed set. */
void jwk_set_clear(struct jwk_set *set);

#endif
