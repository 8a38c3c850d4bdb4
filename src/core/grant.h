/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an accepted token leaves for the phases after authenticate: who it
 * was, and what the state knows it by; never the token.
 *
 * It travels in two ways: as one object in the process that authenticated,
 * and as a few names and values in the PAM environment, because sshd's
 * session is opened by another process.
 */
#ifndef JWT_GRANT_H
#define JWT_GRANT_H

#include "core/verdict.h"

#define GRANT_NAMES 5		/* JWT_ISS JWT_SUB JWT_JTI JWT_EXP JWT_DIGEST */
#define GRANT_NUMBER_SIZE (2 * HASH_LEN + 1)

struct grant {
	char *account;		/* NULL when made of names and values */
	char *iss;
	char *sub;
	char *jti;		/* "": the token has none */
	char *sid;		/* "": none, or made of names and values */
	uint8_t digest[HASH_LEN];	/* SHA-256 of the signing input */
	bool has_digest;
	int64_t iat;		/* seconds since the epoch; -1: none */
	int64_t exp;
	unsigned leeway_sec;
	bool state_required;	/* no answer of the state refuses */
};

/* A copy of what an accepted verdict says; NULL when memory runs out. */
struct grant *grant_new(const struct verdict *verdict);

/*
 * Of the value for each name, as grant_value() gave it; NULL where there is
 * none.  NULL when they are no grant, or when memory runs out.
 */
struct grant *grant_of_values(const char *const values[GRANT_NAMES]);

/* Accepts NULL. */
void grant_free(struct grant *grant);

/* "JWT_ISS", …; NULL after the last. */
const char *grant_name(size_t index);

/*
 * The value that goes with a name, NULL where it has none.  number is room
 * for those that are formatted; else the value is the grant's.
 */
const char *grant_value(const struct grant *grant, size_t index,
    char number[GRANT_NUMBER_SIZE]);

/* What the state is asked about it; views of the grant's. */
struct state_token grant_state_token(const struct grant *grant);

/*
 * Note in the store that the token is revoked.  JWT_CLAIM_INVALID when there
 * is nothing to know it by: no jti, and no state was kept when it came.
 */
JWT_MUST_USE enum jwt_reason grant_revoke(const struct grant *grant,
    const struct state_store *store);

#endif
