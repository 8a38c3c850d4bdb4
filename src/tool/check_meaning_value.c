/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds values that no claim has, such as a regular expression.  In a permit
 * rule they let nobody in; a deny rule with one never fires, and nobody sees
 * it.
 */
#include "core/base/glob.h"
#include "tool/check_meaning.h"
#include "tool/check_words.h"

static bool
is_pattern_op(const struct rule_test *test)
{
	return test->op == RULE_MATCHES || test->op == RULE_HAS_MATCHING;
}

/* Whether the test looks for one of its values, or for its pattern. */
static bool
has_text(const struct rule_test *test)
{
	switch (test->op) {
	case RULE_EQ:
	case RULE_NE:
	case RULE_IN:
	case RULE_HAS:
	case RULE_HAS_ANY:
	case RULE_HAS_ALL:
		return true;
	default:
		return is_pattern_op(test);
	}
}

/* ^alice$ and alice|bob; "v1.*" may be meant as it stands. */
static bool
is_expression(struct bytes text)
{
	return text.len > 1 && (text.ptr[0] == '^' ||
	    text.ptr[text.len - 1] == '$' || bytes_has(text, '|'));
}

static bool
pattern_is_expression(const struct meaning *in, const struct rule_test *test)
{
	if (!is_pattern_op(test) || !is_expression(test->values[0].text))
		return false;
	return meaning_warn(in, "\"%s\" takes ^ $ and | as letters: a pattern "
	    "is not a regular expression, and the whole text must fit it; "
	    "for one of several texts, write several tests with or between "
	    "them", test->text);
}

/* "@example.com" is the end of an address, and never a whole one. */
static bool
address_is_end(const struct meaning *in, const struct rule_test *test)
{
	const char *no = test->op == RULE_NE ? "not " : "";
	struct bytes claim = check_words_claim(test);
	size_t i;

	if (!check_words_is(test, "email") && !check_words_is(test, "upn") &&
	    !check_words_is(test, "preferred_username"))
		return false;
	for (i = 0; i < test->value_count; i++) {
		struct bytes value = test->values[i].text;

		if (value.len > 1 && value.ptr[0] == '@')
			return meaning_warn(in, "\"%s\" looks for a whole "
			    "address, and none is %.*s: %s%.*s matches "
			    "\"*%.*s\"", test->text, BYTES_SHOW(value), no,
			    BYTES_SHOW(claim), BYTES_SHOW(value));
	}
	return false;
}

/* In 'staff' the quotes are letters; only "staff" is the text between them. */
static bool
has_single_quotes(const struct meaning *in, const struct rule_test *test)
{
	size_t i;

	for (i = 0; i < test->value_count; i++) {
		struct bytes value = test->values[i].text;

		if (value.len > 2 && value.ptr[0] == '\'' &&
		    value.ptr[value.len - 1] == '\'' &&
		    check_words_bare(bytes_str(test->text), value))
			return meaning_warn(in, "\"%s\" takes single quotes "
			    "as letters: write \"%.*s\"", test->text,
			    (int)value.len - 2,
			    (const char *)value.ptr + 1);
	}
	return false;
}

/* Whether some token of the service has this iss. */
static bool
is_iss(const struct meaning *in, struct bytes text, bool is_pattern)
{
	size_t i;

	for (i = 0; i < in->policy->issuer_count; i++) {
		const struct issuer *issuer = &in->policy->issuers[i];
		struct bytes iss = bytes_str(issuer->iss);

		if (policy_issuer(in->policy, in->service, iss) != issuer)
			continue;
		if (bytes_eq(text, iss) ||
		    (is_pattern && glob_match(text, iss)))
			return true;
	}
	return false;
}

static bool
iss_is_unknown(const struct meaning *in, const struct rule_test *test)
{
	size_t i;

	if (!check_words_is(test, "iss"))
		return false;
	for (i = 0; i < test->value_count; i++) {
		struct bytes text = test->values[i].text;

		if (!is_iss(in, text, is_pattern_op(test)))
			return meaning_warn(in, "no [issuer] of this service "
			    "has the iss \"%.*s\": it is compared byte for "
			    "byte, also the slash at its end",
			    BYTES_SHOW(text));
	}
	return false;
}

bool
meaning_of_value(const struct meaning *in, const struct rule_test *test)
{
	if (test->subject != RULE_CLAIM || !has_text(test))
		return false;
	return has_single_quotes(in, test) ||
	    pattern_is_expression(in, test) || address_is_end(in, test) ||
	    iss_is_unknown(in, test);
}
