/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The events of a security event token (SET, RFC 8417): what happened, to whom,
 * and when.  Known are those that end tokens: session-revoked and
 * credential-change of CAEP 1.0, account-disabled and account-purged of RISC
 * 1.0.
 *
 * An event must say exactly what we can do, or the whole SET is refused.  A
 * subject with a member that we do not know may be meant for fewer people than
 * we would log out, or for more.
 */
#ifndef JWT_EVENT_H
#define JWT_EVENT_H

#include "core/claims.h"

#define EVENTS_MAX 16	/* events of one SET; real ones have one */

/* One event; its texts are borrowed from the token. */
struct event {
	struct bytes uri;	/* the type, as the token has it */
	const char *name;	/* "session-revoked"; NULL: we do not know it */
	bool counts;		/* what follows is set, and must be done */
	struct bytes sub;	/* of the issuer: the tokens of this subject end */
	struct bytes sid;	/* or this session of theirs alone; or empty */
	/*
	 * When it happened, in seconds since the epoch: neither later than the
	 * iat of the SET nor than now.  Otherwise an event of the future would
	 * end the tokens of logins to come; and with each repetition, which any
	 * sender may have to do (RFC 8936), more of them.
	 */
	int64_t time;
};

struct event_list {
	struct event item[EVENTS_MAX];	/* in the order of the token */
	size_t count;
	size_t counting;	/* how many of them count */
	const char *fault;	/* why it was refused, for a message; or NULL */
};

/*
 * Read all events of a SET that claims_check_event() has accepted.
 *
 * id                 what claims_check_event() has found
 * now                seconds since the epoch, the same
 * credential_change  whether events of that kind count
 *
 * The subject is sub_id, or subject in the event, as before RFC 9493; if both
 * are there they must be equal.  The claim sub does not count (RFC 9493 section
 * 4.1).  Subjects are iss_sub, and complex of exactly a user (iss_sub) and a
 * session (opaque), for session-revoked.
 *
 * Returns JWT_OK, JWT_CLAIM_INVALID or JWT_SUBJECT_MISSING; nothing of a SET
 * that is refused counts.  Allocates nothing.
 */
JWT_MUST_USE enum jwt_reason event_read(const struct claims *claims,
    const struct claims_identity *id, int64_t now, bool credential_change,
    struct event_list *out);

#endif
