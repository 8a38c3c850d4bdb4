/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A token that arrives in several answers.
 *
 * What fits into one answer is limited by the program that asks: sudo takes
 * 511 bytes, the ssh client 1,023, su and login 4,095, and most cut in
 * silence.  So the module asks on while what has come is a token that is not
 * complete.  A password is never taken for the start of one, and a program
 * that gives the same answer to every prompt is asked twice, not for ever.
 */
#ifndef JWT_PARTS_H
#define JWT_PARTS_H

#include "core/base/secret.h"
#include "core/jose/jws.h"
#include "core/jose/shape.h"
#include "core/policy/policy.h"

enum parts_state {
	PARTS_COMPLETE,	/* a token, or something else: time for the verdict */
	PARTS_WANTED,	/* the start of a token: ask on */
	PARTS_CUT	/* the start of a token, and no more is to be had */
};

/* Zero it, add answers, clear it. */
struct parts {
	struct secret text;	/* all answers, joined; the first as it came */
	size_t first_len;	/* bytes of the first answer */
	size_t last_len;	/* bytes of the last answer that was added */
	unsigned count;		/* answers so far */
	enum parts_state state;
	struct jws *jws;	/* of text, owned; NULL: see parts_take_jws() */
	bool is_parsed;		/* text was parsed since it last changed */
};

/*
 * Add an answer; blanks at its ends are no part of a token.
 *
 * service  whose issuers' keys tell how long a signature is
 *
 * Returns JWT_OK with the new state, or JWT_OUT_OF_MEMORY.  The state is
 * PARTS_CUT after an empty answer, one that is the first again, and PARTS_MAX
 * of them.
 */
JWT_MUST_USE enum jwt_reason parts_add(struct parts *parts,
    const struct policy *policy, const struct service *service,
    struct bytes answer);

/*
 * Hand on the token of all answers as jws_parse() left it, for the verdict:
 * the caller owns it then.  It borrows text, and so must be freed before
 * parts_clear().  NULL when memory ran out.  An answer is parsed once: the
 * token is the one that parts_add() looked at, if it did.
 */
struct jws *parts_take_jws(struct parts *parts);

/* Wipes. */
void parts_clear(struct parts *parts);

#endif
