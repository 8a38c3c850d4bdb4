/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The members that a claim has, and which of them a test asks for.  Each member
 * is looked up once in the sorted values of the test, so the cost is that of
 * the members times the logarithm of the values, whatever a token holds.
 */
#include <stdlib.h>

#include "core/base/glob.h"
#include "core/policy/rule_has.h"

/* The members of one claim, counted while they are looked at. */
struct tally {
	const struct rule_test *test;
	bool found;		/* some member is a value, or fits */
	uint64_t seen;		/* of RULE_HAS_ALL: a bit for each value */
	bool too_long;		/* some member is too long for a pattern */
};

/* The shorter text is the smaller one: most pairs differ in length. */
static int
compare_texts(struct bytes a, struct bytes b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	if (a.len == 0)
		return 0;
	return memcmp(a.ptr, b.ptr, a.len);
}

static int
compare_values(const void *a, const void *b)
{
	const struct rule_value *one = a, *other = b;

	return compare_texts(one->text, other->text);
}

void
rule_has_prepare(struct rule_test *test)
{
	struct rule_value *values = test->values;
	size_t count = 0, i;

	qsort(values, test->value_count, sizeof(*values), compare_values);
	for (i = 0; i < test->value_count; i++) {
		if (count == 0 ||
		    compare_values(&values[count - 1], &values[i]) != 0)
			values[count++] = values[i];
	}
	test->value_count = count;
}

static void
count_value(struct tally *tally, struct bytes member)
{
	const struct rule_test *test = tally->test;
	struct rule_value key = { .text = member };
	const struct rule_value *value = bsearch(&key, test->values,
	    test->value_count, sizeof(key), compare_values);

	if (value == NULL)
		return;
	tally->found = true;
	if (test->op == RULE_HAS_ALL)	/* the parser allows RULE_ALL_MAX */
		tally->seen |= UINT64_C(1) << (value - test->values);
}

static void
count_member(struct tally *tally, struct bytes member)
{
	if (tally->test->op != RULE_HAS_MATCHING)
		count_value(tally, member);
	else if (member.len > GLOB_TEXT_MAX)
		tally->too_long = true;
	else if (!tally->found)
		tally->found = glob_match(tally->test->values[0].text, member);
}

static bool
has_all(const struct tally *tally)
{
	size_t unused = RULE_ALL_MAX - tally->test->value_count;

	return tally->seen == UINT64_MAX >> unused;
}

static struct outcome
result_of(const struct tally *tally)
{
	if (tally->too_long)
		return unknown("the claim is too long for a pattern");
	if (tally->test->op == RULE_HAS_ALL)
		return outcome(has_all(tally));
	return outcome(tally->found);
}

static struct outcome
array_has(struct tally *tally, const struct json_node *array)
{
	const struct json_node *item;

	for (item = json_first(array); item; item = json_next(array, item)) {
		if (!json_is(item, JSON_STRING))
			return unknown("the claim is an array with something "
			    "else than strings");
		count_member(tally, json_text(item));
	}
	return result_of(tally);
}

static struct outcome
object_has(struct tally *tally, const struct json_node *object)
{
	const struct json_node *name;

	for (name = json_first(object); name; name = json_next(object, name))
		count_member(tally, json_text(name));
	return result_of(tally);
}

/* RFC 6749 section 3.3: words separated by single spaces. */
static struct outcome
words_have(struct tally *tally, struct bytes text)
{
	while (text.len > 0) {
		struct bytes word = bytes_cut(&text, ' ');

		if (word.len > 0)
			count_member(tally, word);
	}
	return result_of(tally);
}

/* The "scope" of RFC 6749 section 5.1, which Azure and Okta call "scp". */
static bool
is_list_of_words(const struct claim_path *path)
{
	return path->count == 1 && (bytes_eq_str(path->steps[0], "scope") ||
	    bytes_eq_str(path->steps[0], "scp"));
}

/*
 * Some providers send a list of one entry as a string, and names of groups have
 * spaces.  So the string is compared as a whole: a member of "Not Admins" must
 * not become a member of "Admins".
 */
static struct outcome
string_has(struct tally *tally, struct bytes text)
{
	struct outcome result;

	if (is_list_of_words(&tally->test->path))
		return words_have(tally, text);
	count_member(tally, text);
	result = result_of(tally);
	if (result.value == TRI_FALSE && bytes_has(text, ' '))
		result.why = "the claim is one string, and not a list";
	return result;
}

struct outcome
rule_has(const struct json_node *node, const struct rule_test *test)
{
	struct tally tally = { .test = test };

	switch (node->type) {
	case JSON_ARRAY:
		return array_has(&tally, node);
	case JSON_STRING:
		return string_has(&tally, json_text(node));
	case JSON_OBJECT:
		return object_has(&tally, node);
	default:
		return unknown("the claim is not an array, a string or an "
		    "object");
	}
}

struct outcome
rule_array_has(const struct json_node *array, struct bytes value)
{
	struct rule_value one = { .type = JSON_STRING, .text = value };
	struct rule_test test = {
		.op = RULE_HAS, .values = &one, .value_count = 1
	};
	struct tally tally = { .test = &test };

	return array_has(&tally, array);
}
