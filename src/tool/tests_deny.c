/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts how deny rules fire for the tokens of the tests. */
#include "tool/check_words.h"
#include "tool/tests_deny.h"

struct tests_deny_rule {
	const struct rule *rule;
	const struct rule_test *absent;	/* whose claim a token lacked */
	bool spared;	/* it did not fire for some token, or it was sure */
	bool hurts;	/* a token should have been let in */
};

static bool
is_absent(const struct rule_test *test, const struct json_node *claims)
{
	return test->subject == RULE_CLAIM && test->op != RULE_EXISTS &&
	    claim_path_get(&test->path, claims) == NULL;
}

void
tests_deny_test(struct tests_deny *denies, const struct rule_test *test,
    enum tri value, const struct json_node *claims)
{
	if (value == TRI_UNKNOWN && denies->absent == NULL &&
	    is_absent(test, claims))
		denies->absent = test;
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
	const struct rule_test *absent = denies->absent;
	struct tests_deny_rule *entry;

	denies->absent = NULL;
	if (rule->permit)
		return;
	entry = entry_of(denies, rule);
	if (entry == NULL)
		return;
	if (value != TRI_UNKNOWN || absent == NULL)
		entry->spared = true;
	else
		entry->absent = absent;
	entry->hurts |= wanted;
}

void
tests_deny_warn(const struct tests_deny *denies, const struct policy *policy,
    struct diag *diag)
{
	struct diag_place place = { .file = policy->file };
	size_t i;

	for (i = 0; i < denies->count; i++) {
		const struct tests_deny_rule *entry = &denies->rules[i];
		struct bytes claim;

		if (entry->spared || !entry->hurts || entry->absent == NULL)
			continue;
		claim = check_words_claim(entry->absent);
		place.line = entry->rule->line;
		diag_add(diag, place, JWT_OK, "this rule denies every token of "
		    "the tests, because none has the claim %.*s, and a deny "
		    "rule fires where it cannot tell; if only tokens with the "
		    "claim were meant: %.*s exists and %s", BYTES_SHOW(claim),
		    BYTES_SHOW(claim), entry->absent->text);
	}
}

void
tests_deny_clear(struct tests_deny *denies)
{
	arena_clear(&denies->arena);
}
