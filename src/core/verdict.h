/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decision: policy, keys, token, account and time in, a verdict out.
 *
 * Pure.  What the decision needs to know of the host comes in struct
 * verdict_input, and nothing is written anywhere.  The PAM module and the
 * command ask this one function.
 */
#ifndef JWT_VERDICT_H
#define JWT_VERDICT_H

#include "core/claims.h"
#include "core/policy/account.h"
#include "core/state.h"

/* What is decided, in the order of the checks; names in verdict_check_name(). */
enum verdict_check {
	CHECK_FORM,		/* what jws_parse() found */
	CHECK_ISSUER,		/* iss chooses an issuer block */
	CHECK_SIGNATURE,	/* jws_verify() */
	CHECK_CLAIMS,		/* claims_check() */
	CHECK_RULES,		/* deny, then permit; the account */
	CHECK_BINDINGS,		/* cnf, status */
	CHECK_STATE		/* revoked, cut off, used: last of all */
};

/*
 * Told of each step, for `pam-jwt verify`.  NULL functions are not called.
 * What is handed out is borrowed for the call.
 */
struct verdict_observer {
	void (*check)(void *ctx, enum verdict_check check,
	    enum jwt_reason result);
	/* These two as struct permit_observer has them. */
	void (*rule)(void *ctx, const struct rule *rule, enum tri value,
	    enum jwt_reason account);
	void (*test)(void *ctx, const struct rule_test *test, enum tri value,
	    const char *why);
	/* The signature is good: these are the claims. */
	void (*claims)(void *ctx, const struct issuer *issuer,
	    const struct claims *claims);
	void *ctx;
};

struct verdict_input {
	const struct policy *policy;	/* keys bound */
	const struct service *service;	/* of the policy; never NULL */
	const char *user;		/* asked for; NULL: the token says who */
	const char *rhost;		/* NULL: none */
	int64_t now;			/* seconds since the epoch */
	/*
	 * The token, as jws_parse() left it, whatever that returned; NULL when
	 * memory ran out.  The verdict takes it over: verdict_clear() wipes
	 * and frees it.  The bytes that it borrows must stay until then.
	 */
	struct jws *jws;
	bool is_cut;			/* the rest of it did not come */
	const struct account_host *accounts;
	const struct state_store *state;	/* NULL: none */
	bool dry;		/* look whether it was used, and do not use it */
	const struct verdict_observer *observer;	/* NULL: none */
};

struct verdict {
	enum jwt_reason reason;
	const struct service *service;
	const struct issuer *issuer;	/* NULL until iss is known */
	const struct rule *rule;	/* that decided; NULL: none */
	struct account_facts account_facts;
	char account[ACCOUNT_NAME_MAX + 1];	/* "" unless accepted */
	struct bytes kid;		/* unverified before the signature is */
	bool verified;			/* the signature is good */
	struct claims_identity id;	/* empty unless verified */
	uint8_t digest[HASH_LEN];	/* SHA-256 of the signing input */
	bool has_digest;	/* the configuration keeps state */
	enum state_kind refused_by;	/* the fact that refuses; 0: none does */
	/*
	 * The only thing that keeps a permit rule from holding is how the user
	 * authenticated: what is missing, for the user.  NULL: something else.
	 */
	const struct rule_test *missing_test;
	struct jws *jws;		/* taken over: id and kid borrow it */
};

/*
 * Decide.  Returns out->reason; JWT_OK lets in->user, or out->account where
 * none was asked for, in.  Whatever the result, in->jws belongs to *out, which
 * the caller must clear.
 */
JWT_MUST_USE enum jwt_reason verdict_reach(const struct verdict_input *in,
    struct verdict *out);

/* Wipes and frees; accepts a zeroed verdict. */
void verdict_clear(struct verdict *verdict);

/* "form", "issuer", …; static. */
const char *verdict_check_name(enum verdict_check check);

#endif
