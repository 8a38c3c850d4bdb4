/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the configuration from text: lines to sections and settings, each with
 * the function that takes its value, and then the check of the whole.  Every
 * unknown or repeated key is an error: nothing that an administrator writes is
 * ignored.
 */
#include "core/base/nearest.h"
#include "core/policy/parser.h"

/* All settings; the manual and pam_jwt.conf have them in this order. */
static const struct {
	unsigned section;
	const char *name;
	void (*set)(struct parser *in);
} settings[] = {
	{ PARSER_ISSUER, "iss", policy_set_iss },
	{ PARSER_ISSUER, "keys", policy_set_keys },
	{ PARSER_ISSUER, "discovery", policy_set_discovery },
	{ PARSER_ISSUER, "jwks_uri", policy_set_jwks_uri },
	{ PARSER_ISSUER, "sync_every", policy_set_sync_every },
	{ PARSER_ISSUER, "keys_max_age", policy_set_keys_max_age },
	{ PARSER_ISSUER, "keep_old", policy_set_keep_old },
	{ PARSER_ISSUER, "sync_ca_file", policy_set_sync_ca_file },
	{ PARSER_ISSUER, "sync_client_cert", policy_set_sync_client_cert },
	{ PARSER_ISSUER, "sync_client_key", policy_set_sync_client_key },
	{ PARSER_ISSUER, "sync_proxy", policy_set_sync_proxy },
	{ PARSER_ISSUER, "algorithms", policy_set_algorithms },
	{ PARSER_ISSUER, "decryption_keys", policy_set_decryption_keys },
	{ PARSER_ISSUER, "encryption", policy_set_encryption },
	{ PARSER_ISSUER, "audience", policy_set_audience },
	{ PARSER_ISSUER, "event_audience", policy_set_event_audience },
	{ PARSER_ISSUER, "types", policy_set_types },
	{ PARSER_ISSUER, "leeway", policy_set_leeway },
	{ PARSER_ISSUER, "max_age", policy_set_max_age },
	{ PARSER_ISSUER, "max_lifetime", policy_set_max_lifetime },
	{ PARSER_ISSUER, "revocation", policy_set_revocation },
	{ PARSER_SERVICE, "issuers", policy_set_issuers },
	{ PARSER_SERVICE, "deny", policy_set_deny },
	{ PARSER_SERVICE, "permit", policy_set_permit },
	{ PARSER_SERVICE, "single_use", policy_set_single_use },
	{ PARSER_SERVICE, "prompt", policy_set_prompt },
	{ PARSER_SERVICE, "help", policy_set_help },
	{ PARSER_SERVICE, "session_limit", policy_set_session_limit },
	{ PARSER_SERVICE, "clients", policy_set_clients },
	{ PARSER_SERVICE, "proof", policy_set_proof },
	{ PARSER_SERVICE, "require_proof", policy_set_require_proof },
	{ PARSER_SERVICE, "token_file", policy_set_token_file },
	{ PARSER_SERVICE, "revoke_on_logout", policy_set_revoke_on_logout },
	{ PARSER_STATE, "directory", policy_set_directory },
	{ PARSER_STATE, "redis", policy_set_redis },
	{ PARSER_STATE, "redis_user", policy_set_redis_user },
	{ PARSER_STATE, "redis_password_file", policy_set_redis_password_file },
	{ PARSER_STATE, "redis_ca_file", policy_set_redis_ca_file },
	{ PARSER_STATE, "redis_cert_file", policy_set_redis_cert_file },
	{ PARSER_STATE, "redis_key_file", policy_set_redis_key_file },
	{ PARSER_STATE, "redis_timeout", policy_set_redis_timeout },
	{ PARSER_STATE, "redis_replicas", policy_set_redis_replicas },
	{ PARSER_STATE, "redis_lookups", policy_set_redis_lookups },
	{ PARSER_STATE, "max_stale", policy_set_max_stale },
	{ PARSER_STATE, "session_enforcer", policy_set_session_enforcer },
	{ PARSER_STATE, "sync_directory", policy_set_sync_directory },
};

#define SETTINGS_LEN (sizeof(settings) / sizeof(settings[0]))
_Static_assert(SETTINGS_LEN <= 64, "struct parser has a bit for each");

/* A section may have many rules; everything else is set once. */
static bool
may_repeat(size_t setting)
{
	return settings[setting].set == policy_set_deny ||
	    settings[setting].set == policy_set_permit;
}

/* The section of a key that stands in a wrong one; 0: there is no such key. */
static unsigned
section_of(struct bytes name)
{
	size_t i;

	for (i = 0; i < SETTINGS_LEN; i++) {
		if (bytes_eq_str(name, settings[i].name))
			return settings[i].section;
	}
	return 0;
}

/* Say where the key belongs, or which one may have been meant. */
static void
fail_unknown(struct parser *in)
{
	static const char *const sections[] = {
		[PARSER_ISSUER] = "[issuer NAME]",
		[PARSER_SERVICE] = "[service NAME]", [PARSER_STATE] = "[state]"
	};
	struct nearest nearest = nearest_begin(in->line.name);
	unsigned section = section_of(in->line.name);
	size_t i;

	if (section != 0) {
		parser_fail(in, "%.*s is not a setting of this section, but of %s",
		    BYTES_SHOW(in->line.name), sections[section]);
		return;
	}
	for (i = 0; i < SETTINGS_LEN; i++) {
		if (settings[i].section == in->section)
			nearest_try(&nearest, settings[i].name);
	}
	parser_fail(in, "%.*s is not a setting of this section%s",
	    BYTES_SHOW(in->line.name), nearest_text(&nearest));
}

static void
parse_setting(struct parser *in)
{
	size_t i;

	for (i = 0; i < SETTINGS_LEN; i++) {
		if (settings[i].section == in->section &&
		    bytes_eq_str(in->line.name, settings[i].name))
			break;
	}
	if (i == SETTINGS_LEN) {
		fail_unknown(in);
		return;
	}
	if ((in->seen & UINT64_C(1) << i) != 0 && !may_repeat(i)) {
		parser_fail(in, "%s is set twice in this section", settings[i].name);
		return;
	}
	in->seen |= UINT64_C(1) << i;
	settings[i].set(in);
}

static void
fail_section(struct parser *in, struct bytes kind)
{
	struct nearest nearest = nearest_begin(kind);

	nearest_try(&nearest, "issuer");
	nearest_try(&nearest, "service");
	nearest_try(&nearest, "state");
	parser_fail(in, "[%.*s] is not a section: [issuer NAME], "
	    "[service NAME...], [state]%s", BYTES_SHOW(in->line.name),
	    nearest_text(&nearest));
}

static void
parse_section(struct parser *in)
{
	struct bytes rest = in->line.name;
	struct bytes kind = conf_word(&rest);

	in->section = 0;
	in->seen = 0;
	if (bytes_eq_str(kind, "issuer"))
		policy_open_issuer(in, rest);
	else if (bytes_eq_str(kind, "service"))
		policy_open_service(in, rest);
	else if (bytes_eq_str(kind, "state") && bytes_trim(rest).len == 0)
		policy_open_state(in);
	else
		fail_section(in, kind);
}

static void
parse_lines(struct parser *in)
{
	enum conf_event event;
	bool skipping = false;

	while ((event = conf_next(&in->reader, &in->line)) != CONF_END) {
		if (event == CONF_ERROR) {
			parser_mark_failed(in);
		} else if (event == CONF_SECTION) {
			parse_section(in);
			/* Note one error for a section, not for each line. */
			skipping = in->section == 0;
		} else if (in->section != 0 && !skipping) {
			parse_setting(in);
		} else if (!skipping) {
			parser_fail(in, "a setting before the first [section]");
		}
	}
}

static void
check_whole(struct parser *in)
{
	const struct policy *policy = in->policy;
	size_t i;

	in->line = (struct conf_line){ 0 };
	in->section = 0;
	if (policy->issuer_count == 0 && !in->failed)
		parser_fail(in, "no [issuer NAME]: nobody can log in");
	for (i = 0; i < policy->issuer_count; i++)
		policy_check_issuer(in, &policy->issuers[i]);
	for (i = 0; i < policy->service_count; i++)
		policy_check_service(in, &policy->services[i]);
	policy_check_state(in);
	policy_warn_of_siblings(in);
}

enum jwt_reason
policy_parse(struct bytes text, const char *file,
    const struct policy_host *host, struct diag *diag, struct policy *out)
{
	struct parser in = {
		.reader = { .text = text, .file = file, .diag = diag },
		.policy = out, .host = host, .diag = diag
	};

	*out = (struct policy){ 0 };
	in.reader.arena = &out->arena;
	out->file = arena_copy(&out->arena, bytes_str(file));
	if (out->file == NULL)
		return JWT_OUT_OF_MEMORY;
	parse_lines(&in);
	check_whole(&in);
	if (diag->reason == JWT_OUT_OF_MEMORY)
		return JWT_OUT_OF_MEMORY;
	if (in.failed || diag->reason != JWT_OK)
		return JWT_CONFIG_INVALID;
	return JWT_OK;
}
