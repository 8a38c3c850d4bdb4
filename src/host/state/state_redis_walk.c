/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads all revocations and cut-offs of a Redis, for `pam-jwt state pull`.
 *
 * SCAN names the keys, some at a time and perhaps twice.  The values are asked
 * for in batches, so that one write and one reply stay small.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "host/state/redis.h"
#include "host/state/state_redis.h"

#define BATCH	8	/* keys whose values are asked for in one write */

/* A key that SCAN has named, and the fact that it holds. */
struct found {
	struct state_fact fact;
	char key[REDIS_KEY_SIZE];
};

struct walk {
	struct redis_talk talk;
	const char *prefix;
	char cursor[24];
	struct found batch[BATCH];
	size_t count;
	bool more;	/* visit wants to go on */
	bool (*visit)(void *ctx, const struct state_fact *fact);
	void *ctx;
};

/* Read "jwt:d:" and the digits of a hash; false for a key that is not ours. */
static bool
parse_key(const char *prefix, struct bytes key, struct found *out)
{
	if (key.len >= REDIS_KEY_SIZE ||
	    !bytes_starts(key, bytes_str(prefix)))
		return false;
	*out = (struct found){ .fact = { .until = 0 } };
	memcpy(out->key, key.ptr, key.len);
	return hash_of_hex(out->key + strlen(prefix), out->fact.id.hash);
}

/* Read one fact and visit it.  A key may have expired meanwhile. */
static enum jwt_reason
read_found(struct walk *walk, struct found *found)
{
	struct state_fact *fact = &found->fact;
	struct resp_reply value, expiry;
	enum jwt_reason reason = redis_reply(&walk->talk, &value);
	bool ok;

	if (reason != JWT_OK)
		return reason;
	reason = redis_reply(&walk->talk, &expiry);
	if (reason != JWT_OK || value.type == RESP_NULL)
		return reason;
	ok = value.type == RESP_BULK && expiry.type == RESP_INTEGER &&
	    state_redis_parse(value.text, fact);
	if (ok && expiry.integer == -2)
		return JWT_OK;
	if (ok && state_is_cutoff(fact->id.kind))
		ok = state_redis_until(expiry.integer, &fact->until);
	if (!ok || fact->until <= 0)
		return redis_fail_type(&walk->talk);
	walk->more = walk->visit(walk->ctx, fact);
	return JWT_OK;
}

/* Ask for the values of a batch in one write, and visit its facts. */
static enum jwt_reason
read_batch(struct walk *walk)
{
	enum jwt_reason reason;
	size_t i;

	if (walk->count == 0)
		return JWT_OK;
	for (i = 0; i < walk->count; i++) {
		redis_command(&walk->talk, "GET", walk->batch[i].key);
		redis_command(&walk->talk, "EXPIRETIME", walk->batch[i].key);
	}
	/* The visits to the last batch took time that is not the server's. */
	wire_set_deadline(&walk->talk.wire,
	    walk->talk.settings->redis_timeout_sec);
	reason = redis_send(&walk->talk);
	for (i = 0; reason == JWT_OK && walk->more && i < walk->count; i++)
		reason = read_found(walk, &walk->batch[i]);
	walk->count = 0;
	return reason;
}

static enum jwt_reason
ask_for_keys(struct walk *walk)
{
	struct redis_talk *talk = &walk->talk;
	char pattern[16];

	snprintf(pattern, sizeof(pattern), "%s*", walk->prefix);
	wire_set_deadline(&talk->wire, talk->settings->redis_timeout_sec);
	resp_command(&talk->out, 6);
	redis_word(talk, "SCAN");
	redis_word(talk, walk->cursor);
	redis_word(talk, "MATCH");
	redis_word(talk, pattern);
	redis_word(talk, "COUNT");
	redis_word(talk, "100");
	return redis_send(talk);
}

/* Read the answer to SCAN, [cursor, [key...]], up to its keys. */
static enum jwt_reason
read_cursor(struct walk *walk)
{
	struct resp_reply reply;
	enum jwt_reason reason;

	reason = redis_reply_of(&walk->talk, RESP_ARRAY, &reply);
	if (reason != JWT_OK)
		return reason;
	if (reply.integer != 2)
		return redis_fail_type(&walk->talk);
	reason = redis_reply_of(&walk->talk, RESP_BULK, &reply);
	if (reason != JWT_OK)
		return reason;
	if (reply.text.len >= sizeof(walk->cursor))
		return redis_fail_type(&walk->talk);
	memcpy(walk->cursor, reply.text.ptr, reply.text.len);
	walk->cursor[reply.text.len] = '\0';
	return JWT_OK;
}

/* Copy the keys, because the next redis_send() overwrites the replies. */
static enum jwt_reason
read_keys(struct walk *walk, struct found **keys, size_t *count)
{
	struct resp_reply reply;
	enum jwt_reason reason;
	int64_t left;

	reason = redis_reply_of(&walk->talk, RESP_ARRAY, &reply);
	if (reason != JWT_OK)
		return reason;
	left = reply.integer;
	*keys = calloc((size_t)left + 1, sizeof(**keys));
	if (*keys == NULL)
		return JWT_OUT_OF_MEMORY;
	while (left-- > 0) {
		reason = redis_reply(&walk->talk, &reply);
		if (reason != JWT_OK)
			return reason;
		if (reply.type == RESP_BULK &&
		    parse_key(walk->prefix, reply.text, *keys + *count))
			(*count)++;
	}
	return JWT_OK;
}

/* One step of the scan. */
static enum jwt_reason
step(struct walk *walk)
{
	struct found *keys = NULL;
	size_t count = 0, i;
	enum jwt_reason reason = ask_for_keys(walk);

	if (reason != JWT_OK)
		return reason;
	reason = read_cursor(walk);
	if (reason != JWT_OK)
		return reason;
	reason = read_keys(walk, &keys, &count);
	if (reason != JWT_OK)
		goto out;
	for (i = 0; walk->more && i < count; i++) {
		walk->batch[walk->count++] = keys[i];
		if (walk->count < BATCH)
			continue;
		reason = read_batch(walk);
		if (reason != JWT_OK)
			goto out;
	}
	if (walk->more)
		reason = read_batch(walk);
out:
	free(keys);
	return reason;
}

static enum jwt_reason
walk_prefix(struct walk *walk, const char *prefix)
{
	enum jwt_reason reason;

	walk->prefix = prefix;
	memcpy(walk->cursor, "0", 2);
	do {
		reason = step(walk);
	} while (reason == JWT_OK && walk->more &&
	    strcmp(walk->cursor, "0") != 0);
	return reason;
}

/*
 * A store that lost its data, or a stale replica, lacks facts: after a pull
 * from it, this host would accept tokens again that are revoked.
 */
static enum jwt_reason
check_store(struct walk *walk, int64_t *made_at)
{
	enum jwt_reason reason;

	redis_put_store(&walk->talk);
	reason = redis_send(&walk->talk);
	if (reason != JWT_OK)
		return reason;
	return redis_read_store(&walk->talk, (int64_t)time(NULL), false,
	    made_at);
}

enum jwt_reason
state_redis_walk(struct state_redis *redis,
    bool (*visit)(void *ctx, const struct state_fact *fact), void *ctx,
    int64_t *made_at)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	enum jwt_reason reason;

	if (walk == NULL)
		return JWT_OUT_OF_MEMORY;
	walk->more = true;
	walk->visit = visit;
	walk->ctx = ctx;
	reason = redis_open(redis->settings, REDIS_WALK_SIZE, &walk->talk);
	if (reason != JWT_OK)
		goto out;
	reason = check_store(walk, made_at);
	if (reason != JWT_OK)
		goto out;
	reason = walk_prefix(walk, "jwt:d:");
	if (reason != JWT_OK || !walk->more)
		goto out;
	reason = walk_prefix(walk, "jwt:v:");
out:
	redis_close(&walk->talk, reason, redis->fault);
	free(walk);
	return reason;
}
