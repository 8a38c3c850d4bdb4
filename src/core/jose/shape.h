/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The shape of a token, as far as bytes show it before they are parsed.
 *
 * An answer at a prompt may be a token, the first part of one, or a password
 * that is meant for another module.  A password must not be taken for a part
 * of a token, or the user would be asked for more of it; and a token must not
 * be left for a password module, which may log it or send it on.
 */
#ifndef JWT_SHAPE_H
#define JWT_SHAPE_H

#include "core/base/bytes.h"

#define PARTS_MAX 64	/* answers to a token; 16 KiB in parts of 256 bytes */
#define PARTS_LEN 500	/* bytes of a part of pam-jwt-askpass: sudo takes 511 */

/*
 * An answer without the spaces at its ends, and without the marks that a
 * terminal puts around what is pasted (bracketed paste, ESC [ 200 ~ and 201 ~).
 */
struct bytes shape_trim(struct bytes answer);

/* Whether all bytes are of base64url (RFC 4648 section 5) or dots. */
bool shape_has_token_chars(struct bytes text);

/* A JWS in compact serialization has two dots (RFC 7515 section 7.1). */
size_t shape_count_dots(struct bytes text);

/*
 * Whether bytes are the start of a token, or a whole one: they have the
 * characters of a token only, and their header starts as a JSON object with a
 * name.  No password does.
 */
bool shape_is_start(struct bytes text);

/*
 * Whether an answer holds a token, or the start of one, at any place: with a
 * quote, "Bearer " or JSON around it, cut, or with a blemish.  If so, it must
 * not be left for a password module after this one, which may send it on.  A
 * password may hold dots: eyes.are.blue is no token.
 */
bool shape_is_token_like(struct bytes answer);

#endif
