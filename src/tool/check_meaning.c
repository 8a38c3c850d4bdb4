/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks the rules of all services, and looks at their accounts. */
#include <stdarg.h>
#include <stdio.h>

#include "tool/check_meaning.h"
#include "tool/check_words.h"

#define TEXT_SIZE 700	/* bytes of a warning; a longer one is cut */

bool
meaning_warn(const struct meaning *in, const char *format, ...)
{
	struct diag_place place = {
		.file = in->policy->file, .line = in->rule->line
	};
	char text[TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	diag_add(in->diag, place, JWT_OK, "%s", text);
	return true;
}

bool
meaning_has_test(const struct rule_cond *cond,
    bool (*fits)(const struct rule_test *test, const void *ctx),
    const void *ctx)
{
	const struct rule_cond *child;

	if (cond == NULL)
		return false;
	if (cond->kind == RULE_TEST)
		return fits(&cond->test, ctx);
	for (child = cond->child; child != NULL; child = child->next) {
		if (meaning_has_test(child, fits, ctx))
			return true;
	}
	return false;
}

bool
meaning_is_github(const struct meaning *in)
{
	static const char iss[] = "https://token.actions.githubusercontent.com";
	size_t i;

	for (i = 0; i < in->policy->issuer_count; i++) {
		const struct issuer *issuer = &in->policy->issuers[i];
		struct bytes text = bytes_str(issuer->iss);

		if (bytes_starts(text, bytes_str(iss)) && policy_issuer(
		    in->policy, in->service, text) == issuer)
			return true;
	}
	return false;
}

/* RFC 7519, OpenID Connect, RFC 9068, and what large providers add. */
bool
meaning_is_claim(struct bytes word)
{
	static const char *const names[] = {
		"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "azp",
		"client_id", "auth_time", "acr", "amr", "sid", "email",
		"email_verified", "preferred_username", "upn", "oid",
		"groups", "roles", "scope", "scp"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_eq_str(word, names[i]))
			return true;
	}
	return false;
}

/* ---- accounts ---- */

/* "as sub" is an account called sub. */
static bool
name_is_claim(const struct meaning *in)
{
	const struct rule *rule = in->rule;

	if (!meaning_is_claim(rule->name) ||
	    !check_words_bare(bytes_str(rule->text), rule->name))
		return false;
	return meaning_warn(in, "\"as %.*s\" is the account called %.*s; for "
	    "the account that the claim names: as claim %.*s",
	    BYTES_SHOW(rule->name), BYTES_SHOW(rule->name),
	    BYTES_SHOW(rule->name));
}

/* The name of an account that a claim may give has no @. */
static bool
claim_is_address(const struct meaning *in)
{
	const struct rule *rule = in->rule;
	struct bytes claim = rule->claim.steps[0];

	if (!check_words_path_is(&rule->claim, "email") &&
	    !check_words_path_is(&rule->claim, "upn"))
		return false;
	if (rule->exactly || bytes_has(rule->without, '@'))
		return false;
	if (rule->without.len == 0)
		return meaning_warn(in, "%.*s is an address, and no account has "
		    "an @ in its name unless it is taken exactly: as claim "
		    "%.*s without \"@example.com\"", BYTES_SHOW(claim),
		    BYTES_SHOW(claim));
	return meaning_warn(in, "without the end \"%.*s\" the @ of the address "
	    "is left over: as claim %.*s without \"@%.*s\"",
	    BYTES_SHOW(rule->without), BYTES_SHOW(claim),
	    BYTES_SHOW(rule->without));
}

static bool
is_about_root(const struct rule_test *test, const void *ctx)
{
	(void)ctx;
	return test->subject == RULE_USER && test->op == RULE_EQ &&
	    bytes_eq_str(test->values[0].text, "root");
}

/* A claim and a map never lead to root. */
static bool
leads_to_root(const struct meaning *in)
{
	if (!in->rule->conjunction ||
	    !meaning_has_test(in->rule->cond, is_about_root, NULL))
		return false;
	return meaning_warn(in, "no claim and no map leads to root, so this "
	    "rule lets nobody in: permit = as root if ...");
}

static void
look_at_account(const struct meaning *in)
{
	if (in->rule->account == RULE_AS_NAME)
		(void)name_is_claim(in);
	else if (!leads_to_root(in) && in->rule->account == RULE_AS_CLAIM)
		(void)claim_is_address(in);
}

/* ---- the walk ---- */

/* The parser limits the depth of the recursion: see RULE_DEPTH_MAX. */
static void
look_at_cond(struct meaning *in, const struct rule_cond *cond)
{
	const struct rule_cond *child;

	if (cond->kind == RULE_TEST)
		meaning_of_test(in, &cond->test);
	if (cond->kind == RULE_NOT)
		in->negated = !in->negated;
	for (child = cond->child; child != NULL; child = child->next)
		look_at_cond(in, child);
	if (cond->kind == RULE_NOT)
		in->negated = !in->negated;
}

static void
look_at_rule(struct meaning *in)
{
	if (in->rule->permit) {
		look_at_account(in);
		meaning_of_names(in);
		meaning_of_order(in);
	}
	in->negated = false;
	if (in->rule->cond != NULL)
		look_at_cond(in, in->rule->cond);
}

void
check_meaning_note(const struct policy *policy, struct diag *diag)
{
	struct meaning in = { .policy = policy, .diag = diag };
	size_t i, k;

	for (i = 0; i < policy->service_count; i++) {
		in.service = &policy->services[i];
		for (k = 0; k < in.service->rules.count; k++) {
			in.rule = &in.service->rules.rule[k];
			look_at_rule(&in);
		}
	}
}
