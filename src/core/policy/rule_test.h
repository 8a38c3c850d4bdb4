/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of a rule that rule.c is made of.  Each function returns false
 * after it has noted an error at the current token.
 */
#ifndef JWT_RULE_TEST_H
#define JWT_RULE_TEST_H

#include "core/policy/rule.h"
#include "core/policy/rule_lex.h"

/* Copy text for the life of the policy. */
bool rule_keep(struct rule_lex *in, struct bytes text, struct bytes *out);

/* CLAIM: a bare name, a quoted name, or a JSON Pointer. */
bool rule_parse_claim(struct rule_lex *in, struct claim_path *out);

/* Whether a word means something of its own, so that it is no name. */
bool rule_is_keyword(const struct rule_lex_token *token);

/* A test, with its text for pam-jwt verify. */
bool rule_parse_test(struct rule_lex *in, struct rule_test *test);

#endif
