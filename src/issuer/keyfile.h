/* SPDX-License-Identifier: BSD-2-Clause */
/* Text of keys: JWK, JWK Set (RFC 7517) and PEM to numbers, numbers to JWK. */
#ifndef JWT_KEYFILE_H
#define JWT_KEYFILE_H

#include "issuer/keypair.h"

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

/*
 * The JWK as JSON text without a newline, in *out; with the private numbers
 * or without.  False when memory runs out, or for the public part of a
 * secret.
 */
bool keyfile_write(const struct keypair *pair, bool with_private,
    struct secret *out);

#endif
