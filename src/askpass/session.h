/* SPDX-License-Identifier: BSD-2-Clause */
/* The token of a login session, which pam-jwt keeps. */
#ifndef JWT_ASKPASS_SESSION_H
#define JWT_ASKPASS_SESSION_H

#include "cli/exit.h"
#include "cli/login_conf.h"
#include "core/base/secret.h"

/*
 * Let `pam-jwt token` print the token for a host out of the session of a
 * section of login.conf.  It has SESSION_SEC for all it does, because ssh waits
 * meanwhile; by itself it gives up after 9 s in which no host gets a token, and
 * after 27 s at most (RENEW_SEC of src/login).  Returns EXIT_YES, EXIT_NO where
 * the person must log in again, or EXIT_TROUBLE; both with a message.
 */
#define SESSION_SEC 30

enum tool_exit session_get(const struct login_section *section,
    const char *host, struct arena *arena, struct secret *out);

#endif
