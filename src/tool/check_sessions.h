/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks that sessions can be limited and known, for `pam-jwt check`. */
#ifndef JWT_CHECK_SESSIONS_H
#define JWT_CHECK_SESSIONS_H

#include "core/policy/policy.h"

/*
 * Add a warning to diag for each service with session_limit or revoke_on_logout
 * whose session stack would not keep it, or would refuse every session: our
 * session line is missing or is not heeded, pam_systemd stands before it or
 * nowhere, or the program makes no session of logind.  Add one also if
 * `sessions end --due` should run and does not.
 *
 * folders     check_stack_folders; a test has its own
 * is_watched  whether `sessions end --due` runs each minute
 */
void check_sessions_note(const char *const *folders,
    const struct policy *policy, bool is_watched, struct diag *diag);

#endif
