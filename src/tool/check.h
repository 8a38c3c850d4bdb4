/* SPDX-License-Identifier: BSD-2-Clause */
/* A run of pam-jwt check: what was read, and what was found. */
#ifndef JWT_CHECK_H
#define JWT_CHECK_H

#include "core/policy/policy.h"
#include "tool/check_tests.h"

struct check {
	const char *config;	/* absolute */
	int64_t now;		/* seconds since the epoch */
	struct policy policy;
	bool is_loaded;		/* without an error: the tests can be run */
	enum jwt_reason reason;	/* of the configuration and the host */
	const char *not_looked_at;	/* around it on this host; NULL: nothing */
	struct diag diag;
	struct diag tests_diag;	/* of the file of tests */
	struct check_tests tests;
};

/* Whether there is no error, and no test that failed. */
static inline bool
check_is_ok(const struct check *check)
{
	return check->reason == JWT_OK &&
	    check->tests_diag.reason == JWT_OK &&
	    check_tests_passed(&check->tests);
}

#endif
