/* SPDX-License-Identifier: BSD-2-Clause */
/* Media types of tokens: the header's typ (RFC 7515 section 4.1.9). */
#ifndef JWT_MEDIA_TYPE_H
#define JWT_MEDIA_TYPE_H

#include "core/base/bytes.h"

/* "type/subtype", or one of the two: the characters of RFC 6838 section 4.2. */
bool media_type_is_valid(struct bytes type);

/*
 * Whether two media types are the same: case does not count, and a value
 * without a slash has "application/" in front.  This is the one place where
 * strings of a token are compared without regard to case.
 */
bool media_type_eq(struct bytes a, struct bytes b);

/*
 * Whether tokens of this type are made for another purpose than logging in
 * (RFC 8725 section 3.12): logout tokens, DPoP proofs, status lists, …
 */
bool media_type_never_logs_in(struct bytes type);

#endif
