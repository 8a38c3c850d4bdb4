/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Evaluates rules with three values.  A claim that is absent, or of a type that
 * the rule does not expect, is unknown: it never makes a permit true, and it
 * never keeps a deny from firing, also not under "not".
 */
#include "core/base/glob.h"
#include "core/base/number.h"
#include "core/policy/rule.h"
#include "core/policy/rule_has.h"
#include "core/policy/rule_time.h"

static enum tri
negate(enum tri value)
{
	switch (value) {
	case TRI_TRUE:
		return TRI_FALSE;
	case TRI_FALSE:
		return TRI_TRUE;
	case TRI_UNKNOWN:
		break;
	}
	return TRI_UNKNOWN;
}

static struct outcome
equals(const struct json_node *node, const struct rule_value *value)
{
	bool boolean = json_is(node, JSON_TRUE) || json_is(node, JSON_FALSE);

	switch (value->type) {
	case JSON_STRING:
		if (!json_is(node, JSON_STRING))
			return unknown("the claim is not a string");
		return outcome(bytes_eq(json_text(node), value->text));
	case JSON_NUMBER:
		if (!json_is(node, JSON_NUMBER))
			return unknown("the claim is not a number; quote the "
			    "value to compare with a string");
		return outcome(number_compare(json_text(node),
		    value->text) == 0);
	default:
		if (!boolean)
			return unknown("the claim is not true or false; quote "
			    "the value to compare with a string");
		return outcome(node->type == value->type);
	}
}

/* Like a comparison with a value: unknown if the types differ. */
static struct outcome
equals_claim(const struct json_node *node, const struct json_node *other)
{
	struct rule_value value = { .text = json_text(other) };

	if (other == NULL || json_is(other, JSON_NULL))
		return unknown("the other claim is absent or null");
	if (json_is(other, JSON_ARRAY) || json_is(other, JSON_OBJECT))
		return unknown("the other claim is an array or an object");
	value.type = other->type;
	return equals(node, &value);
}

/* Unknown only if no value of the list is of the claim's type. */
static struct outcome
is_in(const struct json_node *node, const struct rule_test *test)
{
	struct outcome result = unknown("the claim has another type than the "
	    "values");
	size_t i;

	for (i = 0; i < test->value_count; i++) {
		struct outcome one = equals(node, &test->values[i]);

		if (one.value == TRI_TRUE)
			return one;
		if (one.value == TRI_FALSE)
			result = one;
	}
	return result;
}

static struct outcome
matches(const struct json_node *node, struct bytes pattern)
{
	if (!json_is(node, JSON_STRING))
		return unknown("the claim is not a string");
	if (node->len > GLOB_TEXT_MAX)
		return unknown("the claim is too long for a pattern");
	return outcome(glob_match(pattern, json_text(node)));
}

static struct outcome
compare(const struct json_node *node, const struct rule_test *test)
{
	int order;

	if (!json_is(node, JSON_NUMBER))
		return unknown("the claim is not a number");
	order = number_compare(json_text(node), test->values[0].text);
	switch (test->op) {
	case RULE_LT:
		return outcome(order < 0);
	case RULE_LE:
		return outcome(order <= 0);
	case RULE_GT:
		return outcome(order > 0);
	default:
		return outcome(order >= 0);
	}
}

/* A time in the future is neither within nor older: it is unknown. */
static struct outcome
age(const struct json_node *node, const struct rule_test *test,
    const struct rule_facts *facts)
{
	struct number_date date;
	int64_t age_sec;

	if (!json_is(node, JSON_NUMBER) ||
	    number_date(json_text(node), &date) != JWT_OK)
		return unknown("the claim is not a time");
	age_sec = facts->now - date.floor_sec;
	if (age_sec < -(int64_t)facts->leeway_sec)
		return unknown("the time is still to come");
	if (test->op == RULE_WITHIN)
		return outcome(age_sec <= (int64_t)test->seconds);
	return outcome(age_sec > (int64_t)test->seconds);
}

static struct outcome
test_claim(const struct rule_test *test, const struct rule_facts *facts)
{
	const struct json_node *node = claim_path_get(&test->path, facts->claims);
	struct outcome result;

	if (json_is(node, JSON_NULL))
		return unknown("the claim is null");
	if (test->op == RULE_EXISTS)
		return outcome(node != NULL);
	if (node == NULL)
		return unknown("the claim is absent");
	switch (test->op) {
	case RULE_EQ:
		return equals(node, &test->values[0]);
	case RULE_NE:
		result = equals(node, &test->values[0]);
		result.value = negate(result.value);
		return result;
	case RULE_EQ_CLAIM:
		return equals_claim(node, claim_path_get(&test->other,
		    facts->claims));
	case RULE_NE_CLAIM:
		result = equals_claim(node, claim_path_get(&test->other,
		    facts->claims));
		result.value = negate(result.value);
		return result;
	case RULE_IN:
		return is_in(node, test);
	case RULE_HAS:
	case RULE_HAS_ANY:
	case RULE_HAS_ALL:
	case RULE_HAS_MATCHING:
		return rule_has(node, test);
	case RULE_MATCHES:
		return matches(node, test->values[0].text);
	case RULE_WITHIN:
	case RULE_OLDER:
		return age(node, test, facts);
	default:
		return compare(node, test);
	}
}

static struct outcome
test_rhost(const struct rule_test *test, const char *rhost)
{
	struct netaddr address;
	bool found = false;
	size_t i;

	if (rhost == NULL || rhost[0] == '\0')
		return unknown("the program gives no remote host");
	if (!netaddr_parse(bytes_str(rhost), &address))
		return unknown("the remote host is not an address");
	for (i = 0; i < test->net_count; i++)
		found = found || netaddr_in(&address, &test->nets[i]);
	return outcome(found == (test->op == RULE_IN));
}

/* The claim names one account, or it lists several. */
static struct outcome
claim_lists(const struct json_node *node, const char *user)
{
	if (node == NULL || json_is(node, JSON_NULL))
		return unknown("the claim is absent or null");
	if (json_is(node, JSON_STRING))
		return outcome(bytes_eq_str(json_text(node), user));
	if (!json_is(node, JSON_ARRAY))
		return unknown("the claim is not a string or an array of "
		    "strings");
	return rule_array_has(node, bytes_str(user));
}

static struct outcome
test_user(const struct rule_test *test, const struct rule_facts *facts)
{
	const char *user = facts->user;
	size_t i;

	if (user == NULL)
		return unknown("no user is asked for");
	if (test->op == RULE_IN_CLAIM)
		return claim_lists(claim_path_get(&test->other, facts->claims),
		    user);
	for (i = 0; i < test->value_count; i++) {
		if (bytes_eq_str(test->values[i].text, user))
			return outcome(true);
	}
	return outcome(false);
}

/* The type or the CA of the key: NULL if it is unknown, "" without a CA. */
static struct outcome
test_key(const struct rule_test *test, const char *text)
{
	struct bytes value;
	bool found = false;
	size_t i;

	if (text == NULL)
		return unknown("no key is proved, or several are");
	if (test->op == RULE_EXISTS)
		return outcome(text[0] != '\0');
	if (text[0] == '\0')
		return unknown("the key is not from a certificate");
	value = bytes_str(text);
	if (test->op == RULE_MATCHES)
		return outcome(glob_match(test->values[0].text, value));
	for (i = 0; i < test->value_count; i++)
		found = found || bytes_eq(test->values[i].text, value);
	return outcome(found == (test->op != RULE_NE));
}

static enum tri
evaluate_test(const struct rule_test *test, const struct rule_facts *facts,
    const struct rule_observer *observer)
{
	struct outcome result;

	switch (test->subject) {
	case RULE_RHOST:
		result = test_rhost(test, facts->rhost);
		break;
	case RULE_USER:
		result = test_user(test, facts);
		break;
	case RULE_SSHKEY:
		result = test_key(test, facts->key_type);
		break;
	case RULE_SSHCA:
		result = test_key(test, facts->key_ca);
		break;
	case RULE_TIME:
		result = rule_time(&test->span, facts->local);
		break;
	case RULE_CLAIM:
	default:
		result = test_claim(test, facts);
		break;
	}
	if (observer != NULL)
		observer->test(observer->ctx, test, result.value, result.why);
	return result.value;
}

static enum tri evaluate(const struct rule_cond *cond,
    const struct rule_facts *facts, const struct rule_observer *observer);

/*
 * Kleene's "and" and "or": one operand of the deciding value decides; otherwise
 * one that is unknown makes the result unknown.  All operands are evaluated, so
 * that the observer sees each of them.
 */
static enum tri
evaluate_children(const struct rule_cond *cond, enum tri deciding,
    const struct rule_facts *facts, const struct rule_observer *observer)
{
	enum tri result = negate(deciding);
	const struct rule_cond *child;

	for (child = cond->child; child != NULL; child = child->next) {
		enum tri one = evaluate(child, facts, observer);

		if (one == deciding)
			result = deciding;
		else if (one == TRI_UNKNOWN && result != deciding)
			result = TRI_UNKNOWN;
	}
	return result;
}

/* The recursion is bounded: the parser allows RULE_DEPTH_MAX parentheses. */
static enum tri
evaluate(const struct rule_cond *cond, const struct rule_facts *facts,
    const struct rule_observer *observer)
{
	switch (cond->kind) {
	case RULE_AND:
		return evaluate_children(cond, TRI_FALSE, facts, observer);
	case RULE_OR:
		return evaluate_children(cond, TRI_TRUE, facts, observer);
	case RULE_NOT:
		return negate(evaluate(cond->child, facts, observer));
	case RULE_TEST:
		return evaluate_test(&cond->test, facts, observer);
	}
	return TRI_UNKNOWN;
}

enum tri
rule_evaluate(const struct rule *rule, const struct rule_facts *facts,
    const struct rule_observer *observer)
{
	if (rule->cond == NULL)
		return TRI_TRUE;
	return evaluate(rule->cond, facts, observer);
}
