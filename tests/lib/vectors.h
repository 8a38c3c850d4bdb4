/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Vectors of other projects: read with json-c, and run through the key loader,
 * the header rules and the signature check of the core.
 *
 * Most of their payloads are not JSON objects, so they cannot go through
 * jws_parse() as they are; see vectors_verify().
 */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

#include "core/jose/jws.h"
#include "core/policy/policy.h"
#include "tests/lib/jsonc.h"

/*
 * Read a vector file below $JWT_SHARED/vectors; the default of JWT_SHARED is
 * ../shared.  If the folder is missing, print a skip line for the test called
 * name, and return NULL.
 */
struct json_object *vectors_read(const char *name, const char *file);

/* A member that is a string; NULL when it is absent or something else. */
const char *vectors_string(struct json_object *object, const char *name);

/* An issuer that has the keys of a case and nothing else. */
struct vectors_issuer {
	struct policy policy;
	struct issuer issuer;
	struct diag diag;
};

/*
 * Load a JWK or JWK Set and bind its keys.
 *
 * algorithms  the issuer's setting; 0: those that the keys name
 *
 * Symmetric keys are expected when the text has a kty of oct and algorithms
 * does not say otherwise.  Returns the reason of jwk_set_add() or of
 * policy_bind_keys().  The caller must clear *out, whatever the result.
 */
enum jwt_reason vectors_load(const char *jwk, alg_set algorithms,
    struct vectors_issuer *out);
void vectors_clear(struct vectors_issuer *issuer);

/*
 * Verify a compact token with any payload.  jws_parse() judges the header and
 * the form, with {} instead of the payload; the kid chooses the key;
 * sig_verify() gets the bytes of the vector.  If the payload is a JSON object,
 * the whole token also goes through jws_verify(), and its reason counts.  The
 * result is JWT_INTERNAL if only one of the two accepts.
 */
enum jwt_reason vectors_verify(const char *token,
    const struct vectors_issuer *keys);

/* How often each reason came out. */
struct vectors_tally {
	unsigned count[JWT_REASON_COUNT];
};

/* Print "name: 12 ok, 3 token-form, …" on one line. */
void vectors_print(const char *name, const struct vectors_tally *tally);

#endif
