/* SPDX-License-Identifier: BSD-2-Clause */
/* Shows what a configuration puts in force. */
#include <stdio.h>

#include "cli/report.h"
#include "cli/visible.h"
#include "tool/check_force.h"
#include "tool/check_print.h"
#include "tool/check_stack.h"
#include "tool/check_sync.h"

/* "name value", as far as it is in force: see check_force.h. */
static void
print_settings(const struct force *force)
{
	size_t i;

	for (i = 0; i < force->count; i++) {
		const struct force_item *item = &force->items[i];

		printf("    %s ", item->name);
		visible_print(bytes_str(item->value), stdout);
		printf("%s\n", item->is_default ? " (default)" : "");
	}
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
print_issuer(const struct issuer *issuer, int64_t now, struct arena *arena)
{
	struct force force = { .arena = arena };
	size_t i;

	printf("issuer %s: %s\n", issuer->name, issuer->iss);
	for (i = 0; i < issuer->set.count; i++)
		print_key(&issuer->set.keys[i]);
	check_sync_print(issuer, now, stdout);
	force_issuer(&force, issuer);
	print_settings(&force);
}

static void
print_rules(const struct rule_list *rules)
{
	bool has_permit = false;
	size_t i;

	for (i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->rule[i];

		has_permit = has_permit || rule->permit;
		printf("    line %u: %s %s\n", rule->line,
		    rule->permit ? "permit" : "deny", rule->text);
	}
	if (!has_permit)
		printf("    by default: permit as claim sub\n");
}

static void
print_service(const struct service *service, struct arena *arena)
{
	struct force force = { .arena = arena };
	size_t i;

	printf("service");
	for (i = 0; i < service->names.count; i++)
		printf(" %s", service->names.item[i]);
	printf(":\n");
	print_rules(&service->rules);
	force_service(&force, service);
	print_settings(&force);
}

static void
print_state(const struct policy *policy, struct arena *arena)
{
	struct force force = { .arena = arena };

	force_state(&force, policy);
	if (force.count > 0)
		printf("state:\n");
	print_settings(&force);
}

const char *
check_print_section(const struct policy *policy, const char *service)
{
	const struct service *settings = policy_service(policy, service);

	if (settings->line == 0)
		return NULL;
	if (policy_words_have(&settings->names, bytes_str(service)))
		return service;
	return "*";
}

static void
print_place(const void *context, const char *service,
    const struct pam_line *line)
{
	const struct policy *policy = context;
	const char *section = check_print_section(policy, service);

	printf("pam service %s: account line %s:%u; ", service, line->file,
	    line->line);
	if (section == NULL)
		printf("permit as claim sub, as no section counts\n");
	else
		printf("[service %s] counts\n", section);
}

void
check_print(const struct policy *policy, int64_t now)
{
	struct arena arena = { 0 };
	size_t i;

	for (i = 0; i < policy->issuer_count; i++)
		print_issuer(&policy->issuers[i], now, &arena);
	for (i = 0; i < policy->service_count; i++)
		print_service(&policy->services[i], &arena);
	print_state(policy, &arena);
	arena_clear(&arena);
	check_stack_each(check_stack_folders, policy->file, print_place,
	    policy);
}
