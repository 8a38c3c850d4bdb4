/* SPDX-License-Identifier: BSD-2-Clause */
/* Local accounts, by the name service of the host. */
#ifndef JWT_ACCOUNTS_H
#define JWT_ACCOUNTS_H

#include "core/account.h"

#define ACCOUNTS_UID_MIN 1000	/* where /etc/login.defs does not say */

/* Looks accounts up in NSS and /etc/login.defs; static, for verdict_reach(). */
extern const struct account_host accounts_host;

#endif
