/* SPDX-License-Identifier: BSD-2-Clause */
/* The half of pam-jwt logout that ends sessions of pam-jwt login. */
#ifndef JWT_LOGOUT_SESSION_H
#define JWT_LOGOUT_SESSION_H

#include "cli/exit.h"

/* What there was to end. */
struct logout_sessions {
	int code;	/* enum tool_exit */
	bool has_conf;	/* login.conf has a section */
	unsigned ended;	/* sessions that were there */
};

/*
 * End the session of that name; NULL: all that are there, also those whose
 * section login.conf has no more, or keeps elsewhere.  The provider is told
 * (RFC 7009), and the session is removed whatever it answers.  The code is
 * EXIT_YES also if there was no session; EXIT_NO if a provider could not be
 * told; EXIT_TROUBLE, with a message, for a name without a section and a
 * session, and for what this machine did not do.
 */
void logout_sessions(const char *name, struct logout_sessions *out);

#endif
