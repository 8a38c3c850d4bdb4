/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Base64url without padding (RFC 7515 section 2, RFC 4648 section 5), in its
 * one canonical spelling: a text whose last character has spare bits set
 * (RFC 4648 section 3.5) is refused.  Otherwise the same signature could be
 * spelled in several ways, and a used or revoked token sent again as another.
 */
#ifndef JWT_B64URL_H
#define JWT_B64URL_H

#include "core/base/bytes.h"
#include "core/reason.h"

/* Whether the byte is of the alphabet A-Z a-z 0-9 - _. */
bool b64url_is_char(uint8_t byte);

/* Whether each byte is; also of an empty text. */
bool b64url_is_text(struct bytes text);

/* How many bytes len characters decode to; for a malformed text, at most. */
static inline size_t
b64url_decoded_len(size_t len)
{
	return len / 4 * 3 + (len % 4 == 0 ? 0 : len % 4 - 1);
}

/* How many characters len bytes encode to, without a terminator. */
static inline size_t
b64url_encoded_len(size_t len)
{
	return len / 3 * 4 + (len % 3 == 0 ? 0 : len % 3 + 1);
}

/*
 * Decode text into out, which has room for b64url_decoded_len(text.len)
 * bytes and may be the same memory.  Takes no branch and no table index that
 * depends on a character, so that an encoded secret may pass through it.
 * Returns JWT_OK or JWT_TOKEN_BASE64 (then out holds garbage).
 */
JWT_MUST_USE enum jwt_reason b64url_decode(struct bytes text, uint8_t *out);

/*
 * Encode from into out, which has room for b64url_encoded_len(from.len)
 * characters; no terminator is written.
 */
void b64url_encode(struct bytes from, char *out);

#endif
