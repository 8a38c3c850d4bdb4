/* SPDX-License-Identifier: BSD-2-Clause */
/* Hints about the account that a token is for. */
#include "cli/report.h"
#include "core/permit.h"
#include "tool/hint_account.h"

/* Say what shows that it is a program's token, and how to let one in. */
void
hint_client(const struct explain *explain, FILE *out)
{
	const char *sign = permit_client_sign(
	    decoded_root(&explain->decoded->payload));

	if (sign != NULL)
		fprintf(out, "%s: it is the token of a program, which logs in "
		    "by \"as NAME\" or by a map; or write clients = yes",
		    sign);
}

/* Show what the claim of a rule has. */
static void
put_claim(const struct explain *explain, const struct rule *rule, FILE *out)
{
	report_values(claim_path_get(&rule->claim,
	    decoded_root(&explain->decoded->payload)), out);
}

/* Whether the claim of a rule is a list of accounts. */
static bool
is_list(const struct explain *explain, const struct rule *rule)
{
	return rule->account == RULE_AS_CLAIM && json_is(claim_path_get(
	    &rule->claim, decoded_root(&explain->decoded->payload)),
	    JSON_ARRAY);
}

void
hint_mismatch(const struct explain *explain, FILE *out)
{
	const struct rule *rule = explain->verdict->rule;
	char name[ACCOUNT_NAME_MAX + 1];
	bool has_name;

	if (rule == NULL || explain->user == NULL)
		return;
	has_name = explain_account(explain, rule, name);
	if (!has_name && !is_list(explain, rule))
		return;
	fputs("asked for is ", out);
	report_bytes(bytes_str(explain->user), out);
	fputs(", the token is for ", out);
	if (has_name)
		fputs(name, out);
	else
		put_claim(explain, rule, out);
	if (rule->line != 0)
		fprintf(out, " by line %u", rule->line);
}

/* The steps that make an account of the claim. */
static void
put_form(const struct rule *rule, FILE *out)
{
	if (rule->lower)
		fputs(", in lowercase, which is for ASCII alone", out);
	if (rule->without.len > 0) {
		fputs(", without ", out);
		report_quoted(rule->without, out);
	}
	if (rule->without_prefix.len > 0) {
		fputs(", without prefix ", out);
		report_quoted(rule->without_prefix, out);
	}
}

/* Show the claim that should have named the account. */
void
hint_invalid(const struct explain *explain, FILE *out)
{
	const struct rule *rule = explain->verdict->rule;

	if (rule == NULL || rule->account != RULE_AS_CLAIM)
		return;
	fputs("the claim is ", out);
	put_claim(explain, rule, out);
	put_form(rule, out);
	if (explain->user == NULL && is_list(explain, rule))
		fputs("; a list gives the account that is asked for, and none "
		    "is", out);
	else if (rule->exactly)
		fputs("; no account has such a name", out);
	else
		fputs("; a name has a-z 0-9 _ - and dots inside, at most 32 "
		    "bytes; \"lower\" makes A-Z lowercase, \"exactly\" takes "
		    "others", out);
}

void
hint_unusable(const struct explain *explain, FILE *out)
{
	const struct rule *rule = explain->verdict->rule;
	char name[ACCOUNT_NAME_MAX + 1];

	if (rule != NULL && explain_account(explain, rule, name))
		fprintf(out, "the account is %s; see getent passwd '%s'", name,
		    name);
}
