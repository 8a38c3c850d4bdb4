/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of a policy, as an administrator writes them into tests.conf: claims,
 * and what the configuration must say to them.  pam-jwt check alone reads the
 * file; a login never does.
 */
#ifndef JWT_TESTS_CONF_H
#define JWT_TESTS_CONF_H

#include "core/base/diag.h"
#include "core/jose/sshkey.h"

#ifndef SYSCONFDIR	/* the Makefile has it */
#define SYSCONFDIR "/etc"
#endif
#define TESTS_CONF_NAME "tests.conf"
#define TESTS_CONF_DEFAULT SYSCONFDIR "/pam_jwt/" TESTS_CONF_NAME
#define TESTS_CONF_MAX 1000	/* tests of one file */

/* A section [test NAME].  Strings are in the arena; NULL: not set. */
struct tests_case {
	const char *name;
	unsigned line;
	const char *service;	/* as PAM has it, in lowercase */
	const char *issuer;	/* name of an [issuer]; NULL: the only one */
	unsigned issuer_line;
	const char *user;	/* asked for; NULL: the token says who */
	const char *rhost;
	bool has_now;
	int64_t now;		/* seconds since the epoch, if has_now is set */
	const char *claims;	/* one strict JSON object; NULL: {} */
	const char *key;	/* the ssh key that was proved: its type and blob */
	const char *account;	/* must be let in as; NULL: must be refused */
	enum jwt_reason reason;	/* of the refusal; JWT_OK if account is set */
	unsigned expect_line;
};

struct tests_conf {
	struct arena arena;
	const char *file;
	struct tests_case *cases;
	size_t count;
};

/*
 * Read the text of a file.  Every fault is noted in diag with its line; only
 * without one may the tests be run, because a test that is left out would pass.
 *
 * Returns JWT_OK, JWT_CONFIG_INVALID or JWT_OUT_OF_MEMORY.  The caller must
 * clear *out whatever the result.
 */
JWT_MUST_USE enum jwt_reason tests_conf_parse(struct bytes text,
    const char *file, struct diag *diag, struct tests_conf *out);

void tests_conf_clear(struct tests_conf *conf);

#endif
