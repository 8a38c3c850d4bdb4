/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ID token of a login, checked as a client must (OpenID Connect Core
 * section 3.1.3.7), except for its signature: it came straight from the token
 * endpoint over TLS, which section 3.1.3.7 lets a client rely on (6.).  The
 * hosts verify the signature of each token.
 *
 * The checks are there so that a login that was mixed up with another one, of
 * another client or another browser, is not taken for ours.
 */
#ifndef JWT_ID_TOKEN_H
#define JWT_ID_TOKEN_H

#include "cli/decoded.h"

#define ID_TOKEN_LEEWAY_SEC 600	/* the clock of a laptop may be wrong */
#define ID_TOKEN_WORDS_SIZE 256	/* a sentence, printable ASCII */
#define ID_TOKEN_TOO_OLD "the provider let an earlier authentication count, " \
	"which is older than max_age (auth_time)"

struct id_token_wanted {
	const char *iss;
	const char *client;
	const char *nonce;	/* NULL: none was sent, so none counts */
	const char *sub;	/* of the login, after a refresh; NULL: any */
	int64_t now;		/* seconds since the epoch */
	int64_t auth_within;	/* s from auth_time to iat; 0: any */
};

/* Views of what was decoded; hostile text. */
struct id_token {
	struct decoded decoded;	/* owned */
	struct bytes sub;	/* empty only after id_token_look() */
	struct bytes name;	/* preferred_username, or else sub */
	int64_t auth_time;	/* seconds since the epoch; -1: not told */
	int64_t iat;		/* the same */
};

/*
 * Check a token, which is borrowed.  False, with the fault in words.  The
 * caller must clear *out, whatever the result.
 */
bool id_token_check(struct bytes token, const struct id_token_wanted *wanted,
    struct id_token *out, char words[ID_TOKEN_WORDS_SIZE]);

/*
 * Look at an access token in the place of an ID token that did not come; it is
 * not for us, so nothing of it is checked.  sub and name are empty if it does
 * not say.
 */
void id_token_look(struct bytes token, struct id_token *out);

/*
 * Whether the person authenticated at most `within` seconds before the token
 * was made, if the token tells it.  Both times are of the provider's clock, as
 * ours may be wrong.  within  0: whenever it was
 */
bool id_token_is_recent(const struct id_token *token, int64_t within);

void id_token_clear(struct id_token *token);

#endif
