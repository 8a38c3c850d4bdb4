/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys that tokens are encrypted for: makes them, reads them from JWKs and JWK
 * Sets, and writes them.  A host has the private half, and decrypts with it; an
 * issuer has the public one.  They are not those of keypair.h: a key that
 * decrypts must never sign.
 */
#ifndef JWT_ENCRYPT_KEY_H
#define JWT_ENCRYPT_KEY_H

#include "core/jose/crypt_key.h"
#include "core/jose/thumbprint.h"
#include "issuer/keypair.h"

/* A key.  Zero it before use, and clear it afterwards. */
struct encrypt_key {
	enum jwe_kind kind;
	const struct jwe_alg *alg;	/* the only one that it is used with */
	bool has_private;
	char kid[JWK_KID_MAX + 1];	/* "": none */
	/* x y d, x d, or n e d p q dp dq qi: the private ones last. */
	struct secret values[KEYPAIR_NUMBERS_MAX];
};

struct encrypt_keys {
	struct encrypt_key *keys;	/* owned */
	size_t count;			/* at least one */
	bool is_set;			/* written as a JWK Set */
};

/*
 * Make a key; the kind fits alg, and only RSA uses bits.  The kid is its
 * thumbprint.  False when OpenSSL cannot make it, or memory ran out.
 */
bool encrypt_key_generate(const struct jwe_alg *alg, enum jwe_kind kind,
    unsigned bits, struct encrypt_key *out);

/*
 * Whether a text has a JWK whose use is enc, or whose alg encrypts, or a JWK
 * Set that begins with one.  Any other text is left to keyfile_read().
 */
bool encrypt_keys_are(struct bytes text);

/*
 * Read private or public keys, and check them as a host does.  Changes text.
 * False, with a message on stderr; the caller must clear *out anyway.
 */
bool encrypt_keys_read(struct secret *text, struct encrypt_keys *out);

void encrypt_keys_clear(struct encrypt_keys *keys);

/*
 * Write the JWK as JSON text without a newline into *out, with or without the
 * private numbers.  False when memory runs out.
 */
bool encrypt_key_write(const struct encrypt_key *key, bool with_private,
    struct secret *out);

/* The thumbprint (RFC 7638); false when memory runs out. */
bool encrypt_key_thumbprint(const struct encrypt_key *key,
    char out[THUMBPRINT_SIZE]);

/* The numbers, borrowed from key; the private ones may be empty. */
struct crypt_numbers encrypt_key_numbers(const struct encrypt_key *key);

void encrypt_key_clear(struct encrypt_key *key);

#endif
