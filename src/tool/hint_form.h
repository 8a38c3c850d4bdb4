/* SPDX-License-Identifier: BSD-2-Clause */
/* Says what somebody gave instead of a token, for text without its form. */
#ifndef JWT_HINT_FORM_H
#define JWT_HINT_FORM_H

#include <stdio.h>

#include "cli/decoded.h"

/* Print one phrase about a token that jws_parse() refused as token-form. */
void hint_form_print(const struct decoded *decoded, FILE *out);

#endif
