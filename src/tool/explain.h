/* SPDX-License-Identifier: BSD-2-Clause */
/* What a verdict is made of, for `pam-jwt verify`: text, or JSON. */
#ifndef JWT_EXPLAIN_H
#define JWT_EXPLAIN_H

#include "core/verdict.h"

struct json_object;

/* Watches a decision; zero it, set text or checks, and give it as ctx. */
struct explain {
	const struct policy *policy;
	const struct verdict *verdict;		/* the one being reached */
	struct bytes token;
	const char *user;
	int64_t now;
	bool text;				/* print lines as it goes */
	struct json_object *checks;		/* or collect here */
	struct json_object *rules;
	struct json_object *tests;		/* of the rule at hand */
};

/* An observer whose context is explain. */
struct verdict_observer explain_observer(struct explain *explain);

/*
 * A refusal that was nearly none, in words: what differs, and by how little.
 * Returns false when there is nothing to say.
 */
bool explain_hint(const struct explain *explain, char *out, size_t size);

#endif
