/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private keys as their numbers, and what OpenSSL does with them: make,
 * read from PEM, check, sign.  Only the command has them; the module knows
 * no private key.  Text of JWKs is keyfile.h's.
 */
#ifndef JWT_KEYPAIR_H
#define JWT_KEYPAIR_H

#include "core/jose/jwk.h"

#define KEYPAIR_NUMBERS_MAX	8	/* RSA: n e d p q dp dq qi */
#define KEYPAIR_NUMBER_SIZE	5120	/* bytes: beyond any of an ML-DSA key */

/* A number that a kind of key has, as JOSE and as OpenSSL name it. */
struct keypair_number {
	const char *name;
	const char *param;	/* NULL: OpenSSL knows no such keys */
	bool is_private;
	bool is_bignum;		/* else bytes that OpenSSL does not look into */
};

/* A key of the command's; zero it, and clear it. */
struct keypair {
	enum alg_id alg;
	const char *alg_name;	/* as in "alg"; static */
	bool has_private;
	char kid[JWK_KID_MAX + 1];	/* "": none */
	/* In the order of keypair_numbers(), private ones last. */
	struct secret values[KEYPAIR_NUMBERS_MAX];
};

/* The numbers of a kind of key; ends with a name of NULL. */
const struct keypair_number *keypair_numbers(enum key_kind kind);

enum key_kind keypair_kind(const struct keypair *pair);

/* The public numbers, or the secret, borrowed from pair. */
struct keymat keypair_keymat(const struct keypair *pair);

/*
 * Make a key for an algorithm; bits counts for RSA only.  False when OpenSSL
 * cannot.
 */
bool keypair_generate(enum alg_id alg, unsigned bits, struct keypair *out);

/*
 * Read a private key in PEM that has no passphrase.  False when it is none,
 * or of a kind that is not supported.
 */
bool keypair_read_pem(struct bytes text, struct keypair *out);

/* Whether the private and the public half belong together. */
bool keypair_agrees(const struct keypair *pair);

/*
 * Sign message; *out is a new buffer with the JWS signature, which has been
 * verified by the core.
 */
bool keypair_sign(const struct keypair *pair, struct bytes message,
    struct secret *out);

void keypair_clear(struct keypair *pair);

#endif
