/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The key set that `pam-jwt sync` fetched for an issuer: whether it still
 * counts, and its keys beside those of the issuer's own files.
 *
 * All keys of a set are used or none: if the set is malformed or too old, no
 * key is used.  That is never an error of the configuration, as nobody on this
 * host made a mistake; only the tokens that need the set are refused.
 */
#ifndef JWT_FETCHED_H
#define JWT_FETCHED_H

#include "core/policy/policy.h"

#define FETCHED_SET	".jwks"		/* the set of an issuer */
#define FETCHED_STATE	".state"	/* the memory of sync, beside it */

/*
 * Write the path of an issuer's file in sync_directory; false if it is too
 * long.
 *
 * suffix  FETCHED_SET or FETCHED_STATE
 */
bool fetched_path(const struct policy *policy, const struct issuer *issuer,
    const char *suffix, char *out, size_t size);

/*
 * Add the keys of a set to issuer->set, after those of its files, and say in
 * issuer->fetched whether they count: JWT_OK or JWT_KEYS_STALE.  In the second
 * case a warning in diag says why.
 *
 * name  of the file, for messages
 * text  its bytes; changed
 * now   seconds since the epoch
 *
 * The set counts if "synced", an integer at its top, is at most keys_max_age
 * ago and at most leeway in the future, and if "iss" there, where it has one,
 * is the issuer's: the section may have had another provider when the set was
 * fetched.  A key with "dropped" counts until
 * keep_old after that time.  A key of the issuer's own files is used instead
 * of a fetched one of the same kid and algorithm, so that no provider can
 * switch it off.
 *
 * Returns JWT_OK, also for a set that does not count; otherwise
 * JWT_OUT_OF_MEMORY or JWT_INTERNAL.
 */
JWT_MUST_USE enum jwt_reason fetched_add(const struct policy *policy,
    struct issuer *issuer, const char *name, struct secret *text, int64_t now,
    struct diag *diag);

/* Whether a set was fetched when the issuer's section had another iss. */
bool fetched_is_of_other(const struct issuer *issuer,
    const struct jwk_set *set);

/* Note that no fetched key is used, and why: a warning. */
void fetched_refuse(const struct policy *policy, struct issuer *issuer,
    enum jwt_reason reason, struct diag *diag, const char *name,
    const char *why);

#endif
