/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of a test of a rule as its author wrote them, for messages. */
#ifndef JWT_CHECK_WORDS_H
#define JWT_CHECK_WORDS_H

#include "core/policy/rule.h"

/* The claim at the start of the test, with its quotes; borrowed from it. */
struct bytes check_words_claim(const struct rule_test *test);

/* All that stands after the claim. */
struct bytes check_words_rest(const struct rule_test *test);

/* The claim at the end of a test that has two, or of "user in claim". */
struct bytes check_words_other(const struct rule_test *test);

/* The condition of a rule, which must have one. */
const char *check_words_condition(const struct rule *rule);

/* Whether the test looks at the top-level claim of that name. */
bool check_words_is(const struct rule_test *test, const char *name);

/* Whether the path is the top-level claim of that name. */
bool check_words_path_is(const struct claim_path *path, const char *name);

/* Whether a word stands in text without quotes, between signs or spaces. */
bool check_words_bare(struct bytes text, struct bytes word);

#endif
