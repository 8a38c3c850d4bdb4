/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For explain_hint.c alone: hints about the token before it is verified, which
 * the log must not hold.  True if that is all there is to say.
 */
#ifndef JWT_EXPLAIN_TOKEN_H
#define JWT_EXPLAIN_TOKEN_H

#include <stdio.h>

#include "tool/explain.h"

bool explain_form(const struct explain *explain, FILE *out);
bool explain_length(const struct explain *explain, FILE *out);
bool explain_part(const struct explain *explain, FILE *out);
bool explain_header(const struct explain *explain, FILE *out);
bool explain_crit(const struct explain *explain, FILE *out);
bool explain_algorithm(const struct explain *explain, FILE *out);
bool explain_signature(const struct explain *explain, FILE *out);

/* The header of a token that is encrypted. */
bool explain_encryption(const struct explain *explain, FILE *out);

#endif
