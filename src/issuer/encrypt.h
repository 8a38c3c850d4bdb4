/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encrypts a signed token for the one host that has the private key: a nested
 * JWT (RFC 7519 section 5.2, RFC 7516 section 5.1).
 */
#ifndef JWT_ENCRYPT_H
#define JWT_ENCRYPT_H

#include "issuer/encrypt_key.h"

#define ENCRYPT_ENC_DEFAULT "A256GCM"

/*
 * Encrypt; *out is a new buffer with the five parts.  It is parsed with the
 * code of the hosts, and decrypted, too, where key has its private half.
 *
 * Returns JWT_OK; JWT_OUT_OF_MEMORY; JWT_INTERNAL when OpenSSL does not encrypt
 * with this key; JWT_DECRYPT_FAILED when the private half does not decrypt it;
 * otherwise the reason for which a host refuses it unread.  On failure *out is
 * empty.
 */
JWT_MUST_USE enum jwt_reason encrypt_token(struct bytes token,
    const struct encrypt_key *key, const struct jwe_enc *enc,
    struct secret *out);

/* Whether the public half is one that can be encrypted for. */
bool encrypt_is_sound(const struct encrypt_key *key);

#endif
