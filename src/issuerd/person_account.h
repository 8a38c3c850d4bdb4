/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The account of this host that has the name of a person.  Its groups may give
 * a grant, and go into tokens.
 */
#ifndef JWT_PERSON_ACCOUNT_H
#define JWT_PERSON_ACCOUNT_H

#include "core/base/arena.h"
#include "core/policy/policy.h"

struct person_account {
	struct arena arena;
	bool exists;		/* with exactly this name */
	bool is_protected;	/* it is root's or the system's */
	struct words groups;	/* their names; empty without an account */
};

/*
 * Look the account up.  Returns JWT_OK, also if there is none; otherwise
 * JWT_OUT_OF_MEMORY, JWT_CONFIG_INVALID or JWT_INTERNAL, and then the account
 * has no group and is protected.  The caller must clear *out whatever the
 * result.
 */
JWT_MUST_USE enum jwt_reason person_account_look_up(const char *name,
    struct person_account *out);

void person_account_clear(struct person_account *account);

#endif
