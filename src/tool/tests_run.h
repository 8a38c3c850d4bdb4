/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the tests of a policy, and says why one fails. */
#ifndef JWT_TESTS_RUN_H
#define JWT_TESTS_RUN_H

#include <stdio.h>

#include "core/policy/policy.h"
#include "tool/tests_conf.h"

struct json_object;

/* Set the members up to out, and zero the rest. */
struct tests_run {
	const struct policy *policy;
	const struct tests_conf *conf;
	int64_t now;		/* of a test that gives none */
	bool any_account;	/* accounts that this host lacks are there */
	FILE *out;		/* failed tests, with the explanation */
	struct json_object *results;	/* the same, and instead; or NULL */
	size_t passed;
	size_t failed;
	struct diag warnings;	/* owned; what the tests show of the rules */
};

/*
 * Run all tests.  Each goes through the module's whole verdict, with a key that
 * is made for the run instead of the provider's, and with a state that knows of
 * no revocation and no use.
 *
 * Returns JWT_OK, whether tests fail or not; or JWT_OUT_OF_MEMORY or
 * JWT_INTERNAL, and then some did not run.
 */
JWT_MUST_USE enum jwt_reason tests_run(struct tests_run *run);

void tests_run_clear(struct tests_run *run);

#endif
