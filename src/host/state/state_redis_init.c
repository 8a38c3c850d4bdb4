/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes a Redis known as a store (pam-jwt state init).  A file of its own, so
 * that the module, in which nobody may make a store, does not link it.
 */
#include <stdio.h>

#include "host/state/redis.h"
#include "host/state/state_redis.h"

enum jwt_reason
state_redis_init(struct state_redis *redis, int64_t now, bool *made)
{
	struct resp_reply reply = { .type = RESP_ERROR };
	struct redis_talk talk;
	enum jwt_reason reason;
	char epoch[24];

	snprintf(epoch, sizeof(epoch), "%lld", (long long)now);
	reason = redis_open(redis->settings, REDIS_LOGIN_SIZE, &talk);
	if (reason == JWT_OK) {
		resp_command(&talk.out, 4);
		redis_word(&talk, "SET");
		redis_word(&talk, "jwt:store");
		redis_word(&talk, epoch);
		redis_word(&talk, "NX");
		reason = redis_send(&talk);
	}
	if (reason == JWT_OK)
		reason = redis_reply(&talk, &reply);
	*made = redis_is_ok(&reply);
	if (reason == JWT_OK && !*made && reply.type != RESP_NULL)
		reason = redis_fail_type(&talk);
	redis_close(&talk, reason, redis->fault);
	return reason;
}
