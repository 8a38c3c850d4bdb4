/* SPDX-License-Identifier: BSD-2-Clause */
/* For hint.c alone: hints about the facts of the state. */
#ifndef JWT_HINT_STATE_H
#define JWT_HINT_STATE_H

#include <stdio.h>

#include "tool/explain.h"

void hint_revoked(const struct explain *explain, FILE *out);
void hint_cutoff(const struct explain *explain, FILE *out);
void hint_once(const struct explain *explain, FILE *out);
void hint_state(const struct explain *explain, FILE *out);

#endif
