/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The record of an open session (core/record.h), by which root finds the
 * session, keeps its limit and ends it.  Programs that do not run as root have
 * none.
 */
#ifndef JWT_PAM_SESSION_RECORD_H
#define JWT_PAM_SESSION_RECORD_H

#include "core/grant.h"
#include "pam/call.h"

/*
 * Write the record of a session of this process.
 *
 * grant    borrowed, and unchanged
 * seconds  how long the session may last; GRANT_NO_LIMIT
 * refused  the session is refused, so what is left of it must end
 *
 * False, with a line in the log, if there is no record and the session must not
 * begin without one.
 */
JWT_MUST_USE bool session_record_open(const struct call *call,
    struct grant *grant, int64_t seconds, bool refused);

/* Mark the session that was opened last as refused. */
void session_record_refuse(pam_handle_t *pamh);

/* Remove the record of the session that was opened last, if there is one. */
void session_record_close(pam_handle_t *pamh);

#endif
