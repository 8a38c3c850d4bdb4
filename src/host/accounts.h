/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks up local accounts in the name service (NSS) of the host. */
#ifndef JWT_ACCOUNTS_H
#define JWT_ACCOUNTS_H

#include <sys/types.h>

#include "core/policy/account.h"

#define ACCOUNTS_UID_MIN 1000	/* if /etc/login.defs does not set one */

#define ACCOUNTS_NAME_SIZE (ACCOUNT_NAME_MAX + 1)

/* Looks accounts up in NSS and /etc/login.defs; static, for verdict_reach(). */
extern const struct account_host accounts_host;

/*
 * Find UID_MIN of /etc/login.defs: accounts with a smaller uid are system
 * accounts.  On a host without the file it is ACCOUNTS_UID_MIN.
 *
 * Returns JWT_OK; JWT_CONFIG_INVALID if the file is not safe to read or its
 * value is not a number; JWT_OUT_OF_MEMORY or JWT_INTERNAL.
 */
JWT_MUST_USE enum jwt_reason accounts_uid_min(unsigned long *out);

/*
 * Find the name of an account as NSS itself writes it.  Some name services
 * ignore case, so that Alice and alice are one account.  out is "" if there is
 * no such account.
 * Returns JWT_OK, JWT_OUT_OF_MEMORY or JWT_INTERNAL.
 */
JWT_MUST_USE enum jwt_reason accounts_own_name(const char *name,
    char out[ACCOUNTS_NAME_SIZE]);

/* Whether an account has that uid; false if nobody can tell. */
bool accounts_is(const char *name, uid_t uid);

#endif
