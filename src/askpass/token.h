/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a token is worth sending.  Nothing here is verified. */
#ifndef JWT_ASKPASS_TOKEN_H
#define JWT_ASKPASS_TOKEN_H

#include "core/base/bytes.h"

/* False, with a message, for a token that is malformed or has expired. */
bool token_check(struct bytes token, int64_t now);

/*
 * Whether it is a token whose time is over.  False for any other text, which
 * token_check() then judges.
 */
bool token_is_over(struct bytes token, int64_t now);

#endif
