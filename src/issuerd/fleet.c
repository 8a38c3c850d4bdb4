/* SPDX-License-Identifier: BSD-2-Clause */
/* Notes the end of a login in the Redis of the fleet. */
#include <stdio.h>

#include "issuerd/fleet.h"

/*
 * Sessions last longer than the token that opened them.  A logout token of a
 * provider is remembered as long.
 */
#define REMEMBER_SEC ((int64_t)DURATION_MAX_SEC)

enum fleet_result
fleet_revoke(const struct issuer_conf *conf, const char *sid, int64_t now,
    char fault[STATE_FAULT_MAX])
{
	struct state_fact fact = { .until = state_keep_until(now +
	    REMEMBER_SEC) };
	struct state state;
	enum jwt_reason reason;

	fault[0] = '\0';
	if (conf->fleet.state.redis == REDIS_NONE)
		return FLEET_NONE;
	state_open(&conf->fleet.state, &state);
	reason = state_id(STATE_SESSION, bytes_str(conf->iss), bytes_str(sid),
	    &fact.id);
	if (reason == JWT_OK)
		reason = state.store.put(state.store.ctx, &fact);
	if (reason == JWT_STATE_UNAVAILABLE)
		snprintf(fault, STATE_FAULT_MAX, "%s", state.fault);
	else if (reason != JWT_OK)
		snprintf(fault, STATE_FAULT_MAX, "%s", reason_text(reason));
	state_close(&state);
	if (reason != JWT_OK)
		return FLEET_FAILED;
	return FLEET_OK;
}

enum fleet_result
fleet_try(const struct issuer_conf *conf, int64_t now,
    char fault[STATE_FAULT_MAX])
{
	struct state_redis redis = { .settings = &conf->fleet.state };
	enum jwt_reason reason;

	fault[0] = '\0';
	if (conf->fleet.state.redis == REDIS_NONE)
		return FLEET_NONE;
	reason = state_redis_try(&redis, now, STATE_REDIS_REVOKE);
	if (reason == JWT_STATE_UNAVAILABLE)
		snprintf(fault, STATE_FAULT_MAX, "%s", redis.fault);
	else if (reason != JWT_OK)
		snprintf(fault, STATE_FAULT_MAX, "%s", reason_text(reason));
	if (reason != JWT_OK)
		return FLEET_FAILED;
	return FLEET_OK;
}
