/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The thumbprint of a key (RFC 7638): a name that anybody who has the key can
 * compute, and that no two keys share.  It is the kid of keys that the command
 * makes, and what "jkt" of a cnf claim holds (RFC 9449 section 6).
 */
#ifndef JWT_THUMBPRINT_H
#define JWT_THUMBPRINT_H

#include "core/base/hash.h"
#include "core/base/json_write.h"
#include "core/jose/keymat.h"

#define THUMBPRINT_SIZE 44	/* 43 characters and a terminator */

struct thumbprint {
	uint8_t digest[HASH_LEN];	/* SHA-256 */
	char text[THUMBPRINT_SIZE];	/* the digest in base64url */
};

/*
 * Compute the thumbprint of a key that keymat_fault() has found sound, so that
 * its numbers have one spelling only.  The thumbprint of a secret (KEY_OCT) is
 * a hash of it, and must not be published.
 *
 * Returns JWT_OK, JWT_OUT_OF_MEMORY, or JWT_JSON_LIMIT for numbers that no
 * sound key has; on failure *out is all zero.
 */
JWT_MUST_USE enum jwt_reason thumbprint_make(const struct keymat *mat,
    struct thumbprint *out);

/* Write the members of such a JWK, in their order, into an open object. */
void thumbprint_members(struct json_write *json, const struct keymat *mat);

#endif
