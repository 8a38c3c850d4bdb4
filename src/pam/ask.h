/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking the user for a name and a token. */
#ifndef JWT_PAM_ASK_H
#define JWT_PAM_ASK_H

#include "core/verdict.h"
#include "pam/call.h"

/*
 * Find the user who wants to log in, and put a copy into call->user; it stays
 * NULL when token_only is set and no user was given.  Returns a PAM code.
 */
int ask_user(struct call *call);

/* Whether the user will be asked, because no earlier module got an answer. */
bool ask_is_next(const struct call *call);

/*
 * Put the token into call->answer: the one that an earlier module got, or the
 * user's, in as many parts as it takes.  Returns PAM_SUCCESS, PAM_INCOMPLETE or
 * PAM_BUF_ERR.
 */
int ask_token(struct call *call);

/*
 * Set PAM_AUTHTOK for later modules.  They never get a token, or anything that
 * looks like one: a module that stores or forwards passwords would leak it.  In
 * sshd they get as many bytes that are no password in its place, so that they
 * do not ask again.  Any other answer is passed on, so that pam_unix with
 * try_first_pass can take it as a password.
 */
void ask_pass_on(const struct call *call, const struct verdict *verdict);

/*
 * Remove a token that an earlier module left in PAM_AUTHTOK.  For the calls
 * that end before ask_pass_on(): without a configuration that can be used the
 * answer is never looked at, and later modules would still get it.
 */
void ask_drop_token(pam_handle_t *pamh);

/* Show the user one line of text. */
void ask_tell(pam_handle_t *pamh, const char *text);

#endif
