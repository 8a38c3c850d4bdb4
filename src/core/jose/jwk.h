/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys of one issuer: from JWK, JWK Set (RFC 7517) and PEM files.
 *
 * One odd entry of a provider's key set must not keep everybody out: a key
 * that is not for us, is not sound, or is repeated is skipped with a warning.
 * Only a private key refuses the whole file, as it must not be in a public
 * one.
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
	struct bytes kid;	/* in the set's arena; it is only compared */
	bool has_kid;		/* false for PEM and for a JWK without one */
	enum key_kind kind;
	alg_set algs;		/* by its "alg"; without one, all of its kind */
	enum alg_id alg;	/* the one that it verifies: policy_bind_keys() */
	bool is_dropped;	/* has a member "dropped": it is published no more */
	int64_t dropped;	/* since when; 0 if it is not an integer */
	bool padded;		/* of a published set: see struct jwk_file */
	struct sig_key *key;	/* owned */
};

/* The name of a key that is not sound. */
struct jwk_name {
	struct bytes kid;	/* of the set's arena */
	alg_set algs;
};

struct jwk_set {
	struct arena arena;
	struct jwk *keys;
	size_t count;
	bool is_cut;		/* keys beyond JWK_SET_MAX were left out */
	struct jwk_name *unsound;	/* keys that are not sound, with a kid */
	size_t unsound_count;
	struct bytes *ambiguous;	/* kids of which no key is used, see below */
	size_t ambiguous_count;
	const char **skipped;	/* of a published set: why, for each entry */
	size_t skipped_count;
	bool has_synced;	/* "synced" at the top of a JWK Set is an integer */
	int64_t synced;		/* when it was fetched, seconds since the epoch */
	const char *iss;	/* "iss" at the top; of the arena; NULL: none */
};

/*
 * A key file, and what the configuration allows it to be.
 *
 * A published set comes from a provider, and pam-jwt sync reads it; a login
 * never does.  Leading zeros that EC coordinates lack are put back, and the
 * reason why an entry was skipped is kept.
 *
 * A lazy set is that of a login, which needs one key of it: OpenSSL makes that
 * one when it verifies, and a point off its curve is found then.
 */
struct jwk_file {
	const char *name;	/* for messages */
	bool symmetric;		/* the issuer's algorithms are HMAC */
	bool readable;		/* others than the owner may read it */
	bool published;
	bool lazy;
};

/*
 * Add the keys in text to set, which is zeroed or in use.  Changes text.
 * Every fault and every skipped key is noted in diag with file and line.
 *
 * Returns JWT_OK if at least one key was added; otherwise JWT_KEY_FILE_INVALID,
 * JWT_KEY_FILE_UNSAFE, JWT_OUT_OF_MEMORY or JWT_INTERNAL.
 */
JWT_MUST_USE enum jwt_reason jwk_set_add(struct jwk_set *set,
    const struct jwk_file *file, struct secret *text, struct diag *diag);

/*
 * Remove repeated and ambiguous keys, after each key got its one algorithm.  A
 * repeated key is kept once.  Different keys that share a kid and the
 * algorithm, sound or not, are all removed, as nobody can tell which one was
 * meant (RFC 7517 section 4.5).  Each is noted in diag.
 *
 * place  of the issuer, for the notes
 *
 * Returns JWT_OK or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason jwk_set_settle(struct jwk_set *set,
    struct diag_place place, struct diag *diag);

/*
 * Whether a key counts.  A key with "dropped" counts until keep_sec after that
 * time, unless the time is more than leeway_sec in the future.
 */
bool jwk_counts(const struct jwk *key, int64_t now, unsigned leeway_sec,
    unsigned keep_sec);

/* Remove the keys that do not count any more. */
void jwk_set_expire(struct jwk_set *set, int64_t now, unsigned leeway_sec,
    unsigned keep_sec);

/*
 * Move the keys of the settled set from to set.  A key stays in from if a key
 * of set, used or not, has its kid and algorithm, or if set has JWK_SET_MAX
 * keys; both are noted in diag, at place.
 *
 * Returns JWT_OK, or JWT_OUT_OF_MEMORY after some keys have moved.
 */
JWT_MUST_USE enum jwt_reason jwk_set_join(struct jwk_set *set,
    struct jwk_set *from, struct diag_place place, struct diag *diag);

/* Remove and free a key of the set; the keys after it move up. */
void jwk_set_remove(struct jwk_set *set, size_t index);

/* Whether a value that should be a JWK has the members of a private key. */
bool jwk_is_private(const struct json_node *jwk);

/* Frees the keys; accepts a zeroed set. */
void jwk_set_clear(struct jwk_set *set);

#endif
