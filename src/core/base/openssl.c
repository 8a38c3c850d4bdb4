/* SPDX-License-Identifier: BSD-2-Clause */
/* The start of libcrypto, and keys, hashes and HMACs of it. */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "core/base/openssl.h"

bool
openssl_is_up(void)
{
	return OSSL_LIB_CTX_get0_global_default() != NULL;
}

EVP_PKEY *
openssl_pkey(const char *type, int selection, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;

	if (ctx == NULL)
		return NULL;
	if (EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, selection, params) != 1) {
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

const EVP_MD *
openssl_digest(const char *name)
{
	if (name == NULL)
		return NULL;
	if (bytes_eq_str(bytes_str(name), "SHA256"))
		return EVP_sha256();
	if (bytes_eq_str(bytes_str(name), "SHA384"))
		return EVP_sha384();
	return EVP_sha512();
}

void *
openssl_readable(const void *from)
{
	union {
		const void *from;
		void *to;
	} cast = { .from = from };

	return cast.to;
}

void
openssl_native(struct bytes number, uint8_t *out)
{
	size_t i;

	for (i = 0; i < number.len; i++) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		out[number.len - 1 - i] = number.ptr[i];
#else
		out[i] = number.ptr[i];
#endif
	}
}

EVP_MAC_CTX *
openssl_hmac(const char *digest, struct bytes key)
{
	const OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST,
		    openssl_readable(digest), strlen(digest)),
		OSSL_PARAM_END
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx;

	if (mac == NULL)
		return NULL;
	ctx = EVP_MAC_CTX_new(mac);
	EVP_MAC_free(mac);	/* the context keeps it */
	if (ctx != NULL && EVP_MAC_init(ctx, key.ptr, key.len, params) == 1)
		return ctx;
	EVP_MAC_CTX_free(ctx);
	return NULL;
}
