/* SPDX-License-Identifier: BSD-2-Clause */
/* What `pam-jwt revoke` and `pam-jwt logout` share. */
#ifndef JWT_REVOKE_H
#define JWT_REVOKE_H

#include "tool/setup.h"

/*
 * Revoke a token that one of the issuers has signed, over or not, and say so.
 * setup has the keys.  Returns an enum tool_exit: EXIT_NO for a token that is
 * not sound.
 */
int revoke_token(struct setup *setup, struct bytes text);

#endif
