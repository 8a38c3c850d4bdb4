/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hints about rules: which test of which line failed.  The verdict does not
 * note that, so the rules are applied once more, and an observer looks for the
 * permit rule that came nearest.
 */
#include <stdio.h>

#include "core/base/number.h"
#include "core/hint_each.h"
#include "core/policy/rule_time.h"

#define TESTS_MAX ((size_t)16)	/* noted of one rule: more than a line holds */

/* One rule, and its tests in their order. */
struct look {
	const struct rule *rule;	/* NULL: none yet */
	enum tri value;
	enum jwt_reason account;
	struct {
		const struct rule_test *test;
		enum tri value;
		const char *why;
	} test[TESTS_MAX];
	size_t count;		/* noted */
	unsigned missed;	/* tests that are not true, noted or not */
	unsigned off_hours;	/* those of them that are about the time */
};

struct search {
	const struct rule *wanted;	/* the one to find; NULL: the nearest */
	struct look now;		/* the rule that is being evaluated */
	struct look best;
	bool missed_groups;	/* some rule tested groups without success */
};

static bool
is_about_groups(const struct rule_test *test)
{
	return test->subject == RULE_CLAIM && test->path.count > 0 &&
	    bytes_eq_str(test->path.steps[0], "groups");
}

static void
note_test(void *ctx, const struct rule_test *test, enum tri value,
    const char *why)
{
	struct search *search = ctx;
	struct look *now = &search->now;

	if (value != TRI_TRUE) {
		now->missed++;
		now->off_hours += test->subject == RULE_TIME;
		search->missed_groups |= is_about_groups(test);
	}
	/* Of the tests that have no room, one that is missed goes before. */
	if (now->count == TESTS_MAX && value == TRI_TRUE)
		return;
	if (now->count == TESTS_MAX)
		now->count--;
	now->test[now->count].test = test;
	now->test[now->count].value = value;
	now->test[now->count].why = why;
	now->count++;
}

/* Whether nothing but the time keeps a rule from holding. */
static bool
is_off_hours(const struct look *look)
{
	/* Under "or" and "not" a test need not be what was missing. */
	return look->missed > 0 && look->off_hours == look->missed &&
	    look->rule->conjunction && look->account == JWT_OK;
}

/* How far a rule is from letting the token in as the account asked for. */
static unsigned
distance(const struct look *look)
{
	const unsigned other_account = 1000;	/* more than a rule has tests */
	unsigned missed = look->missed;

	if (!look->rule->conjunction)
		missed = 1;
	if (look->account != JWT_OK)
		missed += other_account;
	return 2 * missed + !is_off_hours(look);
}

static void
note_rule(void *ctx, const struct rule *rule, enum tri value,
    enum jwt_reason account)
{
	struct search *search = ctx;
	struct look *now = &search->now;
	bool is_better;

	now->rule = rule;
	now->value = value;
	now->account = account;
	if (search->wanted != NULL)
		is_better = rule == search->wanted;
	else
		is_better = rule->permit && (search->best.rule == NULL ||
		    distance(now) < distance(&search->best));
	if (is_better)
		search->best = *now;
	*now = (struct look){ .rule = NULL };
}

/* Apply the rules again and keep the look at one of them. */
static void
find_rule(const struct hint *hint, struct search *search)
{
	struct permit_observer observer = {
		.rule = note_rule, .test = note_test, .ctx = search
	};

	verdict_observe_rules(hint->in, hint->verdict, &observer);
}

/* ---- tests ---- */

static void
put_line(struct hint *hint, const struct rule *rule)
{
	if (rule->line != 0)
		hint_put(hint, "line %u: ", rule->line);
	else
		hint_put(hint, "%s: ", rule->text);
}

static const char *
value_name(enum tri value)
{
	if (value == TRI_UNKNOWN)
		return "unknown";
	return value == TRI_TRUE ? "true" : "false";
}

/* Of a permit with "and" alone, a test that is true is not to blame. */
static bool
is_to_blame(const struct rule *rule, enum tri value)
{
	return !rule->permit || !rule->conjunction || value != TRI_TRUE;
}

static void
put_tests(struct hint *hint, const struct look *look)
{
	const char *before = "";
	size_t i;

	put_line(hint, look->rule);
	for (i = 0; i < look->count; i++) {
		if (!is_to_blame(look->rule, look->test[i].value))
			continue;
		hint_text(hint, before);
		hint_text(hint, look->test[i].test->text);
		hint_put(hint, " is %s", value_name(look->test[i].value));
		if (look->test[i].why != NULL)
			hint_put(hint, " (%s)", look->test[i].why);
		before = ", ";
	}
}

/* ---- what is missing ---- */

/* Why a time that a rule looks at says nothing. */
static void
put_time_fault(struct hint *hint, const struct rule_test *need)
{
	const struct json_node *node = claim_path_get(&need->path,
	    claims_root(hint->verdict->claims));
	struct bytes name = need->path.steps[0];
	struct number_date date;

	hint_text(hint, "; ");
	hint_bytes(hint, name);
	if (node == NULL && bytes_eq_str(name, "auth_time")) {
		hint_text(hint, " is absent: a provider sends it if the "
		    "client asks for it (max_age, require_auth_time)");
		return;
	}
	hint_text(hint, " is ");
	hint_node(hint, node);
	if (json_is(node, JSON_NUMBER) &&
	    number_date(json_text(node), &date) == JWT_OK) {
		hint_text(hint, ": ");
		if (!hint_other_unit(hint, "it", date.floor_sec))
			hint_date(hint, date.floor_sec);
	} else if (node != NULL) {
		hint_text(hint, "; a time is a number, of seconds since 1970");
	}
}

static void
put_need(struct hint *hint, const struct rule_test *need)
{
	hint_text(hint, "all that is missing is ");
	hint_text(hint, need->text);
	if (need->op == RULE_WITHIN && need->path.count == 1)
		put_time_fault(hint, need);
}

void
hint_clock(const struct zone *zone, int64_t now, char out[HINT_CLOCK_SIZE])
{
	struct zone_time time = zone_time(zone, now);

	out[0] = '\0';
	if (time.is_known)
		snprintf(out, HINT_CLOCK_SIZE, "the clock of the host shows "
		    "%s %02u:%02u", rule_day_name(time.weekday),
		    time.minute / 60, time.minute % 60);
}

/* The first test of a rule that is not true. */
static const struct rule_test *
first_missed(const struct look *look)
{
	size_t i = 0;

	while (i + 1 < look->count && look->test[i].value == TRI_TRUE)
		i++;
	return look->test[i].test;
}

/* A person who asks at night has seen the rule hold in the day. */
static void
put_off_hours(struct hint *hint, const struct look *look)
{
	char clock[HINT_CLOCK_SIZE];

	hint_clock(&hint->in->policy->zone, hint->in->now, clock);
	hint_text(hint, "all that is missing is ");
	hint_text(hint, first_missed(look)->text);
	hint_text(hint, "; ");
	if (clock[0] != '\0')
		hint_text(hint, clock);
	else
		hint_text(hint, "nobody knows the time: the clock of the host "
		    "is not set, or /etc/localtime is not a time zone");
}

/* The rule holds, but the token gets no account from it. */
static void
put_no_account(struct hint *hint, const struct rule *rule)
{
	put_line(hint, rule);
	if (rule->account == RULE_AS_MAP)
		hint_put(hint, "%s has no line for issuer %s and sub ",
		    rule->map_path, hint->verdict->issuer->name);
	else
		hint_text(hint, "no account for sub ");
	hint_value(hint, hint->verdict->id.sub);
}

/* Entra leaves out the groups of somebody who is in many. */
static bool
is_overage(const struct hint *hint, const struct search *search)
{
	return search->missed_groups &&
	    hint_claim_of(hint, "groups") == NULL &&
	    hint_claim_of(hint, "_claim_names") != NULL;
}

static void
put_overage(struct hint *hint)
{
	hint_text(hint, "groups is absent and _claim_names is there: overage, "
	    "the user is in more groups than fit in a token; use app roles");
}

static void
put_nearest(struct hint *hint, const struct look *look)
{
	char name[ACCOUNT_NAME_MAX + 1];

	if (look->value == TRI_TRUE) {
		put_no_account(hint, look->rule);
		return;
	}
	if (is_off_hours(look)) {
		put_off_hours(hint, look);
		return;
	}
	put_tests(hint, look);
	if (look->account != JWT_OK && hint_account(hint->in,
	    hint->verdict, look->rule, name)) {
		hint_text(hint, ", and its account is ");
		hint_text(hint, name);
	}
}

void
hint_not_permitted(struct hint *hint)
{
	struct search search = { .wanted = NULL };

	find_rule(hint, &search);
	if (is_overage(hint, &search))
		put_overage(hint);
	else if (hint_claim_of(hint, "act") != NULL)
		hint_text(hint, "the token has act (somebody acts for the "
		    "subject), so only a rule that looks at act permits it");
	else if (hint->verdict->missing_test != NULL)
		put_need(hint, hint->verdict->missing_test);
	else if (search.best.rule != NULL)
		put_nearest(hint, &search.best);
}

void
hint_denied(struct hint *hint)
{
	struct search search = { .wanted = hint->verdict->rule };

	find_rule(hint, &search);
	if (is_overage(hint, &search))
		put_overage(hint);
	else if (search.best.rule != NULL)
		put_tests(hint, &search.best);
}
