/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells a provider that a login has ended (RFC 7009). */
#ifndef JWT_REVOKE_H
#define JWT_REVOKE_H

#include "login/provider_read.h"
#include "login/session.h"

/*
 * Let the provider revoke the refresh token of a session, which was that of
 * the section of this name; PROVIDER_OK also for a session without one.
 *
 * login.conf may have changed since.  The client's secret and ca_file are those
 * of a section with the session's own iss and client, and without one there is
 * neither: a secret never goes to another provider than it is for.
 *
 * may_ask  a person is there, whom ssh may ask something; only an issuer over
 *          ssh has questions
 */
enum provider_result revoke_session(const struct login_conf *conf,
    const char *name, const struct session *session, bool may_ask,
    char words[PROVIDER_WORDS_SIZE]);

#endif
