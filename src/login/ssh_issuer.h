/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An issuer of tokens that is asked over ssh: the person's ssh key is who asks,
 * and each token is bound to it.  The words and answers are those of pam-jwt
 * issuer serve.
 */
#ifndef JWT_SSH_ISSUER_H
#define JWT_SSH_ISSUER_H

#include "login/ssh_answer.h"

/* The word for session->client_auth of such a session. */
#define SSH_CLIENT_AUTH "ssh"

/* Whether the session is one of an issuer over ssh. */
bool ssh_issuer_has(const struct session *session);

/*
 * Log in, with ssh's questions at the terminal, for at most five minutes.
 * Otherwise as ssh_answer_login().
 */
enum provider_result ssh_issuer_login(const struct login_section *section,
    const struct ssh_asked *asked, struct ssh_tokens *out,
    char words[PROVIDER_WORDS_SIZE]);

/*
 * Get a token for a resource, silently, until end_msec of clock_msec().  A
 * question whose answer may have got lost is asked once more.  Otherwise as
 * ssh_answer_refresh().
 */
enum provider_result ssh_issuer_refresh(const struct login_section *section,
    struct bytes refresh_token, const char *resource, int64_t end_msec,
    struct provider_tokens *out, char words[PROVIDER_WORDS_SIZE]);

/*
 * Let the issuer end the session.  may_ask  with ssh's questions at the
 * terminal, and what it says
 */
enum provider_result ssh_issuer_logout(const struct session *session,
    bool may_ask, char words[PROVIDER_WORDS_SIZE]);

#endif
