/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Evaluates "has" and its forms: whether a claim holds one of some values, all
 * of them, or one that fits a pattern.
 */
#ifndef JWT_RULE_HAS_H
#define JWT_RULE_HAS_H

#include "core/policy/outcome.h"

/*
 * Make a set of the values of a test: sorted, and each of them once.  The
 * parser calls this for "has any" and "has all".
 */
void rule_has_prepare(struct rule_test *test);

/* Evaluate RULE_HAS and RULE_HAS_...; node is neither absent nor null. */
struct outcome rule_has(const struct json_node *node,
    const struct rule_test *test);

/* Whether an array of strings holds a value. */
struct outcome rule_array_has(const struct json_node *array,
    struct bytes value);

#endif
