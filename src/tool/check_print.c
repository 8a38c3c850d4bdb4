/* SPDX-License-Identifier: BSD-2-Clause */
/* Shows what a configuration puts in force. */
#include <stdio.h>

#include "cli/report.h"
#include "host/state/state.h"
#include "tool/check_print.h"
#include "tool/check_stack.h"
#include "tool/check_sync.h"

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

void
check_print(const struct policy *policy, int64_t now)
{
	size_t i;

	for (i = 0; i < policy->issuer_count; i++)
		print_issuer(&policy->issuers[i], now);
	for (i = 0; i < policy->service_count; i++)
		print_service(&policy->services[i]);
	print_state(&policy->state);
	check_stack_print(check_stack_folders, policy->file);
}
