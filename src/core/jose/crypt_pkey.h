/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crypt.c, crypt_key.c and issuer/encrypt.c share this: the inside of a struct
 * crypt_key, and the steps that encrypting and decrypting have in common.
 */
#ifndef JWT_CRYPT_PKEY_H
#define JWT_CRYPT_PKEY_H

#include <openssl/evp.h>

#include "core/jose/crypt.h"

struct crypt_key {
	enum jwe_kind kind;
	EVP_PKEY *pkey;		/* owned */
	struct secret modulus;	/* RSA: n; otherwise empty */
};

/*
 * The EVP key of a point whose coordinates have the lengths of their curve.
 * With d it is a private key.  NULL if OpenSSL refuses it: then a point is not
 * on the curve, or memory ran out.
 */
EVP_PKEY *crypt_point(enum jwe_kind kind, struct bytes x, struct bytes y,
    struct bytes d);

/* ECDH: write len bytes of what two keys of a curve agree on to z. */
bool crypt_derive_z(EVP_PKEY *own, EVP_PKEY *peer, size_t len, uint8_t *z);

/* The key of len bytes that in's alg, enc, apu and apv make of z. */
bool crypt_derive_key(const struct crypt_input *in, struct bytes z,
    uint8_t *out, size_t len);

/*
 * The HMAC beside AES-CBC, of in's aad, iv and ciphertext, not cut yet; out has
 * room for EVP_MAX_MD_SIZE bytes.
 */
bool crypt_mac(const struct crypt_input *in, struct bytes key, uint8_t *out);

#endif
