/* SPDX-License-Identifier: BSD-2-Clause */
/* Local accounts, by the name service of the host. */
#ifndef JWT_ACCOUNTS_H
#define JWT_ACCOUNTS_H

#include "core/policy/account.h"

#define ACCOUNTS_UID_MIN 1000	/* where /etc/login.defs does not say */

#define ACCOUNTS_NAME_SIZE (ACCOUNT_NAME_MAX + 1)

/* Looks accounts up in NSS and /etc/login.defs; static, for verdict_reach(). */
extern const struct account_host accounts_host;

/*
 * UID_MIN of /etc/login.defs: ids below it are the system's.  A host without
 * the file has ACCOUNTS_UID_MIN.  Returns JWT_OK; JWT_CONFIG_INVALID when the
 * file is not safe or its value no number; JWT_OUT_OF_MEMORY or JWT_INTERNAL.
 */
JWT_MUST_USE enum jwt_reason accounts_uid_min(unsigned long *out);

/*
 * The name that NSS has for an account, which may be written in other ways
 * where it does not mind case.  out is "" when there is no such account.
 * Returns JWT_OK, JWT_OUT_OF_MEMORY or JWT_INTERNAL.
 */
JWT_MUST_USE enum jwt_reason accounts_own_name(const char *name,
    char out[ACCOUNTS_NAME_SIZE]);

#endif
