/* SPDX-License-Identifier: BSD-2-Clause */
/* Revokes a token, for `pam-jwt revoke` and `pam-jwt logout`. */
#ifndef JWT_REVOKE_H
#define JWT_REVOKE_H

#include "tool/setup.h"

/*
 * Revoke a token that one of the issuers has signed, expired or not, and report
 * it.  setup must have the keys.  Returns an enum tool_exit: EXIT_NO for a
 * token that is malformed or not verified.
 */
int revoke_token(struct setup *setup, struct bytes text);

#endif
