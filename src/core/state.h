/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a host knows about tokens beyond what is in them: which are
 * revoked, which subjects are cut off, which one-time tokens were used.
 *
 * Here is what is asked and what an answer means.  Where the facts are kept
 * is behind struct state_store: a directory or a Redis (src/host).
 *
 * State is keyed by claims, never by the bytes of a token: signatures and
 * base64url have several spellings.
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
	STATE_SESSION = 's',	/* (iss, sid) is revoked */
	STATE_ACCOUNT = 'a',	/* the local account is cut off */
	STATE_SUBJECT = 'c',	/* (iss, sub): tokens up to a time are cut off */
	STATE_ISSUER = 'i',	/* iss: all its tokens up to a time are */
	STATE_USED = 'u'	/* (iss, jti) was used */
};

#define STATE_KINDS	"tdsaciu"
#define STATE_FOREVER	NUMBER_DATE_MAX
#define STATE_NOTHING	INT64_C(-1)

/* A fact, or the name of one: no claim can be read back from it. */
struct state_id {
	enum state_kind kind;
	uint8_t hash[HASH_LEN];	/* SHA-256(kind, SHA-256(iss), SHA-256(value)) */
};

/*
 * The name of a fact.  iss is empty for an account, value for an issuer.
 * Returns JWT_OK or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason state_id(enum state_kind kind, struct bytes iss,
    struct bytes value, struct state_id *out);

/* What is noted: times are seconds since the epoch. */
struct state_fact {
	struct state_id id;
	int64_t cutoff;	/* STATE_SUBJECT, STATE_ISSUER: tokens of iat <= this */
	int64_t until;	/* may be forgotten after this; 0: forget now */
};

/* One question: whether a fact is there. */
struct state_ask {
	struct state_id id;
	bool consume;	/* STATE_USED: and note that it is used now */
};

/* What the store found for it. */
struct state_finding {
	bool found;
	int64_t cutoff;
};

#define STATE_ASKS_MAX 6
#define STATE_CLOCK_AHEAD_SEC 300	/* of a store; beyond: no answer */

/* All that one login asks; answered in one go. */
struct state_question {
	struct state_ask ask[STATE_ASKS_MAX];
	size_t count;
	int64_t iat;	/* of the token; -1: it has none */
	int64_t now;	/* a fact whose time is over does not count; its use does */
	int64_t until;	/* when the token has long expired */
};

/* The store's answer; zero before. */
struct state_answer {
	struct state_finding fact[STATE_ASKS_MAX];	/* as ask[] */
	int64_t made_at;	/* since when the store remembers; 0: always */
	/*
	 * It is made anew at each boot.  A one-time token whose iat is still to
	 * come is not accepted then, nor used up: it could come again after a
	 * boot, and its iat would be later than made.
	 */
	bool is_volatile;
	int64_t purged;	/* facts of an until up to this may be gone */
};

/*
 * A place where facts are kept.  Each operation returns JWT_OK, or
 * JWT_STATE_UNAVAILABLE (or JWT_OUT_OF_MEMORY) when there is no answer; then
 * fault says why, for the log.  No answer is never "not revoked".
 */
struct state_store {
	/*
	 * Answer the questions in their order.  STATE_USED with consume is the
	 * last: found says whether it was used before; if not, it is noted,
	 * durably, before the answer.  Of any number who ask for the same, in
	 * any process, exactly one gets "not found".  A store may stop at the
	 * first answer that refuses (state_judge()); one that is asked over a
	 * network, in one go, cannot, and uses up a token that is revoked.
	 * When it fails, what was found before still counts.
	 */
	enum jwt_reason (*ask)(void *ctx,
	    const struct state_question *question,
	    struct state_answer *answer);
	/*
	 * Note a fact, durably; a later cut-off or until wins over an earlier
	 * one, and what is noted then comes back in *fact.  An until of 0 takes
	 * the fact back, and comes back as STATE_NOTHING if there was none.
	 */
	enum jwt_reason (*put)(void *ctx, struct state_fact *fact);
	void *ctx;
	const char *fault;	/* the store's; "" until something failed */
};

/* What the questions of a login are made of. */
struct state_token {
	struct bytes iss;
	struct bytes sub;
	struct bytes jti;	/* empty: none, then digest counts */
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
 * How long a fact about a token of this exp is kept: for the largest leeway,
 * and STATE_CLOCK_AHEAD_SEC for a store that forgets by a clock of its own.
 */
int64_t state_keep_until(int64_t exp);

/* The id under which a token is revoked: by its jti, or by its digest. */
JWT_MUST_USE enum jwt_reason state_token_id(const struct state_token *token,
    struct state_id *out);

/*
 * Ask all that is to be asked about a token.
 *
 * now   seconds since the epoch
 * kind  that of the fact which refuses the token, for people; not written
 *       where none does.  May be NULL
 *
 * Returns JWT_OK; JWT_REVOKED, JWT_SUPERSEDED, JWT_REPLAYED; JWT_EXPIRED for a
 * token that was over when the store forgot such ones (the clock went back);
 * JWT_REPLAYED also for a one-time token from before such a store was made, as
 * it may have been used then; JWT_CLAIM_INVALID for one without jti,
 * JWT_ISSUED_IN_FUTURE for one that a volatile store cannot judge yet;
 * JWT_STATE_UNAVAILABLE or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason state_check(const struct state_store *store,
    const struct state_token *token, enum state_use use, int64_t now,
    enum state_kind *kind);

/* Ask whether a local account is cut off: JWT_OK or JWT_REVOKED, or as above. */
JWT_MUST_USE enum jwt_reason state_check_account(
    const struct state_store *store, const char *account, int64_t now);

/* What one finding means for a token of that iat: JWT_OK, or a refusal. */
JWT_MUST_USE enum jwt_reason state_judge(enum state_kind kind,
    const struct state_finding *finding, int64_t iat);

/* A cut-off: it refuses tokens up to an iat. */
bool state_is_cutoff(enum state_kind kind);

/* Whether a fact of that kind and until still counts. */
bool state_is_alive(enum state_kind kind, int64_t until, int64_t now);

#endif
