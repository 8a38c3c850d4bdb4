/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the key that an encrypted token is for, and decrypts.
 *
 * The token is not read before, so all issuers of a service are asked.  What
 * comes out must be a token of an issuer that has the key: one issuer must not
 * be able to send tokens to a key that is published for another.
 */
#ifndef JWT_DECRYPTION_H
#define JWT_DECRYPTION_H

#include "core/jose/jwe.h"
#include "core/policy/policy.h"

/*
 * Decrypt a token with a key of the service's issuers; without a service, of
 * all issuers.
 *
 * jwe  as jwe_parse() left it, whatever that returned; never NULL
 * key  the key that was used, borrowed from policy; NULL unless JWT_OK
 * out  the token inside, which borrows from jwe: free it first; or NULL
 *
 * Returns JWT_OK, also where jws_parsed() refuses the token inside.  Otherwise
 * JWT_TOKEN_FORM for other than five parts; JWT_ENCRYPTION_UNSUPPORTED if no
 * issuer of the service has keys; the refusal of jwe_parse();
 * JWT_KEY_UNKNOWN, JWT_ALG_KEY_MISMATCH or JWT_KEY_AMBIGUOUS if no single key
 * fits; or the refusal of jwe_decrypt().
 */
JWT_MUST_USE enum jwt_reason decryption_open(const struct policy *policy,
    const struct service *service, struct jwe *jwe,
    const struct jwe_key **key, struct jws **out);

/*
 * Whether an issuer's token came as it must: one that was encrypted, by a key
 * of this issuer; any other, from an issuer that does not require encryption.
 *
 * key  that it was decrypted with; NULL: it was not encrypted
 *
 * Returns JWT_OK, JWT_ISSUER_UNKNOWN or JWT_ENCRYPTION_MISSING.
 */
JWT_MUST_USE enum jwt_reason decryption_check(const struct issuer *issuer,
    const struct jwe_key *key);

#endif
