/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and signatures that a JOSE library would not make: by OpenSSL. */
#ifndef TESTS_FORGE_H
#define TESTS_FORGE_H

#include <openssl/evp.h>

#include "attack.h"

struct forge_der {
	uint8_t *ptr;	/* owned; room for 16 bytes more */
	size_t len;
};

/* A fresh key: "RSA", "RSA-1024", "P-256", "P-384", "P-521", "ED25519" ... */
EVP_PKEY *forge_key(const char *type);

/* Its SubjectPublicKeyInfo, and PEM of any DER under a label. */
struct forge_der forge_spki(const EVP_PKEY *key);
char *forge_pem(const EVP_PKEY *key);
char *forge_pem_of(const char *label, struct forge_der der);

/* A world with that key file; aborts where it does not load. */
void forge_load(struct world *world, const char *issuer, char *keys);

/* How an RSA signature is padded; salt counts for PSS. */
struct forge_padding {
	int padding;
	int salt;
	const char *mgf1;
};

/*
 * The signature of the standard claims under a header, as OpenSSL gives it
 * (ECDSA: r and s of full width each).
 */
struct forge_der forge_signature(EVP_PKEY *key, const char *header,
    const char *digest, const struct forge_padding *padding);

/* The raw RSA operation on an encoded message as long as the modulus. */
struct forge_der forge_rsa_raw(EVP_PKEY *key, const uint8_t *em, size_t len);

/* The token of that header, the standard claims and a signature. */
char *forge_token(const char *header, const uint8_t *sig, size_t len);

/* The bytes that are signed: free(). */
char *forge_signing_input(const char *header);

#endif
