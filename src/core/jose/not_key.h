/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that were taken for key files by mistake, and what to do instead.
 * Messages only: such a file is refused already.
 */
#ifndef JWT_NOT_KEY_H
#define JWT_NOT_KEY_H

#include "core/base/json.h"

/* Name a file that has no public key: a static phrase, or NULL if unknown. */
const char *not_key_text(struct bytes text);

/* The same for an object that is neither a JWK nor a JWK Set. */
const char *not_key_object(const struct json_node *object);

#endif
