/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of keys as the text of keys/state.json.  It says which key signs, so
 * the reader is strict: an unknown, missing or repeated member, and a list that
 * key_list_fault() refuses, make the whole text unusable.
 */
#ifndef JWT_KEY_STATE_H
#define JWT_KEY_STATE_H

#include "core/base/secret.h"
#include "issuerd/key_cycle.h"

/*
 * Read a text, which is changed.  NULL, or a static phrase that says what is
 * wrong, and then *out is empty.
 */
const char *key_state_parse(struct secret *text, struct key_list *out);

/* Write it; JWT_OK or JWT_OUT_OF_MEMORY.  The caller must clear *out. */
JWT_MUST_USE enum jwt_reason key_state_write(const struct key_list *list,
    struct secret *out);

#endif
