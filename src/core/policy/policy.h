/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration as the decision needs it, and the functions that make it
 * from text: one table of settings, their ranges and defaults, and a check of
 * whether they fit together.
 */
#ifndef JWT_POLICY_H
#define JWT_POLICY_H

#include "core/jose/jwe_key.h"
#include "core/jose/jwk.h"
#include "core/policy/expand.h"
#include "core/policy/rule.h"
#include "core/policy/sync.h"

#define LEEWAY_DEFAULT_SEC		60
#define LEEWAY_MAX_SEC			300	/* clocks are better than that */
#define LIFETIME_DEFAULT_SEC		(24 * 3600)
#define DURATION_MAX_SEC		(366 * 86400)	/* a year: a typo beyond */
#define STATE_DIRECTORY_DEFAULT		"/var/lib/pam_jwt/state"
#define REDIS_PORT_DEFAULT		6379
#define REDIS_TIMEOUT_DEFAULT_SEC	1
#define REDIS_TIMEOUT_MAX_SEC		10	/* programs wait as long */
#define REDIS_REPLICAS_MAX		8
#define MAX_STALE_DEFAULT_SEC		600
#define POLICY_PROMPT_DEFAULT		"Token:"
#define POLICY_PROMPT_MAX		200	/* bytes; LightDM's message is 1024 */

/* A list of words, in the order of the configuration. */
struct words {
	const char **item;	/* in the policy's arena */
	size_t count;
};

struct issuer {
	const char *name;	/* "corp" of [issuer corp] */
	unsigned line;
	const char *iss;
	struct words keys;	/* paths */
	struct sync_settings sync;
	alg_set algorithms;	/* that a token may use */
	bool algorithms_given;
	struct words decryption_keys;	/* paths */
	bool encryption_required;	/* a token that is only signed is refused */
	bool encryption_given;
	struct jwe_key_set decryption;	/* filled by the host from those */
	struct words audience;	/* with %{…} replaced */
	struct words event_audience;	/* the same, of events; none: audience */
	unsigned named_line;	/* of an audience with %{hostname} or %{fqdn} */
	struct words types;	/* as written; "none" allows no typ */
	unsigned leeway_sec;
	unsigned max_age_sec;	/* 0: not limited */
	unsigned max_lifetime_sec;
	bool revocation_required;	/* refuse if the store is silent */
	bool revocation_given;
	struct jwk_set set;	/* filled by the host from keys */
	bool lazy;		/* set by the host, see struct jwk_file */
	enum jwt_reason fetched;	/* JWT_OK, or why no fetched key is in set */
	int64_t synced;		/* when the set was fetched; 0: never */
};

/* How the user of a service proves to have the key of a token. */
enum service_proof {
	SERVICE_PROOF_NONE,
	SERVICE_PROOF_SSH_KEY,	/* sshd checked a public key before */
	SERVICE_PROOF_SESSION	/* the session around was opened with the key */
};

struct service {
	struct words names;	/* PAM service names; "*" alone: all others */
	unsigned line;
	struct words issuers;	/* names; none: all */
	struct rule_list rules;
	bool single_use;
	bool revoke_on_logout;
	const char *prompt;
	const char *help;	/* NULL: none */
	const char *token_file;	/* with %{user} and %{uid} as written; NULL: none */
	unsigned token_file_line;
	unsigned session_limit_sec;	/* the longest session; 0: no such limit */
	bool session_until_exp;	/* and not longer than the token */
	bool clients;		/* "as claim" names accounts of programs, too */
	enum service_proof proof;
	unsigned proof_line;
	bool require_proof;	/* a token without cnf is refused */
};

/* How a Redis is reached. */
enum redis_transport {
	REDIS_NONE,		/* not configured */
	REDIS_UNIX,		/* unix:PATH */
	REDIS_TCP,		/* redis://HOST:PORT */
	REDIS_TLS		/* rediss://HOST:PORT */
};

/* [state] */
struct state_settings {
	bool wanted;		/* there is a [state], or something needs it */
	bool is_broken;		/* [state] has an error: the store is unknown */
	unsigned line;
	const char *directory;
	enum redis_transport redis;
	const char *redis_host;	/* or the path; an address or a name of /etc/hosts */
	unsigned redis_port;
	const char *redis_user;	/* NULL: "default" */
	const char *redis_password_file;	/* NULL: no AUTH */
	const char *redis_ca_file;	/* NULL: the system's authorities */
	const char *redis_cert_file;	/* ours, for the server; NULL: none */
	const char *redis_key_file;	/* of redis_cert_file */
	unsigned redis_timeout_sec;	/* for all questions of one login */
	unsigned redis_replicas;	/* must have a use before it counts */
	bool redis_pulled;	/* a login asks Redis for a use only */
	unsigned max_stale_sec;	/* the age of pulled facts, at most */
	const char *sync_directory;	/* the fetched sets are there */
	bool watch;		/* sessions end --due ends sessions, not logind */
};

struct policy {
	struct arena arena;
	const char *file;
	struct issuer *issuers;
	size_t issuer_count;
	struct service *services;
	size_t service_count;
	struct state_settings state;
	struct zone zone;	/* filled by the host if a rule names the time */
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
JWT_MUST_USE enum jwt_reason policy_parse(struct bytes text, const char *file,
    const struct policy_host *host, struct diag *diag, struct policy *out);

/*
 * Call this after the host has filled issuer->set.  It settles the one
 * algorithm of each key (RFC 8725 section 3.1), from the key's own alg, the
 * issuer's algorithms, or the only one that its kind allows, so that no token
 * can choose one; and it removes repeated and ambiguous keys.
 *
 * Returns JWT_OK; JWT_CONFIG_INVALID if a key fits several algorithms, or no
 * key fits those of the issuer; JWT_KEY_FILE_INVALID if no key is left or the
 * secrets are too short; JWT_OUT_OF_MEMORY.  A fault is noted in diag.
 */
JWT_MUST_USE enum jwt_reason policy_bind_keys(const struct policy *policy,
    struct issuer *issuer, struct diag *diag);

/*
 * The settings of a PAM service; never NULL.  A service without a section has
 * the section of "*"; without that, the defaults, which permit as claim sub.
 */
const struct service *policy_service(const struct policy *policy,
    const char *name);

/* The issuer with that iss, if the service takes its tokens; otherwise NULL. */
const struct issuer *policy_issuer(const struct policy *policy,
    const struct service *service, struct bytes iss);

/* Whether the service takes tokens of the issuer. */
bool policy_takes_issuer(const struct service *service,
    const struct issuer *issuer);

/*
 * Call this after the host has filled issuer->decryption of all issuers.  Two
 * different keys with one kid are an error, whatever issuers they belong to: a
 * token is not read before its key is chosen, so the kid alone says which.
 *
 * Returns JWT_OK or JWT_KEY_FILE_INVALID, noted in diag.
 */
JWT_MUST_USE enum jwt_reason policy_compare_decryption(
    const struct policy *policy, struct diag *diag);

/* Whom the security events of an issuer must be for; never empty. */
const struct words *policy_event_audience(const struct issuer *issuer);

/* Whether some issuer's tokens are refused if the store does not answer. */
bool policy_requires_state(const struct policy *policy);

/* Whether a word is in a list, byte for byte. */
bool policy_words_have(const struct words *words, struct bytes word);

/* Free the keys, which only a verdict needs.  The settings stay. */
void policy_clear_keys(struct policy *policy);

/* Free everything, keys included; policy may be zeroed. */
void policy_clear(struct policy *policy);

#endif
