/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private keys as numbers: makes them, reads them from PEM, checks them and
 * signs with them, by OpenSSL.  Only the programs of an issuer use this; the
 * module has no private key.  keyfile.h reads and writes JWKs.
 */
#ifndef JWT_KEYPAIR_H
#define JWT_KEYPAIR_H

#include "core/jose/jwk.h"
#include "issuer/mint.h"

#define KEYPAIR_NUMBERS_MAX	8	/* RSA: n e d p q dp dq qi */
#define KEYPAIR_NUMBER_SIZE	5120	/* bytes: more than an ML-DSA key */

/* A number of a kind of key, with its names in JOSE and in OpenSSL. */
struct keypair_number {
	const char *name;
	const char *param;	/* NULL: OpenSSL has no such keys */
	bool is_private;
	bool is_bignum;		/* false: octets */
};

/* A key.  Zero it before use, and clear it afterwards. */
struct keypair {
	enum alg_id alg;
	const char *alg_name;	/* as in "alg"; static */
	bool has_private;
	char kid[JWK_KID_MAX + 1];	/* "": none */
	/* In the order of keypair_numbers(), the private ones last. */
	struct secret values[KEYPAIR_NUMBERS_MAX];
};

/* The numbers of a kind of key; the last entry has the name NULL. */
const struct keypair_number *keypair_numbers(enum key_kind kind);

/* The kind of key that the algorithm needs. */
enum key_kind keypair_kind(const struct keypair *pair);

/* The public numbers, or the secret, borrowed from pair. */
struct keymat keypair_keymat(const struct keypair *pair);

/*
 * Make a key for an algorithm; only RSA uses bits.  False when OpenSSL cannot
 * make it.
 */
bool keypair_generate(enum alg_id alg, unsigned bits, struct keypair *out);

/*
 * Read a private key in PEM.  False for anything else, for a key with a
 * passphrase, and for a kind of key that is not supported.
 */
bool keypair_read_pem(struct bytes text, struct keypair *out);

/* Whether the private and the public half belong together. */
bool keypair_agrees(const struct keypair *pair);

/*
 * Sign message; *out is a new buffer with the JWS signature.  It was verified
 * with the code that the hosts use.
 */
bool keypair_sign(const struct keypair *pair, struct bytes message,
    struct secret *out);

/* The same for mint_token(); it borrows pair. */
struct mint_signer keypair_signer(struct keypair *pair);

void keypair_clear(struct keypair *pair);

#endif
