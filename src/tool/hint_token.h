/* SPDX-License-Identifier: BSD-2-Clause */
/* For hint.c alone: hints about the token before its claims count. */
#ifndef JWT_HINT_TOKEN_H
#define JWT_HINT_TOKEN_H

#include <stdio.h>

#include "tool/explain.h"

void hint_form(const struct explain *explain, FILE *out);
void hint_length(const struct explain *explain, FILE *out);
void hint_part(const struct explain *explain, FILE *out);
void hint_header(const struct explain *explain, FILE *out);
void hint_crit(const struct explain *explain, FILE *out);
void hint_issuer(const struct explain *explain, FILE *out);
void hint_key(const struct explain *explain, FILE *out);
void hint_stale(const struct explain *explain, FILE *out);
void hint_algorithm(const struct explain *explain, FILE *out);
void hint_signature(const struct explain *explain, FILE *out);

#endif
