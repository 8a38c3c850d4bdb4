/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Families of refresh tokens: all that come from one login.  This decides what
 * a token gets; it knows no database and no clock.
 *
 * Each use of a token makes the next one (RFC 9700 section 4.14.2).  A token
 * that was used before was stolen, or the thief used it first; nobody can tell,
 * so the whole family ends.  One case is innocent: an answer that was lost.  So
 * the token before the current one gets the same answer again for some seconds,
 * as long as the current one is unused.
 */
#ifndef JWT_FAMILY_H
#define JWT_FAMILY_H

#include "core/base/arena.h"
#include "core/policy/policy.h"
#include "issuerd/family_token.h"

#define FAMILY_AUDIENCES_MAX 50	/* of one login; pam-jwt login asks for so many */

enum family_end {
	FAMILY_END_NONE = 0,	/* numbers are in the database: never change one */
	FAMILY_END_LOGOUT = 1,
	FAMILY_END_REUSE = 2,	/* a token was used a second time */
	FAMILY_END_REVOKED = 3,	/* by the administrator */
	FAMILY_END_TOO_MANY = 4,	/* the person logged in more often than families_max */
	FAMILY_END_TIME = 5,	/* of itself: its end, or idle for too long */
	FAMILY_END_RESTORED = 6,	/* the database is an old copy */
	FAMILY_END_COUNT
};

/* One family, as the database has it.  Times are seconds since the epoch. */
struct family {
	struct arena arena;	/* has the strings */
	uint8_t id[FAMILY_ID_LEN];
	char sid[FAMILY_SID_LEN + 1];	/* the id; names the family everywhere */
	const char *person;	/* of issuer.people */
	const char *fingerprint;	/* SHA256:... of the key of the login */
	const char *jkt;	/* thumbprint of that key for cnf; "": none */
	struct words audience;	/* of the login */
	bool is_hardware;	/* that key is in hardware */
	bool is_bearer;		/* tokens without cnf were asked for */
	bool is_compact;	/* short tokens were asked for */
	int64_t auth_time;	/* of the login */
	int64_t ends;		/* absolute, by the refresh_ttl of that time */
	int64_t last_iat;	/* when the current token was made */
	uint32_t generation;	/* of the current token */
	uint8_t current[HASH_LEN];	/* its family_token_hash() */
	uint8_t previous[HASH_LEN];	/* of the one before; zero at first */
	int64_t ended;		/* 0: it lives, unless its time is over */
	enum family_end end;	/* why */
	uint8_t seal[HASH_LEN];	/* of its row, an HMAC of all of this */
};

enum family_result {
	FAMILY_TROUBLE = 0,	/* the database cannot be used, or it is damaged */
	FAMILY_OK,		/* take the turn */
	FAMILY_REPEAT,		/* the same answer again */
	FAMILY_UNKNOWN,		/* we did not make this token, or its family is purged */
	FAMILY_OVER,		/* the family has ended, or its time is over */
	FAMILY_REUSED,		/* an old token: this call ends the family */
	FAMILY_REUSED_AGAIN,	/* an old token of a family that has ended: log it */
	FAMILY_AHEAD,		/* a token that is newer than the database, which is
				   an old copy then: this call ends the family */
	FAMILY_CLOCK,		/* the clock is before the last token */
	FAMILY_AGAIN		/* somebody else took the turn: look again */
};

/* A sentence for the log, without a full stop. */
const char *family_result_text(enum family_result result);

/* "logout", "reuse", "revoked", "too-many", "time", "restored"; "" for NONE. */
const char *family_end_name(enum family_end end);

/* The settings of issuer.conf that count today. */
struct family_rules {
	unsigned ttl_sec;	/* refresh_ttl */
	unsigned idle_sec;	/* refresh_idle */
	unsigned grace_sec;	/* 0: a repeat is reuse */
};

/*
 * The second in which the family ends however often it is used; no access token
 * lives longer.  A refresh_ttl that was made shorter counts for old logins, too.
 */
int64_t family_ends_at_last(const struct family *family, unsigned ttl_sec);

/*
 * The second in which the family ends if nobody uses it; no token lives in it
 * any more.
 */
int64_t family_ends(const struct family *family,
    const struct family_rules *rules);

/* Whether it lives. */
bool family_is_live(const struct family *family,
    const struct family_rules *rules, int64_t now);

/*
 * Decide what a token of the family gets; family_token_read() must have taken
 * it.
 *
 * hash  family_token_hash() of it
 *
 * The result is FAMILY_TROUBLE, OK, REPEAT, OVER, REUSED, REUSED_AGAIN, AHEAD
 * or CLOCK.  Nothing is changed: the caller must end the family for REUSED and
 * AHEAD.
 */
enum family_result family_decide(const struct family *family,
    const struct family_rules *rules, uint32_t generation,
    const uint8_t hash[HASH_LEN], int64_t now);

void family_clear(struct family *family);

#endif
