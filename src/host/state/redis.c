/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends commands to a Redis and reads its replies, in the protocol of resp.c
 * over the socket of wire.c, with TLS between them if the configuration says
 * so.
 */
#include <stdio.h>

#include "host/file.h"
#include "host/state/redis.h"

#define ERROR_SHOWN 96	/* bytes of the server's error that a fault shows */

enum jwt_reason
redis_fail(struct redis_talk *talk, const char *what)
{
	snprintf(talk->fault, sizeof(talk->fault), "%s", what);
	return JWT_STATE_UNAVAILABLE;
}

enum jwt_reason
redis_fail_type(struct redis_talk *talk)
{
	return redis_fail(talk, "an answer of another kind than was asked "
	    "for: is something else using the keys jwt:*?");
}

static enum jwt_reason
fail_wire(struct redis_talk *talk, enum jwt_reason reason)
{
	if (reason == JWT_STATE_UNAVAILABLE)
		redis_fail(talk, talk->wire.fault);
	return reason;
}

static bool
is_old_server(struct bytes error)
{
	return bytes_starts(error, bytes_str("ERR unknown command")) ||
	    bytes_starts(error, bytes_str("ERR syntax error")) ||
	    bytes_starts(error, bytes_str("ERR wrong number of arguments"));
}

/* Write the server's error, and what the administrator can do about it. */
static enum jwt_reason
fail_shown(struct redis_talk *talk, struct bytes error, const char *shown)
{
	const char *user = talk->settings->redis_user;
	bool lacks_right = bytes_starts(error, bytes_str("NOPERM"));
	int len = snprintf(talk->fault, sizeof(talk->fault),
	    "the server says: %s", shown);
	char *rest = talk->fault + len;
	size_t room = sizeof(talk->fault) - (size_t)len;

	talk->is_denied = lacks_right ||
	    bytes_starts(error, bytes_str("READONLY"));
	if (is_old_server(error))
		snprintf(rest, room, ": Redis 7.0 or Valkey is needed, and "
		    "no rename-command or proxy");
	else if (lacks_right)
		snprintf(rest, room, ": a right of %s (pam_jwt_recipes(7), A FLEET)",
		    user == NULL ? "the default user" : user);
	return JWT_STATE_UNAVAILABLE;
}

/*
 * Write the server's error in printable characters, as it goes to the log.  For
 * a command that it does not know, the server repeats the arguments; they are
 * cut off, as they can hold a password or the hash of a fact.
 */
static enum jwt_reason
fail_error(struct redis_talk *talk, struct bytes error)
{
	static const char arguments[] = ", with args";
	const uint8_t *end = memmem(error.ptr, error.len, arguments,
	    strlen(arguments));
	char shown[ERROR_SHOWN + 1];
	size_t i;

	if (end != NULL)
		error.len = (size_t)(end - error.ptr);
	for (i = 0; i < error.len && i < ERROR_SHOWN; i++) {
		uint8_t c = error.ptr[i];

		shown[i] = (char)(c >= ' ' && c < 0x7f ? c : '?');
	}
	shown[i] = '\0';
	return fail_shown(talk, error, shown);
}

void
redis_word(struct redis_talk *talk, const char *word)
{
	resp_word(&talk->out, bytes_str(word));
}

void
redis_command(struct redis_talk *talk, const char *name, const char *argument)
{
	resp_command(&talk->out, argument == NULL ? 1 : 2);
	redis_word(talk, name);
	if (argument != NULL)
		redis_word(talk, argument);
}

/* Read the password file; the caller must clear *out whatever the result. */
static enum jwt_reason
read_password(struct redis_talk *talk, struct file *out)
{
	if (file_read(talk->settings->redis_password_file, out) != FILE_OK) {
		snprintf(talk->fault, sizeof(talk->fault),
		    "redis_password_file: %.150s", out->fault);
		return JWT_STATE_UNAVAILABLE;
	}
	if (out->readable)
		return redis_fail(talk,
		    "redis_password_file: others may "
		    "read it: chmod 600");
	return JWT_OK;
}

/* AUTH [USER] PASSWORD; the password is the first line of the file. */
static void
put_auth(struct redis_talk *talk, struct bytes text)
{
	const char *user = talk->settings->redis_user;

	resp_command(&talk->out, user == NULL ? 2 : 3);
	redis_word(talk, "AUTH");
	if (user != NULL)
		redis_word(talk, user);
	resp_word(&talk->out, bytes_trim(bytes_cut(&text, '\n')));
	talk->authenticates = true;
}

static enum jwt_reason
authenticate(struct redis_talk *talk)
{
	enum jwt_reason reason;
	struct file file;

	if (talk->settings->redis_password_file == NULL)
		return JWT_OK;
	reason = read_password(talk, &file);
	if (reason != JWT_OK)
		goto out;
	put_auth(talk, secret_bytes(&file.text));
out:
	file_clear(&file);
	return reason;
}

enum jwt_reason
redis_open(const struct state_settings *settings, size_t size,
    struct redis_talk *out)
{
	enum jwt_reason reason;

	*out = (struct redis_talk){
		.settings = settings, .wire = { .fd = -1 },
		.out = { .text = out->text, .size = sizeof(out->text) }
	};
	reason = secret_alloc(size, &out->in);
	if (reason != JWT_OK)
		return reason;
	reason = authenticate(out);
	if (reason != JWT_OK)
		return reason;
	reason = wire_open(settings, &out->wire);
	if (reason != JWT_OK)
		return fail_wire(out, reason);
	if (settings->redis != REDIS_TLS)
		return JWT_OK;
	reason = tls_open(settings, &out->wire, &out->tls);
	if (reason != JWT_OK)
		return fail_wire(out, reason);
	return JWT_OK;
}

void
redis_close(struct redis_talk *talk, enum jwt_reason reason,
    char fault[STATE_FAULT_SIZE])
{
	tls_close(talk->tls);
	wire_close(&talk->wire);
	secret_clear(&talk->in);
	explicit_bzero(talk->text, sizeof(talk->text));
	if (reason == JWT_STATE_UNAVAILABLE)
		memcpy(fault, talk->fault, STATE_FAULT_SIZE);
}

/* Send by TLS if the connection has it. */
static enum jwt_reason
send_text(struct redis_talk *talk, struct bytes text)
{
	if (talk->tls != NULL)
		return tls_send(talk->tls, text);
	return wire_send(&talk->wire, text);
}

static enum jwt_reason
receive_text(struct redis_talk *talk, uint8_t *out, size_t size, size_t *got)
{
	if (talk->tls != NULL)
		return tls_receive(talk->tls, out, size, got);
	return wire_receive(&talk->wire, out, size, got);
}

enum jwt_reason
redis_send(struct redis_talk *talk)
{
	enum jwt_reason reason;
	struct bytes text;

	if (talk->out.full)
		return redis_fail(talk, "the question is too long");
	text = bytes_of(talk->out.text, talk->out.len);
	reason = fail_wire(talk, send_text(talk, text));
	explicit_bzero(talk->text, sizeof(talk->text));
	talk->out.len = 0;
	talk->len = talk->used = 0;
	return reason;
}

static enum jwt_reason
receive(struct redis_talk *talk)
{
	uint8_t *to = talk->in.ptr + talk->len;
	size_t room = talk->in.size - talk->len, got;
	enum jwt_reason reason;

	if (room == 0)
		return redis_fail(talk, "the server says more than it was "
		    "asked for");
	reason = receive_text(talk, to, room, &got);
	if (reason != JWT_OK)
		return fail_wire(talk, reason);
	talk->len += got;
	if (got == 0)
		return redis_fail(talk, "the server closed the connection");
	return JWT_OK;
}

static enum jwt_reason
next_reply(struct redis_talk *talk, struct resp_reply *out)
{
	enum resp_result result;
	size_t used = 0;

	for (;;) {
		enum jwt_reason reason;

		result = resp_parse(bytes_of(talk->in.ptr + talk->used,
		    talk->len - talk->used), out, &used);
		if (result != RESP_MORE)
			break;
		reason = receive(talk);
		if (reason != JWT_OK)
			return reason;
	}
	if (result == RESP_BAD)
		return redis_fail(talk, "this is no Redis");
	talk->used += used;
	if (out->type == RESP_ERROR)
		return fail_error(talk, out->text);
	return JWT_OK;
}

enum jwt_reason
redis_reply(struct redis_talk *talk, struct resp_reply *out)
{
	enum jwt_reason reason;

	*out = (struct resp_reply){ .type = RESP_ERROR };
	if (talk->authenticates) {
		talk->authenticates = false;
		reason = redis_expect_ok(talk);
		if (reason != JWT_OK)
			return reason;
	}
	return next_reply(talk, out);
}

enum jwt_reason
redis_reply_of(struct redis_talk *talk, enum resp_type type,
    struct resp_reply *out)
{
	enum jwt_reason reason = redis_reply(talk, out);

	if (reason != JWT_OK)
		return reason;
	if (out->type != type)
		return redis_fail_type(talk);
	return JWT_OK;
}

bool
redis_is_ok(const struct resp_reply *reply)
{
	return reply->type == RESP_STATUS && bytes_eq_str(reply->text, "OK");
}

enum jwt_reason
redis_expect_ok(struct redis_talk *talk)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_reply(talk, &reply);

	if (reason != JWT_OK)
		return reason;
	if (!redis_is_ok(&reply))
		return redis_fail_type(talk);
	return JWT_OK;
}

void
redis_put_server(struct redis_talk *talk)
{
	redis_command(talk, "TIME", NULL);
	redis_command(talk, "ROLE", NULL);
}

void
redis_put_store(struct redis_talk *talk)
{
	redis_command(talk, "GET", "jwt:store");
	redis_put_server(talk);
}

enum jwt_reason
redis_pass_over(struct redis_talk *talk, int64_t left)
{
	while (left-- > 0) {
		struct resp_reply reply;
		enum jwt_reason reason = redis_reply(talk, &reply);

		if (reason != JWT_OK)
			return reason;
		if (reply.type == RESP_ARRAY)
			left += reply.integer;
	}
	return JWT_OK;
}

/* Read ["slave", HOST, PORT, STATE, ...] after its first element. */
static enum jwt_reason
read_replica(struct redis_talk *talk, int64_t left)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_pass_over(talk, 2);

	if (reason != JWT_OK)
		return reason;
	reason = redis_reply(talk, &reply);
	if (reason != JWT_OK)
		return reason;
	if (reply.type != RESP_BULK || !bytes_eq_str(reply.text, "connected"))
		return redis_fail(talk, "a replica that has lost its primary");
	return redis_pass_over(talk, left - 3);
}

static enum jwt_reason
read_role(struct redis_talk *talk, bool writes)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_reply_of(talk, RESP_ARRAY, &reply);
	int64_t left = reply.integer - 1;

	if (reason != JWT_OK)
		return reason;
	if (left < 0)
		return redis_fail_type(talk);
	reason = redis_reply(talk, &reply);
	if (reason != JWT_OK)
		return reason;
	if (reply.type == RESP_BULK && bytes_eq_str(reply.text, "master"))
		return redis_pass_over(talk, left);
	if (reply.type != RESP_BULK || left < 3 ||
	    !bytes_eq_str(reply.text, "slave"))
		return redis_fail(talk, "neither a primary nor a replica");
	if (writes)
		return redis_fail(talk,
		    "a replica: what is noted there is "
		    "lost");
	return read_replica(talk, left);
}

/* Read the answer to TIME: seconds, and microseconds, which do not matter. */
static enum jwt_reason
read_clock(struct redis_talk *talk, int64_t now)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_reply_of(talk, RESP_ARRAY, &reply);

	if (reason != JWT_OK)
		return reason;
	if (reply.integer != 2)
		return redis_fail_type(talk);
	reason = redis_reply_of(talk, RESP_BULK, &reply);
	if (reason != JWT_OK)
		return reason;
	if (!number_digits(reply.text, STATE_FOREVER, &talk->clock))
		return redis_fail_type(talk);
	reason = redis_pass_over(talk, 1);
	if (reason != JWT_OK)
		return reason;
	if (talk->clock > now + STATE_CLOCK_AHEAD_SEC)
		return redis_fail(talk,
		    "the server's clock is more than five "
		    "minutes ahead of this host's");
	return JWT_OK;
}

enum jwt_reason
redis_read_server(struct redis_talk *talk, int64_t now, bool writes)
{
	enum jwt_reason reason = read_clock(talk, now);

	if (reason != JWT_OK)
		return reason;
	return read_role(talk, writes);
}

enum jwt_reason
redis_read_store(struct redis_talk *talk, int64_t now, bool writes,
    int64_t *made_at)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_reply(talk, &reply);

	if (reason != JWT_OK)
		return reason;
	if (reply.type != RESP_BULK ||
	    !number_digits(reply.text, STATE_FOREVER, made_at) || *made_at <= 0)
		return redis_fail(talk, "jwt:store is missing: the data was "
		    "lost, or never made: pam-jwt state init");
	return redis_read_server(talk, now, writes);
}
