/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the units of systemd reach the state: for `pam-jwt check`. */
#ifndef JWT_CHECK_UNITS_H
#define JWT_CHECK_UNITS_H

#include "core/policy/policy.h"

/* Where systemd looks for units; NULL after the last. */
extern const char *const check_units_folders[];

/*
 * Add a warning to diag for each unit on this host whose sandbox keeps it
 * from writing to the directory of the state, or of fetched keys, that the
 * configuration names: a logout is then not heard, a one-time token refused,
 * and old facts are kept for ever.  It says which drop-in is missing.
 *
 * folders  check_units_folders, but for a test
 */
void check_units_note(const char *const *folders, const struct policy *policy,
    struct diag *diag);

#endif
