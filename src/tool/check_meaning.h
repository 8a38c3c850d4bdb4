/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Warnings of rules that do not mean what they seem to mean: each says the line
 * that was most likely meant.  A rule that is right gets none, so that nobody
 * learns to skip them.
 */
#ifndef JWT_CHECK_MEANING_H
#define JWT_CHECK_MEANING_H

#include "core/base/diag.h"
#include "core/policy/policy.h"

/* Note the warnings of all rules; the policy has no error. */
void check_meaning_note(const struct policy *policy, struct diag *diag);

/* ---- for the files that look at parts of a rule ---- */

/* Where a part of a rule stands. */
struct meaning {
	const struct policy *policy;
	const struct service *service;
	const struct rule *rule;
	bool negated;		/* an odd number of nots around the test */
	struct diag *diag;
};

/* Note a warning at the line of the rule; returns true. */
bool meaning_warn(const struct meaning *in, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* check_meaning_test.c: one test; at most one warning. */
void meaning_of_test(const struct meaning *in, const struct rule_test *test);

/* check_meaning_value.c: values that no claim has; whether it has warned. */
bool meaning_of_value(const struct meaning *in, const struct rule_test *test);

/* check_meaning_names.c: names that others can have, in a permit rule. */
void meaning_of_names(const struct meaning *in);

/* check_meaning_order.c: rules of a service, compared with each other. */
void meaning_of_order(const struct meaning *in);

/*
 * Whether some test of the condition fits.  Its depth is bounded by the parser:
 * see RULE_DEPTH_MAX.
 */
bool meaning_has_test(const struct rule_cond *cond,
    bool (*fits)(const struct rule_test *test, const void *ctx),
    const void *ctx);

/* Whether the service takes tokens of GitHub Actions. */
bool meaning_is_github(const struct meaning *in);

/* Whether the word is the name of a claim that many tokens have. */
bool meaning_is_claim(struct bytes word);

#endif
