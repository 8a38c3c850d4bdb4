/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hints: for a refusal one sentence that says what differs from what, for the
 * log and for `pam-jwt verify`.  A hint decides nothing.
 *
 * The log is read by more people than a token is meant for, and anybody can
 * send a token.  So a hint holds no more of a token whose signature is not
 * verified than iss and kid; everything else in it comes from the
 * configuration.  decrypt-failed has no hint: it would help an attacker.
 */
#ifndef JWT_HINT_H
#define JWT_HINT_H

#include "core/base/line.h"
#include "core/verdict.h"

/* A refusal. */
struct hint_facts {
	const struct verdict_input *in;	/* as verdict_reach() had it */
	const struct verdict *verdict;
	const char *service;	/* PAM_SERVICE: in->service may be that of "*" */
};

enum hint_form {
	HINT_LOG,	/* quoted by ', short lists: for a value in quotes */
	HINT_TERMINAL	/* quoted by ", longer lists */
};

#define HINT_SIZE 1024	/* bytes with terminator: enough for a terminal */

/*
 * Write the hint, or "" if there is nothing to say.  A hint that is too long is
 * cut, and ends in "..." then.
 *
 * out, size  printable ASCII, in HINT_LOG without " and \ outside of escapes
 */
void hint_write(const struct hint_facts *facts, enum hint_form form, char *out,
    size_t size);

/*
 * Find the account that a rule gives this token, whether it was asked for or
 * not; false when there is no such account, or the token is not verified.
 *
 * in  as verdict_reach() had it
 */
bool hint_account(const struct verdict_input *in, const struct verdict *verdict,
    const struct rule *rule, char out[ACCOUNT_NAME_MAX + 1]);

#define HINT_CLOCK_SIZE 64

/* "the clock of the host shows mon 14:03"; "" if nobody knows. */
void hint_clock(const struct zone *zone, int64_t now,
    char out[HINT_CLOCK_SIZE]);

#endif
