/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For hint.c alone: hints about a token that is encrypted, from its header.
 * There is none for decrypt-failed: what failed would help an attacker.
 */
#ifndef JWT_HINT_ENCRYPTION_H
#define JWT_HINT_ENCRYPTION_H

#include <stdio.h>

#include "tool/explain.h"

/*
 * Whether the refusal is of the encrypted token, or of how it came; then
 * hint_encryption() has all that can be said, which may be nothing.
 */
bool hint_is_encryption(const struct explain *explain);
void hint_encryption(const struct explain *explain, FILE *out);

#endif
