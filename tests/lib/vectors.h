/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Vectors that nobody here wrote: read with json-c, and run through the key
 * loader, the header rules and the signature check of the core.
 *
 * Most of their payloads are no JSON objects, so they cannot go through
 * jws_parse() as they are; see vectors_verify().
 */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

#include "core/jose/jws.h"
#include "core/policy/policy.h"
#include "tests/lib/jsonc.h"

/*
 * A vector file below $JWT_SHARED (../shared) /vectors.  NULL when the folder
 * is not there, after a skip line for the test called name.
 */
struct json_object *vectors_read(const char *name, const char *file);

/* A member as a string; NULL when it is absent or something else. */
const char *vectors_string(struct json_object *object, const char *name);

/* The keys of a case, as an issuer that knows nothing else. */
struct vectors_issuer {
	struct policy policy;
	struct issuer issuer;
	struct diag diag;
};

/*
 * Load a JWK or JWK Set and bind its keys.
 *
 * algorithms  as the issuer's setting; 0: what the keys say themselves
 *
 * Symmetric keys are expected when the text has a kty of oct and algorithms
 * does not say otherwise.  Returns what jwk_set_add() or policy_bind_keys()
 * did.  *out is to be cleared in each case.
 */
enum jwt_reason vectors_load(const char *jwk, alg_set algorithms,
    struct vectors_issuer *out);
void vectors_clear(struct vectors_issuer *issuer);

/*
 * Verify a compact token with any payload.  The header and the form are
 * judged by jws_parse(), with {} in place of the payload; the key is chosen
 * by kid; sig_verify() sees the bytes of the vector.  Where the payload is a
 * JSON object, the whole token goes through jws_verify() too, whose reason
 * is the one that counts: JWT_INTERNAL if only one of the two accepts.
 */
enum jwt_reason vectors_verify(const char *token,
    const struct vectors_issuer *keys);

/* How often each reason was given. */
struct vectors_tally {
	unsigned count[JWT_REASON_COUNT];
};

/* Print "name: 12 ok, 3 token-form, …" on one line. */
void vectors_print(const char *name, const struct vectors_tally *tally);

#endif
