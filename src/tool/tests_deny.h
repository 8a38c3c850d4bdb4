/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds deny rules that fire for everybody because no token has the claim: the
 * tokens of the tests show it.
 */
#ifndef JWT_TESTS_DENY_H
#define JWT_TESTS_DENY_H

#include "core/base/diag.h"
#include "core/policy/policy.h"

struct tests_deny_rule;

/* A test that is unknown because a token lacks a claim. */
struct tests_deny_absent {
	const struct rule_test *test;	/* NULL: no such test */
	bool is_other;	/* the claim is the one after the operator */
};

/* Zero it before use. */
struct tests_deny {
	struct arena arena;
	struct tests_deny_rule *rules;
	size_t count;
	struct tests_deny_absent absent;	/* of the rule that is evaluated */
};

/* One test of a rule was evaluated, for these claims. */
void tests_deny_test(struct tests_deny *denies, const struct rule_test *test,
    enum tri value, const struct json_node *claims);

/* A rule was evaluated; wanted: the token should have been let in. */
void tests_deny_note(struct tests_deny *denies, const struct rule *rule,
    enum tri value, bool wanted);

/*
 * Warn of each deny rule that fired for every token that came to it, for want of
 * a claim, though one of them should have been let in.
 */
void tests_deny_warn(const struct tests_deny *denies,
    const struct policy *policy, struct diag *diag);

void tests_deny_clear(struct tests_deny *denies);

#endif
