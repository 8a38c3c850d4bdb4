/* SPDX-License-Identifier: BSD-2-Clause */
/* One question at the desk, shared by the files of desk.h. */
#ifndef JWT_DESK_TURN_H
#define JWT_DESK_TURN_H

#include "issuerd/desk.h"
#include "issuerd/person_account.h"

/* One access token of the answer. */
struct desk_token {
	const char *audience;
	const struct issuer_grant *grant;
	char jti[FAMILY_JTI_LEN + 1];
	int64_t exp;		/* seconds since the epoch */
	struct secret text;	/* owned; empty: not made yet */
};

struct desk_turn {
	struct desk *desk;
	const struct desk_caller *caller;
	const char *what;	/* "login" and the like, for the log */
	struct desk_answer *answer;
	/* The line of the key that was proved at the login; NULL: not known. */
	const struct person *person;
	struct person_account account;	/* of the person */
	bool bearer, compact;	/* of the login */
	struct arena arena;	/* has item, and the audiences of a caller */
	struct desk_token *item;	/* room for SERVE_AUDIENCES_MAX */
	size_t count;
	struct family_turn family;
};

/* ---- desk_tell.c -------------------------------------------------------- */

/*
 * Log a line: what is asked for, the message, and everything that is known of
 * the person, the family and the caller, escaped.
 *
 * audience  NULL: none
 */
void desk_tell(const struct desk_turn *turn, int priority,
    const char *message, const char *audience);

/* The same for a token that is handed out. */
void desk_tell_token(const struct desk_turn *turn,
    const struct desk_token *token);

/* Log why, and write the answer: DESK_REFUSED. */
enum desk_result desk_refuse(struct desk_turn *turn, const char *error,
    const char *why, const char *audience);

/* Log why, and write the answer: DESK_TROUBLE. */
enum desk_result desk_fail(struct desk_turn *turn, const char *why);

/* Refuse with a description that the client may see; a static phrase. */
enum desk_result desk_refuse_openly(struct desk_turn *turn,
    const char *error, const char *description);

/* ---- desk_grant.c ------------------------------------------------------- */

/* Look up the account of turn->person: DESK_OK or DESK_TROUBLE. */
enum desk_result desk_look_up(struct desk_turn *turn);

/* The person as grants.h wants it; borrowed from turn. */
struct grants_person desk_person(const struct desk_turn *turn);

/*
 * Add the only audience that the grants of the person name without a star, or
 * refuse if there is none, or more than one.
 */
enum desk_result desk_add_literal(struct desk_turn *turn);

/* Find the grant of each token, or refuse all of them. */
enum desk_result desk_grant(struct desk_turn *turn);

/* ---- desk_issue.c ------------------------------------------------------- */

/* Make the tokens, and the answer with them. */
enum desk_result desk_issue(struct desk_turn *turn);

#endif
