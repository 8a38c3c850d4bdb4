/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads keys from JWK, JWK Set (RFC 7517) and PEM; writes them as JWK. */
#ifndef JWT_KEYFILE_H
#define JWT_KEYFILE_H

#include "issuer/keypair.h"

struct keyfile {
	struct keypair *pairs;	/* owned */
	size_t count;		/* at least one */
	bool is_set;		/* written as a JWK Set */
};

/*
 * Read private or public keys.  Each is checked as the module checks it, and
 * its private half against the public one.  Changes text.  False, with a
 * message on stderr, if any of them has a fault; the caller must clear *out
 * anyway.
 */
bool keyfile_read(struct secret *text, struct keyfile *out);

void keyfile_clear(struct keyfile *file);

/*
 * Write the JWK as JSON text without a newline into *out, with or without the
 * private numbers.  False when memory runs out, or when the public part of a
 * symmetric key is asked for: it has none.
 */
bool keyfile_write(const struct keypair *pair, bool with_private,
    struct secret *out);

#endif
