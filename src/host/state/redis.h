/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One connection to a Redis: connect, authenticate, send commands, read their
 * replies.  Everything that the server says is bounded in length and time.
 */
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
	struct tls *tls;	/* over wire; NULL: the connection has no TLS */
	char text[REDIS_OUT_SIZE];
	struct resp_out out;	/* over text: commands not sent yet */
	struct secret in;	/* the bytes of the server's replies */
	size_t len;		/* how many have been received */
	size_t used;		/* how many of these were read as replies */
	char fault[STATE_FAULT_SIZE];
	bool authenticates;	/* the next reply is the one to AUTH */
	bool is_denied;		/* the server said NOPERM or READONLY */
	int64_t clock;		/* the server's; seconds since the epoch */
};

/*
 * Connect.  If there is a password, AUTH is the first command that will be
 * sent.
 *
 * size  how many bytes the server may send between two writes; more are an
 * error
 *
 * Returns JWT_OK, JWT_STATE_UNAVAILABLE or JWT_OUT_OF_MEMORY.  The caller must
 * call redis_close() whatever the result.
 */
JWT_MUST_USE enum jwt_reason redis_open(const struct state_settings *settings,
    size_t size, struct redis_talk *out);

/* Close and wipe.  If reason is JWT_STATE_UNAVAILABLE, fault says why. */
void redis_close(struct redis_talk *talk, enum jwt_reason reason,
    char fault[STATE_FAULT_SIZE]);

/* Add one word to a command; add a whole command of one word or two. */
void redis_word(struct redis_talk *talk, const char *word);
void redis_command(struct redis_talk *talk, const char *name,
    const char *argument);

/* Send all commands in one write.  The replies to earlier ones are dropped. */
JWT_MUST_USE enum jwt_reason redis_send(struct redis_talk *talk);

/*
 * Read the next reply, which is borrowed until the next redis_send().  If the
 * server reports an error, returns JWT_STATE_UNAVAILABLE, and fault names it.
 */
JWT_MUST_USE enum jwt_reason redis_reply(struct redis_talk *talk,
    struct resp_reply *out);

/* Read the next reply, which must be of that type. */
JWT_MUST_USE enum jwt_reason redis_reply_of(struct redis_talk *talk,
    enum resp_type type, struct resp_reply *out);

/* Read and ignore so many replies, with all elements of arrays among them. */
JWT_MUST_USE enum jwt_reason redis_pass_over(struct redis_talk *talk,
    int64_t left);

/* Read the next reply, which must be OK. */
JWT_MUST_USE enum jwt_reason redis_expect_ok(struct redis_talk *talk);
bool redis_is_ok(const struct resp_reply *reply);

/*
 * Ask three questions that show whether the server's answers count, and read
 * their answers:
 *
 * - Does it have "jwt:store"?  Otherwise its data was lost, and "not revoked"
 *   means nothing.
 * - What time is it?  A server whose clock is ahead forgets facts that still
 *   count.
 * - What is its role?  A replica that has lost its primary learns nothing new,
 *   but answers on by default.  A fact that is written to a replica is lost.
 *
 * now      seconds since the epoch
 * writes   a fact will be noted, so only a primary counts
 * made_at  when the store was made, seconds since the epoch
 */
void redis_put_store(struct redis_talk *talk);
JWT_MUST_USE enum jwt_reason redis_read_store(struct redis_talk *talk,
    int64_t now, bool writes, int64_t *made_at);

/* The same without jwt:store: the server's clock and its role. */
void redis_put_server(struct redis_talk *talk);
JWT_MUST_USE enum jwt_reason redis_read_server(struct redis_talk *talk,
    int64_t now, bool writes);

/* Write talk->fault; return JWT_STATE_UNAVAILABLE. */
enum jwt_reason redis_fail(struct redis_talk *talk, const char *what);
enum jwt_reason redis_fail_type(struct redis_talk *talk);

#endif
