/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a verdict is made of, for `pam-jwt verify`: noted while it is being
 * reached, printed afterwards.
 */
#ifndef JWT_EXPLAIN_H
#define JWT_EXPLAIN_H

#include <stdio.h>

#include "cli/decoded.h"
#include "core/verdict.h"

#define EXPLAIN_CHECKS 7	/* the members of enum verdict_check */

struct json_object;
struct explain_rule;
struct explain_test;

struct explain_check {
	enum verdict_check check;
	enum jwt_reason result;
};

/* Set the first members, zero the rest, and give it as the observer's ctx. */
struct explain {
	const struct policy *policy;	/* NULL when it could not be loaded */
	const struct verdict *verdict;	/* the one being reached */
	const struct decoded *decoded;	/* the token's */
	const char *service;
	const char *user;		/* NULL: none asked for */
	int64_t now;
	struct arena arena;
	struct explain_check checks[EXPLAIN_CHECKS];
	size_t check_count;
	struct explain_rule *rules;	/* of the arena, as are the tests */
	size_t rule_count;
	struct explain_test *tests;
	size_t test_count;
};

struct verdict_observer explain_observer(struct explain *explain);

/*
 * The account that a rule gives this token, asked for or not; false when it
 * gives none.  Only for a token that is verified.
 */
bool explain_account(const struct explain *explain, const struct rule *rule,
    char out[ACCOUNT_NAME_MAX + 1]);

/* Whether a rule was looked at that tests a claim of this name in vain. */
bool explain_missed(const struct explain *explain, const char *name);

/* A line for each check, and below that of the rules each of them. */
void explain_print(const struct explain *explain, FILE *out);

/* The same as the members "checks" and "rules" of object. */
void explain_json(const struct explain *explain, struct json_object *object);

void explain_clear(struct explain *explain);

#endif
