/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes JSON of the same that check_print.c prints for people. */
#include <stdio.h>

#include "tool/check_force.h"
#include "tool/check_json_force.h"
#include "tool/check_keys.h"
#include "tool/check_print.h"
#include "tool/check_stack.h"
#include "tool/json_out.h"

/* "settings", and in "defaults" the names of those that have their default. */
static void
add_settings(struct json_object *root, const struct force *force)
{
	struct json_object *settings = json_out_object();
	struct json_object *defaults = json_out_array();
	size_t i;

	for (i = 0; i < force->count; i++) {
		const struct force_item *item = &force->items[i];

		json_out_string(settings, item->name, item->value);
		if (item->is_default)
			json_out_element(defaults,
			    json_out_text(bytes_str(item->name)));
	}
	json_out_member(root, "settings", settings);
	json_out_member(root, "defaults", defaults);
}

static struct json_object *
issuer_object(const struct issuer *issuer, struct arena *arena)
{
	struct json_object *root = json_out_object();
	struct force force = { .arena = arena };

	json_out_string(root, "name", issuer->name);
	json_out_number(root, "line", issuer->line);
	json_out_string(root, "iss", issuer->iss);
	json_out_member(root, "keys", check_keys_json(&issuer->set));
	force_issuer(&force, issuer);
	add_settings(root, &force);
	return root;
}

static struct json_object *
rules_array(const struct rule_list *rules)
{
	struct json_object *list = json_out_array(), *item;
	size_t i;

	for (i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->rule[i];

		item = json_out_object();
		json_out_number(item, "line", rule->line);
		json_out_string(item, "kind", rule->permit ? "permit" : "deny");
		json_out_string(item, "text", rule->text);
		json_out_element(list, item);
	}
	return list;
}

static struct json_object *
service_object(const struct service *service, struct arena *arena)
{
	struct json_object *root = json_out_object();
	struct json_object *names = json_out_array();
	struct force force = { .arena = arena };
	size_t i;

	for (i = 0; i < service->names.count; i++)
		json_out_element(names,
		    json_out_text(bytes_str(service->names.item[i])));
	json_out_member(root, "names", names);
	json_out_number(root, "line", service->line);
	json_out_member(root, "rules", rules_array(&service->rules));
	force_service(&force, service);
	add_settings(root, &force);
	return root;
}

/* What check_stack_each() tells of: the list, and the policy for sections. */
struct places {
	const struct policy *policy;
	struct json_object *list;
};

static void
add_place(const void *context, const char *service,
    const struct pam_line *line)
{
	const struct places *places = context;
	struct json_object *item = json_out_object();

	json_out_string(item, "service", service);
	json_out_string(item, "section",
	    check_print_section(places->policy, service));
	json_out_string(item, "file", line->file);
	json_out_number(item, "line", line->line);
	json_out_element(places->list, item);
}

static struct json_object *
pam_array(const struct policy *policy)
{
	struct places places = {
		.policy = policy, .list = json_out_array()
	};

	check_stack_each(check_stack_folders, policy->file, add_place,
	    &places);
	return places.list;
}

static struct json_object *
state_object(const struct policy *policy, struct arena *arena)
{
	struct json_object *root = json_out_object();
	struct force force = { .arena = arena };

	force_state(&force, policy);
	add_settings(root, &force);
	return root;
}

struct json_object *
check_json_force(const struct policy *policy)
{
	struct json_object *root = json_out_object();
	struct json_object *issuers = json_out_array();
	struct json_object *services = json_out_array();
	struct arena arena = { 0 };
	size_t i;

	for (i = 0; i < policy->issuer_count; i++)
		json_out_element(issuers,
		    issuer_object(&policy->issuers[i], &arena));
	for (i = 0; i < policy->service_count; i++)
		json_out_element(services,
		    service_object(&policy->services[i], &arena));
	json_out_member(root, "issuers", issuers);
	json_out_member(root, "services", services);
	json_out_member(root, "state", state_object(policy, &arena));
	json_out_member(root, "pam", pam_array(policy));
	arena_clear(&arena);
	return root;
}
