/* SPDX-License-Identifier: BSD-2-Clause */
/* The policy from disk: configuration, keys and maps, through the core. */
#ifndef JWT_LOAD_H
#define JWT_LOAD_H

#include "core/policy/policy.h"

#ifndef SYSCONFDIR	/* the Makefile has it */
#define SYSCONFDIR "/etc"
#endif
#define LOAD_CONFIG_DEFAULT SYSCONFDIR "/pam_jwt/pam_jwt.conf"

/*
 * Load a configuration and all that it names.
 *
 * config   absolute path
 * service  whose account maps to load; NULL: those of all (pam-jwt check)
 * now      whether fetched keys count then; seconds since the epoch
 * diag     zeroed or in use; every error and warning is noted
 *
 * Goes on after an error, to find them all.  Returns JWT_OK, or the reason
 * of the first error.  *out is to be cleared whatever the result.
 */
JWT_MUST_USE enum jwt_reason load_policy(const char *config,
    const char *service, int64_t now, struct diag *diag, struct policy *out);

/*
 * As above, but the configuration alone: keys and maps are not read.  Behind
 * an error *out has what was understood, and serves nothing but [state].
 */
JWT_MUST_USE enum jwt_reason load_settings(const char *config,
    struct diag *diag, struct policy *out);

/*
 * The key files of one issuer alone, into issuer->set, each key with the one
 * algorithm that it verifies.  load_policy() calls it for every issuer, and
 * pam-jwt check --keys for a file that no configuration names yet.
 *
 * policy  its file is for messages, nothing else
 * issuer  keys, algorithms, name and line are set; set is zeroed or in use,
 *         and is to be cleared whatever the result
 */
JWT_MUST_USE enum jwt_reason load_keys(const struct policy *policy,
    struct issuer *issuer, struct diag *diag);

#endif
