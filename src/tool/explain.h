/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The steps of a verdict, for `pam-jwt verify`: noted while the core reaches
 * it, and printed afterwards.
 */
#ifndef JWT_EXPLAIN_H
#define JWT_EXPLAIN_H

#include <stdio.h>

#include "cli/decoded.h"
#include "core/hint.h"

#define EXPLAIN_CHECKS (CHECK_STATE + 1)	/* enum verdict_check */

struct json_object;
struct explain_rule;
struct explain_test;

struct explain_check {
	enum verdict_check check;
	enum jwt_reason result;
};

/* Set the members up to now, and zero the rest. */
struct explain {
	/* As verdict_reach() has it; no policy when it could not be loaded. */
	struct verdict_input in;
	const struct verdict *verdict;	/* the one being reached */
	const struct decoded *decoded;	/* the token's */
	const char *service;
	struct arena arena;
	struct explain_check checks[EXPLAIN_CHECKS];
	size_t check_count;
	struct explain_rule *rules;	/* owned by arena, like tests */
	size_t rule_count;
	struct explain_test *tests;
	size_t test_count;
};

/* The observer that notes into *explain. */
struct verdict_observer explain_observer(struct explain *explain);

/* Print a line for each check, and each rule below the check of the rules. */
void explain_print(const struct explain *explain, FILE *out);

/* Add the same to object, as the members "checks" and "rules". */
void explain_json(const struct explain *explain, struct json_object *object);

void explain_clear(struct explain *explain);

#endif
