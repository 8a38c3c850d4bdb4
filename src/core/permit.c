/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Applies deny rules, then permit rules.  This file decides in which order they
 * count and which refusal is reported.  rule_eval.c evaluates conditions, and
 * account.c finds the account of a rule.
 */
#include "core/permit.h"

/* The tests of one rule, counted while the rule is evaluated. */
struct tally {
	const struct permit_observer *observer;
	const struct rule_test *need;	/* the first test that is not true */
	bool only_needs;	/* all such tests are about authentication */
};

/* Whether the user can change the claim by logging in again, or better. */
static bool
is_about_authentication(const struct rule_test *test)
{
	return test->subject == RULE_CLAIM && test->path.count == 1 &&
	    (bytes_eq_str(test->path.steps[0], "auth_time") ||
	    bytes_eq_str(test->path.steps[0], "acr") ||
	    bytes_eq_str(test->path.steps[0], "amr"));
}

static void
count_test(void *ctx, const struct rule_test *test, enum tri value,
    const char *why)
{
	struct tally *tally = ctx;

	if (value != TRI_TRUE && !is_about_authentication(test))
		tally->only_needs = false;
	if (value != TRI_TRUE && tally->need == NULL)
		tally->need = test;
	if (tally->observer != NULL && tally->observer->test != NULL)
		tally->observer->test(tally->observer->ctx, test, value, why);
}

static enum tri
evaluate(const struct permit_input *in, const struct rule *rule,
    struct tally *tally)
{
	struct rule_observer observer = { .test = count_test, .ctx = tally };
	struct rule_facts facts = {
		.claims = claims_root(in->claims), .user = in->user,
		.rhost = in->rhost, .now = in->now, .local = in->local,
		.key_type = in->key_type, .key_ca = in->key_ca,
		.leeway_sec = in->leeway_sec
	};

	*tally = (struct tally){
		.observer = in->observer, .only_needs = true
	};
	return rule_evaluate(rule, &facts, &observer);
}

/* Whether somebody wants to see each rule with its account. */
static bool
is_shown(const struct permit_input *in)
{
	return in->observer != NULL && in->observer->rule != NULL;
}

static void
report_rule(const struct permit_input *in, const struct rule *rule,
    enum tri value, enum jwt_reason account)
{
	if (is_shown(in))
		in->observer->rule(in->observer->ctx, rule, value, account);
}

/*
 * A deny rule fires when its condition is true or unknown: a token that lacks
 * the claim cannot evade the rule.
 */
static enum jwt_reason
check_denies(const struct permit_input *in, struct permit *out)
{
	const struct rule_list *rules = in->rules;
	struct tally tally;
	size_t i;

	for (i = 0; i < rules->count; i++) {
		enum tri value;

		if (rules->rule[i].permit)
			continue;
		value = evaluate(in, &rules->rule[i], &tally);
		report_rule(in, &rules->rule[i], value, JWT_OK);
		if (value != TRI_FALSE) {
			out->rule = &rules->rule[i];
			return JWT_DENIED;
		}
	}
	return JWT_OK;
}

/*
 * The account must exist.  A claim or a map must not lead to root or to a
 * system account, whatever the provider writes into the token; only a name that
 * the administrator wrote into the rule may.
 */
static enum jwt_reason
check_account(const struct permit_input *in, const struct rule *rule,
    const char *account, struct account_facts *facts)
{
	enum jwt_reason reason;

	*facts = (struct account_facts){ 0 };
	reason = in->accounts->look_up(in->accounts->ctx, account, facts);
	if (reason != JWT_OK)
		return reason;
	if (!facts->exists)
		return JWT_ACCOUNT_UNKNOWN;
	if (facts->is_protected && rule->account != RULE_AS_NAME)
		return JWT_ACCOUNT_PROTECTED;
	return JWT_OK;
}

/* Whether a claim is this text, or an array that holds it. */
static bool
claim_has(const struct json_node *claims, const char *name, const char *text)
{
	const struct json_node *node = json_get(claims, bytes_str(name));
	const struct json_node *item;

	if (json_is(node, JSON_STRING))
		return bytes_eq_str(json_text(node), text);
	if (!json_is(node, JSON_ARRAY))
		return false;
	for (item = json_first(node); item; item = json_next(node, item)) {
		if (json_is(item, JSON_STRING) &&
		    bytes_eq_str(json_text(item), text))
			return true;
	}
	return false;
}

static bool
claims_are_equal(const struct json_node *claims, const char *a, const char *b)
{
	const struct json_node *one = json_get(claims, bytes_str(a));
	const struct json_node *other = json_get(claims, bytes_str(b));

	return json_is(one, JSON_STRING) && json_is(other, JSON_STRING) &&
	    bytes_eq(json_text(one), json_text(other));
}

const char *
permit_client_sign(const struct json_node *claims)
{
	if (claims_are_equal(claims, "sub", "client_id"))
		return "sub is equal to client_id";
	if (claims_are_equal(claims, "sub", "cid"))
		return "sub is equal to cid";
	if (claims_are_equal(claims, "sub", "azp"))
		return "sub is equal to azp";
	if (claim_has(claims, "gty", "client-credentials") ||
	    claim_has(claims, "gty", "client_credentials"))
		return "gty says client credentials";
	if (claim_has(claims, "idtyp", "app"))
		return "idtyp is app";
	return NULL;
}

/* The account that a rule gives the token. */
static enum jwt_reason
find_account(const struct permit_input *in, const struct rule *rule,
    char account[ACCOUNT_NAME_MAX + 1])
{
	struct account_query query = {
		.issuer = in->issuer, .sub = in->sub,
		.claims = claims_root(in->claims), .user = in->user,
		.source = in->source
	};

	if (rule->account == RULE_AS_CLAIM && !in->takes_clients &&
	    permit_client_sign(query.claims) != NULL)
		return JWT_CLIENT_NOT_ACCEPTED;
	return account_of_rule(rule, &query, account);
}

/* Whether one permit rule lets the token in, and as which account. */
static enum jwt_reason
try_permit(const struct permit_input *in, const struct rule *rule,
    char account[ACCOUNT_NAME_MAX + 1], struct permit *out)
{
	struct tally tally;
	enum tri value = evaluate(in, rule, &tally);
	/*
	 * Under "or" and "not" a false test need not be what kept the rule from
	 * holding.
	 */
	bool lacks_one = value != TRI_TRUE && tally.only_needs &&
	    rule->conjunction;
	enum jwt_reason reason = JWT_NOT_PERMITTED;

	account[0] = '\0';
	/* A map is read only where its answer counts, or is shown. */
	if (value == TRI_TRUE || lacks_one || is_shown(in))
		reason = find_account(in, rule, account);
	report_rule(in, rule, value, reason);
	if (lacks_one && reason == JWT_OK)
		out->missing_test = tally.need;
	if (value != TRI_TRUE)
		return JWT_NOT_PERMITTED;
	/* An actor (act) logs in as somebody else: only if a rule allows it. */
	if (!rule->names_act && claims_get(in->claims, "act") != NULL)
		return JWT_NOT_PERMITTED;
	if (reason != JWT_OK)
		return reason;
	return check_account(in, rule, account, &out->account_facts);
}

/*
 * Whether a rule that holds could not be applied: its map or the account cannot
 * be read.  The rules after it must not decide instead, as it might have refused
 * the account, or chosen another one.
 */
static bool
is_fault(enum jwt_reason reason)
{
	return reason_class(reason) == JWT_CLASS_CONFIGURATION ||
	    reason_class(reason) == JWT_CLASS_INTERNAL;
}

/* Of two refusals the heavier one tells the administrator more. */
static int
weight(enum jwt_reason reason)
{
	switch (reason) {
	case JWT_NOT_PERMITTED:
		return 0;
	case JWT_ACCOUNT_INVALID:
		return 1;
	case JWT_ACCOUNT_MISMATCH:
		return 2;
	case JWT_ACCOUNT_UNKNOWN:
		return 3;
	default:
		return 4;
	}
}

static enum jwt_reason
check_permits(const struct permit_input *in, const struct rule *rules,
    size_t count, struct permit *out)
{
	enum jwt_reason best = JWT_NOT_PERMITTED;
	char account[ACCOUNT_NAME_MAX + 1];
	size_t i;

	for (i = 0; i < count; i++) {
		enum jwt_reason reason;

		if (!rules[i].permit)
			continue;
		reason = try_permit(in, &rules[i], account, out);
		if (reason == JWT_OK) {
			out->rule = &rules[i];
			memcpy(out->account, account, sizeof(account));
			return JWT_OK;
		}
		if (is_fault(reason)) {
			out->rule = &rules[i];
			return reason;
		}
		if (weight(reason) > weight(best)) {
			best = reason;
			out->rule = &rules[i];
		}
	}
	return best;
}

/* The rule of a service that has no permit rule of its own. */
static enum jwt_reason
check_default_permit(const struct permit_input *in, struct permit *out)
{
	static const struct bytes sub = {
		.ptr = (const uint8_t *)"sub", .len = sizeof("sub") - 1
	};
	static const struct rule as_claim_sub = {
		.permit = true, .text = "as claim sub",
		.account = RULE_AS_CLAIM,
		.claim = { .steps = &sub, .count = 1 }
	};

	return check_permits(in, &as_claim_sub, 1, out);
}

static bool
has_permit(const struct rule_list *rules)
{
	size_t i;

	for (i = 0; i < rules->count; i++) {
		if (rules->rule[i].permit)
			return true;
	}
	return false;
}

enum jwt_reason
permit_check(const struct permit_input *in, struct permit *out)
{
	enum jwt_reason reason;

	*out = (struct permit){ .rule = NULL };
	reason = check_denies(in, out);
	if (reason != JWT_OK)
		return reason;
	if (has_permit(in->rules))
		reason = check_permits(in, in->rules->rule, in->rules->count,
		    out);
	else
		reason = check_default_permit(in, out);
	if (reason == JWT_OK)
		out->missing_test = NULL;
	return reason;
}
