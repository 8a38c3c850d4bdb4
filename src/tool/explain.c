/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps of a decision, shown. */
#include <stdio.h>

#include "tool/explain.h"
#include "tool/json_out.h"
#include "tool/report.h"

static const char *
tri_name(enum tri value)
{
	switch (value) {
	case TRI_TRUE:
		return "true";
	case TRI_FALSE:
		return "false";
	case TRI_UNKNOWN:
		break;
	}
	return "unknown";
}

static void
note_check(void *ctx, enum verdict_check check, enum jwt_reason result)
{
	struct explain *explain = ctx;
	struct json_object *entry;

	if (explain->text) {
		printf("%-10s %s", verdict_check_name(check),
		    reason_name(result));
		if (check == CHECK_ISSUER && explain->verdict->issuer != NULL)
			printf("  %s", explain->verdict->issuer->name);
		if (result != JWT_OK)
			printf("  (%s)", reason_text(result));
		printf("\n");
		return;
	}
	entry = json_out_object();
	json_out_string(entry, "check", verdict_check_name(check));
	json_out_string(entry, "result", reason_name(result));
	json_out_element(explain->checks, entry);
}

/* Tests come before the rule that they belong to. */
static void
note_test(void *ctx, const struct rule_test *test, enum tri value,
    const char *why)
{
	struct explain *explain = ctx;
	struct json_object *entry;

	if (explain->text) {
		printf("    %-8s %s", tri_name(value), test->text);
		if (why != NULL)
			printf("  (%s)", why);
		printf("\n");
		return;
	}
	if (explain->tests == NULL)
		explain->tests = json_out_array();
	entry = json_out_object();
	json_out_string(entry, "test", test->text);
	json_out_string(entry, "value", tri_name(value));
	if (why != NULL)
		json_out_string(entry, "why", why);
	json_out_element(explain->tests, entry);
}

/* What a rule came to, in a word. */
static const char *
effect_of(const struct rule *rule, enum tri value, enum jwt_reason account)
{
	if (!rule->permit)
		return value == TRI_FALSE ? "does not fire" : "denies";
	if (value != TRI_TRUE)
		return "does not hold";
	return account == JWT_OK ? "holds" : "holds, but not for this account";
}

static void
note_rule(void *ctx, const struct rule *rule, enum tri value,
    enum jwt_reason account)
{
	struct explain *explain = ctx;
	const char *verb = rule->permit ? "permit" : "deny";
	struct json_object *entry;

	if (explain->text) {
		if (rule->line != 0)
			printf("  line %u: ", rule->line);
		else
			printf("  by default: ");
		printf("%s %s\n    = %s, %s", verb, rule->text,
		    tri_name(value), effect_of(rule, value, account));
		if (account != JWT_OK)
			printf(" (%s)", reason_name(account));
		printf("\n");
		return;
	}
	entry = json_out_object();
	json_out_number(entry, "line", rule->line);
	json_out_string(entry, "rule", verb);
	json_out_string(entry, "text", rule->text);
	json_out_string(entry, "value", tri_name(value));
	json_out_string(entry, "account", reason_name(account));
	json_out_member(entry, "tests", explain->tests);
	explain->tests = NULL;
	json_out_element(explain->rules, entry);
}

struct verdict_observer
explain_observer(struct explain *explain)
{
	return (struct verdict_observer){
		.check = note_check, .rule = note_rule, .test = note_test,
		.ctx = explain
	};
}
