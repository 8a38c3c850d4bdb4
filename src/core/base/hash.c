/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256 by OpenSSL. */
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
