/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration from text: lines to sections and settings, each with the
 * function that takes its value, and the check of the whole.
 */
#include "core/policy/parser.h"

/* Every key there is; the manual and pam_jwt.conf follow this order. */
static const struct {
	unsigned section;
	const char *name;
	bool repeats;
	void (*set)(struct parser *in);
} settings[] = {
	{ IN_ISSUER, "iss", false, set_iss },
	{ IN_ISSUER, "keys", false, set_keys },
	{ IN_ISSUER, "discovery", false, set_discovery },
	{ IN_ISSUER, "jwks_uri", false, set_jwks_uri },
	{ IN_ISSUER, "sync_every", false, set_sync_every },
	{ IN_ISSUER, "keys_max_age", false, set_keys_max_age },
	{ IN_ISSUER, "keep_old", false, set_keep_old },
	{ IN_ISSUER, "sync_ca_file", false, set_sync_ca_file },
	{ IN_ISSUER, "sync_client_cert", false, set_sync_client_cert },
	{ IN_ISSUER, "sync_client_key", false, set_sync_client_key },
	{ IN_ISSUER, "sync_proxy", false, set_sync_proxy },
	{ IN_ISSUER, "algorithms", false, set_algorithms },
	{ IN_ISSUER, "audience", false, set_audience },
	{ IN_ISSUER, "types", false, set_types },
	{ IN_ISSUER, "leeway", false, set_leeway },
	{ IN_ISSUER, "max_age", false, set_max_age },
	{ IN_ISSUER, "max_lifetime", false, set_max_lifetime },
	{ IN_ISSUER, "revocation", false, set_revocation },
	{ IN_SERVICE, "issuers", false, set_issuers },
	{ IN_SERVICE, "deny", true, set_deny },
	{ IN_SERVICE, "permit", true, set_permit },
	{ IN_SERVICE, "single_use", false, set_single_use },
	{ IN_SERVICE, "prompt", false, set_prompt },
	{ IN_SERVICE, "help", false, set_help },
	{ IN_SERVICE, "session_limit", false, set_session_limit },
	{ IN_SERVICE, "clients", false, set_clients },
	{ IN_SERVICE, "token_file", false, set_token_file },
	{ IN_SERVICE, "revoke_on_logout", false, set_revoke_on_logout },
	{ IN_STATE, "directory", false, set_directory },
	{ IN_STATE, "redis", false, set_redis },
	{ IN_STATE, "redis_user", false, set_redis_user },
	{ IN_STATE, "redis_password_file", false, set_redis_password_file },
	{ IN_STATE, "redis_ca_file", false, set_redis_ca_file },
	{ IN_STATE, "redis_cert_file", false, set_redis_cert_file },
	{ IN_STATE, "redis_key_file", false, set_redis_key_file },
	{ IN_STATE, "redis_timeout", false, set_redis_timeout },
	{ IN_STATE, "redis_replicas", false, set_redis_replicas },
	{ IN_STATE, "redis_lookups", false, set_redis_lookups },
	{ IN_STATE, "max_stale", false, set_max_stale },
	{ IN_STATE, "sync_directory", false, set_sync_directory },
};

#define SETTINGS_LEN (sizeof(settings) / sizeof(settings[0]))
_Static_assert(SETTINGS_LEN <= 64, "struct parser has a bit for each");

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
		parser_fail(in, "%.*s is not a key of this section",
		    SHOW(in->line.name));
		return;
	}
	if ((in->seen & UINT64_C(1) << i) != 0 && !settings[i].repeats) {
		parser_fail(in, "%s is set twice in this section", settings[i].name);
		return;
	}
	in->seen |= UINT64_C(1) << i;
	settings[i].set(in);
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
		parser_fail(in, "[%.*s] is not a section: [issuer NAME], "
		    "[service NAME...], [state]", SHOW(in->line.name));
}

static void
parse_lines(struct parser *in)
{
	enum conf_event event;
	bool skipping = false;

	while ((event = conf_next(&in->reader, &in->line)) != CONF_END) {
		if (event == CONF_ERROR) {
			parser_spoil(in);
		} else if (event == CONF_SECTION) {
			parse_section(in);
			/* One error for a section, not one for each line. */
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
