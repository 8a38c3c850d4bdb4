/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A token that arrives in several answers.
 *
 * What fits into one answer is limited by the program that asks: sudo takes
 * 511 bytes, the ssh client 1,023, su and login 4,095, and most cut in
 * silence.  So the module asks on.  By what it decides to, depends on who may
 * watch:
 *
 * By form, while what has come is a token that is not complete.  A password is
 * never taken for the start of one, and a program that gives the same answer to
 * every prompt is asked twice, not for ever.  Neither keys nor issuers of the
 * configuration are asked, or a stranger would learn of them.
 *
 * By length, in sshd.  It replaces the answers for a user who may not log in by
 * others of the same length.  If a second prompt came only for what looks like
 * a token, anybody on the network could tell by it which accounts there are.
 * So the module asks on after an answer of exactly the length at which
 * pam-jwt-askpass and the ssh client end one, whatever it holds, and after no
 * other.
 */
#ifndef JWT_PARTS_H
#define JWT_PARTS_H

#include "core/base/secret.h"
#include "core/jose/jws.h"
#include "core/jose/shape.h"

#define SSH_ANSWER_MAX 1023	/* the ssh client cuts a longer one */

enum parts_rule {
	PARTS_BY_FORM,
	PARTS_BY_LENGTH
};

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
	size_t answers_len;	/* bytes of all answers, as they came */
	size_t next_byte;	/* with which the next part starts; from 1 */
	unsigned count;		/* answers so far */
	bool is_repeated;	/* each of them is the first again */
	enum parts_state state;
	struct jws *jws;	/* of text, owned; NULL: see parts_take_jws() */
	bool is_parsed;		/* text was parsed since it last changed */
};

/*
 * Add an answer; spaces and the marks of a paste around it are no part of a
 * token.
 *
 * Returns JWT_OK with the new state, or JWT_OUT_OF_MEMORY.  It ends with
 * PARTS_MAX answers; by form also with an empty one or the first again; by
 * length also where they are longer than a token may be.  What has come then
 * is PARTS_CUT if it cannot be a whole token.  If all answers were the same,
 * the text is that of one.
 */
JWT_MUST_USE enum jwt_reason parts_add(struct parts *parts,
    enum parts_rule rule, struct bytes answer);

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
