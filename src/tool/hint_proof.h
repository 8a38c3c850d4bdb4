/* SPDX-License-Identifier: BSD-2-Clause */
/* Hints about the key that a token is bound to. */
#ifndef JWT_HINT_PROOF_H
#define JWT_HINT_PROOF_H

#include "tool/explain.h"

void hint_no_proof(const struct explain *explain, FILE *out);
void hint_other_key(const struct explain *explain, FILE *out);

/*
 * Print what cnf names, as "jkt 0ZcO…" or "the key SHA256:…"; nothing, and
 * false, if cnf is absent or is not understood.
 */
bool hint_proof_binding(const struct json_node *cnf, FILE *out);

#endif
