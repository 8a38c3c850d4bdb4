/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Talks to the ssh-agent: messages with a length in front, over a local socket.
 * Whatever answers there may be slow, gone, or not an agent; so each answer is
 * bounded in size and in time.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/ssh_fields.h"
#include "host/clock.h"
#include "host/file.h"
#include "login/agent.h"

#define MESSAGE_MAX	((size_t)256 * 1024)	/* bytes, as OpenSSH allows */
#define HEAD_LEN	4			/* bytes of a length */

#define REQUEST_IDENTITIES	11
#define IDENTITIES_ANSWER	12
#define SIGN_REQUEST		13
#define SIGN_RESPONSE		14
#define FLAG_RSA_SHA2_256	2

static const char no_agent[] = "no ssh-agent answers at SSH_AUTH_SOCK";
static const char late_agent[] = "the ssh-agent did not answer in time";
static const char odd_agent[] = "the ssh-agent gave a malformed answer";
static const char no_memory[] = "memory ran out";

/* ---- fields ---- */

static uint8_t *
put_number(uint8_t *at, size_t number)
{
	*at++ = (uint8_t)(number >> 24);
	*at++ = (uint8_t)(number >> 16);
	*at++ = (uint8_t)(number >> 8);
	*at++ = (uint8_t)number;
	return at;
}

static uint8_t *
put_string(uint8_t *at, struct bytes text)
{
	at = put_number(at, text.len);
	memcpy(at, text.ptr, text.len);
	return at + text.len;
}

/* ---- the socket ---- */

static bool
wait_for(const struct agent *agent, short events)
{
	struct pollfd poll_fd = { .fd = agent->fd, .events = events };
	int64_t left = agent->end_msec - clock_msec();
	int got;

	if (left <= 0)
		return false;
	got = poll(&poll_fd, 1, left > INT32_MAX ? INT32_MAX : (int)left);
	return got > 0 || (got < 0 && errno == EINTR);
}

static bool
send_all(const struct agent *agent, struct bytes text)
{
	while (text.len > 0) {
		ssize_t put;

		if (!wait_for(agent, POLLOUT))
			return false;
		put = send(agent->fd, text.ptr, text.len,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (put < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (put <= 0)
			return false;
		text = bytes_of(text.ptr + put, text.len - (size_t)put);
	}
	return true;
}

static bool
receive_all(const struct agent *agent, uint8_t *out, size_t len)
{
	while (len > 0) {
		ssize_t got;

		if (!wait_for(agent, POLLIN))
			return false;
		got = recv(agent->fd, out, len, MSG_DONTWAIT);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0)
			return false;
		out += got;
		len -= (size_t)got;
	}
	return true;
}

/* An agent may wait for its user (ssh-add -c), and that too long for us. */
static const char *
say_lost(const struct agent *agent)
{
	if (clock_msec() >= agent->end_msec)
		return late_agent;
	return no_agent;
}

/* Send a whole message, and read the answer, without its length. */
static const char *
ask(const struct agent *agent, struct bytes message, struct secret *out)
{
	uint8_t head[HEAD_LEN];
	struct ssh_fields cursor;
	size_t len;

	if (!send_all(agent, message) ||
	    !receive_all(agent, head, HEAD_LEN))
		return say_lost(agent);
	cursor = (struct ssh_fields){ .rest = bytes_of(head, HEAD_LEN) };
	len = ssh_fields_number(&cursor);
	if (len == 0 || len > MESSAGE_MAX)
		return odd_agent;
	if (secret_alloc(len, out) != JWT_OK)
		return no_memory;
	if (!receive_all(agent, out->ptr, len))
		return say_lost(agent);
	return NULL;
}

/*
 * Connect without waiting: an agent that takes no connections has a full queue,
 * and connect() would wait for it without end.
 */
static bool
open_socket(struct agent *out)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("SSH_AUTH_SOCK");

	if (path == NULL || path[0] == '\0' ||
	    strlen(path) >= sizeof(address.sun_path))
		return false;
	memcpy(address.sun_path, path, strlen(path));
	out->fd = file_above_stdio(socket(AF_UNIX,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
	return out->fd >= 0 && connect(out->fd,
	    (const struct sockaddr *)&address, sizeof(address)) == 0;
}

/* ---- keys ---- */

static void
add_key(struct agent *agent, struct bytes blob)
{
	struct agent_key *key = &agent->keys[agent->count];

	key->blob = blob;
	if (sshkey_read_blob(blob, &key->key, &key->mat) == SSHKEY_OK)
		agent->count++;
}

static const char *
list_keys(struct agent *agent)
{
	static const uint8_t request[] = { 0, 0, 0, 1, REQUEST_IDENTITIES };
	struct ssh_fields in;
	struct bytes type;
	size_t number;
	const char *fault = ask(agent, bytes_of(request, sizeof(request)),
	    &agent->answer);

	if (fault != NULL)
		return fault;
	in = (struct ssh_fields){ .rest = secret_bytes(&agent->answer) };
	type = ssh_fields_bytes(&in, 1);
	if (in.failed || type.ptr[0] != IDENTITIES_ANSWER)
		return odd_agent;
	number = ssh_fields_number(&in);
	while (number-- > 0 && !in.failed && agent->count < AGENT_KEYS_MAX) {
		struct bytes blob = ssh_fields_string(&in);

		(void)ssh_fields_string(&in);		/* the comment */
		if (!in.failed)
			add_key(agent, blob);
	}
	return in.failed ? odd_agent : NULL;
}

const char *
agent_open(int64_t end_msec, struct agent *out)
{
	*out = (struct agent){ .fd = -1, .end_msec = end_msec };
	out->keys = calloc(AGENT_KEYS_MAX, sizeof(*out->keys));
	if (out->keys == NULL)
		return no_memory;
	if (!open_socket(out))
		return no_agent;
	return list_keys(out);
}

void
agent_close(struct agent *agent)
{
	if (agent->fd >= 0)
		close(agent->fd);
	free(agent->keys);
	secret_clear(&agent->answer);
	*agent = (struct agent){ .fd = -1 };
}

/* ---- signatures ---- */

/* Write an integer of a signature right-aligned into len bytes. */
static bool
put_padded(struct bytes number, uint8_t *out, size_t len)
{
	while (number.len > 0 && number.ptr[0] == 0)
		number = bytes_of(number.ptr + 1, number.len - 1);
	if (number.len > len)
		return false;
	memset(out, 0, len - number.len);
	if (number.len > 0)
		memcpy(out + len - number.len, number.ptr, number.len);
	return true;
}

/* ECDSA: two integers (RFC 5656 section 3.1.2) become RFC 7518 section 3.4. */
static const char *
take_ecdsa(struct bytes signature, size_t len, struct secret *out)
{
	struct ssh_fields in = { .rest = signature };
	struct bytes r = ssh_fields_string(&in), s = ssh_fields_string(&in);

	if (in.failed || in.rest.len > 0)
		return odd_agent;
	if (secret_alloc(2 * len, out) != JWT_OK)
		return no_memory;
	if (!put_padded(r, out->ptr, len) || !put_padded(s, out->ptr + len, len))
		return odd_agent;
	return NULL;
}

/* The agent may leave zeros in front of the number out: RFC 8332 section 3. */
static const char *
take_rsa(struct bytes signature, size_t len, struct secret *out)
{
	if (secret_alloc(len, out) != JWT_OK)
		return no_memory;
	return put_padded(signature, out->ptr, len) ? NULL : odd_agent;
}

static const char *
take_signature(struct bytes answer, const struct keymat *mat,
    struct secret *out)
{
	struct ssh_fields in = { .rest = answer }, inner;
	struct bytes type = ssh_fields_bytes(&in, 1), signature;

	if (in.failed || type.ptr[0] != SIGN_RESPONSE)
		return "the ssh-agent did not sign";
	inner = (struct ssh_fields){ .rest = ssh_fields_string(&in) };
	(void)ssh_fields_string(&inner);		/* the algorithm's name */
	signature = ssh_fields_string(&inner);
	if (in.failed || inner.failed || in.rest.len > 0)
		return odd_agent;
	if (mat->kind == KEY_RSA)
		return take_rsa(signature, mat->x.len, out);
	if (mat->kind != KEY_ED25519)
		return take_ecdsa(signature, mat->x.len, out);
	if (secret_copy(signature, out) != JWT_OK)
		return no_memory;
	return NULL;
}

const char *
agent_sign(struct agent *agent, const struct agent_key *key, struct bytes data,
    struct secret *out)
{
	size_t len = 1 + 3 * HEAD_LEN + key->blob.len + data.len;
	unsigned flags = key->mat.kind == KEY_RSA ? FLAG_RSA_SHA2_256 : 0;
	struct secret request = { 0 }, answer = { 0 };
	const char *fault;
	uint8_t *at;

	*out = (struct secret){ .len = 0 };
	if (secret_alloc(HEAD_LEN + len, &request) != JWT_OK)
		return no_memory;
	at = put_number(request.ptr, len);
	*at++ = SIGN_REQUEST;
	at = put_string(at, key->blob);
	at = put_string(at, data);
	(void)put_number(at, flags);
	fault = ask(agent, secret_bytes(&request), &answer);
	if (fault == NULL)
		fault = take_signature(secret_bytes(&answer), &key->mat, out);
	secret_clear(&request);
	secret_clear(&answer);
	return fault;
}
