/* SPDX-License-Identifier: BSD-2-Clause */
/* The one line that the log has for each decision; formats, does not log. */
#ifndef JWT_LOGLINE_H
#define JWT_LOGLINE_H

#include <sys/types.h>

#include "core/verdict.h"

/* Room for the line with its terminator: below what syslog daemons cut. */
#define LOGLINE_SIZE		900
#define LOGLINE_VALUE_MAX	128	/* characters shown of one value */

/* What the PAM items say; NULL where they say nothing. */
struct logline_caller {
	uid_t uid, euid;
	const char *tty;
	const char *ruser;
	const char *rhost;
	const char *user;
};

/*
 * Format the line for a verdict: always the same fields in the same order.
 * A refusal starts as pam_unix writes it, so that people's eyes find it, and
 * filters that are told our name (conf/fail2ban).  Every byte is printable
 * ASCII; values of a token are quoted, escaped and bounded, those of the
 * program escaped and bounded.  Nothing of a token but iss (as the issuer's
 * name), sub, jti, kid and exp.
 */
void logline_format(const struct logline_caller *caller,
    const struct verdict *verdict, char out[LOGLINE_SIZE]);

/*
 * As above for what happens after authentication: word is "session opened",
 * "account refused" and the like.  reason is shown unless it is JWT_OK.
 */
struct logline_session {
	enum jwt_reason reason;
	struct bytes iss, sub, jti;
};
void logline_session(const struct logline_caller *caller, const char *word,
    const struct logline_session *session, char out[LOGLINE_SIZE]);

/* Text with everything but printable ASCII as \xNN; cut to size, terminated. */
void logline_escape(struct bytes text, char *out, size_t size);

#endif
