/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The access tokens of the issuer (RFC 9068): which claims they have.  This is
 * pure: people, groups, times and keys were looked up before.
 */
#ifndef JWT_ACCESS_H
#define JWT_ACCESS_H

#include "core/jose/sshkey.h"
#include "issuer/mint.h"
#include "issuerd/issuer_conf.h"

/* RFC 9068 section 2.2; the same for each person, and never a sub. */
#define ACCESS_CLIENT_ID "pam-jwt"

/*
 * Characters of a token that sudo takes in one answer: its buffer has 512 bytes
 * (PAM_MAX_RESP_SIZE).
 */
#define ACCESS_COMPACT_MAX 511

/* The contents of a token.  All pointers are borrowed. */
struct access {
	const char *iss;
	const struct issuer_grant *grant;	/* of the person for aud */
	const char *sub;	/* name of the person */
	const struct words *groups;	/* of the account; NULL: no account */
	const struct sshkey *key;	/* that the person proved at the login */
	bool bearer;		/* no cnf; the grant must allow it */
	bool compact;
	const char *aud;
	const char *jti;
	const char *sid;
	int64_t auth_time;	/* of the login; seconds since the epoch */
	int64_t iat, exp;
};

/*
 * Make a token.  cnf has the thumbprint of the key as the hosts compute it
 * (design/proof.md), amr is "pop", and "hwk" for a FIDO key (RFC 8176).
 *
 * A compact token has neither kid, client_id nor amr, so that it can have at
 * most ACCESS_COMPACT_MAX characters.  The rules of sudo look at auth_time.
 *
 * Returns JWT_OK; JWT_TOKEN_TOO_LONG if it does not fit; JWT_CLAIM_INVALID for
 * a bearer token that the grant does not allow, and for a person who has the
 * name of the client; otherwise as mint_token().  On failure *out is empty.
 */
JWT_MUST_USE enum jwt_reason access_make(const struct access *access,
    const struct mint_signer *signer, struct secret *out);

#endif
