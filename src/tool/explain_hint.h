/* SPDX-License-Identifier: BSD-2-Clause */
/* The hint of a refusal, for `pam-jwt verify` and `pam-jwt check --tests`. */
#ifndef JWT_EXPLAIN_HINT_H
#define JWT_EXPLAIN_HINT_H

#include "tool/explain.h"

/*
 * Write one sentence about a refusal into out: what differs, and by how little.
 * Whoever runs the command has the token, so besides what the log says
 * (core/hint.h) this says what is wrong with the form, the header and the
 * signature of a token that is not verified.  "" when there is nothing to say.
 */
void explain_hint(const struct explain *explain, char out[HINT_SIZE]);

#endif
