/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks that sessions can be limited and known, for `pam-jwt check`. */
#ifndef JWT_CHECK_SESSIONS_H
#define JWT_CHECK_SESSIONS_H

#include "core/policy/policy.h"

/* The programs that end sessions on this host. */
struct check_enforcers {
	bool logind;	/* systemd runs here */
	bool watch;	/* so does `sessions end --due`, each minute */
};

/*
 * Add a warning to diag for each service with session_limit or revoke_on_logout
 * whose session stack would not keep it, or would refuse every session: our
 * session line is missing or is not heeded, pam_systemd stands before it or
 * nowhere, or the program makes no session of logind.  Add one for a login
 * without our session line where there is a [state], and one if what should end
 * sessions does not run.
 *
 * folders  check_stack_folders; a test has its own
 */
void check_sessions_note(const char *const *folders,
    const struct policy *policy, const struct check_enforcers *works,
    struct diag *diag);

#endif
