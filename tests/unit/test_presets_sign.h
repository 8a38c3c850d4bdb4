/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A provider's keys, fresh for each run, and tokens signed with them.
 *
 * One key for each algorithm by name, and a stranger's beside it.
 */
#ifndef TEST_PRESETS_SIGN_H
#define TEST_PRESETS_SIGN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "core/base/b64url.h"
#include "tests/lib/jsonc.h"

#define SIGNER_SIG_MAX	512	/* bytes of any signature made here */
#define SIGNER_TOKEN_MAX 8192	/* characters */

static struct signer {
	const char *alg;
	const char *kty;
	const char *crv;	/* NULL: RSA of 2048 bits */
	const char *digest;	/* NULL: the scheme has its own */
	size_t coord_len;	/* EC: bytes of a coordinate */
	EVP_PKEY *own, *stranger;
} signers[] = {
	{ "RS256", "RSA", NULL, "SHA256", 0, NULL, NULL },
	{ "ES256", "EC", "P-256", "SHA256", 32, NULL, NULL },
	{ "ES384", "EC", "P-384", "SHA384", 48, NULL, NULL },
	{ "ES512", "EC", "P-521", "SHA512", 66, NULL, NULL },
	{ "EdDSA", "OKP", "Ed25519", NULL, 0, NULL, NULL },
};

#define SIGNERS_LEN (sizeof(signers) / sizeof(signers[0]))

static EVP_PKEY *
signer_generate(const struct signer *signer)
{
	if (signer->crv == NULL)
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	if (signer->coord_len == 0)
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	return EVP_PKEY_Q_keygen(NULL, NULL, "EC", signer->crv);
}

/* Returns 0, or 1 when a key cannot be made. */
static int
signer_open(void)
{
	int failed = 0;
	size_t i;

	for (i = 0; i < SIGNERS_LEN; i++) {
		signers[i].own = signer_generate(&signers[i]);
		signers[i].stranger = signer_generate(&signers[i]);
		if (signers[i].own == NULL || signers[i].stranger == NULL)
			failed = 1;
	}
	return failed;
}

static void
signer_close(void)
{
	size_t i;

	for (i = 0; i < SIGNERS_LEN; i++) {
		EVP_PKEY_free(signers[i].own);
		EVP_PKEY_free(signers[i].stranger);
	}
}

/* NULL for an algorithm that no key here is for. */
static const struct signer *
signer_find(const char *alg)
{
	size_t i;

	for (i = 0; i < SIGNERS_LEN; i++) {
		if (strcmp(signers[i].alg, alg) == 0)
			return &signers[i];
	}
	return NULL;
}

/* base64url with a terminator. */
static void
signer_encode(const void *data, size_t len, char *out)
{
	b64url_encode(bytes_of(data, len), out);
	out[b64url_encoded_len(len)] = '\0';
}

static void
signer_add(struct json_object *jwk, const char *name, const void *data,
    size_t len)
{
	char text[SIGNER_SIG_MAX * 2];

	signer_encode(data, len, text);
	json_object_object_add(jwk, name, json_object_new_string(text));
}

/* A number of the key, len bytes long, or as short as it is. */
static void
signer_add_number(struct json_object *jwk, const char *name,
    const EVP_PKEY *key, const char *param, size_t len)
{
	unsigned char data[SIGNER_SIG_MAX];
	BIGNUM *number = NULL;

	if (EVP_PKEY_get_bn_param(key, param, &number) != 1)
		abort();
	if (len == 0)
		len = (size_t)BN_num_bytes(number);
	BN_bn2binpad(number, data, (int)len);
	signer_add(jwk, name, data, len);
	BN_free(number);
}

/* The public JWK of the algorithm's key: kty, crv, the numbers, alg. */
static struct json_object *
signer_public(const char *alg)
{
	const struct signer *signer = signer_find(alg);
	struct json_object *jwk = json_object_new_object();
	unsigned char point[32];
	size_t len = sizeof(point);

	if (signer == NULL)
		abort();
	json_object_object_add(jwk, "kty",
	    json_object_new_string(signer->kty));
	json_object_object_add(jwk, "alg", json_object_new_string(alg));
	if (signer->crv == NULL) {
		signer_add_number(jwk, "n", signer->own, "n", 0);
		signer_add_number(jwk, "e", signer->own, "e", 0);
		return jwk;
	}
	json_object_object_add(jwk, "crv",
	    json_object_new_string(signer->crv));
	if (signer->coord_len != 0) {
		signer_add_number(jwk, "x", signer->own,
		    OSSL_PKEY_PARAM_EC_PUB_X, signer->coord_len);
		signer_add_number(jwk, "y", signer->own,
		    OSSL_PKEY_PARAM_EC_PUB_Y, signer->coord_len);
	} else {
		if (EVP_PKEY_get_raw_public_key(signer->own, point, &len) != 1)
			abort();
		signer_add(jwk, "x", point, len);
	}
	return jwk;
}

/* RFC 7518 section 3.4: R and S, each of full length, in place of DER. */
static size_t
signer_flatten(unsigned char *sig, size_t len, size_t coord_len)
{
	const unsigned char *der = sig;
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)len);

	BN_bn2binpad(ECDSA_SIG_get0_r(pair), sig, (int)coord_len);
	BN_bn2binpad(ECDSA_SIG_get0_s(pair), sig + coord_len, (int)coord_len);
	ECDSA_SIG_free(pair);
	return 2 * coord_len;
}

static size_t
signer_make(const struct signer *signer, EVP_PKEY *key, const char *input,
    unsigned char sig[SIGNER_SIG_MAX])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = SIGNER_SIG_MAX;

	if (EVP_DigestSignInit_ex(ctx, NULL, signer->digest, NULL, NULL, key,
	    NULL) != 1 || EVP_DigestSign(ctx, sig, &len,
	    (const unsigned char *)input, strlen(input)) != 1)
		abort();
	EVP_MD_CTX_free(ctx);
	return signer->coord_len == 0 ? len :
	    signer_flatten(sig, len, signer->coord_len);
}

/*
 * A compact token; to be freed.  For an algorithm without a key here the
 * signature is 64 bytes of nothing: the token must be refused before.
 */
static char *
signer_sign(const char *alg, bool stranger, const char *header,
    const char *payload)
{
	const struct signer *signer = signer_find(alg);
	unsigned char sig[SIGNER_SIG_MAX] = { 0 };
	char *token = calloc(1, SIGNER_TOKEN_MAX);
	size_t len = 64;

	if (token == NULL || strlen(header) + strlen(payload) >
	    (SIGNER_TOKEN_MAX - 2 * SIGNER_SIG_MAX) / 4 * 3)
		abort();
	signer_encode(header, strlen(header), token);
	strcat(token, ".");
	signer_encode(payload, strlen(payload), token + strlen(token));
	if (signer != NULL)
		len = signer_make(signer, stranger ? signer->stranger :
		    signer->own, token, sig);
	strcat(token, ".");
	signer_encode(sig, len, token + strlen(token));
	return token;
}

#endif
