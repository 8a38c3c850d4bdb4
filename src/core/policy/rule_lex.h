/* SPDX-License-Identifier: BSD-2-Clause */
/* The text of a rule, one token at a time; for rule.c and rule_test.c. */
#ifndef JWT_RULE_LEX_H
#define JWT_RULE_LEX_H

#include "core/base/diag.h"

enum rule_lex_kind {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_QUOTED,
	TOKEN_SIGN,	/* ( ) { } , = != < <= > >= */
	TOKEN_BAD	/* a quote that is never closed, a wrong escape */
};

struct rule_lex_token {
	enum rule_lex_kind kind;
	struct bytes text;	/* of TOKEN_QUOTED: unescaped */
	const uint8_t *start;
	const uint8_t *end;
};

#define RULE_TRIED_MAX 12	/* more words than any place of the grammar has */

/* A token, and the words of the grammar that it might have been, and was not. */
struct rule_tried {
	struct bytes text;
	const char *word[RULE_TRIED_MAX];
	unsigned count;
};

struct rule_lex {
	struct bytes rest;	/* after the current token */
	struct rule_lex_token token;	/* the current one, not yet taken */
	const uint8_t *start;	/* of the whole text */
	const uint8_t *taken;	/* end of the last token taken */
	struct rule_tried tried;	/* the current token */
	struct rule_tried doubtful;	/* the last word taken as a name */
	struct diag_place place;
	struct arena *arena;
	struct diag *diag;
	enum jwt_reason reason;
	/* Notes of the parser: */
	unsigned depth;		/* of parentheses */
	bool names_act;		/* a test is about act */
	bool names_key;		/* a test is about the ssh key */
	bool names_time;	/* a test is about the local time */
	bool conjunction;	/* tests and "and" alone, so far */
};

/*
 * Note an error at the current token, if it is the first; returns false.  The
 * message asks whether a word was meant that is near to the current token, or
 * to the doubtful one.
 */
bool rule_lex_fail(struct rule_lex *in, const char *what);
bool rule_lex_out_of_memory(struct rule_lex *in);

/* Make the next token the current one. */
void rule_lex_advance(struct rule_lex *in);

/* Whether that is the current token; rule_lex_take() then moves to the next. */
bool rule_lex_at(const struct rule_lex *in, enum rule_lex_kind kind,
    const char *text);
bool rule_lex_take(struct rule_lex *in, enum rule_lex_kind kind,
    const char *text);

/* Note that this word could stand here, for the message of rule_lex_fail(). */
void rule_lex_try(struct rule_lex *in, const char *word);

/* No word is doubtful any more: what it stands in is complete. */
void rule_lex_trust(struct rule_lex *in);

#endif
