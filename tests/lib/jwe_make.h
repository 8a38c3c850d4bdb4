/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encrypts tokens for tests, with OpenSSL and without the code under test; also
 * in ways that no honest sender would.  Anything that fails here aborts.
 */
#ifndef TESTS_JWE_MAKE_H
#define TESTS_JWE_MAKE_H

#include <openssl/evp.h>

#include "core/base/secret.h"
#include "core/jose/jwe_alg.h"

/* How a token is made; all but alg and enc may be zero. */
struct jwe_recipe {
	const char *alg, *enc;
	const char *members;	/* more of the header: ",\"cty\":\"JWT\"" */
	const char *header;	/* the whole header instead */
	const char *epk;	/* the JSON of the epk instead */
	struct bytes z;		/* what ECDH gives, instead */
	struct bytes cek;	/* what is wrapped or encrypted, instead */
	struct bytes content_key;	/* what the content is encrypted with */
	struct bytes apu, apv;
	size_t iv_len;
	const char *digest;	/* of OAEP, instead of that of alg */
	const char *mgf;	/* of its MGF1; NULL: the same */
	const char *kdf;	/* OpenSSL's name; NULL: SSKDF */
	const char *algorithm_id;	/* of the KDF, instead */
	bool swap_halves;	/* of the CEK of AES-CBC with HMAC */
	bool length_in_bytes;	/* of the header, in that HMAC */
	bool bad_padding;	/* of AES-CBC, under a good HMAC */
};

/* A token in pieces, which a test may change before jwe_parts_join(). */
struct jwe_parts {
	char *header;		/* JSON; what was encrypted has it as it was */
	struct secret key, iv, text, tag;
	struct secret cek, z;	/* what it was encrypted with */
};

/* A private key of that kind: the same in each call; never freed. */
EVP_PKEY *jwe_make_key(enum jwe_kind kind);

/* Another one in each call; freed by the caller. */
EVP_PKEY *jwe_make_fresh(enum jwe_kind kind);

/* Its private JWK with more members: ",\"alg\":\"…\""; freed by the caller. */
char *jwe_make_jwk(const EVP_PKEY *key, enum jwe_kind kind, const char *more);

/* A member of that JWK, in base64url, from bytes; freed by the caller. */
char *jwe_make_b64(struct bytes from);

/* What ECDH of a key with its own public half gives. */
void jwe_make_self(EVP_PKEY *key, struct secret *z);

/* Encrypt plain for the key. */
void jwe_make_parts(const struct jwe_recipe *recipe, EVP_PKEY *key,
    enum jwe_kind kind, struct bytes plain, struct jwe_parts *out);
char *jwe_parts_join(const struct jwe_parts *parts);
void jwe_parts_clear(struct jwe_parts *parts);

/* All of these in one call. */
char *jwe_make(const struct jwe_recipe *recipe, EVP_PKEY *key,
    enum jwe_kind kind, struct bytes plain);

#endif
