/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parser of the configuration, shared by the files that it consists of: the
 * engine is in policy_parse.c, and each section has a file for its settings.
 */
#ifndef JWT_PARSER_H
#define JWT_PARSER_H

#include "core/policy/conf.h"
#include "core/policy/policy.h"

#define PARSER_ISSUER 1U
#define PARSER_SERVICE 2U
#define PARSER_STATE 4U

struct parser {
	struct conf_reader reader;
	struct conf_line line;
	struct policy *policy;
	const struct policy_host *host;
	struct diag *diag;
	bool failed;
	unsigned section;		/* PARSER_...; 0: none, or a bad one */
	struct issuer *issuer;		/* of the current section */
	struct service *service;
	uint64_t seen;			/* bits of the settings in it */
};

/* Note an error at the current line. */
void parser_fail(struct parser *in, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void parser_no_memory(struct parser *in);

/* Remember that there is an error, which was noted already. */
void parser_mark_failed(struct parser *in);

/* Copy text for the life of the policy; NULL, with an error, on failure. */
const char *parser_keep(struct parser *in, struct bytes text);

/*
 * Split the value into words; a repeated word is an error.  Append one word, or
 * nothing if word is NULL.
 */
void parser_words(struct parser *in, struct words *words);
void parser_add_word(struct parser *in, struct words *words,
    const char *word);

/* Read the value as a duration of at most max seconds. */
void parser_duration(struct parser *in, unsigned max, unsigned *out);

/* Read the value as a limit.  0 is an error, as it would refuse everybody. */
void parser_limit(struct parser *in, unsigned *out);

/* The value must be one of two words; *out says whether it is the first. */
void parser_choice(struct parser *in, const char *yes, const char *no,
    bool *out);

/* A copy of the value, which must be an absolute path. */
const char *parser_path(struct parser *in);

/* Whether a word has letters, digits and _ . - @ + only, and is not empty. */
bool parser_is_name(struct bytes word);

/*
 * The sections: functions that open one, and functions that check, after all
 * lines were read, whether its settings fit together.
 */
void policy_open_issuer(struct parser *in, struct bytes names);
void policy_check_issuer(struct parser *in, const struct issuer *issuer);
void policy_check_sync(struct parser *in, const struct issuer *issuer);
void policy_check_encryption(struct parser *in, const struct issuer *issuer);
void policy_check_proof(struct parser *in, const struct service *service);
void policy_open_service(struct parser *in, struct bytes names);
void policy_check_service(struct parser *in, const struct service *service);
void policy_warn_of_siblings(const struct parser *in);
void policy_open_state(struct parser *in);
void policy_check_state(struct parser *in);

/* The settings, in the order of the manual. */
void policy_set_iss(struct parser *in);
void policy_set_keys(struct parser *in);
void policy_set_discovery(struct parser *in);
void policy_set_jwks_uri(struct parser *in);
void policy_set_sync_every(struct parser *in);
void policy_set_keys_max_age(struct parser *in);
void policy_set_keep_old(struct parser *in);
void policy_set_sync_ca_file(struct parser *in);
void policy_set_sync_client_cert(struct parser *in);
void policy_set_sync_client_key(struct parser *in);
void policy_set_sync_proxy(struct parser *in);
void policy_set_algorithms(struct parser *in);
void policy_set_decryption_keys(struct parser *in);
void policy_set_encryption(struct parser *in);
void policy_set_audience(struct parser *in);
void policy_set_event_audience(struct parser *in);
void policy_set_types(struct parser *in);
void policy_set_leeway(struct parser *in);
void policy_set_max_age(struct parser *in);
void policy_set_max_lifetime(struct parser *in);
void policy_set_revocation(struct parser *in);
void policy_set_issuers(struct parser *in);
void policy_set_deny(struct parser *in);
void policy_set_permit(struct parser *in);
void policy_set_single_use(struct parser *in);
void policy_set_prompt(struct parser *in);
void policy_set_help(struct parser *in);
void policy_set_session_limit(struct parser *in);
void policy_set_clients(struct parser *in);
void policy_set_proof(struct parser *in);
void policy_set_require_proof(struct parser *in);
void policy_set_token_file(struct parser *in);
void policy_set_revoke_on_logout(struct parser *in);
void policy_set_directory(struct parser *in);
void policy_set_redis(struct parser *in);
void policy_set_redis_user(struct parser *in);
void policy_set_redis_password_file(struct parser *in);
void policy_set_redis_ca_file(struct parser *in);
void policy_set_redis_cert_file(struct parser *in);
void policy_set_redis_key_file(struct parser *in);
void policy_set_redis_timeout(struct parser *in);
void policy_set_redis_replicas(struct parser *in);
void policy_set_redis_lookups(struct parser *in);
void policy_set_session_enforcer(struct parser *in);
void policy_set_max_stale(struct parser *in);
void policy_set_sync_directory(struct parser *in);

#endif
