/* SPDX-License-Identifier: BSD-2-Clause */
/* What the user is asked for, and told. */
#ifndef JWT_PAM_ASK_H
#define JWT_PAM_ASK_H

#include "core/verdict.h"
#include "pam/call.h"

/* Who is asked for, into call->user.  Returns PAM_SUCCESS or why not. */
int ask_user(struct call *call);

/* Whether it is for the user to answer: no module before us has a token. */
bool ask_is_next(const struct call *call);

/*
 * The token, into call->answer: of an earlier module, or of the user, in as
 * many parts as it takes.  Returns PAM_SUCCESS, PAM_INCOMPLETE or PAM_BUF_ERR.
 */
int ask_token(struct call *call);

/*
 * What later modules may see: never a token, whether it was accepted or is
 * only like one, but an answer that was not meant to be one, so that pam_unix
 * with try_first_pass takes it as a password.
 */
void ask_pass_on(const struct call *call, const struct verdict *verdict);

void ask_tell(pam_handle_t *pamh, const char *text);

/* The neutral line, what is not secret about the refusal, and the help. */
void ask_explain(const struct call *call, const struct verdict *verdict);

#endif
