/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user's ssh-agent (draft-ietf-sshm-ssh-agent): which keys it has, and a
 * signature by one of them.  The private key never leaves it.
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
void agent_close(struct agent *agent);

/*
 * Sign data; *out gets the signature as JWS has it (RFC 7518 section 3, RFC
 * 8037 section 3.1).  The key is of ed25519, ECDSA or RSA; an RSA key signs
 * with SHA-256.  NULL, or a static phrase.  The caller must clear *out.
 */
const char *agent_sign(struct agent *agent, const struct agent_key *key,
    struct bytes data, struct secret *out);

#endif
