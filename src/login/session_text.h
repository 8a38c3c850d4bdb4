/* SPDX-License-Identifier: BSD-2-Clause */
/* The JSON text of a session's file. */
#ifndef JWT_SESSION_TEXT_H
#define JWT_SESSION_TEXT_H

#include "login/session.h"

/*
 * Read the text of a file, which is changed and wiped by the caller.  Returns
 * JWT_OK, JWT_OUT_OF_MEMORY, or a reason of json_parse() for anything that
 * session_put() does not write; then *out is empty.
 */
JWT_MUST_USE enum jwt_reason session_parse(struct secret *text,
    struct session *out);

/*
 * Write the text of a file.  Returns JWT_OK, JWT_OUT_OF_MEMORY,
 * JWT_JSON_INVALID for text that is not UTF-8, JWT_JSON_LIMIT for more than a
 * file may have, or JWT_INTERNAL without issuer or client.  On failure *out is
 * empty.
 */
JWT_MUST_USE enum jwt_reason session_put(const struct session *session,
    struct secret *out);

#endif
