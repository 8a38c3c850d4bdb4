/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Refresh tokens (RFC 6749 section 1.5): what is in one, and how the next one,
 * its hash and the jti of access tokens are derived.  Pure: bytes in, bytes out.
 *
 *     "pjr1_" base64url( id of the family, 16 bytes
 *                        generation, 4 bytes, big-endian
 *                        value, 32 bytes: 256 bits that nobody can guess
 *                        tag, 16 bytes )
 *
 * To everybody else it is opaque.  The tag is made with the secret of the
 * issuer, so a text that the issuer did not make is refused before the database
 * is asked, and a token of any older generation is known to be ours although
 * only the hashes of the last two are kept.  It has no dot: no program takes it
 * for a JWT.
 */
#ifndef JWT_FAMILY_TOKEN_H
#define JWT_FAMILY_TOKEN_H

#include "core/base/hash.h"

#define FAMILY_SECRET_LEN 32	/* bytes; beside the keys, never in the database */
#define FAMILY_ID_LEN	16	/* bytes */
#define FAMILY_SID_LEN	22	/* characters: the id in base64url */
#define FAMILY_VALUE_LEN HASH_LEN
#define FAMILY_TAG_LEN	16	/* bytes: nobody forges one of 128 bits */
#define FAMILY_RAW_LEN	(FAMILY_ID_LEN + 4 + FAMILY_VALUE_LEN + FAMILY_TAG_LEN)
#define FAMILY_PREFIX	"pjr1_"
#define FAMILY_TOKEN_LEN (sizeof(FAMILY_PREFIX) - 1 + (FAMILY_RAW_LEN / 3 * 4 + 3))
#define FAMILY_JTI_LEN	22	/* characters: 128 bits in base64url */

/* A token whose tag was right.  Wipe it after use. */
struct family_token {
	uint8_t id[FAMILY_ID_LEN];
	uint32_t generation;	/* 0: the one that the login got */
	uint8_t value[FAMILY_VALUE_LEN];
};

/*
 * Read a token.
 *
 * secret  FAMILY_SECRET_LEN bytes
 * text    without a newline
 *
 * Returns JWT_OK; JWT_TOKEN_FORM if the issuer did not make this text;
 * JWT_OUT_OF_MEMORY.  *out is zero unless it is JWT_OK.
 */
JWT_MUST_USE enum jwt_reason family_token_read(struct bytes secret,
    struct bytes text, struct family_token *out);

/* Write the text of a token, terminated. */
JWT_MUST_USE enum jwt_reason family_token_write(struct bytes secret,
    const struct family_token *token, char out[FAMILY_TOKEN_LEN + 1]);

/*
 * The next token of the family: an HMAC over the family, the next generation
 * and this token.  So there is only one, whoever asks and however often, and it
 * cannot be computed without this token, which the database does not have.
 *
 * Returns JWT_OK; JWT_OUT_OF_MEMORY; JWT_INTERNAL after the last generation.
 */
JWT_MUST_USE enum jwt_reason family_token_next(struct bytes secret,
    const struct family_token *token, struct family_token *out);

/* The hash of a token; the database keeps nothing else of it. */
JWT_MUST_USE enum jwt_reason family_token_hash(struct bytes secret,
    const struct family_token *token, uint8_t out[HASH_LEN]);

/* The sid of access tokens, terminated: the id in base64url. */
void family_sid_write(const uint8_t id[FAMILY_ID_LEN],
    char out[FAMILY_SID_LEN + 1]);

/* The id of a sid; false for any other text. */
bool family_sid_read(const char *sid, uint8_t id[FAMILY_ID_LEN]);

/*
 * The jti of the access token for one audience that comes with the token of
 * that generation, terminated: always the same.
 */
JWT_MUST_USE enum jwt_reason family_jti(struct bytes secret,
    const uint8_t id[FAMILY_ID_LEN], uint32_t generation, struct bytes audience,
    char out[FAMILY_JTI_LEN + 1]);

#endif
