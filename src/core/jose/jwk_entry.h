/* SPDX-License-Identifier: BSD-2-Clause */
/* The members of one JWK, for jwk.c. */
#ifndef JWT_JWK_ENTRY_H
#define JWT_JWK_ENTRY_H

#include "core/jose/jwk.h"

/* Whether its kty is "oct". */
bool jwk_entry_is_oct(const struct json_node *jwk);

/* Find its kind by kty and crv; false for one that we do not know. */
bool jwk_entry_kind(const struct json_node *jwk, enum key_kind *out);

/*
 * Take its kind, kid and alg, as views of the text.  Returns NULL, or why the
 * key is not for verifying signatures: a static phrase.
 */
const char *jwk_entry_purpose(const struct json_node *jwk, struct jwk *key);

/* Take "dropped", which sync writes; only jwk_counts() looks at it. */
void jwk_entry_times(const struct json_node *jwk, struct jwk *key);

/*
 * Decode a base64url member in place, so that the text is changed.  The result
 * is empty if the member is missing or malformed; no sound key has an empty
 * number.
 */
struct bytes jwk_entry_bytes(const struct json_node *object, const char *name);

/*
 * Take its numbers, for the kind that mat has: decoded in place, so that the
 * text is changed.  One that is missing or malformed is empty.
 */
void jwk_entry_numbers(const struct json_node *jwk, struct keymat *mat);

/*
 * Returns NULL, or what is wrong with the numbers.  Takes from key->algs those
 * that a secret is too short for.
 */
const char *jwk_entry_fault(struct jwk *key, const struct keymat *mat);

/* Read an integer from 0 to 2^53-1; false, and *out 0, for anything else. */
bool jwk_entry_epoch(const struct json_node *node, int64_t *out);

#endif
