/* SPDX-License-Identifier: BSD-2-Clause */
/* One conversation with a Redis: connect, authenticate, ask, read. */
#ifndef JWT_REDIS_TALK_H
#define JWT_REDIS_TALK_H

#include "core/base/secret.h"
#include "host/state/resp.h"
#include "host/state/state_dir.h"
#include "host/state/tls.h"
#include "host/state/wire.h"

#define REDIS_KEY_SIZE	80	/* "jwt:d:" and 64 digits, terminated */
#define REDIS_OUT_SIZE	2048	/* bytes of all commands of one write */
#define REDIS_LOGIN_SIZE 4096	/* bytes of all replies to a login */
#define REDIS_WALK_SIZE	1048576	/* the same for a walk */

struct redis_talk {
	const struct state_settings *settings;	/* borrowed */
	struct wire wire;
	struct tls *tls;	/* over wire; NULL: none */
	char text[REDIS_OUT_SIZE];
	struct resp_out out;	/* over text: commands not sent yet */
	struct secret in;	/* what came */
	size_t len;		/* bytes of it that are there */
	size_t used;		/* bytes of it that were read as replies */
	char fault[STATE_FAULT_SIZE];
	bool authenticates;	/* the first reply is that to AUTH */
	bool is_denied;		/* the user, or a replica, may not do that */
	int64_t clock;		/* the server's, once it was read */
};

/*
 * Connect, and put AUTH in front of what will be sent, where there is a
 * password.  size bounds what is taken from the server between two writes.
 * Returns JWT_OK, JWT_STATE_UNAVAILABLE or JWT_OUT_OF_MEMORY; to be closed in
 * each case.
 */
JWT_MUST_USE enum jwt_reason redis_open(const struct state_settings *settings,
    size_t size, struct redis_talk *out);

/* Close; where reason is not JWT_OK, fault says why. */
void redis_close(struct redis_talk *talk, enum jwt_reason reason,
    char fault[STATE_FAULT_SIZE]);

/* A word of a command; and a command of one word and perhaps a second. */
void redis_word(struct redis_talk *talk, const char *word);
void redis_command(struct redis_talk *talk, const char *name,
    const char *argument);

/* Send all commands in one write. All replies to earlier ones are forgotten. */
JWT_MUST_USE enum jwt_reason redis_send(struct redis_talk *talk);

/*
 * The next reply, borrowed until the next redis_send().  An error of the
 * server is JWT_STATE_UNAVAILABLE, and fault names it.
 */
JWT_MUST_USE enum jwt_reason redis_reply(struct redis_talk *talk,
    struct resp_reply *out);

/* The same, and it must be of that type. */
JWT_MUST_USE enum jwt_reason redis_reply_of(struct redis_talk *talk,
    enum resp_type type, struct resp_reply *out);

/* So many replies that say nothing, with all that is in arrays among them. */
JWT_MUST_USE enum jwt_reason redis_pass_over(struct redis_talk *talk,
    int64_t left);

/* The next reply, which must be OK. */
JWT_MUST_USE enum jwt_reason redis_expect_ok(struct redis_talk *talk);
bool redis_is_ok(const struct resp_reply *reply);

/*
 * Ask whether the server is one that counts: for "jwt:store", without which
 * the data was lost and "no" would mean nothing; for its clock, by which it
 * forgets, as one that is ahead forgets what still counts; and for its role.
 * A replica that has lost its primary knows nothing newer, and by default goes
 * on to answer; what is written to one is lost.  Then read the three answers.
 *
 * now     seconds since the epoch
 * writes  something is noted: only a primary counts
 * made    when the store was made
 */
void redis_put_store(struct redis_talk *talk);
JWT_MUST_USE enum jwt_reason redis_read_store(struct redis_talk *talk,
    int64_t now, bool writes, int64_t *made_at);

/* The same without jwt:store: the server's clock, and its role. */
void redis_put_server(struct redis_talk *talk);
JWT_MUST_USE enum jwt_reason redis_read_server(struct redis_talk *talk,
    int64_t now, bool writes);

/* Note what is wrong; return JWT_STATE_UNAVAILABLE. */
enum jwt_reason redis_fail(struct redis_talk *talk, const char *what);
enum jwt_reason redis_fail_type(struct redis_talk *talk);

#endif
