/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The questions of a login to Redis, sent in one write, and the facts that the
 * command notes there.  redis.c sends commands and reads replies.
 *
 * The server may be stale, lose its data, or answer anything.  So it must first
 * show that it is a store whose clock and role are right (redis_read_store()),
 * and an answer that is not exactly the expected one refuses the login.
 */
#include <stdio.h>
#include <sys/utsname.h>
#include <time.h>

#include "host/state/redis.h"
#include "host/state/state_redis.h"

#define DENIED	"jwt:d:"
#define CUTOFF	"jwt:v:"
#define USED	"jwt:s:"

static const char *
prefix_of(enum state_kind kind)
{
	if (state_is_cutoff(kind))
		return CUTOFF;
	if (kind == STATE_USED)
		return USED;
	return DENIED;
}

static void
make_key(const struct state_id *id, char out[REDIS_KEY_SIZE])
{
	const char *prefix = prefix_of(id->kind);

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

/* A command of two words. */
static void
put_command(struct redis_talk *talk, const char *name,
    const struct state_id *id)
{
	resp_command(&talk->out, 2);
	redis_word(talk, name);
	put_key(talk, id);
}

/*
 * The time at which Redis may forget a fact: a week after anybody asks for it.
 */
static void
put_expiry(struct redis_talk *talk, int64_t until)
{
	put_number(talk, until + STATE_REDIS_MARGIN_SEC);
}

/* ---- what a login asks ---- */

/* How many questions there are besides the one of use, which is the last. */
static size_t
count_facts(const struct state_question *question)
{
	size_t count = question->count;

	if (count > 0 && question->ask[count - 1].id.kind == STATE_USED)
		return count - 1;
	return count;
}

/*
 * SET with NX: Redis notes the use only if it has not noted one, so of two
 * logins with one token, on any hosts, one succeeds.  The value, the name of
 * this host, only informs administrators.
 */
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
	put_expiry(talk, until);
}

/*
 * Ask how many replicas have noted it.  Redis may wait for three quarters of
 * the time that is left.  It looks for waits that are over ten times a second,
 * and an answer after our deadline could not say what is wrong.
 */
static void
put_wait(struct redis_talk *talk)
{
	if (talk->settings->redis_replicas == 0)
		return;
	resp_command(&talk->out, 3);
	redis_word(talk, "WAIT");
	put_number(talk, talk->settings->redis_replicas);
	put_number(talk, wire_left(&talk->wire) * 3 / 4 + 1);
}

static void
put_question(struct redis_talk *talk, const struct state_question *question)
{
	size_t facts = count_facts(question), i;

	redis_put_store(talk);
	/* GET, because MGET returns null for a key of the wrong type. */
	for (i = 0; i < facts; i++)
		put_command(talk, "GET", &question->ask[i].id);
	if (facts < question->count && question->ask[facts].consume) {
		put_use(talk, &question->ask[facts], question->until);
		put_wait(talk);
	} else if (facts < question->count) {
		put_command(talk, "EXISTS", &question->ask[facts].id);
	}
}

static enum jwt_reason
read_count(struct redis_talk *talk, int64_t *count)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_reply_of(talk, RESP_INTEGER, &reply);

	*count = reply.integer;
	if (reason != JWT_OK)
		return reason;
	if (reply.integer < 0)
		return redis_fail_type(talk);
	return JWT_OK;
}

/* Read the value of a fact; *there is false if there is no such fact. */
static enum jwt_reason
read_fact(struct redis_talk *talk, enum state_kind kind,
    struct state_fact *out, bool *there)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_reply(talk, &reply);

	*there = false;
	if (reason != JWT_OK || reply.type == RESP_NULL)
		return reason;
	if (reply.type != RESP_BULK || !state_redis_parse(reply.text, out) ||
	    out->id.kind != kind)
		return redis_fail_type(talk);
	*there = true;
	return JWT_OK;
}

static enum jwt_reason
read_facts(struct redis_talk *talk, const struct state_question *question,
    struct state_answer *answer)
{
	size_t count = count_facts(question), i;

	for (i = 0; i < count; i++) {
		enum state_kind kind = question->ask[i].id.kind;
		struct state_finding *finding = &answer->fact[i];
		struct state_fact fact = { .until = STATE_FOREVER };
		enum jwt_reason reason = read_fact(talk, kind, &fact,
		    &finding->found);

		if (reason != JWT_OK)
			return reason;
		finding->cutoff = fact.cutoff;
		finding->until = fact.until;
		finding->found = finding->found && state_is_alive(kind,
		    fact.until, question->now);
	}
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
	if (reason != JWT_OK)
		return reason;
	if (count < (int64_t)talk->settings->redis_replicas)
		return redis_fail(talk, "fewer replicas than redis_replicas "
		    "have noted the use");
	return JWT_OK;
}

/* Read the answer to EXISTS: whether the token was used.  Nothing is noted. */
static enum jwt_reason
read_look(struct redis_talk *talk, struct state_finding *finding)
{
	int64_t count;
	enum jwt_reason reason = read_count(talk, &count);

	finding->found = false;
	if (reason != JWT_OK)
		return reason;
	finding->found = count > 0;
	return JWT_OK;
}

/*
 * Read the answer to SET with NX.  OK: this login is the first with the token,
 * and has now used it.  Null: another login has used it.
 */
static enum jwt_reason
read_use(struct redis_talk *talk, struct state_finding *finding)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_reply(talk, &reply);

	finding->found = false;
	if (reason != JWT_OK)
		return reason;
	if (reply.type == RESP_NULL)
		finding->found = true;
	else if (!redis_is_ok(&reply))
		return redis_fail_type(talk);
	return read_replicas(talk);
}

static enum jwt_reason
read_answers(struct redis_talk *talk, const struct state_question *question,
    struct state_answer *answer)
{
	size_t facts = count_facts(question);
	bool has_use = facts < question->count;
	bool consumes = has_use && question->ask[facts].consume;
	enum jwt_reason reason = redis_read_store(talk, question->now, consumes,
	    &answer->made_at);

	if (reason != JWT_OK)
		return reason;
	reason = read_facts(talk, question, answer);
	if (reason != JWT_OK || !has_use)
		return reason;
	/* Until then, each one-time token would seem older than the store. */
	if (answer->made_at > question->now + STATE_CLOCK_AHEAD_SEC)
		return redis_fail(talk, "made in the future: the clock was "
		    "ahead at pam-jwt state init: run it again");
	if (consumes)
		return read_use(talk, &answer->fact[facts]);
	return read_look(talk, &answer->fact[facts]);
}

enum jwt_reason
state_redis_ask(void *ctx, const struct state_question *question,
    struct state_answer *answer)
{
	struct state_redis *redis = ctx;
	struct redis_talk talk;
	enum jwt_reason reason;

	reason = redis_open(redis->settings, REDIS_LOGIN_SIZE, &talk);
	if (reason != JWT_OK)
		goto out;
	put_question(&talk, question);
	reason = redis_send(&talk);
	if (reason != JWT_OK)
		goto out;
	reason = read_answers(&talk, question, answer);
out:
	redis_close(&talk, reason, redis->fault);
	return reason;
}

/* ---- what the command writes ---- */

/*
 * Read what is noted of a fact; *noted is all 0 if nothing is.  WATCH makes
 * store_fact() fail if somebody else writes the key in between.
 */
static enum jwt_reason
watch_fact(struct redis_talk *talk, const struct state_fact *fact,
    struct state_fact *noted)
{
	struct resp_reply reply;
	enum jwt_reason reason;
	bool there = false;

	*noted = (struct state_fact){ .until = 0 };
	put_command(talk, "WATCH", &fact->id);
	put_command(talk, "GET", &fact->id);
	put_command(talk, "EXPIRETIME", &fact->id);
	reason = redis_send(talk);
	if (reason != JWT_OK)
		return reason;
	reason = redis_expect_ok(talk);
	if (reason != JWT_OK)
		return reason;
	reason = read_fact(talk, fact->id.kind, noted, &there);
	if (reason != JWT_OK)
		return reason;
	reason = redis_reply(talk, &reply);
	if (reason != JWT_OK || !there || !state_is_cutoff(fact->id.kind))
		return reason;
	if (reply.type != RESP_INTEGER ||
	    !state_redis_until(reply.integer, &noted->until))
		return redis_fail_type(talk);
	return JWT_OK;
}

static void
put_fact(struct redis_talk *talk, const struct state_fact *fact)
{
	bool forever = fact->until >= STATE_FOREVER;
	int64_t number = fact->until;
	char value[24];

	if (state_is_cutoff(fact->id.kind))
		number = fact->cutoff;
	snprintf(value, sizeof(value), "%c%lld", (char)fact->id.kind,
	    (long long)number);
	resp_command(&talk->out, forever ? 3 : 5);
	redis_word(talk, "SET");
	put_key(talk, &fact->id);
	redis_word(talk, value);
	if (!forever) {
		redis_word(talk, "EXAT");
		put_expiry(talk, fact->until);
	}
}

/* Write a fact; *done is false if somebody else wrote it meanwhile. */
static enum jwt_reason
store_fact(struct redis_talk *talk, const struct state_fact *fact, bool *done)
{
	struct resp_reply reply;
	enum jwt_reason reason;

	redis_command(talk, "MULTI", NULL);
	put_fact(talk, fact);
	redis_command(talk, "EXEC", NULL);
	*done = false;
	reason = redis_send(talk);
	if (reason != JWT_OK)
		return reason;
	reason = redis_expect_ok(talk);
	if (reason != JWT_OK)
		return reason;
	reason = redis_reply(talk, &reply); /* QUEUED */
	if (reason != JWT_OK)
		return reason;
	reason = redis_reply(talk, &reply);
	if (reason != JWT_OK || reply.type != RESP_ARRAY)
		return reason;
	*done = true;
	return redis_expect_ok(talk);
}

/*
 * Write the later of the two cut-offs and of the two expiries, so that no fact
 * ever becomes weaker.
 */
static enum jwt_reason
merge(struct redis_talk *talk, struct state_fact *fact)
{
	struct state_fact noted;
	bool done;

	do {
		enum jwt_reason reason = watch_fact(talk, fact, &noted);

		if (reason != JWT_OK)
			return reason;
		if (noted.until > fact->until)
			fact->until = noted.until;
		if (noted.cutoff > fact->cutoff)
			fact->cutoff = noted.cutoff;
		reason = store_fact(talk, fact, &done);
		if (reason != JWT_OK)
			return reason;
	} while (!done);
	return JWT_OK;
}

/* Remove a fact; fact->until becomes STATE_NOTHING if there was none. */
static enum jwt_reason
take_back(struct redis_talk *talk, struct state_fact *fact)
{
	enum jwt_reason reason;
	int64_t count;

	put_command(talk, "DEL", &fact->id);
	reason = redis_send(talk);
	if (reason != JWT_OK)
		return reason;
	reason = read_count(talk, &count);
	if (reason != JWT_OK)
		return reason;
	fact->until = count > 0 ? 0 : STATE_NOTHING;
	return JWT_OK;
}

/*
 * Check that the server is a store, and that its clock is not ahead: it would
 * forget the fact too early.
 */
static enum jwt_reason
check_store(struct redis_talk *talk)
{
	enum jwt_reason reason;
	int64_t made_at;

	redis_put_store(talk);
	reason = redis_send(talk);
	if (reason != JWT_OK)
		return reason;
	return redis_read_store(talk, (int64_t)time(NULL), true, &made_at);
}

static enum jwt_reason
write_fact(struct redis_talk *talk, struct state_fact *fact)
{
	enum jwt_reason reason = check_store(talk);

	if (reason != JWT_OK)
		return reason;
	if (fact->until <= 0)
		reason = take_back(talk, fact);
	else
		reason = merge(talk, fact);
	if (reason != JWT_OK || talk->settings->redis_replicas == 0)
		return reason;
	put_wait(talk);
	reason = redis_send(talk);
	if (reason != JWT_OK)
		return reason;
	return read_replicas(talk);
}

enum jwt_reason
state_redis_put(void *ctx, struct state_fact *fact)
{
	struct state_redis *redis = ctx;
	struct redis_talk talk;
	enum jwt_reason reason;

	reason = redis_open(redis->settings, REDIS_LOGIN_SIZE, &talk);
	if (reason != JWT_OK)
		goto out;
	reason = write_fact(&talk, fact);
out:
	redis->is_denied = talk.is_denied;
	redis_close(&talk, reason, redis->fault);
	return reason;
}
