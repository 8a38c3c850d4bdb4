/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * issuer.conf: the settings of our own issuer, and its grants, which say who
 * may get a token for which audience.
 *
 * The form is that of pam_jwt.conf, and so is the strictness: every unknown,
 * repeated or missing key is an error, and no token is issued then.
 */
#ifndef JWT_ISSUER_CONF_H
#define JWT_ISSUER_CONF_H

#include "core/policy/policy.h"

#ifndef SYSCONFDIR
#define SYSCONFDIR "/etc"
#endif
#define ISSUER_CONF_DEFAULT	SYSCONFDIR "/pam_jwt/issuer.conf"
#define ISSUER_DIRECTORY_DEFAULT "/var/lib/pam-jwt-issuer"
#define ACCESS_TTL_DEFAULT_SEC	600
#define ACCESS_TTL_MAX_SEC	86400	/* hosts refuse a longer life by default */
#define REFRESH_TTL_DEFAULT_SEC	(12 * 3600)
#define REFRESH_IDLE_DEFAULT_SEC (2 * 3600)
#define GRACE_DEFAULT_SEC	10
#define GRACE_MAX_SEC		300	/* a client repeats at once, or never */
#define CACHES_DEFAULT_SEC	3600
#define FAMILIES_DEFAULT	20
#define FAMILIES_MAX		1000	/* of one person: a typo beyond */
#define CLAIM_NAME_MAX		64	/* bytes */
#define CLAIM_VALUE_MAX		256	/* bytes: a token must stay short */

/* A claim with the same value in each token of a grant. */
struct issuer_fixed {
	const char *name;
	const char *value;
};

/* Tokens for these audiences are encrypted for their host. */
struct issuer_encrypt {
	const char *audience;	/* pattern of glob_match() */
	const char *path;	/* of the host's public key; absolute */
};

/* A section [grant NAME]. */
struct issuer_grant {
	const char *name;
	unsigned line;
	struct words people;	/* names of issuer.people, and %GROUP */
	struct words audience;	/* patterns of glob_match() */
	bool has_groups;	/* tokens have the groups of the account */
	struct issuer_fixed *fixed;
	size_t fixed_count;
	struct issuer_encrypt *encrypt;	/* the first that fits */
	size_t encrypt_count;
	bool bearer;		/* a token without cnf may be asked for */
	unsigned ttl_sec;	/* of an access token; at most access_ttl_sec */
};

/* Strings are in the arena of fleet; NULL: not set. */
struct issuer_conf {
	const char *iss;	/* https, or http to a loopback address */
	enum alg_id alg;	/* ES256, ES384, Ed25519, PS256 or RS256 */
	unsigned access_ttl_sec;
	unsigned refresh_ttl_sec;	/* a family ends this long after its login */
	unsigned refresh_idle_sec;	/* or this long after its last use */
	unsigned grace_sec;	/* a repeated use gets the same answer; 0: never */
	unsigned caches_sec;	/* the longest that a host keeps an old key set */
	unsigned families_max;	/* live ones of each person */
	const char *publish;	/* folder */
	const char *token_endpoint;	/* URL, or NULL */
	const char *directory;	/* folder of keys and database */
	unsigned line;		/* of [issuer] */
	struct issuer_grant *grants;	/* in their order: the first that fits */
	size_t grant_count;
	struct policy fleet;	/* fleet.state: the Redis of the hosts, if any */
};

/*
 * Parse a configuration.  Every error is noted in diag.  Only without an error
 * is *out usable, and JWT_OK returned.
 *
 * text  the whole file; borrowed for the call
 * file  its name, for messages
 *
 * Returns JWT_OK, JWT_CONFIG_INVALID or JWT_OUT_OF_MEMORY.  The caller must
 * clear *out whatever the result.
 */
JWT_MUST_USE enum jwt_reason issuer_conf_parse(struct bytes text,
    const char *file, struct diag *diag, struct issuer_conf *out);

/*
 * Read and parse a file, which must be root's: the account that runs the issuer
 * is reached from the network and must not choose its own settings.
 *
 * path  absolute
 *
 * Returns as issuer_conf_parse(), and JWT_CONFIG_UNSAFE if somebody other than
 * root could have written the file.
 */
JWT_MUST_USE enum jwt_reason issuer_conf_load(const char *path,
    struct diag *diag, struct issuer_conf *out);

void issuer_conf_clear(struct issuer_conf *conf);

#endif
