/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Takes tokens apart and verifies their signatures.  Until jws_verify() all of
 * a token is a stranger's text: it is read with limits, and nothing of it
 * chooses a key or an algorithm that the configuration does not allow.
 */
#include <stdlib.h>

#include "core/base/b64url.h"
#include "core/jose/jws.h"
#include "core/jose/shape.h"

/* Made when a signature has been verified; see jws.h. */
struct claims {
	const struct json_node *root;
	const struct json_node *typ;
};

struct part {
	struct bytes raw;		/* as received */
	enum jwt_reason decoding;	/* its result */
	uint8_t *ptr;			/* decoded */
	size_t len;
};

struct jws {
	enum jwt_reason parsed;		/* the result of jws_parse() */
	size_t len;			/* of the token */
	bool is_begun;
	struct part header, payload, signature;
	struct bytes signing_input;
	struct secret decoded;		/* the three parts side by side */
	struct json_doc header_doc, payload_doc;
	const struct json_node *kid, *typ;
	alg_set algs;			/* that the name in alg stands for */
	struct claims claims;		/* root is set by jws_verify() only */
};

/* The length of the payload needs no check: the token's limit is enough. */
_Static_assert(TOKEN_MAX / 4 * 3 <= PAYLOAD_MAX, "the token bounds the payload");

/* RFC 7515 section 7.1: three parts, the first two not empty. */
static enum jwt_reason
split(struct bytes token, struct jws *jws)
{
	struct bytes rest = token;

	if (token.len == 0)
		return JWT_TOKEN_EMPTY;
	if (token.len > TOKEN_MAX)
		return JWT_TOKEN_TOO_LONG;
	if (shape_count_dots(token) != 2)
		return JWT_TOKEN_FORM;
	jws->header.raw = bytes_cut(&rest, '.');
	jws->payload.raw = bytes_cut(&rest, '.');
	jws->signature.raw = rest;
	jws->signing_input = bytes_of(token.ptr,
	    jws->header.raw.len + 1 + jws->payload.raw.len);
	if (jws->header.raw.len == 0 || jws->payload.raw.len == 0)
		return JWT_TOKEN_FORM;
	if (b64url_decoded_len(jws->header.raw.len) > HEADER_MAX)
		return JWT_TOKEN_TOO_LONG;
	return JWT_OK;
}

/* Decode a part to this place; returns the place after it. */
static uint8_t *
decode_part(struct part *part, uint8_t *to)
{
	part->ptr = to;
	part->len = b64url_decoded_len(part->raw.len);
	part->decoding = b64url_decode(part->raw, to);
	return to + part->len;
}

/*
 * Decode the three parts.  A part that cannot be decoded is refused in its
 * turn, but a character outside of the alphabet makes the whole no token.
 */
static enum jwt_reason
decode(struct bytes token, struct jws *jws)
{
	enum jwt_reason reason;
	uint8_t *at;

	reason = secret_alloc(b64url_decoded_len(token.len), &jws->decoded);
	if (reason != JWT_OK)
		return reason;
	at = decode_part(&jws->header, jws->decoded.ptr);
	at = decode_part(&jws->payload, at);
	(void)decode_part(&jws->signature, at);
	if (jws->header.decoding == JWT_OK && jws->payload.decoding == JWT_OK &&
	    jws->signature.decoding == JWT_OK)
		return JWT_OK;
	if (!shape_has_token_chars(token))
		return JWT_TOKEN_FORM;
	return JWT_OK;
}

static enum jwt_reason
parse_json(const struct part *part, struct json_doc *doc)
{
	if (part->decoding != JWT_OK)
		return part->decoding;
	return json_parse(part->ptr, part->len, &json_token_limits, doc);
}

static const struct json_node *
header_member(const struct jws *jws, const char *name)
{
	return json_get(json_root(&jws->header_doc), bytes_str(name));
}

/*
 * Parameters that a login token must not have: keys and places of keys that
 * it brings itself (jwk, jku, x5u; CVE-2018-0114), an unencoded payload (b64,
 * RFC 7797 section 7), and those of a JWE or a nested token (enc, zip, cty).
 * x5c, x5t and x5t#S256 are sent by some providers and not looked at.
 */
static bool
has_forbidden_parameter(const struct jws *jws)
{
	static const char *const names[] = {
		"jwk", "jku", "x5u", "b64", "enc", "zip", "cty"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (header_member(jws, names[i]) != NULL)
			return true;
	}
	return false;
}

/* RFC 7515 section 4.1; the algorithm is settled by the key later. */
static enum jwt_reason
check_header(struct jws *jws)
{
	const struct json_node *alg = header_member(jws, "alg");

	jws->kid = header_member(jws, "kid");
	jws->typ = header_member(jws, "typ");
	if (header_member(jws, "crit") != NULL)
		return JWT_CRIT_UNSUPPORTED;	/* we know no extension */
	if (!json_is(alg, JSON_STRING))
		return JWT_HEADER_INVALID;
	jws->algs = alg_by_name(json_text(alg));
	if (jws->algs == 0)
		return JWT_ALG_UNSUPPORTED;
	if (jws->kid != NULL && (!json_is(jws->kid, JSON_STRING) ||
	    json_text(jws->kid).len > JWK_KID_MAX))
		return JWT_HEADER_INVALID;
	if (jws->typ != NULL && !json_is(jws->typ, JSON_STRING))
		return JWT_HEADER_INVALID;
	if (has_forbidden_parameter(jws))
		return JWT_HEADER_INVALID;
	return JWT_OK;
}

/* Whether the key verifies tokens of this algorithm name, and only those. */
static bool
key_fits(const struct jws *jws, const struct jwk *key)
{
	return key->algs != 0 && (jws->algs & ALG_BIT(key->alg)) != 0;
}

#define NO_LENGTH SIZE_MAX	/* longer than any signature */

/*
 * The shortest signature of one algorithm that is longer than after, in
 * characters of base64url; or NO_LENGTH.  RSA has the common sizes of keys and
 * the longest that is allowed.
 */
static size_t
next_length(enum alg_id alg, size_t after)
{
	static const size_t rsa[] = {	/* bytes */
		RSA_BITS_MIN / 8, 384, 512, RSA_BITS_MAX / 8
	};
	size_t fixed = b64url_encoded_len(alg_row(alg)->sig_len), i;

	if (fixed > after)
		return fixed;
	if (fixed != 0)
		return NO_LENGTH;
	for (i = 0; i < sizeof(rsa) / sizeof(rsa[0]); i++) {
		if (b64url_encoded_len(rsa[i]) > after)
			return b64url_encoded_len(rsa[i]);
	}
	return NO_LENGTH;
}

/* The same for all algorithms of the header's name: EdDSA has two. */
static size_t
next_signature(const struct jws *jws, size_t after)
{
	alg_set rest = jws->algs;
	size_t next = NO_LENGTH;

	while (rest != 0) {
		size_t len = next_length((enum alg_id)__builtin_ctz(rest),
		    after);

		if (len < next)
			next = len;
		rest &= rest - 1;
	}
	return next;
}

enum jws_signature
jws_signature_length(const struct jws *jws)
{
	size_t have = jws->signature.raw.len;

	if (header_member(jws, "enc") != NULL)
		return JWS_SIGNATURE_SHORT;	/* the start of a JWE */
	if (jws->algs == 0)
		return JWS_SIGNATURE_WHOLE;	/* the header is not sound */
	if (have < next_signature(jws, 0))
		return JWS_SIGNATURE_SHORT;
	if (next_signature(jws, have) == NO_LENGTH)
		return JWS_SIGNATURE_WHOLE;
	if (next_signature(jws, have - 1) == have)
		return JWS_SIGNATURE_COMMON;
	return JWS_SIGNATURE_ODD;
}

static enum jwt_reason
parse_parts(struct bytes token, struct jws *jws)
{
	enum jwt_reason reason = split(token, jws);

	if (reason != JWT_OK)
		return reason;
	reason = decode(token, jws);
	if (reason != JWT_OK)
		return reason;
	reason = parse_json(&jws->header, &jws->header_doc);
	if (reason != JWT_OK)
		return reason;
	reason = check_header(jws);
	jws->is_begun = header_member(jws, "enc") != NULL;
	if (reason != JWT_OK)
		return reason;
	jws->is_begun = jws_signature_length(jws) == JWS_SIGNATURE_SHORT;
	if (jws->signature.raw.len == 0)
		return JWT_TOKEN_FORM;
	reason = parse_json(&jws->payload, &jws->payload_doc);
	if (reason != JWT_OK)
		return reason;
	return jws->signature.decoding;
}

enum jwt_reason
jws_parse(struct bytes token, struct jws **out)
{
	struct jws *jws;

	*out = jws = calloc(1, sizeof(*jws));
	if (jws == NULL)
		return JWT_OUT_OF_MEMORY;
	jws->len = token.len;
	jws->parsed = parse_parts(token, jws);
	if (jws->parsed == JWT_TOKEN_FORM && shape_count_dots(token) < 2)
		jws->is_begun = shape_is_start(token);
	return jws->parsed;
}

enum jwt_reason
jws_parsed(const struct jws *jws)
{
	return jws->parsed;
}

size_t
jws_len(const struct jws *jws)
{
	return jws->len;
}

bool
jws_is_begun(const struct jws *jws)
{
	return jws->is_begun;
}

struct bytes
jws_signing_input(const struct jws *jws)
{
	return jws->signing_input;
}

void
jws_free(struct jws *jws)
{
	if (jws == NULL)
		return;
	json_clear(&jws->header_doc);
	json_clear(&jws->payload_doc);
	secret_clear(&jws->decoded);
	free(jws);
}

struct bytes
jws_unverified_iss(const struct jws *jws)
{
	const struct json_node *iss = json_get(json_root(&jws->payload_doc),
	    bytes_str("iss"));

	if (json_is(iss, JSON_STRING))
		return json_text(iss);
	return bytes_of(NULL, 0);
}

struct bytes
jws_unverified_kid(const struct jws *jws)
{
	if (json_is(jws->kid, JSON_STRING))
		return json_text(jws->kid);
	return bytes_of(NULL, 0);
}

static enum jwt_reason
verify_with(const struct jws *jws, const struct jwk *key)
{
	return sig_verify(key->key, key->alg, jws->signing_input,
	    bytes_of(jws->signature.ptr, jws->signature.len));
}

/* Whether the set has a key of the token's kid, for whatever algorithm. */
static bool
names_key(const struct jws *jws, const struct jwk_set *set)
{
	size_t i;

	for (i = 0; jws->kid != NULL && i < set->count; i++) {
		if (set->keys[i].has_kid &&
		    bytes_eq(set->keys[i].kid, json_text(jws->kid)))
			return true;
	}
	return false;
}

/*
 * Whether a key may be tried.  If the kid of the token is in the set (named),
 * only the keys of that kid may: a token must not choose among other keys.
 * That is one key, as no two keys of a kid share an algorithm, or two for
 * EdDSA, which stands for two algorithms.  Otherwise the keys without a kid
 * may be tried, and any key for a token without a kid.
 */
static bool
is_candidate(const struct jws *jws, const struct jwk *key, bool named)
{
	if (!key_fits(jws, key))
		return false;
	if (named)
		return key->has_kid && bytes_eq(key->kid, json_text(jws->kid));
	return jws->kid == NULL || !key->has_kid;
}

/*
 * Try each candidate.  There must be few: a stranger could otherwise make each
 * login verify hundreds of signatures.
 */
static enum jwt_reason
verify_with_any(const struct jws *jws, const struct jwk_set *set)
{
	bool named = names_key(jws, set);
	enum jwt_reason reason = JWT_KEY_UNKNOWN;
	size_t tries = 0, i;

	if (named)
		reason = JWT_ALG_KEY_MISMATCH;
	for (i = 0; i < set->count; i++)
		tries += is_candidate(jws, &set->keys[i], named);
	if (tries > KEY_TRIES_MAX)
		return JWT_KEY_AMBIGUOUS;
	for (i = 0; i < set->count; i++) {
		if (!is_candidate(jws, &set->keys[i], named))
			continue;
		reason = verify_with(jws, &set->keys[i]);
		if (reason != JWT_SIGNATURE_INVALID)
			break;
	}
	return reason;
}

/* Why the issuer may not use any algorithm of the header's name. */
static enum jwt_reason
refuse_algorithm(const struct jws *jws)
{
	if (!sig_supports((enum alg_id)__builtin_ctz(jws->algs)))
		return JWT_ALG_UNSUPPORTED;
	return JWT_ALG_NOT_ALLOWED;
}

enum jwt_reason
jws_verify(struct jws *jws, const struct jwk_set *set, alg_set allowed,
    const struct claims **out)
{
	enum jwt_reason reason = JWT_INTERNAL;

	*out = NULL;
	if (jws->parsed != JWT_OK)
		return jws->parsed;
	if ((jws->algs & allowed) == 0)
		return refuse_algorithm(jws);
	reason = verify_with_any(jws, set);
	if (reason != JWT_OK)
		return reason;
	jws->claims.root = json_root(&jws->payload_doc);
	jws->claims.typ = jws->typ;
	*out = &jws->claims;
	return JWT_OK;
}

const struct json_node *
claims_root(const struct claims *claims)
{
	return claims->root;
}

struct bytes
claims_typ(const struct claims *claims, bool *has_typ)
{
	*has_typ = claims->typ != NULL;
	return json_text(claims->typ);
}
