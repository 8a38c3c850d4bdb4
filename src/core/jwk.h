/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys of one issuer: from JWK, JWK Set (RFC 7517) and PEM files.
 *
 * A key set from an identity provider may hold keys that are not for us;
 * those are skipped with a warning.  What must not be in a public file, a
 * private or an unexpected symmetric key, refuses the whole file.
 */
#ifndef JWT_JWK_H
#define JWT_JWK_H

#include "core/diag.h"
#include "core/json.h"
#include "core/secret.h"
#include "core/sig.h"

#define JWK_SET_MAX	256	/* keys of one issuer */
#define JWK_KID_MAX	256	/* bytes; a kid is compared and logged */

struct jwk {
	struct bytes kid;	/* of the set's arena; compared, nothing else */
	bool has_kid;		/* false for PEM and for a JWK without one */
	enum key_kind kind;
	alg_set algs;		/* of its own "alg"; else all that its kind fits */
	enum alg_id alg;	/* the one that it verifies: policy_bind_keys() */
	struct sig_key *key;	/* owned */
};

struct jwk_set {
	struct arena arena;
	struct jwk *keys;
	size_t count;
	struct bytes *kids;	/* of all keys for signatures, unsound ones too */
	size_t kid_count;
};

/* What the configuration allows the file to be. */
struct jwk_file {
	const char *name;	/* for messages */
	bool symmetric;		/* the issuer's algorithms are HMAC */
	bool readable;		/* others than the owner may read it */
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

/* Frees the keys; accepts a zeroed set. */
void jwk_set_clear(struct jwk_set *set);

#endif
