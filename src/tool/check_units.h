/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks that systemd units can write to the state, for `pam-jwt check`. */
#ifndef JWT_CHECK_UNITS_H
#define JWT_CHECK_UNITS_H

#include "core/policy/policy.h"

/* The folders where systemd looks for units, and NULL after the last. */
extern const char *const check_units_folders[];

/*
 * Add a warning to diag for each unit on this host whose sandbox keeps it
 * from writing to the directory of the state, or of fetched keys, that the
 * configuration names: a logout then fails, a one-time token is refused, and
 * old facts are kept for ever.  The warning says which drop-in is missing.
 *
 * folders  check_units_folders; a test has its own
 */
void check_units_note(const char *const *folders, const struct policy *policy,
    struct diag *diag);

#endif
