/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chooses the store that answers a question:
 *
 *	no redis	the directory answers all
 *	redis, live	Redis answers all
 *	redis, pulled	the directory, unless it is stale; Redis whether a
 *			one-time token was used
 *
 * Whichever it is, a store that cannot answer never means "not revoked".
 */
#include <stdio.h>
#include <stdlib.h>

#include "host/file.h"
#include "host/state/state.h"
#include "host/state/state_link.h"

#define SPARE_MEMORY ((size_t)4 << 20)

bool
state_is_live(const struct state_settings *settings)
{
	return settings->redis != REDIS_NONE && !settings->redis_pulled;
}

const struct state_settings state_default = {
	.wanted = true, .directory = STATE_DIRECTORY_DEFAULT
};

bool
state_is_default(const struct state_settings *settings)
{
	return settings->wanted && !settings->is_broken &&
	    !state_is_live(settings) &&
	    strcmp(settings->directory, STATE_DIRECTORY_DEFAULT) == 0;
}

/* Whether there is more memory than libssl and a connection by it take. */
static bool
has_memory(void)
{
	void *volatile room = malloc(SPARE_MEMORY);	/* really asked for */
	bool ok = room != NULL;

	free(room);
	return ok;
}

/*
 * Write the fault, with the store's name in front; returns the reason.  Some
 * sites let users in when the store fails.  A user who starts su chooses its
 * limits, so a lack of descriptors or memory here must be another reason.
 */
static enum jwt_reason
fail(struct state *state, enum jwt_reason reason, const char *name,
    const char *fault)
{
	if (reason != JWT_STATE_UNAVAILABLE)
		return reason;
	snprintf(state->fault, sizeof(state->fault), "%s: %s", name, fault);
	if (!file_has_descriptors())
		return JWT_INTERNAL;
	if (!has_memory())
		return JWT_OUT_OF_MEMORY;
	return JWT_STATE_UNAVAILABLE;
}

static enum jwt_reason
fail_dir(struct state *state, enum jwt_reason reason)
{
	return fail(state, reason, state->settings->directory,
	    state->dir.fault);
}

static enum jwt_reason
fail_redis(struct state *state, enum jwt_reason reason)
{
	return fail(state, reason, "redis", state->redis.fault);
}

static enum jwt_reason
open_dir(struct state *state)
{
	enum jwt_reason reason;

	if (state->dir.fd >= 0)
		return JWT_OK;
	reason = state_dir_open(state->settings->directory, &state->dir);
	/* Otherwise the next question would use it without its key. */
	if (reason != JWT_OK)
		state_dir_close(&state->dir);
	return reason;
}

bool
state_is_missing(struct state *state)
{
	return !state_is_live(state->settings) && open_dir(state) != JWT_OK &&
	    state->dir.missing;
}

static enum jwt_reason
ask_dir(struct state *state, const struct state_question *question,
    struct state_answer *answer)
{
	enum jwt_reason reason = open_dir(state);

	if (reason != JWT_OK)
		return fail_dir(state, reason);
	return fail_dir(state, state_dir_ask(&state->dir, question, answer));
}

static enum jwt_reason
ask_redis(struct state *state, const struct state_question *question,
    struct state_answer *answer)
{
	return fail_redis(state, state_redis_ask(&state->redis, question,
	    answer));
}

/*
 * Facts that were pulled count for max_stale only: after a puller died, the
 * directory no longer learns what the fleet revokes.
 */
static enum jwt_reason
check_age(struct state *state, int64_t now)
{
	const struct state_settings *settings = state->settings;
	enum jwt_reason reason;
	int64_t pulled;

	reason = state_dir_get_mark(&state->dir, STATE_PULLED, &pulled);
	if (reason != JWT_OK)
		return fail_dir(state, reason);
	/* A mark from the future says nothing: the clock has gone back. */
	if (now - pulled > (int64_t)settings->max_stale_sec ||
	    pulled - now > (int64_t)settings->max_stale_sec)
		return fail(state, JWT_STATE_UNAVAILABLE, settings->directory,
		    "not pulled for longer than max_stale: pam-jwt state pull");
	return JWT_OK;
}

static enum jwt_reason
ask_facts(struct state *state, const struct state_question *question,
    struct state_answer *answer)
{
	enum jwt_reason reason = ask_dir(state, question, answer);

	if (reason != JWT_OK)
		return reason;
	return check_age(state, question->now);
}

static bool
lets_pass(const struct state_question *question,
    const struct state_answer *answer)
{
	size_t i;

	for (i = 0; i < question->count; i++) {
		if (state_judge(question->ask[i].id.kind, &answer->fact[i],
		    question->iat) != JWT_OK)
			return false;
	}
	return true;
}

/*
 * Ask the directory first, and Redis about the use only if the directory lets
 * the token pass: a token that is refused is not used up.
 */
static enum jwt_reason
ask_pulled(struct state *state, const struct state_question *question,
    struct state_answer *answer)
{
	size_t last = question->count - 1;
	struct state_question part = *question;
	struct state_answer used = { .made_at = 0 };
	enum jwt_reason reason;

	if (question->ask[last].id.kind != STATE_USED)
		return ask_facts(state, question, answer);
	part.count = last;
	reason = ask_facts(state, &part, answer);
	if (reason != JWT_OK || !lets_pass(&part, answer))
		return reason;
	part.ask[0] = question->ask[last];
	part.count = 1;
	reason = ask_redis(state, &part, &used);
	answer->fact[last] = used.fact[0];
	answer->made_at = used.made_at;
	answer->is_volatile = used.is_volatile;
	return reason;
}

static enum jwt_reason
ask(void *ctx, const struct state_question *question,
    struct state_answer *answer)
{
	struct state *state = ctx;

	if (state_is_live(state->settings))
		return ask_redis(state, question, answer);
	if (state->settings->redis_pulled)
		return ask_pulled(state, question, answer);
	return ask_dir(state, question, answer);
}

static enum jwt_reason
put_dir(struct state *state, struct state_fact *fact)
{
	enum jwt_reason reason = open_dir(state);

	if (reason != JWT_OK)
		return fail_dir(state, reason);
	return fail_dir(state, state_dir_put(&state->dir, fact));
}

/*
 * Note the fact in the fleet's store first.  If that fails, nothing is noted
 * here, and the caller sees it; the other way round, the other hosts would not
 * know of a fact that this host believes noted.
 */
static enum jwt_reason
put(void *ctx, struct state_fact *fact)
{
	struct state *state = ctx;
	enum jwt_reason reason;
	bool taken_back = false;

	if (state->settings->redis != REDIS_NONE) {
		reason = state_redis_put(&state->redis, fact);
		if (reason != JWT_OK)
			return fail_redis(state, reason);
		taken_back = fact->until == 0;
	}
	if (state_is_live(state->settings))
		return JWT_OK;
	reason = put_dir(state, fact);
	if (taken_back)
		fact->until = 0;
	return reason;
}

void
state_open(const struct state_settings *settings, struct state *out)
{
	*out = (struct state){
		.settings = settings, .dir = { .fd = -1 },
		.redis = { .settings = settings }
	};
	out->store = (struct state_store){
		.ask = ask, .put = put, .ctx = out, .fault = out->fault
	};
}

void
state_close(struct state *state)
{
	state_dir_close(&state->dir);
}

const struct state_store *
state_store(const struct state *state)
{
	if (!state->settings->wanted)
		return NULL;
	return &state->store;
}
