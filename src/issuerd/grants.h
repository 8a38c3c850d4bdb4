/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the grant of issuer.conf that a person has for an audience.  This is
 * pure: groups and accounts were looked up before.
 */
#ifndef JWT_ISSUER_GRANTS_H
#define JWT_ISSUER_GRANTS_H

#include "core/base/glob.h"
#include "issuerd/issuer_conf.h"

#define GRANTS_AUDIENCE_MAX GLOB_MAX	/* bytes */

/* A person whose key was proved, and the account of this host of that name. */
struct grants_person {
	const char *name;	/* of issuer.people */
	const struct words *groups;	/* of the account; empty without one */
	bool is_protected;	/* it is root's or the system's account */
};

/*
 * Why a text is not an absolute URI (RFC 3986 section 4.3) without user info
 * and of at most GRANTS_AUDIENCE_MAX bytes, as a static phrase; NULL if it is
 * one.  A pattern must have the same form, so that it begins with its scheme.
 */
const char *grants_uri_fault(struct bytes text);

/*
 * Whether somebody may ask for this audience at all: it is such a URI, and has
 * no star, which is the sign of a pattern.
 */
bool grants_audience_is_valid(struct bytes audience);

/*
 * Whether a grant names the person, or a group of the person's.  Groups do not
 * count for root and for the accounts of the system: these must be named.
 */
bool grants_fits_person(const struct issuer_grant *grant,
    const struct grants_person *person);

/* The first grant that fits the person and the audience; NULL without one. */
const struct issuer_grant *grants_find(const struct issuer_conf *conf,
    const struct grants_person *person, struct bytes audience);

#endif
