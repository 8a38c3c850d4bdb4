/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A JWE in compact serialization (RFC 7516 section 7.1) that holds a JWS: a
 * token that only its host can read (RFC 7519 section 5.2, appendix A.2).
 *
 *	jwe_parse()    bytes to five parts; the header is checked
 *	jwe_decrypt()  with a key that fits: the JWS inside, not verified yet
 *
 * Encryption authenticates nobody: anybody can encrypt for a key that is
 * published.  So all that comes out here is a stranger's text, as any token is
 * until jws_verify().
 */
#ifndef JWT_JWE_H
#define JWT_JWE_H

#include "core/jose/jwe_key.h"
#include "core/jose/jws.h"

struct jwe;

/*
 * Whether a text has the outer form of a JWE, or of the start of one: a header
 * that starts as a JSON object, and three or four dots.  Of two dots it must
 * have nothing between them, as where ECDH-ES has no encrypted key.  Any other
 * text is left to jws_parse(), which knows the start of a JWE by the enc in its
 * header.
 */
bool jwe_has_form(struct bytes text);

/*
 * Parse a token: size, alphabet, five parts, and the header with its rules.
 * The other parts are looked at by jwe_decrypt(), so that all that is wrong
 * with them has one reason.
 *
 * token  borrowed until jwe_free(); never changed
 *
 * Returns JWT_OK, JWT_ENCRYPTION_UNSUPPORTED, a refusal of the malformed class
 * or JWT_OUT_OF_MEMORY.  *out is set whatever the result, NULL only when memory
 * runs out.
 */
JWT_MUST_USE enum jwt_reason jwe_parse(struct bytes token, struct jwe **out);

/* The result of jwe_parse(). */
enum jwt_reason jwe_parsed(const struct jwe *jwe);

/* The length of the token in bytes. */
size_t jwe_len(const struct jwe *jwe);

/*
 * Whether the token looks like the start of a longer one: its header is that of
 * a JWE, and it has fewer than four dots or a tag shorter than that of its enc.
 */
bool jwe_is_begun(const struct jwe *jwe);

/* The kid of the header, to choose a key and for the log; empty if absent. */
struct bytes jwe_unverified_kid(const struct jwe *jwe);
bool jwe_has_kid(const struct jwe *jwe);

/* The algorithms of the header; NULL if the header is not sound. */
const struct jwe_alg *jwe_alg(const struct jwe *jwe);
const struct jwe_enc *jwe_enc(const struct jwe *jwe);

/* Whether a key is for this token's alg, and of the curve of its epk. */
bool jwe_key_fits(const struct jwe *jwe, const struct jwe_key *key);

/*
 * Decrypt, and parse what comes out.
 *
 * jwe  jwe_parse() gave JWT_OK, and this was not called yet
 * key  fits it, by jwe_key_fits()
 * out  the token inside, which borrows from jwe: free it first
 *
 * Returns JWT_OK, also where jws_parsed() refuses the token inside;
 * JWT_DECRYPT_FAILED; JWT_ENCRYPTION_UNSUPPORTED if the token inside is
 * encrypted itself; JWT_OUT_OF_MEMORY or JWT_INTERNAL.  *out is NULL then.
 */
JWT_MUST_USE enum jwt_reason jwe_decrypt(struct jwe *jwe,
    const struct jwe_key *key, struct jws **out);

/* The text of the token inside, after jwe_decrypt(); empty before. */
struct bytes jwe_inner(const struct jwe *jwe);

/* Wipes everything decoded and decrypted; accepts NULL. */
void jwe_free(struct jwe *jwe);

#endif
