/* SPDX-License-Identifier: BSD-2-Clause */
/* Hints about the account that a verified token is for. */
#include "core/hint_each.h"

static struct account_query
query_of(const struct verdict_input *in, const struct verdict *verdict)
{
	return (struct account_query){
		.issuer = verdict->issuer->name, .sub = verdict->id.sub,
		.claims = claims_root(verdict->claims), .user = in->user,
		.source = in->source
	};
}

bool
hint_account(const struct verdict_input *in, const struct verdict *verdict,
    const struct rule *rule, char out[ACCOUNT_NAME_MAX + 1])
{
	struct account_query query;

	out[0] = '\0';
	if (verdict->claims == NULL)
		return false;
	query = query_of(in, verdict);
	/* A map may give several: try the one asked for, then the first. */
	if (account_of_rule(rule, &query, out) == JWT_OK)
		return true;
	query.user = NULL;
	return account_of_rule(rule, &query, out) == JWT_OK;
}

bool
hint_map_is_faulty(const struct hint *hint, const struct rule *rule)
{
	struct account_query query = query_of(hint->in, hint->verdict);
	char name[ACCOUNT_NAME_MAX + 1];

	return rule != NULL && rule->account == RULE_AS_MAP &&
	    reason_class(account_of_rule(rule, &query, name)) ==
	    JWT_CLASS_CONFIGURATION;
}

/* Say what shows that it is a program's token, and how to let one in. */
void
hint_client(struct hint *hint)
{
	const char *sign = permit_client_sign(
	    claims_root(hint->verdict->claims));

	if (sign != NULL)
		hint_put(hint, "%s: it is the token of a program, which logs "
		    "in by \"as NAME\" or by a map; or write clients = yes",
		    sign);
}

/* The claim of a rule. */
static const struct json_node *
claim_of(const struct hint *hint, const struct rule *rule)
{
	return claim_path_get(&rule->claim,
	    claims_root(hint->verdict->claims));
}

/* Whether the claim of a rule is a list of accounts. */
static bool
is_list(const struct hint *hint, const struct rule *rule)
{
	return rule->account == RULE_AS_CLAIM &&
	    json_is(claim_of(hint, rule), JSON_ARRAY);
}

static void
put_mismatch(struct hint *hint, const struct rule *rule)
{
	char name[ACCOUNT_NAME_MAX + 1];
	bool has_name = hint_account(hint->in, hint->verdict, rule, name);

	if (!has_name && !is_list(hint, rule))
		return;
	if (has_name && bytes_eq_str(bytes_str(name), hint->in->user)) {
		hint_text(hint, "the program asked for another user while the "
		    "token was given");
		return;
	}
	hint_text(hint, "asked for is ");
	hint_value(hint, bytes_str(hint->in->user));
	hint_text(hint, ", the token is for ");
	if (has_name)
		hint_value(hint, bytes_str(name));
	else
		hint_nodes(hint, claim_of(hint, rule));
	if (rule->line != 0)
		hint_put(hint, " by line %u", rule->line);
}

void
hint_mismatch(struct hint *hint)
{
	const struct rule *rule = hint->verdict->rule;

	if (hint->in->user == NULL)
		hint_text(hint, "no user is asked for, and the module has not "
		    "the argument token_only");
	else if (rule != NULL)
		put_mismatch(hint, rule);
}

/* The steps that make an account of the claim. */
static void
put_form(struct hint *hint, const struct rule *rule)
{
	if (rule->lower)
		hint_text(hint, ", in lowercase, which is for ASCII alone");
	if (rule->without.len > 0) {
		hint_text(hint, ", without ");
		hint_value(hint, rule->without);
	}
	if (rule->without_prefix.len > 0) {
		hint_text(hint, ", without prefix ");
		hint_value(hint, rule->without_prefix);
	}
}

/* Show the claim that should have named the account. */
void
hint_invalid(struct hint *hint)
{
	const struct rule *rule = hint->verdict->rule;

	if (rule == NULL || rule->account != RULE_AS_CLAIM)
		return;
	hint_text(hint, "the claim is ");
	hint_nodes(hint, claim_of(hint, rule));
	put_form(hint, rule);
	if (hint->in->user == NULL && is_list(hint, rule))
		hint_text(hint, "; a list gives the account that is asked for, "
		    "and none is");
	else if (rule->exactly)
		hint_text(hint, "; no account has such a name");
	else
		hint_text(hint, "; a name has a-z 0-9 _ - and dots inside, at "
		    "most 32 bytes; \"lower\" makes A-Z lowercase, \"exactly\" "
		    "takes others");
}

/* Name the account; false if nobody knows it. */
static bool
put_name(struct hint *hint, char name[ACCOUNT_NAME_MAX + 1])
{
	const struct rule *rule = hint->verdict->rule;

	if (rule == NULL ||
	    !hint_account(hint->in, hint->verdict, rule, name))
		return false;
	hint_text(hint, "the account is ");
	hint_text(hint, name);
	if (rule->line != 0)
		hint_put(hint, " by line %u", rule->line);
	return true;
}

void
hint_protected(struct hint *hint)
{
	char name[ACCOUNT_NAME_MAX + 1];

	if (!put_name(hint, name))
		return;
	hint_text(hint, ": no claim and no map leads to a system account, but "
	    "only a rule that names it: \"as ");
	hint_text(hint, name);
	hint_text(hint, "\"");
}

void
hint_unknown(struct hint *hint)
{
	char name[ACCOUNT_NAME_MAX + 1];

	if (!put_name(hint, name))
		return;
	hint_text(hint, "; see getent passwd '");
	hint_text(hint, name);
	hint_text(hint, "'");
}
