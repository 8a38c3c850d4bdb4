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
 * The same for several texts: what does not depend on a text, to find the
 * algorithm and to prepare the key, is most of a short hash and is done once.
 * NULL if memory runs out; each is the caller's to free, and NULL may be freed.
 */
struct hash_run;
struct hash_run *hash_run_new(void);
void hash_run_free(struct hash_run *run);
JWT_MUST_USE enum jwt_reason hash_run_sha256(struct hash_run *run,
    struct bytes data, uint8_t out[HASH_LEN]);

struct hash_key;
struct hash_key *hash_key_new(struct bytes key);
void hash_key_free(struct hash_key *key);
JWT_MUST_USE enum jwt_reason hash_key_use(const struct hash_key *key,
    struct bytes data, uint8_t out[HASH_LEN]);

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
