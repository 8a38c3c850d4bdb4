/* SPDX-License-Identifier: BSD-2-Clause */
/* OpenSSL and json-c as everybody would use them, for the adapters. */
#ifndef TESTS_BENCH_PLAIN_H
#define TESTS_BENCH_PLAIN_H

#include <openssl/evp.h>
#include <stdint.h>

#include "tests/bench/adapters/adapter.h"

#define PLAIN_SECRET_MAX	128
#define PLAIN_SIGNATURE_MAX	1024

/* What OpenSSL needs to verify: a key, or an HMAC that has its secret. */
struct plain_key {
	EVP_PKEY *pkey;
	EVP_MAC_CTX *mac;
	const EVP_MD *md;	/* NULL: of the algorithm itself */
	bool is_pss;
	size_t half;		/* of an ECDSA signature; 0: it is none */
};

/* The bytes of base64url; 0 when it is not. */
size_t plain_b64(const char *text, size_t len, uint8_t *out);

bool plain_load(const struct subject *subject, bool from_pem,
    struct plain_key *key);
void plain_unload(struct plain_key *key);

/* A signature of JWS in the form of OpenSSL: DER for ECDSA. */
size_t plain_signature(const struct plain_key *key, uint8_t *raw, size_t len,
    uint8_t out[PLAIN_SIGNATURE_MAX]);

bool plain_verify(const struct plain_key *key, const char *text, size_t len,
    const uint8_t *signature, size_t signature_len);

/* Header and claims by json-c. */
bool plain_header(const char *text, size_t len, const char *alg);
bool plain_claims(const char *text, size_t len, const struct subject *subject);

#endif
