/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Talks to an ssh-agent: messages with a length in front, over a local socket.
 * Whatever answers there may be slow, gone, not an agent, or a liar; so each
 * answer is bounded in size and in time, and each signature is verified.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/agent.h"
#include "core/base/ssh_fields.h"
#include "core/jose/sig.h"
#include "host/clock.h"
#include "host/file.h"

#define MESSAGE_MAX	((size_t)256 * 1024)	/* bytes, as OpenSSH allows */
#define HEAD_LEN	4			/* bytes of a length */

#define REQUEST_IDENTITIES	11
#define IDENTITIES_ANSWER	12
#define SIGN_REQUEST		13
#define SIGN_RESPONSE		14
#define FLAG_RSA_SHA2_256	2

static const char no_agent[] = "no ssh-agent answers at SSH_AUTH_SOCK";
static const char no_socket[] = "no ssh-agent answers at its socket";
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
	return agent->silence;
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
open_socket(const char *path, struct agent *out)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (path[0] == '\0' || strlen(path) >= sizeof(address.sun_path))
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
	while (number > 0 && !in.failed && agent->count < AGENT_KEYS_MAX) {
		struct bytes blob = ssh_fields_string(&in);

		(void)ssh_fields_string(&in);		/* the comment */
		if (!in.failed)
			add_key(agent, blob);
		number--;
	}
	if (in.failed || (number == 0 && in.rest.len > 0))
		return odd_agent;
	return NULL;
}

static const char *
open_at(const char *path, const char *silence, int64_t end_msec,
    struct agent *out)
{
	*out = (struct agent){
		.fd = -1, .end_msec = end_msec, .silence = silence
	};
	out->keys = calloc(AGENT_KEYS_MAX, sizeof(*out->keys));
	if (out->keys == NULL)
		return no_memory;
	if (!open_socket(path, out))
		return silence;
	return list_keys(out);
}

const char *
agent_open(int64_t end_msec, struct agent *out)
{
	const char *path = getenv("SSH_AUTH_SOCK");

	if (path == NULL)
		path = "";
	return open_at(path, no_agent, end_msec, out);
}

const char *
agent_open_at(const char *path, int64_t end_msec, struct agent *out)
{
	return open_at(path, no_socket, end_msec, out);
}

const struct agent_key *
agent_find(const struct agent *agent, struct bytes blob)
{
	size_t i;

	for (i = 0; i < agent->count; i++) {
		if (bytes_eq(agent->keys[i].blob, blob))
			return &agent->keys[i];
	}
	return NULL;
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

/* The algorithm of SSH that a key must have signed with (RFC 8332). */
static const char *
ssh_algorithm(const struct agent_key *key)
{
	if (key->mat.kind == KEY_RSA)
		return "rsa-sha2-256";
	return key->key.type;
}

static const char *
take_signature(struct bytes answer, const struct agent_key *key,
    struct secret *out)
{
	const struct keymat *mat = &key->mat;
	struct ssh_fields in = { .rest = answer }, inner;
	struct bytes type = ssh_fields_bytes(&in, 1), name, signature;

	if (in.failed || type.ptr[0] != SIGN_RESPONSE)
		return "the ssh-agent did not sign";
	inner = (struct ssh_fields){ .rest = ssh_fields_string(&in) };
	name = ssh_fields_string(&inner);
	signature = ssh_fields_string(&inner);
	if (in.failed || inner.failed || in.rest.len > 0 || inner.rest.len > 0)
		return odd_agent;
	if (!bytes_eq_str(name, ssh_algorithm(key)))
		return "the ssh-agent signed with another algorithm";
	if (mat->kind == KEY_RSA)
		return take_rsa(signature, mat->x.len, out);
	if (mat->kind != KEY_ED25519)
		return take_ecdsa(signature, mat->x.len, out);
	if (secret_copy(signature, out) != JWT_OK)
		return no_memory;
	return NULL;
}

bool
agent_key_alg(const struct agent_key *key, enum alg_id *out)
{
	static const enum alg_id algs[] = {
		ALG_ED25519, ALG_ES256, ALG_ES384, ALG_ES512, ALG_RS256
	};
	size_t i;

	/* A FIDO key signs a message of its own around the data. */
	if (strncmp(key->key.type, "sk-", strlen("sk-")) == 0)
		return false;
	for (i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		*out = algs[i];
		if (alg_row(algs[i])->kind == key->mat.kind)
			return true;
	}
	return false;
}

/*
 * Verify with the code of the hosts: against an agent that is broken, or that
 * signs another text, or by another key.
 */
static const char *
verify(const struct agent_key *key, enum alg_id alg, struct bytes data,
    struct bytes signature)
{
	struct sig_key *verifier = NULL;
	enum jwt_reason reason = sig_key_new(&key->mat, &verifier);

	if (reason == JWT_OK)
		reason = sig_verify(verifier, alg, data, signature);
	sig_key_free(verifier);
	if (reason == JWT_OUT_OF_MEMORY)
		return no_memory;
	if (reason != JWT_OK)
		return "the ssh-agent gave a signature that does not verify";
	return NULL;
}

/* Write the request (section 3.6 of the draft). */
static enum jwt_reason
write_request(const struct agent_key *key, struct bytes data,
    struct secret *out)
{
	size_t len = 1 + 3 * HEAD_LEN + key->blob.len + data.len;
	size_t flags = key->mat.kind == KEY_RSA ? FLAG_RSA_SHA2_256 : 0;
	uint8_t *at;

	if (secret_alloc(HEAD_LEN + len, out) != JWT_OK)
		return JWT_OUT_OF_MEMORY;
	at = put_number(out->ptr, len);
	*at++ = SIGN_REQUEST;
	at = put_string(at, key->blob);
	at = put_string(at, data);
	(void)put_number(at, flags);
	return JWT_OK;
}

const char *
agent_sign(struct agent *agent, const struct agent_key *key, struct bytes data,
    struct secret *out)
{
	struct secret request = { 0 }, answer = { 0 };
	const char *fault;
	enum alg_id alg;

	*out = (struct secret){ .len = 0 };
	if (!agent_key_alg(key, &alg))
		return "this kind of key cannot sign for us";
	if (write_request(key, data, &request) != JWT_OK)
		return no_memory;
	fault = ask(agent, secret_bytes(&request), &answer);
	if (fault == NULL)
		fault = take_signature(secret_bytes(&answer), key, out);
	if (fault == NULL)
		fault = verify(key, alg, data, secret_bytes(out));
	if (fault != NULL)
		secret_clear(out);
	secret_clear(&request);
	secret_clear(&answer);
	return fault;
}
