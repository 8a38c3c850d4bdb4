/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private keys: made, read, written as JWK, signed with.  Only the command
 * has them; the module knows no private key.
 */
#ifndef JWT_KEYPAIR_H
#define JWT_KEYPAIR_H

#include "core/alg.h"
#include "core/secret.h"

struct keypair;

/*
 * Make a key pair for an algorithm; bits counts for RSA only.
 * Returns NULL, with a message on stderr, when OpenSSL cannot.
 */
struct keypair *keypair_generate(enum alg_id alg, unsigned bits);

/*
 * Read a private key: a JWK, or PEM (PKCS#8).  Changes text.  NULL, with a
 * message on stderr, when it is none.
 */
struct keypair *keypair_parse(struct secret *text);

/*
 * As keypair_parse(), but a public key will do, as JWK or PEM: good for its
 * thumbprint and its public JWK, not for signing.
 */
struct keypair *keypair_parse_any(struct secret *text);

void keypair_free(struct keypair *pair);

/* The algorithm that it signs with; of a PEM RSA key RS256. */
enum alg_id keypair_alg(const struct keypair *pair);

/* Its kid, "" when it has none; and set another. */
const char *keypair_kid(const struct keypair *pair);
bool keypair_set_kid(struct keypair *pair, const char *kid);

/* RFC 7638: SHA-256 over the required members, 43 characters. */
bool keypair_thumbprint(const struct keypair *pair, char out[44]);

/*
 * The JWK as JSON text with a newline, in *out; with the private members or
 * without.  False when memory runs out, or for the public part of a secret.
 */
bool keypair_jwk(const struct keypair *pair, bool with_private,
    struct secret *out);

/* Sign message; *out is a new buffer with the JWS signature. */
bool keypair_sign(const struct keypair *pair, struct bytes message,
    struct secret *out);

#endif
