/* SPDX-License-Identifier: BSD-2-Clause */
/* Ends the sessions that a revocation concerns. */
#ifndef JWT_SESSIONS_REVOKED_H
#define JWT_SESSIONS_REVOKED_H

#include "tool/revoked.h"
#include "tool/sessions.h"

/*
 * Whether a fact refuses the token, or an account, of this session.  Nothing in
 * it asks the host (sessions_match.c).
 */
bool sessions_concerned(const struct record *record,
    const struct revoked *fact);

/*
 * End the sessions of this host that one of the facts concerns, and of an
 * account all that logind knows.  False, with messages, if something could not
 * be ended.
 */
bool sessions_end_revoked(const struct revoked_list *list);

#endif
