/* SPDX-License-Identifier: BSD-2-Clause */
/* Scopes: words with a space between them (RFC 6749 section 3.3). */
#ifndef JWT_SCOPE_H
#define JWT_SCOPE_H

#include "core/base/bytes.h"

bool scope_has(struct bytes scope, struct bytes word);

/* The next word of a scope, which gets shorter; empty at its end. */
struct bytes scope_next(struct bytes *scope);

#endif
