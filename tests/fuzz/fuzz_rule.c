/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rules.  The first line is a condition, or an account that begins with
 * "claim"; the second is "user rhost now" with - for what is not there, the
 * rest are the claims.
 *
 * Whatever the condition, its negation has the opposite value, a permit and
 * a deny rule with it have the same, and evaluating it twice does not change
 * it.  Whatever the account, its name is one that an account can have, and
 * nobody is let in as another than was asked for.
 */
#include "core/policy/account.h"
#include "core/policy/conf.h"
#include "core/policy/rule.h"
#include "tests/fuzz/fuzz.h"

struct parsed {
	struct arena arena;
	struct diag diag;
	struct rule rule;
	enum jwt_reason reason;
};

static struct parsed
parse(bool permit, const char *before, const char *cond, const char *after)
{
	struct parsed out = { .reason = JWT_INTERNAL };
	size_t size = strlen(before) + strlen(cond) + strlen(after) + 1;
	char *text = malloc(size);
	struct diag_place place = {
		.file = "fuzz", .line = 1, .column = 1, .source = text
	};

	FUZZ_CHECK(text != NULL);
	snprintf(text, size, "%s%s%s", before, cond, after);
	out.reason = rule_parse(bytes_of(text, size - 1), place, permit,
	    &out.arena, &out.diag, &out.rule);
	FUZZ_CHECK((out.reason == JWT_OK) ==
	    (diag_first_error(&out.diag) == NULL));
	free(text);
	return out;
}

static void
clear(struct parsed *parsed)
{
	arena_clear(&parsed->arena);
	diag_clear(&parsed->diag);
}

static void
count_test(void *ctx, const struct rule_test *test, enum tri result,
    const char *why)
{
	unsigned *count = ctx;

	FUZZ_CHECK(test->text != NULL);
	FUZZ_CHECK(result != TRI_UNKNOWN || why != NULL);
	(*count)++;
}

static void
check_values(const char *cond, const struct rule_facts *facts)
{
	struct parsed permit = parse(true, "as alice if ", cond, "");
	struct parsed deny = parse(false, "if ", cond, "");
	struct parsed negated = parse(false, "if not (", cond, ")");
	unsigned count = 0;
	struct rule_observer observer = { .test = count_test, .ctx = &count };

	FUZZ_CHECK(permit.reason == deny.reason);
	if (permit.reason == JWT_OK) {
		enum tri value = rule_evaluate(&permit.rule, facts, &observer);

		FUZZ_CHECK(count > 0);
		FUZZ_CHECK(value == rule_evaluate(&permit.rule, facts, NULL));
		FUZZ_CHECK(value == rule_evaluate(&deny.rule, facts, NULL));
		if (negated.reason == JWT_OK)	/* else it is too deep */
			FUZZ_CHECK(rule_evaluate(&negated.rule, facts, NULL) ==
			    (value == TRI_TRUE ? TRI_FALSE :
			    value == TRI_FALSE ? TRI_TRUE : TRI_UNKNOWN));
	}
	clear(&permit);
	clear(&deny);
	clear(&negated);
}

static enum jwt_reason
ask(const struct rule *rule, const struct rule_facts *facts, const char *user,
    char out[ACCOUNT_NAME_MAX + 1])
{
	struct account_query query = {
		.issuer = "t", .claims = facts->claims, .user = user
	};
	enum jwt_reason reason = account_of_rule(rule, &query, out);

	FUZZ_CHECK((reason == JWT_OK) == (out[0] != '\0'));
	FUZZ_CHECK(reason != JWT_OK ||
	    account_name_is_exact(bytes_str(out)));
	FUZZ_CHECK(reason != JWT_OK || user == NULL || strcmp(out, user) == 0);
	return reason;
}

static void
check_account(const char *account, const struct rule_facts *facts)
{
	struct parsed parsed = parse(true, "as ", account, "");
	char name[ACCOUNT_NAME_MAX + 1], again[ACCOUNT_NAME_MAX + 1];

	if (parsed.reason == JWT_OK &&
	    parsed.rule.account == RULE_AS_CLAIM) {
		if (ask(&parsed.rule, facts, NULL, name) == JWT_OK)
			FUZZ_CHECK(ask(&parsed.rule, facts, name, again) ==
			    JWT_OK);
		(void)ask(&parsed.rule, facts, facts->user, name);
		FUZZ_CHECK(ask(&parsed.rule, facts, "-nobody", name) !=
		    JWT_OK);
	}
	clear(&parsed);
}

/* The time of a place with a summer time, as the zone's file says it. */
static struct zone_time
local_time(int64_t now)
{
	static const char rule[] = "CET-1CEST,M3.5.0,M10.5.0/3";
	struct zone zone = { .is_known = true, .rule = bytes_str(rule) };

	return zone_time(&zone, now);
}

static char *
item(struct bytes *line)
{
	struct bytes word = conf_word(line);

	return bytes_eq_str(word, "-") ? NULL : fuzz_string(word);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	char *cond = fuzz_string(fuzz_until(&rest, '\n'));
	struct bytes line = fuzz_until(&rest, '\n');
	char *user = item(&line), *rhost = item(&line), *now = item(&line);
	struct secret claims = fuzz_copy(rest);
	struct rule_facts facts = {
		.user = user, .rhost = rhost, .leeway_sec = 60,
		.now = now == NULL ? 0 : strtol(now, NULL, 10) & INT32_MAX
	};
	struct json_doc doc;

	if (json_parse(claims.ptr, claims.len, &json_token_limits, &doc) !=
	    JWT_OK) {
		json_clear(&doc);
		free(claims.ptr);
		claims = fuzz_copy(bytes_str("{}"));
		FUZZ_CHECK(json_parse(claims.ptr, claims.len,
		    &json_token_limits, &doc) == JWT_OK);
	}
	facts.claims = json_root(&doc);
	facts.local = local_time(facts.now);
	if (strncmp(cond, "claim ", 6) == 0)
		check_account(cond, &facts);
	else
		check_values(cond, &facts);
	json_clear(&doc);
	free(claims.ptr);
	free(cond);
	free(user);
	free(rhost);
	free(now);
	return 0;
}
