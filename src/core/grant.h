/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A grant is what an accepted token leaves for the PAM phases after
 * authenticate, and for the record of the session: the identity, and the names
 * under which the state knows the token.  It never holds the token itself.
 */
#ifndef JWT_GRANT_H
#define JWT_GRANT_H

#include "core/verdict.h"

#define GRANT_NUMBER_SIZE 24	/* bytes of a number with its terminator */
#define GRANT_NO_LIMIT	INT64_C(-1)

struct grant {
	/* Never NULL. */
	char *account;
	char *iss;
	char *sub;
	char *jti;		/* "": the token has none */
	char *sid;		/* "": none */
	uint8_t digest[HASH_LEN];	/* SHA-256 of the signing input */
	bool has_digest;
	int64_t iat;		/* seconds since the epoch; -1: unknown */
	int64_t exp;
	int64_t session_expiry;	/* its sessions end then; -1: unknown */
	unsigned leeway_sec;
	bool state_required;	/* refuse if the state does not answer */
	/*
	 * By the settings at the login, and of each line that has opened the
	 * session, it has no limit, and its end revokes nothing, so they are
	 * not read again.  False: perhaps.
	 */
	bool is_free;
	struct proof proof;	/* the keys that the user has proved */
};

/* Copy what an accepted verdict says; NULL if memory runs out. */
struct grant *grant_new(const struct verdict *verdict);

/* Accepts NULL. */
void grant_free(struct grant *grant);

/*
 * The names of the PAM environment by which programs of the session learn who
 * it is: "JWT_ISS", "JWT_SUB", "JWT_JTI", "JWT_EXP"; NULL after the last.
 */
const char *grant_name(size_t index);

/*
 * The value of a name.  A number is written into number; any other value is
 * borrowed from the grant.
 */
const char *grant_value(const struct grant *grant, size_t index,
    char number[GRANT_NUMBER_SIZE]);

/*
 * How many seconds a session of the service may last from now on, which is in
 * seconds since the epoch.  0: it would be over already; GRANT_NO_LIMIT.
 */
int64_t grant_seconds(const struct grant *grant, const struct service *service,
    int64_t now);

/*
 * Whether the session has a limit or its end revokes the token.  Then the grant
 * must not get lost.
 */
bool grant_binds(const struct grant *grant, const struct service *service);

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
