/* SPDX-License-Identifier: BSD-2-Clause */
/* Loads the policy from disk: the configuration, the keys and the maps. */
#ifndef JWT_LOAD_H
#define JWT_LOAD_H

#include "core/policy/source.h"

#ifndef SYSCONFDIR	/* the Makefile has it */
#define SYSCONFDIR "/etc"
#endif
#define LOAD_CONFIG_DEFAULT SYSCONFDIR "/pam_jwt/pam_jwt.conf"
/*
 * Bytes of a map: 800,000 short lines.  A login by a map reads all of it into
 * the memory of the program, in 10 ms then.
 */
#define LOAD_MAP_MAX ((size_t)16 << 20)
#define LOAD_ZONE "/etc/localtime"	/* localtime(5) of systemd */

/*
 * Load a configuration and all that it names.
 *
 * config   absolute path
 * service  whose account maps are loaded; NULL: those of all (pam-jwt check)
 * now      decides whether fetched keys are too old; seconds since the epoch
 * diag     zeroed or in use; every error and warning is noted
 *
 * Loading goes on after an error, to find them all.  Returns JWT_OK, or the
 * reason of the first error.  The caller must clear *out whatever the result.
 */
JWT_MUST_USE enum jwt_reason load_policy(const char *config,
    const char *service, int64_t now, struct diag *diag, struct policy *out);

/*
 * Load the configuration, and what its rules for a service need before a token
 * has come.  load_source() gives the verdict the rest.  Arguments and result
 * are those of load_policy().
 */
JWT_MUST_USE enum jwt_reason load_for_login(const char *config,
    const char *service, struct diag *diag, struct policy *out);

/* What load_source() loads into. */
struct load_late {
	struct policy *policy;	/* that load_for_login() loaded */
	struct diag *diag;
	int64_t now;		/* as in load_policy() */
};

/* The source for a verdict; it borrows late. */
struct policy_source load_source(struct load_late *late);

/*
 * Load the configuration alone, without keys and maps.  After an error *out has
 * what was understood; only its [state] may be used then.
 */
JWT_MUST_USE enum jwt_reason load_settings(const char *config,
    struct diag *diag, struct policy *out);

/*
 * Load the key files of one issuer into issuer->set, and bind each key to the
 * one algorithm that it verifies.  load_policy() calls this for every issuer,
 * and pam-jwt check --keys for a file that no configuration names yet.
 *
 * policy  only its file name is used, in messages
 * issuer  keys, algorithms, name and line are set; set is zeroed or in use, and
 *         the caller must clear it whatever the result
 */
JWT_MUST_USE enum jwt_reason load_keys(const struct policy *policy,
    struct issuer *issuer, struct diag *diag);

#endif
