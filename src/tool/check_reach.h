/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which rules can lead to an account, whatever the claims of a token are.  It
 * answers by the rules alone: a condition on claims may hold.
 */
#ifndef JWT_CHECK_REACH_H
#define JWT_CHECK_REACH_H

#include "core/policy/account.h"
#include "core/policy/policy.h"

/* The account that is asked about. */
struct reach {
	const struct policy *policy;
	const char *account;
	struct account_facts facts;	/* of this host */
};

/* The rule of a service without permit rules: as claim sub. */
extern const struct rule reach_default_rule;

/*
 * The value of a condition for this account, as far as it is known without a
 * token: only "user = ..." and "user in { ... }" are.
 */
enum tri reach_condition(const struct reach *reach, const struct rule *rule);

/* Whether a permit rule of the service can let a token in as the account. */
bool reach_permits(const struct reach *reach, const struct service *service,
    const struct rule *rule);

/*
 * The next line of the map of the rule that leads to the account, for an issuer
 * that the service takes; like account_map_next().
 */
bool reach_map_next(const struct reach *reach, const struct service *service,
    const struct rule *rule, size_t *at, struct account_map_line *out);

/* Whether the service has a permit rule of its own. */
bool reach_has_permit(const struct service *service);

#endif
