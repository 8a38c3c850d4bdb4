/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tokens for the tests of a policy, and the key that signs them.
 *
 * A test has claims, but no signature of the provider.  Nothing in the core can
 * skip the signature, and nothing here asks it to: the tests run on a copy of
 * the policy whose issuers have one key, made for this run and known to nobody
 * else.  So a test goes the whole way of a token, by the module's own code, and
 * only the keys are others.
 */
#ifndef JWT_TESTS_TOKEN_H
#define JWT_TESTS_TOKEN_H

#include "core/policy/policy.h"
#include "core/proof.h"
#include "issuer/keypair.h"
#include "tool/tests_conf.h"

/* Zero it before use, and clear it afterwards. */
struct tests_signer {
	struct policy policy;	/* the copy; borrows all but its issuers */
	struct issuer owner;	/* has the one key */
	struct keypair pair;
};

/*
 * Make a key, and the copy of the policy that knows only it.  policy is not
 * changed, and must stay until the signer is cleared.
 */
JWT_MUST_USE enum jwt_reason tests_signer_make(const struct policy *policy,
    struct tests_signer *out);

void tests_signer_clear(struct tests_signer *signer);

/* The contents of the token of a test. */
struct tests_token {
	const struct tests_case *test;
	const struct issuer *issuer;	/* of the copy */
	const struct service *service;
	const struct proof *proof;	/* of the key of the test; perhaps none */
	int64_t now;
};

/*
 * Make the token: the claims of the test and, of iss, aud, iat, exp and jti,
 * those that it leaves out, so that they hold.  A token for a service with
 * require_proof is bound to the key of the test, if it has one and no cnf.
 *
 * Returns JWT_OK with a new buffer in *out; otherwise JWT_OUT_OF_MEMORY,
 * JWT_INTERNAL, or JWT_SIGNATURE_INVALID if OpenSSL does not sign.
 */
JWT_MUST_USE enum jwt_reason tests_token_make(const struct tests_token *token,
    struct tests_signer *signer, struct secret *out);

#endif
