/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt key, for keys that tokens are encrypted for. */
#ifndef JWT_KEY_ENCRYPT_H
#define JWT_KEY_ENCRYPT_H

#include "core/base/secret.h"

/* The options of key generate; NULL where one was not given. */
struct key_encrypt_options {
	const char *alg;
	const char *curve;
	const char *kid;
	unsigned bits;		/* of an RSA key */
};

/* Whether a name is that of an algorithm that encrypts. */
bool key_encrypt_is_alg(const char *name);

/* Whether the keys of that algorithm are RSA keys; it encrypts. */
bool key_encrypt_is_rsa(const char *name);

/*
 * Make a key; *private and *public are new buffers with its JWKs.  False, with
 * a message on stderr; the caller must clear both anyway.
 */
bool key_encrypt_generate(const struct key_encrypt_options *options,
    struct secret *private, struct secret *public);

/*
 * Print the public part of the keys in a text that encrypt_keys_are() knows, or
 * their thumbprints.  Changes text.  False, with a message on stderr.
 */
bool key_encrypt_print_public(struct secret *text);
bool key_encrypt_print_thumbprints(struct secret *text, const char *prefix);

#endif
