/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decides whether a token logs in, from the policy, the keys, the account and
 * the time.
 *
 * Pure: everything that the decision needs to know of the host is in struct
 * verdict_input, and nothing is written anywhere.  The PAM module and the
 * command call the same function, so that `pam-jwt verify` says what a login
 * would do.
 */
#ifndef JWT_VERDICT_H
#define JWT_VERDICT_H

#include "core/claims.h"
#include "core/jose/jwe.h"
#include "core/permit.h"
#include "core/policy/source.h"
#include "core/proof.h"
#include "core/state.h"

/* The checks in their order; verdict_check_name() has their names. */
enum verdict_check {
	CHECK_DECRYPTION,	/* only of a token of five parts */
	CHECK_FORM,		/* what jws_parse() found */
	CHECK_ISSUER,		/* iss chooses an issuer block; is it encrypted? */
	CHECK_SIGNATURE,	/* its keys, and jws_verify() */
	CHECK_CLAIMS,		/* claims_check() */
	CHECK_RULES,		/* deny, then permit; the account */
	CHECK_BINDINGS,		/* cnf, status */
	CHECK_STATE		/* revoked, cut off, used: last of all */
};

/*
 * Functions that are called at each step, for `pam-jwt verify`, unless they are
 * NULL.  They borrow their arguments for the call.
 */
struct verdict_observer {
	void (*check)(void *ctx, enum verdict_check check,
	    enum jwt_reason result);
	/* These two are those of struct permit_observer. */
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
	const struct policy *policy;
	const struct policy_source *source;	/* NULL: it has everything */
	const struct service *service;	/* of the policy; never NULL */
	const char *user;	/* asked for; NULL: the token names the account */
	const char *rhost;		/* NULL: none */
	const struct proof *proof;	/* the keys that were proved; NULL: none */
	int64_t now;			/* seconds since the epoch */
	/*
	 * The token as jws_parse() left it, or, if it is encrypted, jwe_parse():
	 * one of the two, whatever that returned.  Both are NULL if memory ran
	 * out.  The verdict takes it over: verdict_clear() wipes and frees it.
	 * The bytes that it borrows must stay until then.
	 */
	struct jws *jws;
	struct jwe *jwe;
	bool is_cut;			/* the rest of it did not come */
	const struct account_host *accounts;
	const struct state_store *state;	/* NULL: none */
	bool dry;		/* ask whether it was used, but do not use it */
	const struct verdict_observer *observer;	/* NULL: none */
};

struct verdict {
	enum jwt_reason reason;
	const struct service *service;
	const struct issuer *issuer;	/* NULL until iss is known */
	const struct rule *rule;	/* the one that decided, or NULL */
	struct account_facts account_facts;
	char account[ACCOUNT_NAME_MAX + 1];	/* "" unless accepted */
	/*
	 * Not verified unless claims is set.  Of an encrypted token the kid of
	 * the key that decrypts, until the token inside was parsed.
	 */
	struct bytes kid;
	const struct claims *claims;	/* NULL until the signature is good */
	struct claims_identity id;	/* empty without claims */
	uint8_t digest[HASH_LEN];	/* SHA-256 of the signing input */
	bool has_digest;	/* the configuration keeps state */
	struct state_refusal refusal;	/* by the state */
	const struct proof *proof;	/* of the input; never NULL */
	bool is_bound;		/* the token has a cnf */
	struct proof_binding binding;	/* read if the service asks for a proof */
	/*
	 * Set if a permit rule would let the token in, had the user only
	 * authenticated in another way: the test that fails, to tell the user.
	 */
	const struct rule_test *missing_test;
	struct jws *jws;	/* owned; claims, id and kid borrow from it */
	struct jwe *jwe;	/* owned; jws borrows from it; NULL: not encrypted */
};

/*
 * Parse a token into in->jws or in->jwe, by its outer form alone.  The result
 * of that is found by verdict_reach().
 */
void verdict_parse(struct bytes token, struct verdict_input *in);

/*
 * Decide.  Returns out->reason.  JWT_OK lets in->user in, or out->account if
 * in->user is NULL.  Whatever the result, in->jws and in->jwe belong to *out
 * afterwards, and the caller must clear *out.
 */
JWT_MUST_USE enum jwt_reason verdict_reach(const struct verdict_input *in,
    struct verdict *out);

/*
 * Apply the rules again to the token of a verdict, for an observer that wants
 * to know why they refused it; the verdict stays as it is.  Nothing happens if
 * the signature of the token is not verified.
 *
 * in  as verdict_reach() had it
 */
void verdict_observe_rules(const struct verdict_input *in,
    const struct verdict *verdict, const struct permit_observer *observer);

/* Wipes and frees; accepts a zeroed verdict. */
void verdict_clear(struct verdict *verdict);

/* "decryption", "form", "issuer", …; static. */
const char *verdict_check_name(enum verdict_check check);

#endif
