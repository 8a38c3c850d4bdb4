/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An access token of an issuer over ssh, looked at before it is kept: whether
 * it is for the host that it was asked for, and the same person's.  Its
 * signature is for the host to verify, who has the issuer's keys.
 */
#ifndef JWT_ISSUED_H
#define JWT_ISSUED_H

#include "core/base/bytes.h"

struct issued_wanted {
	const char *resource;	/* the aud that was asked for */
	struct bytes sub;	/* of the login; empty: any */
};

/*
 * Check a token: a JWT with exactly that aud, a sub, and an end after its
 * beginning; the clock is not asked.  An encrypted token (encrypt_to in
 * issuer.conf) is taken unread, because its host alone can read it.  False,
 * with the fault in words.
 */
bool issued_check(struct bytes token, const struct issued_wanted *wanted,
    char *words, size_t size);

#endif
