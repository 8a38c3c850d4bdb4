/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the rules that can lead to an account. */
#include "tool/check_reach.h"

static const struct bytes sub = {
	.ptr = (const uint8_t *)"sub", .len = sizeof("sub") - 1
};

const struct rule reach_default_rule = {
	.permit = true, .text = "as claim sub", .account = RULE_AS_CLAIM,
	.claim = { .steps = &sub, .count = 1 }
};

/* ---- conditions ---- */

static enum tri
test_of(const struct reach *reach, const struct rule_test *test)
{
	size_t i;

	if (test->subject != RULE_USER || test->op == RULE_IN_CLAIM)
		return TRI_UNKNOWN;
	for (i = 0; i < test->value_count; i++) {
		if (bytes_eq_str(test->values[i].text, reach->account))
			return TRI_TRUE;
	}
	return TRI_FALSE;
}

static enum tri
negate(enum tri value)
{
	if (value == TRI_UNKNOWN)
		return value;
	return value == TRI_TRUE ? TRI_FALSE : TRI_TRUE;
}

static enum tri value_of(const struct reach *reach,
    const struct rule_cond *cond);

/* "and" is decided by false, "or" by true; see rule_eval.c. */
static enum tri
value_of_children(const struct reach *reach, const struct rule_cond *cond,
    enum tri deciding)
{
	enum tri result = negate(deciding);
	const struct rule_cond *child;

	for (child = cond->child; child != NULL; child = child->next) {
		enum tri one = value_of(reach, child);

		if (one == deciding)
			return deciding;
		if (one == TRI_UNKNOWN)
			result = TRI_UNKNOWN;
	}
	return result;
}

/* The parser limits the depth of the recursion: see RULE_DEPTH_MAX. */
static enum tri
value_of(const struct reach *reach, const struct rule_cond *cond)
{
	switch (cond->kind) {
	case RULE_AND:
		return value_of_children(reach, cond, TRI_FALSE);
	case RULE_OR:
		return value_of_children(reach, cond, TRI_TRUE);
	case RULE_NOT:
		return negate(value_of(reach, cond->child));
	case RULE_TEST:
		return test_of(reach, &cond->test);
	}
	return TRI_UNKNOWN;
}

enum tri
reach_condition(const struct reach *reach, const struct rule *rule)
{
	if (rule->cond == NULL)
		return TRI_TRUE;
	return value_of(reach, rule->cond);
}

/* ---- accounts ---- */

static bool
takes_issuer(const struct reach *reach, const struct service *service,
    struct bytes name)
{
	size_t i;

	if (service->issuers.count > 0)
		return policy_words_have(&service->issuers, name);
	for (i = 0; i < reach->policy->issuer_count; i++) {
		if (bytes_eq_str(name, reach->policy->issuers[i].name))
			return true;
	}
	return false;
}

bool
reach_map_next(const struct reach *reach, const struct service *service,
    const struct rule *rule, size_t *at, struct account_map_line *out)
{
	while (rule->map != NULL &&
	    account_map_next(rule->map, reach->account, at, out)) {
		if (takes_issuer(reach, service, out->issuer))
			return true;
	}
	return false;
}

/* Whether a text that was made lowercase can be this name. */
static bool
is_lower(struct bytes name)
{
	size_t i;

	for (i = 0; i < name.len; i++) {
		if (name.ptr[i] >= 0x80 ||
		    (name.ptr[i] >= 'A' && name.ptr[i] <= 'Z'))
			return false;
	}
	return true;
}

/* Whether some text of a claim gives this name. */
static bool
claim_can_be(const struct rule *rule, struct bytes name)
{
	if (rule->lower && !is_lower(name))
		return false;
	return account_name_is_valid(name) ||
	    (rule->exactly && account_name_is_exact(name));
}

bool
reach_permits(const struct reach *reach, const struct service *service,
    const struct rule *rule)
{
	struct bytes name = bytes_str(reach->account);
	struct account_map_line line;
	size_t at = 0;

	if (!rule->permit || reach_condition(reach, rule) == TRI_FALSE)
		return false;
	if (rule->account == RULE_AS_NAME)
		return bytes_eq(rule->name, name);
	/* Neither a claim nor a map leads to root or a system account. */
	if (reach->facts.is_protected)
		return false;
	if (rule->account == RULE_AS_MAP)
		return reach_map_next(reach, service, rule, &at, &line);
	return claim_can_be(rule, name);
}

bool
reach_has_permit(const struct service *service)
{
	size_t i;

	for (i = 0; i < service->rules.count; i++) {
		if (service->rules.rule[i].permit)
			return true;
	}
	return false;
}
