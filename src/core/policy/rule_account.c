/* SPDX-License-Identifier: BSD-2-Clause */
/* The parser of the account of a permit rule. */
#include "core/policy/account.h"
#include "core/policy/rule_account.h"
#include "core/policy/rule_test.h"

/* A value in lowercase never has a suffix or a prefix that is not. */
static bool
has_capital(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] >= 'A' && text.ptr[i] <= 'Z')
			return true;
	}
	return false;
}

/* STRING, after "without" or "without prefix" */
static bool
parse_affix(struct rule_lex *in, const struct rule *rule, struct bytes *out)
{
	if (in->token.kind != TOKEN_QUOTED || in->token.text.len == 0)
		return rule_lex_fail(in, "after without stands a quoted "
		    "suffix, and after without prefix a quoted prefix");
	if (rule->lower && has_capital(in->token.text))
		return rule_lex_fail(in, "after lower the claim has no "
		    "capitals: write this in lowercase, too");
	if (!rule_keep(in, in->token.text, out))
		return false;
	rule_lex_advance(in);
	return true;
}

/* { without STRING | without prefix STRING }, the suffix first */
static bool
parse_without(struct rule_lex *in, struct rule *out)
{
	while (rule_lex_take(in, TOKEN_WORD, "without")) {
		struct bytes *affix = &out->without;

		if (rule_lex_take(in, TOKEN_WORD, "prefix"))
			affix = &out->without_prefix;
		if (affix->len > 0 || out->without_prefix.len > 0)
			return rule_lex_fail(in, "without stands here once, "
			    "and without prefix once after it");
		if (!parse_affix(in, out, affix))
			return false;
	}
	return true;
}

/*
 * CLAIM [ lower ] [ without STRING ] [ without prefix STRING ] [ exactly ]
 */
static bool
parse_account_claim(struct rule_lex *in, struct rule *out)
{
	out->account = RULE_AS_CLAIM;
	if (rule_is_keyword(&in->token))
		return rule_lex_fail(in,
		    "a claim is expected after as claim; one of this name "
		    "must be quoted");
	if (!rule_parse_claim(in, &out->claim))
		return false;
	out->lower = rule_lex_take(in, TOKEN_WORD, "lower");
	if (!parse_without(in, out))
		return false;
	out->exactly = rule_lex_take(in, TOKEN_WORD, "exactly");
	if (rule_lex_at(in, TOKEN_WORD, "lower") ||
	    rule_lex_at(in, TOKEN_WORD, "without") ||
	    rule_lex_at(in, TOKEN_WORD, "exactly"))
		return rule_lex_fail(in, "these words stand once each, in this "
		    "order: lower, without, without prefix, exactly");
	return true;
}

static bool
parse_account_map(struct rule_lex *in, struct rule *out)
{
	struct bytes path = in->token.text;

	out->account = RULE_AS_MAP;
	/* No sign begins with a slash, and the end has no text. */
	if (path.len == 0 || path.ptr[0] != '/')
		return rule_lex_fail(in,
		    "an absolute path is expected after as map");
	if (!rule_keep(in, path, &path))
		return false;
	out->map_path = (const char *)path.ptr;
	rule_lex_advance(in);
	return true;
}

/* NAME, bare or quoted */
static bool
parse_account_name(struct rule_lex *in, struct rule *out)
{
	struct bytes name = in->token.text;

	out->account = RULE_AS_NAME;
	if ((in->token.kind != TOKEN_WORD && in->token.kind != TOKEN_QUOTED) ||
	    rule_is_keyword(&in->token))
		return rule_lex_fail(in,
		    "an account is expected after as: a name, "
		    "claim CLAIM or map PATH");
	if (!account_name_is_exact(name))
		return rule_lex_fail(in,
		    "no account has this name: not more than "
		    "256 bytes, none of space : / , \" and no - or . in front");
	if (in->token.kind == TOKEN_WORD && !account_name_is_bare(name))
		return rule_lex_fail(in,
		    "a name with other characters than "
		    "letters, digits, _ - and . must be quoted: "
		    "as \"alice@example.com\"");
	if (!rule_keep(in, name, &out->name))
		return false;
	rule_lex_advance(in);
	return true;
}

bool
rule_parse_account(struct rule_lex *in, struct rule *out)
{
	if (rule_lex_take(in, TOKEN_WORD, "claim"))
		return parse_account_claim(in, out);
	if (rule_lex_take(in, TOKEN_WORD, "map"))
		return parse_account_map(in, out);
	return parse_account_name(in, out);
}
