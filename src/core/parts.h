/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Joins a token that arrives in several answers.
 *
 * The program that asks limits the length of one answer: sudo takes 511 bytes,
 * the ssh client 1,023, su and login 4,095, and most cut a longer answer in
 * silence.  So the module asks again.  When it does so depends on who may be
 * watching:
 *
 * By form: it asks while the answers are the start of a token, which has three
 * parts, or five if its header says that it is encrypted.  A password is
 * never taken for the start of a token.  A program that gives the same answer
 * to every prompt is asked twice, not for ever.  The keys and issuers of the
 * configuration play no part in this, as a stranger would learn of them.
 *
 * By length, in sshd: sshd replaces the answer of a user who may not log in by
 * another one of the same length.  If a second prompt came only after an answer
 * that looks like a token, anybody on the network could find out which accounts
 * exist.  So the module asks again after an answer of exactly the length at
 * which pam-jwt-askpass or the ssh client ends one, whatever it holds, and
 * after no other answer.
 */
#ifndef JWT_PARTS_H
#define JWT_PARTS_H

#include "core/base/secret.h"
#include "core/jose/jwe.h"
#include "core/jose/shape.h"

#define SSH_ANSWER_MAX 1023	/* the ssh client cuts a longer one */

enum parts_rule {
	PARTS_BY_FORM,
	PARTS_BY_LENGTH
};

enum parts_state {
	PARTS_COMPLETE,	/* a token, or something else: reach the verdict */
	PARTS_WANTED,	/* perhaps the start of a token: ask again */
	PARTS_CUT	/* the start of a token, and there is no more of it */
};

/* The caller zeroes it, adds answers, and clears it. */
struct parts {
	struct secret text;	/* all answers, joined; the first as it came */
	size_t first_len;	/* bytes of the first answer */
	size_t last_len;	/* bytes of the last answer that was added */
	size_t answers_len;	/* bytes of all answers, as they came */
	size_t next_byte;	/* number of the next part's first byte, from 1 */
	unsigned count;		/* answers so far */
	bool is_repeated;	/* all answers are equal to the first */
	bool has_one_answer;	/* the program gave it to all of several prompts */
	enum parts_state state;
	struct jws *jws;	/* parsed from text, owned; or NULL */
	struct jwe *jwe;	/* instead of jws, if it has the form of one */
	bool is_parsed;		/* text was parsed after its last change */
};

/*
 * Add an answer.  Spaces and the marks of a paste around it are ignored.
 *
 * Returns JWT_OK with the new state, or JWT_OUT_OF_MEMORY.  No more is wanted
 * after PARTS_MAX answers.  By form, an empty answer or the first one again
 * also ends it; by length, so do answers that are longer than any token.  The
 * state is PARTS_CUT then if the text cannot be a whole token.  If all answers
 * were equal, the text is that of one.
 */
JWT_MUST_USE enum jwt_reason parts_add(struct parts *parts,
    enum parts_rule rule, struct bytes answer);

/*
 * Hand the token of all answers, as jws_parse() or jwe_parse() left it, on to
 * the verdict.  The caller owns it from then on; the other one is NULL, and
 * both may be if memory ran out.  It borrows text, so it must be freed before
 * parts_clear().  If parts_add() has already parsed the text, it is not parsed
 * again.
 */
void parts_take_token(struct parts *parts, struct jws **jws,
    struct jwe **jwe);

/* Wipes. */
void parts_clear(struct parts *parts);

#endif
