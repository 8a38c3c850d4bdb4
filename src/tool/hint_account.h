/* SPDX-License-Identifier: BSD-2-Clause */
/* For hint.c alone: hints about the account that a token is for. */
#ifndef JWT_HINT_ACCOUNT_H
#define JWT_HINT_ACCOUNT_H

#include <stdio.h>

#include "tool/explain.h"

void hint_client(const struct explain *explain, FILE *out);
void hint_mismatch(const struct explain *explain, FILE *out);
void hint_invalid(const struct explain *explain, FILE *out);
void hint_unusable(const struct explain *explain, FILE *out);

#endif
