/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * State of a fleet, in Redis or Valkey.
 *
 *	jwt:store	epoch: when this store was made (pam-jwt state init);
 *			without it the data was lost, and nothing is answered
 *	jwt:d:HASH	letter of enum state_kind: revoked, cut off for good
 *	jwt:v:HASH	letter and epoch, "c1700000000": cut-off of a subject or issuer
 *	jwt:s:HASH	host name: used; set by the login, NX
 *
 * HASH is state_id.hash, 64 hex digits.  Times to live are absolute (EXAT).
 * One connection for each call, one write, one deadline; nothing is kept open,
 * no signal is raised, and what the server says is bounded.
 */
#ifndef JWT_STATE_REDIS_H
#define JWT_STATE_REDIS_H

#include "core/policy.h"
#include "core/state.h"
#include "host/state_dir.h"

struct state_redis {
	const struct state_settings *settings;	/* borrowed */
	char fault[STATE_FAULT_SIZE];	/* what is wrong, for the log */
};

/* The operations of struct state_store; ctx is the struct state_redis. */
enum jwt_reason state_redis_ask(void *ctx, struct state_question *question);
enum jwt_reason state_redis_put(void *ctx, struct state_fact *fact);

/* Make the store known (jwt:store), unless it is; *made says so. */
JWT_MUST_USE enum jwt_reason state_redis_init(struct state_redis *redis,
    int64_t now, bool *made);

/*
 * Call visit for each revocation and cut-off, until it returns false
 * (pam-jwt state pull).  Returns JWT_OK or JWT_STATE_UNAVAILABLE.
 */
JWT_MUST_USE enum jwt_reason state_redis_walk(struct state_redis *redis,
    bool (*visit)(void *ctx, const struct state_fact *fact), void *ctx);

#endif
