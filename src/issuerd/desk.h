/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The desk of the issuer: what a caller asks for, and what the caller gets.  It
 * does not know whether the question came over ssh or by a web server.
 *
 * Answers are those of OAuth (RFC 6749 sections 5.1 and 5.2, RFC 8707), so that
 * a client needs no other code for us than for a provider.  A refusal tells the
 * client its kind alone; the log has the reason.
 *
 *	desk.c		login, refresh, logout
 *	desk_grant.c	whether somebody may have a token, decided at each turn
 *	desk_issue.c	makes the tokens of one turn, and the answer
 *	desk_tell.c	the lines of the log
 *	desk_about.c	whoami, and the text without words
 */
#ifndef JWT_DESK_H
#define JWT_DESK_H

#include "issuer/mint.h"
#include "issuerd/family_db.h"
#include "issuerd/people.h"
#include "issuerd/serve_words.h"

/* Names of errors: RFC 6749 sections 4.1.2.1 and 5.2, RFC 8707 section 2. */
#define DESK_INVALID_REQUEST	"invalid_request"
#define DESK_INVALID_CLIENT	"invalid_client"
#define DESK_INVALID_GRANT	"invalid_grant"
#define DESK_INVALID_TARGET	"invalid_target"
#define DESK_UNAVAILABLE	"temporarily_unavailable"

#define DESK_LINE_SIZE 1024	/* bytes of a line of the log */

/* The desk works with these; everything is borrowed. */
struct desk {
	const struct issuer_conf *conf;
	const struct people *people;
	struct family_db *db;
	struct bytes secret;	/* of families, for family_jti() */
	const struct mint_signer *signer;	/* NULL: no key can be used */
	int64_t now;		/* seconds since the epoch */
	/* Takes a line of printable ASCII; priority is syslog's. */
	void (*log)(int priority, const char *line);
};

/* The caller who asks.  All pointers are borrowed. */
struct desk_caller {
	/* The line of the key that ssh proved; NULL by CGI: nobody is known. */
	const struct person *person;
	const char *from;	/* address, for the log; "": unknown */
};

enum desk_result {
	DESK_OK,
	DESK_REFUSED,
	DESK_TROUBLE		/* nothing was decided; the client may ask again */
};

struct desk_answer {
	struct secret text;	/* one JSON object, or text for people; owned */
	const char *error;	/* static; NULL with DESK_OK */
};

/*
 * Each of these sets *answer, whatever the result; only when memory has run out
 * is its text empty.  The caller must clear it.
 */

/*
 * Begin a family of refresh tokens, with a token for each audience.  Without an
 * audience it is the only one that the grants of the person name without a
 * star.
 *
 * caller  over ssh
 * words   of a login
 */
JWT_MUST_USE enum desk_result desk_login(struct desk *desk,
    const struct desk_caller *caller, const struct serve_words *words,
    struct desk_answer *answer);

/*
 * Use a refresh token.  Everything is decided again: the person and the key of
 * the login must still be listed, and the grants and the groups are those of
 * today.  Over ssh the family must be the caller's.  Tokens stay bound to the
 * key of the login.  A refusal leaves the refresh token as it was.
 *
 * token     without a newline
 * audience  empty: those of the login.  Any one that the grants give; but
 *           a login with --bearer gives tokens for its own ones alone, because
 *           no key protects its refresh token
 */
JWT_MUST_USE enum desk_result desk_refresh(struct desk *desk,
    const struct desk_caller *caller, struct bytes token,
    struct bytes audience, struct desk_answer *answer);

/*
 * End the family of a refresh token, and revoke its sid on the fleet (RFC
 * 7009).  A token that is unknown or over is no error.  Over ssh the family
 * must be the caller's.
 */
JWT_MUST_USE enum desk_result desk_logout(struct desk *desk,
    const struct desk_caller *caller, struct bytes token,
    struct desk_answer *answer);

/* Say who the caller is, and what the caller may ask for, as JSON. */
JWT_MUST_USE enum desk_result desk_whoami(struct desk *desk,
    const struct desk_caller *caller, struct desk_answer *answer);

/* The same for people, with the lines for their login.conf. */
JWT_MUST_USE enum desk_result desk_help(struct desk *desk,
    const struct desk_caller *caller, struct desk_answer *answer);

void desk_answer_clear(struct desk_answer *answer);

#endif
