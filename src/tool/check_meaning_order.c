/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds a permit rule that never decides, because one before it lets the same
 * tokens in as the same account.  Its condition guards nothing.
 */
#include "tool/check_meaning.h"

static bool
paths_are_equal(const struct claim_path *a, const struct claim_path *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++) {
		if (!bytes_eq(a->steps[i], b->steps[i]))
			return false;
	}
	return true;
}

/* Whether both rules make the same account of a token. */
static bool
accounts_are_equal(const struct rule *a, const struct rule *b)
{
	if (a->account != b->account)
		return false;
	switch (a->account) {
	case RULE_AS_NAME:
		return bytes_eq(a->name, b->name);
	case RULE_AS_MAP:
		return strcmp(a->map_path, b->map_path) == 0;
	case RULE_AS_CLAIM:
		break;
	}
	return paths_are_equal(&a->claim, &b->claim) &&
	    bytes_eq(a->without, b->without) && a->lower == b->lower &&
	    bytes_eq(a->without_prefix, b->without_prefix) &&
	    (a->exactly || !b->exactly);
}

static bool
has_text(const struct rule_test *test, const void *ctx)
{
	return strcmp(test->text, ctx) == 0;
}

/* Whether each test of the conjunction a stands in the conjunction b, too. */
static bool
is_part_of(const struct rule_cond *a, const struct rule_cond *b)
{
	const struct rule_cond *child;

	if (a->kind == RULE_TEST)
		return meaning_has_test(b, has_text, a->test.text);
	for (child = a->child; child != NULL; child = child->next) {
		if (!is_part_of(child, b))
			return false;
	}
	return true;
}

/* Whether every token that meets the condition of b meets that of a. */
static bool
condition_covers(const struct rule *a, const struct rule *b)
{
	if (a->cond == NULL)
		return true;
	if (b->cond == NULL || !a->conjunction || !b->conjunction)
		return false;
	return is_part_of(a->cond, b->cond);
}

/*
 * A rule about the actor of a token lets tokens in that others do not: see
 * try_permit() of permit.c.
 */
static bool
wins_before(const struct rule *a, const struct rule *b)
{
	return a->permit && (a->names_act || !b->names_act) &&
	    accounts_are_equal(a, b) && condition_covers(a, b);
}

void
meaning_of_order(const struct meaning *in)
{
	const struct rule *rule;

	for (rule = in->service->rules.rule; rule < in->rule; rule++) {
		if (!wins_before(rule, in->rule))
			continue;
		(void)meaning_warn(in, "line %u lets in everybody whom this "
		    "rule lets in, and others, as the same account: this rule "
		    "changes nothing; if it was meant to limit line %u, write "
		    "its condition there", rule->line, rule->line);
		return;
	}
}
