/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Applies the rules of a service to the claims of a verified token: may it log
 * in, and as which local account?
 *
 * All deny rules come first, then the permit rules in the order in which they
 * are written.  The first permit rule whose condition is true and whose
 * account is the one asked for wins.  If none wins, the token is refused.
 *
 * Pure: a function that the caller passes looks accounts up.
 */
#ifndef JWT_PERMIT_H
#define JWT_PERMIT_H

#include "core/jose/jws.h"
#include "core/policy/account.h"

/*
 * Functions that are called at each step, to explain a decision, unless they
 * are NULL.  They borrow their arguments for the call.
 */
struct permit_observer {
	/* A rule was evaluated: the value of its condition, and its account. */
	void (*rule)(void *ctx, const struct rule *rule, enum tri value,
	    enum jwt_reason account);
	/* One test of the rule with which rule() is called next. */
	void (*test)(void *ctx, const struct rule_test *test, enum tri value,
	    const char *why);
	void *ctx;
};

struct permit_input {
	const struct rule_list *rules;	/* of the service */
	const struct claims *claims;	/* made by jws_verify() */
	struct bytes sub;		/* checked by claims_check() */
	const char *issuer;		/* name of the issuer block, for maps */
	unsigned leeway_sec;		/* of that issuer */
	const char *user;	/* asked for; NULL: the token names the account */
	const char *rhost;		/* NULL: none */
	const char *key_type;	/* of the ssh key that was proved; NULL: unknown */
	const char *key_ca;	/* of its certificate; NULL: unknown, "": none */
	int64_t now;			/* seconds since the epoch */
	struct zone_time local;		/* of now, on this host */
	bool takes_clients;		/* "as claim" is for programs as well */
	const struct account_host *accounts;
	const struct policy_source *source;	/* NULL: the rules have their maps */
	const struct permit_observer *observer;	/* NULL: none */
};

struct permit {
	const struct rule *rule;	/* the one that decided, or NULL */
	char account[ACCOUNT_NAME_MAX + 1];	/* "" unless JWT_OK */
	struct account_facts account_facts;	/* of the last one looked up */
	/*
	 * The first failed test of a rule that only lacks a better
	 * authentication, by acr, amr or auth_time.  NULL: there is no such
	 * rule, or the token is let in.
	 */
	const struct rule_test *missing_test;
};

/*
 * Say what shows that a token is a program's and not a person's (the client
 * credentials grant, RFC 6749 section 4.4): a static phrase, or NULL.
 *
 * The sub of such a token names the client (RFC 9068 section 5).  Somebody who
 * may register clients at the provider must not choose accounts on this host by
 * it: a client called alice would be alice.
 *
 * claims  the payload; it must be verified if the answer decides anything
 */
const char *permit_client_sign(const struct json_node *claims);

/*
 * Apply the rules.  A list without a permit rule has the permit rule
 * "as claim sub".
 *
 * out  set whatever the result; borrows from in
 *
 * Returns JWT_OK with the account; a refusal of the policy or the account
 * class, and of several permit rules the refusal that tells most; or a failure
 * of the look-up of an account, JWT_OUT_OF_MEMORY or JWT_INTERNAL.
 */
JWT_MUST_USE enum jwt_reason permit_check(const struct permit_input *in,
    struct permit *out);

#endif
