/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text of keys: JWK, JWK Set (RFC 7517) and PEM to numbers, numbers to JWK,
 * and the thumbprint of a key (RFC 7638).
 */
#ifndef JWT_KEYFILE_H
#define JWT_KEYFILE_H

#include "tool/keypair.h"

#define KEYFILE_THUMBPRINT_SIZE 44	/* 43 characters and a terminator */

struct keyfile {
	struct keypair *pairs;	/* owned */
	size_t count;		/* at least one */
	bool is_set;		/* written as a JWK Set */
};

/*
 * Read keys, private or public, each checked as the module checks it, and
 * private halves against their public ones.  Changes text.  False, with a
 * message on stderr, when there is a fault in any of them.
 */
bool keyfile_read(struct secret *text, struct keyfile *out);

void keyfile_clear(struct keyfile *file);

/* The names that a kind of key has in a JWK. */
struct keyfile_family {
	const char *kty;
	const char *crv;	/* NULL: none */
};
struct keyfile_family keyfile_family(enum key_kind kind);

/*
 * The JWK as JSON text without a newline, in *out; with the private numbers
 * or without.  False when memory runs out, or for the public part of a
 * secret.
 */
bool keyfile_write(const struct keypair *pair, bool with_private,
    struct secret *out);

/* The thumbprint by SHA-256. */
bool keyfile_thumbprint(const struct keypair *pair,
    char out[KEYFILE_THUMBPRINT_SIZE]);

#endif
