/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Proofs of possession for a provider (DPoP, RFC 9449), made with a key of the
 * user's ssh-agent: the provider then binds its tokens to that ssh key, and a
 * host takes them only from somebody who has just proved it.
 */
#ifndef JWT_DPOP_H
#define JWT_DPOP_H

#include "agent/agent.h"

#define DPOP_NONCE_MAX	512	/* bytes; RFC 9449 section 8 sets no limit */
#define DPOP_WORDS_SIZE 256
#define DPOP_ANY_KEY	"ssh-agent"	/* as login.conf has it */

struct dpop {
	struct agent agent;
	/* These are set if dpop_open() returned true. */
	const struct agent_key *key;	/* of the agent */
	const char *alg;	/* of proofs by it; static */
	char words[DPOP_WORDS_SIZE];	/* what is wrong, and what to do */
};

/*
 * Choose a key of the agent: one of ed25519, ECDSA P-256 or RSA.
 *
 * which     DPOP_ANY_KEY: the first that can sign a proof; or the fingerprint
 *           of one
 * algs      of the proofs that the provider takes, with spaces between them
 *           (RFC 9449 section 5.1); NULL: it does not say
 * end_msec  of clock_msec(): when the agent must have answered
 *
 * False, and out->words says why.  The caller must close *out, whatever the
 * result.
 */
bool dpop_open(const char *which, const char *algs, int64_t end_msec,
    struct dpop *out);
void dpop_close(struct dpop *dpop);

/*
 * Make the proof for a POST to url (RFC 9449 section 4.2); *out is the value of
 * the header DPoP, without a terminator.
 *
 * nonce  of the provider (section 8); empty: none was asked for
 * now    seconds since the epoch
 *
 * False, and dpop->words says why.  The caller must clear *out.
 */
bool dpop_proof(struct dpop *dpop, struct bytes url, struct bytes nonce,
    int64_t now, struct secret *out);

#endif
