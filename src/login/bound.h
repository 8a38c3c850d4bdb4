/* SPDX-License-Identifier: BSD-2-Clause */
/* Which key of the ssh-agent a token is bound to, by its claim cnf (RFC 7800). */
#ifndef JWT_BOUND_H
#define JWT_BOUND_H

#include "core/base/bytes.h"
#include "core/jose/sshkey.h"

enum bound_result {
	BOUND_NOT,	/* no cnf: whoever has the token may use it */
	BOUND_FOUND,	/* the agent has the key */
	BOUND_LACKING,	/* it does not */
	BOUND_NO_AGENT	/* nobody can tell; *fault says why */
};

/*
 * Look for the key.  fingerprint  gets that of the key that was found
 * fault  gets a static phrase with BOUND_NO_AGENT
 */
enum bound_result bound_find(struct bytes token,
    char fingerprint[SSHKEY_PRINT_SIZE], const char **fault);

#endif
