/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands out, replies in, by host/state/resp.h over host/state/wire.h. */
#include <stdio.h>

#include "host/file.h"
#include "host/state/redis.h"

#define ERROR_SHOWN 96	/* bytes of the server's error: its word is first */

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

/* What is wrong, and what is to be done about it. */
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
		snprintf(rest, room, ": a right of %s (README, A fleet)",
		    user == NULL ? "the default user" : user);
	return JWT_STATE_UNAVAILABLE;
}

/*
 * The server's words, in printable characters; of a command that it does not
 * know without the arguments, which are ours.
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

/* AUTH [USER] PASSWORD, the file's first line. */
static enum jwt_reason
put_auth(struct redis_talk *talk)
{
	const struct state_settings *settings = talk->settings;
	enum jwt_reason reason = JWT_OK;
	struct bytes text, password;
	struct file file;

	if (settings->redis_password_file == NULL)
		return JWT_OK;
	if (file_read(settings->redis_password_file, &file) != FILE_OK) {
		snprintf(talk->fault, sizeof(talk->fault),
		    "redis_password_file: %.150s", file.fault);
		reason = JWT_STATE_UNAVAILABLE;
	} else if (file.readable) {
		reason = redis_fail(talk, "redis_password_file: others may "
		    "read it: chmod 600");
	} else {
		text = secret_bytes(&file.text);
		password = bytes_trim(bytes_cut(&text, '\n'));
		resp_command(&talk->out, settings->redis_user == NULL ? 2 : 3);
		redis_word(talk, "AUTH");
		if (settings->redis_user != NULL)
			redis_word(talk, settings->redis_user);
		resp_word(&talk->out, password);
		talk->authenticates = true;
	}
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
	if (reason == JWT_OK)
		reason = put_auth(out);
	if (reason == JWT_OK)
		reason = fail_wire(out, wire_open(settings, &out->wire));
	if (reason == JWT_OK && settings->redis == REDIS_TLS)
		reason = fail_wire(out, tls_open(settings, &out->wire,
		    &out->tls));
	return reason;
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

enum jwt_reason
redis_send(struct redis_talk *talk)
{
	enum jwt_reason reason;
	struct bytes text;

	if (talk->out.full)
		return redis_fail(talk, "the question is too long");
	text = bytes_of(talk->out.text, talk->out.len);
	reason = fail_wire(talk, talk->tls != NULL ?
	    tls_send(talk->tls, text) : wire_send(&talk->wire, text));
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
	reason = talk->tls != NULL ? tls_receive(talk->tls, to, room, &got) :
	    wire_receive(&talk->wire, to, room, &got);
	if (reason != JWT_OK)
		return fail_wire(talk, reason);
	talk->len += got;
	return got > 0 ? JWT_OK :
	    redis_fail(talk, "the server closed the connection");
}

static enum jwt_reason
next_reply(struct redis_talk *talk, struct resp_reply *out)
{
	enum jwt_reason reason = JWT_OK;
	enum resp_result result;
	size_t used = 0;

	do {
		result = resp_parse(bytes_of(talk->in.ptr + talk->used,
		    talk->len - talk->used), out, &used);
		if (result == RESP_MORE)
			reason = receive(talk);
	} while (reason == JWT_OK && result == RESP_MORE);
	if (reason != JWT_OK)
		return reason;
	if (result == RESP_BAD)
		return redis_fail(talk, "this is no Redis");
	talk->used += used;
	return out->type == RESP_ERROR ? fail_error(talk, out->text) : JWT_OK;
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

	if (reason == JWT_OK && !redis_is_ok(&reply))
		reason = redis_fail_type(talk);
	return reason;
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
	enum jwt_reason reason = JWT_OK;
	struct resp_reply reply;

	while (reason == JWT_OK && left-- > 0) {
		reason = redis_reply(talk, &reply);
		if (reason == JWT_OK && reply.type == RESP_ARRAY)
			left += reply.integer;
	}
	return reason;
}

/* ["slave", HOST, PORT, STATE, ...], of which the first was read. */
static enum jwt_reason
read_replica(struct redis_talk *talk, int64_t left)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_pass_over(talk, 2);

	if (reason == JWT_OK)
		reason = redis_reply(talk, &reply);
	if (reason == JWT_OK && (reply.type != RESP_BULK ||
	    !bytes_eq_str(reply.text, "connected")))
		return redis_fail(talk, "a replica that has lost its primary");
	return reason == JWT_OK ? redis_pass_over(talk, left - 3) : reason;
}

static enum jwt_reason
read_role(struct redis_talk *talk, bool writes)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_reply(talk, &reply);
	int64_t left = reply.integer - 1;

	if (reason == JWT_OK && (reply.type != RESP_ARRAY || left < 0))
		return redis_fail_type(talk);
	if (reason == JWT_OK)
		reason = redis_reply(talk, &reply);
	if (reason != JWT_OK)
		return reason;
	if (reply.type == RESP_BULK && bytes_eq_str(reply.text, "master"))
		return redis_pass_over(talk, left);
	if (reply.type != RESP_BULK || left < 3 ||
	    !bytes_eq_str(reply.text, "slave"))
		return redis_fail(talk, "neither a primary nor a replica");
	return writes ? redis_fail(talk, "a replica: what is noted there is "
	    "lost") : read_replica(talk, left);
}

/* An array of two: seconds, and microseconds, which do not count. */
static enum jwt_reason
read_clock(struct redis_talk *talk, int64_t now)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_reply(talk, &reply);

	if (reason == JWT_OK && (reply.type != RESP_ARRAY ||
	    reply.integer != 2))
		reason = redis_fail_type(talk);
	if (reason == JWT_OK)
		reason = redis_reply(talk, &reply);
	if (reason == JWT_OK && (reply.type != RESP_BULK ||
	    !number_digits(reply.text, STATE_FOREVER, &talk->clock)))
		reason = redis_fail_type(talk);
	if (reason != JWT_OK)
		return reason;
	reason = redis_pass_over(talk, 1);
	return reason == JWT_OK && talk->clock > now + STATE_CLOCK_AHEAD_SEC ?
	    redis_fail(talk, "the server's clock is more than five minutes "
	    "ahead of this host's") : reason;
}

enum jwt_reason
redis_read_server(struct redis_talk *talk, int64_t now, bool writes)
{
	enum jwt_reason reason = read_clock(talk, now);

	return reason == JWT_OK ? read_role(talk, writes) : reason;
}

enum jwt_reason
redis_read_store(struct redis_talk *talk, int64_t now, bool writes,
    int64_t *made)
{
	struct resp_reply reply;
	enum jwt_reason reason = redis_reply(talk, &reply);

	if (reason != JWT_OK)
		return reason;
	if (reply.type != RESP_BULK || !number_digits(reply.text,
	    STATE_FOREVER, made) ||
	    *made <= 0)
		return redis_fail(talk, "jwt:store is missing: the data was "
		    "lost, or never made: pam-jwt state init");
	return redis_read_server(talk, now, writes);
}
