/* SPDX-License-Identifier: BSD-2-Clause */
/* What a struct crypt_key is, for crypt.c and crypt_key.c alone. */
#ifndef JWT_CRYPT_PKEY_H
#define JWT_CRYPT_PKEY_H

#include <openssl/evp.h>

#include "core/jose/crypt_key.h"

struct crypt_key {
	enum jwe_kind kind;
	EVP_PKEY *pkey;		/* owned */
	struct secret modulus;	/* RSA: n; otherwise empty */
};

/* A number of an OSSL_PARAM, which is in the byte order of the machine. */
void crypt_to_native(struct bytes number, uint8_t *out);

/*
 * The EVP key of a point whose coordinates have the lengths of their curve.
 * With d it is a private key.  NULL if OpenSSL refuses it: then a point is not
 * on the curve, or memory ran out.
 */
EVP_PKEY *crypt_point(enum jwe_kind kind, struct bytes x, struct bytes y,
    struct bytes d);

#endif
