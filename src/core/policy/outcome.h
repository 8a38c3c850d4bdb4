/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The result of one test of a rule, for the files that evaluate tests: one of
 * three values, and why it is not true.
 */
#ifndef JWT_OUTCOME_H
#define JWT_OUTCOME_H

#include "core/policy/rule.h"

struct outcome {
	enum tri value;
	const char *why;	/* a static phrase, or NULL */
};

static inline struct outcome
outcome(bool value)
{
	return (struct outcome){ value ? TRI_TRUE : TRI_FALSE, NULL };
}

static inline struct outcome
unknown(const char *why)
{
	return (struct outcome){ TRI_UNKNOWN, why };
}

#endif
