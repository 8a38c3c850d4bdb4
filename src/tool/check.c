/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt check: loads the configuration, or one key file, with the code of the
 * module, and prints every error and warning.  A login then meets no surprise.
 */
#include <stdio.h>
#include <time.h>

#include "cli/complain.h"
#include "cli/options.h"
#include "cli/report.h"
#include "host/load.h"
#include "host/state/state.h"
#include "tool/check_host.h"
#include "tool/check_keys.h"
#include "tool/check_stack.h"
#include "tool/check_sync.h"
#include "tool/input.h"
#include "tool/tool.h"

static void
print_words(const char *name, const struct words *words)
{
	size_t i;

	if (words->count == 0)
		return;
	printf("    %s", name);
	for (i = 0; i < words->count; i++)
		printf(" %s", words->item[i]);
	printf("\n");
}

/* Print each word in quotes, because it may contain spaces. */
static void
print_audience(const char *name, const struct words *words)
{
	size_t i;

	if (words->count == 0)
		return;
	printf("    %s", name);
	for (i = 0; i < words->count; i++) {
		fputs(i == 0 ? " " : ", ", stdout);
		report_quoted(bytes_str(words->item[i]), stdout);
	}
	printf("\n");
}

static void
print_key(const struct jwk *key)
{
	const char *use = "not used";

	if (key->algs != 0)
		use = alg_row(key->alg)->name;
	printf("    %s, %s", alg_kind_name(key->kind), use);
	if (key->has_kid) {
		printf(", kid ");
		report_quoted(key->kid, stdout);
	}
	printf("\n");
}

static void
print_issuer(const struct issuer *issuer, int64_t now)
{
	size_t i;

	printf("issuer %s: %s\n", issuer->name, issuer->iss);
	for (i = 0; i < issuer->set.count; i++)
		print_key(&issuer->set.keys[i]);
	check_sync_print(issuer, now, stdout);
	print_audience("audience", &issuer->audience);
	print_audience("audience of events", &issuer->event_audience);
}

static void
print_proof(const struct service *service)
{
	if (service->proof == SERVICE_PROOF_SSH_KEY)
		printf("    a token that is bound needs the ssh key that sshd "
		    "has checked\n");
	if (service->proof == SERVICE_PROOF_SESSION)
		printf("    a token that is bound needs a session that was "
		    "opened with that ssh key and a token; by the key alone "
		    "does not do\n");
	if (service->require_proof)
		printf("    each token must be bound to an ssh key\n");
}

static void
print_service(const struct service *service)
{
	bool has_permit = false;
	size_t i;

	printf("service");
	for (i = 0; i < service->names.count; i++)
		printf(" %s", service->names.item[i]);
	printf(":\n");
	print_words("issuers", &service->issuers);
	for (i = 0; i < service->rules.count; i++) {
		const struct rule *rule = &service->rules.rule[i];

		has_permit = has_permit || rule->permit;
		printf("    line %u: %s %s\n", rule->line,
		    rule->permit ? "permit" : "deny", rule->text);
	}
	if (!has_permit)
		printf("    by default: permit as claim sub\n");
	if (service->clients)
		printf("    claims also name the accounts of programs\n");
	if (service->single_use)
		printf("    each token once\n");
	if (service->revoke_on_logout)
		printf("    a token is revoked when its session ends\n");
	print_proof(service);
}

static void
print_state(const struct state_settings *state)
{
	if (!state->wanted)
		return;
	printf("state:\n");
	if (!state_is_live(state))
		printf("    directory %s\n", state->directory);
	if (state->redis != REDIS_NONE)
		printf("    redis %s, for %s\n", state->redis_host,
		    state->redis_pulled ? "one-time tokens" : "all");
}

static void
print_policy(const struct policy *policy, int64_t now)
{
	size_t i;

	for (i = 0; i < policy->issuer_count; i++)
		print_issuer(&policy->issuers[i], now);
	for (i = 0; i < policy->service_count; i++)
		print_service(&policy->services[i]);
	print_state(&policy->state);
	check_stack_print(check_stack_folders, policy->file);
	printf("OK\n");
}

static int
check_config(const char *config)
{
	int64_t now = (int64_t)time(NULL);
	char path[INPUT_PATH_SIZE];
	struct diag diag = { 0 };
	struct policy policy;
	enum jwt_reason reason;

	if (config == NULL)
		config = LOAD_CONFIG_DEFAULT;
	if (!input_absolute(config, path, sizeof(path)))
		return EXIT_TROUBLE;
	reason = load_policy(path, NULL, now, &diag, &policy);
	if (reason == JWT_OK) {
		check_host_note(&policy, &diag);
		check_sync_note(&policy, now, &diag);
		reason = diag.reason;
	}
	report_diag(&diag, reason == JWT_OK ? stdout : stderr);
	if (reason == JWT_OK)
		print_policy(&policy, now);
	else if (reason == JWT_STATE_UNAVAILABLE)
		fprintf(stderr, "refused: %s - %s: a login that needs "
		    "the state is refused\n", reason_name(reason),
		    reason_text(reason));
	else
		fprintf(stderr, "refused: %s - %s: nobody logs in\n",
		    reason_name(reason), reason_text(reason));
	policy_clear(&policy);
	diag_clear(&diag);
	if (reason != JWT_OK)
		return EXIT_TROUBLE;
	return EXIT_YES;
}

int
tool_check(int argc, char **argv)
{
	const char *config = NULL, *keys = NULL, *algorithms = NULL;
	bool json = false;
	const struct option_spec specs[] = {
		{ .name = "config", .value = &config },
		{ .name = "keys", .value = &keys },
		{ .name = "algorithms", .value = &algorithms },
		{ .name = "json", .flag = &json },
		{ .name = NULL }
	};

	if (!options_parse(argc, argv, specs))
		return EXIT_TROUBLE;
	if (keys != NULL && config != NULL)
		complain("--keys reads one key file, and no configuration");
	else if (keys != NULL)
		return check_keys(keys, algorithms, json);
	else if (algorithms != NULL || json)
		complain("--algorithms and --json go with --keys");
	else
		return check_config(config);
	return EXIT_TROUBLE;
}
