/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private keys for crypt.c, from their numbers.
 *
 * OpenSSL uses a private key whose public half is another's, or is missing, and
 * then decrypts what nobody encrypted for the key that is published.  So the
 * two halves are compared when a key is made.
 */
#ifndef JWT_CRYPT_KEY_H
#define JWT_CRYPT_KEY_H

#include "core/base/secret.h"
#include "core/jose/jwe_alg.h"

/* A private key that OpenSSL can use; opaque. */
struct crypt_key;

/* A private key taken apart; the views are borrowed. */
struct crypt_numbers {
	enum jwe_kind kind;
	struct bytes x;		/* RSA: n */
	struct bytes y;		/* RSA: e; X25519: empty */
	struct bytes d;
	struct bytes p, q, dp, dq, qi;	/* RSA only */
};

/*
 * Check the numbers, build the key, and check that its halves belong together.
 *
 * Returns JWT_OK and *out, freed with crypt_key_free(); JWT_KEY_FILE_INVALID
 * with the fault in *fault, a static phrase; JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason crypt_key_new(const struct crypt_numbers *numbers,
    struct crypt_key **out, const char **fault);

/* Wipes and frees; key may be NULL. */
void crypt_key_free(struct crypt_key *key);

enum jwe_kind crypt_key_kind(const struct crypt_key *key);

/* Whether two keys have the same public half. */
bool crypt_key_equal(const struct crypt_key *a, const struct crypt_key *b);

#endif
