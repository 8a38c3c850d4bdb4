/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists who can log in as an account: for each service the permit rules that
 * lead to it, and the deny rules that come before them.
 */
#include <stdio.h>
#include <time.h>

#include "cli/complain.h"
#include "cli/exit.h"
#include "cli/report.h"
#include "host/accounts.h"
#include "host/load.h"
#include "tool/check_json.h"
#include "tool/check_reach.h"
#include "tool/check_who.h"
#include "tool/json_out.h"

/* The first deny rule that fires for the account whatever the token says. */
static const struct rule *
find_bar(const struct reach *reach, const struct service *service)
{
	size_t i;

	for (i = 0; i < service->rules.count; i++) {
		const struct rule *rule = &service->rules.rule[i];

		if (!rule->permit && reach_condition(reach, rule) == TRI_TRUE)
			return rule;
	}
	return NULL;
}

/* Whether a deny rule may fire for the account, and need not. */
static bool
may_deny(const struct reach *reach, const struct rule *rule)
{
	return !rule->permit && reach_condition(reach, rule) == TRI_UNKNOWN;
}

/* ---- text ---- */

static void
print_issuers(const struct reach *reach, const struct service *service)
{
	size_t i;

	for (i = 0; i < service->issuers.count; i++)
		printf("%s%s", i == 0 ? "" : " or ", service->issuers.item[i]);
	for (i = 0; i < reach->policy->issuer_count &&
	    service->issuers.count == 0; i++)
		printf("%s%s", i == 0 ? "" : " or ",
		    reach->policy->issuers[i].name);
}

static void
print_path(const struct claim_path *path)
{
	size_t i;

	for (i = 0; i < path->count; i++) {
		if (path->count > 1)
			putchar('/');
		report_bytes(path->steps[i], stdout);
	}
}

/* Print which value the claim must have to become the account. */
static void
print_claim(const struct reach *reach, const struct rule *rule)
{
	printf(" whose claim ");
	print_path(&rule->claim);
	printf(" is or lists \"");
	report_bytes(rule->without_prefix, stdout);
	report_bytes(bytes_str(reach->account), stdout);
	report_bytes(rule->without, stdout);
	printf("\"");
	if (rule->lower)
		printf(" in lowercase letters or capitals");
}

static void
print_subjects(const struct reach *reach, const struct service *service,
    const struct rule *rule)
{
	struct account_map_line line;
	size_t at = 0;

	while (reach_map_next(reach, service, rule, &at, &line)) {
		printf("            %s:%u: ", rule->map_path, line.line);
		report_quoted(line.sub, stdout);
		printf(" of %.*s\n", BYTES_SHOW(line.issuer));
	}
}

static void
print_permit(const struct reach *reach, const struct service *service,
    const struct rule *rule)
{
	if (rule->line != 0)
		printf("    %s:%u: permit %s\n", reach->policy->file,
		    rule->line, rule->text);
	else
		printf("    by default: permit %s\n", rule->text);
	printf("        whoever has a token of ");
	print_issuers(reach, service);
	if (rule->account == RULE_AS_CLAIM)
		print_claim(reach, rule);
	if (rule->account == RULE_AS_MAP)
		printf(" for one of these subjects");
	if (rule->cond != NULL)
		printf(", if the condition holds");
	printf("%s\n", rule->account == RULE_AS_MAP ? ":" : "");
	if (rule->account == RULE_AS_MAP)
		print_subjects(reach, service, rule);
}

static void
print_denies(const struct reach *reach, const struct service *service)
{
	size_t i;

	for (i = 0; i < service->rules.count; i++) {
		const struct rule *rule = &service->rules.rule[i];

		if (may_deny(reach, rule))
			printf("    %s:%u: but not with a token that this "
			    "denies: %s\n", reach->policy->file, rule->line,
			    rule->text);
	}
}

/* Print the permit rules that lead to the account; false if there is none. */
static bool
print_permits(const struct reach *reach, const struct service *service)
{
	bool found = false;
	size_t i;

	for (i = 0; i < service->rules.count; i++) {
		const struct rule *rule = &service->rules.rule[i];

		if (reach_permits(reach, service, rule)) {
			print_permit(reach, service, rule);
			found = true;
		}
	}
	if (!reach_has_permit(service) &&
	    reach_permits(reach, service, &reach_default_rule)) {
		print_permit(reach, service, &reach_default_rule);
		found = true;
	}
	return found;
}

static void
print_names(const struct service *service)
{
	size_t i;

	if (service->names.count == 0 ||
	    bytes_eq_str(bytes_str("*"), service->names.item[0])) {
		printf("every other service:\n");
		return;
	}
	printf("service");
	for (i = 0; i < service->names.count; i++)
		printf(" %s", service->names.item[i]);
	printf(":\n");
}

static void
print_service(const struct reach *reach, const struct service *service)
{
	const struct rule *bar = find_bar(reach, service);

	print_names(service);
	if (bar != NULL)
		printf("    nobody: %s:%u: deny %s\n", reach->policy->file,
		    bar->line, bar->text);
	else if (print_permits(reach, service))
		print_denies(reach, service);
	else
		printf("    nobody: no rule leads there\n");
}

/* Whether a rule leads to another name of uid 0: that is root as well. */
static bool
is_other_root(const struct reach *reach, const struct rule *rule)
{
	struct account_facts facts;

	if (!reach->facts.is_root || !rule->permit ||
	    rule->account != RULE_AS_NAME ||
	    bytes_eq_str(rule->name, reach->account))
		return false;
	return accounts_host.look_up(accounts_host.ctx,
	    (const char *)rule->name.ptr, &facts) == JWT_OK && facts.is_root;
}

/* Call for each rule that leads to another name of uid 0. */
static void
each_other_root(const struct reach *reach,
    void (*found)(const struct reach *reach, const struct rule *rule,
    void *ctx), void *ctx)
{
	size_t i, k;

	for (i = 0; i < reach->policy->service_count; i++) {
		const struct rule_list *rules =
		    &reach->policy->services[i].rules;

		for (k = 0; k < rules->count; k++) {
			if (is_other_root(reach, &rules->rule[k]))
				found(reach, &rules->rule[k], ctx);
		}
	}
}

static void
print_other_root(const struct reach *reach, const struct rule *rule, void *ctx)
{
	(void)ctx;
	printf("    %s:%u: ", reach->policy->file, rule->line);
	report_bytes(rule->name, stdout);
	printf(" has uid 0 as well: ask --who for it, too\n");
}

static void
print_account(const struct reach *reach)
{
	printf("account ");
	report_bytes(bytes_str(reach->account), stdout);
	if (!reach->facts.exists)
		printf(": this host has none of that name, and nobody logs in "
		    "before it has");
	else if (reach->facts.is_root)
		printf(": it is root, which no claim and no map leads to");
	else if (reach->facts.is_protected)
		printf(": it is a system account, which no claim and no map "
		    "leads to");
	printf("\n");
	if (!reach->facts.is_root)
		return;
	printf("    sudo and doas ask for the account of their caller, and "
	    "their own configuration says who becomes root\n");
	each_other_root(reach, print_other_root, NULL);
}

/* ---- JSON ---- */

static struct json_object *
json_of_subjects(const struct reach *reach, const struct service *service,
    const struct rule *rule)
{
	struct json_object *list = json_out_array();
	struct account_map_line line;
	size_t at = 0;

	while (reach_map_next(reach, service, rule, &at, &line)) {
		struct json_object *item = json_out_object();

		json_out_member(item, "sub", json_out_text(line.sub));
		json_out_member(item, "issuer", json_out_text(line.issuer));
		json_out_string(item, "file", rule->map_path);
		json_out_number(item, "line", line.line);
		json_out_element(list, item);
	}
	return list;
}

static struct json_object *
json_of_rule(const struct rule *rule)
{
	struct json_object *item = json_out_object();

	if (rule->line != 0)
		json_out_number(item, "line", rule->line);
	json_out_string(item, "rule", rule->permit ? "permit" : "deny");
	json_out_string(item, "text", rule->text);
	return item;
}

static void
add_permit(const struct reach *reach, const struct service *service,
    const struct rule *rule, struct json_object *list)
{
	static const char *const by[] = {
		[RULE_AS_NAME] = "name", [RULE_AS_CLAIM] = "claim",
		[RULE_AS_MAP] = "map"
	};
	struct json_object *item;

	if (!reach_permits(reach, service, rule))
		return;
	item = json_of_rule(rule);
	json_out_string(item, "by", by[rule->account]);
	if (rule->account == RULE_AS_MAP)
		json_out_member(item, "subjects", json_of_subjects(reach,
		    service, rule));
	json_out_element(list, item);
}

static struct json_object *
json_of_words(const struct words *words)
{
	struct json_object *list = json_out_array();
	size_t i;

	for (i = 0; i < words->count; i++)
		json_out_element(list, json_out_text(
		    bytes_str(words->item[i])));
	return list;
}

/* A deny rule that always fires leaves no permit rule. */
static struct json_object *
json_of_service(const struct reach *reach, const struct service *service)
{
	struct json_object *entry = json_out_object();
	struct json_object *permits = json_out_array();
	struct json_object *denies = json_out_array();
	const struct rule *bar = find_bar(reach, service);
	size_t i;

	for (i = 0; i < service->rules.count; i++) {
		const struct rule *rule = &service->rules.rule[i];

		if (bar == NULL)
			add_permit(reach, service, rule, permits);
		else if (rule == bar)
			json_out_element(denies, json_of_rule(bar));
		if (may_deny(reach, rule))
			json_out_element(denies, json_of_rule(rule));
	}
	if (bar == NULL && !reach_has_permit(service))
		add_permit(reach, service, &reach_default_rule, permits);
	json_out_member(entry, "services", json_of_words(&service->names));
	json_out_member(entry, "issuers", json_of_words(&service->issuers));
	json_out_member(entry, "permits", permits);
	json_out_member(entry, "denies", denies);
	return entry;
}

static void
add_other_root(const struct reach *reach, const struct rule *rule, void *ctx)
{
	struct json_object *item = json_out_object();

	(void)reach;
	json_out_member(item, "account", json_out_text(rule->name));
	json_out_number(item, "line", rule->line);
	json_out_element(ctx, item);
}

/* ---- the command ---- */

/* Services with a section, and what holds for all others. */
static void
print_text(const struct reach *reach)
{
	const struct policy *policy = reach->policy;
	const struct service *rest = policy_service(policy, "*");
	size_t i;

	print_account(reach);
	for (i = 0; i < policy->service_count; i++) {
		if (&policy->services[i] != rest)
			print_service(reach, &policy->services[i]);
	}
	print_service(reach, rest);
}

static void
print_json(const struct reach *reach)
{
	const struct policy *policy = reach->policy;
	const struct service *rest = policy_service(policy, "*");
	struct json_object *root = json_out_object();
	struct json_object *services = json_out_array();
	struct json_object *others = json_out_array();
	size_t i;

	json_out_string(root, "config", policy->file);
	json_out_string(root, "account", reach->account);
	json_out_boolean(root, "exists", reach->facts.exists);
	json_out_boolean(root, "protected", reach->facts.is_protected);
	for (i = 0; i < policy->service_count; i++) {
		if (&policy->services[i] != rest)
			json_out_element(services, json_of_service(reach,
			    &policy->services[i]));
	}
	json_out_element(services, json_of_service(reach, rest));
	json_out_member(root, "services", services);
	each_other_root(reach, add_other_root, others);
	json_out_member(root, "also_root", others);
	json_out_print(root, false, stdout);
}

/* An account that is not there yet is taken for one of a person. */
static enum jwt_reason
look_up(struct reach *reach)
{
	enum jwt_reason reason = accounts_host.look_up(accounts_host.ctx,
	    reach->account, &reach->facts);

	if (!reach->facts.exists)
		reach->facts = (struct account_facts){ .exists = false };
	return reason;
}

int
check_who(const char *config, const char *account, bool json)
{
	struct policy policy;
	struct diag diag = { 0 };
	struct reach reach = { .policy = &policy, .account = account };
	enum jwt_reason reason = load_policy(config, NULL,
	    (int64_t)time(NULL), &diag, &policy);

	if (reason != JWT_OK) {
		report_diag(&diag, stderr);
	} else {
		reason = look_up(&reach);
		if (reason != JWT_OK)
			complain("%s: %s", account, reason_text(reason));
		else if (json)
			print_json(&reach);
		else
			print_text(&reach);
	}
	policy_clear(&policy);
	diag_clear(&diag);
	if (reason != JWT_OK)
		return EXIT_TROUBLE;
	return EXIT_YES;
}
