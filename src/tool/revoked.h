/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The facts that one run of `pam-jwt revoke` has noted.  What must be done
 * afterwards, such as ending the sessions that they concern, is done from this
 * list, whatever the option or the token was that named them.
 */
#ifndef JWT_REVOKED_H
#define JWT_REVOKED_H

#include "core/base/arena.h"
#include "core/state.h"

struct revoked {
	enum state_kind kind;
	const char *iss;	/* borrowed from the policy; NULL for an account */
	struct bytes value;	/* jti, digest, sid, sub or account; or empty */
	struct bytes sub;	/* whose session; empty: whoever has the sid */
	/*
	 * STATE_SUBJECT, STATE_ISSUER: tokens of iat <= this, in seconds since
	 * the epoch; otherwise 0.  In the list it is what the store has now,
	 * which may be later than what was asked for.
	 */
	int64_t cutoff;
};

struct revoked_list {
	struct arena arena;	/* owns item[] and its value and sub */
	struct revoked *item;
	size_t count;
};

/* Copy one fact into the list; false if memory runs out. */
bool revoked_add(struct revoked_list *list, const struct revoked *fact);

/* Free everything; the list may be zeroed. */
void revoked_clear(struct revoked_list *list);

#endif
