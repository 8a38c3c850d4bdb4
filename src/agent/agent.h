/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An ssh-agent (draft-ietf-sshm-ssh-agent): which keys it has, and a signature
 * by one of them.  The private key never leaves it.
 */
#ifndef JWT_AGENT_H
#define JWT_AGENT_H

#include "core/base/secret.h"
#include "core/jose/sshkey.h"

#define AGENT_KEYS_MAX ((size_t)64)	/* keys that are looked at */

/* A key that the agent has; its blob is a view of the answer. */
struct agent_key {
	struct bytes blob;
	struct sshkey key;
	struct keymat mat;
};

struct agent {
	int fd;			/* -1: not connected */
	int64_t end_msec;	/* of clock_msec() */
	const char *silence;	/* says that nothing answers; static */
	struct secret answer;	/* the list of keys */
	struct agent_key *keys;	/* owned */
	size_t count;
};

/*
 * Connect to SSH_AUTH_SOCK, and list the keys that sshkey_read() takes; others
 * are left out.  NULL, or a static phrase that says what is wrong.  The caller
 * must close *out, whatever the result.
 *
 * end_msec  when the agent must have answered all questions
 */
const char *agent_open(int64_t end_msec, struct agent *out);

/* The same with the agent that listens at a path. */
const char *agent_open_at(const char *path, int64_t end_msec,
    struct agent *out);

void agent_close(struct agent *agent);

/* The key with this blob; NULL: the agent does not have it, or is locked. */
const struct agent_key *agent_find(const struct agent *agent,
    struct bytes blob);

/*
 * The algorithm that agent_sign() signs with: Ed25519, ES256, ES384, ES512 or
 * RS256.  False for a FIDO key, which signs its own message (PROTOCOL.u2f).
 */
bool agent_key_alg(const struct agent_key *key, enum alg_id *out);

/*
 * Sign data; *out gets the signature as JWS has it (RFC 7518 section 3, RFC
 * 8037 section 3.1).  It was verified with the code that the hosts use.  NULL,
 * or a static phrase, and then *out is empty.  The caller must clear *out.
 */
const char *agent_sign(struct agent *agent, const struct agent_key *key,
    struct bytes data, struct secret *out);

#endif
