/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A grant is what an accepted token leaves for the PAM phases after
 * authenticate: the identity, and the names under which the state knows the
 * token.  It never holds the token itself.
 *
 * It is passed on in two ways: as an object in the process that authenticated,
 * and as a few names and values in the PAM environment, because another process
 * of sshd opens the session.
 */
#ifndef JWT_GRANT_H
#define JWT_GRANT_H

#include "core/verdict.h"

#define GRANT_NAMES 5		/* JWT_ISS JWT_SUB JWT_JTI JWT_EXP JWT_DIGEST */
#define GRANT_NUMBER_SIZE (2 * HASH_LEN + 1)

struct grant {
	char *account;		/* NULL if made from the environment */
	char *iss;
	char *sub;
	char *jti;		/* "": the token has none */
	char *sid;		/* "": none; NULL if made from the environment */
	uint8_t digest[HASH_LEN];	/* SHA-256 of the signing input */
	bool has_digest;
	int64_t iat;		/* seconds since the epoch; -1: unknown */
	int64_t exp;
	int64_t session_expiry;	/* its sessions end then; -1: unknown */
	unsigned leeway_sec;
	bool state_required;	/* refuse if the state does not answer */
};

/* Copy what an accepted verdict says; NULL if memory runs out. */
struct grant *grant_new(const struct verdict *verdict);

/*
 * Make a grant from the values of the PAM environment, as grant_value() gave
 * them; a value that is absent is NULL.  Returns NULL if they do not make up a
 * grant, or if memory runs out.
 */
struct grant *grant_of_values(const char *const values[GRANT_NAMES]);

/* Accepts NULL. */
void grant_free(struct grant *grant);

/* "JWT_ISS", …; NULL after the last. */
const char *grant_name(size_t index);

/*
 * The value of a name, or NULL if it has none.  A value that must be formatted
 * is written into number; any other value is borrowed from the grant.
 */
const char *grant_value(const struct grant *grant, size_t index,
    char number[GRANT_NUMBER_SIZE]);

/* The names by which the state knows the token; borrowed from the grant. */
struct state_token grant_state_token(const struct grant *grant);

/*
 * Note in the store that the token is revoked.  JWT_CLAIM_INVALID if the token
 * cannot be named: it has no jti, and its digest was not taken, because no
 * state was kept when it came.
 */
JWT_MUST_USE enum jwt_reason grant_revoke(const struct grant *grant,
    const struct state_store *store);

#endif
