/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of the log; the format of those about a login is core/logline.h. */
#ifndef JWT_PAM_LOG_H
#define JWT_PAM_LOG_H

#include "core/grant.h"
#include "core/verdict.h"
#include "pam/call.h"

/* One line for each decision. */
void log_verdict(const struct call *call, const char *user,
    const struct verdict *verdict);

/* One line that ties what happens later to the token; grant may be NULL. */
void log_grant(pam_handle_t *pamh, int level, const char *word,
    const struct grant *grant, enum jwt_reason reason);

/* Where a configuration is wrong: its first error, if there is one. */
void log_diag(const struct call *call);

/* Why the store gave no answer, also where none was needed. */
void log_state(const struct call *call);

/* Where a token was cut, and what to do. */
void log_cut(const struct call *call);

/* Why a token file was not used: the user is simply asked. */
void log_token_file(const struct call *call, const char *path,
    const char *why);

/* With the argument debug: what was read, but for what it says. */
void log_debug(const struct call *call);

#endif
