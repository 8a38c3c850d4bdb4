/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and signatures for the attacks.  What fails here aborts. */
#include <stdlib.h>

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "core/base/b64url.h"
#include "forge.h"

#define CLAIMS "{" WORLD_CLAIMS "}"

static void
must(bool ok)
{
	if (!ok)
		abort();
}

EVP_PKEY *
forge_key(const char *type)
{
	EVP_PKEY *key;

	if (strcmp(type, "RSA") == 0)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	else if (strcmp(type, "RSA-1024") == 0)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024);
	else if (type[0] == 'P')
		key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", type);
	else
		key = EVP_PKEY_Q_keygen(NULL, NULL, type);
	must(key != NULL);
	return key;
}

static struct forge_der
room(size_t len)
{
	struct forge_der der = { calloc(1, len + 16), len };

	must(der.ptr != NULL);
	return der;
}

struct forge_der
forge_spki(const EVP_PKEY *key)
{
	int len = i2d_PUBKEY(key, NULL);
	struct forge_der der;
	unsigned char *end;

	must(len > 0);
	der = room((size_t)len);
	end = der.ptr;
	must(i2d_PUBKEY(key, &end) == len);
	return der;
}

char *
forge_pem_of(const char *label, struct forge_der der)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data, *text;
	long len;

	must(bio != NULL && PEM_write_bio(bio, label, "", der.ptr,
	    (long)der.len) > 0);
	len = BIO_get_mem_data(bio, &data);
	text = world_text("%.*s", (int)len, data);
	BIO_free(bio);
	return text;
}

char *
forge_pem(const EVP_PKEY *key)
{
	struct forge_der der = forge_spki(key);
	char *text = forge_pem_of("PUBLIC KEY", der);

	free(der.ptr);
	return text;
}

void
forge_load(struct world *world, const char *issuer, char *keys)
{
	must(world_load(world, issuer, "", keys) == JWT_OK);
}

char *
forge_token(const char *header, const uint8_t *sig, size_t len)
{
	return world_join(header, CLAIMS, bytes_of(sig, len));
}

char *
forge_signing_input(const char *header)
{
	char *text = forge_token(header, (const uint8_t *)"", 0);

	text[strlen(text) - 1] = '\0';
	return text;
}

static struct forge_der
raw_ecdsa(const EVP_PKEY *key, struct forge_der sig)
{
	int half = (EVP_PKEY_get_bits(key) + 7) / 8;
	struct forge_der out = room(2 * (size_t)half);
	const unsigned char *at = sig.ptr;
	ECDSA_SIG *rs = d2i_ECDSA_SIG(NULL, &at, (long)sig.len);

	must(rs != NULL);
	BN_bn2binpad(ECDSA_SIG_get0_r(rs), out.ptr, half);
	BN_bn2binpad(ECDSA_SIG_get0_s(rs), out.ptr + half, half);
	ECDSA_SIG_free(rs);
	free(sig.ptr);
	return out;
}

static void
set_padding(EVP_PKEY_CTX *ctx, const struct forge_padding *padding)
{
	must(EVP_PKEY_CTX_set_rsa_padding(ctx, padding->padding) == 1);
	if (padding->padding != RSA_PKCS1_PSS_PADDING)
		return;
	must(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, padding->salt) == 1);
	must(EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, padding->mgf1, NULL) == 1);
}

struct forge_der
forge_signature(EVP_PKEY *key, const char *header, const char *digest,
    const struct forge_padding *padding)
{
	char *input = forge_signing_input(header);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;
	struct forge_der sig;

	must(ctx != NULL && EVP_DigestSignInit_ex(ctx, &pctx, digest, NULL,
	    NULL, key, NULL) == 1);
	if (padding != NULL)
		set_padding(pctx, padding);
	sig = room((size_t)EVP_PKEY_get_size(key));
	must(EVP_DigestSign(ctx, sig.ptr, &sig.len, (uint8_t *)input,
	    strlen(input)) == 1);
	EVP_MD_CTX_free(ctx);
	free(input);
	return EVP_PKEY_is_a(key, "EC") ? raw_ecdsa(key, sig) : sig;
}

struct forge_der
forge_rsa_raw(EVP_PKEY *key, const uint8_t *em, size_t len)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	struct forge_der sig = room(len);

	must(ctx != NULL && EVP_PKEY_sign_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
	    EVP_PKEY_sign(ctx, sig.ptr, &sig.len, em, len) == 1);
	EVP_PKEY_CTX_free(ctx);
	return sig;
}
