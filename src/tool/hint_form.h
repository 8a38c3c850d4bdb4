/* SPDX-License-Identifier: BSD-2-Clause */
/* What was given in the place of a token, where it has not the form of one. */
#ifndef JWT_HINT_FORM_H
#define JWT_HINT_FORM_H

#include <stdio.h>

#include "cli/decoded.h"

/* Print one phrase about a token that jws_parse() refused as token-form. */
void hint_form_print(const struct decoded *decoded, FILE *out);

#endif
