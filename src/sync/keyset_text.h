/* SPDX-License-Identifier: BSD-2-Clause */
/* The text of a set as sync installs it, and the names of its keys. */
#ifndef JWT_KEYSET_TEXT_H
#define JWT_KEYSET_TEXT_H

#include "core/jose/jwk.h"

/*
 * Write a set: "synced", "source", "iss" and the keys, each with nothing but its
 * numbers, kid, the one alg that it verifies, and "dropped" where it has that.
 *
 * set  has the numbers of its keys (struct jwk_file, published)
 *
 * Returns JWT_OK; JWT_JSON_LIMIT for more bytes than a login reads;
 * JWT_OUT_OF_MEMORY or JWT_INTERNAL.  *out must be cleared whatever the
 * result.
 */
JWT_MUST_USE enum jwt_reason keyset_text(const struct jwk_set *set,
    const char *source, const char *iss, int64_t synced, struct secret *out);

/*
 * The name of a key in messages: its kid, or its thumbprint if it has no kid.
 * The copy is in the arena.  Returns JWT_OK or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason keyset_name(struct arena *arena,
    const struct jwk *key, struct bytes *out);

#endif
