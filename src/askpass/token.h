/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a token is worth sending.  Nothing here is verified. */
#ifndef JWT_ASKPASS_TOKEN_H
#define JWT_ASKPASS_TOKEN_H

#include "core/base/bytes.h"

/* False, with a message, for a token that is malformed. */
bool token_check_form(struct bytes token);

/*
 * False, with a message, for a token of that form that has expired.
 *
 * now  of the wall clock, which may be wrong: this is not for a token whose
 *      time somebody has counted from its issue on
 */
bool token_check_time(struct bytes token, int64_t now);

/*
 * Whether it is a token whose time is over.  False for any other text, which
 * token_check_form() then judges.
 */
bool token_is_over(struct bytes token, int64_t now);

#endif
