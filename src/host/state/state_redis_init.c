/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes a store of a Redis, and tries whether a server can do all that will be
 * asked of it.  This is a file of its own so that the module does not link it:
 * no login may make a store.
 */
#include <stdio.h>

#include "host/state/redis.h"
#include "host/state/state_redis.h"

#define TRIAL_SEC	60	/* how long a key of a trial may stay */
/* No hash, so it cannot be taken for a fact; users.acl allows jwt:d:*. */
#define TRIAL	"trial"

/* The words of a command. */
#define WORDS(...)	(const char *const[]){ __VA_ARGS__, NULL }

static void
put_words(struct redis_talk *talk, const char *const *words)
{
	unsigned count = 0;

	while (words[count] != NULL)
		count++;
	resp_command(&talk->out, count);
	while (*words != NULL)
		redis_word(talk, *words++);
}

/* Put the name of the command in front of the fault. */
static enum jwt_reason
fail_command(struct redis_talk *talk, const char *name)
{
	char fault[STATE_FAULT_SIZE];

	memcpy(fault, talk->fault, sizeof(fault));
	snprintf(talk->fault, sizeof(talk->fault), "%s: %.*s", name,
	    (int)(sizeof(fault) - strlen(name) - sizeof(": ")), fault);
	return JWT_STATE_UNAVAILABLE;
}

/* Send one command and read its answer, which is of that type or null. */
static enum jwt_reason
exchange(struct redis_talk *talk, enum resp_type type,
    const char *const *words)
{
	struct resp_reply reply;
	enum jwt_reason reason;

	put_words(talk, words);
	/*
	 * Each command makes a round trip of its own, so it has the whole time.
	 */
	wire_set_deadline(&talk->wire, talk->settings->redis_timeout_sec);
	reason = redis_send(talk);
	if (reason != JWT_OK)
		return reason;
	reason = redis_reply(talk, &reply);
	if (reason != JWT_OK)
		return reason;
	if (reply.type != type && reply.type != RESP_NULL)
		return redis_fail_type(talk);
	if (reply.type == RESP_ARRAY)
		return redis_pass_over(talk, reply.integer);
	return JWT_OK;
}

/* The same, but the fault of a failure names the command. */
static enum jwt_reason
try(struct redis_talk *talk, enum resp_type type, const char *const *words)
{
	enum jwt_reason reason = exchange(talk, type, words);

	if (reason == JWT_STATE_UNAVAILABLE)
		return fail_command(talk, words[0]);
	return reason;
}

/* The commands of watch_fact() and store_fact() in state_redis.c. */
static enum jwt_reason
try_revoke(struct redis_talk *talk, const char *key, const char *value,
    const char *expiry)
{
	/* First, as hosts also have the right to it, and Redis 6 lacks it. */
	enum jwt_reason reason = try(talk, RESP_INTEGER,
	    WORDS("EXPIRETIME", key));

	if (reason != JWT_OK)
		return reason;
	reason = try(talk, RESP_STATUS, WORDS("WATCH", key));
	if (reason != JWT_OK)
		return reason;
	reason = try(talk, RESP_BULK, WORDS("GET", key));
	if (reason != JWT_OK)
		return reason;
	reason = try(talk, RESP_STATUS, WORDS("MULTI"));
	if (reason != JWT_OK)
		return reason;
	reason = try(talk, RESP_STATUS,
	    WORDS("SET", key, value, "EXAT", expiry));
	if (reason != JWT_OK)
		return reason;
	return try(talk, RESP_ARRAY, WORDS("EXEC"));
}

/* A login waits for replicas if redis_replicas says so. */
static enum jwt_reason
try_wait(struct redis_talk *talk)
{
	if (talk->settings->redis_replicas == 0)
		return JWT_OK;
	return try(talk, RESP_INTEGER, WORDS("WAIT", "0", "1"));
}

static enum jwt_reason
try_need(struct redis_talk *talk, int64_t now, enum state_redis_need need)
{
	static const char fact[] = "jwt:d:" TRIAL;
	static const char cutoff[] = "jwt:v:" TRIAL;
	static const char use[] = "jwt:s:" TRIAL;
	enum jwt_reason reason = JWT_INTERNAL;
	char expiry[24];

	snprintf(expiry, sizeof(expiry), "%lld", (long long)now + TRIAL_SEC);
	switch (need) {
	case STATE_REDIS_USE:
		reason = try(talk, RESP_STATUS, WORDS("SET", use, "trial",
		    "NX", "EXAT", expiry));
		break;
	case STATE_REDIS_PULL:
		reason = try(talk, RESP_INTEGER, WORDS("EXPIRETIME", fact));
		if (reason != JWT_OK)
			return reason;
		return try(talk, RESP_ARRAY,
		    WORDS("SCAN", "0", "MATCH", fact, "COUNT", "1"));
	case STATE_REDIS_REVOKE:
		reason = try_revoke(talk, fact, "t1", expiry);
		break;
	case STATE_REDIS_CUT_OFF:
		reason = try_revoke(talk, cutoff, "c1", expiry);
		break;
	}
	if (reason != JWT_OK)
		return reason;
	return try_wait(talk);
}

/* Remove the keys of the trial: DEL, which only administrators need. */
static enum jwt_reason
try_undo(struct redis_talk *talk)
{
	enum jwt_reason reason = try(talk, RESP_INTEGER,
	    WORDS("DEL", "jwt:d:" TRIAL));

	if (reason != JWT_OK)
		return reason;
	return try(talk, RESP_INTEGER, WORDS("DEL", "jwt:v:" TRIAL));
}

enum jwt_reason
state_redis_try(struct state_redis *redis, int64_t now,
    enum state_redis_need need)
{
	struct redis_talk talk;
	enum jwt_reason reason;

	reason = redis_open(redis->settings, REDIS_LOGIN_SIZE, &talk);
	if (reason != JWT_OK)
		goto out;
	reason = try_need(&talk, now, need);
out:
	redis->is_denied = talk.is_denied;
	redis_close(&talk, reason, redis->fault);
	return reason;
}

/*
 * Check that the server is a primary, and that its clock and ours agree.  If
 * they do not, one of them is wrong, and jwt:store would get a wrong date.
 */
static enum jwt_reason
check_server(struct redis_talk *talk, int64_t now)
{
	enum jwt_reason reason;

	redis_put_server(talk);
	reason = redis_send(talk);
	if (reason != JWT_OK)
		return reason;
	reason = redis_read_server(talk, now, true);
	if (reason != JWT_OK)
		return reason;
	if (now > talk->clock + STATE_CLOCK_AHEAD_SEC)
		return redis_fail(talk, "this host's clock is more than five "
		    "minutes ahead of the server's");
	return JWT_OK;
}

/* jwt:store exists: replace its date only if that is in the future. */
static enum jwt_reason
mend(struct redis_talk *talk, int64_t now, const char *epoch,
    enum state_made *made)
{
	struct resp_reply reply;
	enum jwt_reason reason;
	int64_t when;

	redis_command(talk, "GET", "jwt:store");
	reason = redis_send(talk);
	if (reason != JWT_OK)
		return reason;
	reason = redis_reply_of(talk, RESP_BULK, &reply);
	if (reason != JWT_OK)
		return reason;
	if (!number_digits(reply.text, STATE_FOREVER, &when))
		return redis_fail_type(talk);
	if (when <= now + STATE_CLOCK_AHEAD_SEC)
		return JWT_OK;
	put_words(talk, WORDS("SET", "jwt:store", epoch));
	reason = redis_send(talk);
	if (reason != JWT_OK)
		return reason;
	*made = STATE_MADE_AGAIN;
	return redis_expect_ok(talk);
}

static enum jwt_reason
make(struct redis_talk *talk, int64_t now, enum state_made *made)
{
	struct resp_reply reply;
	enum jwt_reason reason;
	char epoch[24];

	snprintf(epoch, sizeof(epoch), "%lld", (long long)now);
	put_words(talk, WORDS("SET", "jwt:store", epoch, "NX"));
	reason = redis_send(talk);
	if (reason != JWT_OK)
		return reason;
	reason = redis_reply(talk, &reply);
	if (reason != JWT_OK)
		return reason;
	if (reply.type == RESP_NULL)
		return mend(talk, now, epoch, made);
	*made = STATE_MADE;
	if (!redis_is_ok(&reply))
		return redis_fail_type(talk);
	return JWT_OK;
}

/* Try all that logins and revocations will need, before anything is made. */
static enum jwt_reason
try_all(struct redis_talk *talk, int64_t now)
{
	enum jwt_reason reason = try_need(talk, now, STATE_REDIS_USE);

	if (reason != JWT_OK)
		return reason;
	reason = try_need(talk, now, STATE_REDIS_REVOKE);
	if (reason != JWT_OK)
		return reason;
	reason = try_need(talk, now, STATE_REDIS_CUT_OFF);
	if (reason != JWT_OK)
		return reason;
	return try_undo(talk);
}

enum jwt_reason
state_redis_init(struct state_redis *redis, int64_t now, enum state_made *made)
{
	struct redis_talk talk;
	enum jwt_reason reason;

	*made = STATE_MADE_BEFORE;
	reason = redis_open(redis->settings, REDIS_LOGIN_SIZE, &talk);
	if (reason != JWT_OK)
		goto out;
	reason = check_server(&talk, now);
	if (reason != JWT_OK)
		goto out;
	reason = try_all(&talk, now);
	if (reason != JWT_OK)
		goto out;
	reason = make(&talk, now, made);
out:
	redis->is_denied = talk.is_denied;
	redis_close(&talk, reason, redis->fault);
	return reason;
}
