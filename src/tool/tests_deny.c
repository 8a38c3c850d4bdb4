/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts how deny rules fire for the tokens of the tests. */
#include "tool/check_words.h"
#include "tool/tests_deny.h"

struct tests_deny_rule {
	const struct rule *rule;
	struct tests_deny_absent absent;	/* test NULL: nothing lacked */
	bool spared;	/* it did not fire for some token, or it was sure */
	bool hurts;	/* a token should have been let in */
};

/* Whether the test looks at a claim in front of its operator, or after it. */
static bool
looks_at(const struct rule_test *test, bool other)
{
	if (other)
		return test->op == RULE_EQ_CLAIM || test->op == RULE_NE_CLAIM ||
		    test->op == RULE_IN_CLAIM;
	return test->subject == RULE_CLAIM && test->op != RULE_EXISTS;
}

static bool
lacks(const struct rule_test *test, bool other, const struct json_node *claims)
{
	const struct claim_path *path = other ? &test->other : &test->path;

	return looks_at(test, other) && claim_path_get(path, claims) == NULL;
}

void
tests_deny_test(struct tests_deny *denies, const struct rule_test *test,
    enum tri value, const struct json_node *claims)
{
	bool other = !lacks(test, false, claims);

	if (value != TRI_UNKNOWN || denies->absent.test != NULL ||
	    (other && !lacks(test, true, claims)))
		return;
	denies->absent = (struct tests_deny_absent){
		.test = test, .is_other = other
	};
}

/* The entry of a rule; NULL if memory runs out: then there is no warning. */
static struct tests_deny_rule *
entry_of(struct tests_deny *denies, const struct rule *rule)
{
	struct tests_deny_rule *more;
	size_t i;

	for (i = 0; i < denies->count; i++) {
		if (denies->rules[i].rule == rule)
			return &denies->rules[i];
	}
	more = arena_grow(&denies->arena, denies->rules, denies->count,
	    sizeof(*more));
	if (more == NULL)
		return NULL;
	denies->rules = more;
	more[denies->count] = (struct tests_deny_rule){ .rule = rule };
	return &more[denies->count++];
}

void
tests_deny_note(struct tests_deny *denies, const struct rule *rule,
    enum tri value, bool wanted)
{
	struct tests_deny_absent absent = denies->absent;
	struct tests_deny_rule *entry;

	denies->absent = (struct tests_deny_absent){ .test = NULL };
	if (rule->permit)
		return;
	entry = entry_of(denies, rule);
	if (entry == NULL)
		return;
	if (value != TRI_UNKNOWN || absent.test == NULL)
		entry->spared = true;
	else
		entry->absent = absent;
	entry->hurts |= wanted;
}

/* The parser limits the depth of the recursion: see RULE_DEPTH_MAX. */
static bool
has_not(const struct rule_cond *cond)
{
	const struct rule_cond *child;
	bool found = cond->kind == RULE_NOT;

	for (child = cond->child; child != NULL && !found; child = child->next)
		found = has_not(child);
	return found;
}

/*
 * Warn of one rule, with the words that spare tokens without the claim.  They
 * stand in front of the one test, or of the whole condition where a "not" would
 * turn them round.
 */
static void
warn(const struct tests_deny_rule *entry, struct diag_place place,
    struct diag *diag)
{
	const struct rule_test *test = entry->absent.test;
	struct bytes claim = check_words_claim(test);
	const char *spared = test->text, *open = "", *close = "";

	if (entry->absent.is_other)
		claim = check_words_other(test);
	if (has_not(entry->rule->cond)) {
		spared = check_words_condition(entry->rule);
		open = "(";
		close = ")";
	}
	place.line = entry->rule->line;
	diag_add(diag, place, JWT_OK, "this rule denies every token of the "
	    "tests, because none has the claim %.*s, and a deny rule "
	    "refuses a token without it; if you meant only tokens with it: "
	    "%.*s exists and %s%s%s", BYTES_SHOW(claim), BYTES_SHOW(claim),
	    open, spared, close);
}

void
tests_deny_warn(const struct tests_deny *denies, const struct policy *policy,
    struct diag *diag)
{
	struct diag_place place = { .file = policy->file };
	size_t i;

	for (i = 0; i < denies->count; i++) {
		const struct tests_deny_rule *entry = &denies->rules[i];

		if (!entry->spared && entry->hurts && entry->absent.test != NULL)
			warn(entry, place, diag);
	}
}

void
tests_deny_clear(struct tests_deny *denies)
{
	arena_clear(&denies->arena);
}
