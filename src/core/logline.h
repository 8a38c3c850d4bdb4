/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Formats the one line that the log has for each decision.  Logging it is left
 * to the caller.
 */
#ifndef JWT_LOGLINE_H
#define JWT_LOGLINE_H

#include <sys/types.h>

#include "core/hint.h"

#define LOGLINE_VALUE_MAX	128	/* characters shown of one value */
#define LOGLINE_HINT_MAX	240	/* bytes of " hint=..." as a whole */

/*
 * Room for the fields with the terminator: below what old syslog daemons cut
 * (RFC 3164 section 4.1).  A hint takes nothing from it.
 */
#define LOGLINE_FIELDS_SIZE	900
#define LOGLINE_SIZE		(LOGLINE_FIELDS_SIZE + LOGLINE_HINT_MAX)

/* Values of PAM items; NULL if an item is not set. */
struct logline_caller {
	uid_t uid, euid;
	const char *tty;
	const char *ruser;
	const char *rhost;
	const char *user;
};

/*
 * Format the line for a verdict, with the same fields in the same order each
 * time.  A refusal starts as that of pam_unix does, so that administrators and
 * filters that know our name (conf/fail2ban) find it.
 *
 * The token may be a stranger's, and must not forge a line or flood the log.
 * So every byte is printable ASCII, and every value is escaped and bounded;
 * values of a token are also quoted.  The fields hold nothing of the token but
 * iss (as the name of the issuer), sub, jti, kid and exp; hint.h says what a
 * hint may hold.
 */
void logline_format(const struct logline_caller *caller,
    const struct hint_facts *facts, char out[LOGLINE_SIZE]);

/*
 * Format the line for an event after authentication.  word is "session opened",
 * "account refused" and the like.  reason is shown unless it is JWT_OK.
 */
struct logline_session {
	enum jwt_reason reason;
	struct bytes iss, sub, jti;
};
void logline_session(const struct logline_caller *caller, const char *word,
    const struct logline_session *session, char out[LOGLINE_SIZE]);

/*
 * Format the line for the end of a session by pam-jwt sessions.  caller has the
 * tty, rhost and user of its record; account is that of the token.
 *
 * word  "session ended" or "session not ended"
 * why   "limit", "revoked" and the like
 */
struct logline_end {
	const char *word, *service, *account, *why;
	struct bytes iss, sub, jti;
};
void logline_end(const struct logline_caller *caller,
    const struct logline_end *end, char out[LOGLINE_SIZE]);

/* Write a text with all bytes but printable ASCII as \xNN; cut it to size. */
void logline_escape(struct bytes text, char *out, size_t size);

#endif
