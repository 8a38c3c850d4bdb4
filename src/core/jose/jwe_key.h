/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys that tokens are decrypted with: private JWKs, or JWK Sets of them.
 *
 * Unlike the keys of a provider they are the host's own, so an entry that
 * cannot be used is an error and is not left out.
 */
#ifndef JWT_JWE_KEY_H
#define JWT_JWE_KEY_H

#include "core/base/diag.h"
#include "core/jose/crypt_key.h"

#define JWE_KEYS_MAX	16	/* of one issuer; a rotation needs two */

struct jwe_key {
	struct bytes kid;	/* in the set's arena; it is only compared */
	bool has_kid;
	const struct jwe_alg *alg;	/* the only one that it is used with */
	struct crypt_key *key;	/* owned */
};

struct jwe_key_set {
	struct arena arena;
	struct jwe_key *keys;
	size_t count;
};

struct jwe_key_file {
	const char *name;	/* for messages */
	bool readable;		/* others than the owner may read it */
};

/*
 * Add the keys in text to set, which is zeroed or in use.  Changes text.
 *
 * Each key needs an alg, its use is "enc" or absent, and its private numbers
 * belong to its public ones.  Every fault is noted in diag.  Returns JWT_OK,
 * JWT_KEY_FILE_INVALID, JWT_KEY_FILE_UNSAFE or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason jwe_key_set_add(struct jwe_key_set *set,
    const struct jwe_key_file *file, struct secret *text, struct diag *diag);

/* Whether two keys are the same: the numbers, the kid and the alg. */
bool jwe_key_equal(const struct jwe_key *a, const struct jwe_key *b);

/*
 * Whether a key of the set decrypts what this one does: it has the same numbers
 * and alg.  Two issuers may know one key by two kids.
 */
bool jwe_key_set_has(const struct jwe_key_set *set,
    const struct jwe_key *key);

/* Wipes and frees the keys; accepts a zeroed set. */
void jwe_key_set_clear(struct jwe_key_set *set);

#endif
