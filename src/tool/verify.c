/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt verify: the module's own verdict, dry, with its reasons. */
#include <stdio.h>
#include <stdlib.h>

#include "core/b64url.h"
#include "host/accounts.h"
#include "host/load.h"
#include "tool/explain.h"
#include "tool/input.h"
#include "tool/json_out.h"
#include "tool/options.h"
#include "tool/report.h"
#include "tool/tool.h"

#define HINT_SIZE 1024

struct verify_options {
	const char *config;
	const char *service;
	const char *user;
	const char *rhost;
	const char *now;
	bool json;
};

/* Usage and configuration are trouble; a refused token is a "no". */
static int
exit_of(enum jwt_reason reason)
{
	switch (reason_class(reason)) {
	case JWT_CLASS_OK:
		return EXIT_YES;
	case JWT_CLASS_CONFIGURATION:
	case JWT_CLASS_INTERNAL:
		return EXIT_TROUBLE;
	default:
		return EXIT_NO;
	}
}

/* The payload as it was signed: printed only behind a good signature. */
static struct json_object *
claims_of(struct bytes token)
{
	const uint8_t *first = memchr(token.ptr, '.', token.len);
	const uint8_t *second = memrchr(token.ptr, '.', token.len);
	struct bytes part = bytes_of(first + 1, (size_t)(second - first - 1));
	struct json_object *claims = NULL;
	struct secret text;

	if (secret_alloc(b64url_decoded_len(part.len), &text) == JWT_OK &&
	    b64url_decode(part, text.ptr) == JWT_OK)
		claims = json_out_parse(secret_bytes(&text));
	secret_clear(&text);
	return claims != NULL ? claims : json_out_object();
}

static void
print_json(const struct explain *explain)
{
	const struct verdict *verdict = explain->verdict;
	struct json_object *out = json_out_object();
	bool accepted = verdict->reason == JWT_OK;
	char hint[HINT_SIZE];

	json_out_string(out, "verdict", accepted ? "accept" : "refuse");
	json_out_string(out, "reason", reason_name(verdict->reason));
	json_out_string(out, "account", accepted ? verdict->account : NULL);
	json_out_string(out, "issuer", verdict->issuer == NULL ? NULL :
	    verdict->issuer->name);
	json_out_member(out, "checks", explain->checks);
	json_out_member(out, "rules", explain->rules);
	json_out_member(out, "claims", verdict->verified ?
	    claims_of(explain->token) : json_out_object());
	if (!accepted && explain->policy != NULL &&
	    explain_hint(explain, hint, sizeof(hint)))
		json_out_string(out, "hint", hint);
	json_out_print(out, false, stdout);
}

static void
print_text(const struct explain *explain)
{
	const struct verdict *verdict = explain->verdict;
	char hint[HINT_SIZE];

	if (verdict->reason == JWT_OK) {
		printf("accepted: %s", verdict->account);
		if (verdict->rule != NULL && verdict->rule->line != 0)
			printf(", by line %u", verdict->rule->line);
		printf("\n");
		return;
	}
	if (explain->policy != NULL &&
	    explain_hint(explain, hint, sizeof(hint)))
		printf("hint: %s\n", hint);
	printf("refused: %s - %s\n", reason_name(verdict->reason),
	    reason_text(verdict->reason));
}

/* Load and decide; what went wrong with the configuration is on stderr. */
static void
reach(const struct verify_options *options, const char *config,
    struct policy *policy, struct explain *explain, struct verdict *verdict)
{
	struct verdict_observer observer = explain_observer(explain);
	struct verdict_input in = {
		.policy = policy, .service = options->service,
		.user = options->user, .rhost = options->rhost,
		.now = explain->now, .token = explain->token,
		.accounts = &accounts_host, .observer = &observer
	};
	struct diag diag = { 0 };
	enum jwt_reason ignored;

	verdict->reason = load_policy(config, options->service, &diag, policy);
	if (verdict->reason == JWT_OK) {
		explain->policy = policy;
		ignored = verdict_reach(&in, verdict);
		(void)ignored;	/* it is in verdict->reason */
	} else {
		report_diag(&diag, stderr);
	}
	diag_clear(&diag);
}

static int
verify(const struct verify_options *options, const char *config,
    struct bytes token)
{
	struct policy policy = { 0 };
	struct verdict verdict = { .reason = JWT_INTERNAL };
	struct explain explain = {
		.verdict = &verdict, .token = token, .user = options->user,
		.text = !options->json
	};
	long long now;
	int code;

	if (!options_time(options->now, &now))
		return EXIT_TROUBLE;
	explain.now = now;
	if (options->json) {
		explain.checks = json_out_array();
		explain.rules = json_out_array();
	}
	reach(options, config, &policy, &explain, &verdict);
	if (options->json)
		print_json(&explain);
	else
		print_text(&explain);
	code = exit_of(verdict.reason);
	verdict_clear(&verdict);
	policy_clear(&policy);
	return code;
}

int
tool_verify(int argc, char **argv)
{
	struct verify_options options = { .config = NULL };
	const struct option_spec specs[] = {
		{ .name = "config", .value = &options.config },
		{ .name = "service", .value = &options.service },
		{ .name = "user", .value = &options.user },
		{ .name = "rhost", .value = &options.rhost },
		{ .name = "now", .value = &options.now },
		{ .name = "json", .flag = &options.json },
		{ .name = NULL }
	};
	struct secret token = { 0 };
	char config[1100];
	int code = EXIT_TROUBLE;

	if (!options_parse(argc, argv, specs))
		return EXIT_TROUBLE;
	if (options.service == NULL) {
		fprintf(stderr, "pam-jwt: verify: --service is needed; see "
		    "--help\n");
		return EXIT_TROUBLE;
	}
	if (input_absolute(options.config == NULL ? LOAD_CONFIG_DEFAULT :
	    options.config, config, sizeof(config)) && input_read(&token))
		code = verify(&options, config,
		    bytes_trim(secret_bytes(&token)));
	secret_clear(&token);
	return code;
}
