/* SPDX-License-Identifier: BSD-2-Clause */
/* State in Redis: placeholder until the client comes; answers nothing. */
#include <stdio.h>

#include "host/state_redis.h"

static enum jwt_reason
fail(struct state_redis *redis)
{
	snprintf(redis->fault, sizeof(redis->fault), "not built yet");
	return JWT_STATE_UNAVAILABLE;
}

enum jwt_reason
state_redis_ask(void *ctx, struct state_question *question)
{
	(void)question;
	return fail(ctx);
}

enum jwt_reason
state_redis_put(void *ctx, const struct state_fact *fact)
{
	(void)fact;
	return fail(ctx);
}

enum jwt_reason
state_redis_init(struct state_redis *redis, int64_t now, bool *made)
{
	(void)now;
	*made = false;
	return fail(redis);
}

enum jwt_reason
state_redis_walk(struct state_redis *redis,
    bool (*visit)(void *ctx, const struct state_fact *fact), void *ctx)
{
	(void)visit;
	(void)ctx;
	return fail(redis);
}
