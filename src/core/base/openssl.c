/* SPDX-License-Identifier: BSD-2-Clause */
/* The start of libcrypto. */
#include <openssl/crypto.h>

#include "core/base/openssl.h"

bool
openssl_is_up(void)
{
	return OSSL_LIB_CTX_get0_global_default() != NULL;
}
