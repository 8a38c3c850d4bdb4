/* SPDX-License-Identifier: BSD-2-Clause */
/* For rule.c alone: the account of a permit rule. */
#ifndef JWT_RULE_ACCOUNT_H
#define JWT_RULE_ACCOUNT_H

#include "core/policy/rule.h"
#include "core/policy/rule_lex.h"

/*
 * NAME | claim CLAIM ... | map PATH.  False after it has noted an error at the
 * current token.
 */
bool rule_parse_account(struct rule_lex *in, struct rule *out);

#endif
