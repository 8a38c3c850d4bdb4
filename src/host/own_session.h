/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The record of the session that this process is in, for sudo and the like: by
 * which keys was it opened?
 */
#ifndef JWT_OWN_SESSION_H
#define JWT_OWN_SESSION_H

#include "core/record.h"

/*
 * Find the keys that were proved when the session of this process was opened.
 *
 * The session's record must be live, its account must be the real uid of this
 * process, and the session must be the same: the session of logind that the
 * login made, or the audit session that it made.  Only root can look.
 *
 * Returns JWT_OK, also where there is no such session: then *out has no key;
 * or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason own_session_keys(struct proof *out);

#endif
