/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parser of rules, by recursive descent over the grammar in
 * pam_jwt.conf(5); a function for each line of it.  rule_account.c has those
 * for an account, and rule_test.c those for a single test.
 */
#include "core/policy/rule.h"
#include "core/policy/rule_account.h"
#include "core/policy/rule_test.h"

static bool parse_cond(struct rule_lex *in, struct rule_cond **out);

static struct rule_cond *
new_cond(struct rule_lex *in, enum rule_kind kind, struct rule_cond *child)
{
	struct rule_cond *cond = arena_alloc(in->arena, sizeof(*cond));

	if (cond == NULL) {
		rule_lex_out_of_memory(in);
		return NULL;
	}
	cond->kind = kind;
	cond->child = child;
	return cond;
}

/* ( cond ) | test */
static bool
parse_primary(struct rule_lex *in, struct rule_cond **out)
{
	if (rule_lex_take(in, TOKEN_SIGN, "(")) {
		if (!parse_cond(in, out))
			return false;
		return rule_lex_take(in, TOKEN_SIGN, ")") ||
		    rule_lex_fail(in, ") is expected here");
	}
	*out = new_cond(in, RULE_TEST, NULL);
	return *out != NULL && rule_parse_test(in, &(*out)->test);
}

/* [ not ] ( "(" cond ")" | test ) */
static bool
parse_unary(struct rule_lex *in, struct rule_cond **out)
{
	bool negated = rule_lex_take(in, TOKEN_WORD, "not");

	if (!parse_primary(in, out))
		return false;
	if (negated) {
		in->conjunction = false;
		*out = new_cond(in, RULE_NOT, *out);
	}
	return *out != NULL;
}

/* One operand, or several with a word between them, as children of a node. */
static bool
parse_chain(struct rule_lex *in, const char *word, enum rule_kind kind,
    bool (*operand)(struct rule_lex *, struct rule_cond **),
    struct rule_cond **out)
{
	struct rule_cond *last;

	if (!operand(in, out))
		return false;
	if (!rule_lex_at(in, TOKEN_WORD, word))
		return true;
	last = *out;
	*out = new_cond(in, kind, last);
	if (kind == RULE_OR)
		in->conjunction = false;
	if (*out == NULL)
		return false;
	while (rule_lex_take(in, TOKEN_WORD, word)) {
		if (!operand(in, &last->next))
			return false;
		last = last->next;
	}
	return true;
}

/* unary { and unary } */
static bool
parse_and(struct rule_lex *in, struct rule_cond **out)
{
	return parse_chain(in, "and", RULE_AND, parse_unary, out);
}

/* and { or and } */
static bool
parse_cond(struct rule_lex *in, struct rule_cond **out)
{
	bool ok;

	if (in->depth > RULE_DEPTH_MAX)	/* the whole condition counts, too */
		return rule_lex_fail(in,
		    "more than 16 parentheses inside each other");
	in->depth++;
	ok = parse_chain(in, "or", RULE_OR, parse_and, out);
	in->depth--;
	return ok;
}

static bool
fail_without_if(struct rule_lex *in, const struct rule *rule)
{
	if (rule->permit && rule->account == RULE_AS_NAME)
		return rule_lex_fail(in, "if is expected here: the word after "
		    "as is the name of an account");
	if (rule->permit)
		return rule_lex_fail(in, "if is expected here");
	return rule_lex_fail(in, "if is expected here: deny = if CONDITION");
}

/* permit as account [ if cond ] | deny if cond */
static bool
parse_rule(struct rule_lex *in, struct rule *out)
{
	struct rule_cond *cond = NULL;

	if (out->permit && !rule_lex_take(in, TOKEN_WORD, "as"))
		return rule_lex_fail(in,
		    "as is expected here: "
		    "permit = as ACCOUNT [if CONDITION]");
	if (out->permit && !rule_parse_account(in, out))
		return false;
	if (out->permit && in->token.kind == TOKEN_END)
		return true;
	if (!rule_lex_take(in, TOKEN_WORD, "if"))
		return fail_without_if(in, out);
	rule_lex_trust(in);
	in->names_act = false;	/* the account may look at it */
	in->conjunction = true;
	if (!parse_cond(in, &cond))
		return false;
	out->cond = cond;
	out->names_act = in->names_act;
	out->names_key = in->names_key;
	out->names_time = in->names_time;
	out->conjunction = in->conjunction;
	if (in->token.kind == TOKEN_END)
		return true;
	rule_lex_try(in, "and");
	rule_lex_try(in, "or");
	return rule_lex_fail(in,
	    "and, or, or the end of the rule is expected here; a text with a "
	    "space in it must be in double quotes");
}

enum jwt_reason
rule_parse(struct bytes text, struct diag_place place, bool permit,
    struct arena *arena, struct diag *diag, struct rule *out)
{
	struct rule_lex in = {
		.rest = text, .start = text.ptr, .place = place,
		.arena = arena, .diag = diag
	};
	struct bytes kept;

	*out = (struct rule){ .permit = permit, .line = place.line };
	if (rule_keep(&in, text, &kept)) {
		out->text = (const char *)kept.ptr;
		rule_lex_advance(&in);
		if (!parse_rule(&in, out) && in.reason == JWT_OK)
			in.reason = JWT_INTERNAL;
	}
	return in.reason;
}
