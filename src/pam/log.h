/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of the log.  core/logline.h has the format of those about a login. */
#ifndef JWT_PAM_LOG_H
#define JWT_PAM_LOG_H

#include "core/grant.h"
#include "core/verdict.h"
#include "pam/call.h"

/* Write the one line of a decision; user may be NULL. */
void log_verdict(const struct call *call, const char *user,
    const struct verdict *verdict);

/* Write a line that ties a later event to the token; grant may be NULL. */
void log_grant(pam_handle_t *pamh, int level, const char *word,
    const struct grant *grant, enum jwt_reason reason);

/* Write the first error of the configuration, if there is one. */
void log_diag(const struct call *call);

/* Say why the store gave no answer, even if the login needs none. */
void log_state(const struct call *call);

/* Say after which byte a token was cut, and what to do. */
void log_cut(const struct call *call);

/* Say why a token file was not used, so that the user is asked. */
void log_token_file(const struct call *call, const char *path,
    const char *why);

/* With the argument debug say what was read, but not what it contains. */
void log_debug(const struct call *call);

#endif
