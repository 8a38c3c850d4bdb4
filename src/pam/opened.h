/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stack that has two session lines of ours opens one session.
 *
 * Such a stack is a file of ours that includes common-session, to which
 * pam-auth-update has added its profile.  libpam calls the module for each
 * line, and the module sees no difference to a program that opens a second
 * session.  So the lines are counted: the first one opens the session, and the
 * end of the last one closes it.
 */
#ifndef JWT_PAM_OPENED_H
#define JWT_PAM_OPENED_H

#include <security/pam_modules.h>

#include "pam/call.h"

/*
 * Count a line that opens a session.  True if another line has opened it: in
 * this process, by the same grant and the same configuration, so that it owes
 * the same to its token.
 */
JWT_MUST_USE bool opened_again(const struct call *call);

/*
 * Begin to count.  If memory runs out nothing is counted, and each line opens
 * a session of its own.
 */
void opened_first(const struct call *call);

/* Count a line that closes a session; true if other lines have to come. */
JWT_MUST_USE bool opened_stays(pam_handle_t *pamh);

/* Another grant opens another session. */
void opened_forget(pam_handle_t *pamh);

#endif
