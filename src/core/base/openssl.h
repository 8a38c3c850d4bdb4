/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The start of libcrypto, before anything else of it is called; and keys,
 * hashes and HMACs of it.
 */
#ifndef JWT_OPENSSL_H
#define JWT_OPENSSL_H

#include <stdbool.h>

#include "core/base/bytes.h"

/*
 * Whether libcrypto is ready; false: memory ran out.
 *
 * When memory runs out while libcrypto starts, OpenSSL 3.0 leaves its default
 * context half made, and the next call dereferences NULL in somebody else's
 * process.  Asking for the context runs the same start, and tells.
 */
bool openssl_is_up(void);

/*
 * EVP_PKEY, EVP_MAC_CTX, EVP_MD and OSSL_PARAM: most files must not include
 * OpenSSL's headers.
 */
struct evp_pkey_st;
struct evp_mac_ctx_st;
struct evp_md_st;
struct ossl_param_st;

/*
 * The key of a type from parameters; NULL when OpenSSL refuses them.  The
 * caller must free it, and must have checked what OpenSSL does not.
 *
 * selection  EVP_PKEY_PUBLIC_KEY or EVP_PKEY_KEYPAIR
 */
struct evp_pkey_st *openssl_pkey(const char *type, int selection,
    struct ossl_param_st *params);

/*
 * The hash "SHA256", "SHA384" or "SHA512"; NULL for NULL.  OpenSSL finds it
 * faster by this than by its name.  Static.
 */
const struct evp_md_st *openssl_digest(const char *name);

/*
 * The same address without const.  OSSL_PARAM takes no other, but libcrypto only
 * reads what a parameter of input points to.
 */
void *openssl_readable(const void *from);

/*
 * Write a number as an OSSL_PARAM holds it: in the byte order of the machine.
 * out has room for number.len bytes.
 */
void openssl_native(struct bytes number, uint8_t *out);

/*
 * A context of HMAC that has the key and waits for a text.  Duplicate it for
 * each text: the work that depends on the key alone is then done once.  NULL if
 * memory runs out; the caller must free it, which wipes the key.
 *
 * digest  OpenSSL's name of the hash
 */
struct evp_mac_ctx_st *openssl_hmac(const char *digest, struct bytes key);

#endif
