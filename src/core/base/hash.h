/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256, plain and keyed: for the names of facts in a store, and for keys. */
#ifndef JWT_HASH_H
#define JWT_HASH_H

#include "core/base/bytes.h"
#include "core/reason.h"

#define HASH_LEN 32	/* bytes */

/* SHA-256 (FIPS 180-4).  Returns JWT_OK or JWT_OUT_OF_MEMORY. */
JWT_MUST_USE enum jwt_reason hash_sha256(struct bytes data,
    uint8_t out[HASH_LEN]);

/* HMAC-SHA-256 (RFC 2104).  Returns JWT_OK or JWT_OUT_OF_MEMORY. */
JWT_MUST_USE enum jwt_reason hash_keyed(struct bytes key, struct bytes data,
    uint8_t out[HASH_LEN]);

/*
 * Whether two hashes, or the first len bytes of them, are the same.  It takes
 * the same time wherever they differ, because one of them may be a secret.
 */
bool hash_is_same(const uint8_t *a, const uint8_t *b, size_t len);

/* Write data in lowercase hexadecimal; out has room for 2 * len + 1. */
void hash_hex(struct bytes data, char *out);

/* Read a hash from 64 such digits; false for any other text. */
bool hash_of_hex(const char *text, uint8_t out[HASH_LEN]);

#endif
