/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The facts that a host knows about tokens beyond their claims: which tokens
 * and sessions are revoked, which accounts and subjects are cut off, and which
 * one-time tokens were used.
 *
 * This module chooses the questions and says what the answers mean.  A store, a
 * directory or a Redis (src/host/state), keeps the facts and answers.
 *
 * A fact is named by claims, never by the bytes of a token.  Signatures and
 * base64url have several spellings, so a token that was revoked by its bytes
 * could come back in another one.
 */
#ifndef JWT_STATE_H
#define JWT_STATE_H

#include "core/base/bytes.h"
#include "core/base/hash.h"
#include "core/base/number.h"
#include "core/reason.h"

/* The kinds of facts; the letter is a part of the stored format. */
enum state_kind {
	STATE_TOKEN = 't',	/* (iss, jti) is revoked */
	STATE_DIGEST = 'd',	/* (iss, hash of a token without jti) is revoked */
	STATE_SESSION = 's',	/* (iss, sid) or (iss, sub, sid) is revoked */
	STATE_ACCOUNT = 'a',	/* the local account is cut off */
	STATE_SUBJECT = 'c',	/* (iss, sub): tokens up to a time are cut off */
	STATE_ISSUER = 'i',	/* iss: all its tokens up to a time are cut off */
	STATE_USED = 'u'	/* (iss, jti) was used */
};

#define STATE_KINDS	"tdsaciu"
#define STATE_FOREVER	NUMBER_DATE_MAX
#define STATE_NOTHING	INT64_C(-1)

/* The name of a fact.  It is a hash: no claim can be read from it. */
struct state_id {
	enum state_kind kind;
	uint8_t hash[HASH_LEN];	/* SHA-256(kind, SHA-256(iss), SHA-256(value)) */
};

/*
 * Make the name of a fact.  iss is empty for an account, value for an issuer.
 * Returns JWT_OK or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason state_id(enum state_kind kind, struct bytes iss,
    struct bytes value, struct state_id *out);

/*
 * Make the name of the fact that a session of one user is revoked.  A security
 * event names both (RFC 9493, complex).  The fact about the sid alone would end
 * the session of whoever has it, so an event with the user's name and another
 * user's sid would end the wrong session.
 *
 * The kind is STATE_SESSION.  The value has a control character in front, which
 * no sid has (claims.c), so it is never the name of a sid.
 * Returns JWT_OK or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason state_user_session_id(struct bytes iss,
    struct bytes sub, struct bytes sid, struct state_id *out);

/* A fact; its times are seconds since the epoch. */
struct state_fact {
	struct state_id id;
	int64_t cutoff;	/* STATE_SUBJECT, STATE_ISSUER: tokens of iat <= this */
	int64_t until;	/* may be forgotten after this; 0: take it back */
};

/* One question: is this fact known? */
struct state_ask {
	struct state_id id;
	bool consume;	/* STATE_USED: note the use, if there was none */
};

/* The answer to one question. */
struct state_finding {
	bool found;
	int64_t cutoff;
	int64_t until;	/* of what was found, for people */
};

#define STATE_ASKS_MAX 7
#define STATE_CLOCK_AHEAD_SEC 300	/* a store may be so far ahead of us */

/* All questions of one login; a store answers them together. */
struct state_question {
	struct state_ask ask[STATE_ASKS_MAX];
	size_t count;
	int64_t iat;	/* of the token; -1: it has none */
	int64_t now;	/* an older until does not count, except that of a use */
	int64_t until;	/* the until of a use that is noted */
};

/* The answers of a store; the caller zeroes it. */
struct state_answer {
	struct state_finding fact[STATE_ASKS_MAX];	/* in the order of ask[] */
	int64_t made_at;	/* since when the store remembers; 0: always */
	/*
	 * A boot empties the store.  Then a one-time token whose iat is still
	 * to come is neither accepted nor used up: it could be used again after
	 * the boot, when its iat would be later than made_at.
	 */
	bool is_volatile;
	int64_t purged;	/* facts with an until up to this may be gone */
};

/*
 * A store of facts.  Each operation returns JWT_OK; JWT_STATE_UNAVAILABLE if the
 * store cannot answer; JWT_OUT_OF_MEMORY or JWT_INTERNAL if this process lacks
 * what it takes to ask.  fault then says why, for the log.  A store that cannot
 * answer never means "not revoked".
 */
struct state_store {
	/*
	 * Answer the questions in their order.
	 *
	 * STATE_USED with consume is the last one: found says whether the token
	 * was used before, and if it was not, the use is noted durably before
	 * the answer.  Of any number of logins that ask for one token at the
	 * same time, in any process, exactly one gets "not found".
	 *
	 * A store may stop at the first answer that refuses (state_judge()).  A
	 * store that gets all questions in one write over a network cannot, so
	 * it uses up a one-time token that is revoked.  If the store fails,
	 * the answers before the failure still count.
	 */
	enum jwt_reason (*ask)(void *ctx,
	    const struct state_question *question,
	    struct state_answer *answer);
	/*
	 * Note a fact durably.  Of two cut-offs, or two ends, the later wins,
	 * and *fact has the result afterwards.  If until is 0, the fact is
	 * taken back; until is STATE_NOTHING afterwards if there was none.
	 */
	enum jwt_reason (*put)(void *ctx, struct state_fact *fact);
	void *ctx;
	const char *fault;	/* the store's; "" until something failed */
};

/* The claims and names that the questions of a login are made of. */
struct state_token {
	struct bytes iss;
	struct bytes sub;
	struct bytes jti;	/* empty: none; digest names the token then */
	struct bytes digest;	/* SHA-256 of the signing input */
	struct bytes sid;	/* empty: none */
	struct bytes account;	/* local */
	int64_t iat;		/* seconds since the epoch; -1: none */
	int64_t exp;
};

enum state_use {
	STATE_USE_ANY,		/* not a one-time token */
	STATE_USE_LOOK,		/* was it used?  Nothing is noted */
	STATE_USE_CONSUME	/* was it used?  Now it is */
};

/*
 * The until of a fact about a token with this exp: later by the largest leeway,
 * and by STATE_CLOCK_AHEAD_SEC for a store that forgets by its own clock.
 */
int64_t state_keep_until(int64_t exp);

/* The id under which a token is revoked: by its jti, or by its digest. */
JWT_MUST_USE enum jwt_reason state_token_id(const struct state_token *token,
    struct state_id *out);

/* The fact that refuses a token, for a message. */
struct state_refusal {
	enum state_kind kind;	/* 0: none does */
	int64_t cutoff;		/* if state_is_cutoff(kind) */
};

/*
 * Ask the store everything about a token.
 *
 * now  seconds since the epoch
 * out  the fact that refuses the token, if there is one; may be NULL
 *
 * Returns
 *	JWT_OK
 *	JWT_REVOKED, JWT_SUPERSEDED
 *	JWT_REPLAYED		it was used, or is a one-time token that was
 *				issued before the store was made, so that nobody
 *				knows
 *	JWT_EXPIRED		the store may have forgotten facts about it: the
 *				clock went back after a purge
 *	JWT_CLAIM_INVALID	a one-time token without jti
 *	JWT_ISSUED_IN_FUTURE	a volatile store cannot judge it yet
 *	JWT_STATE_UNAVAILABLE, JWT_OUT_OF_MEMORY
 */
JWT_MUST_USE enum jwt_reason state_check(const struct state_store *store,
    const struct state_token *token, enum state_use use, int64_t now,
    struct state_refusal *out);

/*
 * Ask whether a local account is cut off: JWT_OK or JWT_REVOKED, or as above.
 */
JWT_MUST_USE enum jwt_reason state_check_account(
    const struct state_store *store, const char *account, int64_t now);

/* Judge one answer for a token with that iat: JWT_OK or a refusal. */
JWT_MUST_USE enum jwt_reason state_judge(enum state_kind kind,
    const struct state_finding *finding, int64_t iat);

/* Whether facts of that kind refuse the tokens up to an iat. */
bool state_is_cutoff(enum state_kind kind);

/* Whether a fact with that kind and until still counts. */
bool state_is_alive(enum state_kind kind, int64_t until, int64_t now);

#endif
