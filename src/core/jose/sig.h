/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only place where a signature is verified.
 *
 * Other files choose the algorithm and the key.  Here they must fit each other,
 * and the signature must have exactly the length that they give it.
 */
#ifndef JWT_SIG_H
#define JWT_SIG_H

#include "core/jose/keymat.h"

/* A key that OpenSSL can use; opaque. */
struct sig_key;

/*
 * Make a key from sound material (keymat_fault() was NULL).  OpenSSL sees its
 * numbers when it verifies first, or in sig_key_build(): a login verifies with
 * one key of many.
 *
 * On success *out is a new key, freed with sig_key_free(); mat is not kept.
 * Returns JWT_OK; JWT_ALG_UNSUPPORTED when this OpenSSL does not know the kind
 * (ML-DSA before 3.5); JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason sig_key_new(const struct keymat *mat,
    struct sig_key **out);

/*
 * Have OpenSSL make the key, unless it has.  Returns JWT_OK;
 * JWT_KEY_FILE_INVALID when the point is not on the curve, or OpenSSL refuses
 * the key for another reason; JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason sig_key_build(struct sig_key *key);

/* The numbers of a key, borrowed from it. */
const struct keymat *sig_key_numbers(const struct sig_key *key);

/* Free a key, and wipe it if it is a secret; key may be NULL. */
void sig_key_free(struct sig_key *key);

/*
 * Whether two keys verify the same signatures.  Sound numbers have one form, so
 * they are compared as they are.
 */
bool sig_key_equal(const struct sig_key *a, const struct sig_key *b);

/* Whether this OpenSSL can verify an algorithm; false for ML-DSA before 3.5. */
bool sig_supports(enum alg_id alg);

/*
 * Verify signature over message (RFC 7515 section 5.2 step 8).
 * Returns JWT_OK only if it verifies; JWT_ALG_KEY_MISMATCH when the key is
 * not of the algorithm's kind, or a secret is too short for it;
 * JWT_KEY_FILE_INVALID when sig_key_build() refuses the key;
 * JWT_SIGNATURE_INVALID for anything else that is wrong with the signature;
 * JWT_OUT_OF_MEMORY or JWT_INTERNAL when it could not be found out.
 * The host's OpenSSL error queue is left as it was.
 */
JWT_MUST_USE enum jwt_reason sig_verify(struct sig_key *key, enum alg_id alg,
    struct bytes message, struct bytes signature);

#endif
