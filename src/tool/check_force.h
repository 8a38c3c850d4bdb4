/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The settings of a configuration that are in force, as names and values in the
 * spelling of pam_jwt.conf(5), for `pam-jwt check`.
 *
 * A setting that is off, or that nobody has set and that has no default, is
 * left out; one that has the value of its default is marked.  iss, permit, deny
 * and the names of a section are left to the caller.
 */
#ifndef JWT_CHECK_FORCE_H
#define JWT_CHECK_FORCE_H

#include "core/policy/policy.h"

struct force_item {
	const char *name;	/* static */
	const char *value;	/* in the arena, or the policy's */
	bool is_default;
};

/* Set arena; zero the rest.  When memory runs out, items are missing. */
struct force {
	struct arena *arena;	/* owns everything */
	struct force_item *items;
	size_t count;
};

void force_issuer(struct force *out, const struct issuer *issuer);
void force_service(struct force *out, const struct service *service);

/* Nothing if no state is wanted and no issuer fetches its keys. */
void force_state(struct force *out, const struct policy *policy);

#endif
