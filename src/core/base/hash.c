/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256 by OpenSSL. */
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "core/base/hash.h"
#include "core/base/openssl.h"

/* The program around us (sshd, say) finds its OpenSSL error queue unchanged. */
enum jwt_reason
hash_sha256(struct bytes data, uint8_t out[HASH_LEN])
{
	size_t len = 0;
	int ok;

	if (data.len == 0)
		data = bytes_str("");	/* its ptr may be NULL */
	if (!openssl_is_up())
		return JWT_OUT_OF_MEMORY;
	ERR_set_mark();
	ok = EVP_Q_digest(NULL, "SHA256", NULL, data.ptr, data.len, out, &len);
	ERR_pop_to_mark();
	if (ok != 1 || len != HASH_LEN)
		return JWT_OUT_OF_MEMORY;
	return JWT_OK;
}

enum jwt_reason
hash_keyed(struct bytes key, struct bytes data, uint8_t out[HASH_LEN])
{
	const void *done;
	size_t len = 0;

	if (!openssl_is_up())
		return JWT_OUT_OF_MEMORY;
	ERR_set_mark();
	done = EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key.ptr, key.len,
	    data.ptr, data.len, out, HASH_LEN, &len);
	ERR_pop_to_mark();
	if (done == NULL || len != HASH_LEN)
		return JWT_OUT_OF_MEMORY;
	return JWT_OK;
}

/* ---- several texts ---- */

struct hash_run {
	EVP_MD *md;
	EVP_MD_CTX *ctx;
};

void
hash_run_free(struct hash_run *run)
{
	if (run == NULL)
		return;
	EVP_MD_CTX_free(run->ctx);
	EVP_MD_free(run->md);
	free(run);
}

struct hash_run *
hash_run_new(void)
{
	struct hash_run *run = calloc(1, sizeof(*run));

	if (run == NULL)
		return NULL;
	if (openssl_is_up()) {
		ERR_set_mark();
		run->md = EVP_MD_fetch(NULL, "SHA256", NULL);
		run->ctx = EVP_MD_CTX_new();
		ERR_pop_to_mark();
	}
	if (run->md != NULL && run->ctx != NULL)
		return run;
	hash_run_free(run);
	return NULL;
}

enum jwt_reason
hash_run_sha256(struct hash_run *run, struct bytes data, uint8_t out[HASH_LEN])
{
	unsigned len = 0;
	bool ok;

	ERR_set_mark();
	ok = EVP_DigestInit_ex2(run->ctx, run->md, NULL) == 1 &&
	    EVP_DigestUpdate(run->ctx, data.ptr, data.len) == 1 &&
	    EVP_DigestFinal_ex(run->ctx, out, &len) == 1 && len == HASH_LEN;
	ERR_pop_to_mark();
	if (!ok)
		return JWT_OUT_OF_MEMORY;
	return JWT_OK;
}

struct hash_key {
	EVP_MAC_CTX *ctx;	/* has the key, and is copied for each text */
};

void
hash_key_free(struct hash_key *key)
{
	if (key == NULL)
		return;
	EVP_MAC_CTX_free(key->ctx);
	free(key);
}

struct hash_key *
hash_key_new(struct bytes key)
{
	struct hash_key *out = calloc(1, sizeof(*out));

	if (out == NULL)
		return NULL;
	if (openssl_is_up()) {
		ERR_set_mark();
		out->ctx = openssl_hmac("SHA256", key);
		ERR_pop_to_mark();
	}
	if (out->ctx != NULL)
		return out;
	hash_key_free(out);
	return NULL;
}

enum jwt_reason
hash_key_use(const struct hash_key *key, struct bytes data,
    uint8_t out[HASH_LEN])
{
	EVP_MAC_CTX *ctx;
	size_t len = 0;
	bool ok;

	ERR_set_mark();
	ctx = EVP_MAC_CTX_dup(key->ctx);
	ok = ctx != NULL && EVP_MAC_update(ctx, data.ptr, data.len) == 1 &&
	    EVP_MAC_final(ctx, out, &len, HASH_LEN) == 1 && len == HASH_LEN;
	EVP_MAC_CTX_free(ctx);
	ERR_pop_to_mark();
	if (!ok)
		return JWT_OUT_OF_MEMORY;
	return JWT_OK;
}

/* ---- text ---- */

bool
hash_is_same(const uint8_t *a, const uint8_t *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}

void
hash_hex(struct bytes data, char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < data.len; i++) {
		out[2 * i] = digits[data.ptr[i] >> 4];
		out[2 * i + 1] = digits[data.ptr[i] & 15];
	}
	out[2 * data.len] = '\0';
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool
hash_of_hex(const char *text, uint8_t out[HASH_LEN])
{
	size_t i;

	if (strlen(text) != (size_t)2 * HASH_LEN)
		return false;
	for (i = 0; i < HASH_LEN; i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high * 16 + low);
	}
	return true;
}
