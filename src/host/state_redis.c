/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a login asks of Redis, in one write, and what the command writes
 * there.  The conversation itself is in redis_talk.c.
 */
#include <stdio.h>
#include <sys/utsname.h>

#include "host/redis_talk.h"
#include "host/state_redis.h"

#define DENIED	"jwt:d:"
#define CUTOFF	"jwt:v:"
#define USED	"jwt:s:"

static bool
is_cutoff(enum state_kind kind)
{
	return kind == STATE_SUBJECT || kind == STATE_ISSUER;
}

static void
make_key(const struct state_id *id, char out[REDIS_KEY_SIZE])
{
	const char *prefix = is_cutoff(id->kind) ? CUTOFF :
	    id->kind == STATE_USED ? USED : DENIED;

	snprintf(out, REDIS_KEY_SIZE, "%s", prefix);
	hash_hex(bytes_of(id->hash, HASH_LEN), out + strlen(prefix));
}

static void
put_key(struct redis_talk *talk, const struct state_id *id)
{
	char key[REDIS_KEY_SIZE];

	make_key(id, key);
	resp_word(&talk->out, bytes_str(key));
}

static void
put_number(struct redis_talk *talk, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)number);
	resp_word(&talk->out, bytes_str(text));
}

/* ---- what a login asks ---- */

static bool
is_denial(const struct state_ask *ask)
{
	return !is_cutoff(ask->id.kind) && ask->id.kind != STATE_USED;
}

static unsigned
count_denials(const struct state_question *question)
{
	unsigned count = 0;
	size_t i;

	for (i = 0; i < question->count; i++)
		count += is_denial(&question->ask[i]);
	return count;
}

/* One EXISTS for all that would revoke the token: any of them does. */
static void
put_denials(struct redis_talk *talk, const struct state_question *question)
{
	unsigned count = count_denials(question);
	size_t i;

	if (count == 0)
		return;
	resp_command(&talk->out, 1 + count);
	redis_word(talk, "EXISTS");
	for (i = 0; i < question->count; i++) {
		if (is_denial(&question->ask[i]))
			put_key(talk, &question->ask[i].id);
	}
}

/* The host that used it, for whoever looks; only NX decides. */
static void
put_use(struct redis_talk *talk, const struct state_ask *ask, int64_t until)
{
	struct utsname host = { .nodename = "" };

	(void)uname(&host);
	resp_command(&talk->out, 6);
	redis_word(talk, "SET");
	put_key(talk, &ask->id);
	resp_word(&talk->out, bytes_of(host.nodename,
	    strnlen(host.nodename, 64)));
	redis_word(talk, "NX");
	redis_word(talk, "EXAT");
	put_number(talk, until);
}

/* How many replicas have it; a tenth of the time is left for the rest. */
static void
put_wait(struct redis_talk *talk)
{
	if (talk->settings->redis_replicas == 0)
		return;
	resp_command(&talk->out, 3);
	redis_word(talk, "WAIT");
	put_number(talk, talk->settings->redis_replicas);
	put_number(talk, wire_left(&talk->wire) * 9 / 10 + 1);
}

static void
put_question(struct redis_talk *talk, const struct state_question *question)
{
	size_t i;

	redis_put_store(talk);
	put_denials(talk, question);
	for (i = 0; i < question->count; i++) {
		const struct state_ask *ask = &question->ask[i];

		if (is_cutoff(ask->id.kind)) {
			resp_command(&talk->out, 2);
			redis_word(talk, "GET");
			put_key(talk, &ask->id);
		} else if (ask->id.kind == STATE_USED && ask->consume) {
			put_use(talk, ask, question->until);
			put_wait(talk);
		} else if (ask->id.kind == STATE_USED) {
			resp_command(&talk->out, 2);
			redis_word(talk, "EXISTS");
			put_key(talk, &ask->id);
		}
	}
}

static enum jwt_reason
read_count(struct redis_talk *talk, int64_t *count)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_reply(talk, &reply);

	if (reason == JWT_OK && (reply.type != RESP_INTEGER ||
	    reply.integer < 0))
		reason = redis_fail_type(talk);
	*count = reply.integer;
	return reason;
}

static enum jwt_reason
read_denials(struct redis_talk *talk, struct state_question *question)
{
	enum jwt_reason reason;
	int64_t count;
	size_t i;

	if (count_denials(question) == 0)
		return JWT_OK;
	reason = read_count(talk, &count);
	for (i = 0; i < question->count; i++) {
		struct state_ask *ask = &question->ask[i];

		if (is_denial(ask))
			ask->found = count > 0;
	}
	return reason;
}

/* "c1700000000": the letter too must be the one that was asked for. */
static enum jwt_reason
read_cutoff(struct redis_talk *talk, struct state_ask *ask)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_reply(talk, &reply);

	if (reason != JWT_OK)
		return reason;
	ask->found = reply.type != RESP_NULL;
	if (!ask->found)
		return JWT_OK;
	if (reply.type != RESP_BULK || reply.text.len < 2 ||
	    reply.text.ptr[0] != (uint8_t)ask->id.kind ||
	    !redis_number(bytes_of(reply.text.ptr + 1, reply.text.len - 1),
	    &ask->cutoff))
		return redis_fail_type(talk);
	return JWT_OK;
}

static enum jwt_reason
read_replicas(struct redis_talk *talk)
{
	enum jwt_reason reason;
	int64_t count;

	if (talk->settings->redis_replicas == 0)
		return JWT_OK;
	reason = read_count(talk, &count);
	if (reason == JWT_OK && count < (int64_t)talk->settings->redis_replicas)
		return redis_fail(talk, "fewer replicas than redis_replicas "
		    "have noted the use");
	return reason;
}

/* OK: it was not there; null: it was. */
static enum jwt_reason
read_use(struct redis_talk *talk, struct state_ask *ask)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_reply(talk, &reply);

	if (reason != JWT_OK)
		return reason;
	ask->found = reply.type == RESP_NULL;
	if (!ask->found && !redis_is_ok(&reply))
		return redis_fail_type(talk);
	return read_replicas(talk);
}

static enum jwt_reason
read_ask(struct redis_talk *talk, struct state_ask *ask)
{
	enum jwt_reason reason;
	int64_t count;

	if (is_cutoff(ask->id.kind))
		return read_cutoff(talk, ask);
	if (ask->id.kind != STATE_USED)
		return JWT_OK;
	if (ask->consume)
		return read_use(talk, ask);
	reason = read_count(talk, &count);
	ask->found = count > 0;
	return reason;
}

static enum jwt_reason
read_answers(struct redis_talk *talk, struct state_question *question)
{
	enum jwt_reason reason = redis_read_store(talk, question->now,
	    &question->made);
	size_t i;

	if (reason == JWT_OK)
		reason = read_denials(talk, question);
	for (i = 0; reason == JWT_OK && i < question->count; i++)
		reason = read_ask(talk, &question->ask[i]);
	return reason;
}

enum jwt_reason
state_redis_ask(void *ctx, struct state_question *question)
{
	struct state_redis *redis = ctx;
	struct redis_talk talk;
	enum jwt_reason reason;

	reason = redis_open(redis->settings, REDIS_LOGIN_SIZE, &talk);
	if (reason == JWT_OK) {
		put_question(&talk, question);
		reason = redis_send(&talk);
	}
	if (reason == JWT_OK)
		reason = read_answers(&talk, question);
	redis_close(&talk, reason, redis->fault);
	return reason;
}

/* ---- what the command writes ---- */

/* Once, with its time; and of two times the later one (GT: Redis 7): which? */
static void
put_denial(struct redis_talk *talk, const struct state_fact *fact)
{
	char letter[2] = { (char)fact->id.kind, '\0' };
	bool forever = fact->until >= STATE_FOREVER;

	resp_command(&talk->out, forever ? 3 : 6);
	redis_word(talk, "SET");
	put_key(talk, &fact->id);
	redis_word(talk, letter);
	if (forever)
		return;
	redis_word(talk, "NX");
	redis_word(talk, "EXAT");
	put_number(talk, fact->until);
	resp_command(&talk->out, 4);
	redis_word(talk, "EXPIREAT");
	put_key(talk, &fact->id);
	put_number(talk, fact->until);
	redis_word(talk, "GT");
	resp_command(&talk->out, 2);
	redis_word(talk, "EXPIRETIME");
	put_key(talk, &fact->id);
}

/* -1: for good; -2: it is over already, as that of an expired token is. */
static enum jwt_reason
read_until(struct redis_talk *talk, int64_t *until)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_reply(talk, &reply);

	if (reason == JWT_OK && (reply.type != RESP_INTEGER ||
	    reply.integer < -2))
		return redis_fail_type(talk);
	if (reason == JWT_OK && reply.integer != -2)
		*until = reply.integer < 0 ? STATE_FOREVER : reply.integer;
	return reason;
}

static enum jwt_reason
write_denial(struct redis_talk *talk, struct state_fact *fact)
{
	struct resp_reply reply;
	enum jwt_reason reason;
	int64_t ignored;

	put_denial(talk, fact);
	reason = redis_send(talk);
	if (reason == JWT_OK)
		reason = redis_reply(talk, &reply);
	if (reason == JWT_OK && reply.type != RESP_NULL &&
	    !redis_is_ok(&reply))
		reason = redis_fail_type(talk);
	if (reason != JWT_OK || fact->until >= STATE_FOREVER)
		return reason;
	reason = read_count(talk, &ignored);
	return reason == JWT_OK ? read_until(talk, &fact->until) : reason;
}

/* The cut-off that is there; 0: none. Watched, so that nobody comes between. */
static enum jwt_reason
watch_cutoff(struct redis_talk *talk, const struct state_fact *fact,
    int64_t *cutoff)
{
	struct state_ask ask = { .id = fact->id };
	enum jwt_reason reason;

	resp_command(&talk->out, 2);
	redis_word(talk, "WATCH");
	put_key(talk, &fact->id);
	resp_command(&talk->out, 2);
	redis_word(talk, "GET");
	put_key(talk, &fact->id);
	reason = redis_send(talk);
	if (reason == JWT_OK)
		reason = redis_expect_ok(talk);
	if (reason == JWT_OK)
		reason = read_cutoff(talk, &ask);
	*cutoff = ask.found ? ask.cutoff : 0;
	return reason;
}

/* *done is false when somebody wrote it meanwhile: again. */
static enum jwt_reason
set_cutoff(struct redis_talk *talk, const struct state_fact *fact, bool *done)
{
	struct resp_reply reply;
	enum jwt_reason reason;
	char value[24];

	snprintf(value, sizeof(value), "%c%lld", (char)fact->id.kind,
	    (long long)fact->cutoff);
	redis_command(talk, "MULTI", NULL);
	resp_command(&talk->out, 5);
	redis_word(talk, "SET");
	put_key(talk, &fact->id);
	redis_word(talk, value);
	redis_word(talk, "EXAT");
	put_number(talk, fact->until);
	redis_command(talk, "EXEC", NULL);
	reason = redis_send(talk);
	if (reason == JWT_OK)
		reason = redis_expect_ok(talk);
	if (reason == JWT_OK)
		reason = redis_reply(talk, &reply);	/* QUEUED */
	if (reason == JWT_OK)
		reason = redis_reply(talk, &reply);
	if (reason != JWT_OK)
		return reason;
	*done = reply.type == RESP_ARRAY;
	return *done ? redis_expect_ok(talk) : JWT_OK;
}

static enum jwt_reason
write_cutoff(struct redis_talk *talk, struct state_fact *fact)
{
	enum jwt_reason reason = JWT_OK;
	bool done = false;
	int64_t cutoff;

	while (reason == JWT_OK && !done) {
		reason = watch_cutoff(talk, fact, &cutoff);
		done = reason == JWT_OK && cutoff >= fact->cutoff;
		if (reason == JWT_OK && !done)
			reason = set_cutoff(talk, fact, &done);
		else if (reason == JWT_OK)
			fact->cutoff = cutoff;
	}
	return reason;
}

static enum jwt_reason
take_back(struct redis_talk *talk, const struct state_id *id)
{
	enum jwt_reason reason;
	int64_t ignored;

	resp_command(&talk->out, 2);
	redis_word(talk, "DEL");
	put_key(talk, id);
	reason = redis_send(talk);
	return reason == JWT_OK ? read_count(talk, &ignored) : reason;
}

static enum jwt_reason
write_fact(struct redis_talk *talk, struct state_fact *fact)
{
	enum jwt_reason reason;

	if (fact->until == 0)
		reason = take_back(talk, &fact->id);
	else if (is_cutoff(fact->id.kind))
		reason = write_cutoff(talk, fact);
	else
		reason = write_denial(talk, fact);
	if (reason != JWT_OK || talk->settings->redis_replicas == 0)
		return reason;
	put_wait(talk);
	reason = redis_send(talk);
	return reason == JWT_OK ? read_replicas(talk) : reason;
}

enum jwt_reason
state_redis_put(void *ctx, struct state_fact *fact)
{
	struct state_redis *redis = ctx;
	struct redis_talk talk;
	enum jwt_reason reason;

	reason = redis_open(redis->settings, REDIS_LOGIN_SIZE, &talk);
	if (reason == JWT_OK)
		reason = write_fact(&talk, fact);
	redis_close(&talk, reason, redis->fault);
	return reason;
}

enum jwt_reason
state_redis_init(struct state_redis *redis, int64_t now, bool *made)
{
	struct resp_reply reply = { .type = RESP_ERROR };
	struct redis_talk talk;
	enum jwt_reason reason;

	reason = redis_open(redis->settings, REDIS_LOGIN_SIZE, &talk);
	if (reason == JWT_OK) {
		resp_command(&talk.out, 4);
		redis_word(&talk, "SET");
		redis_word(&talk, "jwt:store");
		put_number(&talk, now);
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
