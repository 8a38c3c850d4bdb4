/* SPDX-License-Identifier: BSD-2-Clause */
/* The start of libcrypto, and keys for it. */
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
