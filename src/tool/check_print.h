/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt check prints a configuration without errors by this. */
#ifndef JWT_CHECK_PRINT_H
#define JWT_CHECK_PRINT_H

#include "core/policy/policy.h"

/*
 * Print the issuers with their keys, the services with their rules, the state
 * and the stacks of PAM to standard output.
 *
 * now  for the age of fetched keys; seconds since the epoch
 */
void check_print(const struct policy *policy, int64_t now);

/*
 * The name of the section that counts for a service of PAM: its own, "*", or
 * NULL if none does, so that permit = as claim sub counts.
 */
const char *check_print_section(const struct policy *policy,
    const char *service);

#endif
