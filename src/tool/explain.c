/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Notes the steps of a decision while the core makes it, and shows them: why a
 * token was refused, or by which rule it was accepted.
 */
#include "cli/paint.h"
#include "cli/report.h"
#include "tool/explain.h"
#include "tool/json_out.h"

struct explain_rule {
	const struct rule *rule;
	enum tri value;
	enum jwt_reason account;
	size_t test_end;	/* the index after the last test of the rule */
};

struct explain_test {
	const struct rule_test *test;
	enum tri value;
	const char *why;
};

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

static const char *
effect_name(const struct rule *rule)
{
	if (rule->permit)
		return "permit";
	return "deny";
}

static void
note_check(void *ctx, enum verdict_check check, enum jwt_reason result)
{
	struct explain *explain = ctx;

	if (explain->check_count < EXPLAIN_CHECKS)
		explain->checks[explain->check_count++] =
		    (struct explain_check){ check, result };
}

/* Without memory the explanation is shorter; the verdict is not changed. */
static void
note_test(void *ctx, const struct rule_test *test, enum tri value,
    const char *why)
{
	struct explain *explain = ctx;
	struct explain_test *more;

	more = arena_grow(&explain->arena, explain->tests,
	    explain->test_count, sizeof(*more));
	if (more == NULL)
		return;
	explain->tests = more;
	more[explain->test_count++] =
	    (struct explain_test){ test, value, why };
}

static void
note_rule(void *ctx, const struct rule *rule, enum tri value,
    enum jwt_reason account)
{
	struct explain *explain = ctx;
	struct explain_rule *more;

	more = arena_grow(&explain->arena, explain->rules,
	    explain->rule_count, sizeof(*more));
	if (more == NULL)
		return;
	explain->rules = more;
	more[explain->rule_count++] = (struct explain_rule){
		rule, value, account, explain->test_count
	};
}

struct verdict_observer
explain_observer(struct explain *explain)
{
	return (struct verdict_observer){
		.check = note_check, .rule = note_rule, .test = note_test,
		.ctx = explain
	};
}

/* The index of the first test of a rule. */
static size_t
first_test(const struct explain *explain, size_t rule)
{
	if (rule == 0)
		return 0;
	return explain->rules[rule - 1].test_end;
}

static bool
account_of(const struct explain *explain, const struct rule *rule,
    char out[ACCOUNT_NAME_MAX + 1])
{
	return hint_account(&explain->in, explain->verdict, rule, out);
}

/* Why a test has its value: what the core says, or the time; "" for nothing. */
static const char *
why_of(const struct explain *explain, const struct explain_test *noted,
    char out[HINT_CLOCK_SIZE])
{
	out[0] = '\0';
	if (noted->test->subject == RULE_TIME)
		hint_clock(&explain->in.policy->zone, explain->in.now, out);
	if (noted->why != NULL)
		return noted->why;
	return out;
}

static const char *
deny_effect(enum tri value)
{
	switch (value) {
	case TRI_FALSE:
		return "does not fire";
	case TRI_TRUE:
		return "denies";
	case TRI_UNKNOWN:
		break;
	}
	return "denies, because its condition is unknown";
}

/* After "holds" or "does not hold" print the account of a permit rule. */
static void
print_account(const struct explain *explain, const struct explain_rule *noted,
    FILE *out)
{
	const struct verdict *verdict = explain->verdict;
	char name[ACCOUNT_NAME_MAX + 1];

	if (account_of(explain, noted->rule, name))
		fprintf(out, "; its account is %s", name);
	if (noted->account != JWT_OK)
		fprintf(out, "; %s", reason_name(noted->account));
	else if (noted->rule == verdict->rule && verdict->reason != JWT_OK &&
	    reason_class(verdict->reason) == JWT_CLASS_ACCOUNT)
		fprintf(out, "; %s", reason_name(verdict->reason));
}

static void
print_rule(const struct explain *explain, size_t index, FILE *out)
{
	const struct explain_rule *noted = &explain->rules[index];
	char clock[HINT_CLOCK_SIZE];
	const char *why;
	size_t i;

	if (noted->rule->line != 0)
		fprintf(out, "  line %u: ", noted->rule->line);
	else
		fputs("  by default: ", out);
	fprintf(out, "%s %s\n", effect_name(noted->rule), noted->rule->text);
	for (i = first_test(explain, index); i < noted->test_end; i++) {
		const struct explain_test *test = &explain->tests[i];

		fprintf(out, "      %-8s %s", tri_name(test->value),
		    test->test->text);
		why = why_of(explain, test, clock);
		if (why[0] != '\0')
			fprintf(out, "  (%s)", why);
		fputc('\n', out);
	}
	fprintf(out, "    = %s: ", tri_name(noted->value));
	if (!noted->rule->permit) {
		fputs(deny_effect(noted->value), out);
	} else {
		fputs(noted->value == TRI_TRUE ? "holds" : "does not hold",
		    out);
		print_account(explain, noted, out);
	}
	fputc('\n', out);
}

static void
print_check(const struct explain *explain, const struct explain_check *noted,
    FILE *out)
{
	const struct verdict *verdict = explain->verdict;

	paint_mark(noted->result == JWT_OK, out);
	fprintf(out, "%-10s ", verdict_check_name(noted->check));
	paint_begin(noted->result == JWT_OK, out);
	fputs(reason_name(noted->result), out);
	paint_end(out);
	if (noted->check == CHECK_DECRYPTION && noted->result == JWT_OK &&
	    jwe_has_kid(verdict->jwe)) {
		fputs("  kid ", out);
		report_quoted(jwe_unverified_kid(verdict->jwe), out);
	}
	if (noted->check == CHECK_ISSUER && verdict->issuer != NULL)
		fprintf(out, "  %s", verdict->issuer->name);
	if (noted->check == CHECK_SIGNATURE && noted->result == JWT_OK &&
	    verdict->kid.len > 0) {
		fputs("  kid ", out);
		report_quoted(verdict->kid, out);
	}
	fputc('\n', out);
}

void
explain_print(const struct explain *explain, FILE *out)
{
	size_t i, k;

	for (i = 0; i < explain->check_count; i++) {
		print_check(explain, &explain->checks[i], out);
		if (explain->checks[i].check != CHECK_RULES)
			continue;
		for (k = 0; k < explain->rule_count; k++)
			print_rule(explain, k, out);
	}
}

static struct json_object *
json_of_tests(const struct explain *explain, size_t index)
{
	struct json_object *tests = json_out_array();
	size_t i;

	for (i = first_test(explain, index);
	    i < explain->rules[index].test_end; i++) {
		const struct explain_test *noted = &explain->tests[i];
		struct json_object *entry = json_out_object();
		char clock[HINT_CLOCK_SIZE];
		const char *why = why_of(explain, noted, clock);

		json_out_string(entry, "test", noted->test->text);
		json_out_string(entry, "value", tri_name(noted->value));
		if (why[0] != '\0')
			json_out_string(entry, "why", why);
		json_out_element(tests, entry);
	}
	return tests;
}

static struct json_object *
json_of_rule(const struct explain *explain, size_t index)
{
	const struct explain_rule *noted = &explain->rules[index];
	struct json_object *entry = json_out_object();
	char name[ACCOUNT_NAME_MAX + 1];
	const char *account = NULL;

	json_out_number(entry, "line", noted->rule->line);
	json_out_string(entry, "rule", effect_name(noted->rule));
	json_out_string(entry, "text", noted->rule->text);
	json_out_string(entry, "value", tri_name(noted->value));
	if (noted->rule->permit) {
		if (account_of(explain, noted->rule, name))
			account = name;
		json_out_string(entry, "account", account);
		json_out_string(entry, "account_result",
		    reason_name(noted->account));
	}
	json_out_member(entry, "tests", json_of_tests(explain, index));
	return entry;
}

void
explain_json(const struct explain *explain, struct json_object *object)
{
	struct json_object *checks = json_out_array();
	struct json_object *rules = json_out_array();
	size_t i;

	for (i = 0; i < explain->check_count; i++) {
		struct json_object *entry = json_out_object();

		json_out_string(entry, "check",
		    verdict_check_name(explain->checks[i].check));
		json_out_string(entry, "result",
		    reason_name(explain->checks[i].result));
		json_out_element(checks, entry);
	}
	for (i = 0; i < explain->rule_count; i++)
		json_out_element(rules, json_of_rule(explain, i));
	json_out_member(object, "checks", checks);
	json_out_member(object, "rules", rules);
}

void
explain_clear(struct explain *explain)
{
	arena_clear(&explain->arena);
}
