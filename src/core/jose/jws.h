/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A JWS in compact serialization (RFC 7515 section 7.1) holding a JWT.
 *
 *	jws_parse()   bytes to header and payload; nothing is trusted yet
 *	jws_verify()  a key of the issuer's set made the signature: claims
 *
 * Only jws_verify() makes a struct claims, so no claim of a token that is not
 * verified can be taken for one that is.  This header does not know the
 * configuration: claims.h checks claims against an issuer's settings.
 */
#ifndef JWT_JWS_H
#define JWT_JWS_H

#include "core/jose/jwk.h"

#define TOKEN_MAX	16384	/* characters; Entra with 200 groups: 12 K */
#define HEADER_MAX	4096	/* bytes, decoded */
#define PAYLOAD_MAX	12288	/* bytes, decoded: all that a token holds */
#define KEY_TRIES_MAX	8		/* keys tried for a token without kid */

struct jws;

/* The claims of a verified token; opaque, owned by its struct jws. */
struct claims;

/*
 * Parse a token: size, alphabet, three parts, canonical base64url, header
 * and payload as strict JSON objects, the rules of the header.
 *
 * token  borrowed until jws_free(); never changed
 *
 * Returns JWT_OK, a refusal of the malformed class, JWT_ALG_UNSUPPORTED or
 * JWT_OUT_OF_MEMORY.  *out is set whatever the result, NULL only when memory
 * runs out: a refused token may still have a kid for the log.
 */
JWT_MUST_USE enum jwt_reason jws_parse(struct bytes token, struct jws **out);

/* The result of jws_parse(), for a function that gets the parsed token. */
enum jwt_reason jws_parsed(const struct jws *jws);

/* The length of the token in bytes. */
size_t jws_len(const struct jws *jws);

/*
 * Whether the token looks like the start of a longer one: it starts soundly
 * and has fewer than two dots, or its header is sound and its signature is
 * shorter than any that its algorithm makes, or its header has the enc of a
 * JWE, which has five parts.  Such a token is refused by
 * jws_parse() or jws_verify(); programs_reason() says whether it was cut.
 */
bool jws_is_begun(const struct jws *jws);

/* The signed bytes: header, dot and payload.  Borrowed from the token. */
struct bytes jws_signing_input(const struct jws *jws);

/* Wipes everything decoded; accepts NULL. */
void jws_free(struct jws *jws);

/*
 * The length of the signature, compared to those that the alg of the header
 * makes.  No key is looked at: the sender of a token would learn its length.
 */
enum jws_signature {
	JWS_SIGNATURE_SHORT,	/* shorter than any, or the start of a JWE */
	JWS_SIGNATURE_COMMON,	/* as of common keys; there are longer ones */
	JWS_SIGNATURE_ODD,	/* longer than the shortest, and of no common key */
	JWS_SIGNATURE_WHOLE	/* none is longer, or the header is not sound */
};

enum jws_signature jws_signature_length(const struct jws *jws);

/* The iss of a token that is not verified; use it to choose an issuer only. */
struct bytes jws_unverified_iss(const struct jws *jws);

/* The kid of a token that is not verified, for the log; empty if absent. */
struct bytes jws_unverified_kid(const struct jws *jws);

/*
 * Verify the signature with a key of the set.
 *
 * set      the chosen issuer's keys, bound by policy_bind_keys()
 * allowed  the algorithms that the issuer may use
 *
 * A token with a kid is verified by the key of that kid and its alg.  If no key
 * has the kid, the keys without any kid (PEM) are tried.  For a token without a
 * kid each key of its algorithm is tried, up to KEY_TRIES_MAX.
 *
 * Returns JWT_OK with *out, borrowed from jws; otherwise a refusal of the key
 * class, or that of jws_parse(), JWT_OUT_OF_MEMORY or JWT_INTERNAL, with *out
 * NULL.
 */
JWT_MUST_USE enum jwt_reason jws_verify(struct jws *jws,
    const struct jwk_set *set, alg_set allowed, const struct claims **out);

/* The whole object; never NULL.  Borrowed from the token. */
const struct json_node *claims_root(const struct claims *claims);

/* A top-level member; NULL if it is absent.  Borrowed from the token. */
static inline const struct json_node *
claims_get(const struct claims *claims, const char *name)
{
	return json_get(claims_root(claims), bytes_str(name));
}

/* The typ of the header; has_typ is false when it is absent. */
struct bytes claims_typ(const struct claims *claims, bool *has_typ);

#endif
