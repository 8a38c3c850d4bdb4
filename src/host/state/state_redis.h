/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The facts of a fleet, in Redis or Valkey.
 *
 *	jwt:store	epoch: when this store was made (pam-jwt state init);
 *			if it is missing, the data was lost: no answer counts
 *	jwt:d:HASH	letter of enum state_kind, and until: "t1700000000"
 *	jwt:v:HASH	letter and cut-off of a subject or issuer: "c1700000000"
 *	jwt:s:HASH	host name: used; set by the login, NX
 *
 * HASH is state_id.hash, 64 hex digits.  Times to live are absolute (EXAT),
 * and STATE_REDIS_MARGIN_SEC longer than a login asks for the fact: what Redis
 * forgets while its clock is ahead does not come back.
 *
 * Each call makes one connection with one deadline, and keeps nothing open.  No
 * signal is raised, and the length of the replies is bounded.
 */
#ifndef JWT_STATE_REDIS_H
#define JWT_STATE_REDIS_H

#include "core/policy/policy.h"
#include "core/state.h"
#include "host/state/state_dir.h"

#define STATE_REDIS_MARGIN_SEC INT64_C(604800)	/* a week */

struct state_redis {
	const struct state_settings *settings;	/* borrowed */
	char fault[STATE_FAULT_SIZE];	/* what is wrong, for the log */
	bool is_denied;	/* redis_user lacks the right for a command */
};

/* The operations of struct state_store; ctx is the struct state_redis. */
JWT_MUST_USE enum jwt_reason state_redis_ask(void *ctx,
    const struct state_question *question, struct state_answer *answer);
JWT_MUST_USE enum jwt_reason state_redis_put(void *ctx,
    struct state_fact *fact);

enum state_made {
	STATE_MADE_BEFORE,
	STATE_MADE,
	STATE_MADE_AGAIN	/* it said that it was made in the future */
};

/*
 * Write jwt:store, unless it exists.  Before that, each command that a
 * revocation will need is tried, and JWT_STATE_UNAVAILABLE is returned if the
 * server does not know it or redis_user has no right to it.
 */
JWT_MUST_USE enum jwt_reason state_redis_init(struct state_redis *redis,
    int64_t now, enum state_made *made);

/* The commands that a host or an administrator needs besides questions. */
enum state_redis_need {
	STATE_REDIS_USE,	/* note that a one-time token was used */
	STATE_REDIS_PULL,	/* state pull */
	STATE_REDIS_REVOKE,	/* revoke a token, and logout */
	STATE_REDIS_CUT_OFF	/* cut a subject or an issuer off */
};

/*
 * Try each command that is needed, on keys that stand for no fact and expire
 * within a minute.  Otherwise an administrator would learn only in an emergency
 * that nothing can be revoked.
 * Returns JWT_OK; JWT_STATE_UNAVAILABLE with redis->fault, which names the
 * command; JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason state_redis_try(struct state_redis *redis,
    int64_t now, enum state_redis_need need);

/*
 * Read a value of jwt:d: or jwt:v: into all but the hash; false: it is neither.
 */
bool state_redis_parse(struct bytes value, struct state_fact *out);

/* The answer of EXPIRETIME without the margin; false: there is no such key. */
bool state_redis_until(int64_t expiry, int64_t *until);

/*
 * Call visit for each revocation and cut-off, until it returns false
 * (pam-jwt state pull).  *made: when the store was made, seconds since the
 * epoch.  Returns JWT_OK, JWT_STATE_UNAVAILABLE or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason state_redis_walk(struct state_redis *redis,
    bool (*visit)(void *ctx, const struct state_fact *fact), void *ctx,
    int64_t *made_at);

#endif
