/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks the state of fetched keys, for `pam-jwt check`. */
#ifndef JWT_CHECK_SYNC_H
#define JWT_CHECK_SYNC_H

#include <stdio.h>

#include "core/policy/policy.h"

/*
 * Add warnings to diag about a last success that is too long ago, a fetcher
 * that is not installed, files that a fetch would need, and sets that no issuer
 * uses.  A set that does not count was noted when it was loaded.
 *
 * now  seconds since the epoch
 */
void check_sync_note(const struct policy *policy, int64_t now,
    struct diag *diag);

/* Print the age of an issuer's set; print nothing without keys = sync. */
void check_sync_print(const struct issuer *issuer, int64_t now, FILE *out);

#endif
