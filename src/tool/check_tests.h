/* SPDX-License-Identifier: BSD-2-Clause */
/* The tests of a configuration: which file has them, and how they end. */
#ifndef JWT_CHECK_TESTS_H
#define JWT_CHECK_TESTS_H

#include "tool/tests_run.h"

/* Zero it before use, and clear it afterwards. */
struct check_tests {
	bool is_there;		/* a file was read, and has no error */
	struct tests_conf conf;
	struct tests_run run;
	enum jwt_reason ran;	/* of tests_run(); JWT_OK if there was none */
};

/*
 * Read the file of tests: the one that is named, or the tests.conf in the folder
 * of the configuration, or the default one.  Only a file that is named must be
 * there.  The tests of a host also count for a configuration that is still in
 * another folder, because that is where a tool tries it before it is installed.
 *
 * named   absolute; NULL: none
 * config  absolute
 *
 * False, with the faults in diag, if the file cannot be used.
 */
bool check_tests_read(const char *named, const char *config,
    struct diag *diag, struct check_tests *out);

/*
 * Run them, if there is a file.  Set policy, now, any_account, out and results
 * of tests->run before.
 */
void check_tests_run(struct check_tests *tests);

/* Whether every test ran and passed; true without a file. */
bool check_tests_passed(const struct check_tests *tests);

void check_tests_clear(struct check_tests *tests);

#endif
