/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loads the parts of a policy that depend on the token, after it has come: the
 * keys of its issuer, and its line of a map.  A login must not pay
 * for the keys and the lines of all the others, nor be refused for their faults.
 */
#ifndef JWT_SOURCE_H
#define JWT_SOURCE_H

#include "core/policy/account.h"
#include "core/policy/policy.h"

/*
 * The host loads into the policy of the decision, and notes faults in a diag of
 * its own.  Each function may be called again, and then loads again.
 */
struct policy_source {
	/*
	 * Load the keys of an issuer of the policy, and bind them.
	 *
	 * all  have OpenSSL make each key, so that those that are not sound are
	 *      left out; otherwise each is made when it verifies
	 *
	 * Returns JWT_OK, or a reason of the configuration or internal class.
	 */
	enum jwt_reason (*keys)(void *ctx, const struct issuer *issuer,
	    bool all);
	/*
	 * Load the keys that decrypt, of each issuer that the service takes: a
	 * token of five parts is not read before one of them has opened it.
	 * Returns as keys() does.
	 */
	enum jwt_reason (*decryption)(void *ctx, const struct service *service);
	/*
	 * Find the accounts of a subject in the map file of a rule.  *out is in
	 * the arena of the policy.  Returns as account_map_find() does, or
	 * JWT_CONFIG_UNSAFE or JWT_INTERNAL.
	 */
	enum jwt_reason (*accounts)(void *ctx, const struct rule *rule,
	    const struct account_query *query, struct bytes *out);
	void *ctx;
};

#endif
