/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a session, as far as the provider tells it. */
#ifndef JWT_SESSION_END_H
#define JWT_SESSION_END_H

#include "login/session.h"

/*
 * Note that the session lasts so many seconds from now on.  It must be of this
 * boot: see session_set_boot().
 */
void session_set_end(struct session *session, const struct boot *boot,
    int64_t seconds);

/* Seconds for which it lasts; 0: it has ended; -1: nobody told. */
int64_t session_left(const struct session *session, const struct boot *boot);

#endif
